from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from stancebench.paths import CHECKOUT
from tests.commands import Cli

RESULTS = CHECKOUT / "results" / "vast"
"""the smallest experiment; its corpus need not be here"""


def test_it_says_where_it_was_written(cli: Cli, home: Path) -> None:
    result = cli("report", "vast")
    assert result.code == 0
    folder = home / "reports" / "vast"
    assert str(folder / "report.html") in result.out
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "VAST zero-shot, constant predictors" in page
    assert "stancebench run experiment=vast" in page


def test_a_folder_of_one_s_own(cli: Cli, tmp_path: Path) -> None:
    assert cli("report", "vast", "--out", str(tmp_path / "mine")).code == 0
    assert (tmp_path / "mine" / "report.html").is_file()
    assert (tmp_path / "mine" / "tables" / "results.tex").is_file()


def test_refusals_say_what_to_type(cli: Cli) -> None:
    unnamed = cli("report")
    assert unnamed.code == 2
    assert "Type for example `stancebench report baselines`" in unnamed.message
    unknown = cli("report", "baseline")
    assert unknown.code == 2
    assert "There is no experiment 'baseline'. Did you mean 'baselines'?" in unknown.message
    twice = cli("report", "vast", "--out", "x", "--publish")
    assert twice.code == 2
    assert "--out and --publish are two places" in twice.message


def test_what_is_published_is_whole(cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stancebench.cli.report.CHECKOUT", tmp_path / "checkout")
    installed = cli("report", "vast", "--publish")
    assert installed.code == 1
    assert "results/ of a checkout" in installed.message
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "pyproject.toml").touch()
    stale = tmp_path / "checkout" / "results" / "vast" / "figures" / "old.svg"
    stale.parent.mkdir(parents=True)
    stale.touch()
    assert cli("report", "vast", "--publish").code == 0
    assert not stale.exists()
    assert (stale.parent / "headline.png").is_file()
    assert (tmp_path / "checkout" / "results" / "vast" / "report.html").is_file()
    shutil.copytree(RESULTS / "records", home / "records")
    next((home / "records").glob("*.json")).unlink()
    # Committed results would stand in for it.
    monkeypatch.setattr("stancebench.reports.experiment.shipped", lambda name: tmp_path / name)
    partial = cli("report", "vast")
    assert partial.code == 0
    assert partial.message.startswith("warning: 1 of 3 runs are not finished.")
    refused = cli("report", "vast", "--publish")
    assert refused.code == 1
    assert "A published report is whole: type `stancebench run experiment=vast`" in refused.message


@pytest.mark.parametrize("absent", ["jinja2", "altair", "vl_convert"])
def test_without_the_packages_that_draw_it_says_what_to_install(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    from stancebench.reports.page import render

    render._template.cache_clear()
    monkeypatch.setitem(sys.modules, absent, None)
    result = cli("report", "vast")
    assert result.code == 1
    assert "pip install 'stancebench[pictures]'" in result.message
