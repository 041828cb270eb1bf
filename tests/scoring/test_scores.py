from __future__ import annotations

from dataclasses import replace
from typing import Any

import krippendorff
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef, precision_recall_fscore_support

from stancebench.scoring.agreement import nominal_alpha
from stancebench.scoring.scores import MINIMUM_SUPPORT, SCORES, SUBSET_OF, ScoreId, score_arrays, score_values
from stancebench.scoring.tally import UNKNOWN_CODE, ScoredRows, tally
from stancebench.vocabulary import AGAINST, FAVOR, NONE, STANCES
from tests.scoring.rows import TARGETS, by_hand, defined, joined, scored_rows, taken

Codes = npt.NDArray[np.int64]
EXACT = 1e-12
# scikit-learn's correlation warns where one class is all there is; its value, 0, is what is compared.
one_class_is_no_surprise = pytest.mark.filterwarnings("ignore:A single label was found:UserWarning")


def by_scikit_learn(rows: ScoredRows) -> dict[ScoreId, float]:
    """Every score from rows, empty denominators as 0; a target without rows has only 0.

    An unknown gold is a class that no prediction has.
    """
    all_gold = np.where(rows.gold == UNKNOWN_CODE, UNKNOWN_CODE + 1, rows.gold)
    masks = {t: rows.target == i for i, t in enumerate(rows.targets)}
    out: dict[ScoreId, float] = {}
    for target, mine in {"": np.ones(len(rows.gold), dtype=bool), **masks}.items():
        gold, predicted = all_gold[mine], rows.predicted[mine]
        columns = (
            precision_recall_fscore_support(gold, predicted, labels=range(3), zero_division=0) if any(mine) else ()
        )
        for score, column in zip(("precision", "recall", "f1"), columns or np.zeros((3, 3)), strict=False):
            out |= {ScoreId(score, target, stance): column[c] for c, stance in enumerate(STANCES)}
        polar = f1_score(gold, predicted, labels=[0, 1], average="macro", zero_division=0) if any(mine) else 0.0
        out[ScoreId("f_avg", target) if target else ScoreId("f_avg_pooled")] = polar
        out[ScoreId("macro_f1", target)] = (
            f1_score(gold, predicted, labels=range(3), average="macro", zero_division=0) if any(mine) else 0.0
        )
        out[ScoreId("accuracy", target)] = share_right(gold, predicted)
        for score, subset in SUBSET_OF.items():
            member = rows.subsets[subset][mine]
            out[ScoreId(score, target)] = share_right(gold[member], predicted[member])
    per_target = [out[ScoreId("f_avg", t)] for t in rows.targets]
    out[ScoreId("f_avg_macro")], out[ScoreId("f_avg_worst")] = sum(per_target) / len(per_target), min(per_target)
    out[ScoreId("mcc")] = matthews_corrcoef(all_gold, rows.predicted)
    out[ScoreId("alpha")] = alpha_of_package(all_gold, rows.predicted)
    none, of_nobody = rows.gold == NONE, np.zeros(len(rows.gold), dtype=np.int64)
    for b, bloc in enumerate(("", *rows.blocs[1:])):
        held = none & ((rows.bloc if rows.bloc is not None else of_nobody) == b) if bloc else none
        for c, side in enumerate(("false_favor", "false_against")):
            out[ScoreId(side, bloc=bloc)] = float((rows.predicted[held] == c).mean()) if held.any() else 0.0
    return out


def alpha_of_package(gold: Codes, predicted: Codes) -> float:
    ratings = np.stack([gold, predicted]).astype(float)
    one_class = len(np.unique(ratings)) == 1
    return 0.0 if one_class else float(krippendorff.alpha(reliability_data=ratings, level_of_measurement="nominal"))


def share_right(gold: Codes, predicted: Codes) -> float:
    return float(accuracy_score(gold, predicted)) if len(gold) else 0.0


@one_class_is_no_surprise
@given(scored_rows())
def test_every_score_agrees_with_scikit_learn(rows: ScoredRows) -> None:
    values = score_values(tally(rows), "semeval")
    assert {which: value.value for which, value in values.items()} == pytest.approx(by_scikit_learn(rows), abs=EXACT)


@one_class_is_no_surprise
@given(scored_rows(unknown_gold=True))
def test_every_score_agrees_with_scikit_learn_where_gold_is_unknown(rows: ScoredRows) -> None:
    values = score_values(tally(rows), "semeval")
    assert {which: value.value for which, value in values.items()} == pytest.approx(by_scikit_learn(rows), abs=EXACT)


@one_class_is_no_surprise
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=8), st.integers(1, 5000))
def test_agreement_does_not_fade_with_many_rows(kinds: list[tuple[int, int]], times: int) -> None:
    gold, predicted = np.repeat(np.array(kinds, dtype=np.int64), times, axis=0).T
    zeros = np.zeros(len(gold), dtype=np.int64)
    rows = ScoredRows(gold, predicted, zeros, zeros, ("sun",), dict.fromkeys(SUBSET_OF.values(), gold == NONE))
    values = score_values(tally(rows), "semeval")
    assert {which: value.value for which, value in values.items()} == pytest.approx(by_scikit_learn(rows), abs=EXACT)


def test_declared_scores_are_those_that_come_out() -> None:
    rows = by_hand([("favor", "favor")])
    full = ScoredRows(
        rows.gold,
        rows.predicted,
        rows.target,
        rows.cluster,
        rows.targets,
        dict.fromkeys(SUBSET_OF.values(), rows.gold == 0),
    )
    of_counts = {name for name, score in SCORES.items() if score.basis == "counts"}
    assert {which.score for which in score_arrays(tally(full))} == of_counts
    assert of_counts - {which.score for which in score_arrays(tally(rows))} == set(SUBSET_OF)
    assert all(SCORES[name].name == name for name in SCORES)


@given(scored_rows())
def test_scores_stay_in_their_declared_range(rows: ScoredRows) -> None:
    for mode in ("strict", "semeval"):
        for which, value in score_values(tally(rows), mode).items():
            declared = SCORES[which.score]
            assert value.value is None or declared.low <= value.value <= declared.high, which


def test_a_score_prints_as_its_path() -> None:
    assert [str(ScoreId("f1", "sun", "favor")), str(ScoreId("mcc")), str(ScoreId("f1", "", "none"))] == [
        "f1.sun.favor",
        "mcc",
        "f1.none",
    ]


# Gold counts of favor, against and none in SemEval-2016 Task 6 A's test, and the commonest stance of each train set.
SEMEVAL_TEST = {
    "atheism": ((32, 160, 28), "against"),
    "climate": ((123, 11, 35), "favor"),
    "feminism": ((58, 183, 44), "against"),
    "clinton": ((45, 172, 78), "against"),
    "abortion": ((46, 189, 45), "against"),
}


def test_the_majority_of_semeval_scores_as_published() -> None:
    names = tuple(SEMEVAL_TEST)
    parts = [
        by_hand([(s, guess) for s, n in zip(STANCES, gold, strict=True) for _ in range(n)], target, names)
        for target, (gold, guess) in SEMEVAL_TEST.items()
    ]
    for mode in ("strict", "semeval"):
        values = defined(score_values(tally(joined(parts)), mode))
        # Pooled: favor 2*123 / (169 + 304), against 2*704 / (1080 + 715).
        assert values["f_avg_pooled"] == pytest.approx((246 / 473 + 1408 / 1795) / 2, abs=EXACT)
        assert round(100 * values["f_avg_pooled"], 2) == 65.22
        # Atheism: against 2*160 / (220 + 160), favor 0; halved.
        assert values["f_avg.atheism"] == pytest.approx(160 / 380, abs=EXACT)
        assert round(100 * values["f_avg_macro"], 2) == 40.09
        assert values["f_avg_worst"] == values["f_avg.clinton"] == pytest.approx(172 / 467, abs=EXACT)


def test_unknown_is_never_right_costs_recall_and_is_not_averaged() -> None:
    of_favor = [("favor", "favor"), ("favor", "favor"), ("favor", "unknown")]
    of_against = [("against", "against"), ("against", "unknown")]
    of_none = [("none", "unknown"), ("none", "favor"), ("none", "none")]
    rows = by_hand([*of_favor, *of_against, *of_none])
    values = defined(score_values(tally(rows), "semeval"))
    assert values["precision.favor"] == pytest.approx(2 / 3)
    assert values["recall.favor"] == pytest.approx(2 / 3)
    assert values["precision.against"] == 1
    assert values["recall.against"] == pytest.approx(1 / 2)
    assert values["f_avg.sun"] == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert values["recall.none"] == pytest.approx(1 / 3)
    assert values["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 2) / 3)
    assert values["accuracy"] == pytest.approx(4 / 8)
    assert not any("unknown" in name for name in values)


@given(scored_rows(unknown_gold=True))
def test_all_unknown_scores_nothing(rows: ScoredRows) -> None:
    silent = ScoredRows(rows.gold, np.full_like(rows.gold, UNKNOWN_CODE), rows.target, rows.cluster, rows.targets)
    values = defined(score_values(tally(silent), "semeval"))
    assert values.pop("alpha") <= 0
    assert set(values.values()) == {0.0}


POLAR = ("f_avg", "f_avg_macro", "f_avg_worst", "f_avg_pooled")


def polar_scores(rows: ScoredRows) -> dict[str, float]:
    values = defined(score_values(tally(rows), "semeval"))
    ends = (".favor", ".against")
    return {name: v for name, v in values.items() if name.split(".")[0] in POLAR or name.endswith(ends)}


@given(scored_rows())
def test_for_polar_scores_none_and_unknown_are_alike(rows: ScoredRows) -> None:
    swapped = np.where(rows.predicted == UNKNOWN_CODE, NONE, rows.predicted)
    other = ScoredRows(rows.gold, swapped, rows.target, rows.cluster, rows.targets)
    assert polar_scores(other) == polar_scores(rows)


@given(scored_rows(), st.integers(1, 30))
def test_rows_rightly_called_none_change_no_polar_score(rows: ScoredRows, n: int) -> None:
    more = joined([rows, by_hand([("none", "none")] * n, "moon", TARGETS)])
    assert polar_scores(more) == polar_scores(rows)


def test_rows_of_gold_none_stay_in_as_false_positives() -> None:
    right = [("favor", "favor")] * 4 + [("against", "against")] * 4
    values = defined(score_values(tally(by_hand([*right, *[("none", "favor")] * 4])), "semeval"))
    assert values["precision.favor"] == pytest.approx(1 / 2)
    assert values["f_avg_macro"] == pytest.approx((2 * 4 / (8 + 4) + 1) / 2)


@given(scored_rows(unknown_gold=True), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(rows: ScoredRows, random: Any) -> None:
    order = list(range(len(rows.gold)))
    random.shuffle(order)
    for mode in ("strict", "semeval"):
        assert score_values(tally(taken(rows, np.array(order))), mode) == score_values(tally(rows), mode)


@given(scored_rows())
def test_cluster_codes_change_nothing_but_the_intervals(rows: ScoredRows) -> None:
    one = replace(rows, cluster=np.zeros_like(rows.gold))
    assert score_values(tally(one)) == score_values(tally(rows))


@given(scored_rows())
def test_targets_may_be_renamed_and_reordered(rows: ScoredRows) -> None:
    names = {"": "", "sun": "étoile", "moon": "lune"}
    other = replace(rows, target=1 - rows.target, targets=("lune", "étoile"))
    before, after = (defined(score_values(tally(r), "semeval")) for r in (rows, other))
    renamed = {
        str(w._replace(target=names[w.target])): v.value for w, v in score_values(tally(rows), "semeval").items()
    }
    assert len(before) == len(after)
    assert after == pytest.approx(renamed, abs=EXACT)


@given(scored_rows())
def test_favor_and_against_are_treated_alike(rows: ScoredRows) -> None:
    mirror = np.array([AGAINST, FAVOR, NONE, UNKNOWN_CODE])
    other = replace(rows, gold=mirror[rows.gold], predicted=mirror[rows.predicted])
    sides = {"favor": "against", "against": "favor", "false_favor": "false_against", "false_against": "false_favor"}
    for mode in ("strict", "semeval"):
        here, there = (score_values(tally(r), mode) for r in (rows, other))
        for which, value in here.items():
            score, stance = (sides.get(part, part) for part in (which.score, which.stance))
            mirrored = there[which._replace(score=score, stance=stance)].value
            assert mirrored == (None if value.value is None else pytest.approx(value.value, abs=EXACT)), which


@given(scored_rows(max_size=80))
def test_strict_mode_only_withholds(rows: ScoredRows) -> None:
    counts = tally(rows)
    gold, predicted = counts.total().gold[..., 0], counts.total().predicted[..., 0]
    short = {t: min(gold[i, FAVOR], gold[i, AGAINST]) < MINIMUM_SUPPORT for i, t in enumerate(TARGETS)}
    place = {**{t: gold[i] for i, t in enumerate(TARGETS)}, "": gold.sum(axis=0)}
    guesses = {**{t: predicted[i] for i, t in enumerate(TARGETS)}, "": predicted.sum(axis=0)}
    lenient = score_values(counts, "semeval")
    for which, (value, reason) in score_values(counts, "strict").items():
        support, guessed = place[which.target], guesses[which.target]
        member = rows.subsets.get(SUBSET_OF.get(which.score, ""), rows.gold == NONE)
        if which.bloc and rows.bloc is not None:
            member = member & (rows.bloc == rows.blocs.index(which.bloc))
        mine = rows.target == TARGETS.index(which.target) if which.target else np.ones(len(rows.gold), dtype=bool)
        withheld = {
            "f_avg_macro": any(short.values()),
            "f_avg_worst": any(short.values()),
            "f_avg_pooled": min(support[FAVOR], support[AGAINST]) < MINIMUM_SUPPORT,
            "f_avg": short.get(which.target),
            "macro_f1": not support[: len(STANCES)].all(),
            "accuracy": not support.sum(),
            "mcc": False,
            "alpha": len({*rows.gold, *rows.predicted}) == 1 and rows.predicted[0] != UNKNOWN_CODE,
            "precision": not guessed[STANCES.index(which.stance)] if which.stance else None,
            "recall": not support[STANCES.index(which.stance)] if which.stance else None,
            "f1": not support[STANCES.index(which.stance)] if which.stance else None,
        }.get(which.score, not (member & mine).any())
        assert (value is None) == withheld == bool(reason), which
        assert value is None or value == lenient[which].value


def gold_of(favor: int, against: int, none: int, target: str = "sun") -> ScoredRows:
    """Rows that are all predicted right."""
    counted = zip(STANCES, (favor, against, none), strict=True)
    return by_hand([(s, s) for s, n in counted for _ in range(n)], target, TARGETS)


def reasons(rows: ScoredRows) -> dict[str, str]:
    return {str(which): value.reason for which, value in score_values(tally(rows)).items() if value.value is None}


@pytest.mark.parametrize(("favor", "against"), [(9, 10), (10, 9), (0, 10), (9, 9)])
def test_nine_of_a_polar_class_are_too_few_in_strict_mode(favor: int, against: int) -> None:
    rows = joined([gold_of(favor, against, 1), gold_of(10, 10, 1, "moon")])
    needed = f"gold has {favor} favor and {against} against, 10 of each are needed"
    withheld = {name: why for name, why in reasons(rows).items() if name.startswith("f_avg")}
    assert withheld == {"f_avg.sun": needed, "f_avg_macro": f"sun: {needed}", "f_avg_worst": f"sun: {needed}"}
    assert {name: v for name, v in defined(score_values(tally(rows), "semeval")).items() if name in withheld} == {
        "f_avg.sun": 1.0 if favor else 0.5,
        "f_avg_macro": 1.0 if favor else 0.75,
        "f_avg_worst": 1.0 if favor else 0.5,
    }


def test_ten_of_each_polar_class_are_enough_in_strict_mode() -> None:
    rows = joined([gold_of(10, 10, 1), gold_of(10, 10, 1, "moon")])
    assert reasons(rows) == {}
    values = defined(score_values(tally(rows)))
    assert values.pop("false_favor") == values.pop("false_against") == 0
    assert set(values.values()) == {1.0}


def test_each_undefined_score_says_why() -> None:
    rows = joined([gold_of(3, 0, 1), gold_of(2, 4, 0, "moon")])
    sun, moon = ("gold has 3 favor and 0 against", "gold has 2 favor and 4 against")
    more = "10 of each are needed"
    assert reasons(rows) == {
        "f_avg_macro": f"sun: {sun}, {more}; moon: {moon}, {more}",
        "f_avg_worst": f"sun: {sun}, {more}; moon: {moon}, {more}",
        "f_avg_pooled": f"gold has 5 favor and 4 against, {more}",
        "f_avg.sun": f"{sun}, {more}",
        "f_avg.moon": f"{moon}, {more}",
        "macro_f1.sun": "gold lacks a class",
        "macro_f1.moon": "gold lacks a class",
        "precision.sun.against": "against is never predicted",
        "recall.sun.against": "gold has no against",
        "f1.sun.against": "gold has no against",
        "precision.moon.none": "none is never predicted",
        "recall.moon.none": "gold has no none",
        "f1.moon.none": "gold has no none",
    }


def test_a_class_that_is_never_predicted_has_no_precision_but_an_f1_of_zero() -> None:
    values = score_values(tally(by_hand([("favor", "none")])))
    assert values[ScoreId("precision", "sun", "favor")] == (None, "favor is never predicted")
    assert values[ScoreId("f1", "sun", "favor")] == (0.0, "")


def test_a_predicted_class_that_gold_lacks_has_no_f1() -> None:
    values = score_values(tally(by_hand([("none", "favor")])))
    assert values[ScoreId("precision", "sun", "favor")] == (0.0, "")
    assert values[ScoreId("f1", "sun", "favor")] == (None, "gold has no favor")


def test_an_empty_subset_says_so() -> None:
    rows = gold_of(1, 1, 1)
    member = {"neutral": rows.gold == NONE, "counter_prior": np.zeros(3, dtype=bool)}
    full = ScoredRows(rows.gold, rows.predicted, rows.target, rows.cluster, rows.targets, member)
    values = score_values(tally(full))
    assert values[ScoreId("neutral_recall")] == values[ScoreId("neutral_recall", "sun")] == (1.0, "")
    assert values[ScoreId("neutral_recall", "moon")] == (None, "no row of moon is neutral")
    assert values[ScoreId("counter_prior_accuracy")] == (None, "no row is counter_prior")
    assert values[ScoreId("counter_prior_accuracy", "sun")] == (None, "no row of sun is counter_prior")


def test_the_accuracy_of_a_target_without_rows_is_undefined_for_want_of_rows() -> None:
    values = score_values(tally(gold_of(1, 1, 1)))
    value, reason = values[ScoreId("accuracy", "moon")]
    assert value is None
    assert "no row" in reason


@pytest.mark.parametrize("constant", ["gold", "predicted"])
def test_the_correlation_with_a_constant_is_zero_in_both_modes(constant: str) -> None:
    pairs = [("favor", "favor"), ("favor", "none")] if constant == "gold" else [("favor", "none"), ("none", "none")]
    for mode in ("strict", "semeval"):
        assert score_values(tally(by_hand(pairs)), mode)[ScoreId("mcc")] == (0.0, "")


def test_alpha_of_the_textbook_is_0_743() -> None:
    # Krippendorff 2011, section C: four raters, twelve items, five classes, nine values missing.
    ratings = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    counts = [[sum(rater[item] == str(c) for rater in ratings) for c in range(1, 6)] for item in range(12)]
    assert round(nominal_alpha(counts), 3) == 0.743


def test_alpha_of_one_class_is_undefined_and_says_so() -> None:
    assert np.isnan(nominal_alpha([[2, 0], [3, 0]]))
    assert np.isnan(nominal_alpha([[1, 0], [0, 1]]))
    values = score_values(tally(by_hand([("favor", "favor")] * 3)))
    assert values[ScoreId("alpha")] == (None, "gold and predictions are all of one class")


def test_false_calls_are_counted_by_the_bloc_of_the_holder() -> None:
    answers = [("none", "against")] * 3 + [("none", "none")] + [("none", "favor"), ("against", "against")]
    rows = by_hand(answers)
    blocs = ("", "east", "north", "west")
    held = replace(rows, bloc=np.array([1, 1, 1, 3, 3, 2]), blocs=blocs)
    values = score_values(tally(held))
    found = {str(which): value for which, value in values.items() if which.score.startswith("false")}
    empty = (None, "no row of gold none has a holder of north")
    assert found == {
        "false_favor": (0.2, ""),
        "false_favor.east": (0.0, ""),
        "false_favor.north": empty,
        "false_favor.west": (0.5, ""),
        "false_against": (0.6, ""),
        "false_against.east": (1.0, ""),
        "false_against.north": empty,
        "false_against.west": (0.0, ""),
    }
    without = score_values(tally(rows))
    assert without[ScoreId("false_against")] == (0.6, "")
    assert not any(which.bloc for which in without)


def test_a_minimum_of_one_lets_small_replicates_be_scored() -> None:
    arrays = score_arrays(tally(gold_of(1, 1, 0)).total(), "strict", minimum=1)
    assert arrays[ScoreId("f_avg", "sun")].tolist() == [1.0]
    assert np.isnan(arrays[ScoreId("f_avg", "moon")]).all()
