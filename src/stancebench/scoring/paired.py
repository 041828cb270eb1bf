"""Systems compared on the same judgements: differences with intervals and corrected tests, ranks with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import isnan
from typing import Literal

import numpy as np

from stancebench.scoring.cells import Cells
from stancebench.scoring.randomisation import randomisation
from stancebench.scoring.ranks import Rank, rank_bounds, significantly_better
from stancebench.scoring.replicates import Replicates, joint_replicates
from stancebench.scoring.resampling import UNDEFINED_SHARE, Bootstrap, percentiles
from stancebench.scoring.scores import SCORES, Mode, ScoreId, ScoreValue, score_values
from stancebench.scoring.seeds import error_of_seeds, mean_of_seeds
from stancebench.scoring.significance import Correction, Error, McNemar, adjusted, against_errors, mcnemar
from stancebench.scoring.support import withheld
from stancebench.scoring.tally import FloatArray, ScoredRows, Tally, tally

HEADLINE = ScoreId("f_avg_macro")

JUDGED = ("gold", "target", "cluster", "bloc")
"""what is of a judgement, not of a system"""

Test = Literal["randomisation", "bootstrap", ""]

NO_ERROR = "every sample and seed has the same difference: its error is unknown"


@dataclass(frozen=True)
class System:
    """A system's answers on the judgements of a test.

    Attributes
    ----------
    name : str
        of the system
    rows : tuple of ScoredRows
        one for each seed; gold, targets and clusters are the same in all
    """

    name: str
    rows: tuple[ScoredRows, ...]


@dataclass(frozen=True)
class Difference:
    """The first system's score less the second's.

    Attributes
    ----------
    a, b : str
        names of the two systems
    score : ScoreId
        of which score
    value : float or None
        None where the score of one is undefined
    low, high : float or None
        bounds of its interval
    p, p_adjusted : float or None
        two-sided probability under the null hypothesis of no difference, alone and in its family
    significant : bool
        whether the adjusted p is at most 1 - level
    test : str
        ``randomisation``; ``bootstrap`` where a system has several seeds, or where that was asked for
    rounds : int
        of that test
    mcnemar : McNemar or None
        None where a system has several seeds
    undefined : int
        bootstrap samples in which the difference is undefined
    reason : str
        why there is no difference, no interval, or no p
    """

    a: str
    b: str
    score: ScoreId
    value: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    significant: bool = False
    test: Test = ""
    rounds: int = 0
    mcnemar: McNemar | None = None
    undefined: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Comparison:
    """Differences and ranks of several systems on the same judgements.

    Attributes
    ----------
    score : ScoreId
        the first score asked for; ranks are by it
    differences : tuple of Difference
        of each score and pair, in the order asked
    ranks : tuple of Rank
        in the order of the systems; empty where not every pair was asked for
    rounds, level, seed, cluster
        as of the bootstrap
    n_clusters : int
        clusters resampled and exchanged
    family : int
        number of tests corrected together
    correction : str
        ``holm``, ``benjamini_hochberg`` or ``none``
    """

    score: ScoreId
    differences: tuple[Difference, ...]
    ranks: tuple[Rank, ...]
    rounds: int
    level: float
    seed: int
    cluster: str
    n_clusters: int
    family: int
    correction: Correction


@dataclass(frozen=True)
class _Counted:
    """A score of all systems: of the whole, and in every bootstrap sample."""

    which: ScoreId
    cells: Cells
    values: tuple[ScoreValue, ...]
    spreads: tuple[Error | None, ...]
    """error of each system's mean over its seeds; None where it has one"""
    replicates: Replicates
    thin: str
    """why gold is too thin for an interval, or empty"""

    def apart(self, a: int, b: int) -> FloatArray:
        """Return the difference of two systems in every sample."""
        return np.asarray(self.replicates.scores[a] - self.replicates.scores[b])


def compare(
    systems: Sequence[System],
    *,
    scores: Sequence[ScoreId] = (HEADLINE,),
    mode: Mode = "strict",
    bootstrap: Bootstrap | None = None,
    pairs: Sequence[tuple[int, int]] | None = None,
    correction: Correction = "holm",
    test: Literal["randomisation", "bootstrap"] = "randomisation",
) -> Comparison:
    """Compare systems on the same judgements.

    The family of tests is all that is asked for: each score of each pair. A system of several seeds has the mean of
    their scores; its differences are tested against their standard error over clusters (by bootstrap) and over seeds,
    see `stancebench.scoring.significance.against_errors`, since exchanging answers knows nothing of the spread between
    seeds.

    Parameters
    ----------
    systems : sequence of System
        at least two, of different names
    scores : sequence of ScoreId, default=(f_avg_macro,)
        which scores; ranks are by the first
    mode : {"strict", "semeval"}, default="strict"
        see `stancebench.scoring.scores`
    bootstrap : Bootstrap, optional
        rounds, level, seed and what a cluster is; by default 10,000 rounds
    pairs : sequence of (int, int), optional
        positions of the systems to compare; by default each with each
    correction : {"holm", "benjamini_hochberg", "none"}, default="holm"
        of the p-values over the family
    test : {"randomisation", "bootstrap"}, default="randomisation"
        how systems of one seed are tested; ``bootstrap`` tests them as those of several are, against the standard error
        over clusters. It is for a system that answers alike whatever it is asked: half its answers exchanged with
        another's make two systems that score unlike either, and the null distribution is too wide

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        when there are fewer than two systems, two of one name, one without rows, a pair that is none, a pair or score
        twice, an unknown score, or systems that are not of the same judgements
    """
    bootstrap = bootstrap or Bootstrap()
    asked = list(combinations(range(len(systems)), 2)) if pairs is None else list(pairs)
    _refuse(systems, asked, scores)
    tallies = [tuple(tally(rows) for rows in system.rows) for system in systems]
    counted = [_counted(which, systems, tallies, mode, bootstrap) for which in scores]
    family = sum(_defined(one, a, b) for one in counted for a, b in asked)
    differences = [
        d
        for one in counted
        for d in _differences(one, systems, tallies, asked, bootstrap=bootstrap, family=family, test=test)
    ]
    corrected = adjusted([np.nan if d.p is None else d.p for d in differences], correction)
    differences = [
        replace(d, p_adjusted=float(p), significant=bool(p <= 1 - bootstrap.level + 1e-12)) if d.p is not None else d
        for d, p in zip(differences, corrected, strict=True)
    ]
    return Comparison(
        score=scores[0],
        differences=tuple(differences),
        ranks=_ranks(counted[0], systems, differences[: len(asked)], asked, bootstrap),
        rounds=bootstrap.rounds,
        level=bootstrap.level,
        seed=bootstrap.seed,
        cluster=bootstrap.cluster,
        n_clusters=tallies[0][0].n_units,
        family=sum(d.p is not None for d in differences),
        correction=correction,
    )


def _refuse(systems: Sequence[System], pairs: Sequence[tuple[int, int]], scores: Sequence[ScoreId]) -> None:
    names = [system.name for system in systems]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError(f"at least two systems of different names are expected, got {names}")
    if not pairs or not scores:
        raise ValueError("there is nothing to compare: no pair or no score")
    if len({frozenset(pair) for pair in pairs}) < len(pairs) or len(set(scores)) < len(scores):
        raise ValueError("a pair or a score is asked for twice: it would count twice in the family")
    for a, b in pairs:
        if a == b or not (0 <= a < len(systems) and 0 <= b < len(systems)):
            raise ValueError(f"a pair is two positions among {len(systems)} systems, got {(a, b)}")
    without = [system.name for system in systems if not system.rows]
    if without:
        raise ValueError(f"a system has the rows of at least one seed, {without[0]} has none")
    first = systems[0].rows[0]
    for system in systems:
        for rows in system.rows:
            same = (
                (rows.targets, rows.blocs) == (first.targets, first.blocs)
                and rows.subsets.keys() == first.subsets.keys()
                and all(np.array_equal(getattr(rows, k), getattr(first, k)) for k in JUDGED)
                and all(np.array_equal(rows.subsets[name], first.subsets[name]) for name in first.subsets)
            )
            if not same:
                raise ValueError(f"{system.name} and {systems[0].name} are not of the same judgements")


def _counted(
    which: ScoreId,
    systems: Sequence[System],
    tallies: Sequence[tuple[Tally, ...]],
    mode: Mode,
    bootstrap: Bootstrap,
) -> _Counted:
    values = [[score_values(one, mode) for one in seeds] for seeds in tallies]
    known = values[0][0]
    if which not in known:
        raise ValueError(f"there is no score {which} of counts, among {sorted({str(w) for w in known})}")
    counts = tallies[0][0]
    cells = Cells(which, mode, counts.targets, tuple(counts.hits), counts.blocs)
    if counts.n_units < 2:
        replicates = Replicates(*[np.full((len(systems), bootstrap.rounds), np.nan)] * 2)
    else:
        replicates = joint_replicates([s.name for s in systems], tallies, cells, bootstrap)
    each = [[seed[which] for seed in seeds] for seeds in values]
    means, spreads = tuple(map(mean_of_seeds, each)), tuple(map(error_of_seeds, each))
    return _Counted(which, cells, means, spreads, replicates, withheld(counts, which, bootstrap.cluster))


def _defined(counted: _Counted, a: int, b: int) -> bool:
    return counted.values[a].value is not None and counted.values[b].value is not None


def _differences(
    counted: _Counted,
    systems: Sequence[System],
    tallies: Sequence[tuple[Tally, ...]],
    pairs: Sequence[tuple[int, int]],
    *,
    bootstrap: Bootstrap,
    family: int,
    test: Literal["randomisation", "bootstrap"],
) -> list[Difference]:
    """Return the differences of one score, their p not yet corrected."""
    differences = [_difference(counted, systems, a, b, bootstrap) for a, b in pairs]
    n_clusters = tallies[0][0].n_units
    if n_clusters < 2:
        return differences
    single = {i for i, (a, b) in enumerate(pairs) if len(systems[a].rows) == len(systems[b].rows) == 1}
    for i in range(len(pairs)):
        if i not in single or test == "bootstrap":
            differences[i] = _against_error(differences[i], counted, *pairs[i], n_clusters=n_clusters)
    # Two systems of one seed that differ alike in every sample have no error; their answers can still be exchanged.
    exchanged = [i for i in sorted(single) if differences[i].value is not None and differences[i].p is None]
    if exchanged:
        firsts = [seeds[0] for seeds in tallies]
        chosen = [pairs[i] for i in exchanged]
        tested = randomisation(
            firsts,
            chosen,
            counted.cells,
            rounds=bootstrap.rounds,
            seed=bootstrap.seed,
            family=family,
            level=bootstrap.level,
        )
        for i, outcome in zip(exchanged, tested, strict=True):
            reason = differences[i].reason if differences[i].reason != NO_ERROR else ""
            differences[i] = replace(
                differences[i], p=outcome.p, rounds=outcome.rounds, test="randomisation", reason=reason
            )
    return differences


def _difference(counted: _Counted, systems: Sequence[System], a: int, b: int, bootstrap: Bootstrap) -> Difference:
    first, second = systems[a], systems[b]
    one, other = counted.values[a], counted.values[b]
    between = _mcnemar(first.rows[0], second.rows[0]) if len(first.rows) == len(second.rows) == 1 else None
    empty = Difference(first.name, second.name, counted.which, None, mcnemar=between)
    if one.value is None or other.value is None:
        which = first if one.value is None else second
        return replace(empty, reason=f"{counted.which} of {which.name} is undefined: {one.reason or other.reason}")
    apart = replace(empty, value=one.value - other.value)
    replicates = counted.apart(a, b)
    undefined = int(np.isnan(replicates).sum())
    if undefined > UNDEFINED_SHARE * len(replicates):
        cause = f"undefined in {undefined} of {len(replicates)} bootstrap samples"
        single = f"a single {bootstrap.cluster} cannot be resampled"
        return replace(apart, undefined=undefined, reason=single if undefined == len(replicates) else cause)
    if counted.thin:
        return replace(apart, undefined=undefined, reason=counted.thin)
    low, high = percentiles(replicates[None, :], bootstrap.level)
    return replace(apart, low=float(low[0]), high=float(high[0]), undefined=undefined)


def _against_error(difference: Difference, counted: _Counted, a: int, b: int, *, n_clusters: int) -> Difference:
    """Return the difference with its p by its error over clusters and over the seeds of each system."""
    replicates = counted.replicates.means[a] - counted.replicates.means[b]
    defined = replicates[~np.isnan(replicates)]
    if difference.value is None or len(defined) < 2:
        return difference
    # The bootstrap's variance of a mean is short of the unbiased one by the factor (K - 1) / K.
    of_clusters = Error(float(defined.var(ddof=1)) * n_clusters / (n_clusters - 1), n_clusters - 1)
    of_seeds = [spread for spread in (counted.spreads[a], counted.spreads[b]) if spread is not None]
    p = against_errors(difference.value, [of_clusters, *of_seeds])
    if isnan(p):
        return replace(difference, reason=NO_ERROR)
    return replace(difference, p=p, rounds=len(replicates), test="bootstrap")


def _mcnemar(first: ScoredRows, second: ScoredRows) -> McNemar:
    one, other = first.right, second.right
    b, c = int((one & ~other).sum()), int((other & ~one).sum())
    return McNemar(b, c, mcnemar(b, c))


def _ranks(
    counted: _Counted,
    systems: Sequence[System],
    differences: Sequence[Difference],
    pairs: Sequence[tuple[int, int]],
    bootstrap: Bootstrap,
) -> tuple[Rank, ...]:
    """Return the rank of every system; none where some pair was not asked for, no place where one was not tested."""
    if {frozenset(pair) for pair in pairs} != {frozenset(pair) for pair in combinations(range(len(systems)), 2)}:
        return ()
    sign = 1 if SCORES[counted.which.score].higher_is_better else -1
    ahead = [None if d.value is None else sign * d.value for d in differences]
    better = significantly_better(len(systems), pairs, ahead, [d.significant for d in differences])
    untested = next((d.reason for d in differences if d.value is not None and d.p is None), "")
    ranked = [i for i, value in enumerate(counted.values) if value.value is not None]
    replicates = sign * counted.replicates.scores[ranked]
    undefined = np.isnan(replicates).any(axis=0)
    bounds: dict[int, tuple[int, int]] = {}
    reason = untested or counted.thin
    if undefined.sum() > UNDEFINED_SHARE * bootstrap.rounds:
        reason = untested or f"undefined in {int(undefined.sum())} of {bootstrap.rounds} bootstrap samples"
    elif ranked and not reason:
        bounds = dict(zip(ranked, rank_bounds(replicates[:, ~undefined], bootstrap.level), strict=True))
    ranks = []
    for i, (system, value) in enumerate(zip(systems, counted.values, strict=True)):
        if value.value is None:
            ranks.append(Rank(system.name, None, None, None, None, 0, value.reason))
        else:
            low, high = bounds.get(i, (None, None))
            place = None if untested else 1 + better[i]
            ranks.append(Rank(system.name, value.value, place, low, high, better[i], reason))
    return tuple(ranks)
