"""VAST, zero-shot (Allaway and McKeown 2020): what constants score follows from the published labels alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.commands import Cli
from tests.published.conftest import Fetched, read
from tests.published.runs import run_again


def test_the_files_are_those_of_the_paper(fetched: Fetched) -> None:
    fetched("vast_zero")
    corpus = read("vast_zero")
    table = corpus.table
    assert Counter(table["split"]) == {"train": 13_477, "dev": 1_019, "test": 1_460}
    train = table[table["split"] == "train"]
    assert Counter(train["label"]) == {"against": 5_595, "favor": 5_327, "neutral": 2_555}
    test = table[table["split"] == "test"]
    # Zero-shot: neither a topic nor a comment of test is in train.
    for column in ("target", "text"):
        assert not set(train[column]) & set(test[column])


def test_published_figures_come_out(fetched: Fetched, cli: Cli, home: Path) -> None:
    fetched("vast_zero")
    corpus = read("vast_zero")
    figures = run_again(cli, "vast", corpus, home)
    assert [round(f["ours"], 2) for f in figures] == [16.75, 15.73, 17.48]
    assert {f["verdict"] for f in figures} == {"equal"}
    counts = Counter(corpus.table["stance"][corpus.table["split"] == "test"])
    for figure in figures:
        right = counts[figure["run"]["stance"]]
        # F1 of one class of three; of the others it is 0.
        assert figure["ours"] == pytest.approx(100 * (2 * right / (right + counts.total())) / 3)
