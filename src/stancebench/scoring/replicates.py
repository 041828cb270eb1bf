"""One joint bootstrap of several systems: the same samples of clusters for all, so that differences are paired."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from math import sqrt

import numpy as np

from stancebench.scoring.cells import Cells
from stancebench.scoring.products import Summed, one_thread
from stancebench.scoring.resampling import Bootstrap, weight_blocks
from stancebench.scoring.tally import FloatArray, Tally

NORMAL_95 = 1.959963984540054


def joint_replicates(
    names: Sequence[str], systems: Sequence[Sequence[Tally]], cells: Cells, bootstrap: Bootstrap
) -> FloatArray:
    """Return the score of every system in every bootstrap sample.

    A system of several seeds is resampled in two stages: clusters, and seeds within each sample (Davison and Hinkley
    1997, section 3.8). The mean of v drawn seeds varies too little by the factor (v - 1) / v, and of few seeds the
    spread itself is hardly known: each sample's departure from the mean of all seeds is stretched by
    sqrt(v / (v - 1)) t / z, with t and z the two-sided 95% points of Student's distribution with v - 1 degrees of
    freedom and of the normal one.

    Parameters
    ----------
    names : sequence of str
        of the systems; a system's seeds are drawn by its name, so that the others do not change its samples
    systems : sequence of sequence of Tally
        counts per cluster, for each system one for each seed
    cells : Cells
        the score
    bootstrap : Bootstrap
        rounds and seed

    Returns
    -------
    ndarray, shape (S, B)
        NaN where undefined
    """
    counts = [cells.of_system(tally) for seeds in systems for tally in seeds]
    gold = cells.of_gold(systems[0][0])
    n_clusters, size = systems[0][0].n_units, len(counts[0])
    summed = Summed(np.concatenate([gold, *counts]))
    per_run = np.empty((len(counts), bootstrap.rounds))
    start = 0
    with one_thread():
        for weights in weight_blocks(n_clusters, bootstrap.rounds, np.random.default_rng(bootstrap.seed)):
            sums = summed.over(weights)
            stop = start + weights.shape[1]
            for i in range(len(counts)):
                at = len(gold) + i * size
                per_run[i, start:stop] = cells.score(sums[at : at + size], sums[: len(gold)], minimum=1)
            start = stop
    cuts = np.cumsum([len(seeds) for seeds in systems])[:-1]
    parts = np.split(per_run, cuts)
    return np.stack([drawn_seeds(name, part, bootstrap) for name, part in zip(names, parts, strict=True)])


def drawn_seeds(name: str, runs: FloatArray, bootstrap: Bootstrap) -> FloatArray:
    """Return the mean of the seeds drawn in each sample, stretched as `joint_replicates` says.

    Parameters
    ----------
    name : str
        of the system; the same name draws the same seeds
    runs : ndarray, shape (v, B)
        a score of each seed in each sample
    bootstrap : Bootstrap
        rounds and seed

    Returns
    -------
    ndarray, shape (B,)
    """
    v, rounds = runs.shape
    if v == 1:
        return np.asarray(runs[0])
    rng = np.random.default_rng([bootstrap.seed, zlib.crc32(name.encode())])
    mean = runs.mean(axis=0)
    picked = rng.integers(0, v, size=(v, rounds))
    drawn = np.take_along_axis(runs, picked, axis=0).mean(axis=0)
    return np.asarray(mean + _stretch(v) * (drawn - mean))


def _stretch(v: int) -> float:
    # scipy.special takes a tenth of a second to import: only systems of several seeds pay for it.
    from scipy.special import stdtrit

    return sqrt(v / (v - 1)) * float(stdtrit(v - 1, 0.975)) / NORMAL_95
