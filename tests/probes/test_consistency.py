from __future__ import annotations

import numpy as np
import pytest

from stancebench.probes.consistency import consistency_interval
from stancebench.scoring import Bootstrap

BOOTSTRAP = Bootstrap(rounds=500)


def test_the_interval_is_the_plain_bootstrap_of_clusters() -> None:
    rng = np.random.default_rng(0)
    cluster = np.repeat(np.arange(100), rng.integers(1, 6, size=100))
    same = rng.random(len(cluster)) < 0.8
    share, interval = consistency_interval(same, cluster + 1000, BOOTSTRAP)
    assert share == same.mean()
    by_cluster = [same[cluster == c] for c in range(100)]
    drawn = np.random.default_rng(1).integers(100, size=(4000, 100))
    replicates = [np.concatenate([by_cluster[c] for c in sample]).mean() for sample in drawn]
    low, high = np.percentile(replicates, [2.5, 97.5])
    assert interval.low == pytest.approx(low, abs=0.012)
    assert interval.high == pytest.approx(high, abs=0.012)
    assert interval.reason == ""


@pytest.mark.parametrize(
    ("n", "changed", "reason"),
    [
        (0, 0, "the probe applies to no judgement"),
        (1, 0, "1 cluster, and an interval needs 40"),
        (39, 20, "39 clusters, and an interval needs 40"),
        (50, 0, "changed predictions in 0 of 50 clusters, and an interval needs 5"),
        (50, 4, "changed predictions in 4 of 50 clusters, and an interval needs 5"),
        (50, 47, "unchanged predictions in 3 of 50 clusters, and an interval needs 5"),
        (50, 5, ""),
    ],
)
def test_an_interval_that_would_cover_too_little_is_withheld(n: int, changed: int, reason: str) -> None:
    share, interval = consistency_interval(np.arange(n) >= changed, np.arange(n), BOOTSTRAP)
    assert share == (pytest.approx(1 - changed / n) if n else None)
    assert interval.reason == reason
    assert (interval.low is None) == bool(reason)
