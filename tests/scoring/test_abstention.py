"""The risk-coverage curve and its area, by hand, with ties, and resampled."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.scoring.abstention import (
    STEPS,
    Answers,
    answer_scores,
    answer_sums,
    aurc,
    risk_coverage,
)
from stancebench.scoring.declared import ScoreId
from stancebench.scoring.resampling import Bootstrap


def made(confidence: list[float], wrong: list[bool]) -> Answers:
    return Answers(np.array(confidence, dtype=float), np.array(wrong), np.arange(len(wrong)))


def of_pairs(rows: list[tuple[float, bool]]) -> Answers:
    return made([confidence for confidence, _ in rows], [wrong for _, wrong in rows])


def mean_risk(wrong: list[bool]) -> float:
    return float((np.cumsum(wrong) / np.arange(1, len(wrong) + 1)).mean())


answers = st.lists(st.tuples(st.sampled_from((0.2, 0.5, 0.9)), st.booleans()), min_size=1, max_size=6)


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_without_ties_the_area_is_the_mean_risk(wrong: list[bool]) -> None:
    falling = [1 - i / 100 for i in range(len(wrong))]
    assert aurc(made(falling, wrong)) == pytest.approx(mean_risk(wrong), abs=1e-12)


@given(answers)
def test_ties_count_as_the_mean_over_all_their_orders(rows: list[tuple[float, bool]]) -> None:
    orders = [order for order in permutations(rows) if all(a[0] >= b[0] for a, b in pairwise(order))]
    expected = np.mean([mean_risk([wrong for _, wrong in order]) for order in orders])
    assert aurc(of_pairs(rows)) == pytest.approx(expected, abs=1e-12)


@given(answers)
def test_the_curve_ends_with_every_answer_given(rows: list[tuple[float, bool]]) -> None:
    mine = of_pairs(rows)
    confidence, wrong = mine.confidence, mine.wrong
    curve = risk_coverage(mine)
    assert curve.coverage[-1] == 1
    assert curve.risk[-1] == pytest.approx(wrong.mean())
    assert (np.diff(curve.coverage) > 0).all()
    for coverage, risk, least in zip(curve.coverage, curve.risk, curve.confidence, strict=True):
        given_answers = confidence >= least
        assert (coverage, risk) == (pytest.approx(given_answers.mean()), pytest.approx(wrong[given_answers].mean()))


def test_no_order_at_all_is_the_error_rate_and_the_best_order_is_better() -> None:
    wrong = [True] * 3 + [False] * 7
    assert aurc(made([0.5] * 10, wrong)) == pytest.approx(0.3)
    best = aurc(made([0.1] * 3 + [0.9] * 7, wrong))
    worst = aurc(made([0.9] * 3 + [0.1] * 7, wrong))
    assert best == pytest.approx((1 / 8 + 2 / 9 + 3 / 10) / 10)
    assert best < 0.3 < worst


@given(answers)
def test_few_rows_are_resampled_by_their_own_order(rows: list[tuple[float, bool]]) -> None:
    mine = of_pairs(rows)
    whole = answer_scores(answer_sums(mine).sum(axis=1, keepdims=True))
    assert whole[ScoreId("aurc")][0] == pytest.approx(aurc(mine), abs=1e-12)


def test_many_rows_are_resampled_in_steps_and_the_area_hardly_moves() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.random(2000)
    rows = Answers(confidence, rng.random(2000) > 0.5 + confidence / 2, np.repeat(np.arange(400), 5))
    sums = answer_sums(rows)
    assert sums.shape == (2 * STEPS, 400)
    assert sums[STEPS:].sum() == 2000
    whole = answer_scores(sums.sum(axis=1, keepdims=True))[ScoreId("aurc")][0]
    low, high, *_ = Bootstrap(rounds=200).intervals_of_sums(sums, answer_scores)[ScoreId("aurc")]
    assert low is not None
    assert high is not None
    assert low < aurc(rows) < high
    assert abs(whole - aurc(rows)) < 0.05 * (high - low)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (([], []), "at least 1"),
        (([0.5, 0.5], [True]), r"lengths \[1, 2\]"),
        (([np.nan], [True]), "finite"),
    ],
)
def test_what_cannot_be_ranked_is_refused(rows: tuple[list[float], list[bool]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        made(*rows)
