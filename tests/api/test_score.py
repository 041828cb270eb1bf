from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from stancebench import Declined, Protocol, evaluate, score
from stancebench.corpora.corpus import Corpus
from stancebench.errors import RecordError, UsageError
from tests.api.estimators import neighbours
from tests.commands import Cli


@pytest.fixture(scope="module")
def predictions(synthetic: Corpus) -> pd.DataFrame:
    return evaluate(neighbours("holder", "target"), synthetic, rounds=50).predictions


def test_the_command_line_and_python_score_alike(
    cli: Cli, predictions: pd.DataFrame, synthetic_template: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.csv"
    predictions.to_csv(mine, index=False)
    options = ["--rounds", "200", "--seed", "4", "--cluster", "row", "--mode", "semeval"]
    printed = json.loads(cli("score", str(mine), "--corpus", str(synthetic_template), "--json", *options).out)
    for given in (mine, str(mine), predictions):
        result = score(given, synthetic_template, mode="semeval", rounds=200, cluster="row", bootstrap_seed=4)
        rows = result.scores.astype(object).where(result.scores.notna(), None).to_dict("records")
        assert rows == printed["scores"]
        assert {t: table.to_numpy().tolist() for t, table in result.confusion.items()} == printed["confusion"]


def test_an_evaluation_s_predictions_get_its_scores_in_any_order(synthetic: Corpus) -> None:
    estimator = neighbours("holder", "target")
    for protocol in ("official", Protocol("few_shot", k=2)):
        made = evaluate(estimator, synthetic, protocol=protocol, rounds=50)
        again = score(made.predictions.sample(frac=1, random_state=0), synthetic, protocol=protocol, rounds=50)
        pd.testing.assert_frame_equal(again.scores, made.scores)
        pd.testing.assert_frame_equal(again.test, made.test)
        assert str(again).splitlines()[2:] == str(made).splitlines()[2:]
        assert str(again).startswith("The predictions on synthetic@0.1, attributed, ")


def test_a_file_has_the_format_it_is_said_to_have(predictions: pd.DataFrame, synthetic: Corpus, tmp_path: Path) -> None:
    mine = tmp_path / "mine.data"
    predictions.to_csv(mine, index=False, sep="\t")
    assert score(mine, synthetic, format="tsv", rounds=50).model == "mine.data"
    with pytest.raises(UsageError, match="which says no format"):
        score(mine, synthetic)


def test_everything_wrong_is_told_at_once(predictions: pd.DataFrame, synthetic: Corpus) -> None:
    wrong = predictions.iloc[1:].assign(stance="neutral")
    with pytest.raises(RecordError) as e:
        score(wrong, synthetic)
    assert "1 row is missing" in str(e.value)
    assert "Unknown stances: 'neutral' in 199." in str(e.value)


def test_warnings_point_at_who_asked(predictions: pd.DataFrame, synthetic: Corpus) -> None:
    with pytest.warns(UserWarning, match="columns that are not read: 'note'") as told:
        score(predictions.assign(note="x"), synthetic, rounds=50)
    assert [Path(w.filename).name for w in told] == ["test_score.py"]


def test_a_corpus_that_declines(predictions: pd.DataFrame, synthetic: Corpus) -> None:
    with pytest.raises(Declined, match="cross_validated"):
        score(predictions, synthetic, protocol="cross_validated")
    with pytest.raises(UsageError, match="There is no task 'sentense'"):
        score(predictions, synthetic, "sentense")
