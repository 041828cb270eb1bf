from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from stancebench.scoring.tally import N_CLASSES, UNKNOWN_CODE, ScoredRows, Tally, confusion, tally
from stancebench.vocabulary import STANCES
from tests.scoring.rows import by_hand, scored_rows, taken


def parts(counts: Tally) -> dict[str, Any]:
    return {"right": counts.right, "gold": counts.gold, "predicted": counts.predicted, **counts.hits}


def same(one: Tally, other: Tally) -> bool:
    a, b = parts(one), parts(other)
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


@given(scored_rows())
def test_counts_are_those_of_a_loop_over_rows(rows: ScoredRows) -> None:
    gold, predicted, right = Counter[Any](), Counter[Any](), Counter[Any]()
    hits: dict[str, Counter[Any]] = {name: Counter() for name in rows.subsets}
    for i in range(len(rows.gold)):
        t, k, g, p = rows.target[i], rows.cluster[i], rows.gold[i], rows.predicted[i]
        gold[t, g, k] += 1
        predicted[t, p, k] += 1
        right[t, g, k] += int(g == p)
        for name, member in rows.subsets.items():
            hits[name][t, 0, k] += int(member[i] and g == p)
            hits[name][t, 1, k] += int(member[i])
    counts = tally(rows)
    units = int(rows.cluster.max()) + 1
    expected = {"right": (right, len(STANCES)), "gold": (gold, N_CLASSES), "predicted": (predicted, N_CLASSES)}
    expected |= {name: (counted, 2) for name, counted in hits.items()}
    for name, array in parts(counts).items():
        counted, middle = expected[name]
        assert array.shape == (len(rows.targets), middle, units)
        assert all(array[place] == counted[place] for place in np.ndindex(*array.shape)), name


def test_unknown_is_never_right_even_where_gold_is_unknown() -> None:
    both = np.array([UNKNOWN_CODE])
    zero = np.array([0])
    counts = tally(ScoredRows(both, both, zero, zero, ("sun",), {"counter_prior": np.array([True])}))
    assert counts.right.sum() == 0
    assert counts.hits["counter_prior"].ravel().tolist() == [0, 1]


@given(scored_rows(), st.randoms(use_true_random=False))
def test_counts_do_not_depend_on_row_order(rows: ScoredRows, random: Any) -> None:
    order = list(range(len(rows.gold)))
    random.shuffle(order)
    assert same(tally(taken(rows, np.array(order))), tally(rows))


@given(scored_rows(min_size=5), st.data())
def test_weighted_counts_are_the_counts_of_the_resampled_rows(rows: ScoredRows, data: st.DataObject) -> None:
    n_units = int(rows.cluster.max()) + 1
    sample = data.draw(st.lists(st.integers(0, n_units - 1), min_size=1, max_size=12))
    resampled = taken(rows, np.concatenate([np.flatnonzero(rows.cluster == k) for k in sample]))
    weights = np.bincount(sample, minlength=n_units)[:, None].astype(np.float64)
    assert same(tally(rows).weighted(weights), tally(resampled).total())


def test_weights_too_large_for_single_precision_still_count_exactly() -> None:
    rows = by_hand([("favor", "favor"), ("favor", "favor")])
    many = 2.0**24 + 1
    assert tally(rows).weighted(np.array([[many], [0.0]])).right[0, 0, 0] == many


@given(scored_rows())
def test_total_and_pooled_only_add_up(rows: ScoredRows) -> None:
    counts = tally(rows)
    assert counts.total().n_units == 1
    assert counts.pooled().targets == ("",)
    for name, array in parts(counts).items():
        assert np.array_equal(parts(counts.total())[name][..., 0], array.sum(axis=2))
        assert np.array_equal(parts(counts.pooled())[name][0], array.sum(axis=0))


@given(scored_rows(unknown_gold=True))
def test_confusion_is_scikit_learns(rows: ScoredRows) -> None:
    for t, table in enumerate(confusion(rows)):
        mine = rows.target == t
        if mine.any():
            expected = confusion_matrix(rows.gold[mine], rows.predicted[mine], labels=range(N_CLASSES))
            assert np.array_equal(table, expected)
        else:
            assert not table.any()


def faulty(**changes: Any) -> ScoredRows:
    values: dict[str, Any] = {name: np.zeros(2, dtype=np.int64) for name in ("gold", "predicted", "target", "cluster")}
    return ScoredRows(**{**values, "targets": ("sun",), **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gold": np.zeros(3, dtype=np.int64)}, r"arrays of one length are expected, got lengths \[2, 3\]"),
        ({"subsets": {"neutral": np.ones(1, dtype=bool)}}, r"arrays of one length are expected, got lengths \[1, 2\]"),
        ({"gold": np.array([0, 4])}, r"gold must lie in 0\.\.3, got 0\.\.4"),
        ({"predicted": np.array([-1, 0])}, r"predicted must lie in 0\.\.3, got -1\.\.0"),
        ({"target": np.array([0, 1])}, r"target must lie in 0\.\.0, got 0\.\.1"),
        ({"cluster": np.array([-1, 0])}, "cluster"),
        (
            {"subsets": {"contested": np.ones(2, dtype=bool)}},
            r"subsets must be among \('neutral', 'counter_prior', 'overcall'\), got \['contested'\]",
        ),
    ],
)
def test_rows_that_cannot_be_scored_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        faulty(**changes)


def test_no_rows_are_refused() -> None:
    empty = np.zeros(0, dtype=np.int64)
    with pytest.raises(ValueError, match="there is nothing to score: no rows"):
        ScoredRows(empty, empty, empty, empty, ("sun",))
