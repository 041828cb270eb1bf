from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Run

from stancebench.runs.store import RunStore
from stancebench.tracking.store import ENVIRONMENT, STORE, sqlite_uri
from tests.commands import Cli, call, finish, start


def runs(client: MlflowClient) -> list[Run]:
    experiment = client.get_experiment_by_name("stancebench")
    assert experiment is not None
    return list(client.search_runs([experiment.experiment_id], max_results=500))


def children(found: list[Run]) -> list[Run]:
    return [r for r in found if "mlflow.parentRunId" in r.data.tags]


def sqlite_client(home: Path) -> MlflowClient:
    return MlflowClient(f"sqlite:///{home / STORE}")


def test_a_run_carries_all_of_its_record(cli: Cli, tracked: Path, synthetic_template: Path) -> None:
    result = cli("run", f"corpus.name={synthetic_template}", "model=tfidf_svm", "model.C=3")
    assert result.code == 0, result.err
    assert "look: stancebench ui" in result.out
    client = sqlite_client(tracked)
    (run,) = runs(client)
    (record,) = RunStore(tracked).all_records()
    assert run.info.status == "FINISHED"
    headline = record.value("f_avg_macro")
    assert headline is not None
    assert run.data.metrics["f_avg_macro"] == headline.value
    assert run.data.metrics["f_avg_macro.low"] == headline.low
    assert run.data.metrics["f_avg_macro.high"] == headline.high
    assert {"f_avg.sun", "f1.moon.favor", "neutral_recall", "counter_prior_accuracy"} <= set(run.data.metrics)
    assert run.data.params["model"] == "tfidf_svm"
    assert run.data.params["model.C"] == "3.0"
    assert run.data.params["task.inputs"] == "text+holder"
    tags = run.data.tags
    assert tags["stancebench.score_key"] == record.score_key
    assert tags["stancebench.prediction_key"] == record.prediction_key
    assert {"git.commit", "git.dirty", "version.python", "version.scikit-learn", "version.numpy"} <= set(tags)
    (dataset,) = run.inputs.dataset_inputs
    assert dataset.dataset.name == "synthetic@0.1"
    assert record.corpus.content_hash.startswith(dataset.dataset.digest)
    artifacts = {a.path for a in client.list_artifacts(run.info.run_id)}
    assert record.predictions is not None
    assert artifacts == {f"{record.score_key[:16]}.json", record.predictions.file, "confusion.csv"}
    path = client.download_artifacts(run.info.run_id, "confusion.csv")
    counts = [int(line.split(",")[3]) for line in Path(path).read_text().splitlines()[1:]]
    assert sum(counts) == record.counts.test


def test_a_sweep_is_a_parent_with_children(cli: Cli, tracked: Path, synthetic_template: Path) -> None:
    arguments = ("run", "-m", f"corpus.name={synthetic_template}", "model=majority,holder_prior")
    assert cli(*arguments).code == 0
    assert cli(*arguments).code == 0
    found = runs(sqlite_client(tracked))
    mine = children(found)
    assert len(found) == 3
    (parent,) = {r.data.tags["mlflow.parentRunId"] for r in mine}
    assert parent in {r.info.run_id for r in found}
    assert {r.data.params["model"] for r in mine} == {"majority", "holder_prior"}


def test_the_store_is_rebuilt_from_the_records(
    cli: Cli, tracked: Path, store_template: Path, synthetic_template: Path
) -> None:
    corpus = f"corpus.name={synthetic_template}"
    cli("run", "-m", corpus, "model=majority,holder_prior")
    cli("run", corpus, "model=tfidf_svm")

    def picture(client: MlflowClient) -> set[tuple[str, bool, tuple[tuple[str, float], ...]]]:
        return {
            (
                r.data.tags.get("stancebench.score_key", "parent"),
                "mlflow.parentRunId" in r.data.tags,
                tuple(sorted(r.data.metrics.items())),
            )
            for r in runs(client)
        }

    before = picture(sqlite_client(tracked))
    assert len(before) == 4
    for part in tracked.glob(f"{STORE}*"):
        part.unlink()
    (tracked / STORE).write_bytes(store_template.read_bytes())
    # A process of its own: MLflow keeps a deleted store open in the one that used it.
    assert "3 runs added for 3 records" in call(tracked, "track", "sync").out
    assert picture(MlflowClient(f"sqlite:///{tracked}/./{STORE}")) == before
    assert "0 runs added for 3 records" in call(tracked, "track", "sync").out


def test_nothing_to_mirror_says_what_to_type(cli: Cli) -> None:
    result = cli("track", "sync")
    assert result.code == 1
    assert "stancebench run experiment=baselines" in result.message


def test_a_run_that_was_not_finished_is_made_again(cli: Cli, tracked: Path, synthetic_template: Path) -> None:
    cli("run", f"corpus.name={synthetic_template}", "model=majority")
    client = sqlite_client(tracked)
    (run,) = runs(client)
    client.update_run(run.info.run_id, status="RUNNING")
    assert "1 runs added" in cli("track", "sync").out
    assert sorted(r.info.status for r in runs(client)) == ["FINISHED", "RUNNING"]


def test_an_unreachable_server_is_told_before_anything_runs(home: Path, synthetic_template: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        uri = f"http://127.0.0.1:{unused.getsockname()[1]}"
        result = call(home, "run", f"corpus.name={synthetic_template}", "model=majority", f"tracking.uri={uri}")
    assert result.code == 1
    assert "MLflow at http://127.0.0.1:" in result.message
    assert "stancebench track sync" in result.message
    assert "tracking=none" in result.message
    assert not list(RunStore(home).all_records())


def test_a_mirror_that_breaks_does_not_stop_a_sweep(tracked: Path, synthetic_template: Path) -> None:
    process = start(tracked, "run", "-m", f"corpus.name={synthetic_template}", "model=stratified", "seed=range(0,40)")
    while not list((tracked / "records").glob("*.json")):
        assert process.poll() is None
        time.sleep(0.005)
    with sqlite3.connect(tracked / STORE, timeout=60) as db:
        db.execute("DROP TABLE latest_metrics")
    result = finish(process)
    assert result.code == 1
    assert "MLflow at" in result.message
    assert len(list(RunStore(tracked).all_records())) == 40
    assert "Runs      40" in result.out


def test_a_folder_may_be_named_with_a_sign_that_addresses_use(tmp_path: Path, store_template: Path) -> None:
    folder = tmp_path / "try #1"
    folder.mkdir()
    shutil.copy(store_template, folder / STORE)
    assert MlflowClient(sqlite_uri(folder)).get_experiment_by_name("Default") is not None


@pytest.fixture
def server(tracked: Path) -> Iterator[str]:
    """A real tracking server on a SQLite store."""
    if sys.platform == "win32":
        pytest.skip("the server's processes are ended by a POSIX signal")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += [
        "--backend-store-uri",
        f"sqlite:///{tracked / STORE}",
        "--artifacts-destination",
        str(tracked / "served"),
    ]
    process = subprocess.Popen(
        command,
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    uri = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert process.poll() is None, "the server did not start"
            try:
                with urllib.request.urlopen(f"{uri}/health", timeout=1):
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield uri
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_real_tracking_server_gets_the_same_runs(server: str, home: Path, synthetic_template: Path) -> None:
    corpus = f"corpus.name={synthetic_template}"
    result = call(home, "run", "-m", corpus, "model=majority,holder_prior", f"tracking.uri={server}")
    assert result.code == 0, result.err
    client = MlflowClient(server)
    mine = children(runs(client))
    assert len(mine) == 2
    by_key = {r.score_key: r for r in RunStore(home).all_records()}
    for run in mine:
        record = by_key[run.data.tags["stancebench.score_key"]]
        value = record.value("macro_f1")
        assert value is not None
        assert run.data.metrics["macro_f1"] == value.value
        stored = client.download_artifacts(run.info.run_id, f"{record.score_key[:16]}.json")
        assert json.loads(Path(stored).read_text())["score_key"] == record.score_key
