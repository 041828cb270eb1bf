"""What the words of a column mean; those that mean nothing are refused together, each with its first line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np

from stancebench.corpora.table_order import Encoded, encoded
from stancebench.corpora.table_rows import Rows, all_of, refuse_empty
from stancebench.corpora.table_source import SPLIT_WORDS, TABLE_LABELS
from stancebench.errors import SHOWN, CorpusError


class Words(NamedTuple):
    """What a column may say: the role, the key that maps it, words that need no mapping, and what may be meant."""

    role: str
    key: str
    known: Mapping[str, str]
    meant: Sequence[str]


STANCE_WORDS = Words("stance", "labels", {word: word for word in TABLE_LABELS}, TABLE_LABELS)
SPLIT = Words("split", "splits", SPLIT_WORDS, ("train", "dev", "test"))

ALIKE = 0.8
"""similarity of a word and its misspelling; under it ``disfavor`` would be taken for ``favor``"""


def meanings(rows: Rows, words: Words, given: Mapping[str, str]) -> tuple[Encoded, list[str]]:
    """Return a column and what each of its values means.

    Raises
    ------
    CorpusError
        when a cell is empty, or a word means nothing; names all such words with their first lines
    """
    column = encoded(rows.columns[words.role])
    stripped = {value.strip(): meaning for value, meaning in given.items()}
    found = [stripped.get(v) or words.known.get(v.lower()) for v in column.values]
    unknown = [i for i, meaning in enumerate(found) if meaning is None]
    if unknown:
        known = dict(words.known) | {v: m for v, m in stripped.items() if v}
        named = [i for i in unknown if column.values[i]]

        def refuse_blank() -> None:
            if len(named) < len(unknown):
                refuse_empty(rows, rows.columns[words.role], words.role, f"the {words.role} is empty")

        all_of(refuse_blank, lambda: _refuse_unknown(rows, words, column, named, known))
    return column, [meaning for meaning in found if meaning is not None]


def _refuse_unknown(
    rows: Rows, words: Words, column: Encoded, unknown: Sequence[int], known: Mapping[str, str]
) -> None:
    if not unknown:
        return
    kept = _commonest(column, unknown)[:SHOWN]
    first = int(np.flatnonzero(np.isin(column.codes, unknown))[0])
    what = f"{len(unknown)} words are" if len(unknown) > 1 else "one word is"
    meant = f"{', '.join(words.meant[:-1])} or {words.meant[-1]}"
    alike = {i: close for i in kept if (close := _alike(column.values[i], known))}
    hints = [f"Say what each means: {meant}."]
    if alike:
        pairs = " and ".join(f"{column.values[i]!r} meant as {close!r}" for i, close in alike.items())
        typed = " ".join(as_typed(words.key, column.values[i], known[close]) for i, close in alike.items())
        hints.append(f"{'Are' if len(alike) > 1 else 'Is'} {pairs}? If so, type {typed}.")
    others = [i for i in kept if i not in alike]
    if others:
        # A word that cannot be meant: what is pasted as it stands is refused.
        blank = words.role.upper()
        typed = " ".join(as_typed(words.key, column.values[i], blank) for i in others)
        more = " ..." if len(unknown) > len(kept) else ""
        hints.append(f"Type {typed}{more} with one of them in place of {blank}.")
    raise CorpusError(
        f"{rows.place(first, words.role)}{what} not known: {counted(rows, column, unknown)}. {' '.join(hints)}"
    )


def _alike(value: str, known: Mapping[str, str]) -> str | None:
    """Return the known word that a value misspells, or None; numbers are never misspelt."""
    if re.search(r"\d", value):
        return None
    names = {word.lower(): word for word in known if word[:1].lower() == value[:1].lower()}
    close = get_close_matches(value.lower(), names, n=1, cutoff=ALIKE)
    return names[close[0]] if close else None


def _commonest(column: Encoded, among: Iterable[int]) -> list[int]:
    counts = column.counts()
    return sorted(among, key=lambda i: (-counts[i], column.values[i]))


def counted(rows: Rows, column: Encoded, unknown: Sequence[int]) -> str:
    """Return values with their numbers of rows and first lines, the commonest first, cut as every list of names is."""
    counts, order = column.counts(), _commonest(column, unknown)
    firsts = {i: int(np.argmax(column.codes == i)) for i in order[:SHOWN]}
    than = min(firsts.values())
    rest = f" and {len(order) - SHOWN} more" if len(order) > SHOWN else ""
    places = {i: f"{'first ' if counts[i] > 1 else ''}on {rows.other(at, than)}" for i, at in firsts.items()}
    return ", ".join(f"{column.values[i]!r} ({counts[i]:,}, {place})" for i, place in places.items()) + rest


def as_typed(key: str, given: str, meaning: str) -> str:
    """Return what to type to map a value; Hydra reads some values as part of a key, some only within braces."""
    if re.fullmatch(r"[A-Za-z_]\w*|\d+", given, re.ASCII):
        return f"corpus.{key}.{given}={meaning}"
    if re.fullmatch(r"-?[\w.]+([ -][\w.]+)*", given, re.ASCII):
        return f"'corpus.{key}={{{given}: {meaning}}}'"
    return f"{key}: {{{json.dumps(given, ensure_ascii=False)}: {meaning}}} in a file conf/corpus/NAME.yaml"
