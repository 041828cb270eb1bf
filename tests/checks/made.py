"""An experiment that was never committed, run on the synthetic corpus, and tables with records of other properties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stancebench.checks.check import Check
from stancebench.config.schemas import TableConfig
from stancebench.config.spec import model_config
from stancebench.protocols import Protocol
from stancebench.reports.experiment import Experiment
from stancebench.reports.table import Row, Table
from stancebench.runs.execute import Runner
from stancebench.runs.record import Record
from stancebench.runs.spec import RunSpec, Scoring
from stancebench.runs.store import RunStore
from stancebench.scoring import Bootstrap
from stancebench.tasks import Task

Chosen = tuple[str, dict[str, Any], str, int]
"""model, its config, inputs, seed"""

COLUMNS = ["f_avg_macro", "f_avg.*"]


def make_experiment(corpus: Path, home: Path, *chosen: Chosen) -> Experiment:
    """Run some systems and return them as an experiment."""
    runner = Runner(RunStore(home), model_config)
    specs = [
        RunSpec(
            corpus=str(corpus),
            task=Task("attributed", inputs),
            protocol=Protocol(),
            model=model,
            model_config=config,
            seed=seed,
            scoring=Scoring(bootstrap=Bootstrap(rounds=200)),
        )
        for model, config, inputs, seed in chosen
    ]
    runs = [(spec, runner.run(spec).record) for spec in specs]
    return Experiment("made", TableConfig("Made", COLUMNS), list(runs), runner.store, False, runner, None)


def with_records(table: Table, at: int, **changed: Any) -> Table:
    """Return a table whose row has records with other fields."""
    rows = list(table.rows)
    records = tuple(record.model_copy(update=changed) for record in rows[at].records)
    rows[at] = replace(rows[at], records=records)
    return replace(table, rows=tuple(rows))


def only_row(table: Table, row: Row) -> Table:
    """Return a table of one row."""
    return replace(table, rows=(row,))


def of(checks: Sequence[Check], code: str) -> list[Check]:
    """Return the findings of one code."""
    return [check for check in checks if check.code == code and check.level == "warning"]


def first(row: Row) -> Record:
    """Return the first record of a row."""
    return row.records[0]
