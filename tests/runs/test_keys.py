from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.corpora.corpus import KEY, Corpus
from stancebench.protocols import official
from stancebench.runs.evaluation import prepare
from stancebench.runs.keys import data_hash, digest, prediction_key, score_key
from stancebench.tasks import Task

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=5), st.randoms())
def test_the_order_of_a_mapping_does_not_count(values: dict[str, Any], random: Any) -> None:
    items = list(values.items())
    random.shuffle(items)
    assert digest(dict(items)) == digest(values)


@given(st.dictionaries(st.text(), st.integers(), min_size=1), st.data())
def test_any_change_of_a_value_counts(values: dict[str, int], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(values)))
    assert digest(values | {key: values[key] + 1}) != digest(values)


def test_what_is_not_a_number_has_no_key() -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        digest({"C": float("nan")})


ASKED: dict[str, Any] = {
    "data": "d",
    "targets": "t",
    "task": {"name": "attributed", "inputs": "text"},
    "protocol": {"name": "official"},
    "model": "m",
    "model_version": 1,
    "model_config": {"C": 1.0},
    "seed": None,
}


@pytest.mark.parametrize(
    "changed",
    [
        {"data": "e"},
        {"targets": "u"},
        {"task": {"name": "attributed", "inputs": "text+holder"}},
        {"protocol": {"name": "other"}},
        {"model": "n"},
        {"model_version": 2},
        {"model_config": {"C": 2.0}},
        {"model_config": {"C": 1.0, "new": None}},
        {"seed": 0},
    ],
)
def test_every_choice_is_part_of_the_prediction_key(changed: dict[str, Any]) -> None:
    assert prediction_key(**ASKED | changed) != prediction_key(**ASKED)


def test_scores_have_a_key_of_their_own() -> None:
    keys = {score_key(p, g, {"mode": m}) for p in "ab" for g in "cd" for m in ("strict", "semeval")}
    assert len(keys) == 8


def test_a_test_label_is_no_part_of_what_a_model_sees_and_a_train_label_is(synthetic: Corpus) -> None:
    prepared = prepare(synthetic, Task(), "official")
    (fold,) = prepared.folds
    columns = Task().columns

    def hashed(position: int) -> str:
        rows = prepared.rows.copy()
        rows.loc[position, "stance"] = "favor" if rows.loc[position, "stance"] != "favor" else "against"
        return data_hash(rows, prepared.folds, columns)

    assert hashed(int(fold.test[0])) == prepared.data
    assert hashed(int(fold.train[0])) != prepared.data
    assert hashed(int(fold.dev[0])) != prepared.data


def test_the_order_of_rows_does_not_count(synthetic: Corpus) -> None:
    prepared = prepare(synthetic, Task(), "official")
    order = np.random.default_rng(0).permutation(len(prepared.rows))
    shuffled = prepared.rows.iloc[order].reset_index(drop=True)
    assert data_hash(shuffled, official(shuffled), Task().columns) == prepared.data


def test_fields_do_not_run_into_each_other(synthetic: Corpus) -> None:
    prepared = prepare(synthetic, Task(), "official")
    rows: pd.DataFrame = prepared.rows.copy()
    rows["holder"], rows["bloc"] = rows["holder"] + "x", rows["bloc"]
    other = prepared.rows.copy()
    other["bloc"] = "x" + other["bloc"]
    columns = [*KEY, "bloc"]
    assert data_hash(rows, prepared.folds, columns) != data_hash(other, prepared.folds, columns)
