"""Two commands timed in turn, A B A B ..., so that a machine that slows down slows both."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

Command = Sequence[str]


def whole_process(command: Command, cwd: Path, env: dict[str, str] | None = None) -> float:
    """Return the wall seconds of a process from start to exit."""
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return seconds


def ratio(ours: Callable[[], float], plain: Callable[[], float], rounds: int) -> dict[str, float]:
    """Return medians of both and of their ratio pair by pair, after one round that is not counted."""
    ours(), plain()
    pairs = [(ours(), plain()) for _ in range(rounds)]
    return {
        "ours_s": round(statistics.median(a for a, _ in pairs), 4),
        "plain_s": round(statistics.median(b for _, b in pairs), 4),
        "ratio": round(statistics.median(a / b for a, b in pairs), 4),
        "ratio_min": round(min(a / b for a, b in pairs), 4),
        "ratio_max": round(max(a / b for a, b in pairs), 4),
        "rounds": rounds,
    }


def report(name: str, wanted: str, figures: dict[str, float]) -> None:
    """Print one line of figures, as JSON after a name."""
    print(f"{name}: wanted {wanted}: {json.dumps(figures)}", flush=True)
