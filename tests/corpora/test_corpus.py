from __future__ import annotations

import dataclasses

import pytest

from stancebench.corpora.corpus import KEY, TABLE_COLUMNS, Corpus


def test_the_table_has_its_columns_and_is_sorted_by_its_key(synthetic: Corpus, handmade: Corpus) -> None:
    assert TABLE_COLUMNS[: len(KEY)] == KEY
    for corpus in (synthetic, handmade):
        assert tuple(corpus.table.columns) == TABLE_COLUMNS
        keys = list(corpus.table[list(KEY)].itertuples(index=False, name=None))
        assert keys == sorted(set(keys))
        assert list(corpus.table.index) == list(range(len(keys)))


def test_targets_keep_their_declared_order(handmade: Corpus) -> None:
    assert handmade.target_ids == ("sun", "moon")


def test_a_corpus_cannot_be_changed(handmade: Corpus) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        handmade.version = "2.0"  # type: ignore[misc]
