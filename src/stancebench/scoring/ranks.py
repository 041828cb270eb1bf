"""Ranks with their uncertainty, from one joint bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stancebench.scoring.tally import FloatArray


@dataclass(frozen=True)
class Rank:
    """Where a system stands among those compared.

    Attributes
    ----------
    name : str
        of the system
    value : float or None
        its score
    rank : int or None
        1 + the number of systems significantly better; None where the score is undefined, or a pair has no test
    low, high : int or None
        percentiles of its rank over the bootstrap samples, rounded outwards
    better_by : int
        number of systems significantly better
    reason : str
        why there is no rank, or no interval of it
    """

    name: str
    value: float | None
    rank: int | None
    low: int | None
    high: int | None
    better_by: int
    reason: str = ""


def sample_ranks(replicates: FloatArray) -> npt.NDArray[np.int64]:
    """Return the rank of each system in each sample: 1 + the number of systems strictly better.

    Parameters
    ----------
    replicates : ndarray, shape (S, B)
        scores, none undefined; turned round where lower is better

    Returns
    -------
    ndarray of int, shape (S, B)
    """
    return np.stack([1 + (replicates > own).sum(axis=0) for own in replicates])


def rank_bounds(replicates: FloatArray, level: float) -> list[tuple[int, int]]:
    """Return percentiles of each system's rank, rounded outwards (after Goldstein and Spiegelhalter 1996).

    Parameters
    ----------
    replicates : ndarray, shape (S, B)
        scores of the same samples, none undefined; turned round where lower is better
    level : float
        nominal coverage

    Returns
    -------
    list of (int, int)
    """
    tail = 100 * (1 - level) / 2
    ranks = sample_ranks(replicates)
    low = np.percentile(ranks, tail, axis=1, method="lower")
    high = np.percentile(ranks, 100 - tail, axis=1, method="higher")
    return [(int(lo), int(hi)) for lo, hi in zip(low, high, strict=True)]


def significantly_better(
    n_systems: int, pairs: Sequence[tuple[int, int]], values: Sequence[float | None], significant: Sequence[bool]
) -> list[int]:
    """Return for each system how many are significantly better.

    Parameters
    ----------
    n_systems : int
        S
    pairs : sequence of (int, int)
        positions of the two systems of each difference
    values : sequence of float or None
        score of the first less that of the second; turned round where lower is better
    significant : sequence of bool
        of each difference

    Returns
    -------
    list of int
    """
    better = [0] * n_systems
    for (a, b), value, is_significant in zip(pairs, values, significant, strict=True):
        if is_significant and value:
            better[b if value > 0 else a] += 1
    return better
