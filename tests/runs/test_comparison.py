"""What differs between two runs, and what is named as its cause."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.paths import CHECKOUT
from stancebench.runs.comparison import EDITED, UNKNOWN_CAUSE, UNTOLD, Reproduction, compare
from stancebench.runs.record import Provenance, Record, read_record
from stancebench.vocabulary import STANCES

FOLDER = CHECKOUT / "results" / "baselines" / "records"
MADE = {"git_dirty": False, "blas": "openblas 1 SkylakeX", "threads": 2}


def settled(record: Record, **made: object) -> Record:
    return record.model_copy(update={"provenance": record.provenance.model_copy(update={**MADE, **made})})


RECORD = settled(read_record(min(FOLDER.glob("*.json"))))


def predictions(n: int = 200, changed: Mapping[int, str] | None = None, further: float = 0.0) -> pd.DataFrame:
    """Return predictions of n rows, all favor but those changed; one probability is moved further."""
    rows = []
    for i in range(n):
        stance = (changed or {}).get(i, "favor")
        shares = [0.8 if s == stance else 0.1 for s in STANCES]
        shares[0] += further if i == 3 else 0.0
        rows.append((f"r{i}", "AAA", "sun", stance, *shares))
    return pd.DataFrame(rows, columns=["sentence_id", "holder", "target", "stance", *(f"p_{s}" for s in STANCES)])


MANY = predictions(changed=dict.fromkeys(range(3), "none"))


def compared(again: Record, after: pd.DataFrame | None = None, record: Record = RECORD) -> Reproduction:
    return compare(record, again, predictions(), predictions() if after is None else after)


def other_corpus(**changed: object) -> Record:
    corpus = RECORD.corpus.model_copy(update={"content_hash": "f" * 64})
    return RECORD.model_copy(update={"corpus": corpus, **changed})


def whats(result: Reproduction) -> list[str]:
    return [d.what for d in result.differences]


def first(result: Reproduction) -> tuple[str, str]:
    """Return what differs first, and the cause."""
    assert result.first_difference is not None
    return result.first_difference.what, result.first_difference.cause


def with_score(value: Any, record: Record = RECORD) -> Record:
    scores = [record.scores[0].model_copy(update={"value": value}), *record.scores[1:]]
    return record.model_copy(update={"scores": scores})


def test_a_run_is_the_same_as_itself() -> None:
    result = compared(RECORD)
    assert result == Reproduction(
        RECORD.score_key, "tfidf_logreg", same=True, exact=True, bitwise=True, rows=200, equal=1.0,
        probability_difference=0.0, score_difference=0.0, differences=(),
    )  # fmt: skip
    assert result.first_difference is None


def test_the_order_of_rows_does_not_count() -> None:
    assert compared(RECORD, predictions().iloc[::-1]).same


def test_one_other_stance_differs_and_is_named() -> None:
    result = compared(RECORD, predictions(changed={7: "none"}))
    assert first(result) == ("predictions", UNKNOWN_CAUSE)
    assert str(result.differences[0]) == "predictions: r7/AAA/sun favor recorded, none (1 of 200 differ) now"
    assert result.equal == 0.995
    # What follows from it is told after it.
    assert whats(result) == ["predictions", "probabilities"]


@pytest.mark.parametrize("n", [199, 201])
def test_a_missing_or_new_row_differs(n: int) -> None:
    result = compared(RECORD, predictions(n))
    assert "no prediction" in str(result.first_difference)
    assert not result.same


@pytest.mark.parametrize(
    ("made", "exact", "bitwise"),
    [
        ({"packages": {"numpy": "1.0"}}, False, False),
        ({"python": "3.9.1"}, False, False),
        ({"platform": "Windows-AMD64"}, False, False),
        ({"threads": 1}, True, False),
        ({"blas": "openblas 1 Zen"}, True, False),
        ({"blas": ""}, True, False),
        ({"blas": "openblas 1 SkylakeX, openblas 2 SkylakeX"}, True, True),
        ({"packages": {}}, True, True),
        ({"git_commit": "0" * 40}, True, True),
        ({"stancebench": "9.9"}, True, True),
    ],
)
def test_how_much_must_be_equal_hangs_on_where_it_ran(made: dict[str, Any], exact: bool, bitwise: bool) -> None:
    again = settled(RECORD, **made)
    digits = predictions(further=1e-9)
    one_stance = predictions().assign(stance=["none"] + 199 * ["favor"])
    result = compared(again)
    assert (result.same, result.exact, result.bitwise) == (True, exact, bitwise)
    assert compared(again, digits).same is not bitwise
    assert compared(again, one_stance).same is not exact
    assert compared(with_score(0.5, with_provenance(again)), record=with_score(0.51)).same is not exact


def with_provenance(made: Record) -> Record:
    return RECORD.model_copy(update={"provenance": made.provenance})


def test_elsewhere_too_many_stances_or_too_far_scores_differ() -> None:
    again = settled(RECORD, python="3.9.1")
    assert first(compared(again, MANY))[0] == "predictions"
    far = predictions(further=1e-5)
    result = compared(again, far)
    assert first(result)[0] == "probabilities"
    assert "r3/AAA/sun p_favor" in str(result.first_difference)
    assert first(compared(with_score(0.5, again), record=with_score(0.53)))[0] == "scores"


@pytest.mark.parametrize(
    ("made", "cause"),
    [
        ({"packages": {"numpy": "1.0"}}, "numpy: "),
        (
            {"packages": {"their-models": "1.0"}},
            "their-models: not there recorded, 1.0 now: the model comes from another",
        ),
        ({"python": "3.9.1"}, "python: "),
        ({"blas": "openblas 1 Zen"}, "blas: openblas 1 SkylakeX recorded, openblas 1 Zen now: sums in another order"),
        ({"threads": 1}, "threads: 2 recorded, 1 now: sums in another order; set OMP_NUM_THREADS=2"),
        ({"stancebench": "9.9"}, "stancebench: "),
        ({"git_commit": "0" * 40}, f"commit: {RECORD.provenance.git_commit[:10]} recorded, 0000000000 now"),
        ({"git_dirty": True}, "commit: "),
    ],
)
def test_other_predictions_of_the_same_key_come_from_where_they_ran(made: dict[str, Any], cause: str) -> None:
    # The corpus has changed as well, in what no model sees: it is not the cause.
    again = settled(other_corpus(), **made)
    what, told = first(compared(again, MANY))
    assert what == "predictions"
    assert told.startswith(cause)


@pytest.mark.parametrize(
    ("again", "cause"),
    [
        (
            other_corpus(data_hash="0" * 64),
            "another corpus of that name: texts, holders or train labels",
        ),
        (other_corpus(split_hash="0" * 64), "the split, or the protocol's folds, have changed"),
        (other_corpus(), "another corpus of that name: aliases of targets have changed"),
        (RECORD.model_copy(update={"model_version": 2}), "model_version: 1 recorded, 2 now: the model was changed"),
        (
            RECORD,
            "now: the record's choices were edited, or keys are made otherwise since",
        ),
    ],
)
def test_other_predictions_of_another_key_come_from_what_went_in(again: Record, cause: str) -> None:
    again = settled(again.model_copy(update={"prediction_key": "a" * 64}), threads=1)
    assert cause in first(compared(again, predictions(changed={3: "none"})))[1]


@pytest.mark.parametrize(
    ("again", "cause"),
    [
        (other_corpus(gold_hash="0" * 64), "test labels, events or subsets have changed"),
        (RECORD.model_copy(update={"gold_hash": "0" * 64}), "gold: "),
        (
            RECORD.model_copy(update={"scoring_version": 9}),
            f"scoring_version: {RECORD.scoring_version} recorded, 9 now",
        ),
        (RECORD, "choices: "),
    ],
)
def test_other_scores_of_the_same_predictions_come_from_what_scores_read(again: Record, cause: str) -> None:
    again = with_score(0.1, settled(again.model_copy(update={"score_key": "a" * 64}), threads=1))
    result = compared(again)
    assert first(result)[0] == "scores"
    assert cause in first(result)[1]


def test_scores_that_are_not_those_of_the_predictions_were_edited() -> None:
    result = compared(RECORD, record=with_score(0.99))
    assert first(result) == ("scores", EDITED)
    elsewhere = settled(RECORD, git_commit="0" * 40)
    assert first(compared(elsewhere, record=with_score(0.99)))[1].startswith(EDITED + " (commit: ")


@pytest.mark.parametrize(("was", "now"), [(None, 0.5), (0.5, None), (math.nan, 0.5)])
def test_a_score_that_is_not_defined_on_one_side_differs_without_bound(was: float | None, now: float | None) -> None:
    result = compared(with_score(now), record=with_score(was))
    assert not result.same
    assert math.isinf(result.score_difference)
    text = json.dumps(result.as_json(), allow_nan=False)
    assert json.loads(text)["score_difference"] is None


def test_undefined_on_both_sides_is_the_same() -> None:
    assert compared(with_score(None), record=with_score(None)).same


def test_a_score_that_only_one_side_has_is_named() -> None:
    fewer = RECORD.model_copy(update={"scores": RECORD.scores[1:]})
    name = RECORD.scores[0].score
    assert str(compared(fewer).first_difference).startswith(f"scores: {name} recorded, no {name} now")
    assert str(compared(RECORD, record=fewer).first_difference).startswith(f"scores: no {name} recorded, {name} now")


def test_a_bound_counts_as_a_score_does() -> None:
    scores = [RECORD.scores[0].model_copy(update={"low": 0.0}), *RECORD.scores[1:]]
    result = compared(RECORD.model_copy(update={"scores": scores}))
    assert f"{RECORD.scores[0].score} low" in str(result.first_difference)


def test_a_score_is_named_before_a_bound_that_differs_more() -> None:
    scores = [RECORD.scores[0].model_copy(update={"value": 0.5, "low": -9.0}), *RECORD.scores[1:]]
    result = compared(RECORD.model_copy(update={"scores": scores}))
    assert str(result.first_difference).startswith(f"scores: {RECORD.scores[0].score} {RECORD.scores[0].value!r} rec")
    assert result.score_difference > 9


def test_an_edited_confusion_is_seen() -> None:
    target = next(iter(RECORD.confusion))
    edited = RECORD.model_copy(update={"confusion": {**RECORD.confusion, target: [[1, 2]]}})
    result = compared(RECORD, record=edited)
    assert first(result) == ("confusion", EDITED)
    assert f"{target} [[1, 2]]" in str(result.first_difference)


def test_without_predictions_scores_are_compared() -> None:
    result = compare(RECORD, RECORD, None, predictions())
    assert (result.same, result.rows, result.equal) == (True, 0, None)
    again = with_score(0.1, settled(RECORD, threads=1))
    assert first(compare(RECORD, again, None, predictions()))[1].startswith("threads: ")


def test_without_predictions_an_edited_record_is_among_the_causes() -> None:
    edited = with_score(0.9)
    assert first(compare(edited, RECORD, None, predictions())) == ("scores", UNTOLD)
    elsewhere = settled(RECORD, git_commit="0" * 40)
    assert first(compare(edited, elsewhere, None, predictions()))[1].startswith(f"{UNTOLD} (commit: ")
    assert first(compare(edited, RECORD, predictions(), predictions()))[1] == EDITED


def test_another_status_differs_and_another_wording_of_the_reason_does_not() -> None:
    declined = RECORD.model_copy(update={"status": "declined", "reason": "too few", "scores": [], "confusion": {}})
    reworded = declined.model_copy(update={"reason": "fewer than four"})
    assert compare(declined, reworded, None, None).same
    result = compare(declined, RECORD, None, None)
    assert str(result.first_difference) == "status: declined (too few) recorded, finished now"
    assert math.isinf(result.score_difference)


def test_a_record_of_an_older_schema_says_that_it_does_not_know() -> None:
    old = settled(RECORD, threads=0, blas="")
    told = [str(d) for d in compared(RECORD, record=old).differences]
    assert told == ["blas: not recorded, openblas 1 SkylakeX now", "threads: not recorded, 2 now"]


def test_predictions_without_probabilities_have_none_to_compare() -> None:
    bare = predictions().assign(**{f"p_{s}": math.nan for s in STANCES})
    assert compare(RECORD, RECORD, bare, bare).probability_difference is None
    result = compare(RECORD, RECORD, bare, predictions())
    assert result.probability_difference == 1.0
    assert not result.same


@given(st.lists(st.sampled_from(STANCES), min_size=1, max_size=30), st.data())
def test_same_means_that_every_stance_is_equal(stances: list[str], data: st.DataObject) -> None:
    others = data.draw(st.lists(st.sampled_from(STANCES), min_size=len(stances), max_size=len(stances)))
    before, after = (predictions(len(side), dict(enumerate(side))) for side in (stances, others))
    result = compare(RECORD, RECORD, before, after)
    assert result.same == (stances == others)
    assert result.equal == sum(a == b for a, b in zip(stances, others, strict=True)) / len(stances)


def test_provenance_has_no_field_that_is_not_compared() -> None:
    compared_fields = {"stancebench", "git_commit", "git_dirty", "python", "platform", "threads", "blas", "packages"}
    # The number of cores counts by the threads that it gives.
    assert set(Provenance.model_fields) == compared_fields | {"cpus"}


def test_a_bound_that_one_scoring_version_withholds_is_no_difference() -> None:
    shown = RECORD.scores[0]
    withheld = shown.model_copy(update={"low": None, "high": None, "reason": "there are 39 events"})
    newer = RECORD.model_copy(update={"scores": [withheld, *RECORD.scores[1:]], "scoring_version": 9})
    assert shown.low is not None
    assert compared(newer).same
    assert compared(RECORD, record=newer).same
    # Under one version the same is withheld, and a bound that both show is compared in any case.
    assert not compared(newer.model_copy(update={"scoring_version": RECORD.scoring_version})).same
    moved = newer.model_copy(update={"scores": [shown.model_copy(update={"low": 0.0}), *RECORD.scores[1:]]})
    assert not compared(moved).same
