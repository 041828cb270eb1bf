"""Predictions counted: per cluster and target, what was right, what gold holds and what was predicted.

Every score that needs only these counts can be resampled by one matrix product, whatever the number of judgements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from stancebench.scoring.products import Summed, one_thread
from stancebench.vocabulary import NONE, STANCES

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

N_CLASSES = len(STANCES) + 1
"""favor, against, none, and unknown (SemEval's scorer allows it; it is never right)"""

UNKNOWN_CODE = len(STANCES)
"""position of `unknown` behind the three stances"""

SUBSETS = ("neutral", "counter_prior", "overcall")
"""row subsets on which only the share of right answers is scored"""

FALSE_CALLS = ("false_favor", "false_against")
"""sides that a prediction takes where gold is none, in the order of `Tally.calls`"""


@dataclass(frozen=True)
class ScoredRows:
    """Gold and predicted stances of the same judgements, in the same order.

    Attributes
    ----------
    gold, predicted : ndarray of int, shape (n,)
        positions in ``STANCES``; 3 is ``unknown``
    target : ndarray of int, shape (n,)
        positions in ``targets``
    cluster : ndarray of int, shape (n,)
        resampling unit of each row, 0 to K - 1
    targets : tuple of str
        names of the targets
    subsets : mapping of str to ndarray of bool, shape (n,)
        rows of ``neutral``, ``counter_prior`` and ``overcall``; a missing one leaves its score out
    bloc : ndarray of int, shape (n,), or None
        positions in ``blocs``, of the holder of each row; None where nobody has a bloc
    blocs : tuple of str
        names of the blocs; ``""`` for holders without one

    Raises
    ------
    ValueError
        when lengths differ, there is no row, or a code is out of range
    """

    gold: IntArray
    predicted: IntArray
    target: IntArray
    cluster: IntArray
    targets: tuple[str, ...]
    subsets: Mapping[str, BoolArray] = field(default_factory=dict)
    bloc: IntArray | None = None
    blocs: tuple[str, ...] = ("",)

    def __post_init__(self) -> None:
        bloc = np.zeros(len(self.gold), dtype=np.int64) if self.bloc is None else self.bloc
        sizes = {len(a) for a in (self.gold, self.predicted, self.target, self.cluster, bloc, *self.subsets.values())}
        if len(sizes) != 1:
            raise ValueError(f"arrays of one length are expected, got lengths {sorted(sizes)}")
        if 0 in sizes:
            raise ValueError("there is nothing to score: no rows")
        foreign = set(self.subsets) - set(SUBSETS)
        if foreign:
            raise ValueError(f"subsets must be among {SUBSETS}, got {sorted(foreign)}")
        for name, codes, size in (
            ("gold", self.gold, N_CLASSES),
            ("predicted", self.predicted, N_CLASSES),
            ("target", self.target, len(self.targets)),
            ("bloc", bloc, len(self.blocs)),
        ):
            if codes.min() < 0 or codes.max() >= size:
                raise ValueError(f"{name} must lie in 0..{size - 1}, got {codes.min()}..{codes.max()}")
        if self.cluster.min() < 0:
            raise ValueError(f"cluster must not be negative, got {self.cluster.min()}")

    @property
    def right(self) -> BoolArray:
        """Which rows are predicted as gold says, shape (n,); where gold is unknown, none is."""
        return np.asarray((self.gold == self.predicted) & (self.gold != UNKNOWN_CODE))


@dataclass(frozen=True)
class Tally:
    """Counts whose last axis is the unit: clusters at first, bootstrap replicates after weighting.

    The unit stands last so that every operation on replicates runs over contiguous memory.

    Attributes
    ----------
    right : ndarray, shape (T, 3, units)
        right answers per target and stance
    gold, predicted : ndarray, shape (T, 4, units)
        rows per target and class, by gold and by prediction
    hits : mapping of str to ndarray, shape (T, 2, units)
        right answers and rows of each subset
    targets : tuple of str
        names of the targets
    calls : ndarray, shape (blocs, 3, units), or None
        of the rows whose gold is none, by bloc of the holder: those predicted favor, those predicted against, and all;
        None leaves their scores out
    blocs : tuple of str
        names of the blocs
    """

    right: FloatArray
    gold: FloatArray
    predicted: FloatArray
    hits: Mapping[str, FloatArray]
    targets: tuple[str, ...]
    calls: FloatArray | None = None
    blocs: tuple[str, ...] = ()

    @property
    def n_units(self) -> int:
        """Number of clusters or replicates."""
        return int(self.right.shape[-1])

    def weighted(self, weights: npt.NDArray[np.floating[Any]]) -> Tally:
        """Return the counts of samples in which cluster k stands ``weights[k, b]`` times.

        Parameters
        ----------
        weights : ndarray, shape (K, B)
            how often each cluster stands in each sample

        Returns
        -------
        Tally
            with B units
        """
        return self.resampled([weights], weights.shape[1])

    def resampled(self, blocks: Iterable[npt.NDArray[np.floating[Any]]], n_samples: int) -> Tally:
        """Return the counts of samples whose weights come in blocks, each of shape (K, samples of the block)."""
        parts = [self.right, self.gold, self.predicted, *self.hits.values()]
        if self.calls is not None:
            parts.append(self.calls)
        flat = np.concatenate([part.reshape(-1, self.n_units) for part in parts])
        summed = Summed(flat)
        sums = np.empty((len(flat), n_samples))
        start = 0
        with one_thread():
            for weights in blocks:
                stop = start + weights.shape[1]
                sums[:, start:stop] = summed.over(weights)
                start = stop
        cuts = np.cumsum([part.shape[0] * part.shape[1] for part in parts])[:-1]
        split = [block.reshape(*part.shape[:2], -1) for block, part in zip(np.split(sums, cuts), parts, strict=True)]
        right, gold, predicted, *hits = split
        calls = None if self.calls is None else hits.pop()
        return Tally(right, gold, predicted, dict(zip(self.hits, hits, strict=True)), self.targets, calls, self.blocs)

    def total(self) -> Tally:
        """Return the counts of all clusters together, as one unit."""
        return self.weighted(np.ones((self.n_units, 1)))

    def pooled(self) -> Tally:
        """Return the counts with all targets thrown together."""
        hits = {name: counts.sum(axis=0, keepdims=True) for name, counts in self.hits.items()}
        right, gold, predicted = (part.sum(axis=0, keepdims=True) for part in (self.right, self.gold, self.predicted))
        return Tally(right, gold, predicted, hits, ("",), self.calls, self.blocs)


def tally(rows: ScoredRows) -> Tally:
    """Count predictions by cluster and target.

    Parameters
    ----------
    rows : ScoredRows
        what to count

    Returns
    -------
    Tally
        one unit per cluster
    """
    n_units = int(rows.cluster.max()) + 1
    n_targets = len(rows.targets)

    def count(classes: IntArray, n_classes: int, member: BoolArray | slice = slice(None)) -> FloatArray:
        place = ((rows.target[member] * n_classes + classes[member]) * n_units) + rows.cluster[member]
        shape = (n_targets, n_classes, n_units)
        return np.bincount(place, minlength=n_targets * n_classes * n_units).reshape(shape).astype(np.float64)

    is_right = rows.right
    right = count(rows.gold, N_CLASSES, is_right)[:, : len(STANCES)]
    hits = {}
    for name, member in rows.subsets.items():
        by_outcome = count((~is_right).astype(np.int64), 2, member)
        hits[name] = np.stack([by_outcome[:, 0], by_outcome.sum(axis=1)], axis=1)
    gold, predicted = count(rows.gold, N_CLASSES), count(rows.predicted, N_CLASSES)
    return Tally(right, gold, predicted, hits, rows.targets, _calls(rows, n_units), rows.blocs)


def _calls(rows: ScoredRows, n_units: int) -> FloatArray:
    none = rows.gold == NONE
    bloc = np.zeros(len(rows.gold), dtype=np.int64) if rows.bloc is None else rows.bloc
    place = (bloc[none] * N_CLASSES + rows.predicted[none]) * n_units + rows.cluster[none]
    shape = (len(rows.blocs), N_CLASSES, n_units)
    counts = np.bincount(place, minlength=len(rows.blocs) * N_CLASSES * n_units).reshape(shape).astype(np.float64)
    return np.concatenate([counts[:, : len(FALSE_CALLS)], counts.sum(axis=1, keepdims=True)], axis=1)


def confusion(rows: ScoredRows) -> IntArray:
    """Return gold (rows) by predicted (columns) for each target.

    Parameters
    ----------
    rows : ScoredRows
        what to count

    Returns
    -------
    ndarray of int, shape (T, 4, 4)
        classes in the order favor, against, none, unknown
    """
    place = (rows.target * N_CLASSES + rows.gold) * N_CLASSES + rows.predicted
    n_targets = len(rows.targets)
    return np.bincount(place, minlength=n_targets * N_CLASSES**2).reshape(n_targets, N_CLASSES, N_CLASSES)
