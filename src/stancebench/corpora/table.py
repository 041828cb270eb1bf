"""A labelled file of anybody's as a corpus: mapped, checked and sorted by whole columns, without a loop over rows."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stancebench.corpora.content import hash_of_columns
from stancebench.corpora.corpus import TABLE_COLUMNS, Corpus
from stancebench.corpora.schema import PartialDate, Target
from stancebench.corpora.table_frame import frame_part
from stancebench.corpora.table_order import (
    BoolArray,
    Encoded,
    Order,
    encoded,
    ordered,
    principal,
    spelt_out,
    told_apart,
)
from stancebench.corpora.table_reading import Part, read_part, strings
from stancebench.corpora.table_source import SPLIT_WORDS, TABLE_LABELS, TableFile, TableSource
from stancebench.errors import SHOWN, CorpusError, listed, nearest
from stancebench.paths import shown

OPTIONAL = ("holder", "bloc", "group", "split", "id", "date", "source")
"""what a table may lack"""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of all files, one after another, stripped of surrounding spaces.

    Attributes
    ----------
    parts : tuple of Part
        the files
    columns : mapping of str to pyarrow.Array
        by role: text, target, stance and the optional ones that are there
    names : mapping of str to str
        name of each role's column in the files, for messages
    """

    parts: tuple[Part, ...]
    columns: Mapping[str, Any]
    names: Mapping[str, str]

    def place(self, row: int, role: str) -> str:
        """Return file, line and column of a cell."""
        part, local = self._local(row)
        return part.place(local, self.names[role])

    def other(self, row: int, than: int) -> str:
        """Return where a row stands, without the file's name where it is that of another row."""
        (part, local), (other, _) = self._local(row), self._local(than)
        return part.line(local) if part is other else f"{shown(part.path)} {part.line(local)}"

    def files(self) -> str:
        """Return the names of all files."""
        return listed(shown(part.path) for part in self.parts)

    def _local(self, row: int) -> tuple[Part, int]:
        for part in self.parts:
            if row < part.n:
                return part, row
            row -= part.n
        raise IndexError(row)


def load_table(source: TableSource, frame: pd.DataFrame | None = None) -> Corpus:
    """Load a labelled file as a corpus.

    A sentence is named by the id column, else by the first 12 hexadecimal digits of its text's sha256. It is principal
    for its holder where it has one only. Without a group column every sentence is a split unit of its own. Every
    judgement counts as explicit, but one labelled absent.

    Parameters
    ----------
    source : TableSource
        the declaration
    frame : pandas.DataFrame, default=None
        rows that are read in place of its one file

    Returns
    -------
    Corpus
        the same, content hash included, in whatever order and format the rows are given

    Raises
    ------
    UsageError
        when the format of a file is not told
    CorpusError
        when a file is missing, broken or changed, or a row breaks a rule; names file, line and column
    """
    rows = _read(source, frame)
    text = _texts(rows, source.remove)
    target, targets = _targets(rows, source)
    label, stance, explicitness = _labels(rows, source.labels)
    columns = {
        "text": text,
        "target": target,
        "label": label,
        "stance": stance,
        "explicitness": explicitness,
        "holder": rows.columns.get("holder"),
        "bloc": rows.columns.get("bloc"),
        "split": _splits(rows, source.splits),
        "date": _dates(rows),
        "source": rows.columns.get("source"),
    }
    if columns["source"] is not None:
        # Families of one sentence stand with spaces between them: a family is one word.
        columns["source"] = pc.replace_substring_regex(columns["source"], r"\s+", "_")
    columns["sentence_id"] = _sentence_ids(rows, text)
    columns["group"] = _groups(rows, columns["sentence_id"])
    if source.published_split and "id" not in rows.columns:
        columns["sentence_id"] = told_apart(columns)
    order = _order(rows, columns)
    given = {
        name: spelt_out(column.take(pa.array(order.rows))) for name, column in columns.items() if column is not None
    }
    given["principal"] = principal(order)
    given["event"] = given["document"] = given["group"]
    empty = pa.repeat(pa.scalar("", pa.large_string()), len(order.rows))
    table = pa.table({name: given.get(name, empty) for name in TABLE_COLUMNS})
    return Corpus(
        name=source.name,
        version=source.version,
        targets=targets,
        table=table.to_pandas(),
        content_hash=hash_of_columns(table.drop_columns(["event", "document"]), targets),
        titles={"title": source.title, "licence": source.licence, "citation": source.citation},
        near_duplicates=None,
        published_split=source.published_split,
        open_targets=source.open_targets,
        has_events=bool(source.columns.group),
    )


def _read(source: TableSource, frame: pd.DataFrame | None) -> Rows:
    names = {role: getattr(source.columns, role) for role in ("text", "target", "stance", *OPTIONAL)}
    read = [_read_file(source, file, names, frame) for file in source.files]
    # A file may say its split where another has none: the check of splits tells that.
    roles = [role for role in names if any(role in columns for _, columns in read)]
    columns = {
        role: pa.concat_arrays(
            [given.get(role, pa.repeat(pa.scalar("", pa.large_string()), part.n)) for part, given in read]
        )
        for role in roles
    }
    # Target and split may come from the declaration; their place is still the row.
    named = {role: name or role for role, name in names.items()}
    return Rows(tuple(part for part, _ in read), columns, named)


def _read_file(
    source: TableSource, file: TableFile, names: Mapping[str, str], frame: pd.DataFrame | None
) -> tuple[Part, dict[str, Any]]:
    constant = {"target": file.target or source.target, "split": file.split}
    conditions = [] if constant["target"] else source.columns.conditions()
    from_file = {role: name for role, name in names.items() if name and not constant.get(role)}
    wanted = [*from_file.values(), *(c for column, _, other in conditions for c in (column, other))]
    wanted = list(dict.fromkeys(wanted))
    part = read_part(source, file, wanted) if frame is None else frame_part(frame, wanted)
    stripped = {name: pc.utf8_trim_whitespace(column) for name, column in part.columns.items()}
    columns = {role: stripped[name] for role, name in from_file.items()}
    for column, value, other in conditions:
        columns["target"] = pc.if_else(pc.equal(stripped[column], value), stripped[other], columns["target"])
    for role, value in constant.items():
        if value:
            columns[role] = pa.repeat(pa.scalar(value, pa.large_string()), part.n)
    return part, columns


def _refuse_empty(rows: Rows, column: Any, role: str, what: str) -> None:
    empty = np.flatnonzero(pc.equal(pc.binary_length(column), 0).to_numpy(zero_copy_only=False))
    if len(empty):
        more = f" ({len(empty) - 1:,} more)" if len(empty) > 1 else ""
        raise CorpusError(f"{rows.place(int(empty[0]), role)}{what}{more}. Fill it, or leave the row out.")


def _texts(rows: Rows, remove: str) -> Any:
    text = rows.columns["text"]
    _refuse_empty(rows, text, "text", "the text is empty")
    if remove:
        # Python's own expressions: pyarrow's know other classes of characters.
        pattern = re.compile(remove)
        text = strings([pattern.sub("", t).strip() for t in text.to_pylist()])
        _refuse_empty(rows, text, "text", f"nothing of the text is left when {remove!r} is removed")
    return text


def _counted(column: Encoded, unknown: Iterable[int]) -> str:
    """Return values with their numbers of rows, the commonest first, cut as every list of names is."""
    counts = column.counts()
    order = sorted(unknown, key=lambda i: (-counts[i], column.values[i]))
    rest = f" and {len(order) - SHOWN} more" if len(order) > SHOWN else ""
    return ", ".join(f"{column.values[i]!r} ({counts[i]:,})" for i in order[:SHOWN]) + rest


def _typed(key: str, given: str, meaning: str) -> str:
    """Return what to type to map a value; Hydra reads some values as part of a key, some only within braces."""
    if re.fullmatch(r"[A-Za-z_]\w*|\d+", given, re.ASCII):
        return f"corpus.{key}.{given}={meaning}"
    if re.fullmatch(r"-?[\w.]+([ -][\w.]+)*", given, re.ASCII):
        return f"'corpus.{key}={{{given}: {meaning}}}'"
    return f"{key}: {{{json.dumps(given, ensure_ascii=False)}: {meaning}}} in a file conf/corpus/NAME.yaml"


class Words(NamedTuple):
    """What a column may say: the role, the key that maps it, words that need no mapping, and what may be meant."""

    role: str
    key: str
    known: Mapping[str, str]
    meant: Sequence[str]


STANCE_WORDS = Words("stance", "labels", {word: word for word in TABLE_LABELS}, TABLE_LABELS)
SPLIT = Words("split", "splits", SPLIT_WORDS, ("train", "dev", "test"))


def _meanings(rows: Rows, words: Words, given: Mapping[str, str]) -> tuple[Encoded, list[str]]:
    """Return a column and what each of its values means, or refuse all that mean nothing in one message."""
    column = encoded(rows.columns[words.role])
    stripped = {value.strip(): meaning for value, meaning in given.items()}
    found = [stripped.get(v) or words.known.get(v.lower()) for v in column.values]
    unknown = [i for i, meaning in enumerate(found) if meaning is None]
    if unknown:
        first = int(np.flatnonzero(np.isin(column.codes, unknown))[0])
        commands = " ".join(_typed(words.key, column.values[i], words.meant[0]) for i in unknown[:3])
        more = " ..." if len(unknown) > 3 else ""
        what = f"{len(unknown)} words are" if len(unknown) > 1 else "one word is"
        raise CorpusError(
            f"{rows.place(first, words.role)}{what} not known: {_counted(column, unknown)}. "
            f"Say what each means ({', '.join(words.meant)}): {commands}{more}"
        )
    return column, [meaning for meaning in found if meaning is not None]


def _labels(rows: Rows, labels: Mapping[str, str]) -> tuple[Any, Any, Any]:
    column, label = _meanings(rows, STANCE_WORDS, labels)
    stance = [word if word in {"favor", "against"} else "none" for word in label]
    explicitness = ["" if word == "absent" else "explicit" for word in label]
    return column.mapped(label), column.mapped(stance), column.mapped(explicitness)


def _splits(rows: Rows, splits: Mapping[str, str]) -> Any:
    if "split" not in rows.columns:
        return None
    column = rows.columns["split"]
    empty = pc.equal(pc.binary_length(column), 0).to_numpy(zero_copy_only=False)
    if empty.all():
        return None
    if empty.any():
        where = rows.place(int(np.flatnonzero(empty)[0]), "split")
        raise CorpusError(
            f"{where}{int(empty.sum()):,} of {len(empty):,} rows have no split. "
            "Give every row one, or none: with protocol=cross_validated no split is needed."
        )
    encoded_column, meant = _meanings(rows, SPLIT, splits)
    return encoded_column.mapped(meant)


def _targets(rows: Rows, source: TableSource) -> tuple[Any, tuple[Target, ...]]:
    _refuse_empty(rows, rows.columns["target"], "target", "the target is empty")
    column = encoded(rows.columns["target"])
    names = {given.strip(): target for given, target in source.target_names.items()}
    ids = [names.get(value, value) for value in column.values]
    declared = {t.id for t in source.targets}
    unknown = [i for i, target in enumerate(ids) if declared and target not in declared]
    if unknown:
        first = int(np.flatnonzero(np.isin(column.codes, unknown))[0])
        close = nearest(ids[unknown[0]], declared)
        typed = _typed("target_names", column.values[unknown[0]], close) if close else ""
        hint = f" The nearest is {close!r}: type {typed}" if close else ""
        raise CorpusError(
            f"{rows.place(first, 'target')}not declared: {_counted(column, unknown)}. "
            f"Declared: {listed(declared)}.{hint}"
        )
    found = tuple(Target(id=i, name=i, definition=i, explicit=(i,)) for i in sorted(set(ids)))
    return column.mapped(ids), tuple(t.target() for t in source.targets) or found


DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*")
"""a day with a time behind it, which is cut off"""


def _dates(rows: Rows) -> Any:
    if "date" not in rows.columns:
        return None
    from pydantic import TypeAdapter, ValidationError

    is_a_date = TypeAdapter(PartialDate).validate_python
    column = encoded(rows.columns["date"])
    days = [found[1] if (found := DAY.fullmatch(value)) else value for value in column.values]
    for code, day in enumerate(days):
        try:
            if day:
                is_a_date(day)
        except ValidationError:
            where = rows.place(int(np.flatnonzero(column.codes == code)[0]), "date")
            raise CorpusError(
                f"{where}{day!r} is no date. Write YYYY-MM-DD, YYYY-MM or YYYY, or leave the column out."
            ) from None
    return column.mapped(days)


def _sentence_ids(rows: Rows, text: Any) -> Any:
    if "id" in rows.columns:
        _refuse_empty(rows, rows.columns["id"], "id", "the id is empty")
        return rows.columns["id"]
    sha256 = hashlib.sha256
    digests = b"".join([sha256(t).digest() for t in text.cast(pa.large_binary()).to_pylist()])
    digits = np.frombuffer(digests, dtype=np.uint8).reshape(-1, 32)[:, :6].tobytes().hex().encode()
    # Spelt into one buffer: a hundred thousand strings cost as much as their hashes.
    ids = np.empty((len(text), 14), dtype=np.uint8)
    ids[:, :2] = np.frombuffer(b"s-", dtype=np.uint8)
    ids[:, 2:] = np.frombuffer(digits, dtype=np.uint8).reshape(-1, 12)
    offsets = np.arange(0, ids.size + 1, 14, dtype=np.int64)
    return pa.LargeStringArray.from_buffers(len(text), pa.py_buffer(offsets), pa.py_buffer(ids))


def _groups(rows: Rows, sentence_ids: Any) -> Any:
    if "group" not in rows.columns:
        return sentence_ids
    group = rows.columns["group"]
    return pc.if_else(pc.equal(pc.binary_length(group), 0), sentence_ids, group)


def _order(rows: Rows, columns: Mapping[str, Any]) -> Order:
    """Return the order of the judgement table.

    Raises
    ------
    CorpusError
        when a judgement stands twice, or a sentence has two texts or two groups
    """
    order = ordered(columns)
    again = np.flatnonzero(~order.sentences)
    if not len(again):
        return order
    name = "id" if "id" in rows.columns else "text"
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

    if (two := changes("text")).any():
        row, other = first(two)
        given = columns["sentence_id"][row].as_py()
        raise CorpusError(
            f"{rows.place(row, name)}{given!r} has another text on {rows.other(other, row)}. "
            "An id names one text; give the other text an id of its own."
        )
    if (two := changes("group")).any():
        row, other = first(two)
        a, b = (columns["group"][r].as_py() for r in (other, row))
        raise CorpusError(
            f"{rows.place(row, 'group')}one sentence stands in group {a!r} ({rows.other(other, row)}) and in {b!r}. "
            "Give all its rows one group."
        )
    if (twice := ~(changes("holder") | changes("target"))).any():
        row, other = first(twice)
        raise CorpusError(_judged_twice(rows, columns, (row, other), int(twice.sum()) - 1, name))
    return order


def _judged_twice(rows: Rows, columns: Mapping[str, Any], pair: tuple[int, int], more: int, name: str) -> str:
    row, before = pair
    target = columns["target"][row].as_py()
    labels = [columns["label"][r].as_py() for r in (before, row)]
    by = f" of {columns['holder'][row].as_py()!r}" if columns["holder"] is not None else ""
    as_what = f"{labels[0]} there, {labels[1]} here" if labels[0] != labels[1] else f"{labels[0]} both times"
    what = "the same text" if name == "text" else repr(columns["sentence_id"][row].as_py())
    rest = f" ({more:,} more such rows)" if more else ""
    other = ""
    if name == "text":
        other = ", name a column of ids that tell them apart (corpus.columns.id=COLUMN)"
        other += ", or keep somebody's published file as it is (corpus.published_split=true)"
    return (
        f"{rows.place(row, name)}{what} is judged on {target!r}{by} on {rows.other(before, row)} already, "
        f"{as_what}{rest}. Keep one of them{other}."
    )
