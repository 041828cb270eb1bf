"""Where systems are strong and weak: the test cut into slices."""

from __future__ import annotations

from dataclasses import replace

from stancebench.reports.page.material import Material
from stancebench.reports.page.parts import Heading, Section, Sheet, Value, hundredths, probability, signed
from stancebench.reports.picture import row_label
from stancebench.reports.slices import Sliced, heat_map, is_small, slice_table
from stancebench.reports.systems import SharedTest
from stancebench.scoring.slices import SliceScore

TITLE = "Slices"

SCORE = "accuracy"
"""defined in every slice, which the headline seldom is"""


def slices(material: Material) -> Section:
    """Return the section of slices: a heat map of all systems, and the best system in full."""
    lead = f"{SCORE.capitalize()} in parts of the test, in hundredths: the stronger the colour, the higher. "
    shared = material.main
    if shared is None:
        return Section("slices", TITLE, lead, missing=material.unpaired)
    ordered = best_first(material, shared)
    heat = heat_map(ordered, score=SCORE)
    if heat is None:
        return Section("slices", TITLE, lead, missing="No slice of this test is large enough for anything to be said.")
    best = slice_table(replace(ordered, systems=ordered.systems[:1]), score=SCORE)
    lead += (
        f"{SCORE.capitalize()} is easily high where most gold is none: compare systems within a column. The table is "
        f"of the best system. {best.method()}."
    )
    return Section("slices", TITLE, lead, drawings=(heat,), sheets=(_sheet(best),))


def best_first(material: Material, shared: SharedTest) -> SharedTest:
    """Return the systems in the order of the result table."""
    place = {row_label(row): i for i, row in enumerate(material.ordered)}
    return replace(shared, systems=tuple(sorted(shared.systems, key=lambda s: place.get(s.name, len(place)))))


def _sheet(sliced: Sliced) -> Sheet:
    ((system, scores),) = sliced.systems
    headings = tuple(
        Heading(*h)
        for h in (
            ("slice", "slicing and value"),
            ("judgements", ""),
            (f"{sliced.cluster}s", ""),
            ("favor / against / none", "gold"),
            (sliced.score, "in hundredths"),
            ("to the rest", "difference to the other rows of the slicing; * is significant after correction"),
            ("adjusted p", "over all rows of this table"),
        )
    )
    lines = tuple(_line(one) for one in scores if not is_small(one))
    return Sheet("slices", f"Slices of {system.name}", headings, lines, folded=True)


def _line(one: SliceScore) -> tuple[Value, ...]:
    apart = signed(one.difference, one.difference_low, one.difference_high, note=one.difference_reason)
    return (
        Value(f"{one.slicing} {one.name}"),
        Value(str(one.rows), one.rows),
        Value(str(one.clusters), one.clusters),
        Value(" / ".join(map(str, one.gold))),
        hundredths(one.value, one.low, one.high, note=one.reason),
        replace(apart, text=f"{apart.text}*") if one.significant else apart,
        probability(one.p_adjusted),
    )
