"""The command line, called in this process or as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from stancebench.cli import dispatch, guarded


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def message(self) -> str:
        """The one line a refusal prints."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        assert len(lines) == 1, f"one message is expected, got:\n{self.err}"
        return lines[0]


Cli = Callable[..., Result]


def in_process(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Return a function that calls the command line in this process."""
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    # Workers of a parallel test run are told the width of somebody's terminal.
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(sys, "argv", ["stancebench"])

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        try:
            code = guarded(lambda: dispatch(list(arguments)))
        except SystemExit as e:
            code = int(e.code or 0)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a process whose runs go to a folder."""
    return {**os.environ, "STANCEBENCH_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "stancebench", *arguments],
        env=environment(home),
        cwd=home.parent if home.parent.is_dir() else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> Result:
    """Wait for a process and return what it left behind."""
    out, err = process.communicate(timeout=300)
    return Result(process.returncode, out, err)


def call(home: Path, *arguments: str) -> Result:
    """Run the command line as a process of its own."""
    return finish(start(home, *arguments))
