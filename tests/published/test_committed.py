"""The committed comparisons, held without the texts, and what is said where the texts are missing."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path

import pytest

from stancebench.paths import CHECKOUT
from stancebench.runs.record import read_record
from tests.commands import Cli
from tests.published.conftest import declared

EXPERIMENTS = {
    "semeval2016": ["semeval2016_a", "semeval2016_b"],
    "tweeteval": ["tweeteval_stance"],
    "vast": ["vast_zero"],
}
CORPORA = [corpus for corpora in EXPERIMENTS.values() for corpus in corpora]

names = pytest.mark.parametrize("name", list(EXPERIMENTS))


@names
def test_a_committed_comparison_needs_no_text(cli: Cli, nothing_fetched: Path, name: str) -> None:
    folder = CHECKOUT / "results" / name
    values = json.loads(cli("table", name, "--json").out)
    assert values["missing"] == 0
    for figure in values["published"]:
        record = read_record(folder / "records" / f"{figure['record'][:16]}.json")
        score, _, target = figure["score"].partition(".")
        entry = record.value(score, target)
        assert entry is not None
        assert entry.value is not None
        assert figure["ours"] == 100 * entry.value
        assert figure["verdict"] in {"equal", "inside"}
    assert cli("table", name, "--csv").out == (folder / "published.csv").read_text(encoding="utf-8")
    markdown = cli("table", name, "--markdown").out
    assert markdown in (folder / "published.md").read_text(encoding="utf-8")
    shown = cli("table", name)
    assert shown.code == 0
    assert shown.err == ""
    assert "(committed results)" in shown.out
    assert "Files     not here" in shown.out
    for figure in values["published"]:
        assert f"{figure['published']:g}" in shown.out


@names
def test_records_and_predictions_are_those_of_the_comparison(name: str) -> None:
    folder = CHECKOUT / "results" / name
    records = [read_record(path) for path in sorted((folder / "records").glob("*.json"))]
    assert {r.predictions.file for r in records if r.predictions} == {
        p.name for p in (folder / "predictions").iterdir()
    }
    with (folder / "published.csv").open(encoding="utf-8") as file:
        assert {row["record"] for row in csv.DictReader(file)} <= {r.score_key for r in records}
    for record in records:
        source = record.run["corpus"]
        assert all(file["sha256"] and file["url"].startswith("https://") for file in source["files"])
        assert not source["folder"].startswith(("/", ".."))


@names
@pytest.mark.skipif(sys.platform == "win32", reason="a link needs a privilege there")
def test_without_texts_and_results_one_message_says_what_to_fetch(
    cli: Cli, nothing_fetched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for part in ("conf", "corpora", "experiments"):
        (tmp_path / part).symlink_to(CHECKOUT / part)
    monkeypatch.setattr("stancebench.reports.experiment.shipped", lambda part: tmp_path / part)
    refused = [cli("table", name), cli("run", f"experiment={name}", "tracking=none")]
    source = declared(EXPERIMENTS[name][0])
    for result in refused:
        assert result.code == 1
        assert source.files[0].url in result.message
        assert source.files[0].sha256 in result.message
        assert str(nothing_fetched / source.folder / source.files[0].path) in result.message
        assert f"{len(source.files) - 1} more files of {source.name} are missing" in result.message


def test_nobody_publishes_what_cannot_be_checked(
    cli: Cli, nothing_fetched: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stancebench.cli.tables.CHECKOUT", nothing_fetched)
    for part in ("records", "predictions"):
        shutil.copytree(CHECKOUT / "results" / "vast" / part, home / part)
    shown = cli("table", "vast")
    assert shown.code == 0
    assert "(committed results)" not in shown.out
    refused = cli("table", "vast", "--publish")
    assert refused.code == 1
    assert "is not there" in refused.message


@pytest.mark.parametrize("corpus", CORPORA)
def test_scoring_without_the_texts_says_what_to_fetch(
    cli: Cli, nothing_fetched: Path, tmp_path: Path, corpus: str
) -> None:
    (tmp_path / "mine.csv").write_text("sentence_id,target,stance\na,b,favor\n", encoding="utf-8")
    result = cli("score", str(tmp_path / "mine.csv"), "--corpus", corpus)
    assert result.code == 1
    assert declared(corpus).files[0].url in result.message


@pytest.mark.parametrize("corpus", CORPORA)
def test_a_corpus_states_where_every_file_comes_from(corpus: str) -> None:
    source = declared(corpus)
    assert source.published_split
    assert source.citation
    assert source.licence
    for file in source.files:
        # A commit, not a branch: forty hexadecimal digits.
        assert len(file.url.split("/")[5]) == 40
        assert len(file.sha256) == 64
        assert len(file.stances_sha256) == (64 if file.stances else 0)
