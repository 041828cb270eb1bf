"""A published file keeps a text with two labels on one target; how many there are is told before any fit."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from stancebench.runs.evaluation import check_folds, contradicted, prepare
from stancebench.tasks import Task
from tests.corpora.tables import load, write_table

SAID = [
    ("go", "pier", "favor", "train"),
    ("go", "pier", "against", "train"),
    ("go", "pier", "against", "train"),
    ("go", "market", "none", "train"),
    ("stay", "pier", "none", "train"),
    ("stay", "pier", "none", "train"),
    ("Tear it down before winter comes.", "pier", "against", "test"),
]


def test_contradicting_rows_of_a_published_file_are_counted_in_one_warning(tmp_path: Path) -> None:
    rows = [dict(zip(("text", "target", "stance", "part"), said, strict=True)) for said in SAID]
    corpus = load(write_table(tmp_path / "mine.csv", rows), columns={"split": "part"}, published_split=True)
    assert contradicted(corpus) == 1
    told = r"^mine: 1 pair of a text and a target has rows with different labels\. All are kept, as published\.$"
    with pytest.warns(UserWarning, match=told) as warned:
        check_folds(prepare(corpus, Task("attributed", "text")), [])
    assert len(warned) == 1


def test_exact_repeats_are_not_told(tmp_path: Path) -> None:
    rows = [dict(zip(("text", "target", "stance", "part"), said, strict=True)) for said in (SAID[0], *SAID[4:])]
    corpus = load(write_table(tmp_path / "mine.csv", rows), columns={"split": "part"}, published_split=True)
    assert contradicted(corpus) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_folds(prepare(corpus, Task("attributed", "text")), [])
