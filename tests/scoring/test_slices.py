"""Scores of slices agree with scikit-learn on the slice alone; what is too small or too thin is not claimed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

from stancebench.scoring.resampling import Bootstrap
from stancebench.scoring.scores import ScoreId
from stancebench.scoring.significance import adjusted
from stancebench.scoring.slices import MINIMUM_CLUSTERS, MINIMUM_ROWS, SLICED, SliceScore, corrected, slice_scores
from stancebench.scoring.tally import IntArray, ScoredRows, tally
from tests.scoring.rows import by_hand

BOOTSTRAP = Bootstrap(rounds=200, cluster="event")
BoolArray = npt.NDArray[np.bool_]


def drawn(n: int = 600, n_clusters: int = 120, accuracy: float = 0.7, seed: int = 0) -> ScoredRows:
    """Judgements of two targets in clusters of several, right as often as asked."""
    rng = np.random.default_rng(seed)
    gold = rng.choice(3, n, p=[0.25, 0.25, 0.5])
    predicted = np.where(rng.random(n) < accuracy, gold, (gold + rng.integers(1, 3, n)) % 3)
    cluster = np.r_[np.arange(n_clusters), rng.integers(0, n_clusters, n - n_clusters)]
    return ScoredRows(gold, predicted, rng.integers(0, 2, n), cluster, ("sun", "moon"))


def masks(rows: ScoredRows, *names: str, seed: int = 1) -> dict[str, BoolArray]:
    """Return slices that part the rows at random."""
    part = np.random.default_rng(seed).integers(0, len(names), len(rows.gold))
    return {name: part == i for i, name in enumerate(names)}


def scikit_learn(score: str, gold: IntArray, predicted: IntArray) -> float:
    if score == "accuracy":
        return float(accuracy_score(gold, predicted))
    if score == "mcc":
        return float(matthews_corrcoef(gold, predicted))
    return float(f1_score(gold, predicted, labels=[0, 1] if score == "f_avg" else None, average="macro"))


@pytest.mark.parametrize("score", SLICED)
def test_a_slice_is_scored_as_scikit_learn_scores_its_rows_alone(score: str) -> None:
    rows = drawn()
    members = masks(rows, "a", "b", "c")
    found = {one.name: one for one in slice_scores([rows], {"third": members}, score=score)}
    for name, member in members.items():
        gold, one = rows.gold[member], found[name]
        own, rest = (scikit_learn(score, rows.gold[part], rows.predicted[part]) for part in (member, ~member))
        assert one.value == pytest.approx(own)
        assert one.difference == pytest.approx(own - rest)
        assert (one.rows, one.clusters) == (member.sum(), len(set(rows.cluster[member])))
        assert one.gold == tuple((gold == code).sum() for code in range(3))
        assert (one.low, one.p, one.p_adjusted) == (None, None, None)


def test_a_slice_of_one_target_has_the_interval_of_that_target() -> None:
    rows = drawn()
    by_target = {name: rows.target == i for i, name in enumerate(rows.targets)}
    found = slice_scores([rows], {"target": by_target}, score="f_avg", bootstrap=BOOTSTRAP)
    intervals = BOOTSTRAP.intervals(tally(rows))
    for one in found:
        interval = intervals[ScoreId("f_avg", one.name)]
        assert (one.low, one.high) == pytest.approx((interval.low, interval.high))


def test_slice_and_complement_are_opposite_and_one_test() -> None:
    rows = drawn()
    members = masks(rows, "yes", "no")
    yes, no = slice_scores([rows], {"flag": members}, bootstrap=BOOTSTRAP)
    assert yes.difference is not None
    assert no.difference == pytest.approx(-yes.difference)
    assert yes.difference_low is not None
    assert yes.difference_high is not None
    assert (no.difference_low, no.difference_high) == pytest.approx((-yes.difference_high, -yes.difference_low))
    assert no.p == pytest.approx(yes.p)
    assert (yes.complement, no.complement) == ("", "yes")
    ((first, second),), family = corrected([[yes, no]])
    assert family == 1
    assert first.p_adjusted == second.p_adjusted == yes.p


def test_the_family_is_all_that_is_shown() -> None:
    rows = drawn()
    parts = masks(rows, "a", "b", "c")
    tables = [
        slice_scores([drawn(accuracy=a)], {"third": parts, "flag": masks(rows, "yes", "no")}, bootstrap=BOOTSTRAP)
        for a in (0.6, 0.8)
    ]
    whole, family = corrected(tables)
    assert family == 2 * (3 + 1)
    p = [one.p for table in tables for one in table if not one.complement]
    assert [one.p_adjusted for table in whole for one in table if not one.complement] == pytest.approx(
        adjusted(np.array(p, dtype=float), "holm")
    )
    alone, _ = corrected(tables, "none")
    assert [one.p_adjusted for table in alone for one in table] == [one.p for table in tables for one in table]


def test_a_slice_on_which_a_system_is_worse_is_found_and_others_are_not() -> None:
    rows = drawn()
    members = masks(rows, "a", "b", "c", "d")
    wrong = members["a"] & (np.random.default_rng(3).random(len(rows.gold)) < 0.6)
    worse = replace(rows, predicted=np.where(wrong, (rows.gold + 1) % 3, rows.predicted))
    found, _ = corrected([slice_scores([worse], {"quarter": members}, bootstrap=BOOTSTRAP)])
    assert {one.name for one in found[0] if one.significant and (one.difference or 0) < 0} == {"a"}


def test_a_true_null_is_rejected_no_more_often_than_its_level() -> None:
    rng = np.random.default_rng(0)
    rejected = 0
    for seed in range(200):
        rows = drawn(n=360, accuracy=0.7, seed=seed)
        chosen = np.isin(rows.cluster, rng.choice(120, 15, replace=False))
        one = slice_scores([rows], {"some": {"yes": chosen, "no": ~chosen}}, bootstrap=BOOTSTRAP)[0]
        rejected += one.p is not None and one.p <= 0.05
    # 95% of binomials of 200 draws with 5% lie at 16 or below.
    assert rejected <= 16


def test_nothing_is_claimed_of_a_slice_that_is_too_small() -> None:
    rows = drawn()
    few_rows = np.arange(600) < MINIMUM_ROWS - 1
    few_clusters = rows.cluster < MINIMUM_CLUSTERS - 1
    one, other, empty, enough = slice_scores(
        [rows],
        {
            "size": {
                "rows": few_rows,
                "clusters": few_clusters,
                "empty": np.zeros(600, dtype=bool),
                "enough": ~(few_rows | few_clusters),
            }
        },
        bootstrap=BOOTSTRAP,
    )
    assert one.reason == "29 judgements in 29 events; nothing is claimed below 30 in 10"
    assert "in 9 events; nothing is claimed below 30 in 10" in other.reason
    assert empty.reason == "no judgement; nothing is claimed below 30 in 10"
    for small in (one, other, empty):
        assert (small.value, small.low, small.difference, small.p) == (None,) * 4
    assert None not in (enough.value, enough.low, enough.p)


def test_a_large_slice_is_not_compared_with_a_rest_that_is_too_small() -> None:
    rows = drawn()
    few = np.arange(600) < 5
    tables = [slice_scores([rows], {"flag": {"yes": few, "no": ~few}, "all": {"one": few | ~few}}, bootstrap=BOOTSTRAP)]
    ((yes, no, whole),), family = corrected(tables)
    assert family == 0
    assert (yes.p_adjusted, no.p_adjusted, no.difference) == (None, None, None)
    assert no.difference_reason == "the rest: 5 judgements in 5 events; nothing is claimed below 30 in 10"
    assert whole.difference_reason == "the rest: no judgement; nothing is claimed below 30 in 10"
    assert no.value is not None
    assert no.low is not None


def test_what_is_undefined_or_too_thin_says_why() -> None:
    gold = ["favor"] * 40 + ["none"] * 40 + ["against"] * 20
    rows = by_hand([(stance, stance) for stance in gold])
    members = {"first": np.arange(100) < 80, "second": np.arange(100) >= 60}
    found = {
        score: slice_scores([rows], {"half": members}, score=score, bootstrap=BOOTSTRAP)
        for score in ("f_avg", "macro_f1", "accuracy")
    }
    assert found["f_avg"][0].reason == "gold has 40 favor and 0 against, 10 of each are needed"
    assert found["macro_f1"][0].reason == "gold lacks against"
    assert found["macro_f1"][0].difference_reason == "gold lacks against"
    constant = found["accuracy"][0]
    assert constant.value == 1.0
    assert constant.reason == "a wrong answer stands in no event, an interval needs 5"
    assert constant.p is None
    single = replace(rows, cluster=np.zeros(100, dtype=np.int64))
    assert "in 1 event; nothing is claimed" in slice_scores([single], {"half": members}, bootstrap=BOOTSTRAP)[0].reason


def test_several_seeds_are_their_mean_with_a_wider_interval() -> None:
    rows = drawn()
    seeds = [
        replace(rows, predicted=np.where(np.random.default_rng(s).random(600) < a, rows.gold, (rows.gold + 1) % 3))
        for s, a in enumerate((0.55, 0.7, 0.85))
    ]
    members = {"third": masks(rows, "a", "b", "c")}
    together = slice_scores(seeds, members, bootstrap=BOOTSTRAP)
    alone = [slice_scores([seed], members, bootstrap=BOOTSTRAP) for seed in seeds]

    def width(one: SliceScore) -> float:
        assert one.low is not None
        assert one.high is not None
        return one.high - one.low

    for i, one in enumerate(together):
        assert one.value == pytest.approx(np.mean([table[i].value for table in alone]))
        assert width(one) > max(width(table[i]) for table in alone)


def test_misuse_is_refused() -> None:
    rows = drawn(n=200)
    fine = {"half": masks(rows, "a", "b")}
    with pytest.raises(ValueError, match="at least one run"):
        slice_scores([], fine)
    with pytest.raises(ValueError, match=r"is one of .* got 'f_avg_macro'"):
        slice_scores([rows], fine, score="f_avg_macro")
    with pytest.raises(ValueError, match="of the same judgements"):
        slice_scores([rows, drawn(n=200, seed=5)], fine)
    with pytest.raises(ValueError, match=r"half a must be bool of shape \(200,\), got bool of shape \(3,\)"):
        slice_scores([rows], {"half": {"a": np.ones(3, dtype=bool)}})
    with pytest.raises(ValueError, match="got int64 of shape"):
        slice_scores([rows], {"half": {"a": np.ones(200, dtype=np.int64)}})
