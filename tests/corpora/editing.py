"""Ways to spoil a copy of a corpus folder, one cell, row or sentence at a time."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from stancebench.corpora.load import load_corpus
from stancebench.errors import CorpusError
from tests.corpus_files import write_csv


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    write_csv(path, list(rows[0]), [list(row.values()) for row in rows])


def sentences_of(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def write_sentences(folder: Path, sentences: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(s) + "\n" for s in sentences)
    (folder / "sentences.jsonl").write_text(lines, encoding="utf-8")


def edit(path: Path, line: int, **values: object) -> None:
    """Change values of the row on a line of a CSV or JSONL file."""
    if path.suffix == ".jsonl":
        sentences = sentences_of(path.parent)
        sentences[line - 1] |= values
        write_sentences(path.parent, sentences)
        return
    rows = rows_of(path)
    assert set(values) <= set(rows[0]), "the file has no such column"
    rows[line - 2] |= {column: str(value) for column, value in values.items()}
    write_rows(path, rows)


def drop(path: Path, *lines: int) -> None:
    """Delete rows of a CSV file by their lines."""
    write_rows(path, [row for line, row in enumerate(rows_of(path), 2) if line not in lines])


def add(path: Path, like: int, **values: str) -> int:
    """Append to a CSV file a copy of the row on a line, with other values; return the line it stands on."""
    rows = rows_of(path)
    rows.append(rows[like - 2] | values)
    write_rows(path, rows)
    return len(rows) + 1


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text that stands exactly once in a file."""
    data = path.read_bytes()
    assert data.count(old.encode()) == 1, f"{old!r} stands {data.count(old.encode())} times in {path.name}"
    path.write_bytes(data.replace(old.encode(), new.encode()))


def refusal(folder: Path) -> str:
    """Return the message with which a corpus folder is refused, whatever its checksums."""
    with pytest.raises(CorpusError) as refused:
        load_corpus(str(folder), verify=False)
    return str(refused.value)
