"""Intervals that would cover too little are withheld, and say why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given

from stancebench.scoring.resampling import Bootstrap, Interval
from stancebench.scoring.scores import SCORES, ScoreId, score_arrays
from stancebench.scoring.support import LIKE, MINIMUM_CLUSTERS, NEEDED, NEVER, Support, support, too_thin, withheld
from stancebench.scoring.tally import ScoredRows, tally
from tests.scoring.rows import CODES, joined, scored_rows

RECALL = ScoreId("recall", "", "favor")
BOOTSTRAP = Bootstrap(rounds=200, cluster="event")


def made(n_clusters: int, favor: int, right: int, against: int = 20, against_right: int = 10) -> ScoredRows:
    """Clusters of one none each, some with a favor besides and some with an against; right as often as asked."""
    none = CODES["none"]

    def of(stance: str, n: int, n_right: int) -> ScoredRows:
        code = CODES[stance]
        gold = np.r_[np.full(n, code), np.full(n_clusters, none)]
        predicted = np.r_[np.full(n_right, code), np.full(n - n_right, none), np.full(n_clusters, none)]
        predicted[-6:] = code
        cluster = np.r_[np.arange(n), np.arange(n_clusters)]
        return ScoredRows(gold, predicted, np.zeros_like(gold), cluster, ("sun",), {"neutral": gold == none})

    parts = [of("favor", favor, right), of("against", against, against_right)]
    together = joined(parts)
    return ScoredRows(
        together.gold,
        together.predicted,
        together.target,
        np.concatenate([p.cluster for p in parts]),
        together.targets,
        {"neutral": np.concatenate([p.subsets["neutral"] for p in parts])},
    )


@given(scored_rows(n_clusters=8))
def test_support_is_what_a_count_by_hand_finds(rows: ScoredRows) -> None:
    counts = tally(rows)
    is_right = rows.gold == rows.predicted

    def clusters(member: npt.NDArray[np.bool_]) -> int:
        return len(set(rows.cluster[member].tolist()))

    for t, target in enumerate(rows.targets):
        for stance in ("favor", "against", "none"):
            of_gold = (rows.gold == CODES[stance]) & (rows.target == t)
            of_answer = (rows.predicted == CODES[stance]) & (rows.target == t)
            gold, right = clusters(of_gold), clusters(of_gold & is_right)
            found = {name: support(counts, ScoreId(name, target, stance)) for name in ("recall", "precision", "f1")}
            assert found == {
                "recall": Support(gold, right, clusters(of_gold & ~is_right)),
                "precision": Support(gold, right, clusters(of_answer & ~is_right)),
                "f1": Support(gold, right, clusters((of_gold | of_answer) & ~is_right)),
            }
    everything = support(counts, ScoreId("accuracy"))
    expected = (np.ones_like(is_right), is_right, ~is_right)
    assert everything == Support(*map(clusters, expected))
    marked = rows.subsets["counter_prior"]
    for target, member in (("", marked), ("sun", marked & (rows.target == 0))):
        found_there = support(counts, ScoreId("counter_prior_accuracy", target))
        assert found_there is not None
        assert found_there.gold == clusters(member)


@given(scored_rows(n_clusters=8))
def test_of_several_classes_the_rarest_counts_and_answers_add_up(rows: ScoredRows) -> None:
    counts = tally(rows)

    def of(name: str, target: str = "", stance: str = "") -> Support:
        found = support(counts, ScoreId(name, target, stance))
        assert found is not None
        return found

    polar = {t: [of("f1", t, s) for s in ("favor", "against")] for t in rows.targets}
    for target, classes in polar.items():
        summed = Support(min(c.gold for c in classes), sum(c.right for c in classes), sum(c.wrong for c in classes))
        assert of("f_avg", target) == summed
        rarest = min(summed.gold, of("f1", target, "none").gold)
        assert of("macro_f1", target) == summed._replace(gold=rarest)
    every = [c for classes in polar.values() for c in classes]
    assert of("f_avg_macro") == Support(
        min(c.gold for c in every), sum(c.right for c in every), sum(c.wrong for c in every)
    )
    pooled = [of("f1", "", s) for s in ("favor", "against")]
    assert of("f_avg_pooled") == Support(
        min(c.gold for c in pooled), sum(c.right for c in pooled), sum(c.wrong for c in pooled)
    )
    assert of("mcc") == of("macro_f1")


def test_every_score_that_is_made_of_counts_has_its_rule() -> None:
    names = {which.score for which in score_arrays(tally(made(50, 20, 10)))}
    of_rows = {name for name, score in SCORES.items() if score.basis != "counts"}
    assert names == {*NEEDED, *NEVER} - {"counter_prior_accuracy", "overcall_accuracy"} - of_rows
    assert of_rows == {*LIKE, "classwise_ece", "contrast_consistency"}


def test_few_clusters_carry_no_interval_of_any_score() -> None:
    few, enough = (BOOTSTRAP.intervals(tally(made(MINIMUM_CLUSTERS - n, 20, 10))) for n in (1, 0))
    assert set(few.values()) == {Interval(None, None, 0, "there are 39 events, an interval needs 40")}
    assert {which.score for which, interval in enough.items() if interval.low is None} == {"f_avg_worst"}


def test_false_calls_need_events_with_gold_none_and_with_both_answers() -> None:
    rows = made(50, 20, 10)
    held = replace(rows, bloc=np.where(rows.cluster < 9, 1, 2), blocs=("", "few", "many"))
    counts = tally(held)
    few, many = (ScoreId("false_favor", bloc=bloc) for bloc in ("few", "many"))
    assert support(counts, few) == Support(9, 9, 0)
    assert too_thin(counts, few, "event") == "gold none of a holder of few stands in 9 events, an interval needs 10"
    assert support(counts, many) == Support(41, 41, 6)
    assert too_thin(counts, many) == ""
    none = replace(held, predicted=np.full_like(held.predicted, CODES["none"]))
    assert too_thin(tally(none), many, "event") == "a false call stands in no event, an interval needs 5"


@pytest.mark.parametrize(
    ("favor", "right", "which", "reason"),
    [
        (10, 5, RECALL, ""),
        (9, 5, RECALL, "gold favor stands in 9 events, an interval needs 10"),
        (9, 5, ScoreId("recall", "sun", "favor"), "gold favor of sun stands in 9 events, an interval needs 10"),
        (10, 4, RECALL, "a right answer stands in 4 events, an interval needs 5"),
        (10, 6, RECALL, "a wrong answer stands in 4 events, an interval needs 5"),
        (10, 10, RECALL, "a wrong answer stands in no event, an interval needs 5"),
        (5, 1, ScoreId("f_avg_macro"), ""),
        (
            4,
            1,
            ScoreId("f_avg_macro"),
            "the rarer of gold favor and against of some target stands in 4 events, an inter",
        ),
        (
            4,
            1,
            ScoreId("f_avg", "sun"),
            "the rarer of gold favor and against of sun stands in 4 events, an interval nee",
        ),
        (4, 1, ScoreId("macro_f1"), "the rarest gold stance stands in 4 events, an interval needs 5"),
        (20, 10, ScoreId("f_avg_worst"), "the lowest of several lies lower in each sample"),
        (20, 10, ScoreId("neutral_recall"), ""),
        (20, 10, ScoreId("a_score_of_somebody"), ""),
    ],
)
def test_below_the_support_that_it_needs_an_interval_is_withheld(
    favor: int, right: int, which: ScoreId, reason: str
) -> None:
    counts = tally(made(50, favor, right))
    told = too_thin(counts, which, "event")
    assert told.startswith(reason)
    assert bool(told) == bool(reason)
    if which in (intervals := Bootstrap(rounds=400).intervals(counts)):
        assert (intervals[which].low is None) == bool(reason)


def test_a_constant_system_has_values_without_intervals() -> None:
    rows = made(60, 20, 0, against_right=0)
    intervals = BOOTSTRAP.intervals(tally(rows))
    assert intervals[RECALL].reason == "a right answer stands in no event, an interval needs 5"
    assert intervals[ScoreId("f_avg_macro")].reason == "a right answer stands in no event, an interval needs 10"
    assert intervals[ScoreId("accuracy")].low is not None


def test_a_difference_asks_only_for_gold() -> None:
    counts = tally(made(50, 20, 20))
    assert too_thin(counts, RECALL).startswith("a wrong answer stands in no cluster")
    assert withheld(counts, RECALL) == ""
    assert withheld(tally(made(50, 9, 5)), RECALL) == "gold favor stands in 9 clusters, an interval needs 10"


def test_withholding_changes_no_bound_that_is_shown() -> None:
    counts = tally(made(50, 20, 10))
    every, shown = (BOOTSTRAP.intervals(counts, withhold=withhold) for withhold in (False, True))
    assert all(interval.low is not None for interval in every.values())
    assert all(interval == every[which] for which, interval in shown.items() if interval.low is not None)
