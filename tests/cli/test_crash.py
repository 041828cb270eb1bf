"""When machine, disk or user cut in: nothing finished is lost, nothing half done is believed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stancebench.runs.record import read_record
from stancebench.runs.store import RunStore
from tests.commands import call, environment, finish, start

if sys.platform == "win32":
    pytest.skip("processes are cut by POSIX signals", allow_module_level=True)

SEEDS = 60


def sweep(corpus: Path) -> list[str]:
    return ["run", "-m", f"corpus.name={corpus}", "model=stratified", f"seed=range(0,{SEEDS})"]


def wait_for_records(home: Path, n: int, process: subprocess.Popen[str]) -> None:
    while len(list((home / "records").glob("*.json"))) < n:
        assert process.poll() is None, f"the sweep ended before it was cut: {process.communicate()}"
        time.sleep(0.005)


def contents(home: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (home / "records").glob("*.json")}


@pytest.mark.parametrize("cut", [signal.SIGINT, signal.SIGKILL])
def test_a_cut_sweep_started_again_does_only_what_is_missing(tracked: Path, synthetic_template: Path, cut: int) -> None:
    process = start(tracked, *sweep(synthetic_template))
    wait_for_records(tracked, 5, process)
    process.send_signal(cut)
    result = finish(process)
    before = contents(tracked)
    assert 5 <= len(before) < SEEDS
    assert all(read_record(path).status == "finished" for path in (tracked / "records").glob("*.json"))
    if cut == signal.SIGINT:
        assert result.code == 130
        assert "Interrupted." in result.message
        assert f"of {SEEDS} runs are finished and kept" in result.message
        assert "type the same command again" in result.message
    else:
        assert result.code == -signal.SIGKILL

    again = call(tracked, *sweep(synthetic_template))
    assert again.code == 0, again.err
    after = contents(tracked)
    assert len(after) == SEEDS
    assert {name: after[name] for name in before} == before
    reused = int(again.out.split("of which ")[1].split()[0])
    assert len(before) <= reused + 1
    assert reused <= len(before)


def test_after_a_cut_the_store_has_one_finished_run_a_record(tracked: Path, synthetic_template: Path) -> None:
    process = start(tracked, *sweep(synthetic_template))
    wait_for_records(tracked, 8, process)
    process.kill()
    finish(process)
    assert call(tracked, *sweep(synthetic_template)).code == 0
    with sqlite3.connect(tracked / "mlflow.db") as db:
        finished = db.execute(
            "SELECT COUNT(DISTINCT t.value), COUNT(*) FROM tags t JOIN runs r ON r.run_uuid = t.run_uuid "
            "WHERE t.key = 'stancebench.score_key' AND r.status = 'FINISHED'"
        ).fetchone()
        parents = db.execute("SELECT COUNT(DISTINCT value) FROM tags WHERE key = 'mlflow.parentRunId'").fetchone()
    assert finished == (SEEDS, SEEDS)
    assert parents == (1,)


def test_four_sweeps_at_once_into_a_store_that_does_not_exist(home: Path, synthetic_template: Path) -> None:
    models = ["majority,holder_prior", "stratified", "majority,stratified", "holder_prior"]
    processes = [
        start(home, "run", "-m", f"corpus.name={synthetic_template}", f"model={model}", "seed=0,1") for model in models
    ]
    results = [finish(p) for p in processes]
    assert [r.code for r in results] == [0, 0, 0, 0], [r.err for r in results]
    with sqlite3.connect(home / "mlflow.db") as db:
        states = db.execute("SELECT status, COUNT(*) FROM runs GROUP BY status").fetchall()
        children = db.execute("SELECT COUNT(*) FROM tags WHERE key = 'mlflow.parentRunId'").fetchone()[0]
    # 2 + 2 + 3 + 1 distinct records under four parents: seeds count for `stratified` only.
    assert states == [("FINISHED", 12)]
    assert children == 8


def test_an_unwritable_home_is_told(tmp_path: Path, synthetic_template: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    result = call(
        tmp_path / "file" / "home",
        *("run", f"corpus.name={synthetic_template}", "model=majority", "tracking=none"),
    )
    assert result.code == 1
    assert result.message.startswith("stancebench: Cannot write ")
    assert "STANCEBENCH_HOME" in result.message


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A file system with no more than 40 kB; needs root."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or os.geteuid() != 0 or mount is None:
        pytest.skip("mounting a small file system needs Linux and root")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=40k", "none", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
    return folder


def test_a_full_disk_is_told_and_keeps_what_was_finished(small_disk: Path, synthetic_template: Path) -> None:
    home = small_disk / "home"
    try:
        result = finish(
            subprocess.Popen(
                [sys.executable, "-m", "stancebench", *sweep(synthetic_template), "tracking=none"],
                env=environment(home),
                cwd=small_disk.parent,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        assert result.code == 1
        assert "is full" in result.message
        assert "What was finished before is kept" in result.message
        assert list(RunStore(home).all_records()) or not list((home / "records").glob("*.json"))
        assert not list(home.rglob("*.tmp"))
    finally:
        subprocess.run(["umount", str(small_disk)], check=True)


def test_a_damaged_store_is_told_and_rebuilt_from_the_records(tracked: Path, synthetic_template: Path) -> None:
    arguments = ["run", f"corpus.name={synthetic_template}", "model=majority"]
    assert call(tracked, *arguments).code == 0
    store = tracked / "mlflow.db"
    for extra in tracked.glob("mlflow.db-*"):
        extra.unlink()
    store.write_bytes(b"this is no database" * 1000)
    result = call(tracked, *arguments, "scoring=semeval")
    assert result.code == 1
    assert "is damaged or no MLflow store" in result.message
    assert "stancebench track sync" in result.message
    store.rename(tracked / "mlflow.db.broken")
    synced = call(tracked, "track", "sync")
    assert synced.code == 0, synced.err
    assert "1 runs added for 1 records" in synced.out
