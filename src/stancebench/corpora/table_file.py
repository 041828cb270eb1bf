"""A declared table read from its YAML file, as it also stands in a config folder; without Hydra."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stancebench.corpora.reading import read_yaml
from stancebench.corpora.table_source import TableSource, read_source
from stancebench.errors import CorpusError, UsageError, nearest
from stancebench.paths import shown

SUFFIXES = (".yaml", ".yml")

DEFAULTS = ("table_schema", "table", "_self_")
"""configs that add nothing to a declaration"""


def read_table_file(path: Path) -> TableSource:
    """Return what a YAML file with the keys of ``conf/corpus/table.yaml`` declares.

    Its ``defaults`` are for a config folder and are not read, unless they would change what is declared.

    Raises
    ------
    CorpusError
        when the file is missing or no YAML
    UsageError
        when it is no declaration; names the file and the key
    """
    if not path.is_file():
        there = [p.name for p in path.parent.iterdir() if p.suffix in SUFFIXES] if path.parent.is_dir() else []
        close = nearest(path.name, there)
        hint = f" Did you mean {shown(path.parent / close)!r}?" if close else ""
        raise CorpusError(f"There is no file {shown(path)}.{hint}")
    content = read_yaml(path).row
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise UsageError(f"{shown(path)} declares no table: a mapping is expected, with name and files at least.")
    if (path.parent / "sentences.jsonl").is_file():
        raise UsageError(f"{shown(path)} is of a corpus folder. Type the path of the folder: {shown(path.parent)}")
    _refuse_defaults(path, content.pop("defaults", None) or [])
    _refuse_interpolations(path, content)
    try:
        return read_source(with_text_keys(_as_text(content)))
    except UsageError as e:
        raise UsageError(f"{shown(path)}: {e}") from None


def with_text_keys(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a declaration whose labels, split words and targets are text: YAML reads many of them as numbers.

    Raises
    ------
    UsageError
        when YAML read a word as true or false
    """
    keys = ("labels", "splits", "target_names")
    mapped = {key: values[key] for key in keys if isinstance(values.get(key), dict)}
    return {**values, **{key: {_text(key, given): v for given, v in inner.items()} for key, inner in mapped.items()}}


def _text(key: str, given: object) -> str:
    if isinstance(given, bool):
        raise UsageError(
            f"corpus.{key}: YAML reads {str(given).lower()}, and also yes, no, on and off, as true or false. "
            "Put the word in quotes."
        )
    return str(given)


def _as_text(value: Any) -> Any:
    # No value of a declaration is a number.
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _refuse_defaults(path: Path, defaults: Any) -> None:
    others = [d for d in (defaults if isinstance(defaults, list) else [defaults]) if d not in DEFAULTS]
    if others:
        raise UsageError(
            f"{shown(path)}: defaults: {others[0]!r} is read by `stancebench run --config-dir` only. "
            "Write what it says into the file itself."
        )


def _refuse_interpolations(path: Path, value: Any) -> None:
    if isinstance(value, str) and "${" in value:
        raise UsageError(
            f"{shown(path)}: {value!r} is filled in by `stancebench run --config-dir` only. Write the value itself."
        )
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_interpolations(path, inner)
