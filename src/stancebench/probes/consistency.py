"""How often a prediction stays, with an interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from stancebench.scoring import Bootstrap
from stancebench.scoring.resampling import Interval, mean_bounds
from stancebench.scoring.support import MINIMUM_CLUSTERS, NEEDED

FloatArray = npt.NDArray[np.floating[Any]]


def consistency_interval(
    same: npt.NDArray[np.bool_], cluster: npt.NDArray[np.int64], bootstrap: Bootstrap
) -> tuple[float | None, Interval]:
    """Return the share of predictions that stay, and its interval.

    A share of the judgements, each weighing alike; clusters are resampled. The interval is withheld where it would
    cover too little: the numbers are those of an accuracy, see `stancebench.scoring.support`.

    Parameters
    ----------
    same : ndarray of bool, shape (n,)
        whether the prediction of each judgement stays
    cluster : ndarray of int, shape (n,)
        its resampling unit, any integers
    bootstrap : Bootstrap
        rounds, level and seed

    Returns
    -------
    tuple of (float or None, Interval)
        None where nothing is compared

    Examples
    --------
    >>> share, interval = consistency_interval(np.array([True, True, False]), np.array([4, 4, 7]), Bootstrap())
    >>> round(share, 3), interval.reason
    (0.667, '2 clusters, and an interval needs 40')
    """
    if not len(same):
        return None, Interval(None, None, 0, "the probe applies to no judgement")
    share = float(same.mean())
    _, codes = np.unique(cluster, return_inverse=True)
    size = np.bincount(codes).astype(np.float64)
    stays: FloatArray = np.bincount(codes, weights=same.astype(np.float64)).astype(np.float64)
    reason = _too_thin(stays, size)
    if reason:
        return share, Interval(None, None, 0, reason)
    low, high = mean_bounds(same.astype(np.float64), codes, bootstrap)
    return share, Interval(low, high, 0)


def _too_thin(stays: FloatArray, size: FloatArray) -> str:
    if len(size) < MINIMUM_CLUSTERS:
        return f"{len(size)} cluster{'' if len(size) == 1 else 's'}, and an interval needs {MINIMUM_CLUSTERS}"
    needed = NEEDED["accuracy"]
    for what, found, least in (
        ("changed", int((stays < size).sum()), needed.wrong),
        ("unchanged", int((stays > 0).sum()), needed.right),
    ):
        if found < least:
            return f"{what} predictions in {found} of {len(size)} clusters, and an interval needs {least}"
    return ""
