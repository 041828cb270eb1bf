"""Scores of parts of a test, each against the rest of its slicing, from counts per cluster.

A slice is scored as a target is: all its rows together, whatever their target. What is said of it:

* nothing, where it has fewer than ``MINIMUM_ROWS`` judgements or stands in fewer than ``MINIMUM_CLUSTERS`` clusters;
* an interval, where it has the support that any interval needs (`stancebench.scoring.support`);
* a difference to the rest, where both have. The rest are the rows of the slicing's other slices. Slice and rest are
  resampled together, since a cluster may hold rows of both. The test divides the difference by its bootstrap standard
  error (Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 12.4): no exchange of answers makes a
  slice and its rest alike when nothing distinguishes them, as it does two systems. Of k clusters, in the slice or the
  rest, whichever has fewer, the error is taken sqrt(k / (k - 1)) larger and the quotient has Student's distribution
  with k - 1 degrees of freedom (Cameron and Miller 2015, Journal of Human Resources 50:317, section VI): by the normal
  one a true null was rejected in 6 to 8% of simulated tests of 10 to 25 clusters, at a level of 5%.

A system of several seeds has the mean of their scores, and its seeds are drawn in each sample
(`stancebench.scoring.replicates`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import fmean

import numpy as np

from stancebench.scoring.resampling import UNDEFINED_SHARE, Bootstrap, percentiles, weight_blocks
from stancebench.scoring.scores import MINIMUM_SUPPORT, Mode, ScoreId, accuracy, class_scores, f_avg, matthews
from stancebench.scoring.seeds import drawn_seeds
from stancebench.scoring.significance import Correction, adjusted
from stancebench.scoring.support import too_thin
from stancebench.scoring.tally import BoolArray, FloatArray, ScoredRows, Tally, tally
from stancebench.vocabulary import AGAINST, FAVOR, STANCES

MINIMUM_ROWS = 30
"""judgements below which nothing is claimed of a slice; a convention"""

MINIMUM_CLUSTERS = 10
"""clusters below which nothing is claimed of a slice; a convention"""

Slicings = Mapping[str, Mapping[str, BoolArray]]
"""masks of rows, by slicing and slice; the slices of a slicing may overlap"""

Scoring = Callable[[Tally, Mode, int], FloatArray]


def _macro_f1(counts: Tally, mode: Mode, minimum: int) -> FloatArray:  # noqa: ARG001 -- one signature for all
    value: FloatArray = class_scores(counts, mode).f1.mean(axis=1)
    return value


SLICED: Mapping[str, Scoring] = {
    "accuracy": lambda counts, mode, minimum: accuracy(counts, mode),  # noqa: ARG005
    "f_avg": lambda counts, mode, minimum: f_avg(class_scores(counts, mode).f1, counts, mode, minimum),
    "macro_f1": _macro_f1,
    "mcc": lambda counts, mode, minimum: matthews(counts),  # noqa: ARG005
}
"""scores that a slice can have, shape (T, units) from counts of T slices"""


@dataclass(frozen=True)
class SliceScore:
    """What is known of one slice.

    Attributes
    ----------
    slicing, name : str
        what the rows were sliced by, and which slice this is
    rows, clusters : int
        its size
    gold : tuple of int
        its favor, against and none
    value : float or None
        its score; of several seeds the mean
    low, high : float or None
        bounds of the score
    difference : float or None
        its score less that of the rest
    difference_low, difference_high : float or None
        bounds of the difference
    p, p_adjusted : float or None
        two-sided probability of so large a difference where there is none, alone and in its family
    significant : bool
        whether the adjusted p is at most 1 - level
    complement : str
        the slice before it that is its rest: one test for both
    reason : str
        why there is no score, or no interval of it
    difference_reason : str
        why there is no difference, or no test of it
    """

    slicing: str
    name: str
    rows: int
    clusters: int
    gold: tuple[int, ...] = ()
    value: float | None = None
    low: float | None = None
    high: float | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    significant: bool = False
    complement: str = ""
    reason: str = ""
    difference_reason: str = ""


@dataclass(frozen=True)
class _Part:
    """A slice that is large enough, with its rest."""

    score: SliceScore
    member: BoolArray
    rest: BoolArray
    rest_clusters: int
    small_rest: str
    """why nothing is said of the rest"""

    @property
    def names(self) -> tuple[str, str]:
        """What slice and rest are called in a reason."""
        whole = f"{self.score.slicing} {self.score.name}"
        return whole, f"the rest of {whole}"


def slice_scores(
    runs: Sequence[ScoredRows],
    slicings: Slicings,
    *,
    score: str = "accuracy",
    mode: Mode = "strict",
    bootstrap: Bootstrap | None = None,
) -> tuple[SliceScore, ...]:
    """Score every slice of every slicing.

    Parameters
    ----------
    runs : sequence of ScoredRows
        a system's answers, one for each seed; gold, targets and clusters are the same in all
    slicings : mapping of str to mapping of str to ndarray of bool, shape (n,)
        the rows of each slice
    score : {"accuracy", "f_avg", "macro_f1", "mcc"}, default="accuracy"
        of all rows of a slice together
    mode : {"strict", "semeval"}, default="strict"
        see `stancebench.scoring.scores`
    bootstrap : Bootstrap, optional
        by default there are neither intervals nor tests

    Returns
    -------
    tuple of SliceScore
        in the order given; p is not adjusted, see `corrected`

    Raises
    ------
    ValueError
        when there are no runs, they are not of the same judgements, a mask is of another length, or the score is not
        one of a slice
    """
    _refuse(runs, slicings, score)
    cluster = bootstrap.cluster if bootstrap else "cluster"
    sized = [part for slicing, slices in slicings.items() for part in _sized(slicing, slices, runs[0], cluster)]
    parts = [part for part in sized if not part.score.reason]
    scored = iter(_scored(runs, parts, score, mode, bootstrap) if parts else ())
    return tuple(part.score if part.score.reason else next(scored) for part in sized)


def _refuse(runs: Sequence[ScoredRows], slicings: Slicings, score: str) -> None:
    if not runs:
        raise ValueError("at least one run is expected")
    if score not in SLICED:
        raise ValueError(f"the score of a slice is one of {tuple(SLICED)}, got {score!r}")
    first = runs[0]
    if any(not np.array_equal(getattr(run, k), getattr(first, k)) for run in runs[1:] for k in ("gold", "cluster")):
        raise ValueError("the runs of a system must be of the same judgements")
    for slicing, slices in slicings.items():
        for name, member in slices.items():
            if member.shape != first.gold.shape or member.dtype != np.bool_:
                expected, got = f"bool of shape {first.gold.shape}", f"{member.dtype} of shape {member.shape}"
                raise ValueError(f"{slicing} {name} must be {expected}, got {got}")


def _sized(slicing: str, slices: Mapping[str, BoolArray], rows: ScoredRows, cluster: str) -> list[_Part]:
    """Return the slices of a slicing with their sizes, and the reason where nothing is said of one."""
    whole = np.any(list(slices.values()), axis=0)
    parts: list[_Part] = []
    for name, member in slices.items():
        rest = whole & ~member
        gold = np.bincount(rows.gold[member], minlength=len(STANCES))[: len(STANCES)]
        complement = next((part.score.name for part in parts if np.array_equal(part.member, rest)), "")
        n, k = int(member.sum()), len(np.unique(rows.cluster[member]))
        n_rest, k_rest = int(rest.sum()), len(np.unique(rows.cluster[rest]))
        small, small_rest = _small(n, k, cluster), _small(n_rest, k_rest, cluster)
        found = SliceScore(slicing, name, n, k, tuple(map(int, gold)), complement=complement, reason=small)
        parts.append(_Part(found, member, rest, k_rest, small_rest and f"the rest: {small_rest}"))
    return parts


def _small(n: int, k: int, cluster: str) -> str:
    if n >= MINIMUM_ROWS and k >= MINIMUM_CLUSTERS:
        return ""
    size = f"{n} judgement{'s' if n > 1 else ''} in {k} {cluster}{'s' if k > 1 else ''}" if n else "no judgement"
    return f"{size}; nothing is claimed below {MINIMUM_ROWS} in {MINIMUM_CLUSTERS}"


def _scored(
    runs: Sequence[ScoredRows], parts: Sequence[_Part], score: str, mode: Mode, bootstrap: Bootstrap | None
) -> list[SliceScore]:
    tallies = [_both(run, parts, score) for run in runs]
    values = [_values(counts, score, mode) for counts in tallies]
    n = len(parts)
    told = [
        _told(part, [run[i] for run in values], [run[n + i] for run in values], score) for i, part in enumerate(parts)
    ]
    if bootstrap is None:
        return told
    replicates = _replicates(tallies, score, mode, bootstrap)
    thin = [[too_thin(counts, ScoreId(score, t), bootstrap.cluster) for counts in tallies] for t in tallies[0].targets]
    reasons = [next(filter(None, of_runs), "") for of_runs in thin]
    return [
        _resampled(replace(part, score=told[i]), replicates[[i, n + i]], (reasons[i], reasons[n + i]), bootstrap)
        for i, part in enumerate(parts)
    ]


def _both(rows: ScoredRows, parts: Sequence[_Part], score: str) -> Tally:
    """Return the counts of all slices, then of their rests, each in the place of a target."""
    # The whole stands last, and is cut off, so that no cluster at the end is lost.
    members = [*(p.member for p in parts), *(p.rest for p in parts), np.ones(len(rows.gold), dtype=bool)]
    names = [*(p.names[0] for p in parts), *(p.names[1] for p in parts), ""]
    place, row = np.nonzero(np.stack(members))
    counts = tally(ScoredRows(rows.gold[row], rows.predicted[row], place, rows.cluster[row], tuple(names)))
    right, gold, predicted = (part[:-1] for part in (counts.right, counts.gold, counts.predicted))
    if score == "accuracy":
        # Two sums are all that it needs.
        right, gold, predicted = right.sum(axis=1, keepdims=True), gold.sum(axis=1, keepdims=True), predicted[:, :1]
    return Tally(right, gold, predicted, {}, tuple(names[:-1]))


def _values(counts: Tally, score: str, mode: Mode) -> list[float | None]:
    found = SLICED[score](counts.total(), mode, MINIMUM_SUPPORT)[:, 0]
    return [None if np.isnan(value) else float(value) for value in found]


def _told(part: _Part, values: Sequence[float | None], rest: Sequence[float | None], score: str) -> SliceScore:
    found, mean, other = part.score, _mean(values), _mean(rest)
    if mean is None:
        reason = _undefined(found.gold, score)
        return replace(found, reason=reason, difference_reason=reason)
    why = part.small_rest or ("the score of the rest is undefined" if other is None else "")
    if why or other is None:
        return replace(found, value=mean, difference_reason=why)
    return replace(found, value=mean, difference=mean - other)


def _mean(values: Sequence[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return fmean(defined) if len(defined) == len(values) else None


def _undefined(gold: tuple[int, ...], score: str) -> str:
    if score == "f_avg":
        polar = f"gold has {gold[FAVOR]} favor and {gold[AGAINST]} against"
        return f"{polar}, {MINIMUM_SUPPORT} of each are needed"
    return f"gold lacks {', '.join(stance for n, stance in zip(gold, STANCES, strict=True) if not n)}"


def _replicates(tallies: Sequence[Tally], score: str, mode: Mode, bootstrap: Bootstrap) -> FloatArray:
    """Return the score of each slice and rest in each sample, shape (2S, B)."""
    runs = np.empty((len(tallies), len(tallies[0].targets), bootstrap.rounds))
    start = 0
    for weights in weight_blocks(tallies[0].n_units, bootstrap.rounds, np.random.default_rng(bootstrap.seed)):
        stop = start + weights.shape[1]
        for run, counts in zip(runs, tallies, strict=True):
            run[:, start:stop] = SLICED[score](counts.weighted(weights), mode, 1)
        start = stop
    # One name for slices and rests: each sample has the same seeds in all of them.
    return np.stack([drawn_seeds("", of_runs, bootstrap) for of_runs in runs.swapaxes(0, 1)])


def _resampled(part: _Part, replicates: FloatArray, reasons: tuple[str, str], bootstrap: Bootstrap) -> SliceScore:
    """Return a slice with its intervals and its test, or why it has none; replicates are its own and its rest's."""
    found = part.score
    if found.value is None:
        return found
    bounds, reason = _bounds(replicates[0], reasons[0], bootstrap)
    found = replace(found, low=bounds[0], high=bounds[1], reason=reason)
    if found.difference is None:
        return found
    apart = replicates[0] - replicates[1]
    bounds, reason = _bounds(apart, reasons[0] or reasons[1], bootstrap)
    if reason:
        return replace(found, difference_reason=reason)
    p = _probability(found.difference, apart, min(found.clusters, part.rest_clusters))
    return replace(found, difference_low=bounds[0], difference_high=bounds[1], p=p)


def _bounds(replicates: FloatArray, thin: str, bootstrap: Bootstrap) -> tuple[tuple[float | None, float | None], str]:
    undefined = int(np.isnan(replicates).sum())
    if thin:
        return (None, None), thin
    if undefined > UNDEFINED_SHARE * bootstrap.rounds:
        return (None, None), f"undefined in {undefined} of {bootstrap.rounds} bootstrap samples"
    low, high = percentiles(replicates[None, :], bootstrap.level)
    return (float(low[0]), float(high[0])), ""


def _probability(difference: float, replicates: FloatArray, n_clusters: int) -> float:
    """Return the two-sided probability of a difference of so many bootstrap standard errors."""
    # scipy.special takes a tenth of a second to import: only a test pays for it.
    from scipy.special import stdtr

    error = float(np.nanstd(replicates, ddof=1)) * sqrt(n_clusters / (n_clusters - 1))
    return 2 * float(stdtr(n_clusters - 1, -abs(difference) / error)) if error else float(difference == 0)


def corrected(
    tables: Sequence[Sequence[SliceScore]], correction: Correction = "holm", level: float = 0.95
) -> tuple[tuple[tuple[SliceScore, ...], ...], int]:
    """Adjust the p of all slices shown together.

    A slice and its complement are one test: the family has it once, and both have its adjusted p.

    Parameters
    ----------
    tables : sequence of sequence of SliceScore
        all that is shown, one sequence for each system
    correction : {"holm", "benjamini_hochberg", "none"}, default="holm"
        see `stancebench.scoring.significance`
    level : float, default=0.95
        1 - level is what an adjusted p may reach

    Returns
    -------
    tuple
        the same with ``p_adjusted`` and ``significant``, and the number of tests in the family
    """
    p = {
        (t, found.slicing, found.name): found.p
        for t, table in enumerate(tables)
        for found in table
        if found.p is not None and not found.complement
    }
    of_test = dict(zip(p, map(float, adjusted(list(p.values()), correction)), strict=True))

    def told(t: int, found: SliceScore) -> SliceScore:
        value = of_test.get((t, found.slicing, found.complement or found.name))
        if value is None or found.p is None:
            return found
        return replace(found, p_adjusted=value, significant=value <= 1 - level + 1e-12)

    return tuple(tuple(told(t, found) for found in table) for t, table in enumerate(tables)), len(p)
