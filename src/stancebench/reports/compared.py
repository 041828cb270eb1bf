"""A paired comparison as people read it: differences and ranks as text, Markdown, CSV, LaTeX and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stancebench.reports.latex import booktabs
from stancebench.reports.systems import SharedTest
from stancebench.runs.evaluation import resampled
from stancebench.scoring.paired import Comparison, Difference
from stancebench.scoring.ranks import Rank
from stancebench.scoring.scores import SCORES, ScoreId

CORRECTIONS = {"holm": "Holm", "benjamini_hochberg": "Benjamini-Hochberg", "none": "no correction"}
"""each correction over the family that is displayed, with its name"""

SIGNIFICANT = "*"
"""stands behind a difference that is significant after correction"""

Lines = list[list[str]]


@dataclass(frozen=True)
class Compared:
    """Systems of one test, compared in pairs.

    Attributes
    ----------
    shared : SharedTest
        the systems, and what they predicted
    comparison : Comparison
        differences and ranks
    """

    shared: SharedTest
    comparison: Comparison

    def title(self) -> str:
        """Return what was compared on what, in one line."""
        prepared, made = self.shared.prepared, self.comparison
        corpus = f"{prepared.corpus.name}@{prepared.corpus.version}"
        return (
            f"{len(self.shared.systems)} systems on {corpus}, {prepared.task.name}, {prepared.protocol}: "
            f"{len(prepared.test)} test judgements in {made.n_clusters} cluster{'s' if made.n_clusters > 1 else ''}"
        )

    def method(self) -> str:
        """Return how differences were made and tested, in one line."""
        made = self.comparison
        cluster = resampled(self.shared.prepared.corpus, made.cluster)
        return (
            f"Differences in hundredths with {100 * made.level:g}% intervals, {made.rounds:,} rounds over {cluster}s, "
            f"seed {made.seed}; {self._tests(cluster)}"
        )

    def _tests(self, cluster: str) -> str:
        rounds: dict[str, set[int]] = {}
        for d in self.comparison.differences:
            if d.test:
                rounds.setdefault(d.test, set()).add(d.rounds)
        told = {
            "randomisation": f"by randomisation of {cluster}s",
            "bootstrap": f"by its error over {cluster}s and seeds, where a system has several seeds",
        }
        shown = {test: " or ".join(f"{n:,}" for n in sorted(used)) for test, used in rounds.items()}
        tests = " and ".join(f"{told[test]} ({used} rounds)" for test, used in shown.items())
        return f"p two-sided, {tests}" if tests else "no pair could be tested"

    def family(self) -> str:
        """Return what was corrected over, in one line."""
        made = self.comparison
        tests = f"{made.family} test" + ("s" if made.family != 1 else "")
        over = "without correction" if made.correction == "none" else f"{CORRECTIONS[made.correction]} over these"
        return f"Family of {tests}, {over}; {SIGNIFICANT} is significant at {1 - made.level:.2g}"

    def _several(self) -> bool:
        return len({d.score for d in self.comparison.differences}) > 1

    def words(self) -> int:
        """Return how many columns of the differences, from the left, hold words."""
        return 2 + self._several()

    def differences(self) -> tuple[list[str], Lines]:
        """Return the header and the lines of the differences."""
        adjusted = self.comparison.correction != "none"
        header = ["A", "B", *(["score"] if self._several() else []), "A - B", "interval", "p"]
        header += [*(["adjusted p"] if adjusted else []), "only A right", "only B right", "McNemar p"]
        return header, [self._difference(d, adjusted=adjusted) for d in self.comparison.differences]

    def _difference(self, d: Difference, *, adjusted: bool) -> list[str]:
        # It is of all judgements: beside a score of one target, stance or bloc it would be taken for theirs.
        table = d.mcnemar if str(d.score) == d.score.score else None
        mcnemar = ["-", "-", "-"] if table is None else [str(table.b), str(table.c), _p(table.p)]
        return [
            *(d.a, d.b),
            *([str(d.score)] if self._several() else []),
            "undefined" if d.value is None else f"{100 * d.value:+.1f}{SIGNIFICANT if d.significant else ''}",
            _interval(d.low, d.high),
            _p(d.p),
            *([_p(d.p_adjusted)] if adjusted else []),
            *mcnemar,
        ]

    def ranks(self) -> tuple[list[str], Lines]:
        """Return the header and the lines of the ranks, the best first."""
        header = ["system", "rank", "places", str(self.comparison.score), "significantly better"]
        return header, [_rank(r) for r in self._ordered()]

    def _ordered(self) -> list[Rank]:
        sign = -1 if SCORES[self.comparison.score.score].higher_is_better else 1

        def place(rank: Rank) -> tuple[bool, int, float]:
            return (rank.rank is None, rank.rank or 0, sign * (rank.value or 0.0))

        return sorted(self.comparison.ranks, key=place)

    def reasons(self) -> list[str]:
        """Return why something is missing, each reason once with what it holds for."""
        told: dict[str, list[str]] = {}
        compared: dict[str, set[str]] = {}
        shared = self._shared_reasons()
        for d in self.comparison.differences:
            if d.reason:
                pair = "every pair" if d.score in shared else f"{d.a} - {d.b}"
                told.setdefault(d.reason, []).append(pair + (f" ({d.score})" if self._several() else ""))
                compared.setdefault(d.reason, set()).update((d.a, d.b))
        for r in self.comparison.ranks:
            if r.reason and r.name not in compared.get(r.reason, ()):
                told.setdefault(r.reason, []).append(r.name)
        missing = [f"{'; '.join(dict.fromkeys(of))}: {reason}" for reason, of in told.items()]
        if any(len(system.predictions) > 1 for system in self.shared.systems):
            missing.append("only A right, only B right, McNemar p: several seeds give no single answer to count")
        return missing

    def _shared_reasons(self) -> set[ScoreId]:
        """Return the scores of which every pair of several misses something, for one reason."""
        reasons: dict[ScoreId, list[str]] = {}
        for d in self.comparison.differences:
            reasons.setdefault(d.score, []).append(d.reason)
        return {score for score, told in reasons.items() if len(told) > 1 and told[0] and len(set(told)) == 1}

    def text(self) -> str:
        """Return both tables as plain text, with how they were made and what is missing."""
        parts = [f"{self.title()}\n{self.method()}\n{self.family()}"]
        parts.append(_aligned(*self.differences(), words=self.words()))
        if self.comparison.ranks:
            parts.append(_aligned(*self.ranks(), words=1))
        if missing := self.reasons():
            parts.append("\n".join(f"missing: {reason}" for reason in missing))
        return "\n\n".join(parts)

    def markdown(self) -> str:
        """Return both tables as Markdown."""
        parts = [f"{self.title()}.", f"{self.method()}. {self.family()}."]
        parts.append(_markdown(*self.differences(), words=self.words()))
        if self.comparison.ranks:
            parts.append(_markdown(*self.ranks(), words=1))
        return "\n\n".join([*parts, *(f"{reason}." for reason in self.reasons())]) + "\n"

    def latex(self) -> str:
        """Return both tables as LaTeX for the package booktabs; how they were made stands in a comment."""
        comments = [f"% {line}" for line in (self.title(), self.method(), self.family(), *self.reasons())]
        comments.append(r"% \usepackage{booktabs}")
        tables = [booktabs(*self.differences(), words=self.words())]
        if self.comparison.ranks:
            tables.append(booktabs(*self.ranks()))
        return "\n".join([*comments, *tables])

    def csv(self) -> str:
        """Return one line a difference, with full precision; ranks are in the JSON."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(CSV_COLUMNS)
        for line in self.lines():
            writer.writerow(["" if v is None else repr(v) if isinstance(v, float) else v for v in line])
        return out.getvalue()

    def lines(self) -> list[list[str | float | bool | None]]:
        """Return the values of ``CSV_COLUMNS`` for each difference."""
        lines: list[list[str | float | bool | None]] = []
        for d in self.comparison.differences:
            mcnemar = (None, None, None) if d.mcnemar is None else (d.mcnemar.b, d.mcnemar.c, d.mcnemar.p)
            numbers = (d.value, d.low, d.high, d.p, d.p_adjusted)
            lines.append([d.a, d.b, str(d.score), *numbers, d.significant, *mcnemar, d.undefined, d.reason])
        return lines

    def as_json(self) -> dict[str, Any]:
        """Return differences, ranks and all they depend on as plain JSON values."""
        prepared, made = self.shared.prepared, self.comparison
        corpus = prepared.corpus
        how = ("rounds", "level", "seed", "cluster", "n_clusters", "family", "correction")
        return {
            "corpus": {"name": corpus.name, "version": corpus.version, "content_hash": corpus.content_hash},
            "task": prepared.task.name,
            "protocol": prepared.protocol.as_json(),
            "gold_hash": prepared.gold,
            "mode": self.shared.scoring.mode,
            "test": len(prepared.test),
            **{key: getattr(made, key) for key in how},
            "resampled": resampled(corpus, made.cluster),
            "systems": [
                {
                    "name": s.name,
                    "model": s.model,
                    "inputs": s.inputs,
                    "records": [r.score_key for r in s.records],
                    "predictions": len(s.predictions),
                }
                for s in self.shared.systems
            ],
            "differences": [{**asdict(d), "score": str(d.score)} for d in made.differences],
            "ranks": [{**asdict(r), "score": str(made.score)} for r in made.ranks],
        }


CSV_COLUMNS = (
    *("a", "b", "score", "difference", "low", "high", "p", "p_adjusted", "significant"),
    *("only_a_right", "only_b_right", "p_mcnemar", "undefined_replicates", "reason"),
)


def _p(p: float | None) -> str:
    return "-" if p is None else "<0.0001" if p < 0.00005 else f"{p:.4f}"


def _interval(low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"[{100 * low:.1f}, {100 * high:.1f}]"


def _rank(rank: Rank) -> list[str]:
    bounds = "-" if rank.low is None or rank.high is None else f"[{rank.low:g}, {rank.high:g}]"
    value = "undefined" if rank.value is None else f"{100 * rank.value:.1f}"
    place = "-" if rank.rank is None else str(rank.rank)
    return [rank.name, place, bounds, value, "-" if rank.rank is None else str(rank.better_by)]


def _markdown(header: Sequence[str], lines: Lines, words: int) -> str:
    rule = ["---"] * words + ["---:"] * (len(header) - words)
    return "\n".join("| " + " | ".join(line) + " |" for line in [list(header), rule, *lines])


def _aligned(header: Sequence[str], lines: Lines, words: int) -> str:
    columns = list(zip(header, *lines, strict=True))
    widths = [max(map(len, column)) for column in columns]
    table = []
    for line in (header, *lines):
        cells = (
            cell.ljust(w) if i < words else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        table.append("  ".join(cells).rstrip())
    return "\n".join([table[0], "-" * len(table[0]), *table[1:]])
