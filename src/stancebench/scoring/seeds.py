"""Systems of several seeds: the mean of their scores, and how far it may lie from that of all seeds there could be."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from math import sqrt
from statistics import fmean, variance

import numpy as np

from stancebench.scoring.resampling import Bootstrap
from stancebench.scoring.scores import ScoreValue
from stancebench.scoring.significance import Error
from stancebench.scoring.tally import FloatArray


def mean_of_seeds(values: Sequence[ScoreValue]) -> ScoreValue:
    """Return the mean of the seeds' scores; undefined, with the reason, where one of them is."""
    defined = [v.value for v in values if v.value is not None]
    if len(defined) < len(values):
        return ScoreValue(None, next(v.reason for v in values if v.value is None))
    return ScoreValue(fmean(defined))


def error_of_seeds(values: Sequence[ScoreValue]) -> Error | None:
    """Return the squared standard error of the mean over seeds; None where there is one seed, or no mean."""
    defined = [v.value for v in values if v.value is not None]
    if len(values) < 2 or len(defined) < len(values):
        return None
    return Error(variance(defined) / len(defined), len(defined) - 1)


def departures(name: str, runs: FloatArray, bootstrap: Bootstrap) -> FloatArray:
    """Return how far the mean of the seeds drawn in each sample lies from that of all seeds, stretched.

    The mean of v drawn seeds varies too little by the factor (v - 1) / v, and of few seeds the spread itself is hardly
    known: each departure is stretched by sqrt(v / (v - 1)) t / z, with t and z the two-sided points at the level of
    Student's distribution with v - 1 degrees of freedom and of the normal one.

    Parameters
    ----------
    name : str
        of the system; its seeds are drawn by it, so that other systems do not change its samples
    runs : ndarray, shape (v, B)
        score of each seed in each sample
    bootstrap : Bootstrap
        seed and level

    Returns
    -------
    ndarray, shape (B,)
        0 where there is one seed
    """
    v, rounds = runs.shape
    if v == 1:
        return np.zeros(rounds)
    rng = np.random.default_rng([bootstrap.seed, zlib.crc32(name.encode())])
    picked = rng.integers(0, v, size=(v, rounds))
    drawn = np.take_along_axis(runs, picked, axis=0).mean(axis=0)
    return np.asarray(_stretch(v, bootstrap.level) * (drawn - runs.mean(axis=0)))


def drawn_seeds(name: str, runs: FloatArray, bootstrap: Bootstrap) -> FloatArray:
    """Return the mean of the seeds drawn in each sample, stretched: the mean of all seeds and `departures` from it."""
    return np.asarray(runs.mean(axis=0) + departures(name, runs, bootstrap))


def _stretch(v: int, level: float) -> float:
    # scipy.special takes a tenth of a second to import: only systems of several seeds pay for it.
    from scipy.special import ndtri, stdtrit

    tail = (1 + level) / 2
    return sqrt(v / (v - 1)) * float(stdtrit(v - 1, tail) / ndtri(tail))
