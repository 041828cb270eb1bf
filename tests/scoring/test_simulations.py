"""Simulated corpora: that their truth is the truth, and that intervals and tests keep what they promise on them.

The large simulation is benchmarks/simulations.py; its figures stand in docs/intervals.md.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from stancebench.scoring.paired import System, compare
from stancebench.scoring.population import Judgements, Population, answers_of, drawn_alike, erring_alike
from stancebench.scoring.power import improved
from stancebench.scoring.resampling import Bootstrap
from stancebench.scoring.scores import ScoreId, score_values
from stancebench.scoring.tally import ScoredRows, tally

ACCURACY = ScoreId("accuracy")
HEADLINE = ScoreId("f_avg_macro")
ANSWERS = answers_of((0.6, 0.65, 0.87))

CORPORA = 800


def correlation_within(values: npt.NDArray[np.bool_], cluster: npt.NDArray[np.int64]) -> float:
    """Return the correlation of two values of one cluster, from neighbouring rows of the same cluster."""
    pair = cluster[1:] == cluster[:-1]
    return float(np.corrcoef(values[1:][pair], values[:-1][pair])[0, 1])


def test_a_large_corpus_has_the_scores_of_its_population() -> None:
    population = Population(clusters=40_000)
    rng = np.random.default_rng(1)
    judgements = population.draw(rng)
    rows = judgements.answered(ANSWERS, drawn_alike(judgements.cluster, population.answer_effect, rng))
    truth, found = population.truth(ANSWERS), score_values(tally(rows))
    # Holders are not drawn, so that false calls are known of no bloc.
    assert {which.score for which in found.keys() - truth.keys()} == {"false_favor", "false_against"}
    assert truth.keys() < found.keys()
    for which, value in truth.items():
        assert found[which].value == pytest.approx(value, abs=0.025), which
    # A single accuracy is the easiest to check by hand.
    assert truth[ACCURACY] == pytest.approx(0.12 * 0.6 + 0.12 * 0.65 + 0.76 * 0.87)


def test_judgements_of_an_event_are_as_alike_as_was_asked() -> None:
    rng = np.random.default_rng(2)
    cluster = np.repeat(np.arange(30_000), 2)
    for effect in (0.0, 0.4):
        at = drawn_alike(cluster, effect, rng)
        assert at.min() >= 0
        assert at.max() < 1
        for bound in (0.1, 0.5):
            assert np.mean(at < bound) == pytest.approx(bound, abs=0.01)
            assert correlation_within(at < bound, cluster) == pytest.approx(effect, abs=0.03)


def test_two_systems_are_as_alike_as_was_asked() -> None:
    rng = np.random.default_rng(3)
    cluster = np.repeat(np.arange(30_000), 2)
    for alike in (0.0, 0.5, 1.0):
        one, other = erring_alike(cluster, 0.3, alike, 2, rng)
        assert np.corrcoef(one < 0.7, other < 0.7)[0, 1] == pytest.approx(alike, abs=0.03)


def test_answers_are_right_and_wrong_as_often_as_was_asked() -> None:
    table = answers_of((0.5, 0.8, 1.0), wrong=(1, 0, 3))
    assert table == pytest.approx(np.array([[0.5, 0.0, 0.5], [0.05, 0.8, 0.15], [0.0, 0.0, 1.0]]))
    n = 60_000
    gold = np.repeat(np.arange(3), n // 3)
    judgements = Judgements(gold, np.zeros(n, dtype=np.int64), np.arange(n), ("sun",))
    rows = judgements.answered(table, np.random.default_rng(0).random(n))
    found = np.stack([np.bincount(rows.predicted[gold == c], minlength=3) for c in range(3)]) / (n // 3)
    assert found == pytest.approx(table, abs=0.015)


def test_a_drawn_corpus_holds_whole_events_of_the_one_it_is_drawn_from() -> None:
    judgements = Population(clusters=30).draw(np.random.default_rng(4))
    again = judgements.resampled(np.random.default_rng(5))

    def events(of: Judgements) -> list[tuple[tuple[int, int], ...]]:
        return [
            tuple(zip(of.gold[of.cluster == k].tolist(), of.target[of.cluster == k].tolist(), strict=True))
            for k in range(30)
        ]

    assert set(events(again)) <= set(events(judgements))
    assert len(set(again.cluster.tolist())) == 30
    assert again.subsets.keys() == judgements.subsets.keys()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"clusters": 0}, "clusters and statements must be at least 1, got 0 and 1.5"),
        ({"statements": 0.5}, "clusters and statements must be at least 1, got 160 and 0.5"),
        ({"shares": ((0.5, 0.6, 0.1),)}, "shares must not be negative and must sum to 1"),
        ({"gold_effect": 1.0}, r"effects must lie in \[0, 1\), got 1.0 and 0.3"),
    ],
)
def test_a_population_that_cannot_be_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Population(**changes)  # type: ignore[arg-type]


def coverage(population: Population, sampled: Callable[[ScoredRows], ScoredRows], *whiches: ScoreId) -> list[float]:
    """Return the share of shown intervals, over simulated corpora, that hold the population's score."""
    rng = np.random.default_rng(6)
    truth = population.truth(ANSWERS)
    held: dict[ScoreId, list[bool]] = {which: [] for which in whiches}
    for seed in range(CORPORA):
        judgements = population.draw(rng)
        rows = judgements.answered(ANSWERS, drawn_alike(judgements.cluster, population.answer_effect, rng))
        intervals = Bootstrap(rounds=300, seed=seed).intervals(tally(sampled(rows)))
        for which in whiches:
            low, high = intervals[which].low, intervals[which].high
            if low is not None and high is not None:
                held[which].append(low <= truth[which] <= high)
    return [float(np.mean(held[which])) for which in whiches]


def by_row(rows: ScoredRows) -> ScoredRows:
    return ScoredRows(rows.gold, rows.predicted, rows.target, np.arange(len(rows.gold)), rows.targets)


# Percentile intervals of 95% hold the truth a point or two too seldom; the standard error is 0.8 points.
@pytest.mark.parametrize("shares", [(1 / 3, 1 / 3, 1 / 3), (0.12, 0.12, 0.76), (0.05, 0.2, 0.75)])
def test_intervals_by_cluster_hold_the_truth_about_as_often_as_they_say(shares: tuple[float, float, float]) -> None:
    whiches = (HEADLINE, ACCURACY, ScoreId("macro_f1"), ScoreId("recall", "", "favor"))
    for held in coverage(Population(shares=(shares,) * 2), lambda rows: rows, *whiches):
        assert 0.91 <= held <= 0.98


def test_intervals_by_row_hold_the_truth_too_seldom_where_events_hang_together() -> None:
    population = Population(clusters=100, shares=((1 / 3,) * 3,), statements=5, answer_effect=0.5)
    assert coverage(population, lambda rows: rows, ACCURACY)[0] >= 0.91
    assert coverage(population, by_row, ACCURACY)[0] <= 0.80


def rejected(population: Population, other: npt.NDArray[np.float64], *, alike: float, whole_events: bool) -> float:
    """Return the share of simulated corpora in which the paired test finds two systems different."""
    rng = np.random.default_rng(7)
    found = []
    for seed in range(250):
        judgements = population.draw(rng)
        pair = erring_alike(judgements.cluster, population.answer_effect, alike, 2, rng)
        rows = [judgements.answered(answers, at) for answers, at in zip((ANSWERS, other), pair, strict=True)]
        systems = [System(str(i), (one if whole_events else by_row(one),)) for i, one in enumerate(rows)]
        (difference,) = compare(systems, scores=[ACCURACY], bootstrap=Bootstrap(199, seed=seed)).differences
        found.append(difference.significant)
    return float(np.mean(found))


ONE_TARGET = Population(clusters=100, shares=((1 / 3,) * 3,), statements=5, answer_effect=0.5)


# 250 corpora leave a standard error of 1.4 points around 5.
def test_the_paired_test_rejects_a_true_null_no_more_often_than_its_level() -> None:
    # The second system finds more favor and fewer neutral: the two err on other judgements, and score the same.
    shifted = answers_of((0.7, 0.65, 0.77))
    assert ONE_TARGET.truth(shifted)[ACCURACY] == pytest.approx(ONE_TARGET.truth(ANSWERS)[ACCURACY])
    for other in (ANSWERS, shifted):
        assert rejected(ONE_TARGET, other, alike=0.0, whole_events=True) <= 0.09


def test_a_test_by_judgement_rejects_a_true_null_far_too_often_where_events_hang_together() -> None:
    assert rejected(ONE_TARGET, ANSWERS, alike=0.0, whole_events=False) >= 0.18


def test_a_difference_that_is_there_is_found_more_often_the_larger_it_is() -> None:
    power = []
    for difference in (0.03, 0.06, 0.10):
        better = improved(ONE_TARGET, ANSWERS, ACCURACY, difference)
        assert better is not None
        power.append(rejected(ONE_TARGET, better, alike=0.3, whole_events=True))
    assert power == sorted(power)
    assert power[0] < 0.5 < power[2]
