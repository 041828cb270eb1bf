"""The script that `docs/python.md` shows runs as it stands, in an empty folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from stancebench.paths import CHECKOUT

SCRIPT = CHECKOUT / "docs" / "quickstart.py"


def test_the_quickstart_runs_in_an_empty_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for told in ("<Corpus coverage@0.1: ", "Pipeline on coverage@0.1, attributed from text+holder", "tfidf_logreg"):
        assert told in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["mine.csv"]


def test_the_page_shows_the_script_itself() -> None:
    page = (CHECKOUT / "docs" / "python.md").read_text(encoding="utf-8")
    assert "{literalinclude} quickstart.py" in page
