"""A labelled file of anybody's as a corpus: mapped, checked and sorted by whole columns, without a loop over rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stancebench.corpora.content import hash_of_columns
from stancebench.corpora.corpus import TABLE_COLUMNS, Corpus
from stancebench.corpora.schema import PartialDate, Target
from stancebench.corpora.table_frame import frame_part
from stancebench.corpora.table_order import encoded, ordered, principal, spelt_out, told_apart
from stancebench.corpora.table_reading import Part, read_part, strings
from stancebench.corpora.table_repeats import refuse_at_odds
from stancebench.corpora.table_rows import Rows, all_of, refuse_empty
from stancebench.corpora.table_source import TableFile, TableSource
from stancebench.corpora.table_words import SPLIT, STANCE_WORDS, as_typed, counted, meanings
from stancebench.errors import CorpusError, listed, nearest
from stancebench.paths import shown

OPTIONAL = ("holder", "bloc", "group", "split", "id", "date", "source")
"""what a table may lack"""


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
    text, (target, targets), (label, stance, explicitness), split, date = all_of(
        lambda: _texts(rows, source.remove),
        lambda: _targets(rows, source),
        lambda: _labels(rows, source.labels),
        lambda: _splits(rows, source.splits),
        lambda: _dates(rows),
    )
    columns = {
        "text": text,
        "target": target,
        "label": label,
        "stance": stance,
        "explicitness": explicitness,
        "holder": rows.columns.get("holder"),
        "bloc": rows.columns.get("bloc"),
        "split": split,
        "date": date,
        "source": rows.columns.get("source"),
    }
    if columns["source"] is not None:
        # Families of one sentence stand with spaces between them: a family is one word.
        columns["source"] = pc.replace_substring_regex(columns["source"], r"\s+", "_")
    columns["sentence_id"] = _sentence_ids(rows, text)
    columns["group"] = _groups(rows, columns["sentence_id"])
    if source.published_split and "id" not in rows.columns:
        columns["sentence_id"] = told_apart(columns)
    order = ordered(columns)
    refuse_at_odds(rows, columns, order)
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
        unit="group" if source.columns.group else "sentence",
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
    if source.target and not file.target and source.columns.target in part.header:
        other = f"name the target beside its path: 'corpus.files=[{{path: {file.path}, target: {source.target}}}]'"
        raise CorpusError(
            f"{shown(part.path)}: both corpus.target={source.target} and the column {source.columns.target!r} "
            "(corpus.columns.target) say the target. Leave corpus.target out; or, if the column says something else, "
            f"{other if frame is None else 'rename it'}."
        )
    stripped = {name: pc.utf8_trim_whitespace(column) for name, column in part.columns.items()}
    columns = {role: stripped[name] for role, name in from_file.items()}
    for column, value, other in conditions:
        columns["target"] = pc.if_else(pc.equal(stripped[column], value), stripped[other], columns["target"])
    for role, value in constant.items():
        if value:
            columns[role] = pa.repeat(pa.scalar(value, pa.large_string()), part.n)
    return part, columns


def _texts(rows: Rows, remove: str) -> Any:
    text = rows.columns["text"]
    refuse_empty(rows, text, "text", "the text is empty")
    if remove:
        # Python's own expressions: pyarrow's know other classes of characters.
        pattern = re.compile(remove)
        text = strings([pattern.sub("", t).strip() for t in text.to_pylist()])
        refuse_empty(rows, text, "text", f"nothing of the text is left when {remove!r} is removed")
    return text


def _labels(rows: Rows, labels: Mapping[str, str]) -> tuple[Any, Any, Any]:
    column, label = meanings(rows, STANCE_WORDS, labels)
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
    encoded_column, meant = meanings(rows, SPLIT, splits)
    return encoded_column.mapped(meant)


def _targets(rows: Rows, source: TableSource) -> tuple[Any, tuple[Target, ...]]:
    refuse_empty(rows, rows.columns["target"], "target", "the target is empty")
    column = encoded(rows.columns["target"])
    names = {given.strip(): target for given, target in source.target_names.items()}
    ids = [names.get(value, value) for value in column.values]
    declared = {t.id for t in source.targets}
    unknown = [i for i, target in enumerate(ids) if declared and target not in declared]
    if unknown:
        first = int(np.flatnonzero(np.isin(column.codes, unknown))[0])
        close = nearest(ids[unknown[0]], declared)
        typed = as_typed("target_names", column.values[unknown[0]], close) if close else ""
        hint = f" The nearest is {close!r}: type {typed}" if close else ""
        raise CorpusError(
            f"{rows.place(first, 'target')}not declared: {counted(rows, column, unknown)}. "
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
        refuse_empty(rows, rows.columns["id"], "id", "the id is empty")
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
