"""Log loss, Brier score, calibration error and reliability, against scikit-learn, by hand, and resampled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as log_loss_of_sklearn

from stancebench.scoring.calibration import (
    N_BINS,
    Forecasts,
    bins_of,
    brier,
    classwise_ece,
    forecast_scores,
    forecast_sums,
    log_loss,
    reliability,
)
from stancebench.scoring.declared import SCORES, ScoreId
from stancebench.scoring.resampling import Bootstrap, cluster_weights
from stancebench.scoring.tally import FloatArray, IntArray
from stancebench.vocabulary import STANCES


@st.composite
def forecasts(draw: st.DrawFn) -> Forecasts:
    """Draw probabilities with many exact zeros and ones among them."""
    weight = st.sampled_from((0.0, 0.0, 0.1, 0.3, 0.5, 1.0, 2.5))
    rows = draw(
        st.lists(st.tuples(weight, weight, weight, st.integers(0, 2), st.integers(0, 4)), min_size=1, max_size=30)
    )
    table = np.array([row if sum(row[:3]) else (1.0, 1.0, 1.0, *row[3:]) for row in rows])
    _, cluster = np.unique(table[:, 4], return_inverse=True)
    return Forecasts(table[:, :3], table[:, 3].astype(np.int64), cluster.astype(np.int64))


@pytest.mark.filterwarnings("ignore:The y_prob values do not sum to one:UserWarning")
@given(forecasts())
def test_log_loss_and_brier_agree_with_scikit_learn(rows: Forecasts) -> None:
    expected = log_loss_of_sklearn(rows.gold, rows.normal, labels=[0, 1, 2])
    assert log_loss(rows) == pytest.approx(expected, abs=1e-9)
    one_hot = np.eye(3)[rows.gold]
    by_class = [brier_score_loss(one_hot[:, c], rows.normal[:, c], pos_label=1) for c in range(3)]
    assert brier(rows) == pytest.approx(sum(by_class), abs=1e-12)


def ece_by_hand(p: FloatArray, gold: IntArray) -> float:
    total = 0.0
    for c in range(3):
        for b in range(N_BINS):
            low, high = b / N_BINS, (b + 1) / N_BINS
            inside = (p[:, c] >= low) & ((p[:, c] < high) | (b == N_BINS - 1))
            if inside.any():
                total += inside.mean() * abs(p[inside, c].mean() - (gold[inside] == c).mean()) / 3
    return float(total)


@given(forecasts())
def test_calibration_error_is_that_of_its_definition(rows: Forecasts) -> None:
    assert classwise_ece(rows) == pytest.approx(ece_by_hand(rows.normal, rows.gold), abs=1e-12)


@given(forecasts())
def test_the_bins_of_a_stance_hold_every_row_and_give_the_error(rows: Forecasts) -> None:
    bins = reliability(rows)
    n = len(rows.gold)
    for stance in STANCES:
        mine = [b for b in bins if b.stance == stance]
        assert sum(b.n for b in mine) == n
        assert all(b.low - 1e-12 <= b.mean_p <= b.high + 1e-12 and b.n for b in mine)
    error = sum(b.n / n * abs(b.mean_p - b.frequency) for b in bins) / len(STANCES)
    assert classwise_ece(rows) == pytest.approx(error, abs=1e-12)


@given(forecasts())
def test_each_stays_in_its_range_and_right_certainty_is_best(rows: Forecasts) -> None:
    for which, value in forecast_scores(forecast_sums(rows).sum(axis=1, keepdims=True)).items():
        declared = SCORES[which.score]
        assert declared.low <= value[0] <= declared.high, which
        assert not declared.higher_is_better
    certain = Forecasts(np.eye(3)[rows.gold], rows.gold, rows.cluster)
    assert (log_loss(certain), brier(certain), classwise_ece(certain)) == (0, 0, 0)


def test_the_edges_of_bins_are_as_written() -> None:
    edges = np.array([k / N_BINS for k in range(N_BINS + 1)])
    assert bins_of(edges).tolist() == [*range(N_BINS), N_BINS - 1]
    assert bins_of(edges[1:-1] - 1e-9).tolist() == list(range(N_BINS - 1))


def test_knowing_nothing_costs_what_the_docs_say() -> None:
    flat = Forecasts(np.full((9, 3), 1 / 3), np.arange(9) % 3, np.zeros(9, dtype=np.int64))
    assert [log_loss(flat), brier(flat)] == pytest.approx([np.log(3), 2 / 3])
    assert classwise_ece(flat) == pytest.approx(0)


def test_intervals_are_of_the_same_samples_as_those_of_counts() -> None:
    rng = np.random.default_rng(0)
    p = rng.dirichlet([1, 1, 2], 120)
    rows = Forecasts(p, rng.integers(0, 3, 120), np.repeat(np.arange(40), 3))
    bootstrap = Bootstrap(rounds=60)
    found = bootstrap.intervals_of_sums(forecast_sums(rows), forecast_scores)
    weights = cluster_weights(40, 60, np.random.default_rng(0)).astype(int)
    drawn = [np.repeat(np.arange(120), weights[rows.cluster, b]) for b in range(60)]
    samples = [Forecasts(p[i], rows.gold[i], np.zeros(len(i), dtype=np.int64)) for i in drawn]
    for name, score in (("log_loss", log_loss), ("brier", brier), ("classwise_ece", classwise_ece)):
        low, high = np.percentile([score(sample) for sample in samples], [2.5, 97.5])
        interval = found[ScoreId(name)]
        assert [interval.low, interval.high] == pytest.approx([low, high])
        assert interval.undefined == 0


def test_a_single_cluster_gives_no_interval() -> None:
    rows = Forecasts(np.full((3, 3), 1 / 3), np.arange(3), np.zeros(3, dtype=np.int64))
    found = Bootstrap(rounds=10).intervals_of_sums(forecast_sums(rows), forecast_scores)
    assert {interval.reason for interval in found.values()} == {"a single event cannot be resampled"}


@pytest.mark.parametrize(
    ("p", "gold", "told"),
    [
        ([[0.5, 0.5]], [0], r"shape \(n, 3\)"),
        ([], [], r"n >= 1"),
        ([[np.nan, 0.5, 0.5]], [0], "finite"),
        ([[-0.1, 0.6, 0.5]], [0], "not negative"),
        ([[0.0, 0.0, 0.0]], [0], "not all 0"),
        ([[0.2, 0.3, 0.5]], [3], r"gold must lie in 0\.\.2, got 3\.\.3"),
    ],
)
def test_what_is_no_forecast_is_refused(p: list[list[float]], gold: list[int], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Forecasts(np.array(p), np.array(gold, dtype=np.int64), np.zeros(len(gold), dtype=np.int64))
