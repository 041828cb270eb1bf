"""An experiment's table: systems by scores, each number from a record."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from stancebench.errors import unknown
from stancebench.runs.record import Record
from stancebench.runs.spec import RunSpec
from stancebench.scoring.scores import SCORES

HIDDEN = {"name"}

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
class Row:
    """One system: its records are the seeds of a stochastic model, else one."""

    model: str
    settings: Settings
    records: tuple[Record, ...]
    cells: tuple[Cell, ...]
    note: str = ""


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
        return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"

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
                writer.writerow([row.model, *settings, row.note, column, *numbers, c.reason, keys])
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
    """Return column names with ``score.*`` written out for each target.

    Raises
    ------
    UsageError
        when there is no such score or target
    """
    out: list[str] = []
    for column in columns:
        score, _, target = column.partition(".")
        if score not in SCORES:
            raise unknown("score", score, SCORES)
        if target not in ("", "*", *targets):
            raise unknown("target", target, targets, f"Write {score}.* for all of them.")
        out += [f"{score}.{t}" for t in targets] if target == "*" else [column]
    return tuple(out)


def build(
    name: str, title: str, runs: Sequence[tuple[RunSpec, Record | None]], columns: Sequence[str], targets: Sequence[str]
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
    targets : sequence of str
        of the corpus

    Returns
    -------
    Table
        systems in the order asked; the seeds of one system make one row
    """
    columns = expand(columns, targets)
    settings = [_settings(spec) for spec, _ in runs]
    shown = _varying([(spec.model, mine) for (spec, _), mine in zip(runs, settings, strict=True)])
    systems: dict[tuple[str, tuple[tuple[str, str], ...]], list[Record]] = {}
    for (spec, record), flat in zip(runs, settings, strict=True):
        if record is not None:
            mine = tuple((k, flat[k]) for k in shown[spec.model] if k != "seed")
            systems.setdefault((spec.model, mine), []).append(record)
    rows = [_row(model, dict(mine), _distinct(records), columns) for (model, mine), records in systems.items()]
    names = tuple(dict.fromkeys(k for row in rows for k in row.settings))
    return Table(name, title, names, columns, tuple(rows), sum(record is None for _, record in runs))


def _distinct(records: Sequence[Record]) -> list[Record]:
    return list({r.score_key: r for r in records}.values())


def _settings(spec: RunSpec) -> Settings:
    flat: Settings = {}

    def walk(name: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                # `conditioning: {name: marked}` reads as conditioning=marked.
                walk(name if key in HIDDEN else key, inner)
        else:
            flat[name] = str(value)

    walk("", dict(spec.model_config))
    flat |= {"inputs": spec.task.inputs, "task": spec.task.name, "protocol": str(spec.protocol), "seed": str(spec.seed)}
    return flat


def _varying(settings: Sequence[tuple[str, Settings]]) -> dict[str, list[str]]:
    """Return, for each model, the settings in which its runs differ."""
    by_model: dict[str, list[Settings]] = {}
    for model, flat in settings:
        by_model.setdefault(model, []).append(flat)
    return {
        model: [k for k in flats[0] if len({flat.get(k) for flat in flats}) > 1] for model, flats in by_model.items()
    }


def _row(model: str, settings: Settings, records: list[Record], columns: Sequence[str]) -> Row:
    declined = next((r.reason for r in records if r.status == "declined"), "")
    if declined:
        return Row(model, settings, tuple(records), (Cell(None),) * len(columns), f"declined: {declined}")
    cells = tuple(_cell(column, records) for column in columns)
    return Row(model, settings, tuple(records), cells, f"{len(records)} seeds" if len(records) > 1 else "")


def _cell(column: str, records: list[Record]) -> Cell:
    score, _, target = column.partition(".")
    entries = [r.value(score, target) for r in records]
    values = [e.value for e in entries if e is not None and e.value is not None]
    if len(values) < len(records):
        reason = next((e.reason for e in entries if e is not None and e.reason), "this record has no such score")
        return Cell(None, reason=reason)
    if len(records) > 1:
        # Over seeds the mean, between the lowest and the highest.
        return Cell(fmean(values), min(values), max(values), reason="bounds are the seeds' range")
    (only,) = entries
    assert only is not None
    return Cell(only.value, only.low, only.high, only.reason)
