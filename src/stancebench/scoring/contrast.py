"""Contrast pairs: two sentences that differ little and whose stances differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stancebench.scoring.declared import ScoreId
from stancebench.scoring.tally import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class Contrasts:
    """Answers to contrast pairs.

    Attributes
    ----------
    right : ndarray of bool, shape (n,)
        whether each judgement is answered right
    members : sequence of ndarray of int
        positions of the judgements of each pair, of both its sentences
    cluster : ndarray of int, shape (n,)
        resampling unit of each judgement; a pair is of the unit of its first

    Raises
    ------
    ValueError
        when a pair has fewer than two judgements, or lengths differ
    """

    right: BoolArray
    members: Sequence[IntArray]
    cluster: IntArray

    def __post_init__(self) -> None:
        if len(self.right) != len(self.cluster):
            raise ValueError(f"arrays of one length are expected, got {len(self.right)} and {len(self.cluster)}")
        if any(len(rows) < 2 for rows in self.members):
            raise ValueError("a contrast pair has at least two judgements")


def contrast_sums(contrasts: Contrasts) -> FloatArray:
    """Return pairs that are wholly right, and all pairs, by cluster; shape (2, K)."""
    n_clusters = int(contrasts.cluster.max()) + 1
    sums = np.zeros((2, n_clusters))
    for rows in contrasts.members:
        sums[:, contrasts.cluster[rows[0]]] += np.array([contrasts.right[rows].all(), 1.0])
    return sums


def contrast_scores(sums: FloatArray) -> dict[ScoreId, FloatArray]:
    """Return the contrast consistency of each unit; NaN where there is no pair."""
    right, pairs = sums
    with np.errstate(invalid="ignore"):
        return {ScoreId("contrast_consistency"): right / pairs}


def contrast_consistency(contrasts: Contrasts) -> float:
    """Return the share of contrast pairs of which every judgement is right; NaN where there is no pair.

    Gardner et al. 2020, "Evaluating Models' Local Decision Boundaries via Contrast Sets", section 2.3.
    """
    sums = contrast_sums(contrasts).sum(axis=1, keepdims=True)
    return float(contrast_scores(sums)[ScoreId("contrast_consistency")][0])
