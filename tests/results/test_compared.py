from __future__ import annotations

import re

import pytest

from stancebench.paths import CHECKOUT
from stancebench.reports.compared import Compared
from stancebench.reports.pairing import pair
from stancebench.reports.systems import named_systems

PAGE = CHECKOUT / "docs" / "compare.md"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """The comparison that the page of the docs begins with, on the committed results."""
    typed = PAGE.read_text(encoding="utf-8").split("```console")[1].split("```")[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANCEBENCH_HOME", str(tmp_path_factory.mktemp("home")))
        return pair(named_systems(re.findall(r"'(.+?)'", typed)))


def test_the_page_shows_the_figures_of_the_committed_results(compared: Compared) -> None:
    shown = PAGE.read_text(encoding="utf-8").split("```text")[1].split("```")[0]
    for said in (compared.title(), compared.method(), compared.family()):
        assert said in shown
    for _, lines in (compared.differences(), compared.ranks()):
        for line in lines:
            figures = [cell for cell in line if re.fullmatch(r"[-+\[\]<*,. 0-9]+", cell)]
            assert re.search(r" +".join(map(re.escape, figures)), shown), f"the page does not show {line}"


def test_the_page_says_whether_the_shortcut_is_beaten(compared: Compared) -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    shortcut = next(d for d in compared.comparison.differences if d.b.startswith("holder_prior"))
    assert shortcut.value is not None
    assert shortcut.p_adjusted is not None
    told = f"{100 * shortcut.value:.1f} points, adjusted p {shortcut.p_adjusted:.3f}"
    assert ("is not shown once three comparisons are made" in page) == (not shortcut.significant)
    assert told in page
