"""Published figures beside ours: what a paper states, what a run of this code gives, and how far they are apart."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stancebench.errors import UsageError, unknown
from stancebench.reports.table import flat_settings
from stancebench.runs.record import Record, ScoreEntry
from stancebench.runs.spec import RunSpec
from stancebench.scoring.scores import SCORES

HEADER = (
    "corpus",
    "system",
    "our run",
    "score",
    "published",
    "ours",
    "difference",
    "95% interval",
    "verdict",
    "source",
)

NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Figure:
    """A published figure.

    Attributes
    ----------
    system : str
        as its authors call it
    match : mapping
        model, corpus and settings of our run
    score : str
        ``score`` or ``score.target``
    value : str
        in hundredths, as printed
    source : str
        where it is printed
    """

    system: str
    match: Mapping[str, Any]
    score: str
    value: str
    source: str

    @property
    def decimals(self) -> int:
        """Decimals that are printed."""
        return len(self.value.partition(".")[2])

    def where(self) -> str:
        """Return the settings of our run, without the corpus, as typed."""
        model = str(self.match.get("model", ""))
        rest = ", ".join(f"{k}={v}" for k, v in self.match.items() if k not in {"model", "corpus"})
        return f"{model}({rest})" if rest else model


@dataclass(frozen=True)
class Compared:
    """A published figure and ours; ``entry`` and ``record`` are None where our run is not finished."""

    figure: Figure
    corpus: str
    record: Record | None
    entry: ScoreEntry | None

    @property
    def ours(self) -> float | None:
        """Our figure in hundredths."""
        return None if self.entry is None or self.entry.value is None else 100 * self.entry.value

    @property
    def difference(self) -> float | None:
        """Ours less theirs in hundredths; 0 where ours, rounded as theirs is, is theirs."""
        if self.ours is None:
            return None
        return 0.0 if self.verdict == "equal" else self.ours - float(self.figure.value)

    @property
    def verdict(self) -> str:
        """Whether ours is equal as far as theirs is printed, or theirs lies inside or outside our interval."""
        if self.ours is None or self.entry is None:
            return "not finished"
        if f"{self.ours:.{self.figure.decimals}f}" == self.figure.value:
            return "equal"
        if self.entry.low is None or self.entry.high is None:
            return "no interval"
        inside = 100 * self.entry.low <= float(self.figure.value) <= 100 * self.entry.high
        return "inside" if inside else "outside"

    def line(self) -> list[str]:
        """Return the texts of `HEADER`."""
        ours, difference, n = self.ours, self.difference, self.figure.decimals
        entry = self.entry
        bounds = "" if entry is None or entry.low is None else f"[{100 * entry.low:.1f}, {100 * (entry.high or 0):.1f}]"
        return [
            self.corpus,
            self.figure.system,
            self.figure.where(),
            self.figure.score,
            self.figure.value,
            "-" if ours is None else f"{ours:.{n}f}",
            "-" if difference is None else f"{difference:+.{n}f}" if difference else f"{0:.{n}f}",
            bounds,
            self.verdict,
            self.figure.source,
        ]

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values, with full precision."""
        return {
            "corpus": self.corpus,
            "system": self.figure.system,
            "run": dict(self.figure.match),
            "score": self.figure.score,
            "published": float(self.figure.value),
            "ours": self.ours,
            "difference": self.difference,
            "low": None if self.entry is None or self.entry.low is None else 100 * self.entry.low,
            "high": None if self.entry is None or self.entry.high is None else 100 * self.entry.high,
            "verdict": self.verdict,
            "source": self.figure.source,
            "record": self.record.score_key if self.record else None,
        }


@dataclass(frozen=True)
class Comparison:
    """All published figures of an experiment."""

    title: str
    lines: tuple[Compared, ...]

    def markdown(self) -> str:
        """Return the figures as a Markdown table."""
        rule = ["---"] * 4 + ["---:"] * 4 + ["---"] * 2
        lines = [list(HEADER), rule, *(compared.line() for compared in self.lines)]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"

    def csv(self) -> str:
        """Return one line per figure, with full precision."""
        out = io.StringIO()
        rows = [compared.as_json() for compared in self.lines]
        columns = [name for name in rows[0] if name != "run"]
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*columns, "run"])
        for row, compared in zip(rows, self.lines, strict=True):
            writer.writerow([*("" if row[c] is None else row[c] for c in columns), compared.figure.where()])
        return out.getvalue()


def compare(
    name: str, title: str, figures: Sequence[Figure], runs: Sequence[tuple[RunSpec, Record | None]]
) -> Comparison:
    """Return published figures beside those of an experiment's runs.

    Parameters
    ----------
    name, title : str
        of the experiment
    figures : sequence of Figure
        what is published
    runs : sequence of (RunSpec, Record or None)
        each run of the experiment, with its record where it is finished

    Raises
    ------
    UsageError
        when a figure is no number, names no score, or fits no run or several
    """
    settings = [(_settings(spec), record) for spec, record in runs]
    return Comparison(title, tuple(_compared(name, figure, settings) for figure in figures))


def _settings(spec: RunSpec) -> dict[str, str]:
    return {**flat_settings(spec), "model": spec.model}


def _compared(name: str, figure: Figure, runs: Sequence[tuple[dict[str, str], Record | None]]) -> Compared:
    what = f"Experiment {name!r}, published figure {figure.value!r} ({figure.score})"
    score, _, target = figure.score.partition(".")
    if score not in SCORES:
        raise unknown("score", score, SCORES, f"It stands in table.published of the experiment {name!r}.")
    if not NUMBER.fullmatch(figure.value):
        raise UsageError(f"{what}: it is no number. Write it as it is printed, in hundredths, such as '65.22'.")
    fitting = [(flat, record) for flat, record in runs if all(flat.get(k) == str(v) for k, v in figure.match.items())]
    if len(fitting) != 1:
        raise UsageError(
            f"{what}: match fits {len(fitting)} runs, and one is expected. "
            "It may name model, corpus, and any setting that `stancebench run --cfg job` prints for them."
        )
    ((flat, record),) = fitting
    return Compared(figure, flat["corpus"], record, record.value(score, target) if record else None)
