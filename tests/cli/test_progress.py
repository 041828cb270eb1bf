"""A person at a terminal sees progress on stderr; a file or a pipe gets none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import call, environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")


def on_a_terminal(home: Path, *arguments: str) -> tuple[str, str]:
    """Run the command line with stderr on a terminal; return stdout and what the terminal got."""
    main, side = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "stancebench", *arguments],
        env=environment(home) | {"TERM": "xterm"},
        cwd=home.parent,
        stdout=subprocess.PIPE,
        stderr=side,
        text=True,
    )
    os.close(side)
    seen = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            # Linux says so when the other side is closed.
            break
        if not part:
            break
        seen += part
    os.close(main)
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0, seen
    return out, seen.decode(errors="replace")


@pytest.mark.skipif(sys.platform == "win32", reason="this needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["-m", "model=stratified", "seed=range(0,30)"], "runs"), (["model=tfidf_svm"], "tfidf_svm on")],
)
def test_a_terminal_shows_progress_and_a_pipe_does_not(
    home: Path, synthetic_template: Path, arguments: list[str], told: str
) -> None:
    line = ["run", f"corpus.name={synthetic_template}", "tracking=none", *arguments]
    out, seen = on_a_terminal(home, *line)
    assert told in seen
    assert "Record" in out
    assert call(home, *line).err == ""
