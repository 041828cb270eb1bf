"""An experiment's table: systems by scores, each number from a record."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any
from typing import Protocol as Structural

from stancebench.errors import unknown
from stancebench.protocols import Protocol
from stancebench.runs.record import Record
from stancebench.runs.spec import RunSpec
from stancebench.scoring.resampling import Interval
from stancebench.scoring.scores import SCORES

HIDDEN = {"name"}

REPEATED = {"seed": "seeds", "draw": "draws"}
"""settings that make repetitions of one system, not systems of their own"""

DROP = "drop"
"""column of how much f_avg_macro (as ``drop.target``: f_avg of a target) is lower than under the official protocol"""

IS_OFFICIAL = "this is the official run"
"""why a drop of 0 has no interval"""

Settings = dict[str, str]


@dataclass(frozen=True)
class Cell:
    """One number of a table.

    Attributes
    ----------
    value : float or None
        None where it is undefined or the model declined
    low, high : float or None
        its interval
    reason : str
        why a value or an interval is missing
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""

    def text(self, *, interval: bool = True) -> str:
        """Return the number in hundredths with its interval, as ``46.2 [41.0, 51.3]``."""
        if self.value is None:
            return "undefined" if self.reason else "-"
        number = f"{100 * self.value:.1f}"
        if not interval or self.low is None or self.high is None:
            return number
        return f"{number} [{100 * self.low:.1f}, {100 * self.high:.1f}]"


@dataclass(frozen=True)
class Run:
    """A finished run, beside the official one of the same model, settings and seed where the table has it."""

    record: Record
    official: Record | None = None


class PairedIntervals(Structural):
    """What knows the interval of a difference of two records of the same judgements."""

    def interval(self, official: Record, other: Record, score: str, target: str = "") -> Interval:
        """Return the bounds of the first one's score less the second one's, or why there are none."""


@dataclass(frozen=True)
class Row:
    """One system: its records are the seeds of a stochastic model, else one."""

    model: str
    settings: Settings
    records: tuple[Record, ...]
    cells: tuple[Cell, ...]
    note: str = ""
    declined: str = ""
    """why, where the model or the corpus declined"""


@dataclass(frozen=True)
class Table:
    """Rows and columns, and how many runs are missing."""

    name: str
    title: str
    settings: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    missing: int

    def header(self) -> list[str]:
        """Return the column names: model, settings, scores."""
        return ["model", *self.settings, *self.columns]

    def lines(self, *, intervals: bool = True) -> list[list[str]]:
        """Return each row's texts; without ``intervals`` only the first score carries its own."""
        return [
            [
                row.model + (f" ({row.note})" if row.note else ""),
                *(row.settings.get(s, "") for s in self.settings),
                *(cell.text(interval=intervals or i == 0) for i, cell in enumerate(row.cells)),
            ]
            for row in self.rows
        ]

    def markdown(self) -> str:
        """Return the table as Markdown, scores in hundredths."""
        header = self.header()
        rule = ["---"] * (1 + len(self.settings)) + ["---:"] * len(self.columns)
        lines = [header, rule, *self.lines()]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
        notes = [f"Declined: {reason}" for reason in self.declined()]
        notes += [f"Without an interval: {reason}" for reason in self.without_interval()]
        return table + "".join(f"\n{note.removesuffix('.')}.\n" for note in notes)

    def declined(self) -> list[str]:
        """Return why rows declined, each reason once with the systems it holds for."""
        systems: dict[str, list[str]] = {}
        for row in self.rows:
            if row.declined:
                system = " ".join([row.model, *row.settings.values()]).strip()
                systems.setdefault(row.declined, []).append(" ".join(system.split()))
        return [f"{', '.join(dict.fromkeys(named))}: {reason}" for reason, named in systems.items()]

    def without_interval(self) -> list[str]:
        """Return why numbers have no interval, each reason once with the columns it holds for."""
        columns: dict[str, list[str]] = {}
        for row in self.rows:
            for column, cell in zip(self.columns, row.cells, strict=True):
                if cell.value is not None and cell.low is None and cell.reason not in ("", IS_OFFICIAL):
                    columns.setdefault(cell.reason, []).append(column)
        return [f"{', '.join(dict.fromkeys(named))}: {reason}" for reason, named in columns.items()]

    def csv(self) -> str:
        """Return one line per system and score, with full precision."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["model", *self.settings, "note", "score", "value", "low", "high", "reason", "records"])
        for row in self.rows:
            keys = " ".join(r.score_key[:16] for r in row.records)
            for column, c in zip(self.columns, row.cells, strict=True):
                numbers = ["" if v is None else repr(v) for v in (c.value, c.low, c.high)]
                settings = [row.settings.get(s, "") for s in self.settings]
                writer.writerow([row.model, *settings, row.note, column, *numbers, row.declined or c.reason, keys])
        return out.getvalue()

    def as_json(self) -> dict[str, Any]:
        """Return the table as plain JSON values."""
        return {
            "name": self.name,
            "title": self.title,
            "columns": list(self.columns),
            "missing": self.missing,
            "rows": [
                {
                    "model": row.model,
                    "settings": row.settings,
                    "note": row.note,
                    "declined": row.declined,
                    "records": [r.score_key for r in row.records],
                    "scores": {
                        column: {"value": c.value, "low": c.low, "high": c.high, "reason": c.reason}
                        for column, c in zip(self.columns, row.cells, strict=True)
                    },
                }
                for row in self.rows
            ],
        }


def expand(columns: Sequence[str], targets: Sequence[str]) -> tuple[str, ...]:
    """Return column names with ``score.*`` written out for each target; ``drop`` and ``drop.target`` are columns too.

    Raises
    ------
    UsageError
        when there is no such score or target
    """
    out: list[str] = []
    for column in columns:
        score, _, target = column.partition(".")
        if score not in (*SCORES, DROP):
            raise unknown("score", score, (*SCORES, DROP))
        if target not in ("", "*", *targets):
            raise unknown("target", target, targets, f"Write {score}.* for all of them.")
        out += [f"{score}.{t}" for t in targets] if target == "*" else [column]
    return tuple(out)


def build(
    name: str,
    title: str,
    runs: Sequence[tuple[RunSpec, Record | None]],
    columns: Sequence[str],
    drops: PairedIntervals | None = None,
) -> Table:
    """Return the table of an experiment.

    Parameters
    ----------
    name, title : str
        of the experiment
    runs : sequence of (RunSpec, Record or None)
        each run asked for, with its record where it is finished
    columns : sequence of str
        ``score``, ``score.target`` or ``score.*``
    drops : PairedIntervals, optional
        which has the predictions that the interval of a drop needs; without it drops have none

    Returns
    -------
    Table
        systems in the order asked; the seeds of one system make one row
    """
    # Where targets are an open class, no score is of one of them.
    targets = dict.fromkeys(s.target for _, record in runs if record for s in record.scores if s.target)
    columns = expand(columns, list(targets))
    settings = [flat_settings(spec) for spec, _ in runs]
    shown = _varying([(spec.model, mine) for (spec, _), mine in zip(runs, settings, strict=True)])
    # A setting in which the runs of one model differ is told of every model that has it.
    columns_of_settings = list(dict.fromkeys(k for keys in shown.values() for k in keys if k not in REPEATED))
    if len({flat["corpus"] for flat in settings}) > 1:
        columns_of_settings = list(dict.fromkeys(["corpus", *columns_of_settings]))
    finished = {_identity(spec): record for spec, record in runs if record is not None}
    systems: dict[tuple[str, tuple[tuple[str, str], ...]], list[Run]] = {}
    for (spec, record), flat in zip(runs, settings, strict=True):
        if record is not None:
            mine = tuple((k, flat[k]) for k in columns_of_settings if k in flat)
            official = finished.get(_identity(replace(spec, protocol=Protocol())))
            systems.setdefault((spec.model, mine), []).append(Run(record, official))
    rows = [_row(model, dict(mine), _distinct(found), columns, drops) for (model, mine), found in systems.items()]
    names = tuple(dict.fromkeys(k for row in rows for k in row.settings))
    return Table(name, title, names, columns, tuple(rows), sum(record is None for _, record in runs))


def _identity(spec: RunSpec) -> str:
    return json.dumps(spec.as_json(), sort_keys=True)


def _distinct(runs: Sequence[Run]) -> list[Run]:
    return list({run.record.score_key: run for run in runs}.values())


def flat_settings(spec: RunSpec) -> Settings:
    """Return every choice of a run but its model's name, as text."""
    flat: Settings = {}

    def walk(name: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                # `conditioning: {name: marked}` reads as conditioning=marked.
                walk(name if key in HIDDEN else key, inner)
        else:
            flat[name] = str(value)

    walk("", dict(spec.model_config))
    flat |= {"corpus": spec.corpus_name, "inputs": spec.task.inputs, "task": spec.task.name}
    flat |= {"protocol": spec.protocol.title, "draw": str(spec.protocol.draw), "seed": str(spec.seed)}
    return flat


def _varying(settings: Sequence[tuple[str, Settings]]) -> dict[str, list[str]]:
    """Return, for each model, the settings in which its runs differ."""
    by_model: dict[str, list[Settings]] = {}
    for model, flat in settings:
        by_model.setdefault(model, []).append(flat)
    varying = {}
    for model, flats in by_model.items():
        keys = dict.fromkeys(key for flat in flats for key in flat)
        varying[model] = [key for key in keys if len({flat.get(key) for flat in flats}) > 1]
    return varying


def _row(model: str, settings: Settings, runs: list[Run], columns: Sequence[str], drops: PairedIntervals | None) -> Row:
    records = tuple(run.record for run in runs)
    declined = next((r.reason for r in records if r.status == "declined"), "")
    if declined:
        return Row(model, settings, records, (Cell(None),) * len(columns), "declined", declined)
    cells = tuple(_dropped(column, runs, drops) if _is_drop(column) else _cell(column, records) for column in columns)
    return Row(model, settings, records, cells, _repeated(records))


def _repeated(records: Sequence[Record]) -> str:
    if len(records) == 1:
        return ""
    draws = len({r.run["protocol"].get("draw") for r in records}) > 1
    seeds = len({r.run["seed"] for r in records}) > 1
    return f"{len(records)} {'runs' if draws and seeds else REPEATED['draw' if draws else 'seed']}"


def _is_drop(column: str) -> bool:
    return column.partition(".")[0] == DROP


def _cell(column: str, records: Sequence[Record]) -> Cell:
    score, _, target = column.partition(".")
    entries = [r.value(score, target) for r in records]
    values = [e.value for e in entries if e is not None and e.value is not None]
    if target and not any(target == s.target for r in records for s in r.scores):
        # The target of another corpus in the same table.
        return Cell(None)
    if len(values) < len(records):
        reason = next((e.reason for e in entries if e is not None and e.reason), "this record has no such score")
        return Cell(None, reason=reason)
    if len(records) > 1:
        # Over seeds or draws the mean, between the lowest and the highest.
        return Cell(fmean(values), min(values), max(values), reason="bounds are the range of the repetitions")
    (only,) = entries
    assert only is not None
    return Cell(only.value, only.low, only.high, only.reason)


def _dropped(column: str, runs: Sequence[Run], paired: PairedIntervals | None) -> Cell:
    """Return the official score less this one, on the same judgements.

    Its bounds are those of the paired difference; of several repetitions, their range.
    """
    _, _, target = column.partition(".")
    score = "f_avg" if target else "f_avg_macro"
    drops = []
    for run in runs:
        if run.official is None or run.official.status == "declined":
            return Cell(None, reason="the table has no official run of this system")
        if run.official.gold_hash != run.record.gold_hash:
            return Cell(None, reason="this protocol has test judgements of its own")
        was, now = run.official.value(score, target), run.record.value(score, target)
        if was is None or now is None or was.value is None or now.value is None:
            return Cell(None, reason=f"{score} is undefined")
        drops.append(was.value - now.value)
    if len(drops) == 1:
        return _alone(drops[0], runs[0], paired, score, target)
    return Cell(fmean(drops), min(drops), max(drops), reason="bounds are the range of the repetitions")


def _alone(drop: float, run: Run, paired: PairedIntervals | None, score: str, target: str) -> Cell:
    assert run.official is not None
    if run.official.score_key == run.record.score_key:
        return Cell(drop, reason=IS_OFFICIAL)
    if paired is None:
        return Cell(drop, reason="its interval needs predictions")
    low, high, _, reason = paired.interval(run.official, run.record, score, target)
    return Cell(drop, low, high, reason)
