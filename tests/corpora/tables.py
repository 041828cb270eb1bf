"""Small tables written in every format."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.table import load_table
from stancebench.corpora.table_source import read_source

Row = Mapping[str, str]


def write_table(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows in the format that the name ends in."""
    frame = pd.DataFrame([dict(row) for row in rows])
    suffix = path.name.partition(".")[2]
    if suffix == "jsonl":
        lines = [json.dumps(dict(row), ensure_ascii=False) for row in rows]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    elif suffix == "parquet":
        frame.to_parquet(path, index=False)
    else:
        frame.to_csv(path, index=False, sep="\t" if suffix == "tsv" else ",", encoding="utf-8")
    return path


def load(files: Any, **declared: Any) -> Corpus:
    """Load files as a corpus; what is not declared keeps its default."""
    paths = [str(f) if isinstance(f, Path) else f for f in (files if isinstance(files, list) else [files])]
    return load_table(read_source({"name": "mine", "files": paths, **declared}))
