"""Probabilities under a null hypothesis, and what many of them at once are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from stancebench.scoring.tally import FloatArray

Correction = Literal["holm", "benjamini_hochberg", "none"]

CORRECTIONS: tuple[Correction, ...] = ("holm", "benjamini_hochberg", "none")


def holm(p: npt.ArrayLike) -> FloatArray:
    """Return Holm's adjusted p-values: at most the level, any false rejection in the family (Holm 1979).

    "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6:65-70. It holds
    whatever the tests have to do with each other.

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

    It is shown for tests that are independent or positively dependent (Benjamini and Yekutieli 2001, theorem 1.2).
    Pairs that share a system need not be: then it is a habit that works, not a guarantee, and `holm` is one.

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


@dataclass(frozen=True)
class McNemar:
    """Judgements on which one of two systems is right; the exact test takes them for independent.

    Attributes
    ----------
    b, c : int
        judgements that only the first, and only the second has right
    p : float
        exact, two-sided; not corrected
    """

    b: int
    c: int
    p: float


def mcnemar(b: int, c: int) -> float:
    """Return the exact two-sided probability of McNemar's test.

    McNemar 1947; the exact conditional form as in Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology
    13:91.

    Parameters
    ----------
    b, c : int
        items that only the first, and only the second system has right

    Returns
    -------
    float
        twice the binomial tail at the smaller of the two, at most 1

    Raises
    ------
    ValueError
        when a count is negative
    """
    if min(b, c) < 0:
        raise ValueError(f"counts must not be negative, got {b} and {c}")
    # scipy.special takes a tenth of a second to import: only a comparison pays for it.
    from scipy.special import bdtr

    return 1.0 if b + c == 0 else min(1.0, 2 * float(bdtr(min(b, c), b + c, 0.5)))


SMALLEST = 1e-12
"""a p below is given as this: so far out no tail is known"""


class Error(NamedTuple):
    """One part of the squared standard error of a value, estimated with some degrees of freedom."""

    variance: float
    freedom: int


def against_errors(value: float, errors: Sequence[Error]) -> float:
    """Return the two-sided probability of a value as far from 0 whose error is a sum of independent parts.

    Each part's variance is weighed with the square of its own point of Student's distribution (Banerjee 1960,
    Sankhya 22:357): for normal values p is at most any level with no more than that probability, however few degrees
    of freedom a part has and however the parts compare.

    Parameters
    ----------
    value : float
        what is tested
    errors : sequence of Error
        parts of its squared standard error

    Returns
    -------
    float
        the p at which value**2 is the sum of t(p)**2 times the variance of each part; NaN where the value is not 0 and
        there is no error
    """
    if value == 0:
        return 1.0
    if not any(error.variance > 0 for error in errors):
        return np.nan
    # scipy.special takes a tenth of a second to import: only systems of several seeds pay for it.
    from scipy.special import stdtrit

    variances = np.array([error.variance for error in errors])
    freedoms = np.array([error.freedom for error in errors], dtype=np.float64)
    low, high = log(SMALLEST), 0.0
    # Fifty halvings of log p leave nothing that a float could tell apart.
    for _ in range(50):
        middle = (low + high) / 2
        if float((stdtrit(freedoms, exp(middle) / 2) ** 2 * variances).sum()) < value**2:
            high = middle
        else:
            low = middle
    return exp(high)
