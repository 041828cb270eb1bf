"""Every benchmark, one after another, with the machine they ran on."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

PROGRAMS = (
    "start.py",
    "one_run.py",
    "sweep.py",
    "bootstrap.py",
    "paired_tests.py",
    "score.py",
    "table.py",
    "listing.py",
    "report.py",
)


def main() -> None:
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        flush=True,
    )
    for program in PROGRAMS:
        subprocess.run([sys.executable, program], cwd=Path(__file__).parent, check=True)


if __name__ == "__main__":
    main()
