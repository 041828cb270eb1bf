"""Files read at the border: UTF-8 only, checked row by row, each fault with file, line and column."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from stancebench.errors import CorpusError
from stancebench.paths import shown

R = TypeVar("R", bound=BaseModel)
T = TypeVar("T")

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Located(NamedTuple, Generic[T]):
    """A row and the line it starts on."""

    line: int
    row: T


def read_text(path: Path) -> str:
    """Return a file's text, which must be UTF-8.

    Raises
    ------
    CorpusError
        when the file is missing, or is not UTF-8: names the line
    """
    try:
        data = path.read_bytes().removeprefix(BYTE_ORDER_MARK)
    except FileNotFoundError:
        raise CorpusError(f"{shown(path)} is missing. A corpus folder must hold it; see docs/corpus.md.") from None
    except OSError as e:
        raise CorpusError(f"{shown(path)} cannot be read: {e.strerror}.") from e
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise CorpusError(
            f"{shown(path)} line {line}: byte 0x{data[e.start]:02x} is not UTF-8. "
            "Save the file as UTF-8 (`iconv -f WINDOWS-1252 -t UTF-8` if it came from an old Windows program)."
        ) from None


def read_csv_rows(path: Path, model: type[R]) -> list[R]:
    """Return the rows of a CSV file, each checked; see `located_rows`."""
    return [row for _, row in located_rows(path, model)]


def located_rows(path: Path, model: type[R]) -> list[Located[R]]:
    """Return the rows of a CSV file with their lines, each checked.

    Parameters
    ----------
    path : pathlib.Path
        a CSV file with a header
    model : type
        the row's schema: its fields are the columns, all of them and no others

    Returns
    -------
    list of Located
        of ``model``

    Raises
    ------
    CorpusError
        names file, line and column
    """
    columns, lines, rows = csv_rows(path, model)
    filled: list[dict[str, Any]] = []
    for line, values in zip(lines, rows, strict=True):
        if len(values) > len(columns):
            surplus = values[len(columns)]
            all_checked(model, lines[: len(filled)], filled, path)
            raise CorpusError(f"{shown(path)} line {line}: a value beyond the last column, {surplus!r}.")
        filled.append(dict(zip_longest(columns, values)))
    return all_checked(model, lines, filled, path)


def csv_rows(path: Path, model: type[R]) -> tuple[list[str], list[int], list[list[str]]]:
    """Return the columns of a CSV file, which must be those of a schema, and its rows, unchecked, with their lines."""
    lines, rows = _csv_lines(path)
    columns, wanted = rows[0] if rows else [], list(model.model_fields)
    faults = [f"column {c!r} is missing" for c in wanted if c not in columns]
    faults += [f"column {c!r} is not known" for c in columns if c not in wanted]
    faults += [f"column {c!r} is given twice" for c in wanted if columns.count(c) > 1]
    if faults:
        raise CorpusError(f"{shown(path)} line 1: {'; '.join(faults)}. The columns must be: {', '.join(wanted)}.")
    return columns, lines[1:], rows[1:]


def _csv_lines(path: Path) -> tuple[list[int], list[list[str]]]:
    """Return the rows of a CSV file that are not blank, and the line each starts on."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    start = 1
    try:
        for values in reader:
            if values:
                lines.append(start)
                rows.append(values)
            start = reader.line_num + 1
    except csv.Error as e:
        raise CorpusError(f"{shown(path)} line {start}: {e}.") from None
    return lines, rows


def read_json_lines(path: Path, model: type[R]) -> list[Located[R]]:
    """Return the lines of a JSONL file, each checked.

    Raises
    ------
    CorpusError
        names file, line and column
    """
    # Only a line feed ends a line: a text may hold every other separator.
    lines = read_text(path).split("\n")
    rows: list[Any] = []
    for line, text in enumerate(lines[:-1] if lines[-1] == "" else lines, 1):
        try:
            rows.append(json.loads(text))
        except json.JSONDecodeError as e:
            all_checked(model, range(1, line), rows, path)
            raise CorpusError(f"{shown(path)} line {line}, column {e.colno}: not JSON ({e.msg}).") from None
    return all_checked(model, range(1, len(rows) + 1), rows, path)


def read_yaml(path: Path) -> Located[Any]:
    """Return the content of a YAML file (safe loader)."""
    return Located(1, _loaded(path).row)


def read_yaml_list(path: Path, model: type[R], what: str) -> list[Located[R]]:
    """Return the items of a YAML list, each checked, with the line each starts on.

    Parameters
    ----------
    path : pathlib.Path
        a YAML file
    model : type
        the item's schema
    what : str
        what the items are, for the message when there is no list
    """
    content = _loaded(path)
    if not isinstance(content.row, list) or not content.row:
        raise CorpusError(f"{shown(path)}: a list of {what} is expected.")
    assert content.node is not None
    starts = [node.start_mark.line + 1 for node in content.node.value]
    items = zip(starts, content.row, strict=True)
    return [Located(line, checked(model, row, path, line)) for line, row in items]


def read_yaml_mapping(path: Path, what: str) -> list[Located[tuple[Any, Any]]]:
    """Return the keys and values of a YAML mapping, with the line each key stands on; a key may stand twice.

    Parameters
    ----------
    path : pathlib.Path
        a YAML file
    what : str
        what the mapping holds, for the message when there is none
    """
    node = _loaded(path).node
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise CorpusError(f"{shown(path)}: a mapping of {what} is expected.")
    values = yaml.SafeLoader("")
    return [
        Located(key.start_mark.line + 1, (values.construct_object(key), values.construct_object(value, deep=True)))
        for key, value in node.value
    ]


class _Yaml(NamedTuple):
    node: Any
    row: Any


def _loaded(path: Path) -> _Yaml:
    text = read_text(path)
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        return _Yaml(node, None if node is None else loader.construct_document(node))
    except (yaml.YAMLError, ValueError) as e:
        # An impossible date raises a plain ValueError.
        mark = getattr(e, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise CorpusError(f"{shown(path)}{line}: not YAML ({getattr(e, 'problem', None) or e}).") from None


def all_checked(model: type[R], lines: Sequence[int], rows: list[Any], path: Path) -> list[Located[R]]:
    """Return rows as their schema with their lines, or refuse the first that breaks it, with its place."""
    try:
        # All in one call: half the time of one by one.
        valid = TypeAdapter(list[model]).validate_python(rows)  # type: ignore[valid-type]
    except ValidationError:
        valid = [checked(model, row, path, line) for line, row in zip(lines, rows, strict=True)]
    return list(map(Located._make, zip(lines, valid, strict=True)))


def checked(model: type[R], row: Any, path: Path, line: int) -> R:
    """Return a row as its schema, or refuse it with its place."""
    try:
        return model.model_validate(row)
    except ValidationError as e:
        raise CorpusError(describe(e, shown(path), line)) from None


def describe(error: ValidationError, where: str, line: int) -> str:
    """Return one message for a row that breaks its schema: file, line, column, what was given, what is allowed."""
    first = error.errors()[0]
    # Behind the column stand positions in a list, and the branches of a union that were tried.
    columns = {str(e["loc"][0]) if e["loc"] else "the row" for e in error.errors()}
    column = str(first["loc"][0]) if first["loc"] else "the row"
    given = first["input"]
    given = str(given) if isinstance(given, datetime.date) else given
    shown_value = f", got {given!r}" if isinstance(given, str | int | float) else ""
    more = f" ({len(columns) - 1} more on this line)" if len(columns) > 1 else ""
    return f"{where} line {line}, column {column}: {first['msg']}{shown_value}.{more}"


def refuse_repeated(path: Path, column: str, values: list[Located[str]]) -> None:
    """Refuse a value of a key column that stands twice.

    Raises
    ------
    CorpusError
        names both lines
    """
    first: dict[str, int] = {}
    for line, value in values:
        if value in first:
            raise CorpusError(
                f"{shown(path)} line {line}, column {column}: {value!r} stands on line {first[value]} already. "
                "It must stand once."
            )
        first[value] = line
