"""Percentile bootstrap by cluster, from sums: one matrix product instead of ten thousand scorings.

Most scores are functions of counts (`Bootstrap.intervals`), those of probabilities of sums over rows
(`Bootstrap.intervals_of_sums`); the samples are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stancebench.scoring.products import one_thread
from stancebench.scoring.scores import Mode, ScoreId, score_arrays
from stancebench.scoring.support import too_thin
from stancebench.scoring.tally import FloatArray, Tally

BLOCK = 250
"""samples drawn at once"""

MANY_CLUSTERS = 20_000
"""from so many clusters on, one sample fills the processor's cache and is drawn by itself"""

BLOCK_CELLS = 4_000_000
"""clusters times samples of a block then"""

UNDEFINED_SHARE = 0.01
"""above this share of undefined replicates no interval is shown"""


class Interval(NamedTuple):
    """Bounds of one score, or None and why there are none."""

    low: float | None
    high: float | None
    undefined: int
    reason: str = ""


def weight_blocks(n_clusters: int, rounds: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.float32]]:
    """Draw how often each cluster stands in each bootstrap sample, some samples at a time.

    The blocks stay in the processor's cache; all of them at once would be written to memory and read again.

    Parameters
    ----------
    n_clusters : int
        number of clusters, K
    rounds : int
        number of samples, B
    rng : numpy.random.Generator
        the only source of randomness; the same state gives every system the same samples, so that differences between
        systems are paired

    Yields
    ------
    ndarray, shape (K, at most BLOCK)
        each column sums to K
    """
    # Small integers are drawn faster; which kind depends on K only, so that a seed gives the same samples everywhere.
    kind = np.uint16 if n_clusters <= np.iinfo(np.uint16).max else np.int32
    if n_clusters >= MANY_CLUSTERS:
        yield from _one_by_one(n_clusters, rounds, rng, kind)
        return
    offsets = np.arange(BLOCK, dtype=np.intp)[:, None] * n_clusters
    for start in range(0, rounds, BLOCK):
        size = min(BLOCK, rounds - start)
        drawn = rng.integers(0, n_clusters, size=(size, n_clusters), dtype=kind)
        place = np.add(drawn, offsets[:size], dtype=np.intp)
        counts = np.bincount(place.ravel(), minlength=size * n_clusters)
        yield counts.reshape(size, n_clusters).astype(np.float32).T


def _one_by_one(
    n_clusters: int, rounds: int, rng: np.random.Generator, kind: type[np.integer[Any]]
) -> Iterator[npt.NDArray[np.float32]]:
    size = max(1, BLOCK_CELLS // n_clusters)
    for start in range(0, rounds, size):
        block = np.empty((min(size, rounds - start), n_clusters), dtype=np.float32)
        for sample in block:
            sample[:] = np.bincount(rng.integers(0, n_clusters, size=n_clusters, dtype=kind), minlength=n_clusters)
        yield block.T


def cluster_weights(n_clusters: int, rounds: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return the blocks of `weight_blocks` as one array, shape (K, B)."""
    return np.concatenate(list(weight_blocks(n_clusters, rounds, rng)), axis=1)


@dataclass(frozen=True)
class Bootstrap:
    """How intervals are made; its fields stand in every record.

    Attributes
    ----------
    rounds : int
        bootstrap samples
    level : float
        nominal coverage, in (0, 1)
    seed : int
        seed of the generator
    cluster : str
        what a cluster is: ``event``, ``document``, or ``row``
    method : str
        always ``percentile``
    """

    rounds: int = 10_000
    level: float = 0.95
    seed: int = 0
    cluster: str = "event"
    method: str = "percentile"

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ValueError(f"level must lie between 0 and 1, got {self.level}")
        if self.rounds < 1:
            raise ValueError(f"rounds must be at least 1, got {self.rounds}")

    def intervals(self, counts: Tally, mode: Mode = "strict", *, withhold: bool = True) -> dict[ScoreId, Interval]:
        """Return the interval of every score, or why there is none.

        Replicates are scored with a minimum support of 1: one whose gold lacks a class is undefined and counted.

        Parameters
        ----------
        counts : Tally
            counts per cluster
        mode : {"strict", "semeval"}, default="strict"
            see `stancebench.scoring.scores`
        withhold : bool, default=True
            whether intervals that would cover too little are withheld, see `stancebench.scoring.support`

        Returns
        -------
        dict of ScoreId to Interval
        """
        if counts.n_units < 2:
            return dict.fromkeys(score_arrays(counts, mode), self.of_one_cluster())
        blocks = weight_blocks(counts.n_units, self.rounds, np.random.default_rng(self.seed))
        bounds = self.bounds(score_arrays(counts.resampled(blocks, self.rounds), mode, minimum=1))
        if not withhold:
            return bounds
        return {which: self.shown(counts, which, interval) for which, interval in bounds.items()}

    def shown(self, counts: Tally, which: ScoreId, interval: Interval) -> Interval:
        """Return an interval, or the reason instead where it would cover too little."""
        reason = interval.reason or too_thin(counts, which, self.cluster)
        return Interval(None, None, interval.undefined, reason) if reason else interval

    def intervals_of_sums(
        self, sums: FloatArray, scores: Callable[[FloatArray], Mapping[ScoreId, FloatArray]]
    ) -> dict[ScoreId, Interval]:
        """Return the interval of scores that are functions of sums over rows.

        Parameters
        ----------
        sums : ndarray, shape (S, K)
            sums by cluster
        scores : callable
            scores of sums of shape (S, units), each of shape (units,)

        Returns
        -------
        dict of ScoreId to Interval
        """
        n_clusters = sums.shape[1]
        if n_clusters < 2:
            return dict.fromkeys(scores(sums), self.of_one_cluster())
        rng = np.random.default_rng(self.seed)
        with one_thread():
            # Scored block by block, sums stay in the processor's cache.
            drawn = [scores(sums @ weights) for weights in weight_blocks(n_clusters, self.rounds, rng)]
        return self.bounds({which: np.concatenate([block[which] for block in drawn]) for which in drawn[0]})

    def of_one_cluster(self) -> Interval:
        """Return the interval of any score where there is nothing to draw from."""
        return Interval(None, None, 0, f"a single {self.cluster} cannot be resampled")

    def bounds(self, replicates: Mapping[ScoreId, FloatArray]) -> dict[ScoreId, Interval]:
        """Return the percentiles of replicates; none where more than `UNDEFINED_SHARE` of them are undefined."""
        table = np.stack(list(replicates.values()))
        undefined = np.isnan(table).sum(axis=1)
        low, high = percentiles(table, self.level)
        bounds = {}
        for which, n, lo, hi in zip(replicates, undefined, low, high, strict=True):
            if n > UNDEFINED_SHARE * self.rounds:
                reason = f"undefined in {n} of {self.rounds} bootstrap samples"
                bounds[which] = Interval(None, None, int(n), reason)
            else:
                bounds[which] = Interval(float(lo), float(hi), int(n))
        return bounds


def mean_bounds(values: FloatArray, cluster: npt.NDArray[np.int64], bootstrap: Bootstrap) -> tuple[float, float]:
    """Return the percentile interval of a mean over rows, by resampling clusters.

    Parameters
    ----------
    values : ndarray, shape (n,)
        one for each row
    cluster : ndarray of int, shape (n,)
        the resampling unit of each row, 0 to K - 1
    bootstrap : Bootstrap
        rounds, level and seed

    Returns
    -------
    tuple of float
        lower and upper bound; none is withheld here
    """
    sums = np.stack([np.bincount(cluster, values), np.bincount(cluster)])
    blocks = weight_blocks(sums.shape[1], bootstrap.rounds, np.random.default_rng(bootstrap.seed))
    means = np.concatenate([np.divide(*(sums @ block)) for block in blocks])
    low, high = percentiles(means[None, :], bootstrap.level)
    return float(low[0]), float(high[0])


def percentiles(table: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper percentile of each row, as ``numpy.nanpercentile`` (linear) gives them.

    Parameters
    ----------
    table : ndarray, shape (S, B)
        replicates of S scores; NaN are left out
    level : float
        nominal coverage

    Returns
    -------
    tuple of ndarray, shape (S,)
    """
    tail = (1 - level) / 2
    # NaN are sorted to the end. A whole sort is vectorised and four times faster here than a partition.
    ordered = np.sort(table, axis=1)
    last = (~np.isnan(table)).sum(axis=1) - 1
    return _quantile(ordered, last, tail), _quantile(ordered, last, 1 - tail)


def _quantile(ordered: FloatArray, last: npt.NDArray[np.intp], q: float) -> FloatArray:
    at = q * np.maximum(last, 0)
    below = np.floor(at).astype(np.intp)
    rows = np.arange(len(ordered))
    low, high = ordered[rows, below], ordered[rows, np.ceil(at).astype(np.intp)]
    value: FloatArray = low + (at - below) * (high - low)
    return value
