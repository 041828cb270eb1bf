from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from tests.corpora.handmade import write_handmade


@pytest.fixture(scope="session")
def handmade_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the handmade corpus; read only."""
    return write_handmade(tmp_path_factory.mktemp("corpora") / "handmade")


@pytest.fixture
def handmade_dir(handmade_template: Path, tmp_path: Path) -> Path:
    """A copy of the handmade corpus that a test may spoil."""
    return Path(shutil.copytree(handmade_template, tmp_path / "handmade"))


@pytest.fixture(scope="session")
def handmade(handmade_template: Path) -> Corpus:
    """The handmade corpus, loaded."""
    return load_corpus(str(handmade_template))
