"""Sentences held to the passages they report: quotations, wording, and whether it is that passage at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.corpora.files import read_files
from stancebench.corpora.passages import against_passages, longest_shared
from stancebench.errors import CorpusError
from tests.commands import Cli
from tests.corpora.editing import edit
from tests.corpora.handmade import write_handmade

PASSAGES = {"p1": "Our Sun is bright.", "p2": "We curse the drought.", "p3": "Solar power it is."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_handmade(tmp_path / "mine")


def passages(folder: Path, **other: dict[str, str]) -> Path:
    path = folder.parent / "passages.jsonl"
    rows = [{"id": i, "text": text, "mentions": ["sun"]} | other.get(i, {}) for i, text in PASSAGES.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def told(folder: Path, path: Path) -> list[str]:
    return [f"{f.level} {f.rule}: {f.message.split('column ')[1]}" for f in against_passages(read_files(folder), path)]


def test_own_words_are_no_fault(folder: Path) -> None:
    assert told(folder, passages(folder)) == []


def test_a_quotation_that_nobody_made_is_found(folder: Path) -> None:
    edit(folder / "sentences.jsonl", 1, text='An envoy of Aaa praised "our bright Sun" at dawn.')
    assert told(folder, passages(folder)) == ["error quotation: text: the quotation 'our bright Sun' is not in p1"]


@pytest.mark.parametrize("place", ["before", "after", "title"])
def test_what_stands_around_a_passage_may_be_quoted(folder: Path, place: str) -> None:
    edit(folder / "sentences.jsonl", 1, text='An envoy of Aaa praised "our  bright Sun" at dawn.')
    assert told(folder, passages(folder, p1={place: "He said Our Bright\nSun."})) == []


def test_a_passage_that_is_repeated_is_told(folder: Path) -> None:
    edit(folder / "sentences.jsonl", 1, text="An envoy praised the one and only Sun that we all have above us.")
    (message,) = told(folder, passages(folder, p1={"text": "This is the one and only Sun that we all have above us."}))
    assert message.startswith("warning own words: text: 10 words in a row are those of p1")


def test_another_passage_of_that_id_is_found(folder: Path) -> None:
    edit(folder / "sources.csv", 2, sha256="a" * 64)
    assert told(folder, passages(folder)) == []
    (message,) = told(folder, passages(folder, p1={"sha256": "b" * 64}))
    assert message.startswith("error passage: sha256: p1 is another text than")


def test_a_file_of_other_passages_is_refused(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"id": "q1", "text": "Nothing."}\n')
    with pytest.raises(CorpusError, match=r"other\.jsonl holds none of the passages that mine reports"):
        told(folder, path)


def test_the_command_counts_them(cli: Cli, folder: Path) -> None:
    path = passages(folder)
    assert cli("corpus", "check", str(folder), "--passages", str(path)).code == 0
    edit(folder / "sentences.jsonl", 1, text='An envoy of Aaa praised "our bright Sun" at dawn.')
    cli("corpus", "check", str(folder), "--write")
    result = cli("corpus", "check", str(folder), "--passages", str(path))
    assert result.code == 1
    assert "error [quotation]" in result.out


WORDS = st.lists(st.sampled_from(["sun", "moon", "rose", "fell", "Aaa", "over"]), max_size=12)


@given(before=WORDS, shared=st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, max_size=9), after=WORDS)
def test_the_longest_shared_run_is_found_wherever_it_stands(
    before: list[str], shared: list[str], after: list[str]
) -> None:
    n, run = longest_shared(" ".join(["x", *before, *shared]), " ".join([*shared, "y", *after]))
    assert n >= len(shared)
    assert len(run.split()) >= n
