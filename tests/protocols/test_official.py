from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.corpora.corpus import Corpus
from stancebench.errors import Declined
from stancebench.protocols import PROTOCOLS, official
from stancebench.tasks import Task

PARTS = ("train", "dev", "test")


@given(st.lists(st.sampled_from(PARTS)), st.integers(-5, 5))
def test_the_parts_are_disjoint_and_hold_every_row_of_theirs(splits: list[str], first: int) -> None:
    rows = pd.DataFrame({"split": pd.Series(splits, dtype=object)})
    rows.index += first
    (fold,) = official(rows)
    assert fold.name == "official"
    for part in PARTS:
        assert getattr(fold, part).tolist() == [i for i, split in enumerate(splits) if split == part]
    assert sorted(np.concatenate([fold.train, fold.dev, fold.test]).tolist()) == list(range(len(splits)))


@pytest.mark.parametrize("splits", [["", ""], ["train", "", "test"], ["train", "valid", "test"]])
def test_rows_without_split_decline(splits: list[str]) -> None:
    with pytest.raises(Declined) as refused:
        official(pd.DataFrame({"split": splits}))
    assert str(refused.value) == (
        "it needs a split into train, dev and test, and this corpus declares none: protocol=cross_validated"
    )


def test_the_synthetic_corpus_has_its_declared_shares(synthetic: Corpus) -> None:
    (fold,) = official(Task().rows(synthetic))
    assert (len(fold.train), len(fold.dev), len(fold.test)) == (160, 40, 200)


def test_the_protocol_is_listed() -> None:
    assert "official" in PROTOCOLS
