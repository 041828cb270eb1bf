"""What difference between two systems a set of test judgements can show.

Corpora of as many events are drawn from the events at hand, two systems answer each of them, and the spread of the
difference between their scores is its standard error. A two-sided test at level ``a`` finds a difference ``d`` with
probability ``Phi(d / error - z)``, where ``z`` is the normal quantile of ``1 - a/2`` (Cohen 1988, Statistical Power
Analysis, ch. 2). So that nothing rests on that, the paired randomisation test itself is tried on the drawn corpora.
Why power is to be known before a test set is used: Card et al. 2020, "With Little Power Comes Great Responsibility",
EMNLP, whose simulation this follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from stancebench.scoring.cells import Cells
from stancebench.scoring.population import Judgements, Population, erring_alike
from stancebench.scoring.randomisation import randomisation
from stancebench.scoring.resampling import Bootstrap, weight_blocks
from stancebench.scoring.scores import Mode, ScoreId, score_arrays
from stancebench.scoring.tally import FloatArray, ScoredRows, tally

RECALL = (0.6, 0.65, 0.87)
"""how often the assumed system answers favor, against and none by themselves: near the best committed baselines"""

ALIKE = 0.3
"""correlation between whether two assumed systems are right: the median pair of committed baselines on polar gold"""

EFFECT = 0.3
"""how alike an assumed system is right or wrong on judgements of one event"""

CORPORA = 300
"""drawn for each standard error, and for each power"""

TEST_ROUNDS = 199
"""of the paired test in each drawn corpus"""

NORMAL = NormalDist()


@dataclass(frozen=True)
class Pair:
    """Two assumed systems.

    Attributes
    ----------
    answers : ndarray, shape (3, 3)
        how often a gold stance (rows) is answered by each stance (columns) of the weaker system
    alike : float
        correlation between whether both are right, in [0, 1]
    effect : float
        how alike each is right or wrong on judgements of one event, in [0, 1)
    """

    answers: FloatArray
    alike: float = ALIKE
    effect: float = EFFECT


def power_of(difference: float, error: float, level: float = 0.95) -> float:
    """Return how often a two-sided test finds a difference of a known standard error.

    Parameters
    ----------
    difference : float
        the true one, of any sign
    error : float
        its standard error, above 0
    level : float, default=0.95
        of the interval that corresponds to the test, in (0, 1)

    Returns
    -------
    float
        in (0, 1); at a difference of 0 it is 1 - level
    """
    z = NORMAL.inv_cdf((1 + level) / 2)
    return NORMAL.cdf(difference / error - z) + NORMAL.cdf(-difference / error - z)


def detectable(error: float, power: float = 0.8, level: float = 0.95) -> float:
    """Return the smallest difference that is found with a power, of a standard error.

    Parameters
    ----------
    error : float
        standard error of the difference
    power : float, default=0.8
        above 1 - level, below 1
    level : float, default=0.95
        in (0, 1)

    Returns
    -------
    float
        the chance that the other system is found better is left out, as is usual

    Raises
    ------
    ValueError
        when power or level is out of its range
    """
    if not 0 < level < 1 or not 1 - level < power < 1:
        raise ValueError(f"level in (0, 1) and power above 1 - level and below 1 are needed, got {level} and {power}")
    return (NORMAL.inv_cdf((1 + level) / 2) + NORMAL.inv_cdf(power)) * error


def improved(
    judgements: Judgements | Population, answers: FloatArray, which: ScoreId, difference: float
) -> FloatArray | None:
    """Return the answers of a system that is better by a difference in a score.

    The same share of every kind of wrong answer is put right.

    Parameters
    ----------
    judgements : Judgements or Population
        whose gold the score is of
    answers : ndarray, shape (3, 3)
        of the weaker system
    which : ScoreId
        the score
    difference : float
        at least 0

    Returns
    -------
    ndarray, shape (3, 3), or None
        None where even a system without an error is not as much better
    """
    start = judgements.truth(answers)[which]

    def righted(share: float) -> FloatArray:
        mixed: FloatArray = (1 - share) * answers + share * np.eye(3)
        return mixed

    low, high = 0.0, 1.0
    if judgements.truth(righted(high))[which] - start < difference:
        return None
    for _ in range(40):
        middle = (low + high) / 2
        if judgements.truth(righted(middle))[which] - start < difference:
            low = middle
        else:
            high = middle
    return righted(high)


def simulated_error(
    judgements: Judgements, pair: Pair, better: npt.ArrayLike, which: ScoreId, *, seed: int, corpora: int
) -> float:
    """Return the standard error of a difference between two assumed systems, over corpora drawn from judgements.

    Parameters
    ----------
    judgements : Judgements
        whose events are drawn, with replacement
    pair : Pair
        the weaker system, and how alike both are
    better : array_like, shape (3, 3)
        answers of the other
    which : ScoreId
        the score
    seed : int
        of the corpora
    corpora : int
        how many are drawn

    Returns
    -------
    float
        NaN where the score is undefined in nearly all
    """
    rng = np.random.default_rng(seed)
    differences = []
    for _ in range(corpora):
        scored = [
            score_arrays(tally(rows).total(), minimum=1)[which][0] for rows in _answered(judgements, pair, better, rng)
        ]
        differences.append(scored[1] - scored[0])
    defined = np.array(differences)[~np.isnan(differences)]
    return float(defined.std(ddof=1)) if len(defined) > 1 else float("nan")


def _answered(
    judgements: Judgements, pair: Pair, better: npt.ArrayLike, rng: np.random.Generator
) -> tuple[ScoredRows, ScoredRows]:
    """Return a corpus drawn from judgements with the answers of both systems."""
    drawn = judgements.resampled(rng)
    one, other = erring_alike(drawn.cluster, pair.effect, pair.alike, 2, rng)
    return drawn.answered(pair.answers, one), drawn.answered(better, other)


def found_share(
    judgements: Judgements,
    pair: Pair,
    better: npt.ArrayLike,
    which: ScoreId,
    *,
    level: float = 0.95,
    seed: int = 0,
    corpora: int = CORPORA,
) -> float:
    """Return in what share of corpora drawn from judgements the paired randomisation test finds a difference.

    Parameters
    ----------
    judgements, pair, better, which
        as of `simulated_error`
    level : float, default=0.95
        a difference is found where p is at most 1 - level
    seed : int, default=0
        of the corpora
    corpora : int, default=300
        how many are drawn

    Returns
    -------
    float
        in [0, 1], of the corpora in which the score is defined; NaN where it is in none
    """
    rng = np.random.default_rng(seed)
    cells = Cells(which, "strict", judgements.targets, tuple(judgements.subsets))
    found = []
    for number in range(corpora):
        counts = [tally(rows) for rows in _answered(judgements, pair, better, rng)]
        if any(np.isnan(score_arrays(one.total())[which][0]) for one in counts):
            continue
        (tested,) = randomisation(counts, [(0, 1)], cells, rounds=TEST_ROUNDS, seed=number, level=level)
        found.append(tested.p <= 1 - level + 1e-12)
    return float(np.mean(found)) if found else float("nan")


@dataclass(frozen=True)
class Detectable:
    """The smallest difference that is found as often as asked.

    Attributes
    ----------
    difference : float or None
        None where even a system without an error is not as much better
    error : float
        standard error of the difference between two systems of equal score
    found : float or None
        share of simulated corpora in which the test found a difference of that size
    """

    difference: float | None
    error: float
    found: float | None = None


def detectable_difference(
    judgements: Judgements,
    pair: Pair,
    which: ScoreId,
    *,
    power: float = 0.8,
    level: float = 0.95,
    seed: int = 0,
    corpora: int = CORPORA,
) -> Detectable:
    """Return what difference between two assumed systems judgements can show.

    The normal approximation gives a first guess; the paired test itself is tried on it, and the guess is scaled by how
    many standard errors the power it showed and the power asked for lie above the critical value.

    Parameters
    ----------
    judgements : Judgements
        gold, with its events
    pair : Pair
        the weaker system, and how alike both are
    which : ScoreId
        the score
    power, level : float
        see `detectable`
    seed : int, default=0
        of the simulated corpora
    corpora : int, default=300
        simulated in each step

    Returns
    -------
    Detectable
    """
    error = simulated_error(judgements, pair, pair.answers, which, seed=seed, corpora=corpora)
    guess = detectable(error, power, level)
    better = improved(judgements, pair.answers, which, guess)
    if better is None:
        return Detectable(None, error)
    shown = found_share(judgements, pair, better, which, level=level, seed=seed + 1, corpora=corpora)
    if np.isnan(shown):
        return Detectable(None, error)
    # A share of 0 or 1 has no quantile: half a corpus more or less.
    reached = NORMAL.inv_cdf(min(max(shown, 0.5 / corpora), 1 - 0.5 / corpora))
    critical = NORMAL.inv_cdf((1 + level) / 2)
    difference = guess * (critical + NORMAL.inv_cdf(power)) / max(critical + reached, critical / 2)
    better = improved(judgements, pair.answers, which, difference)
    if better is None:
        return Detectable(None, error)
    again = found_share(judgements, pair, better, which, level=level, seed=seed + 2, corpora=corpora)
    return Detectable(difference, error, again)


@dataclass(frozen=True)
class PairPower:
    """What is known of the difference between two real systems.

    Attributes
    ----------
    difference, error : float
        between the scores, the first less the second, and its standard error
    undefined : int
        bootstrap samples that leave it undefined
    """

    difference: float
    error: float
    undefined: int


def pair_power(
    one: ScoredRows, other: ScoredRows, which: ScoreId, bootstrap: Bootstrap, mode: Mode = "strict"
) -> PairPower:
    """Return the difference between two systems on the same judgements and its bootstrap standard error.

    Parameters
    ----------
    one, other : ScoredRows
        with the same gold, targets and clusters
    which : ScoreId
        the score
    bootstrap : Bootstrap
        samples drawn, and their seed
    mode : {"strict", "semeval"}, default="strict"
        see `stancebench.scoring.scores`

    Returns
    -------
    PairPower
        NaN where the score is undefined

    Raises
    ------
    ValueError
        when the judgements are not the same
    """
    if not (np.array_equal(one.gold, other.gold) and np.array_equal(one.cluster, other.cluster)):
        raise ValueError("two systems on the same judgements are expected")
    values, replicates = [], []
    for rows in (one, other):
        counts = tally(rows)
        values.append(score_arrays(counts.total(), mode)[which][0])
        blocks = weight_blocks(counts.n_units, bootstrap.rounds, np.random.default_rng(bootstrap.seed))
        replicates.append(score_arrays(counts.resampled(blocks, bootstrap.rounds), mode, minimum=1)[which])
    apart = replicates[0] - replicates[1]
    defined = apart[~np.isnan(apart)]
    error = float(defined.std(ddof=1)) if len(defined) > 1 else float("nan")
    return PairPower(float(values[0] - values[1]), error, len(apart) - len(defined))
