"""How far stated probabilities can be believed, and what silence where a system is unsure would gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stancebench.reports.drawing import SERIES, Drawing
from stancebench.reports.figures import Curve, drawing, line_plot
from stancebench.reports.page.material import Material
from stancebench.reports.page.parts import Heading, Section, Sheet, Value
from stancebench.reports.picture import row_label
from stancebench.reports.systems import SharedTest, System
from stancebench.runs.evaluation import scored_rows
from stancebench.runs.record import Record
from stancebench.runs.row_scores import probabilities_of
from stancebench.scoring.abstention import Answers, aurc, risk_coverage
from stancebench.scoring.calibration import Forecasts, brier, classwise_ece, log_loss, reliability
from stancebench.scoring.declared import SCORES
from stancebench.scoring.tally import UNKNOWN_CODE
from stancebench.vocabulary import STANCES

CALIBRATION, ABSTENTION = "Reliability", "Abstention"

POINTS = 100
"""points of a curve that are drawn"""

NONE = "No system of this test gives probabilities."


@dataclass(frozen=True)
class Stated:
    """A system's probabilities and answers; of several seeds, those of the first."""

    forecasts: Forecasts
    answers: Answers


def stated_by(material: Material) -> Mapping[str, Stated]:
    """Return what each system states, best headline first; those without probabilities are left out."""
    shared = material.main
    if shared is None:
        return {}
    systems = {system.name: system for system in shared.systems}
    found = {
        row_label(row): _stated(shared, systems[row_label(row)])
        for row in material.ordered
        if row_label(row) in systems
    }
    return {name: stated for name, stated in found.items() if stated is not None}


def _stated(shared: SharedTest, system: System) -> Stated | None:
    predictions = system.predictions[0]
    p = probabilities_of(predictions)
    if p is None:
        return None
    rows = scored_rows(shared.prepared, predictions["stance"], shared.scoring.bootstrap.cluster)
    forecasts = Forecasts(p, rows.gold, rows.cluster)
    # An answer outside the three stances has no probability: it is the least sure.
    sure = np.append(forecasts.normal, np.zeros((len(p), 1)), axis=1)[np.arange(len(p)), rows.predicted]
    wrong = (rows.predicted != rows.gold) | (rows.predicted == UNKNOWN_CODE)
    return Stated(forecasts, Answers(sure, wrong, rows.cluster))


def drawn(material: Material, stated: Mapping[str, Stated]) -> list[str]:
    """Return the systems that are drawn: the best ones, and the best holder prior."""
    names = list(stated)[: len(SERIES)]
    prior = row_label(material.reference) if material.reference else ""
    return names if prior in names or prior not in stated else [*names[:-1], prior]


def calibration(material: Material, stated: Mapping[str, Stated]) -> Section:
    """Return the section of reliability diagrams, one for each stance."""
    lead = (
        "Where a system gives a stance a probability of 70%, gold should be that stance 70% of the time: on the dashed "
        "line. Points are ten bins of equal width. Drawn are the best systems that give probabilities and the holder "
        "prior; the table has all of them, with intervals where the records have any, and lower is better there."
    )
    if not stated:
        return Section("reliability", CALIBRATION, lead, missing=material.unpaired or NONE)
    names = drawn(material, stated)
    drawings = tuple(_reliability(stance, {name: stated[name] for name in names}) for stance in STANCES)
    sheet = _sheet("reliability", "Scores of probabilities", material, stated, ("log_loss", "brier", "classwise_ece"))
    return Section("reliability", CALIBRATION, lead, drawings=drawings, sheets=(sheet,))


def _reliability(stance: str, stated: Mapping[str, Stated]) -> Drawing:
    curves = []
    for name, one in stated.items():
        bins = [b for b in reliability(one.forecasts) if b.stance == stance]
        curves.append(Curve(name, [b.mean_p for b in bins], [b.frequency for b in bins]))
    titles = (f"stated probability of {stance}", f"share of gold {stance}")
    wide, narrow = (line_plot(curves, *titles, diagonal=True, square=True, narrow=n) for n in (False, True))
    alt = f"Reliability of the probabilities of {stance} of {', '.join(stated)}."
    return drawing(f"reliability_{stance}", alt, wide, narrow, stance, part=True)


def abstention(material: Material, stated: Mapping[str, Stated]) -> Section:
    """Return the section of risk-coverage curves."""
    lead = (
        "If a system answers only where it is surest, how much of what it says is wrong? At the right all is answered, "
        "and the risk is one less the accuracy. aurc is the area under the curve; lower is better. Drawn are the same "
        "systems as above."
    )
    if not stated:
        return Section("risk", ABSTENTION, lead, missing=material.unpaired or NONE)
    curves = [risk_curve(name, stated[name].answers) for name in drawn(material, stated)]
    titles = ("coverage: share of judgements answered", "risk: share of answers that are wrong")
    wide, narrow = (line_plot(curves, *titles, points=False, narrow=n) for n in (False, True))
    alt = f"Risk-coverage curves of {', '.join(curve.name for curve in curves)}."
    sheet = _sheet("risk_coverage", "Area under the risk-coverage curve", material, stated, ("aurc",))
    return Section("risk", ABSTENTION, lead, drawings=(drawing("risk_coverage", alt, wide, narrow),), sheets=(sheet,))


def risk_curve(name: str, answers: Answers) -> Curve:
    """Return a risk-coverage curve, at most as many of its points as can be seen."""
    curve = risk_coverage(answers)
    kept = np.unique(np.searchsorted(curve.coverage, np.arange(1, POINTS + 1) / POINTS - 1e-12))
    return Curve(name, curve.coverage[kept].tolist(), curve.risk[kept].tolist())


def _sheet(name: str, caption: str, material: Material, stated: Mapping[str, Stated], scores: Sequence[str]) -> Sheet:
    records = {row_label(row): row.records for row in material.ordered}
    lines = [
        (Value(system), *(_score(score, one, records[system]) for score in scores)) for system, one in stated.items()
    ]
    headings = (Heading("system"), *(Heading(score, SCORES[score].meaning) for score in scores))
    return Sheet(name, caption, headings, tuple(lines), folded=True)


def _score(score: str, stated: Stated, records: Sequence[Record]) -> Value:
    made = {"log_loss": log_loss, "brier": brier, "classwise_ece": classwise_ece}
    value = made[score](stated.forecasts) if score in made else aurc(stated.answers)
    entry = records[0].value(score) if len(records) == 1 else None
    if entry is None or entry.low is None or entry.high is None:
        return Value(f"{value:.3f}", value)
    return Value(f"{value:.3f}", value, entry.low, entry.high, f"[{entry.low:.3f}, {entry.high:.3f}]")
