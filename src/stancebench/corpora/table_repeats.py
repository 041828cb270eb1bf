"""Rows of one sentence that are at odds: another text, another group, or a judgement that stands twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stancebench.corpora.table_order import BoolArray, Order, spelt_out
from stancebench.corpora.table_rows import Rows, all_of
from stancebench.errors import CorpusError


def refuse_at_odds(rows: Rows, columns: Mapping[str, Any], order: Order) -> None:
    """Refuse rows of one sentence that contradict or repeat each other.

    Parameters
    ----------
    rows : Rows
        as the files give them
    columns : mapping of str to pyarrow.Array
        of the judgement table, in the order of the files
    order : Order
        of the judgement table

    Raises
    ------
    CorpusError
        when a sentence has two texts or two groups, or a judgement stands twice; one message tells all kinds
    """
    again = np.flatnonzero(~order.sentences)
    if not len(again):
        return
    here, before = pa.array(order.rows[again]), pa.array(order.rows[again - 1])

    def changes(role: str) -> BoolArray:
        column = columns[role]
        if column is None:
            return np.zeros(len(again), dtype=bool)
        return np.asarray(
            pc.not_equal(spelt_out(column.take(here)), spelt_out(column.take(before))).to_numpy(zero_copy_only=False)
        )

    def first(faulty: BoolArray) -> tuple[int, int]:
        """Return the earliest row that is at odds with another, and that other."""
        pairs = np.sort(np.stack([order.rows[again[faulty]], order.rows[again[faulty] - 1]]), axis=0)
        earliest = int(np.argmin(pairs[1]))
        return int(pairs[1][earliest]), int(pairs[0][earliest])

    two_texts, two_groups, relabelled = (changes(role) for role in ("text", "group", "label"))
    # What an id with two texts repeats is told by its texts already.
    twice = ~(changes("holder") | changes("target") | two_texts)
    steps = (
        (two_texts, _two_texts),
        (two_groups, _two_groups),
        (twice & relabelled, _contradicted),
        (twice & ~relabelled, _repeated),
    )

    def refuse(faulty: BoolArray, told: Any) -> None:
        if faulty.any():
            raise CorpusError(told(rows, columns, first(faulty), int(faulty.sum()) - 1))

    all_of(*(lambda faulty=faulty, told=told: refuse(faulty, told) for faulty, told in steps))


def _two_texts(rows: Rows, columns: Mapping[str, Any], pair: tuple[int, int], more: int) -> str:
    row, other = pair
    given = columns["sentence_id"][row].as_py()
    return (
        f"{rows.place(row, _name(rows))}{given!r} has another text on {rows.other(other, row)}{_more(more)}. "
        "An id names one text; give the other text an id of its own."
    )


def _two_groups(rows: Rows, columns: Mapping[str, Any], pair: tuple[int, int], more: int) -> str:
    row, other = pair
    a, b = (columns["group"][r].as_py() for r in (other, row))
    return (
        f"{rows.place(row, 'group')}one sentence stands in group {a!r} ({rows.other(other, row)}) and in {b!r}"
        f"{_more(more)}. Give all its rows one group."
    )


def _contradicted(rows: Rows, columns: Mapping[str, Any], pair: tuple[int, int], more: int) -> str:
    there, here = (columns["label"][r].as_py() for r in (pair[1], pair[0]))
    return (
        f"{_judged_twice(rows, columns, pair)} with different labels, {there} there, {here} here{_more(more)}. "
        f"Keep the row that is right{_other_ways(rows)}."
    )


def _repeated(rows: Rows, columns: Mapping[str, Any], pair: tuple[int, int], more: int) -> str:
    label = columns["label"][pair[0]].as_py()
    header = rows.parts[0].header
    subset = [rows.names[role] for role in ("id", "text", "holder", "target", "stance") if role in rows.columns]
    dropped = ", ".join(repr(name) for name in subset if name in header)
    return (
        f"{_judged_twice(rows, columns, pair)}, {label} both times{_more(more)}. "
        f"Keep one of them (in pandas: frame.drop_duplicates([{dropped}])){_other_ways(rows)}."
    )


def _judged_twice(rows: Rows, columns: Mapping[str, Any], pair: tuple[int, int]) -> str:
    row, before = pair
    by = f" of {columns['holder'][row].as_py()!r}" if columns["holder"] is not None else ""
    what = "the same text" if _name(rows) == "text" else repr(columns["sentence_id"][row].as_py())
    target = columns["target"][row].as_py()
    return f"{rows.place(row, _name(rows))}{what} is judged on {target!r}{by} on {rows.other(before, row)} already"


def _name(rows: Rows) -> str:
    return "id" if "id" in rows.columns else "text"


def _more(n: int) -> str:
    return f" ({n:,} more such row{'s' if n > 1 else ''})" if n else ""


def _other_ways(rows: Rows) -> str:
    if _name(rows) == "id":
        return ""
    return (
        ", name a column of ids that tell them apart (corpus.columns.id=COLUMN)"
        ", or keep somebody's published file as it is (corpus.published_split=true)"
    )
