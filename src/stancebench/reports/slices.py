"""Systems by slices of their test rows: a table with intervals and corrected tests, and a heat map."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING, Any

from stancebench.errors import UsageError, listed, unknown
from stancebench.reports.latex import booktabs
from stancebench.reports.systems import SharedTest, System
from stancebench.runs.evaluation import resampled, scored_rows
from stancebench.runs.slices import SLICINGS, Slices, slice_members
from stancebench.scoring import Bootstrap
from stancebench.scoring.significance import CORRECTIONS, Correction
from stancebench.scoring.slices import MINIMUM_CLUSTERS, MINIMUM_ROWS, SLICED, SliceScore, corrected, slice_scores

if TYPE_CHECKING:
    from stancebench.reports.drawing import Drawing

HEADLINE = "f_avg_macro"

CORRECTED = {"holm": "Holm", "benjamini_hochberg": "Benjamini-Hochberg", "none": "no correction"}

SIGNIFICANT = "*"
"""stands behind a difference that is significant after correction"""

WORDS = 2
"""columns of the table, from the left, that hold words"""

MAPPED = ("bloc", "target", "counter_prior", "overcall", "self")
"""slicings of the heat map: the fewest that show a shortcut"""


@dataclass(frozen=True)
class Sliced:
    """Systems of one test, scored on slices of it.

    Attributes
    ----------
    shared : SharedTest
        the systems, and what they predicted
    score : str
        which score
    scores : tuple of tuple of SliceScore
        of each system, in their order
    bootstrap : Bootstrap or None
        of intervals and tests; None where there are none
    correction : str
        of p over the family
    family : int
        number of tests shown
    """

    shared: SharedTest
    score: str
    scores: tuple[tuple[SliceScore, ...], ...]
    bootstrap: Bootstrap | None
    correction: Correction
    family: int

    @property
    def systems(self) -> Iterable[tuple[System, tuple[SliceScore, ...]]]:
        """Each system with its slices."""
        return zip(self.shared.systems, self.scores, strict=True)

    def title(self) -> str:
        """Return what was sliced, in one line."""
        prepared = self.shared.prepared
        corpus = f"{prepared.corpus.name}@{prepared.corpus.version}"
        where = f"{corpus}, {prepared.task.name}, {prepared.protocol}"
        return f"{self.score} on slices of {where}: {len(prepared.test)} test judgements"

    def method(self) -> str:
        """Return how intervals and tests were made, in one line."""
        least = f"nothing is claimed below {MINIMUM_ROWS} judgements in {MINIMUM_CLUSTERS} {self.cluster}s"
        made = self.bootstrap
        if made is None:
            return f"In hundredths; {least}"
        return (
            f"In hundredths with {100 * made.level:g}% intervals, {made.rounds:,} bootstraps by {self.cluster}; the "
            f"rest is the other rows of the slicing; {self._tests(made.level)}; {least}"
        )

    def _tests(self, level: float) -> str:
        if not self.family:
            return "no slice could be tested"
        tests = f"{self.family} test" + ("s" if self.family > 1 else "")
        return f"{CORRECTED[self.correction]} over the {tests} shown, {SIGNIFICANT} is significant at {1 - level:.2g}"

    @property
    def cluster(self) -> str:
        """What is resampled."""
        return resampled(self.shared.prepared.corpus, (self.bootstrap or self.shared.scoring.bootstrap).cluster)

    def header(self) -> list[str]:
        """Return the names of the columns."""
        return [
            *("slicing", "slice", "judgements", f"{self.cluster}s", "favor / against / none"),
            *(self.score, "interval", "to the rest", "interval", "adjusted p"),
        ]

    def lines(self, scores: Sequence[SliceScore]) -> list[list[str]]:
        """Return a line for each slice of a system of which something is said; a slicing's name stands once."""
        lines: list[list[str]] = []
        before = ""
        for one in scores:
            if not is_small(one):
                lines.append(["" if one.slicing == before else one.slicing, *_cells(one)])
                before = one.slicing
        return lines

    def notes(self, scores: Sequence[SliceScore]) -> list[str]:
        """Return which slices are too small, by slicing, and why something else is missing, each reason once."""
        small: dict[str, list[str]] = {}
        missing: dict[str, list[str]] = {}
        for one in scores:
            if is_small(one):
                small.setdefault(one.slicing, []).append(f"{one.name} ({one.rows} in {one.clusters})")
                continue
            if one.reason:
                missing.setdefault(one.reason, []).append(f"{one.slicing} {one.name}")
            if one.difference_reason and one.difference_reason != one.reason:
                missing.setdefault(one.difference_reason, []).append(f"{one.slicing} {one.name} to the rest")
        return [
            *(f"too few: {slicing} {', '.join(names)}" for slicing, names in small.items()),
            *(f"missing: {'; '.join(names)}: {reason}" for reason, names in missing.items()),
        ]

    def markdown(self) -> str:
        """Return a table for each system as Markdown."""
        parts = [f"{self.title()}.", f"{self.method()}."]
        for system, scores in self.systems:
            rule = ["---"] * WORDS + ["---:"] * (len(self.header()) - WORDS)
            lines = [self.header(), rule, *self.lines(scores)]
            parts.append(f"**{system.name}**")
            parts.append("\n".join("| " + " | ".join(line) + " |" for line in lines))
            parts += [f"{note}." for note in self.notes(scores)]
        return "\n\n".join(parts) + "\n"

    def latex(self) -> str:
        """Return a table for each system as LaTeX for the package booktabs; how it was made stands in comments."""
        parts = [f"% {self.title()}", f"% {self.method()}", r"% \usepackage{booktabs}"]
        for system, scores in self.systems:
            parts += [f"% {system.name}", *(f"% {note}" for note in self.notes(scores))]
            parts.append(booktabs(self.header(), self.lines(scores), words=WORDS))
        return "\n".join(parts)

    def csv(self) -> str:
        """Return one line for each system and slice, with full precision; too small ones too."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["system", *CSV_COLUMNS])
        for system, scores in self.systems:
            for one in scores:
                values = asdict(one) | dict(zip(("favor", "against", "none"), one.gold, strict=True))
                writer.writerow([system.name, *(_exact(values[column]) for column in CSV_COLUMNS)])
        return out.getvalue()

    def as_json(self) -> dict[str, Any]:
        """Return slices and all they depend on as plain JSON values."""
        prepared, made = self.shared.prepared, self.bootstrap
        corpus = prepared.corpus
        return {
            "corpus": {"name": corpus.name, "version": corpus.version, "content_hash": corpus.content_hash},
            "task": prepared.task.name,
            "protocol": prepared.protocol.as_json(),
            "gold_hash": prepared.gold,
            "mode": self.shared.scoring.mode,
            "test": len(prepared.test),
            "score": self.score,
            "bootstrap": made and asdict(made),
            "resampled": self.cluster,
            "correction": self.correction,
            "family": self.family,
            "systems": [
                {
                    "name": system.name,
                    "records": [r.score_key for r in system.records],
                    "predictions": len(system.predictions),
                    "slices": [asdict(one) for one in scores],
                }
                for system, scores in self.systems
            ],
        }


CSV_COLUMNS = (
    *("slicing", "name", "rows", "clusters", "favor", "against", "none", "value", "low", "high"),
    *("difference", "difference_low", "difference_high", "p", "p_adjusted", "significant"),
    *("reason", "difference_reason"),
)


def is_small(one: SliceScore) -> bool:
    """Return whether a slice is too small for anything to be said of it."""
    return one.rows < MINIMUM_ROWS or one.clusters < MINIMUM_CLUSTERS


def slice_table(
    shared: SharedTest,
    *,
    by: Sequence[str] = (),
    score: str = "accuracy",
    bootstrap: Bootstrap | None = None,
    correction: str = "holm",
    intervals: bool = True,
) -> Sliced:
    """Score systems on slices of their test rows.

    Parameters
    ----------
    shared : SharedTest
        the systems; its scoring says the mode
    by : sequence of str, default=()
        names of slicings; empty for all that the corpus has
    score : {"accuracy", "f_avg", "macro_f1", "mcc"}, default="accuracy"
        of all rows of a slice together
    bootstrap : Bootstrap, optional
        by default that of the scoring
    correction : {"holm", "benjamini_hochberg", "none"}, default="holm"
        over all tests that are shown
    intervals : bool, default=True
        whether there are intervals and tests

    Returns
    -------
    Sliced

    Raises
    ------
    UsageError
        when a slicing, score or correction does not exist, or the corpus knows nothing of a slicing
    """
    if score not in SLICED:
        pooled = f" {HEADLINE} is of whole tests; f_avg is that of a slice." if score.startswith("f_avg") else ""
        raise unknown("score of a slice", score, SLICED, f"Type for example --score macro_f1.{pooled}")
    if correction not in CORRECTIONS:
        raise unknown("correction", correction, CORRECTIONS, "Type for example --correction holm.")
    bootstrap = bootstrap or shared.scoring.bootstrap
    members = _asked(slice_members(shared.prepared), by, shared)
    scores = []
    for system in shared.systems:
        runs = [scored_rows(shared.prepared, table["stance"], bootstrap.cluster) for table in system.predictions]
        made = bootstrap if intervals else None
        scores.append(slice_scores(runs, members, score=score, mode=shared.scoring.mode, bootstrap=made))
    whole, family = corrected(scores, correction, bootstrap.level)
    return Sliced(shared, score, whole, bootstrap if intervals else None, correction, family)


def _asked(members: dict[str, Slices], by: Sequence[str], shared: SharedTest) -> dict[str, Slices]:
    """Return the slicings that were asked for."""
    corpus = f"{shared.prepared.corpus.name}@{shared.prepared.corpus.version}"
    for name in by:
        if name not in SLICINGS:
            raise unknown("slicing", name, SLICINGS, "Type for example --by bloc.")
        if name not in members:
            raise UsageError(
                f"The test rows of {corpus} cannot be sliced by {name!r}: it knows nothing of it. "
                f"Allowed here: {listed(members)}."
            )
    return {name: slices for name, slices in members.items() if not by or name in by}


def best_system(shared: SharedTest) -> SharedTest:
    """Return the system with the highest headline by its records, alone; the first where none has one."""

    def headline(system: System) -> float:
        entries = [record.value(HEADLINE) for record in system.records]
        values = [entry.value for entry in entries if entry is not None and entry.value is not None]
        return fmean(values) if values else float("-inf")

    return replace(shared, systems=(max(shared.systems, key=headline),))


def heat_map(shared: SharedTest, by: Sequence[str] = MAPPED, score: str = "accuracy") -> Drawing | None:
    """Return a picture of systems by slices: the darker, the better.

    Parameters
    ----------
    shared : SharedTest
        the systems, from above
    by : sequence of str, default=("bloc", "target", "counter_prior", "overcall", "self")
        names of slicings, each a group of columns; those the corpus knows nothing of are left out
    score : {"accuracy", "f_avg", "macro_f1", "mcc"}, default="accuracy"
        of all rows of a slice together

    Returns
    -------
    Drawing or None
        None where nothing is said of any slice

    Raises
    ------
    MissingExtraError
        when the packages that draw are not installed
    """
    from stancebench.reports.figures import drawing
    from stancebench.reports.heat import Square, heat_plot

    known = slice_members(shared.prepared)
    present = [name for name in by if name in known]
    if not present:
        return None
    sliced = slice_table(shared, by=present, score=score, intervals=False)
    squares = [
        Square(system.name, one.slicing, one.name, one.value)
        for system, scores in sliced.systems
        for one in scores
        if not is_small(one)
    ]
    if not any(square.value is not None for square in squares):
        return None
    alt = f"{score} of {len(shared.systems)} systems on slices by {', '.join(present)}, in hundredths."
    wide, narrow = (heat_plot(squares, narrow=narrow) for narrow in (False, True))
    return drawing("slices", alt, wide, narrow)


def _cells(one: SliceScore) -> list[str]:
    star = SIGNIFICANT if one.significant else ""
    return [
        one.name,
        str(one.rows),
        str(one.clusters),
        " / ".join(map(str, one.gold)),
        "undefined" if one.value is None else f"{100 * one.value:.1f}",
        _interval(one.low, one.high),
        "-" if one.difference is None else f"{100 * one.difference:+.1f}{star}",
        _interval(one.difference_low, one.difference_high),
        _p(one.p_adjusted),
    ]


def _interval(low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"[{100 * low:.1f}, {100 * high:.1f}]"


def _p(p: float | None) -> str:
    return "-" if p is None else "<0.0001" if p < 0.00005 else f"{p:.4f}"


def _exact(value: object) -> object:
    return "" if value is None else repr(value) if isinstance(value, float) else value
