"""The rows of a table in their order: sorted by sentence, holder and target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stancebench.corpora.table_reading import strings

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class Encoded(NamedTuple):
    """A column as positions among its distinct values."""

    codes: IntArray
    values: list[str]

    def counts(self) -> IntArray:
        """Return how many rows each value has."""
        return np.bincount(self.codes, minlength=len(self.values))

    def mapped(self, values: Sequence[str]) -> Any:
        """Return the column with each distinct value replaced, as a dictionary array; see `spelt_out`."""
        return pa.DictionaryArray.from_arrays(pa.array(self.codes.astype(np.int32)), strings(values))

    def ranks(self) -> IntArray:
        """Return the position of each row's value among the sorted values."""
        order = pc.sort_indices(strings(self.values)).to_numpy()
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return rank[self.codes]


def spelt_out(column: Any) -> Any:
    """Return a column as an array of strings; a mapped one is put in order by its codes before, which is cheaper."""
    return column.cast(pa.large_string())


def encoded(column: Any) -> Encoded:
    """Return a column of strings, encoded."""
    # A mapped column may give two of its values one name.
    dictionary = pc.dictionary_encode(spelt_out(column))
    return Encoded(dictionary.indices.to_numpy().astype(np.int64), dictionary.dictionary.to_pylist())


def _combined(ranks: Sequence[IntArray]) -> IntArray:
    """Return one number for each row that orders rows as the ranks do, one after another."""
    key = np.zeros(len(ranks[0]), dtype=np.int64)
    for rank in ranks:
        key = key * (int(rank.max()) + 1) + rank
    return key


def _ranks(columns: Mapping[str, Any], name: str) -> IntArray:
    column = columns[name]
    return encoded(column).ranks() if column is not None else np.zeros(len(columns["text"]), dtype=np.int64)


def _differs(column: Any) -> BoolArray:
    """Return which values are not the one before them."""
    return np.asarray(pc.not_equal(column[1:], column[:-1]).to_numpy(zero_copy_only=False))


class Order(NamedTuple):
    """The order of the judgement table, and in it which rows begin a sentence, and which a sentence's holder."""

    rows: IntArray
    sentences: BoolArray
    holders: BoolArray


def ordered(columns: Mapping[str, Any]) -> Order:
    """Return the order of rows by sentence, holder and target; rows of one judgement stay as they are given."""
    by_sentence = pc.sort_indices(columns["sentence_id"])
    new = np.concatenate([[True], _differs(columns["sentence_id"].take(by_sentence))])
    order = by_sentence.to_numpy().astype(np.int64)
    if new.all():
        return Order(order, new, new)
    sentence = np.cumsum(new) - 1
    holder, target = (_ranks(columns, name)[order] for name in ("holder", "target"))
    within = np.argsort(_combined([sentence, holder, target]), kind="stable")
    return Order(order[within], new, new | (np.diff(holder[within], prepend=-1) != 0))


def principal(order: Order) -> Any:
    """Return ``yes`` for each ordered row whose sentence has one holder only, else ``no``."""
    sentence = np.cumsum(order.sentences) - 1
    holders = np.bincount(sentence, weights=order.holders)
    return spelt_out(Encoded((holders[sentence] == 1).astype(np.int64), []).mapped(["no", "yes"]))


def told_apart(columns: Mapping[str, Any]) -> Any:
    """Return sentence ids under which a text that stands twice on one target is two sentences of one split unit.

    Published files hold such rows, and published scores count them.
    """
    # Copies that differ are numbered by what they say, never by where they stand.
    rest = ("label", "split", "bloc", "date", "source", "group")
    keys = _combined([_ranks(columns, c) for c in ("sentence_id", "holder", "target")])
    order = np.lexsort((*(_ranks(columns, c) for c in reversed(rest)), keys))
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    nth = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    copies = np.flatnonzero(nth)
    if not len(copies):
        return columns["sentence_id"]
    ids = columns["sentence_id"].to_pylist()
    for position in copies:
        ids[order[position]] += f"-{nth[position] + 1}"
    return strings(ids)
