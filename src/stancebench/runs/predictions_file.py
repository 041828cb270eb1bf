"""Anybody's predictions read from a file: CSV, TSV, Parquet or JSON lines, with the place of each row."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd

from stancebench.errors import RecordError, UsageError, nearest, unknown
from stancebench.paths import shown
from stancebench.vocabulary import PROBABILITIES

FORMATS = {"csv": (".csv",), "tsv": (".tsv",), "parquet": (".parquet", ".pq"), "jsonl": (".jsonl", ".ndjson")}
"""each format with the suffixes it is known by"""

REQUIRED = ("sentence_id", "target", "stance")
KNOWN = ("sentence_id", "holder", "target", "stance", *PROBABILITIES, "corpus", "task", "protocol", "fold", "seed")
"""columns a predictions file may have; any other is not read"""

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def file_format(path: Path, given: str | None = None) -> str:
    """Return the format of a predictions file: as given, or by its suffix.

    Raises
    ------
    UsageError
        when there is no such format
    """
    if given is not None:
        if given not in FORMATS:
            raise unknown("format", given, FORMATS, "Type for example --format csv.")
        return given
    suffix = path.suffix.lower()
    for name, suffixes in FORMATS.items():
        if suffix in suffixes:
            return name
    allowed = ", ".join(s for suffixes in FORMATS.values() for s in suffixes)
    which = f"ends in {path.suffix!r}" if suffix else "has no suffix"
    raise UsageError(
        f"The name of {shown(path)} {which}, which says no format. Known suffixes: {allowed}. "
        f"Type --format with one of {', '.join(FORMATS)}, or save the predictions as CSV."
    )


def read_bytes(path: Path) -> bytes:
    """Return the content of a predictions file.

    Raises
    ------
    RecordError
        when it is missing, a folder, empty, or cannot be read
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        there = [p.name for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
        close = nearest(path.name, there)
        hint = f" Did you mean {shown(path.parent / close)!r}?" if close else ""
        raise RecordError(f"There is no predictions file {shown(path)}.{hint}") from None
    except IsADirectoryError:
        raise RecordError(f"{shown(path)} is a folder. Type the path of one predictions file in it.") from None
    except OSError as e:
        raise RecordError(f"The predictions file {shown(path)} cannot be read: {e.strerror or e}.") from None
    if not data.strip():
        raise RecordError(f"{shown(path)} is empty. A predictions file needs the columns {', '.join(KNOWN[:4])}.")
    return data


def read_predictions_file(path: Path, format: str | None = None) -> pd.DataFrame:  # noqa: A002
    """Return the rows of a predictions file as they stand there.

    Parameters
    ----------
    path : pathlib.Path
        the file
    format : {"csv", "tsv", "parquet", "jsonl"}, default=None
        its format; by default what its suffix says

    Returns
    -------
    pandas.DataFrame
        every column of the file; ids and stances are strings, empty where the file gives nothing; the index is the
        line each row starts on (of a Parquet file, its number from 1)

    Raises
    ------
    UsageError
        when the format is unknown
    RecordError
        when the file cannot be read as that format, or lacks a column
    """
    return parsed(read_bytes(path), path, file_format(path, format))


def parsed(data: bytes, path: Path, form: str) -> pd.DataFrame:
    """Return the rows that the bytes of a predictions file hold; see `read_predictions_file`."""
    if form == "parquet":
        table = _parquet(data, path)
    elif form == "jsonl":
        table = _json_lines(_text(data, path), path)
    else:
        table = _delimited(_text(data, path), path, form)
    _check_columns(list(table.columns), path)
    if table.empty:
        raise RecordError(f"{shown(path)} holds no row: only the names of its columns.")
    return table


def _check_columns(columns: list[str], path: Path) -> None:
    """Refuse columns that lack a required one, name one nearly or name one twice, all in one message."""
    names = columns
    faults = []
    for name in (*REQUIRED, "holder", *PROBABILITIES):
        if name in names:
            continue
        nearly = [c for c in names if c not in KNOWN and c.strip().lower().replace(" ", "_") == name]
        close = nearly[0] if nearly else nearest(name, [c for c in names if c not in KNOWN])
        if nearly or name in REQUIRED:
            hint = f" (rename the column {close!r})" if close else ""
            faults.append(f"there is no column {name!r}{hint}")
    faults += [f"the column {c!r} stands there {names.count(c)} times" for c in KNOWN if names.count(c) > 1]
    if faults:
        found = ", ".join(map(repr, names[:20]))
        raise RecordError(
            f"{shown(path)}: {'; '.join(faults)}. Its columns are {found}; the first row must name "
            f"{', '.join(KNOWN[:4])}, and may name {', '.join(KNOWN[4:])}."
        )


def _text(data: bytes, path: Path) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RecordError(
            f"{shown(path)} is UTF-16, as Excel saves `Unicode Text`. Save it as `CSV UTF-8`, "
            "or type `iconv -f UTF-16 -t UTF-8`."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise RecordError(
            f"{shown(path)} line {line}: byte 0x{data[e.start]:02x} is not UTF-8. Save the file as UTF-8 "
            "(in Excel `CSV UTF-8`; or type `iconv -f WINDOWS-1252 -t UTF-8`), or type --format parquet if it is that."
        ) from None


def _delimited(text: str, path: Path, form: str) -> pd.DataFrame:
    delimiter = _delimiter(text, path, form)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        header = next(row for row in reader if row)
        start = reader.line_num + 1
        for row in reader:
            if len(row) == len(header):
                rows.append(row)
                lines.append(start)
            elif row:
                raise RecordError(
                    f"{shown(path)} line {start}: {len(row)} values, but the first row names {len(header)} columns."
                )
            start = reader.line_num + 1
    except csv.Error as e:
        raise RecordError(f"{shown(path)} line {start}: {e}.") from None
    table = pd.DataFrame(rows, columns=header, index=pd.Index(lines, name="line"), dtype=object)
    if delimiter == ";":
        # Where a spreadsheet separates columns by semicolons, it writes a decimal comma.
        for column in table.columns.intersection(list(PROBABILITIES)):
            table[column] = table[column].str.replace(",", ".", regex=False)
    return table


def _delimiter(text: str, path: Path, form: str) -> str:
    """Return what separates the columns: commas (or a spreadsheet's semicolons) in CSV, tabs in TSV."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    counts = {d: sum(c.strip().strip('"').lower() in KNOWN for c in first.rstrip("\r").split(d)) for d in DELIMITERS}
    best = max(counts, key=lambda d: counts[d])
    own = {"csv": ",", "tsv": "\t"}[form]
    if counts[own] > 1 or counts[best] < 2:
        return own
    if form == "csv" and best == ";":
        return best
    then = {"\t": "Type --format tsv.", "|": "Separate them by commas."}.get(best, "Type --format csv.")
    raise RecordError(
        f"The columns of {shown(path)} are separated by {DELIMITERS[best]}, and {DELIMITERS[own]} are expected of "
        f"{form.upper()}. {then}"
    )


def _json_lines(text: str, path: Path) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    lines = []
    for line, content in enumerate(text.split("\n"), 1):
        if not content.strip():
            continue
        try:
            row = json.loads(content)
        except ValueError as e:
            what = getattr(e, "msg", e)
            raise RecordError(f"{shown(path)} line {line} is not JSON: {what}.") from None
        if not isinstance(row, dict):
            raise RecordError(
                f"{shown(path)} line {line}: an object with the keys {', '.join(KNOWN[:4])} is expected on every line."
            )
        rows.append(row)
        lines.append(line)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    values = {c: [row.get(c) for row in rows] for c in columns}
    return _texts(pd.DataFrame(values, index=pd.Index(lines, name="line"), dtype=object))


def _parquet(data: bytes, path: Path) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        arrow = pq.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError) as e:
        first = str(e).splitlines()[0].rstrip(".")
        raise RecordError(
            f"{shown(path)} is no Parquet file ({first}). If it is another format, type --format csv, tsv or jsonl."
        ) from None
    names = list(arrow.column_names)
    if len(set(names)) < len(names):
        _check_columns(names, path)
    values = {name: column.to_pylist() for name, column in zip(names, arrow.columns, strict=True)}
    return _texts(pd.DataFrame(values, index=pd.RangeIndex(1, len(arrow) + 1, name="row"), dtype=object))


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns are strings, but for probabilities; what is null is empty."""
    for column in table.columns:
        values = table[column].tolist()
        if column in PROBABILITIES:
            table[column] = pd.Series(["" if v is None else v for v in values], index=table.index, dtype=object)
        else:
            texts = [v if isinstance(v, str) else "" if v is None else str(v) for v in values]
            table[column] = pd.Series(texts, index=table.index, dtype=object)
    return table
