"""Probabilities under a null hypothesis, and what many of them at once are worth."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from stancebench.scoring.tally import FloatArray

Correction = Literal["holm", "benjamini_hochberg", "none"]

CORRECTIONS: tuple[Correction, ...] = ("holm", "benjamini_hochberg", "none")


def holm(p: npt.ArrayLike) -> FloatArray:
    """Return Holm's adjusted p-values: at most the level, any false rejection in the family (Holm 1979, p. 67).

    Parameters
    ----------
    p : array_like, shape (m,)
        probabilities in [0, 1]; NaN stays NaN and is no member of the family

    Returns
    -------
    ndarray, shape (m,)
        the k-th smallest p times (m - k + 1), made monotone, at most 1

    Raises
    ------
    ValueError
        when a value lies outside [0, 1]
    """
    values, defined = _checked(p)
    out = values.copy()
    order = np.argsort(values[defined], kind="stable")
    factors = np.arange(len(order), 0, -1)
    steps = np.minimum(np.maximum.accumulate(values[defined][order] * factors), 1.0)
    out[np.flatnonzero(defined)[order]] = steps
    return out


def benjamini_hochberg(p: npt.ArrayLike) -> FloatArray:
    """Return adjusted p-values that hold the expected share of false rejections (Benjamini and Hochberg 1995, p. 293).

    Parameters
    ----------
    p : array_like, shape (m,)
        probabilities in [0, 1]; NaN stays NaN and is no member of the family

    Returns
    -------
    ndarray, shape (m,)
        the k-th smallest p times m / k, made monotone from the largest down

    Raises
    ------
    ValueError
        when a value lies outside [0, 1]
    """
    values, defined = _checked(p)
    out = values.copy()
    order = np.argsort(values[defined], kind="stable")
    m = len(order)
    scaled = values[defined][order] * m / np.arange(1, m + 1)
    out[np.flatnonzero(defined)[order]] = np.minimum.accumulate(scaled[::-1])[::-1]
    return out


def _checked(p: npt.ArrayLike) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    values = np.array(p, dtype=np.float64)
    defined = ~np.isnan(values)
    if ((values[defined] < 0) | (values[defined] > 1)).any():
        raise ValueError("p-values must lie between 0 and 1")
    return values, defined


def adjusted(p: npt.ArrayLike, correction: Correction) -> FloatArray:
    """Return p-values adjusted by the correction of that name.

    Raises
    ------
    ValueError
        when there is no such correction, or a value lies outside [0, 1]
    """
    if correction not in CORRECTIONS:
        raise ValueError(f"correction must be one of {CORRECTIONS}, got {correction!r}")
    if correction == "none":
        return _checked(p)[0]
    return holm(p) if correction == "holm" else benjamini_hochberg(p)


def mcnemar(b: int, c: int) -> float:
    """Return the exact two-sided probability of McNemar's test (McNemar 1947; exact form: Liddell 1983, p. 295).

    Parameters
    ----------
    b, c : int
        items that only the first, and only the second system has right

    Returns
    -------
    float
        twice the binomial tail at the smaller of the two, at most 1
    """
    if min(b, c) < 0:
        raise ValueError(f"counts must not be negative, got {b} and {c}")
    # scipy.special takes a tenth of a second to import: only a comparison pays for it.
    from scipy.special import bdtr

    return 1.0 if b + c == 0 else min(1.0, 2 * float(bdtr(min(b, c), b + c, 0.5)))
