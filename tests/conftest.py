from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from stancebench.models.registry import installed
from stancebench.tracking.store import STORE, sqlite_uri
from tests.commands import Cli, in_process
from tests.corpus_files import write_corpus
from tests.packages import Install, on_path, write_package

# Two noisy cores: what a deadline would catch is the neighbour's load.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture(scope="session")
def synthetic_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a synthetic corpus; read only."""
    return write_corpus(tmp_path_factory.mktemp("corpora") / "synthetic")


@pytest.fixture
def corpus_dir(synthetic_template: Path, tmp_path: Path) -> Path:
    """A copy of the synthetic corpus that a test may spoil."""
    return Path(shutil.copytree(synthetic_template, tmp_path / "synthetic"))


@pytest.fixture(scope="session")
def synthetic(synthetic_template: Path) -> Corpus:
    """The synthetic corpus, loaded."""
    return load_corpus(str(synthetic_template))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that runs go to."""
    folder = tmp_path / "home"
    monkeypatch.setenv("STANCEBENCH_HOME", str(folder))
    return folder


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line, in this process; runs go to `home`."""
    return in_process(capsys, monkeypatch)


@pytest.fixture(scope="session")
def store_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty MLflow store: making one takes seconds."""
    folder = tmp_path_factory.mktemp("store")
    sqlite_uri(folder)
    return folder / STORE


@pytest.fixture
def tracked(home: Path, store_template: Path) -> Path:
    """The home folder, with an empty MLflow store in it."""
    home.mkdir()
    shutil.copy(store_template, home / STORE)
    return home


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """A function that gives this process a hand-made distribution; see `tests.packages.write_package`."""
    site = tmp_path / "site"
    site.mkdir()

    def put(distribution: str, name: str, code: str = "", value: str = "") -> None:
        write_package(site, distribution, name, code, value)
        installed.cache_clear()

    with on_path(site, monkeypatch):
        yield put
