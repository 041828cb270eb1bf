"""A card's marked figures and tables are those of the statistics."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancebench.corpora.card import TABLES, filled
from stancebench.corpora.check import check_corpus, write_generated
from stancebench.errors import CorpusError
from tests.corpora.handmade import write_handmade

CARD = """# Mine

<!-- stat:sentences --><!-- /stat --> sentences, <!-- stat:words.max -->?<!-- /stat --> words at most.

<!-- table:labels_by_split -->
<!-- /table -->
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_handmade(tmp_path / "mine")
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    write_generated(folder)
    return folder


def test_marks_are_filled_and_the_rest_stays(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert card.startswith("# Mine\n\n<!-- stat:sentences -->6<!-- /stat --> sentences, <!-- stat:words.max -->11<!--")
    assert "| sun | train | 1 | 2 | 0 | 0 |" in card
    assert "| moon | all | 1 | 1 | 1 | 4 |" in card
    assert check_corpus(folder) == []
    assert write_generated(folder)
    assert (folder / "README.md").read_text(encoding="utf-8") == card


def test_a_figure_that_is_not_so_is_found(folder: Path) -> None:
    path = folder / "README.md"
    path.write_text(path.read_text().replace(">6<", ">7<"))
    found = {f.rule: f.message for f in check_corpus(folder)}
    assert set(found) == {"checksum", "card"}
    assert "states figures that are not the corpus's: type `stancebench corpus check" in found["card"]


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("<!-- stat:sentence --><!-- /stat -->", "There is no figure 'sentence'. Did you mean 'sentences'?"),
        ("<!-- stat:words.maxi --><!-- /stat -->", "Did you mean 'words.max'?"),
        ("<!-- stat:words --><!-- /stat -->", "stat:words is no single figure, but holds several."),
        ("<!-- table:labels --><!-- /table -->", "There is no table 'labels'. Did you mean 'labels_by_split'?"),
    ],
)
def test_a_mark_of_nothing_is_told(folder: Path, mark: str, told: str) -> None:
    path = folder / "README.md"
    path.write_text(path.read_text() + mark)
    assert any(told in f.message for f in check_corpus(folder) if f.rule == "card")
    with pytest.raises(CorpusError):
        write_generated(folder)


def test_every_table_is_made_of_a_corpus_with_layers(folder: Path) -> None:
    marks = "".join(f"<!-- table:{name} --><!-- /table -->\n" for name in TABLES)
    (folder / "README.md").write_text(marks, encoding="utf-8")
    write_generated(folder)
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "| EAST | 2 / 2 / 0 | 0 / 0 / 1 |" in card
    assert "three stances, addressed" in card


def test_large_numbers_have_commas_and_shares_have_none() -> None:
    text = "<!-- stat:n --><!-- /stat --> <!-- stat:share --><!-- /stat -->"
    assert filled(text, {"n": 12345, "share": 0.25}).count("12,345") == 1
    assert "0.25" in filled(text, {"n": 12345, "share": 0.25})
