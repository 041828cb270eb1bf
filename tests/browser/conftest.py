from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from stancebench.cli import dispatch


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        # The page is our own, and a container's root has no sandbox.
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the committed baselines, written once."""
    return written("baselines", tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def bare_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of an experiment whose corpus's files are not here."""
    return written("semeval2016", tmp_path_factory.mktemp("bare"))


def written(experiment: str, folder: Path) -> Path:
    """Write a report from committed results and return its folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANCEBENCH_HOME", str(folder / "home"))
        patch.setenv("STANCEBENCH_DATA", str(folder / "nothing"))
        assert dispatch(["report", experiment, "--out", str(folder / "out")]) == 0
    return folder / "out"
