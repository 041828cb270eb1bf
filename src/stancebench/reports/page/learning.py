"""How much of the score a system has from a handful of examples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from stancebench.reports.drawing import SERIES
from stancebench.reports.figures import Curve, drawing, line_plot
from stancebench.reports.page.material import Material
from stancebench.reports.page.parts import Heading, Section, Sheet, Value, hundredths
from stancebench.reports.picture import row_label
from stancebench.reports.table import Row
from stancebench.runs.record import Record

TITLE = "Learning"

FEW_SHOT = "few_shot"

Few = Mapping[str, Mapping[int, Sequence[Record]]]
"""records of few examples, by system and by examples of each class and target"""


def learning(material: Material) -> Section:
    """Return the section of learning curves: systems trained on few examples, and on the whole train at the end."""
    lead = (
        f"{material.headline} of systems that learn from k examples of each stance and target, and at the right from "
        "the whole train. Points are means, and bands reach over the range of several draws of examples, and "
        "over the 95% interval where there is the whole train."
    )
    whole = _whole(material)
    few = _few(material.few_shot, whole)
    score = material.headline.partition(".")
    shown = {system: ks for system, ks in few.items() if _values(ks, score[0], score[2])}
    if not shown:
        why = (
            "No finished run trains one of these systems on few examples: type `stancebench run experiment=protocols`."
        )
        return Section("learning", TITLE, lead, missing=why)
    ticks = sorted({k for ks in shown.values() for k in ks})
    curves = [_curve(whole[system], ks, ticks, score[0], score[2]) for system, ks in shown.items()][: len(SERIES)]
    labels = [*map(str, ticks), "all"]
    wide, narrow = (
        line_plot(
            curves,
            "examples of each stance and target",
            f"{material.headline}, in hundredths",
            x_values=range(len(labels)),
            x_labels=labels,
            narrow=n,
        )
        for n in (False, True)
    )
    alt = f"Learning curves of {', '.join(c.name for c in curves)}, from {ticks[0]} examples of each stance and target."
    sheet = _sheet(shown, whole, ticks, score[0], score[2])
    return Section("learning", TITLE, lead, drawings=(drawing("learning", alt, wide, narrow),), sheets=(sheet,))


def _identity(run: Mapping[str, Any]) -> str:
    """Return what makes two runs the same system, whatever they learn from."""
    return json.dumps([run["corpus"], run["task"], run["model"], run["model_config"]], sort_keys=True)


def _whole(material: Material) -> dict[str, Row]:
    """Return the systems that learnt from the whole train, best first."""
    return {
        _identity(row.records[0].run): row
        for row in material.ranked
        if row.records[0].run["protocol"]["name"] == "official"
    }


def _few(records: Iterable[Record], whole: Mapping[str, Row]) -> Few:
    found: dict[str, dict[int, list[Record]]] = {system: {} for system in whole}
    for record in records:
        system = _identity(record.run)
        if system in whole and record.gold_hash == whole[system].records[0].gold_hash:
            found[system].setdefault(int(record.run["protocol"]["k"]), []).append(record)
    return found


def _values(ks: Mapping[int, Sequence[Record]], score: str, target: str) -> dict[int, list[float]]:
    """Return the defined scores of each size, over its draws."""
    values = {}
    for k, records in sorted(ks.items()):
        entries = [r.value(score, target) for r in records]
        defined = [e.value for e in entries if e is not None and e.value is not None]
        if defined:
            values[k] = defined
    return values


def _curve(row: Row, ks: Mapping[int, Sequence[Record]], ticks: Sequence[int], score: str, target: str) -> Curve:
    values = _values(ks, score, target)
    whole = row.cells[0]
    assert whole.value is not None
    bounds = [whole.value if bound is None else bound for bound in (whole.low, whole.high)]
    spread = [*values.values(), [whole.value]]
    x = [*(ticks.index(k) for k in values), len(ticks)]
    y, low, high = ([100 * f(v) for v in spread] for f in (fmean, min, max))
    low[-1], high[-1] = (100 * bound for bound in bounds)
    return Curve(row_label(row), x, y, low, high)


def _sheet(few: Few, whole: Mapping[str, Row], ticks: Sequence[int], score: str, target: str) -> Sheet:
    headings = (
        Heading("system"),
        *(Heading(f"k = {k}", f"{k} examples of each stance and target: mean and range of the draws") for k in ticks),
        Heading("whole train", "with its 95% interval"),
    )
    lines = []
    for system, ks in few.items():
        values, cell = _values(ks, score, target), whole[system].cells[0]
        cells = (
            hundredths(fmean(values[k]), min(values[k]), max(values[k])) if k in values else Value("-") for k in ticks
        )
        lines.append((Value(row_label(whole[system])), *cells, hundredths(cell.value, cell.low, cell.high)))
    return Sheet("learning", "Scores by examples learnt from", headings, tuple(lines), folded=True)
