"""A published comparison, run afresh and held against the committed one."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from stancebench.corpora.corpus import Corpus
from stancebench.paths import CHECKOUT
from tests.commands import Cli

LONG = 15
"""characters from which a text cannot be in a file by chance"""

CONTRADICTED = "rows with different labels. All are kept, as published."


def run_again(cli: Cli, name: str, corpus: Corpus, home: Path) -> list[dict[str, Any]]:
    """Run an experiment and return its published figures beside ours; what holds for all of them is checked here."""
    first = cli("run", f"experiment={name}", "tracking=none")
    assert first.code == 0, first.err
    warned = [line for line in first.err.splitlines() if line.startswith("warning:") and CONTRADICTED not in line]
    assert len(warned) == 1, "one warning for each corpus that leaks"
    assert warned[0].endswith("The published split stays as it is.")
    # Finished runs are taken as they are, and the leak is told each time.
    again = [line for line in cli("run", f"experiment={name}", "tracking=none").err.splitlines() if line in warned]
    assert again == warned
    _holds_no_text(home, corpus)
    figures: list[dict[str, Any]] = json.loads(cli("table", name, "--json").out)["published"]
    with (CHECKOUT / "results" / name / "published.csv").open(encoding="utf-8") as file:
        committed = list(csv.DictReader(file))
    for ours, theirs in zip(figures, committed, strict=True):
        assert ours["record"] == theirs["record"], "the committed results are of other files or another version"
        assert ours["ours"] == pytest.approx(float(theirs["ours"]), abs=0.5)
    return figures


def _holds_no_text(home: Path, corpus: Corpus) -> None:
    written = "\n".join(
        path.read_text(encoding="utf-8") for part in ("records", "predictions") for path in (home / part).iterdir()
    )
    texts = {text for text in corpus.table["text"] if len(text) >= LONG}
    assert len(texts) > 1_000
    assert not [text for text in texts if text in written or json.dumps(text)[1:-1] in written]
