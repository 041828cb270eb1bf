from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import stancebench
from stancebench.corpora.corpus import KEY, Corpus
from stancebench.errors import RecordError, UsageError
from stancebench.runs.evaluation import prepare
from stancebench.tasks import Task

ROUNDS = 200


@pytest.fixture(scope="module")
def gold(synthetic: Corpus) -> pd.DataFrame:
    return prepare(synthetic, Task("attributed", "text")).test[[*KEY, "stance"]].reset_index(drop=True)


@pytest.fixture(scope="module")
def fair(gold: pd.DataFrame) -> pd.DataFrame:
    return gold.assign(stance=gold["stance"].where(gold.index % 3 > 0, "none"))


def test_data_frames_are_compared_under_the_names_they_are_given(
    gold: pd.DataFrame, fair: pd.DataFrame, synthetic: Corpus
) -> None:
    result = stancebench.compare({"gold": gold, "fair": fair}, corpus=synthetic, rounds=ROUNDS)
    (row,) = result.differences.to_dict("records")
    assert (row["a"], row["b"], row["score"]) == ("gold", "fair", "f_avg_macro")
    assert 0 < row["low"] < row["difference"] < row["high"]
    assert row["significant"]
    assert row["only_b_right"] == 0
    assert result.ranks["system"].tolist() == ["gold", "fair"]
    assert result.ranks["rank"].tolist() == [1, 2]


def test_it_says_what_the_command_says(gold: pd.DataFrame, fair: pd.DataFrame, synthetic: Corpus) -> None:
    result = stancebench.compare(gold, fair, corpus=synthetic, rounds=ROUNDS)
    assert str(result).startswith("2 systems on synthetic@0.1, attributed, official: 200 test judgements")
    assert "system 1" in str(result)
    assert repr(result) == f"<PairedComparison: {str(result).splitlines()[0]}>"
    assert "<table" in result._repr_html_()


def test_evaluations_bring_their_corpus_and_name(synthetic: Corpus, fair: pd.DataFrame) -> None:
    majority = stancebench.evaluate("majority", synthetic, inputs="text", rounds=ROUNDS)
    result = stancebench.compare(majority, fair, scores=["accuracy", "f_avg.*"], rounds=ROUNDS)
    assert result.differences["score"].tolist() == ["accuracy", "f_avg.sun", "f_avg.moon"]
    assert set(result.differences["a"]) == {"majority"}


def test_a_list_is_the_seeds_of_one_system(gold: pd.DataFrame, fair: pd.DataFrame, synthetic: Corpus) -> None:
    result = stancebench.compare({"seeds": [gold, fair]}, {"fair": fair}, corpus=synthetic, rounds=ROUNDS)
    (row,) = result.differences.to_dict("records")
    assert pd.isna(row["p_mcnemar"])
    assert row["difference"] > 0


def test_files_and_frames_stand_in_the_order_given(
    gold: pd.DataFrame, fair: pd.DataFrame, synthetic: Corpus, tmp_path: Path
) -> None:
    fair.to_csv(tmp_path / "fair.csv", index=False)
    result = stancebench.compare({"gold": gold}, tmp_path / "fair.csv", corpus=synthetic, rounds=ROUNDS)
    assert result.ranks["system"].tolist() == ["gold", "fair.csv"]
    result = stancebench.compare({"file": tmp_path / "fair.csv", "gold": gold}, corpus=synthetic, rounds=ROUNDS)
    assert result.ranks["system"].tolist() == ["file", "gold"]


def test_an_evaluation_of_another_test_is_refused(synthetic: Corpus, fair: pd.DataFrame) -> None:
    one, other = (
        stancebench.evaluate("majority", synthetic, task, inputs="text", rounds=ROUNDS)
        for task in ("attributed", "sentence")
    )
    with pytest.raises(RecordError, match=r"is not of the same test as the others: synthetic@0\.1, attributed"):
        stancebench.compare(one, other, rounds=ROUNDS)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"correction": "holms"},
            "Did you mean 'holm'? Allowed: benjamini_hochberg, holm, none. Write for example correction=\"holm\"",
        ),
        ({"scores": "f_avg_macr"}, "There is no score 'f_avg_macr'. Did you mean 'f_avg_macro'?"),
        ({"level": 95}, "level must lie between 0 and 1, got 95"),
        ({"against": "nobody"}, "There is no system 'nobody'"),
    ],
)
def test_refusals_are_told_in_python(
    gold: pd.DataFrame, fair: pd.DataFrame, synthetic: Corpus, options: dict[str, object], told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        stancebench.compare(gold, fair, corpus=synthetic, rounds=ROUNDS, **options)  # type: ignore[arg-type]
    assert told in str(caught.value)
    assert "--" not in str(caught.value)


def test_what_is_no_system_is_refused(gold: pd.DataFrame, synthetic: Corpus) -> None:
    with pytest.raises(UsageError, match="A int is no system"):
        stancebench.compare(gold, 7, corpus=synthetic)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="only system 1 is named"):
        stancebench.compare(gold, corpus=synthetic)


def test_where_targets_are_an_open_class_they_are_thrown_together() -> None:
    topics = pd.DataFrame({"text": [f"Word{i} {'abcdefgh'[i % 8] * 9}." for i in range(200)]})
    topics["target"] = [f"topic {i % 50}" for i in range(200)]
    topics["stance"] = ["favor", "against", "none", "favor"] * 50
    topics["split"] = ["test" if i % 2 else "train" for i in range(200)]
    corpus = stancebench.load_table(topics, split="split", open_targets=True)
    test = prepare(corpus, Task("attributed", "text")).test[[*KEY, "stance"]]
    result = stancebench.compare(test, test.assign(stance="favor"), corpus=corpus, rounds=ROUNDS)
    assert result.differences["score"].tolist() == ["f_avg_pooled"]
    with pytest.raises(UsageError, match="averages over targets, and those of this corpus are an open class"):
        stancebench.compare(test, test.assign(stance="favor"), corpus=corpus, scores="f_avg_macro", rounds=ROUNDS)


def test_a_single_cluster_and_equal_predictions_are_named(synthetic: Corpus, gold: pd.DataFrame) -> None:
    texts = [f"Word{i} {'abcdefgh'[i % 8] * 9}." for i in range(120)]
    rows = pd.DataFrame({"text": texts, "stance": ["favor", "against", "none"] * 40, "split": ["train", "test"] * 60})
    corpus = stancebench.load_table(rows, one_target="pier", split="split", group="split")
    test = prepare(corpus, Task("attributed", "text")).test[[*KEY, "stance"]]
    alone = stancebench.compare(test, test.assign(stance="favor"), corpus=corpus, rounds=ROUNDS)
    assert "60 test judgements in 1 cluster\n" in str(alone)
    assert "no pair could be tested" in str(alone)
    assert "missing: system 1 - system 2: a single event cannot be resampled" in str(alone)
    (row,) = stancebench.compare(gold, gold.copy(), corpus=synthetic, rounds=ROUNDS).differences.to_dict("records")
    assert (row["difference"], row["low"], row["high"], row["p"], row["significant"]) == (0, 0, 0, 1, False)


def test_of_a_rate_of_errors_the_lowest_is_best(gold: pd.DataFrame, synthetic: Corpus) -> None:
    eager = gold.assign(stance=gold["stance"].replace("none", "favor"))
    result = stancebench.compare(
        {"eager": eager, "gold": gold}, corpus=synthetic, scores="false_favor", rounds=ROUNDS, cluster="row"
    )
    (row,) = result.differences.to_dict("records")
    assert row["difference"] == 1
    assert result.ranks.set_index("system")["rank"].to_dict() == {"eager": 2, "gold": 1}
    assert result.ranks.set_index("system")["low"].to_dict() == {"eager": 2, "gold": 1}
    assert str(result).splitlines()[-2].startswith("gold")
