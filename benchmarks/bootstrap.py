"""10,000 bootstrap rounds of every score of one system against a loop over `sklearn.metrics.f1_score` for one score."""

from __future__ import annotations

import time

import numpy as np
from sklearn.metrics import f1_score

from paired import report
from stancebench.scoring import Bootstrap, ScoredRows, tally

ROUNDS = 10_000
SHOWN = 300
"""rounds of the loop that are timed; the rest is extrapolated"""


def rows(n: int, clusters: int, seed: int = 0) -> ScoredRows:
    """Return a random system of n judgements in clusters, right in about 60%."""
    rng = np.random.default_rng(seed)
    gold = rng.choice(3, size=n, p=[0.15, 0.15, 0.7])
    predicted = np.where(rng.random(n) < 0.6, gold, rng.integers(0, 3, n))
    cluster = np.unique(rng.integers(0, clusters, n), return_inverse=True)[1]
    subsets = {"neutral": (gold == 2) & (rng.random(n) < 0.2), "counter_prior": (gold != 2) & (rng.random(n) < 0.3)}
    return ScoredRows(gold, predicted, rng.integers(0, 4, n), cluster, ("a", "b", "c", "d"), subsets)


def main() -> None:
    for n, clusters in ((980, 163), (9_600, 600)):
        system = rows(n, clusters)
        counts = tally(system)
        rng = np.random.default_rng(1)
        pairs = []
        for _ in range(7):
            start = time.perf_counter()
            scores = Bootstrap(rounds=ROUNDS).intervals(counts)
            ours = time.perf_counter() - start
            start = time.perf_counter()
            for _ in range(SHOWN):
                drawn = rng.integers(0, n, n)
                f1_score(system.gold[drawn], system.predicted[drawn], average="macro")
            pairs.append((ours, (time.perf_counter() - start) / SHOWN * ROUNDS))
        figures = {
            "ours_s": round(float(np.median([a for a, _ in pairs])), 4),
            "loop_s": round(float(np.median([b for _, b in pairs])), 2),
            "times_faster": round(float(np.median([b / a for a, b in pairs])), 0),
            "scores": len(scores),
        }
        report(f"{ROUNDS} rounds, {n} judgements, {clusters} clusters", "at least 500 times faster", figures)


if __name__ == "__main__":
    main()
