from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.config.spec import model_config
from stancebench.corpora.corpus import KEY, Corpus
from stancebench.protocols import Protocol, official
from stancebench.runs.evaluation import prepare
from stancebench.runs.execute import Runner
from stancebench.runs.keys import data_hash, digest, prediction_key, score_key
from stancebench.runs.spec import RunSpec
from stancebench.runs.store import RunStore
from stancebench.tasks import Task
from tests.protocols.corpora import Shape, in_memory, make

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


def runner(home: Path, **corpora: Corpus) -> Runner:
    return Runner(RunStore(home), model_config, _corpora=dict(corpora))


def spec(corpus: str, protocol: Protocol, task: Task = Task()) -> RunSpec:  # noqa: B008 -- frozen
    return RunSpec(corpus, task, protocol, "majority", {"per_target": False})


def test_two_draws_are_two_predictions_and_options_of_other_protocols_do_not_count(tmp_path: Path) -> None:
    mine = runner(tmp_path, made=in_memory(make()))
    drawn = {mine.keys(spec("made", Protocol("few_shot", draw=draw))) for draw in range(3)}
    assert len({prediction for prediction, _ in drawn}) == 3
    plain = mine.keys(spec("made", Protocol("cross_target")))
    assert mine.keys(spec("made", Protocol("cross_target", k=1, draw=7, control=True, n_folds=9))) == plain
    assert mine.keys(spec("made", Protocol("few_shot", n_folds=9))) in drawn
    both = {mine.keys(spec("made", Protocol("temporal", control=control)))[0] for control in (False, True)}
    assert len(both) == 2


def test_two_protocols_with_the_same_test_are_two_predictions(tmp_path: Path) -> None:
    mine = runner(tmp_path, made=in_memory(make()))
    names = ("official", "cross_target", "cross_holder", "cross_source", "few_shot")
    found = [mine.keys(spec("made", Protocol(name))) for name in names]
    assert len({prediction for prediction, _ in found}) == len(names)
    assert len({mine.prepared(spec("made", Protocol(name))).gold for name in names}) == 1


def test_two_corpora_that_decline_do_not_share_a_record(tmp_path: Path) -> None:
    corpora = {
        f"unsplit{seed}": in_memory(make(Shape(n=30, seed=seed, split={})), Shape(n=30, split={})) for seed in (0, 1)
    }
    mine = runner(tmp_path, **corpora)
    outcomes = [mine.run(spec(name, Protocol())) for name in corpora]
    assert [o.record.status for o in outcomes] == ["declined"] * 2
    assert len({o.record.reason for o in outcomes}) == 1
    assert len({o.record.score_key for o in outcomes}) == len({o.record.prediction_key for o in outcomes}) == 2
    assert [o.reused for o in outcomes] == [False, False]


def test_a_corpus_without_holders_declines_the_holder_and_takes_part_without(tmp_path: Path) -> None:
    corpus = in_memory(make())
    anonymous = replace(
        corpus,
        table=corpus.table.drop_duplicates(["sentence_id", "target"]).assign(holder="", bloc="").reset_index(drop=True),
    )
    mine = runner(tmp_path, anonymous=anonymous)
    with_holder = mine.run(spec("anonymous", Protocol())).record
    assert (with_holder.status, with_holder.reason) == (
        "declined",
        "inputs 'text+holder' need the holder of every row, and this corpus has none: task.inputs=text",
    )
    assert mine.run(spec("anonymous", Protocol(), Task("attributed", "text"))).record.status == "finished"
    no_bloc = mine.run(spec("anonymous", Protocol("cross_holder"), Task("attributed", "text"))).record
    assert (no_bloc.status, no_bloc.reason) == (
        "declined",
        "it needs the bloc of every holder, and this corpus has none",
    )
