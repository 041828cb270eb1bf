from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stancebench.config.compose import corpus_source
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.table import load_table
from stancebench.corpora.table_source import TableSource
from stancebench.paths import CHECKOUT, DATA_VARIABLE

# Where the environment says nothing: beside the checkout.
FOLDER = Path(os.environ.get(DATA_VARIABLE) or CHECKOUT.parent / "shared" / "datasets")

Fetched = Callable[[str], Path]


def declared(name: str) -> TableSource:
    """Return the table that a committed config declares."""
    source = corpus_source(name)
    assert isinstance(source, TableSource)
    return source


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Fetched:
    """A function that returns the folder of a corpus's files; skips where they were not fetched."""

    def find(name: str) -> Path:
        source = declared(name)
        folder = FOLDER / source.folder
        absent = [f.path for f in source.files if not (folder / f.path).is_file()]
        if absent:
            pytest.skip(f"{absent[0]} of {name} is not in {folder}: docs/published.md says how to fetch it")
        monkeypatch.setenv(DATA_VARIABLE, str(FOLDER))
        return folder

    return find


@pytest.fixture
def nothing_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and an empty data folder."""
    for name in ("here", "data"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


def read(name: str) -> Corpus:
    """Return a declared corpus, read."""
    return load_table(declared(name))
