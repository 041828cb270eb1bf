from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from stancebench.paths import CHECKOUT
from tests.commands import Cli

RESULTS = CHECKOUT / "results" / "baselines"

OF_THE_REPORT = ("report.html", "figures", "tables")
"""what stands there by `stancebench report --publish`"""


@pytest.fixture
def finished(home: Path) -> Path:
    """A home in which the baselines are finished: their committed records."""
    shutil.copytree(RESULTS / "records", home / "records")
    shutil.copytree(RESULTS / "predictions", home / "predictions")
    return home


def test_without_runs_the_committed_results_are_shown(cli: Cli) -> None:
    result = cli("table", "baselines")
    assert result.code == 0
    assert "(committed results)" in result.out
    assert "holder_prior" in result.out


def test_every_form_shows_the_same_numbers(cli: Cli) -> None:
    values = json.loads(cli("table", "baselines", "--json").out)
    assert values["missing"] == 0
    assert cli("table", "baselines", "--csv").out == (RESULTS / "table.csv").read_text()
    assert cli("table", "baselines", "--markdown").out in (RESULTS / "table.md").read_text()
    headline = values["rows"][2]["scores"]["f_avg_macro"]["value"]
    assert f"{100 * headline:.1f}" in cli("table", "baselines").out


def test_missing_runs_are_told_and_what_to_type(
    cli: Cli, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = list((finished / "records").glob("*.json"))
    paths[0].unlink()
    result = cli("table", "baselines")
    assert result.code == 0
    # What you have not run is filled in from the committed results, and told.
    assert f"(1 of {len(paths)} are committed results)" in result.out
    assert "not finished" not in result.err
    monkeypatch.setattr("stancebench.reports.experiment.shipped", lambda name: tmp_path / "src" / name)
    result = cli("table", "baselines")
    assert result.code == 0
    assert result.message.startswith(f"warning: 1 of {len(paths)} runs are not finished")
    assert "stancebench run experiment=baselines" in result.message
    refused = cli("table", "baselines", "--publish")
    assert refused.code == 1
    assert "a published table is whole" in refused.err


def test_publishing_replaces_the_folder_whole(
    cli: Cli, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    monkeypatch.setattr("stancebench.cli.tables.CHECKOUT", checkout)
    refused = cli("table", "baselines", "--publish")
    assert refused.code == 1
    assert "results/ of a checkout" in refused.err
    (checkout / "pyproject.toml").touch()
    stale = checkout / "results" / "baselines" / "records" / "old.json"
    stale.parent.mkdir(parents=True)
    stale.touch()
    assert cli("table", "baselines", "--publish").code == 0
    published = checkout / "results" / "baselines"
    written = {p.relative_to(published) for p in published.rglob("*") if p.is_file()}
    committed = {p.relative_to(RESULTS) for p in RESULTS.rglob("*") if p.is_file()}
    assert written == {path for path in committed if path.parts[0] not in OF_THE_REPORT}
    assert finished.is_dir()
    for name in ("table.md", "table.csv"):
        assert (checkout / "results" / "baselines" / name).read_bytes() == (RESULTS / name).read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="a link needs a privilege there")
def test_an_experiment_that_never_ran_says_what_to_type(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("conf", "corpora", "experiments"):
        (tmp_path / "src").mkdir(exist_ok=True)
        (tmp_path / "src" / name).symlink_to(CHECKOUT / name)
    monkeypatch.setattr("stancebench.reports.experiment.shipped", lambda name: tmp_path / "src" / name)
    result = cli("table", "baselines")
    assert result.code == 1
    assert "No run of 'baselines' is finished yet" in result.message
    assert "stancebench run experiment=baselines" in result.message


@pytest.mark.parametrize("width", [400, 125, 80])
def test_no_number_is_cut_in_a_narrow_window(cli: Cli, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    out = re.sub(r"\x1b\[[0-9;]*m", "", cli("table", "baselines").out)
    assert max(len(line.rstrip()) for line in out.splitlines()) <= width
    prior = next(line for line in out.splitlines() if line.strip().startswith("holder_prior"))
    values = json.loads(cli("table", "baselines", "--json").out)["rows"][2]["scores"]
    numbers = {name: f"{100 * score['value']:.1f}" for name, score in values.items()}
    hidden = {80: [n for n in numbers if n not in ("f_avg_macro", "f_avg_worst")], 125: ["f_avg.ukraine"], 400: []}
    shown = re.findall(r"\d+\.\d", re.sub(r"\[[^]]*\]", "", prior))
    assert shown == [number for name, number in numbers.items() if name not in hidden[width]]
    assert ("too narrow for every interval" in out) == (width < 400)
