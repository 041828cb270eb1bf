"""Simulated corpora with a known truth: how often intervals hold it, and what the paired test finds.

Not a speed: it takes minutes, and `run_all.py` leaves it out. What it writes to `figures/` is committed, and read by
docs/intervals.md. `python simulations.py coverage` does one part again; the parts are coverage, null and power.
"""

from __future__ import annotations

import csv
import itertools
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from simulations_cells import CLASSES
from simulations_pairs import null_cells, power_cells
from simulations_picture import draw_coverage, draw_power
from stancebench.scoring import Bootstrap, ScoredRows, tally
from stancebench.scoring.population import Population, answers_of, drawn_alike
from stancebench.scoring.support import NEEDED, support, too_thin

FIGURES = Path(__file__).parent / "figures"

CORPORA = 2_000
"""simulated in each cell"""

ROUNDS = 500
"""bootstrap samples of each interval: fewer than the default of 10,000, for time"""

CLUSTERS = (20, 40, 80, 160, 320)

SYSTEMS: Mapping[str, tuple[float, float, float]] = {
    "weak": (0.25, 0.25, 0.95),
    "middling": (0.6, 0.65, 0.87),
    "strong": (0.85, 0.85, 0.95),
}
"""how often favor, against and none are answered by themselves"""

BINS = (1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30, 40, 60, 100, 10_000)
"""first numbers of clusters of each bin of support"""


@dataclass(frozen=True)
class Cell:
    """One kind of simulated corpus and system, and what is resampled."""

    clusters: int
    classes: str
    events: str
    system: str
    resampled: str

    def population(self) -> Population:
        """Return where its corpora come from; independent judgements have no effect of their event."""
        shares = (CLASSES[self.classes],) * 4
        if self.events == "independent":
            return Population(self.clusters, shares, gold_effect=0.0, answer_effect=0.0)
        return Population(self.clusters, shares)


def cells() -> Iterator[Cell]:
    """Yield every cell of the coverage simulation."""
    for clusters, classes in itertools.product(CLUSTERS, CLASSES):
        for system in SYSTEMS:
            yield Cell(clusters, classes, "clustered", system, "event")
        yield Cell(clusters, classes, "independent", "middling", "event")
        yield Cell(clusters, classes, "clustered", "middling", "judgement")


Group = tuple[str, str, str]
"""score, stance, and whether of all targets or of one"""


@dataclass
class Held:
    """How many intervals there were, how many held the truth, and on which side the others missed it."""

    intervals: int = 0
    held: int = 0
    above: int = 0
    below: int = 0
    width: float = 0.0

    def add(self, truth: float, low: float, high: float) -> None:
        """Count one interval; a truth that rounding puts a hair beyond a bound is held."""
        self.intervals += 1
        self.above += low > truth + 1e-9
        self.below += high < truth - 1e-9
        self.held += low <= truth + 1e-9 and high >= truth - 1e-9
        self.width += high - low

    def rates(self) -> list[str]:
        """Return coverage, misses on either side and mean width, in hundredths; empty where there is no interval."""
        parts = (self.held, self.above, self.below, self.width)
        return [f"{100 * part / self.intervals:.1f}" if self.intervals else "" for part in parts]


@dataclass
class Tables:
    """All that is counted: by cell and score, and by score and support."""

    every: dict[tuple[Cell, Group], Held] = field(default_factory=lambda: defaultdict(Held))
    shown: dict[tuple[Cell, Group], Held] = field(default_factory=lambda: defaultdict(Held))
    gold: dict[tuple[str, int], Held] = field(default_factory=lambda: defaultdict(Held))
    answers: dict[tuple[str, int], Held] = field(default_factory=lambda: defaultdict(Held))


def simulate(cell: Cell, tables: Tables) -> None:
    """Draw the corpora of a cell and count which intervals hold the truth."""
    population, answers = cell.population(), answers_of(SYSTEMS[cell.system])
    truth = population.truth(answers)
    rng = np.random.default_rng(list(repr(cell).encode()))
    for seed in range(CORPORA):
        judgements = population.draw(rng)
        rows = judgements.answered(answers, drawn_alike(judgements.cluster, population.answer_effect, rng))
        if cell.resampled == "judgement":
            alone = np.arange(len(rows.gold))
            rows = ScoredRows(rows.gold, rows.predicted, rows.target, alone, rows.targets, rows.subsets)
        counts = tally(rows)
        for which, interval in Bootstrap(ROUNDS, seed=seed).intervals(counts, withhold=False).items():
            if interval.low is None or interval.high is None:
                continue
            bounds = (truth[which], interval.low, interval.high)
            group = (which.score, which.stance, "target" if which.target else "all")
            tables.every[cell, group].add(*bounds)
            if not too_thin(counts, which):
                tables.shown[cell, group].add(*bounds)
            found = support(counts, which)
            if found and cell.resampled == "event" and cell.clusters >= 40:
                tables.gold[which.score, found.gold].add(*bounds)
                if found.gold >= NEEDED[which.score].gold:
                    tables.answers[which.score, min(found.right, found.wrong)].add(*bounds)


def binned(counted: Mapping[tuple[str, int], Held]) -> Iterator[tuple[str, str, Held]]:
    """Yield score, range of support and what was counted in it."""
    for score in NEEDED:
        for first, after in itertools.pairwise(BINS):
            together = Held()
            for (name, at), held in counted.items():
                if name == score and first <= at < after:
                    together.intervals += held.intervals
                    together.held += held.held
            if together.intervals >= CORPORA / 4:
                yield score, str(first) if after == first + 1 else f"{first} to {after - 1}", together


def write(name: str, header: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """Write a table to `figures/`."""
    FIGURES.mkdir(exist_ok=True)
    with (FIGURES / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def coverage() -> None:
    """Write coverage.csv, support.csv and their picture."""
    tables = Tables()
    for cell in cells():
        start = time.perf_counter()
        simulate(cell, tables)
        print(f"{cell} {time.perf_counter() - start:.1f} s", flush=True)
    names = ["clusters", "classes", "events", "system", "resampled", "score", "stance", "of"]
    rates = ["coverage", "truth_below", "truth_above", "width"]
    lines = [
        [*vars(cell).values(), *group, held.intervals, *held.rates(), shown.intervals, shown.rates()[0]]
        for (cell, group), held in tables.every.items()
        for shown in [tables.shown[cell, group]]
    ]
    write("coverage.csv", [*names, "intervals", *rates, "shown", "shown_coverage"], lines)
    parts = {"gold": tables.gold, "answers": tables.answers}
    write(
        "support.csv",
        ["of", "score", "clusters", "intervals", "coverage"],
        [
            [of, score, at, held.intervals, held.rates()[0]]
            for of, counted in parts.items()
            for score, at, held in binned(counted)
        ],
    )
    draw_coverage(FIGURES)


def null() -> None:
    """Write null.csv: how often the paired test rejects what is true."""
    write("null.csv", ["events", "classes", "systems", "resampled", "corpora", "rejected"], null_cells(CORPORA))


def power() -> None:
    """Write power.csv and its picture: how often the paired test finds a difference that is there."""
    write("power.csv", ["events", "difference", "corpora", "found", "expected"], power_cells(CORPORA))
    draw_power(FIGURES)


PARTS: Mapping[str, Callable[[], None]] = {"coverage": coverage, "null": null, "power": power}


def main() -> None:
    """Carry out the parts that were typed, by default all."""
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()


if __name__ == "__main__":
    main()
