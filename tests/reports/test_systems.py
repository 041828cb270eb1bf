from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from stancebench.corpora.corpus import KEY
from stancebench.errors import RecordError, UsageError
from stancebench.paths import shipped
from stancebench.reports.systems import SharedTest, experiment_systems
from stancebench.runs.evaluation import score_predictions
from stancebench.runs.record import read_record
from stancebench.runs.recorded import predictions_of
from stancebench.runs.spec import Scoring
from stancebench.scoring import Bootstrap

FEW_ROUNDS = Scoring(bootstrap=Bootstrap(rounds=20))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[SharedTest, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANCEBENCH_HOME", str(tmp_path_factory.mktemp("home")))
        return experiment_systems("protocols")


def test_systems_stand_together_where_corpus_task_and_protocol_are_the_same(shared: tuple[SharedTest, ...]) -> None:
    by_protocol = {test.prepared.protocol.title: [s.name for s in test.systems] for test in shared}
    assert list(by_protocol) == ["official", "cross_target", "few_shot k=1", "few_shot k=4"]
    assert by_protocol["official"] == [
        "lexicon, text+holder, official",
        "holder_prior, text+holder, official",
        "tfidf_logreg, text+holder, official, per_target",
        "tfidf_logreg, text+holder, official, marked",
        "tfidf_logreg, masked, official, marked",
    ]


def test_draws_are_repetitions_of_one_system(shared: tuple[SharedTest, ...]) -> None:
    few = shared[-1]
    assert [len(s.records) for s in few.systems] == [10, 10, 10]
    assert {s.model for s in few.systems} == {"holder_prior", "tfidf_logreg"}
    assert [r.run["protocol"]["draw"] for r in few.systems[0].records] == list(range(10))


def test_predictions_are_those_of_the_records_in_the_order_of_the_test_rows(shared: tuple[SharedTest, ...]) -> None:
    official = shared[0]
    masked = official.systems[-1]
    assert (masked.model, masked.inputs) == ("tfidf_logreg", "masked")
    (predictions,) = masked.predictions
    pd.testing.assert_frame_equal(predictions[list(KEY)], official.prepared.test[list(KEY)].reset_index(drop=True))
    scored = score_predictions(official.prepared, predictions, FEW_ROUNDS)
    recorded = masked.records[0].value("f_avg_macro")
    assert recorded is not None
    assert next(v.value for which, v in scored.values.items() if str(which) == "f_avg_macro") == recorded.value


def test_the_text_is_unmasked_though_a_system_saw_none_of_it(shared: tuple[SharedTest, ...]) -> None:
    for test in shared:
        texts = test.prepared.corpus.table["text"]
        assert set(test.prepared.test["text"]) <= set(texts)


def test_an_unknown_experiment_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no experiment 'protocol'\. Did you mean 'protocols'"):
        experiment_systems("protocol")


def test_predictions_that_are_gone_or_changed_are_refused(tmp_path: Path) -> None:
    committed = shipped("results") / "protocols"
    path = next(p for p in sorted((committed / "records").glob("*.json")) if read_record(p).predictions)
    copied = Path(shutil.copytree(committed / "records", tmp_path / "records")) / path.name
    record = read_record(copied)
    assert record.predictions is not None
    with pytest.raises(RecordError, match=r"predictions of the record .* are not here: .* is not there"):
        predictions_of(record, copied)
    (tmp_path / "predictions").mkdir()
    (tmp_path / "predictions" / record.predictions.file).write_text("sentence_id,holder,target,stance\n")
    with pytest.raises(RecordError, match=r"is not the predictions file that the record .* Run it again\."):
        predictions_of(record, copied)
