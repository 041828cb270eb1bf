"""Whether predictions stay when a sentence changes and its stance does not."""

from __future__ import annotations

from collections.abc import Sequence

from stancebench.probes.run import ProbeResult
from stancebench.reports.drawing import Drawing
from stancebench.reports.figures import Mark, drawing, interval_plot
from stancebench.reports.page.material import Material
from stancebench.reports.page.parts import Heading, Section, Sheet, Value, hundredths

TITLE = "Probes"


def probes(material: Material) -> Section:
    """Return the section of probes of the best system."""
    lead = (
        "Each probe changes a sentence so that its stance must not change. Consistency is the share of the judgements "
        "whose text is changed where the prediction stays; 100 is best. Probed is the best system, fitted anew; "
        "stancebench probe does the same for any other."
    )
    if not material.probes:
        return Section("probes", TITLE, lead, missing=material.unpaired or _not_asked(material))
    marks = [_mark(r, r.consistency) for r in material.probes if r.consistency is not None]
    drawings = (_drawing(material.probes[0].system, marks),) if marks else ()
    return Section("probes", TITLE, lead, drawings=drawings, sheets=(_sheet(material.probes),))


def _not_asked(material: Material) -> str:
    return f"Not probed: probing fits a model again. Type stancebench report {material.name} --probes."


def _drawing(name: str, marks: Sequence[Mark]) -> Drawing:
    title = "consistency, in hundredths"
    wide, narrow = (interval_plot(marks, title, zero=False, narrow=n) for n in (False, True))
    worst = min(marks, key=lambda mark: mark.value)
    alt = f"Consistency of {name} under {len(marks)} probes; lowest under {worst.name}, {worst.value:.1f}."
    return drawing("probes", alt, wide, narrow, name)


def _mark(result: ProbeResult, consistency: float) -> Mark:
    low, high = (None if bound is None else 100 * bound for bound in (result.low, result.high))
    return Mark(result.probe, 100 * consistency, low, high)


def _sheet(results: Sequence[ProbeResult]) -> Sheet:
    headings = tuple(
        Heading(*h)
        for h in (
            ("system", ""),
            ("probe", ""),
            ("consistency", "in hundredths with its interval"),
            ("changed", "predictions"),
            ("compared", "judgements whose text the probe changes"),
            ("accuracy before", "of the compared judgements"),
            ("accuracy after", "of the same, changed"),
        )
    )
    lines = tuple(
        (
            Value(r.system),
            Value(r.probe),
            hundredths(r.consistency, r.low, r.high, note=r.declined or r.reason),
            Value(str(r.changed), r.changed),
            Value(str(r.compared), r.compared),
            hundredths(r.accuracy_before),
            hundredths(r.accuracy_after),
        )
        for r in results
    )
    return Sheet("probes", "Every probe", headings, lines, words=2, folded=True)
