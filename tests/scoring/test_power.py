"""What difference can be found: the arithmetic, and the standard errors it rests on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import NormalIndPower

from stancebench.scoring.population import Judgements, Population, answers_of, erring_alike
from stancebench.scoring.power import (
    Pair,
    detectable,
    detectable_difference,
    found_share,
    improved,
    pair_power,
    power_of,
    simulated_error,
)
from stancebench.scoring.resampling import Bootstrap
from stancebench.scoring.scores import ScoreId
from stancebench.scoring.tally import ScoredRows

ACCURACY = ScoreId("accuracy")
HEADLINE = ScoreId("f_avg_macro")
ANSWERS = answers_of((0.6, 0.65, 0.87))


@given(st.floats(0.001, 1), st.floats(0.06, 0.99))
def test_the_detectable_difference_has_the_power_asked_for(error: float, power: float) -> None:
    difference = detectable(error, power)
    # The chance of the wrong direction, which `detectable` leaves out, is large only near the level itself.
    assert power_of(difference, error) == pytest.approx(power, abs=0.025)
    assert power_of(-difference, error) == pytest.approx(power_of(difference, error))


@pytest.mark.parametrize(("difference", "error", "level"), [(0.1, 0.04, 0.95), (0.02, 0.05, 0.9), (0.0, 0.1, 0.99)])
def test_power_is_that_of_statsmodels(difference: float, error: float, level: float) -> None:
    # One sample of size 1: the effect size is the difference in standard errors.
    theirs = NormalIndPower(ddof=0).power(difference / error, nobs1=1, alpha=1 - level, ratio=0)
    assert power_of(difference, error, level) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(("power", "level"), [(0.04, 0.95), (1.0, 0.95), (0.8, 1.0), (0.8, 0.0)])
def test_a_power_that_cannot_be_asked_for_is_refused(power: float, level: float) -> None:
    with pytest.raises(ValueError, match="power above 1 - level and below 1 are needed, got"):
        detectable(0.1, power, level)


@pytest.fixture(scope="module")
def judgements() -> Judgements:
    return Population(clusters=120).draw(np.random.default_rng(0))


def test_an_improved_system_is_better_by_what_was_asked(judgements: Judgements) -> None:
    for which in (HEADLINE, ACCURACY, ScoreId("f1", "t1", "favor")):
        better = improved(judgements, ANSWERS, which, 0.07)
        assert better is not None
        gained = judgements.truth(better)[which] - judgements.truth(ANSWERS)[which]
        assert gained == pytest.approx(0.07, abs=1e-6)
        assert better.sum(axis=1) == pytest.approx(np.ones(3))
    assert improved(judgements, ANSWERS, ACCURACY, 0.5) is None


def test_the_error_of_two_accuracies_is_that_of_the_textbook() -> None:
    n = 400
    alone = Judgements(np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), np.arange(n), ("sun",))
    answers = answers_of((0.7, 0.7, 0.7))
    for alike in (0.0, 0.5):
        error = simulated_error(alone, Pair(answers, alike, 0.0), answers, ACCURACY, seed=1, corpora=1500)
        # The variance of a difference of two means, each of variance p(1 - p)/n, that correlate.
        assert error == pytest.approx(np.sqrt(2 * 0.7 * 0.3 * (1 - alike) / n), rel=0.07)


def test_what_hangs_together_takes_a_larger_difference(judgements: Judgements) -> None:
    def found(alike: float, effect: float) -> float:
        difference = detectable_difference(judgements, Pair(ANSWERS, alike, effect), ACCURACY, corpora=150).difference
        assert difference is not None
        return difference

    assert found(0.3, 0.6) > 1.15 * found(0.3, 0.0)
    assert found(0.0, 0.3) > 1.15 * found(0.7, 0.3)


def test_the_test_itself_finds_the_detectable_difference_as_often_as_asked(judgements: Judgements) -> None:
    for power in (0.5, 0.8):
        found = detectable_difference(judgements, Pair(ANSWERS), ACCURACY, power=power, corpora=250)
        assert found.difference is not None
        # Two simulated shares, of which the first sets the difference, leave a standard error of 4 points.
        assert found.found == pytest.approx(power, abs=0.12)


def test_equal_systems_are_found_different_no_more_often_than_the_level(judgements: Judgements) -> None:
    assert found_share(judgements, Pair(ANSWERS), ANSWERS, ACCURACY, level=0.9, corpora=200) <= 0.17


def test_more_than_can_be_better_is_not_detectable(judgements: Judgements) -> None:
    found = detectable_difference(judgements, Pair(answers_of((0.99, 0.99, 0.99)), 0.0), ACCURACY, corpora=60)
    assert found.difference is None
    assert found.error > 0


def test_a_real_pair_has_the_error_that_simulation_gives(judgements: Judgements) -> None:
    rng = np.random.default_rng(2)
    errors = []
    for _ in range(12):
        one, other = erring_alike(judgements.cluster, 0.3, 0.3, 2, rng)
        pair = [judgements.answered(ANSWERS, at) for at in (one, other)]
        errors.append(pair_power(pair[0], pair[1], HEADLINE, Bootstrap(rounds=200)).error)
    simulated = simulated_error(judgements, Pair(ANSWERS), ANSWERS, HEADLINE, seed=3, corpora=200)
    assert np.mean(errors) == pytest.approx(simulated, rel=0.2)


def test_a_pair_is_the_first_less_the_second(judgements: Judgements) -> None:
    at = np.random.default_rng(3).random(len(judgements.gold))
    worse, better = (judgements.answered(answers_of((r, r, r)), at) for r in (0.5, 0.8))
    known = pair_power(worse, better, ACCURACY, Bootstrap(rounds=100))
    right = [float(np.mean(rows.gold == rows.predicted)) for rows in (worse, better)]
    assert known.difference == pytest.approx(right[0] - right[1])
    assert known.undefined == 0
    assert pair_power(worse, worse, ACCURACY, Bootstrap(rounds=100)).error == 0


def test_systems_on_other_judgements_are_no_pair(judgements: Judgements) -> None:
    rows = judgements.answered(ANSWERS, np.zeros(len(judgements.gold)))
    other = ScoredRows(rows.gold[::-1].copy(), rows.predicted, rows.target, rows.cluster, rows.targets, rows.subsets)
    with pytest.raises(ValueError, match="two systems on the same judgements are expected"):
        pair_power(rows, other, ACCURACY, Bootstrap(rounds=10))
