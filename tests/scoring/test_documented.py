"""The figures of docs/intervals.md are those of the committed simulation."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from stancebench.paths import CHECKOUT
from stancebench.scoring.support import NEEDED, NEVER

FIGURES = CHECKOUT / "benchmarks" / "figures"
PAGE = (CHECKOUT / "docs" / "intervals.md").read_text(encoding="utf-8")

CLUSTERS = ("20", "40", "80", "160", "320")
SCORES = ("f_avg_macro", "f_avg_pooled", "macro_f1", "accuracy", "mcc", "f_avg_worst")
CLASSES = ("balanced", "as in coverage", "rare")
SUPPORTS = ("3", "4", "5", "6 to 7", "8 to 9", "10 to 12", "13 to 15", "16 to 19", "20 to 24", "25 to 29", "30 to 39")
ENOUGH = 1_000
"""intervals that a cell's coverage is shown from: its standard error is then 0.7 points"""

Line = dict[str, str]


def read(name: str, folder: Path = FIGURES) -> list[Line]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cell(lines: list[Line], **wanted: str) -> str:
    """Return the coverage of the one line that is as wanted, or a dash where there are too few intervals."""
    found = [line for line in lines if wanted.items() <= line.items()]
    return found[0]["coverage"] if len(found) == 1 and int(found[0]["intervals"]) >= ENOUGH else "-"


def coverage_rows(folder: Path = FIGURES) -> Iterator[str]:
    """Yield the rows of the table of coverage: by event, and by judgement in brackets."""
    lines = [line for line in read("coverage.csv", folder) if line["of"] == "all" and line["system"] == "middling"]
    for classes in CLASSES:
        for score in SCORES:
            of = {"classes": classes, "score": score, "events": "clustered"}
            cells = [
                "{} ({})".format(*(cell(lines, clusters=k, resampled=r, **of) for r in ("event", "judgement")))
                for k in CLUSTERS
            ]
            yield f"| {classes} | `{score}` | {' | '.join(cells)} |".replace("- (-)", "-")


def support_rows(of: str, folder: Path = FIGURES) -> Iterator[str]:
    """Yield the rows of a table of coverage by support."""
    lines = [line for line in read("support.csv", folder) if line["of"] == of]
    for score in sorted({line["score"] for line in lines}, key=[*NEEDED].index):
        cells = [cell(lines, score=score, clusters=at) for at in SUPPORTS]
        if set(cells) != {"-"}:
            yield f"| `{score}` | {' | '.join(cells)} |"


def null_rows(folder: Path = FIGURES) -> Iterator[str]:
    """Yield the rows of the table of true nulls."""
    lines = read("null.csv", folder)
    for line in lines:
        if line["resampled"] == "by event":
            of = {k: line[k] for k in ("events", "classes", "systems")}
            apart = [other["rejected"] for other in lines if of.items() <= other.items() and other is not line]
            yield f"| {' | '.join(of.values())} | {line['rejected']} | {apart[0] if apart else ''} |"


def power_rows(folder: Path = FIGURES) -> Iterator[str]:
    """Yield the rows of the table of power."""
    lines = read("power.csv", folder)
    for events in dict.fromkeys(line["events"] for line in lines):
        yield f"| {events} | {' | '.join(line['found'] for line in lines if line['events'] == events)} |"


ROWS = {
    "coverage": coverage_rows(),
    "gold": support_rows("gold"),
    "answers": support_rows("answers"),
    "null": null_rows(),
    "power": power_rows(),
}


@pytest.mark.parametrize("table", ROWS)
def test_a_table_of_the_page_is_that_of_the_simulation(table: str) -> None:
    for row in ROWS[table]:
        assert row in PAGE, f"docs/intervals.md lacks {row}"


def test_an_interval_that_is_shown_holds_the_truth_often_enough() -> None:
    lines = [line for line in read("coverage.csv") if line["resampled"] == "event" and int(line["shown"]) >= ENOUGH]
    assert not {line["score"] for line in lines} & set(NEVER)
    coverages = [float(line["shown_coverage"]) for line in lines]
    assert len(coverages) > 500
    assert min(coverages) >= 88
