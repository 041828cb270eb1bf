"""Every code has a page that says what it means, an example, what to do and how it is acknowledged."""

from __future__ import annotations

import re

import pytest

from stancebench.checks.check import RULES
from stancebench.paths import CHECKOUT

DOCS = CHECKOUT / "docs"


@pytest.mark.parametrize("code", RULES)
def test_a_page_of_each_code(code: str) -> None:
    page = (DOCS / "checks" / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} {RULES[code].name}\n")
    assert re.findall(r"^\*\*(.+?)\.\*\*", page, re.MULTILINE) == ["Example", "What to do", "Acknowledge"]


def test_the_list_of_codes_is_that_of_the_docs() -> None:
    page = (DOCS / "checks.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(SB\d+)\]\(checks/\1\.md\) \| `(\w+)` \| (.+) \|$", page, re.MULTILINE)
    assert listed == [(rule.code, rule.name, rule.asks) for rule in RULES.values()]
