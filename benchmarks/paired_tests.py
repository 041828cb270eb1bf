"""Bootstrap and paired tests of many systems: against plain loops, against one pair, and as everything grows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from itertools import combinations

import numpy as np
from scipy.stats import bootstrap as of_scipy
from sklearn.metrics import f1_score

from bootstrap import rows
from paired import report
from stancebench.scoring import Bootstrap, ScoreId, Tally, tally
from stancebench.scoring.cells import Cells
from stancebench.scoring.randomisation import randomisation

ROUNDS = 10_000
JUDGEMENTS, CLUSTERS = 2_400, 600
SHOWN = 200
"""rounds of a plain loop that are timed; the rest is extrapolated"""
REPEATED = 5

CELLS = Cells(ScoreId("f_avg_macro"), "strict", ("a", "b", "c", "d"), ("neutral", "counter_prior"))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def times_faster(ours: Callable[[], object], plain: Callable[[], object], share: float) -> dict[str, float]:
    ours()
    pairs = [(seconds(ours), seconds(plain) / share) for _ in range(REPEATED)]
    return {
        "ours_s": round(statistics.median(a for a, _ in pairs), 4),
        "plain_s": round(statistics.median(b for _, b in pairs), 2),
        "times_faster": round(statistics.median(b / a for a, b in pairs), 0),
    }


def systems(n: int, clusters: int, count: int) -> list[Tally]:
    """Return systems of one gold, right in 50% to 65%."""
    first = rows(n, clusters)
    made = []
    for i in range(count):
        rng = np.random.default_rng(i + 1)
        hit = rng.random(n) < 0.5 + 0.15 * i / count
        predicted = np.where(hit, first.gold, rng.integers(0, 3, n))
        made.append(
            tally(type(first)(first.gold, predicted, first.target, first.cluster, first.targets, first.subsets))
        )
    return made


def exchanges(counts: list[Tally], rounds: int = ROUNDS, family: int = 1) -> Callable[[], object]:
    pairs = list(combinations(range(len(counts)), 2))
    return lambda: randomisation(counts, pairs, CELLS, rounds=rounds, seed=0, family=family)


def against_loops() -> None:
    system = rows(JUDGEMENTS, CLUSTERS)
    other = rows(JUDGEMENTS, CLUSTERS, seed=1)
    counts = tally(system)
    rng = np.random.default_rng(1)

    def macro(gold: np.ndarray, predicted: np.ndarray) -> float:
        return float(f1_score(gold, predicted, average="macro"))

    def loop() -> None:
        for _ in range(SHOWN):
            drawn = rng.integers(0, JUDGEMENTS, JUDGEMENTS)
            macro(system.gold[drawn], system.predicted[drawn])

    def scipy_s() -> None:
        data = (system.gold, system.predicted)
        of_scipy(data, macro, paired=True, vectorized=False, n_resamples=SHOWN, method="percentile", rng=rng)

    def exchanged() -> None:
        for _ in range(SHOWN):
            swap = rng.random(JUDGEMENTS) < 0.5
            one = np.where(swap, other.predicted, system.predicted)
            two = np.where(swap, system.predicted, other.predicted)
            macro(system.gold, one) - macro(system.gold, two)

    def intervals() -> object:
        return Bootstrap(rounds=ROUNDS).intervals(counts)

    share = SHOWN / ROUNDS
    size = f"{ROUNDS} rounds, {JUDGEMENTS} judgements, {CLUSTERS} clusters"
    report(f"bootstrap of all scores, loop over f1_score, {size}", ">= 150", times_faster(intervals, loop, share))
    report(f"bootstrap of all scores, scipy.stats.bootstrap, {size}", ">= 100", times_faster(intervals, scipy_s, share))
    pair = exchanges(systems(JUDGEMENTS, CLUSTERS, 2))
    report(f"randomisation of one pair, loop over f1_score, {size}", ">= 500", times_faster(pair, exchanged, share))


def against_one_pair() -> None:
    one, every = systems(JUDGEMENTS, CLUSTERS, 2), systems(JUDGEMENTS, CLUSTERS, 30)
    report("435 pairs of 30 systems, times one pair", "<= 30", growth(exchanges(one), exchanges(every)))
    report(
        "435 pairs, with the rounds that their correction needs, times one pair",
        "not stated",
        growth(exchanges(one), exchanges(every, family=435)),
    )


def growth(small: Callable[[], object], large: Callable[[], object], *, repeated: int = REPEATED) -> dict[str, float]:
    small()
    pairs = [(seconds(small), seconds(large)) for _ in range(repeated)]
    return {
        "small_s": round(statistics.median(a for a, _ in pairs), 4),
        "large_s": round(statistics.median(b for _, b in pairs), 4),
        "times": round(statistics.median(b / a for a, b in pairs), 2),
    }


def as_it_grows() -> None:
    def intervals(n: int, clusters: int, rounds: int) -> Callable[[], object]:
        system = rows(n, clusters)
        return lambda: Bootstrap(rounds=rounds).intervals(tally(system))

    small = intervals(10_000, 2_500, 1_000)
    report("judgements x100 to 1,000,000, clusters alike", "<= 100", growth(small, intervals(1_000_000, 2_500, 1_000)))
    large = intervals(1_000_000, 250_000, 1_000)
    report("judgements and clusters x100", "<= 100", growth(small, large, repeated=2))
    report("rounds x10", "<= 10", growth(small, intervals(10_000, 2_500, 10_000)))
    few, many = systems(JUDGEMENTS, CLUSTERS, 3), systems(JUDGEMENTS, CLUSTERS, 30)

    def each(counts: list[Tally]) -> Callable[[], object]:
        return lambda: [Bootstrap(rounds=1_000).intervals(one) for one in counts]

    report("systems x10, intervals", "<= 10", growth(each(few), each(many)))
    pair = exchanges(systems(10_000, 2_500, 2), rounds=1_000)
    report(
        "one pair, judgements and clusters x100",
        "<= 100",
        growth(pair, exchanges(systems(1_000_000, 250_000, 2), rounds=1_000), repeated=2),
    )


if __name__ == "__main__":
    against_loops()
    against_one_pair()
    as_it_grows()
