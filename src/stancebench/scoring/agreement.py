"""Krippendorff's alpha for nominal values: of any number of raters, and of gold and prediction from counts."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from stancebench.scoring.tally import FloatArray, Tally
from stancebench.vocabulary import STANCES


def nominal_alpha(counts: npt.ArrayLike) -> float:
    """Return Krippendorff's alpha for nominal values: 1 less observed by expected disagreement.

    Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: any number of raters, missing values
    allowed.

    Parameters
    ----------
    counts : array_like, shape (items, classes)
        how many raters gave each class to each item; an item that fewer than two have rated is left out

    Returns
    -------
    float
        at most 1; NaN where everything is one class, or no item was rated twice
    """
    table = np.asarray(counts, dtype=np.float64)
    rated = table.sum(axis=1)
    table, rated = table[rated > 1], rated[rated > 1]
    n = rated.sum()
    of_class = table.sum(axis=0)
    expected = n**2 - (of_class**2).sum()
    if not expected:
        return float("nan")
    observed = ((rated**2 - (table**2).sum(axis=1)) / (rated - 1)).sum()
    return float(1 - (n - 1) * observed / expected)


def alpha(counts: Tally, mode: Literal["strict", "semeval"]) -> FloatArray:
    """Return Krippendorff's nominal alpha between gold and prediction, from counts.

    Two raters and no missing value: with N = 2n values of which n_c are of class c, the expected disagreement is
    1 - sum n_c (n_c - 1) / (N (N - 1)) and the observed one 1 - accuracy (Krippendorff 2011, section B). An unknown
    gold and an unknown prediction are two classes: they never agree.

    Parameters
    ----------
    counts : Tally
        counts of any units
    mode : {"strict", "semeval"}
        what a single class gives: NaN, or 0

    Returns
    -------
    ndarray, shape (T, units)
    """
    scored = slice(0, len(STANCES))
    rows = counts.gold.sum(axis=1)
    classes = [counts.gold[:, scored] + counts.predicted[:, scored]]
    classes += [part[:, len(STANCES) :] for part in (counts.gold, counts.predicted)]
    n = 2 * rows
    expected = n * (n - 1) - sum((c * (c - 1)).sum(axis=1) for c in classes)
    observed = rows - counts.right.sum(axis=1)
    empty = expected == 0
    value: FloatArray = 1 - 2 * observed * (n - 1) / np.where(empty, 1.0, expected)
    value[empty] = 0.0 if mode == "semeval" else np.nan
    return value
