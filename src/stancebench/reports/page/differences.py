"""Which differences are more than chance, and the ranks that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stancebench.reports.drawing import Drawing
from stancebench.reports.figures import Mark, drawing, interval_plot
from stancebench.reports.page.material import Material
from stancebench.reports.page.pairing import BEST, PRIOR, Pairing
from stancebench.reports.page.parts import Heading, Section, Sheet, Value, hundredths, probability, signed
from stancebench.scoring.paired import Comparison, Difference
from stancebench.scoring.ranks import Rank

DIFFERENCES, RANKS = "Differences", "Ranks"

FILES = {PRIOR: "difference_to_prior", BEST: "difference_to_best"}

NO_PAIR = "There is nothing to compare: fewer than two systems have a defined headline."


def differences(material: Material, pairing: Pairing | None) -> Section:
    """Return the section of every system's difference to the best holder prior and to the best system."""
    lead = (
        "Paired differences on the same judgements, in hundredths. A filled dot differs significantly after "
        "correction; a ring does not."
    )
    if pairing is None or pairing.against is None:
        missing = material.unpaired if pairing is None else NO_PAIR
        return Section("differences", DIFFERENCES, lead, missing=missing)
    found = pairing.against
    drawings = tuple(
        _drawing(what, name, towards(found, name), pairing.score) for what, name in pairing.anchors.items()
    )
    return Section(
        "differences", DIFFERENCES, f"{lead} {how(found)}", drawings=drawings, sheets=(_differences_sheet(found),)
    )


def how(found: Comparison) -> str:
    """Return how differences were tested."""
    corrected = f"{found.correction.replace('_', '-').title()} over the {found.family} differences of this section"
    told = {
        "randomisation": "randomisation of clusters",
        "bootstrap": "its error over clusters and seeds, where a system has several seeds",
    }
    used = {d.test for d in found.differences}
    tested = " and ".join(text for test, text in told.items() if test in used) or "no test"
    return (
        f"{100 * found.level:g}% intervals by {found.rounds:,} paired bootstraps of {found.n_clusters:,} clusters; "
        f"two-sided p by {tested}; {corrected}."
    )


def towards(found: Comparison, name: str) -> list[Difference]:
    """Return the differences of every other system to one, whichever way they were taken."""
    mine = [d for d in found.differences if d.b == name]
    return mine + [turned(d) for d in found.differences if d.a == name]


def turned(d: Difference) -> Difference:
    """Return a difference taken the other way."""
    low, high = (None if bound is None else -bound for bound in (d.high, d.low))
    mcnemar = d.mcnemar and replace(d.mcnemar, b=d.mcnemar.c, c=d.mcnemar.b)
    return replace(d, a=d.b, b=d.a, value=None if d.value is None else -d.value, low=low, high=high, mcnemar=mcnemar)


def _drawing(what: str, name: str, found: Sequence[Difference], score: object) -> Drawing:
    marks = [
        Mark(
            d.a,
            100 * d.value,
            None if d.low is None else 100 * d.low,
            None if d.high is None else 100 * d.high,
            "system" if d.significant else "open",
        )
        for d in sorted(found, key=lambda d: -(d.value or 0.0))
        if d.value is not None
    ]
    title = f"difference in {score}, in hundredths"
    wide, narrow = (interval_plot(marks, title, line=0.0, line_kind="muted", narrow=n) for n in (False, True))
    n = sum(mark.kind == "system" for mark in marks)
    alt = f"Differences of {len(marks)} systems to {what}, {name}, with intervals; {n} are significant."
    return drawing(FILES[what], alt, wide, narrow, f"Less {what}: {name}")


def _differences_sheet(found: Comparison) -> Sheet:
    headings = tuple(
        Heading(*h)
        for h in (
            ("A", ""),
            ("B", ""),
            ("A - B", "difference in hundredths with its interval"),
            ("p", "randomisation by cluster"),
            ("adjusted p", "after correction over all rows"),
            ("significant", ""),
            ("only A right", "judgements"),
            ("only B right", "judgements"),
            ("McNemar p", "exact, on judgements"),
        )
    )
    return Sheet(
        "differences",
        "Every difference",
        headings,
        tuple(map(_difference_line, found.differences)),
        words=2,
        folded=True,
    )


def _difference_line(d: Difference) -> tuple[Value, ...]:
    table = d.mcnemar
    counts = (
        [Value("-")] * 3
        if table is None
        else [Value(str(table.b), table.b), Value(str(table.c), table.c), probability(table.p)]
    )
    return (
        Value(d.a),
        Value(d.b),
        signed(d.value, d.low, d.high, note=d.reason),
        probability(d.p),
        probability(d.p_adjusted),
        Value("yes" if d.significant else "no"),
        *counts,
    )


def ranks(material: Material, pairing: Pairing | None) -> Section:
    """Return the section of ranks, a picture for each cell of inputs."""
    lead = (
        "Systems are ranked only among those that see the same inputs. The diamond is the rank: one more than the "
        "number of systems that are significantly better (Holm over all pairs of the cell). The line is the 95% range "
        "of the rank by score when the test is drawn anew; it lies right of the diamond where systems with higher "
        "scores are not significantly better. A test over a few seeds has little power: such a system can share a rank "
        "that its scores do not reach."
    )
    if pairing is None or not pairing.cells:
        missing = material.unpaired if pairing is None else NO_PAIR
        return Section("ranks", RANKS, lead, missing=missing)
    drawings = tuple(_ranks_drawing(cell, found) for cell, found in pairing.cells.items())
    return Section("ranks", RANKS, lead, drawings=drawings, sheets=(_ranks_sheet(pairing),))


def _ranks_drawing(cell: str, found: Comparison) -> Drawing:
    shown = ranked(found)
    marks = [Mark(r.name, r.rank or 0, r.low, r.high) for r in shown]
    title = f"Rank among the {len(shown)} systems with inputs {cell}"
    wide, narrow = (interval_plot(marks, "rank; 1 is the best", ranks=len(shown), narrow=n) for n in (False, True))
    top = sum(r.rank == 1 for r in shown)
    alt = f"{title}, with intervals; {top} share rank 1."
    return drawing(f"ranks_{cell.replace('+', '_')}", alt, wide, narrow, title)


def ranked(found: Comparison) -> list[Rank]:
    """Return the ranks that are defined, best first."""
    return sorted((r for r in found.ranks if r.rank is not None), key=lambda r: (r.rank or 0, -(r.value or 0.0)))


def _ranks_sheet(pairing: Pairing) -> Sheet:
    headings = tuple(
        Heading(*h)
        for h in (
            ("system", ""),
            ("inputs", "what the model may see"),
            ("rank", "within its inputs; below it, the interval of its rank by score"),
            ("significantly better", "systems with the same inputs"),
            (str(pairing.score), "in hundredths"),
        )
    )
    lines = tuple(
        (Value(r.name), Value(cell), _rank(r), Value(str(r.better_by), r.better_by), hundredths(r.value))
        for cell, found in pairing.cells.items()
        for r in ranked(found)
    )
    return Sheet("ranks", "Every rank", headings, lines, words=2, folded=True)


def _rank(r: Rank) -> Value:
    if r.low is None or r.high is None:
        return Value(str(r.rank), r.rank, note=r.reason)
    return Value(str(r.rank), r.rank, r.low, r.high, f"[{r.low:g}, {r.high:g}]")
