from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stancebench.scoring.resampling import UNDEFINED_SHARE, Bootstrap, Interval, cluster_weights, percentiles
from stancebench.scoring.scores import ScoreId, score_arrays
from stancebench.scoring.tally import ScoredRows, tally
from tests.scoring.rows import by_hand, joined, scored_rows, taken

Mode = Literal["strict", "semeval"]
Floats = npt.NDArray[np.float64]
ACCURACY = ScoreId("accuracy")


def replicates_by_hand(rows: ScoredRows, rounds: int, seed: int, mode: Mode) -> dict[ScoreId, Floats]:
    """Draw clusters, copy their rows out, and score each sample of rows by itself."""
    n_units = int(rows.cluster.max()) + 1
    members = [np.flatnonzero(rows.cluster == k) for k in range(n_units)]
    weights = cluster_weights(n_units, rounds, np.random.default_rng(seed)).astype(np.int64)
    samples = [
        taken(rows, np.concatenate([np.tile(members[k], w) for k, w in enumerate(sample)])) for sample in weights.T
    ]
    scored = [score_arrays(tally(sample).total(), mode, minimum=1) for sample in samples]
    return {which: np.array([s[which][0] for s in scored]) for which in scored[0]}


@given(st.integers(1, 30), st.integers(1, 600), st.integers(0, 2**32))
def test_each_sample_has_as_many_clusters_as_there_are(n_clusters: int, rounds: int, seed: int) -> None:
    weights = cluster_weights(n_clusters, rounds, np.random.default_rng(seed))
    assert weights.shape == (n_clusters, rounds)
    assert (weights >= 0).all()
    assert (weights == np.floor(weights)).all()
    assert (weights.sum(axis=0) == n_clusters).all()
    assert np.array_equal(weights, cluster_weights(n_clusters, rounds, np.random.default_rng(seed)))


@pytest.mark.parametrize("n_clusters", [2**16 - 1, 2**16, 2**16 + 5000])
def test_more_clusters_than_sixteen_bits_count_are_all_drawn(n_clusters: int) -> None:
    weights = cluster_weights(n_clusters, 3, np.random.default_rng(0))
    assert (weights.sum(axis=0) == n_clusters).all()
    # Of the last 5000, a share of exp(-1) is not drawn.
    assert np.mean(weights[-5000:] > 0) == pytest.approx(1 - np.exp(-1), abs=0.02)


def test_each_cluster_is_drawn_about_equally_often() -> None:
    share = cluster_weights(5, 20_000, np.random.default_rng(0)).mean(axis=1)
    # The standard error of each mean is sqrt(0.8 / 20000), 0.0063.
    assert np.abs(share - 1).max() < 0.03


@pytest.mark.parametrize("mode", ["strict", "semeval"])
@given(rows=scored_rows(min_size=6, n_clusters=5), seed=st.integers(0, 1000))
def test_counting_by_weights_is_resampling_the_rows_themselves(mode: Mode, rows: ScoredRows, seed: int) -> None:
    counts = tally(rows)
    weights = cluster_weights(counts.n_units, 7, np.random.default_rng(seed))
    by_weight = score_arrays(counts.weighted(weights), mode, minimum=1)
    by_row = replicates_by_hand(rows, 7, seed, mode)
    assert by_weight.keys() == by_row.keys()
    for which, values in by_weight.items():
        assert np.array_equal(values, by_row[which], equal_nan=True), which


def example_rows(n: int = 40) -> ScoredRows:
    """Clusters of three judgements; every class is common, and a third of the answers is wrong."""
    rng = np.random.default_rng(3)
    gold = rng.integers(0, 3, size=3 * n)
    predicted = np.where(rng.random(3 * n) < 1 / 3, rng.integers(0, 4, size=3 * n), gold)
    target = rng.integers(0, 2, size=3 * n)
    return ScoredRows(gold, predicted, target, np.repeat(np.arange(n), 3), ("sun", "moon"), {"neutral": gold == 2})


@pytest.mark.parametrize("mode", ["strict", "semeval"])
def test_intervals_are_the_percentiles_of_a_bootstrap_by_hand(mode: Mode) -> None:
    rows = example_rows()
    intervals = Bootstrap(rounds=400, level=0.9, seed=5).intervals(tally(rows), mode, withhold=False)
    replicates = replicates_by_hand(rows, 400, 5, mode)
    assert intervals.keys() == replicates.keys()
    for which, (low, high, undefined, reason) in intervals.items():
        assert (low, high) == pytest.approx(tuple(np.percentile(replicates[which], [5, 95])), abs=1e-12), which
        assert (undefined, reason) == (0, "")


def test_the_interval_holds_the_score_where_answers_are_many() -> None:
    counts = tally(example_rows(300))
    for which, (low, high, _, _) in Bootstrap(rounds=1000).intervals(counts, withhold=False).items():
        assert low is not None
        assert high is not None
        assert low < score_arrays(counts.total())[which][0] < high, which


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    counts = tally(example_rows())
    first = Bootstrap(rounds=200, seed=1).intervals(counts)
    other = Bootstrap(rounds=200, seed=2).intervals(counts)
    again = Bootstrap(rounds=200, seed=1).intervals(tally(example_rows()))
    assert first == again
    assert first != other


def test_a_higher_level_gives_a_wider_interval() -> None:
    counts = tally(example_rows())
    narrow, wide = (Bootstrap(rounds=500, level=level).intervals(counts)[ACCURACY] for level in (0.5, 0.95))
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low
    assert wide.high is not None
    assert narrow.high is not None
    assert wide.high > narrow.high


def test_a_single_cluster_has_no_interval() -> None:
    rows = by_hand([("favor", "favor"), ("none", "favor")])
    one = ScoredRows(rows.gold, rows.predicted, rows.target, np.zeros_like(rows.gold), rows.targets)
    intervals = Bootstrap(rounds=50, cluster="document").intervals(tally(one))
    assert set(intervals) == set(score_arrays(tally(one)))
    assert set(intervals.values()) == {Interval(None, None, 0, "a single document cannot be resampled")}


def rows_with_rare_class(n_clusters: int, n_favor: int) -> ScoredRows:
    """The first clusters hold a favor, every cluster an against and a none; all answers are right but some none."""
    rare = by_hand([("favor", "favor")] * n_favor)
    common = by_hand([("against", "against")] * n_clusters)
    errors = by_hand([("none", "none" if k % 2 else "favor") for k in range(n_clusters)])
    together = joined([rare, common, errors])
    cluster = np.concatenate([np.arange(n_favor), np.arange(n_clusters), np.arange(n_clusters)])
    return ScoredRows(together.gold, together.predicted, together.target, cluster, together.targets)


def test_above_one_percent_of_undefined_samples_no_interval_is_shown() -> None:
    rows = rows_with_rare_class(20, 3)
    intervals = Bootstrap(rounds=500).intervals(tally(rows), withhold=False)
    without = int(np.isnan(replicates_by_hand(rows, 500, 0, "strict")[ScoreId("recall", "sun", "favor")]).sum())
    assert without > UNDEFINED_SHARE * 500
    reason = f"undefined in {without} of 500 bootstrap samples"
    for which in (ScoreId("f_avg", "sun"), ScoreId("f_avg_macro"), ScoreId("macro_f1"), ScoreId("f1", "", "favor")):
        assert intervals[which] == Interval(None, None, without, reason)
    assert intervals[ScoreId("f1", "", "against")].reason == intervals[ACCURACY].reason == ""
    assert intervals[ACCURACY].low is not None


def test_up_to_one_percent_of_undefined_samples_are_counted_and_left_out() -> None:
    rows = rows_with_rare_class(20, 5)
    rounds = 2000
    low, high, undefined, reason = Bootstrap(rounds=rounds).intervals(tally(rows), withhold=False)[
        ScoreId("f_avg", "sun")
    ]
    replicates = replicates_by_hand(rows, rounds, 0, "strict")[ScoreId("f_avg", "sun")]
    assert 0 < undefined <= UNDEFINED_SHARE * rounds
    assert undefined == np.isnan(replicates).sum()
    assert (low, high) == pytest.approx(tuple(np.nanpercentile(replicates, [2.5, 97.5])), abs=1e-12)
    assert reason == ""


def test_nothing_is_undefined_in_semeval_mode() -> None:
    intervals = Bootstrap(rounds=300).intervals(tally(rows_with_rare_class(20, 1)), "semeval", withhold=False)
    assert all(bounds.undefined == 0 and bounds.low is not None for bounds in intervals.values())


tables = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=40),
    elements=st.floats(-1, 1) | st.just(0.5) | st.just(np.nan),
)


@given(tables, st.floats(0.01, 0.99))
def test_percentiles_are_numpys(table: Floats, level: float) -> None:
    low, high = percentiles(table, level)
    tails = [50 * (1 - level), 50 * (1 + level)]
    for row, bounds in zip(table, zip(low, high, strict=True), strict=True):
        expected = np.percentile(row[~np.isnan(row)], tails) if not np.isnan(row).all() else [np.nan, np.nan]
        assert bounds == pytest.approx(tuple(expected), abs=1e-12, nan_ok=True)


def test_percentiles_leave_their_table_as_it_was() -> None:
    table = np.array([[0.3, np.nan, 0.1, 0.2], [0.4, 0.1, 0.3, 0.2]])
    before = table.copy()
    low, high = percentiles(table, 0.5)
    assert np.array_equal(table, before, equal_nan=True)
    # Quartiles of 0.1 0.2 0.3 and of 0.1 0.2 0.3 0.4, by linear interpolation.
    assert low.tolist() == pytest.approx([0.15, 0.175])
    assert high.tolist() == pytest.approx([0.25, 0.325])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"level": 1.0}, "level must lie between 0 and 1, got 1.0"),
        ({"level": 0.0}, "level must lie between 0 and 1, got 0.0"),
        ({"rounds": 0}, "rounds must be at least 1, got 0"),
    ],
)
def test_a_bootstrap_that_cannot_be_drawn_is_refused(changes: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Bootstrap(**changes)  # type: ignore[arg-type]


def coverage(cluster_size: int, *, by_cluster: bool) -> float:
    """Share of simulated samples whose 95% interval holds the true accuracy; clusters are right or wrong whole."""
    rng = np.random.default_rng(11)
    truth, n_clusters, simulations, held = 0.7, 60, 300, 0
    for _ in range(simulations):
        right = np.repeat(rng.random(n_clusters) < truth, cluster_size)
        gold = np.zeros(len(right), dtype=np.int64)
        cluster = np.repeat(np.arange(n_clusters), cluster_size) if by_cluster else np.arange(len(right))
        rows = ScoredRows(gold, np.where(right, 0, 2), gold, cluster, ("sun",))
        low, high, _, _ = Bootstrap(rounds=500).intervals(tally(rows))[ACCURACY]
        held += low is not None and high is not None and low <= truth <= high
    return held / simulations


def test_intervals_by_cluster_cover_the_truth_and_intervals_by_row_do_not() -> None:
    # Four rows that stand or fall together: by row, the interval is half as wide as it should be, and covers 67%.
    assert 0.91 <= coverage(4, by_cluster=True) <= 0.98
    assert coverage(4, by_cluster=False) < 0.8


def test_many_clusters_are_drawn_one_sample_at_a_time_and_alike() -> None:
    n_clusters = 30_001
    together = cluster_weights(n_clusters, 150, np.random.default_rng(4))
    rng = np.random.default_rng(4)
    for sample in together.T:
        drawn = rng.integers(0, n_clusters, size=n_clusters, dtype=np.uint16)
        assert np.array_equal(sample, np.bincount(drawn, minlength=n_clusters))
