"""Simulated judgements with a known truth: events that hang together, classes that are rare, systems that err alike.

What a score is in the population is known exactly, so that intervals and tests can be held against it.

Two judgements of one event agree by more than chance. Each takes, with probability the root of ``effect``, the event's
own random number in the place of one of its own; the marginal shares stay exact, and two indicators of one event
correlate by ``effect`` (an intraclass correlation: Donner and Koval 1980, Biometrics 36:19).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from stancebench.scoring.scores import ScoreId, score_arrays
from stancebench.scoring.tally import BoolArray, FloatArray, IntArray, ScoredRows, Tally
from stancebench.vocabulary import STANCES

Shares = tuple[float, float, float]
"""of favor, against and none"""

NEUTRAL_SHARE = 0.2
"""of the judgements whose stance is none, in a simulated corpus; the others are absent"""

COUNTER_PRIOR_SHARE = 0.3
"""of the polar judgements of a simulated corpus"""


@dataclass(frozen=True)
class Population:
    """Where simulated corpora come from.

    The defaults are near the test rows of ``coverage`` 0.1 and the committed baselines on them: docs/intervals.md.

    Attributes
    ----------
    clusters : int
        events of a corpus
    shares : tuple of tuple of float
        of favor, against and none, for each target
    statements : float
        mean statements of an event, at least 1; each statement is judged on every target
    gold_effect, answer_effect : float
        how alike the gold stances of an event are, and how alike a system is right or wrong on them, in [0, 1)

    Raises
    ------
    ValueError
        when a share, a mean or an effect is none
    """

    clusters: int = 160
    shares: tuple[Shares, ...] = ((0.12, 0.12, 0.76),) * 4
    statements: float = 1.5
    gold_effect: float = 0.4
    answer_effect: float = 0.3

    def __post_init__(self) -> None:
        if self.clusters < 1 or self.statements < 1:
            raise ValueError(f"clusters and statements must be at least 1, got {self.clusters} and {self.statements}")
        if any(abs(sum(s) - 1) > 1e-9 or min(s) < 0 for s in self.shares):
            raise ValueError(f"shares must not be negative and must sum to 1, got {self.shares}")
        if not (0 <= self.gold_effect < 1 and 0 <= self.answer_effect < 1):
            raise ValueError(f"effects must lie in [0, 1), got {self.gold_effect} and {self.answer_effect}")

    def draw(self, rng: np.random.Generator) -> Judgements:
        """Return one simulated corpus."""
        n_targets = len(self.shares)
        statements = 1 + rng.poisson(self.statements - 1, self.clusters)
        cluster = np.repeat(np.arange(self.clusters), statements * n_targets)
        target = np.tile(np.arange(n_targets), int(statements.sum()))
        # An event's own number is another for each target: it may praise one and blame the other.
        at = drawn_alike(cluster * n_targets + target, self.gold_effect, rng)
        bounds = np.cumsum(np.asarray(self.shares), axis=1)[:, :-1]
        gold = (at[:, None] >= bounds[target]).sum(axis=1)
        marked = rng.random(len(gold))
        subsets = {
            "neutral": (gold == STANCES.index("none")) & (marked < NEUTRAL_SHARE),
            "counter_prior": (gold != STANCES.index("none")) & (marked < COUNTER_PRIOR_SHARE),
        }
        return Judgements(gold, target, cluster, tuple(f"t{t}" for t in range(n_targets)), subsets)

    def truth(self, answers: npt.ArrayLike) -> dict[ScoreId, float]:
        """Return every score in the population, of a system that answers as ``answers`` says.

        Parameters
        ----------
        answers : array_like, shape (3, 3) or (T, 3, 3)
            how often a gold stance (rows) is answered by each stance (columns)

        Returns
        -------
        dict of ScoreId to float
        """
        gold = np.asarray(self.shares)
        hits = {
            "neutral": gold * [0, 0, NEUTRAL_SHARE],
            "counter_prior": gold * [COUNTER_PRIOR_SHARE, COUNTER_PRIOR_SHARE, 0],
        }
        return expected_scores(gold, answers, tuple(f"t{t}" for t in range(len(gold))), hits)


@dataclass(frozen=True)
class Judgements:
    """Gold without predictions; see `ScoredRows` for the fields."""

    gold: IntArray
    target: IntArray
    cluster: IntArray
    targets: tuple[str, ...]
    subsets: Mapping[str, BoolArray] = field(default_factory=dict)

    def answered(self, answers: npt.ArrayLike, at: FloatArray) -> ScoredRows:
        """Return the judgements with the predictions of a simulated system.

        Parameters
        ----------
        answers : array_like, shape (3, 3) or (T, 3, 3)
            how often a gold stance (rows) is answered by each stance (columns), by target or alike for all
        at : ndarray, shape (n,)
            random numbers in [0, 1), one a judgement; a system is right where its number is below its accuracy, so that
            two systems with the same numbers err on the same judgements

        Returns
        -------
        ScoredRows
        """
        by_target = np.broadcast_to(np.asarray(answers, dtype=float), (len(self.targets), 3, 3))
        # The right stance comes first, then the others.
        order = np.array([[0, 1, 2], [1, 0, 2], [2, 0, 1]])
        chances = np.take_along_axis(by_target, np.broadcast_to(order, by_target.shape), axis=2)
        bounds = chances.cumsum(axis=2)[:, :, :-1]
        place = (at[:, None] >= bounds[self.target, self.gold]).sum(axis=1)
        predicted = order[self.gold, place]
        return ScoredRows(self.gold, predicted, self.target, self.cluster, self.targets, self.subsets)

    def resampled(self, rng: np.random.Generator) -> Judgements:
        """Return a corpus of as many events, drawn from these with replacement; a repeated event is one of its own."""
        order = np.argsort(self.cluster, kind="stable")
        sizes = np.bincount(self.cluster)
        starts = np.cumsum(sizes) - sizes
        drawn = rng.integers(0, len(sizes), len(sizes))
        cluster = np.repeat(np.arange(len(sizes)), sizes[drawn])
        within = np.arange(len(cluster)) - np.repeat(np.cumsum(sizes[drawn]) - sizes[drawn], sizes[drawn])
        rows = order[np.repeat(starts[drawn], sizes[drawn]) + within]
        subsets = {name: member[rows] for name, member in self.subsets.items()}
        return Judgements(self.gold[rows], self.target[rows], cluster, self.targets, subsets)

    def truth(self, answers: npt.ArrayLike) -> dict[ScoreId, float]:
        """Return every score that a system of these answers is expected to have on these judgements."""
        n_targets = len(self.targets)

        def counted(member: BoolArray | slice) -> FloatArray:
            place = self.target[member] * 3 + self.gold[member]
            return np.bincount(place, minlength=n_targets * 3).reshape(n_targets, 3).astype(float)

        hits = {name: counted(member) for name, member in self.subsets.items()}
        return expected_scores(counted(slice(None)), answers, self.targets, hits)


def drawn_alike(cluster: IntArray, effect: float, rng: np.random.Generator) -> FloatArray:
    """Return a uniform random number for each judgement, alike within a cluster.

    Parameters
    ----------
    cluster : ndarray of int, shape (n,)
        what hangs together
    effect : float
        correlation, within a cluster, of whether a number is below any bound, in [0, 1)
    rng : numpy.random.Generator
        source of randomness

    Returns
    -------
    ndarray, shape (n,)
    """
    shared = rng.random(int(cluster.max()) + 1)[cluster]
    return np.where(rng.random(len(cluster)) < np.sqrt(effect), shared, rng.random(len(cluster)))


def erring_alike(
    cluster: IntArray, effect: float, alike: float, n_systems: int, rng: np.random.Generator
) -> Sequence[FloatArray]:
    """Return the random numbers of several systems, some of which they share.

    Parameters
    ----------
    cluster : ndarray of int, shape (n,)
        what hangs together
    effect : float
        how alike a system is right or wrong within a cluster; where some numbers are shared, a little less
    alike : float
        correlation between whether two systems of the same accuracy are right, in [0, 1]
    n_systems : int
        how many
    rng : numpy.random.Generator
        source of randomness

    Returns
    -------
    sequence of ndarray, shape (n,)
    """
    common = drawn_alike(cluster, effect, rng)
    return [
        np.where(rng.random(len(cluster)) < np.sqrt(alike), common, drawn_alike(cluster, effect, rng))
        for _ in range(n_systems)
    ]


def answers_of(accuracy: float | Sequence[float], wrong: Sequence[float] = (0.25, 0.25, 0.5)) -> FloatArray:
    """Return a table of answers, shape (3, 3).

    Parameters
    ----------
    accuracy : float or sequence of 3 float
        how often a gold stance is answered by itself
    wrong : sequence of 3 float, default=(0.25, 0.25, 0.5)
        weights of favor, against and none among wrong answers

    Returns
    -------
    ndarray, shape (3, 3)
    """
    right = np.broadcast_to(np.asarray(accuracy, dtype=float), (3,))
    table = np.tile(np.asarray(wrong, dtype=float), (3, 1))
    np.fill_diagonal(table, 0)
    table *= ((1 - right) / table.sum(axis=1))[:, None]
    np.fill_diagonal(table, right)
    return table


def expected_scores(
    gold: FloatArray, answers: npt.ArrayLike, targets: tuple[str, ...], hits: Mapping[str, FloatArray]
) -> dict[ScoreId, float]:
    """Return the scores of the counts that are expected.

    Parameters
    ----------
    gold : ndarray, shape (T, 3)
        judgements, or their share, by target and stance
    answers : array_like, shape (3, 3) or (T, 3, 3)
        how often a gold stance is answered by each stance
    targets : tuple of str
        names of the targets
    hits : mapping of str to ndarray, shape (T, 3)
        as gold, of each subset

    Returns
    -------
    dict of ScoreId to float
    """
    # Alpha corrects for small samples: a population has none.
    many = 1e12 / gold.sum()
    gold, hits = gold * many, {name: rows * many for name, rows in hits.items()}
    by_target = np.broadcast_to(np.asarray(answers, dtype=float), (len(gold), 3, 3))
    accuracy = np.diagonal(by_target, axis1=1, axis2=2)
    given = (gold[:, :, None] * by_target).sum(axis=1)
    counts = Tally(
        right=(gold * accuracy)[..., None],
        gold=_with_unknown(gold),
        predicted=_with_unknown(given),
        hits={
            name: np.stack([(rows * accuracy).sum(axis=1), rows.sum(axis=1)], axis=1)[..., None]
            for name, rows in hits.items()
        },
        targets=targets,
    )
    return {which: float(array[0]) for which, array in score_arrays(counts, "strict", minimum=0).items()}


def _with_unknown(counts: npt.NDArray[np.floating[Any]]) -> FloatArray:
    return np.pad(counts, ((0, 0), (0, 1)))[..., None].astype(float)
