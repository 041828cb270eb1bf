"""The files of a table read whole, column by column; a fault is located only once it is known to be there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pyarrow as pa
from pyarrow import csv as arrow_csv

from stancebench.corpora.table_bytes import file_bytes, unpacked, utf8
from stancebench.corpora.table_source import TableFile, TableSource
from stancebench.errors import CorpusError, MissingFileError, listed, nearest
from stancebench.paths import DATA_VARIABLE, data_folder, shown

MOST_COLUMNS = 1_000
"""a header with more is no table of judgements: the wrong file, or a matrix"""

DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}


@dataclass(frozen=True)
class Part:
    """The columns of one file that are asked for.

    Attributes
    ----------
    path : pathlib.Path
        the file
    columns : mapping of str to pyarrow.Array
        by their names in the file, as large strings
    n : int
        rows
    header : sequence of str
        names of all columns of the file
    line : callable
        from a row's position to where it stands, such as ``"line 7"``
    """

    path: Path
    columns: Mapping[str, Any]
    n: int
    header: Sequence[str]
    line: Callable[[int], str]

    def place(self, row: int, column: str) -> str:
        """Return file, line and column, as every message about a cell starts."""
        return f"{shown(self.path)} {self.line(row)}, column {column}: "


def read_part(source: TableSource, file: TableFile, wanted: Sequence[str]) -> Part:
    """Read one file of a table.

    Parameters
    ----------
    source : TableSource
        how it is read
    file : TableFile
        which
    wanted : sequence of str
        names of the columns; each must be there

    Raises
    ------
    CorpusError
        when the file is missing, changed, or not what its format says; names file and line
    UsageError
        when the format is not told
    """
    path = find(source, file.path, file.url, file.sha256)
    data, name = unpacked(path, file_bytes(path, file.sha256))
    kind = source.format_of(file, name)
    # Stripping copies: look at the beginning first.
    if not data[:64].strip() and not data.strip():
        raise CorpusError(f"{shown(path)} is empty.")
    encoding = file.encoding or source.encoding
    if kind == "parquet":
        return _parquet(path, data, wanted)
    data = utf8(path, data, encoding, per_file=bool(file.encoding))
    if kind == "lines":
        beside = str(Path(file.path).parent / file.stances)
        stances = find(source, beside, "", file.stances_sha256)
        labels = utf8(stances, file_bytes(stances, file.stances_sha256), encoding, per_file=bool(file.encoding))
        return _lines(path, stances, {source.columns.text: data, source.columns.stance: labels}, wanted)
    if kind == "jsonl":
        return _json_lines(path, data.decode(), wanted)
    return _csv(path, data, _Dialect(source.delimiter or ("\t" if kind == "tsv" else ","), source.quoting), wanted)


def find(source: TableSource, path: str, url: str, sha256: str) -> Path:
    """Return where a declared file is: in the table's folder here, or else under the data folder.

    Raises
    ------
    MissingFileError
        when it is in neither; says where to fetch it and where to put it
    """
    here, there = _places(source, path)
    for candidate in (here, there):
        if candidate.exists():
            return candidate
    beside = [p.name for p in here.parent.iterdir() if p.is_file()] if here.parent.is_dir() else []
    close = nearest(here.name, beside)
    hint = f" Did you mean {close!r}?" if close else ""
    if url:
        hint = f" Fetch {url}{f' (sha256 {sha256})' if sha256 else ''} and put it there."
    elif sha256:
        hint = f" Its sha256 is {sha256}. Put it there."
    missing = sum(not any(p.exists() for p in _places(source, f.path)) for f in source.files if f.path != path)
    more = f" {missing} more files of {source.name} are missing." if missing else ""
    if here == there:
        # Under an absolute folder both are one path.
        raise MissingFileError(f"{shown(here)} is not there.{hint}{more}")
    hint += f" The second place is {DATA_VARIABLE}, a folder you may set."
    raise MissingFileError(f"{shown(here)} is not there, nor is {shown(there)}.{hint}{more}")


def _places(source: TableSource, path: str) -> tuple[Path, Path]:
    return Path(source.folder).expanduser() / path, data_folder() / source.folder / path


def strings(values: Any) -> Any:
    """Return a column as one array of large strings."""
    array = pa.array(values, type=pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


class _Dialect(NamedTuple):
    delimiter: str
    quoting: bool

    def rows(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with the line it starts on; blank lines are none."""
        reader = self._reader(text)
        start = 1
        for row in reader:
            if _filled(row):
                yield start, row
            start = reader.line_num + 1

    def header(self, text: str) -> tuple[list[str], int]:
        """Return the first row and the line it ends on."""
        reader = self._reader(text)
        return next((row for row in reader if _filled(row)), [""]), reader.line_num

    def _reader(self, text: str) -> Any:
        file = io.StringIO(text, newline="")
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if self.quoting else csv.QUOTE_NONE
        return csv.reader(file, delimiter=self.delimiter, quoting=quoting)


def _filled(row: Sequence[str]) -> bool:
    return len(row) > 1 or any(cell.strip() for cell in row)


def _csv(path: Path, data: bytes, dialect: _Dialect, wanted: Sequence[str]) -> Part:
    # A header is no longer than a megabyte; this spares the whole text, which only a refusal needs.
    try:
        header, header_ends = dialect.header(data[: 1 << 20].decode(errors="ignore"))
    except csv.Error as e:
        raise CorpusError(f"{shown(path)} line 1: {e}; is it a table of comma- or tab-separated columns?") from None
    refuse_columns(path, header, wanted, dialect.delimiter)
    # An odd number of quotes is cheap to see; which one is not closed is looked for only then.
    quotes = data.count(b'"') if dialect.quoting else 0
    torn = quotes % 2 and _torn(path, data.decode(), dialect)
    if torn:
        raise CorpusError(torn)
    odd: list[Any] = []

    def refuse(row: Any) -> str:
        odd.append(row)
        return "skip"

    try:
        # pandas guesses types, and reads strings alone at a third of this speed; pyarrow also tells rows too short.
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            # Threads cost more than they save on a file that fits into memory.
            read_options=arrow_csv.ReadOptions(column_names=header, skip_rows=header_ends, use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char='"' if dialect.quoting else False,
                newlines_in_values=quotes > 0,
                invalid_row_handler=refuse,
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=list(wanted),
                column_types=dict.fromkeys(wanted, pa.large_string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as e:
        said = str(e).splitlines()[0].removesuffix(".")
        raise CorpusError(f"{shown(path)} is not a table: {said}.") from None
    if odd:
        raise CorpusError(_odd(path, data.decode(), dialect, len(header)))
    if not table.num_rows:
        raise CorpusError(f"{shown(path)} holds a header and no row.")

    @cache
    def starts() -> list[int]:
        try:
            return [start for start, _ in dialect.rows(data.decode())]
        except csv.Error:
            return []

    def line(row: int) -> str:
        return f"line {starts()[row + 1]}" if len(starts()) == table.num_rows + 1 else f"row {row + 1}"

    return Part(path, {c: table[c].combine_chunks() for c in wanted}, table.num_rows, header, line)


def _odd(path: Path, text: str, dialect: _Dialect, expected: int) -> str:
    """Return the message for a row that has too many cells, or too few."""
    try:
        line, found = next(((line, len(row)) for line, row in dialect.rows(text) if len(row) != expected), (0, 0))
    except csv.Error:
        # A cell before it is longer than Python's reader takes.
        line = 0
    if not line:
        return f"{shown(path)} is not a table: some row does not have the {expected} cells of the header."
    hint = "Put a cell that holds the delimiter in double quotes."
    if found < expected:
        hint = "Fill the row" + (
            ", or type corpus.quoting=false if a double quote is an ordinary character." if dialect.quoting else "."
        )
    elif not dialect.quoting:
        hint = "If cells are quoted, type corpus.quoting=true."
    return (
        f"{shown(path)} line {line}: {found} cells, the header has {expected} (delimiter {dialect.delimiter!r}). {hint}"
    )


def _torn(path: Path, text: str, dialect: _Dialect) -> str:
    """Return the message for a quote that is never closed, or nothing."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, strict=True)
    start = 1
    try:
        for _ in reader:
            start = reader.line_num + 1
    except csv.Error as e:
        if "unexpected end" in str(e):
            return (
                f"{shown(path)} line {start}: a double quote is opened and never closed. "
                "Close it, or type corpus.quoting=false if quotes are ordinary characters in this file."
            )
    return ""


def refuse_columns(path: Path, header: Sequence[str], wanted: Sequence[str], delimiter: str = "") -> None:
    """Refuse a header that lacks a column, or has one twice."""
    if len(header) > MOST_COLUMNS:
        raise CorpusError(
            f"{shown(path)} has {len(header):,} columns, at most {MOST_COLUMNS:,} are read. "
            "Is it the right file? Keep the columns of text, target and stance."
        )
    missing = [c for c in wanted if c not in header]
    if missing and len(header) == 1 and delimiter:
        other = next((d for d in DELIMITERS if d in header[0] and d != delimiter), None)
        if other:
            typed = "tab" if other == "\t" else f'"{other}"'
            raise CorpusError(
                f"{shown(path)} line 1: one column, {header[0]!r}: the delimiter looks wrong, there are "
                f"{DELIMITERS[other]} in it. Type 'corpus.delimiter={typed}'."
            )
    if missing:
        close = nearest(missing[0], header)
        hint = f" Did you mean {close!r}?" if close else ""
        raise CorpusError(
            f"{shown(path)} has no column {', '.join(map(repr, missing))}.{hint} Its columns: {listed(header)}. "
            "Say which column is which: corpus.columns.text=... corpus.columns.target=... corpus.columns.stance=..."
        )
    twice = [c for c in wanted if list(header).count(c) > 1]
    if twice:
        raise CorpusError(f"{shown(path)} line 1: the column {twice[0]!r} stands twice.")


def _plain(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, bool | int | float) else None


def _json_lines(path: Path, text: str, wanted: Sequence[str]) -> Part:
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    if text.lstrip().startswith("["):
        script = f"import json; [print(json.dumps(row)) for row in json.load(open('{shown(path)}', encoding='utf-8'))]"
        is_packed = path.suffix.lower() in {".gz", ".zip"}
        how = "" if is_packed else f""" Convert it: python -c "{script}" > {path.stem}.jsonl"""
        raise CorpusError(f"{shown(path)} holds a JSON array, which is not read: one object a line is (JSONL).{how}")
    # Only a line feed ends a line: a text may hold every other separator.
    for line, one in enumerate(text.split("\n"), 1):
        if not one.strip():
            continue
        try:
            row = json.loads(one)
        except json.JSONDecodeError as e:
            raise CorpusError(
                f"{shown(path)} line {line}, character {e.colno}: not JSON ({e.msg}). "
                "One object a line is read (JSONL)."
            ) from None
        if not isinstance(row, dict):
            raise CorpusError(f"{shown(path)} line {line}: an object with the columns as keys is expected.")
        rows.append(row)
        lines.append(line)
    keys: dict[str, None] = dict.fromkeys(k for row in rows for k in row)
    refuse_columns(path, list(keys), wanted)
    columns = {}
    for column in wanted:
        values = [_plain(row.get(column)) for row in rows]
        if None in values:
            line = lines[values.index(None)]
            raise CorpusError(f"{shown(path)} line {line}, column {column}: a list or an object, a text is expected.")
        columns[column] = strings(values)
    return Part(path, columns, len(rows), list(keys), lambda row: f"line {lines[row]}")


def _parquet(path: Path, data: bytes, wanted: Sequence[str]) -> Part:
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(pa.BufferReader(data))
        refuse_columns(path, file.schema_arrow.names, wanted)
        table = file.read(columns=list(dict.fromkeys(wanted)))
    except (pa.ArrowInvalid, OSError) as e:
        said = str(e).splitlines()[0].removesuffix(".")
        raise CorpusError(
            f"{shown(path)} is not Parquet: {said}. Name another format, such as corpus.format=csv."
        ) from None
    if not table.num_rows:
        raise CorpusError(f"{shown(path)} holds no row.")
    columns = {}
    for column in wanted:
        try:
            columns[column] = table[column].cast(pa.large_string()).combine_chunks().fill_null("")
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            kind = table[column].type
            raise CorpusError(f"{shown(path)}, column {column}: {kind} cells, text is expected.") from None
    return Part(path, columns, table.num_rows, file.schema_arrow.names, lambda row: f"row {row + 1}")


def _lines(path: Path, stances: Path, data: Mapping[str, bytes], wanted: Sequence[str]) -> Part:
    columns = {name: strings(one.decode().removesuffix("\n").split("\n")) for name, one in data.items()}
    texts, labels = map(len, columns.values())
    if texts != labels:
        raise CorpusError(
            f"{shown(path)} has {texts:,} lines, {shown(stances)} has {labels:,}: one label a text is expected."
        )
    refuse_columns(path, list(columns), wanted)
    return Part(path, columns, texts, list(columns), lambda row: f"line {row + 1}")
