from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

import stancebench
from stancebench import Declined, Evaluation, Protocol, StancebenchError, evaluate, load_corpus
from stancebench.corpora.corpus import Corpus
from stancebench.errors import CorpusError, ModelError, UsageError
from stancebench.models.tfidf import TFIDF_SVM
from stancebench.runs.record import Record
from stancebench.runs.store import RunStore, read_predictions
from tests.api.estimators import Says, neighbours
from tests.commands import Cli

ROUNDS = 200


@pytest.fixture(scope="module")
def coverage() -> Corpus:
    return load_corpus("coverage@0.1")


def record_of(cli: Cli, home: Path, *arguments: str) -> Record:
    result = cli("run", "tracking=none", f"scoring.rounds={ROUNDS}", *arguments)
    assert result.code == 0, result.err
    (record,) = RunStore(home).all_records()
    return record


def assert_same(result: Evaluation, record: Record, home: Path) -> None:
    """Every score, bound, count and prediction is the record's, to the last digit."""
    rows = result.scores.astype(object).where(result.scores.notna(), None).to_dict("records")
    assert rows == [entry.model_dump() for entry in record.scores]
    assert {t: table.to_numpy().tolist() for t, table in result.confusion.items()} == record.confusion
    assert (result.clusters, result.cluster) == (record.counts.clusters, record.counts.cluster)
    assert asdict(result.scoring) == record.run["scoring"]
    assert record.predictions is not None
    stored = read_predictions((home / "predictions" / record.predictions.file).read_bytes())
    pd.testing.assert_frame_equal(result.predictions, stored)


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        (["model=holder_prior"], {"estimator": "holder_prior"}),
        (["model=majority", "task=sentence"], {"estimator": "majority", "task": "sentence"}),
        (
            ["model=stratified", "seed=3", "scoring.seed=5", "scoring.cluster=row", "scoring=semeval"],
            {"estimator": "stratified", "seed": 3, "bootstrap_seed": 5, "cluster": "row", "mode": "semeval"},
        ),
    ],
)
def test_a_registered_model_gets_the_numbers_of_its_run(
    cli: Cli, home: Path, synthetic_template: Path, typed: list[str], called: dict[str, Any]
) -> None:
    record = record_of(cli, home, f"corpus.name={synthetic_template}", *typed)
    result = evaluate(corpus=synthetic_template, rounds=ROUNDS, **called)
    assert_same(result, record, home)
    again = {**called, "config": record.run["model_config"]}
    assert evaluate(corpus=synthetic_template, rounds=ROUNDS, **again)["accuracy"] == result["accuracy"]


@pytest.mark.parametrize(
    ("typed", "protocol"),
    [
        (["protocol=official"], "official"),
        (["protocol=cross_target"], "cross_target"),
        (["protocol=few_shot", "protocol.k=2", "protocol.draw=1"], Protocol("few_shot", k=2, draw=1)),
    ],
)
def test_so_does_a_text_model_under_every_kind_of_fold(
    cli: Cli, home: Path, typed: list[str], protocol: str | Protocol
) -> None:
    record = record_of(cli, home, "model=tfidf_svm", "model/conditioning=marked", "task.inputs=masked", *typed)
    config = {"conditioning": "marked"}
    result = evaluate("tfidf_svm", protocol=protocol, inputs="masked", config=config, rounds=ROUNDS)
    assert_same(result, record, home)


def test_coverage_has_the_committed_numbers() -> None:
    runs = stancebench.load_runs("baselines")
    plain = ("holder_prior", {"level": "holder", "gated": True})
    (committed,) = (r for _, r in runs.iterrows() if (r["model"], r["settings"]) == plain)
    result = evaluate("holder_prior", rounds=ROUNDS)
    for score in ("f_avg_macro", "f_avg.nato", "neutral_recall"):
        assert result[score] == committed[score]


def test_an_estimator_gets_the_numbers_of_the_same_model(coverage: Corpus) -> None:
    from stancebench.models import ModelContext
    from stancebench.models.configs import build_config

    for protocol in ("official", "cross_target"):
        context = ModelContext(coverage.targets, ("text", "target", "holder", "bloc"), 0, protocol)
        built = TFIDF_SVM.build(build_config(TFIDF_SVM, {"conditioning": "crossed"}), context)
        config = {"conditioning": {"name": "crossed"}}
        ours, theirs = (
            evaluate(e, coverage, protocol=protocol, config=c, rounds=ROUNDS)
            for e, c in ((built, None), ("tfidf_svm", config))
        )
        pd.testing.assert_frame_equal(ours.predictions, theirs.predictions)
        pd.testing.assert_frame_equal(ours.scores, theirs.scores)


def test_the_estimator_is_not_changed(synthetic: Corpus) -> None:
    estimator = neighbours("holder", "target")
    before = repr(estimator), vars(estimator.steps[-1][1]).copy()
    evaluate(estimator, synthetic, rounds=ROUNDS)
    assert (repr(estimator), vars(estimator.steps[-1][1])) == before
    says = Says()
    evaluate(says, synthetic, rounds=ROUNDS, mode="semeval")
    assert not hasattr(says, "columns_")


def test_what_is_fitted_already_is_fitted_anew(synthetic: Corpus) -> None:
    estimator = neighbours("holder", "target")
    fresh = evaluate(estimator, synthetic, rounds=ROUNDS)
    test = synthetic.table[synthetic.table["split"] == "test"]
    estimator.fit(test, test["stance"])
    pd.testing.assert_frame_equal(evaluate(estimator, synthetic, rounds=ROUNDS).predictions, fresh.predictions)


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        ({}, ["text", "target", "holder", "bloc"]),
        ({"inputs": "text"}, ["text", "target"]),
        ({"task": "sentence"}, ["text", "target"]),
        ({"inputs": "masked"}, ["text", "target"]),
    ],
)
def test_an_estimator_sees_the_task_s_columns(
    coverage: Corpus, asked: dict[str, Any], columns: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[pd.DataFrame] = []

    def fit(self: Says, X: pd.DataFrame, y: Any) -> Says:
        seen.append(X)
        return self

    monkeypatch.setattr(Says, "fit", fit)
    result = evaluate(Says(), coverage, mode="semeval", rounds=ROUNDS, **asked)
    assert [list(X.columns) for X in seen] == [columns]
    hidden = seen[0]["text"].str.contains("NATO").sum()
    assert hidden == 0 if asked.get("inputs") == "masked" else hidden > 0
    shown = result.test["text"].str.contains("NATO").sum()
    assert (shown > 0) == (hidden > 0), "the test sentences are shown as the estimator saw them"


def test_groups_and_dev_are_given_where_fit_takes_them(synthetic: Corpus) -> None:
    got: dict[str, Any] = {}

    class Asks(Says):
        def fit(self, X: pd.DataFrame, y: Any, groups: Any = None, X_dev: Any = None, y_dev: Any = None) -> Asks:
            got.update(n=len(X), groups=groups, X_dev=X_dev, y_dev=y_dev)
            return self

    evaluate(Asks(), synthetic, mode="semeval", rounds=ROUNDS)
    assert len(got["groups"]) == got["n"] == 160
    assert len(got["X_dev"]) == len(got["y_dev"]) == 40


@pytest.mark.parametrize("form", ["array", "list", "series"])
def test_predictions_may_come_in_any_form(synthetic: Corpus, form: str) -> None:
    result = evaluate(Says("unknown", form), synthetic, rounds=ROUNDS)
    assert set(result.predictions["stance"]) == {"unknown"}
    assert result["accuracy"] == 0


@pytest.mark.parametrize(
    ("what", "form", "told"),
    [
        ("none", "numbers", "Says predicted 0, 1, and that is no stance. Allowed: favor, against, none, unknown"),
        ("neutral", "array", "Says predicted 'neutral', and that is no stance"),
        ("none", "short", "Says gave predictions of shape (199,) for 200 rows: one stance for each row is expected."),
        ("none", "column", "Says gave predictions of shape (200, 1) for 200 rows"),
    ],
)
def test_predictions_that_are_no_stances_are_told(synthetic: Corpus, what: str, form: str, told: str) -> None:
    with pytest.raises(ModelError) as e:
        evaluate(Says(what, form), synthetic, rounds=ROUNDS)
    assert told in str(e.value)


@pytest.mark.parametrize(
    ("called", "told"),
    [
        ({"corpus": "covrage"}, "There is no corpus 'covrage'. Did you mean 'coverage'?"),
        ({"corpus": pd.DataFrame()}, "A data frame is no corpus yet. Write corpus=stancebench.load_table(...)"),
        ({"task": "sentense"}, "There is no task 'sentense'. Did you mean 'sentence'?"),
        ({"protocol": "oficial"}, "There is no protocol 'oficial'. Did you mean 'official'?"),
        ({"inputs": "txt"}, "There is no choice of inputs 'txt'. Did you mean 'text'?"),
        ({"task": "sentence", "inputs": "text+holder"}, "The task 'sentence' does not give the holder"),
        ({"mode": "semval"}, "There is no mode 'semval'. Did you mean 'semeval'?"),
        ({"cluster": "evnt"}, "There is no cluster 'evnt'. Did you mean 'event'?"),
        ({"rounds": 0}, "rounds must be at least 1, got 0."),
        ({"level": 95}, "level must lie between 0 and 1, got 95."),
        ({"bootstrap_seed": -1}, "bootstrap_seed must not be negative, got -1."),
        ({"estimator": Says}, "Says is a class: an estimator is an object of it. Write Says()."),
        ({"estimator": TfidfVectorizer()}, "TfidfVectorizer has no predict, so it is no estimator."),
        ({"estimator": object()}, "object has no fit, predict, get_params, so it is no estimator."),
        ({"seed": 3}, "config and seed are of a registered model, and Says is an estimator"),
        ({"config": {"C": 1}}, "config and seed are of a registered model, and Says is an estimator"),
        ({"corpus": "covrage"}, "A folder of your own is given by its path: corpus=PATH, or `stancebench corpus check"),
        ({"inputs": "txt"}, """Type inputs="text", inputs="text+holder" or inputs="masked"."""),
        ({"estimator": "tfidf_smv"}, "There is no model 'tfidf_smv'. Did you mean 'tfidf_svm'?"),
        ({"estimator": "tfidf_svm", "config": {"c": 1}}, "The config of model 'tfidf_svm' does not fit: Key 'c'"),
        (
            {"estimator": "tfidf_svm", "config": {"conditioning": "crosed"}},
            "Invalid value 'crosed', expected one of [per_target, crossed, marked]",
        ),
    ],
)
def test_what_does_not_exist_is_told(synthetic: Corpus, called: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as e:
        evaluate(**{"estimator": Says(), "corpus": synthetic, **called})
    assert told in str(e.value)


def test_a_file_is_no_corpus_yet(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("text,target,stance\n")
    with pytest.raises(UsageError, match=r"mine.csv is a file, which is no corpus yet"):
        evaluate(Says(), tmp_path / "mine.csv")


def test_a_corpus_or_model_that_cannot_take_part_declines_with_the_reason(synthetic: Corpus) -> None:
    with pytest.raises(Declined, match="synthetic declines task attributed under protocol cross_validated"):
        evaluate(Says(), synthetic, protocol="cross_validated")
    with pytest.raises(Declined, match=r'this one has one: protocol="official"\.$'):
        evaluate(Says(), synthetic, protocol="cross_validated")
    with pytest.raises(Declined, match=r"tfidf_svm declines: it has one model per target, and the target left out"):
        evaluate("tfidf_svm", "coverage", protocol="cross_target")


@pytest.mark.parametrize(
    ("estimator", "told"),
    [
        (make_pipeline(TfidfVectorizer(), LogisticRegression()), "TfidfVectorizer takes one column of texts, and X"),
        (make_pipeline(make_union(CountVectorizer()), LogisticRegression()), "CountVectorizer takes one column"),
        (OneVsRestClassifier(make_pipeline(HashingVectorizer(), LogisticRegression())), "HashingVectorizer takes one"),
        (LogisticRegression(), "LogisticRegression takes numbers, and X"),
        (make_pipeline(StandardScaler(), LogisticRegression()), "StandardScaler takes numbers, and X"),
    ],
)
def test_an_estimator_that_picks_no_column_is_told_to(synthetic: Corpus, estimator: Any, told: str) -> None:
    with pytest.raises(ModelError) as e:
        evaluate(estimator, synthetic)
    message = str(e.value)
    assert message.startswith(told)
    assert " is a DataFrame with the columns text, target, holder, bloc, all strings. Let a pipeline pick" in message
    assert 'ColumnTransformer([("text", ' in message
    assert message.endswith('(), "text")]), ...). See docs/python.md.')
    assert isinstance(e.value.__cause__, ValueError)


class Broken(Says):
    """Fails by itself, in fit or in predict."""

    def fit(self, X: pd.DataFrame, y: Any) -> Broken:
        if self.what == "fit":
            raise KeyError("mine")
        return self

    def predict(self, X: pd.DataFrame) -> Any:
        raise ValueError("could not convert string to float: 'mine'")


@pytest.mark.parametrize(
    ("estimator", "kind"),
    [
        (Broken("fit"), KeyError),
        (Broken("predict"), ValueError),
        (make_pipeline(make_column_transformer((StandardScaler(), ["text"])), LogisticRegression()), ValueError),
        (make_pipeline(make_column_transformer((TfidfVectorizer(), "txt")), LogisticRegression()), ValueError),
    ],
)
def test_other_errors_of_an_estimator_are_its_own(synthetic: Corpus, estimator: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind) as e:
        evaluate(estimator, synthetic)
    (note,) = e.value.__notes__
    assert note.startswith("With inputs 'text+holder', X is a data frame with the columns text, target, holder, bloc;")


def test_a_fold_that_leaks_is_refused(corpus_dir: Path) -> None:
    corpus = load_corpus(str(corpus_dir))
    table = corpus.table.copy()
    train, test = (table.index[table["split"] == part][0] for part in ("train", "test"))
    table.loc[test, "event"] = table.loc[train, "event"]
    leaking = Corpus("leaking", "1", corpus.targets, table, "-", {}, near_duplicates=())
    with pytest.raises(CorpusError, match="Fold 'official' leaks"):
        evaluate(Says(), leaking)


def test_near_duplicates_are_searched_where_the_corpus_does_not_state_them(synthetic: Corpus) -> None:
    table = synthetic.table.copy()
    first = {part: table.loc[table["split"] == part, "sentence_id"].iloc[0] for part in ("train", "test")}
    text = table.loc[table["sentence_id"] == first["train"], "text"].iloc[0]
    table.loc[table["sentence_id"] == first["test"], "text"] = text
    twice = Corpus("twice", "1", synthetic.targets, table, "-", {})
    with pytest.raises(CorpusError, match="nearly the same text"):
        evaluate(Says(), twice)


def test_an_undefined_headline_is_warned_of_where_it_is_asked_for(synthetic: Corpus) -> None:
    table = synthetic.table[~((synthetic.table["split"] == "test") & (synthetic.table["stance"] == "favor"))]
    poor = Corpus("poor", "1", synthetic.targets, table.reset_index(drop=True), "-", {}, near_duplicates=())
    with pytest.warns(UserWarning, match=r"Says: f_avg_macro is undefined \(") as told:
        result = evaluate(Says("against"), poor, rounds=ROUNDS)
    assert [Path(w.filename).name for w in told] == ["test_evaluate.py"]
    assert np.isnan(result["f_avg_macro"])
    assert np.isnan(result.interval("f_avg_macro")).all()
    assert "f_avg_macro             undefined: " in str(result)


def test_what_an_evaluation_shows(synthetic: Corpus) -> None:
    result = evaluate(neighbours("holder", "target"), synthetic, rounds=ROUNDS)
    first, second, *lines = str(result).splitlines()
    assert first == "Pipeline on synthetic@0.1, attributed from text+holder, official"
    assert second.startswith("200 test judgements in 100 clusters; 95% intervals, 200 percentile bootstraps by event")
    assert lines[0].split()[:2] == ["f_avg_macro", f"{result['f_avg_macro']:.4f}"]
    assert repr(result).startswith(f"<Evaluation: {first}; f_avg_macro 0.")
    html = result._repr_html_()
    assert "<td>" + f"{result['f_avg.sun']:.4f}" + "</td>" in html
    assert first in html
    assert result["f1.sun.favor"] == result.value("f1", "sun", "favor")
    low, high = result.interval("f_avg.sun")
    assert low <= result["f_avg.sun"] <= high
    with pytest.raises(UsageError, match=r"There is no score 'f_avg_marco'\. Did you mean 'f_avg_macro'"):
        result["f_avg_marco"]
    table = result.confusion["sun"]
    right = result.test[(result.test["target"] == "sun") & (result.test["gold"] == result.test["predicted"])]
    assert np.trace(table.to_numpy()) == len(right)
    assert (table.index.name, table.columns.name) == ("gold", "predicted")


def test_a_third_party_s_probabilities_are_kept(synthetic: Corpus) -> None:
    result = evaluate(DummyClassifier(strategy="prior"), synthetic, mode="semeval", rounds=ROUNDS)
    p = result.predictions[["p_favor", "p_against", "p_none"]]
    assert np.allclose(p.sum(axis=1), 1)


def test_it_needs_no_hydra_and_writes_nothing_in_any_folder(tmp_path: Path, synthetic_template: Path) -> None:
    corpus = Path(shutil.copytree(synthetic_template, tmp_path / "corpora" / "mine"))
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    code = (
        "import sys, stancebench; from sklearn.dummy import DummyClassifier\n"
        f"r = stancebench.evaluate(DummyClassifier(), {str(corpus)!r}, rounds=50, mode='semeval')\n"
        f"stancebench.score(r.predictions, {str(corpus)!r}, rounds=50, mode='semeval')\n"
        "stancebench.load_runs('baselines')\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'hydra', 'omegaconf', 'mlflow', 'typer'}))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"
    assert not list(folder.iterdir())


def test_a_registered_model_by_name_needs_no_hydra(synthetic_template: Path) -> None:
    code = (
        "import sys, stancebench\n"
        f"stancebench.evaluate('tfidf_svm', {str(synthetic_template)!r}, rounds=50)\n"
        "print('hydra' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "False\n", done.stderr


def test_every_refusal_is_one_kind_of_error(synthetic: Corpus) -> None:
    with pytest.raises(StancebenchError):
        evaluate("nothing", synthetic)
