"""Runs whose outcome is known beforehand: nothing to learn, everything known, nothing changed, something planted."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from stancebench.config.spec import model_config
from stancebench.corpora.check import write_generated
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import corpus_folder, load_corpus
from stancebench.models import ModelContext, model_spec
from stancebench.models.configs import build_config
from stancebench.protocols import PROTOCOLS, Protocol
from stancebench.runs.evaluation import Prepared, Scored, fit_predict, prepare, score_predictions, scored_rows
from stancebench.runs.execute import Runner
from stancebench.runs.memory import SharedMemory, share
from stancebench.runs.spec import RunSpec, Scoring
from stancebench.runs.store import RunStore
from stancebench.scoring import SCORES, Bootstrap, ScoreId, score_arrays, tally
from stancebench.tasks import Task
from tests.commands import Cli
from tests.corpora.editing import edit, rows_of, sentences_of, write_rows, write_sentences
from tests.protocols.corpora import Shape, in_memory, make, on_disk

PERMUTATIONS = 20
SHUFFLES = 25
Stances = npt.NDArray[np.object_]


@pytest.fixture(scope="session")
def coverage() -> Corpus:
    return load_corpus("coverage@0.1")


@pytest.fixture(scope="session")
def corpora(coverage: Corpus) -> dict[str, Corpus]:
    return {"made": in_memory(make()), "unsplit": in_memory(make(Shape(split={}))), "coverage": coverage}


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of the made-up corpus and of the bundled one; read only."""
    made = on_disk(tmp_path_factory.mktemp("corpora") / "made", make())
    return {"made": made, "coverage": corpus_folder("coverage@0.1")}


def svm(prepared: Prepared, memory: SharedMemory) -> Callable[[], BaseEstimator]:
    model = model_spec("tfidf_svm")
    context = ModelContext(prepared.corpus.targets, tuple(prepared.task.columns))
    config = build_config(model, {"conditioning": {"name": "marked"}})
    return lambda: share(model.build(config, context), memory)


def within(rows: pd.DataFrame, positions: npt.NDArray[np.int64], values: Stances, rng: np.random.Generator) -> Stances:
    """Return values with those at the positions permuted among the rows of one target."""
    values = values.copy()
    target = rows["target"].to_numpy()
    for name in sorted(set(target)):
        mine = positions[target[positions] == name]
        values[mine] = values[rng.permutation(mine)]
    return values


def headline(prepared: Prepared, predicted: Stances) -> float:
    counts = tally(scored_rows(prepared, predicted, "event")).total()
    return float(score_arrays(counts)[ScoreId("f_avg_macro")][0])


@pytest.mark.parametrize("name", ["made", "coverage"])
def test_permuted_labels_teach_nothing(corpora: dict[str, Corpus], name: str) -> None:
    """What a model learns from labels permuted within train and target scores like its own predictions shuffled.

    Shuffled within a target they keep how often each stance is predicted and lose every tie to the text. The mean over
    20 permutations must lie among the middle 95% of shuffles and within three standard errors of their mean; what is
    learnt from the true labels lies at least 0.3 above the best of all of them.
    """
    prepared = prepare(corpora[name], Task(), "official")
    (fold,) = prepared.folds
    memory = SharedMemory()
    rng = np.random.default_rng(0)
    test = prepared.test.reset_index(drop=True)
    everywhere = np.arange(len(test))
    permuted, chance = [], []
    for _ in range(PERMUTATIONS):
        labels = within(prepared.rows, fold.train, prepared.rows["stance"].to_numpy(dtype=object), rng)
        spoilt = replace(prepared, rows=prepared.rows.assign(stance=labels))
        said = fit_predict(svm(prepared, memory), spoilt).predictions["stance"].to_numpy(dtype=object)
        permuted.append(headline(prepared, said))
        chance += [headline(prepared, within(test, everywhere, said, rng)) for _ in range(SHUFFLES)]
    low, high = np.quantile(chance, [0.025, 0.975])
    assert low < np.mean(permuted) < high
    assert abs(np.mean(permuted) - np.mean(chance)) < 3 * np.std(permuted) / PERMUTATIONS**0.5
    learnt = fit_predict(svm(prepared, memory), prepared).predictions["stance"].to_numpy(dtype=object)
    assert headline(prepared, learnt) > max(*permuted, *chance) + 0.3


class Oracle(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Says what it was told of each row beforehand."""

    def __init__(self, told: dict[tuple[str, ...], str], keys: tuple[str, ...]) -> None:
        self.told = told
        self.keys = keys

    def fit(self, X: pd.DataFrame, y: Stances) -> Self:
        self.classes_ = np.unique(y)
        return self

    def predict(self, X: pd.DataFrame) -> Stances:
        return np.array([self.told[key] for key in zip(*(X[c] for c in self.keys), strict=True)], dtype=object)


ASKED = [
    *(Protocol(name) for name in PROTOCOLS),
    Protocol("few_shot", k=1, draw=9),
    Protocol("temporal", control=True),
]


@pytest.mark.parametrize("task", [Task(), Task("attributed", "text"), Task("sentence", "text")], ids=str)
@pytest.mark.parametrize("protocol", ASKED, ids=str)
def test_gold_as_predictions_is_right_everywhere(corpora: dict[str, Corpus], protocol: Protocol, task: Task) -> None:
    name = "unsplit" if protocol.name == "cross_validated" else "made"
    corpus = corpora[name]
    if task == Task("attributed", "text"):
        # Two holders of one text may differ, and here the model is not told which is asked.
        first = corpus.table.drop_duplicates(["sentence_id", "target"]).reset_index(drop=True)
        corpus = replace(corpus, table=first)
    prepared = prepare(corpus, task, protocol)
    assert not prepared.declined
    keys = tuple(c for c in task.columns if c != "bloc")
    told = dict(zip(zip(*(prepared.rows[c] for c in keys), strict=True), prepared.rows["stance"], strict=True))
    fitted = fit_predict(lambda: Oracle(told, keys), prepared)
    scored = score_predictions(prepared, fitted.predictions, Scoring(bootstrap=Bootstrap(rounds=10)))
    defined = all_right(scored)
    assert {"f_avg_macro", "macro_f1", "accuracy", "mcc", "neutral_recall"} <= {which.score for which in defined}
    assert all(value.reason for which, value in scored.values.items() if which not in defined)


def all_right(scored: Scored) -> dict[ScoreId, float]:
    """Return the scores that are defined, once each is the best that it can be."""
    defined = {which: value.value for which, value in scored.values.items() if value.value is not None}
    for which, value in defined.items():
        if SCORES[which.score].basis == "prior":
            assert value >= 0
        else:
            assert value == (1 if SCORES[which.score].higher_is_better else 0), which
    return defined


def test_gold_as_predictions_is_right_on_the_bundled_corpus(coverage: Corpus) -> None:
    for protocol in ASKED:
        prepared = prepare(coverage, Task(), protocol)
        if not prepared.declined:
            scored = score_predictions(prepared, prepared.test, Scoring(bootstrap=Bootstrap(rounds=10)))
            all_right(scored)


def mix(folder: Path) -> None:
    """Put the lines of every file of a corpus in another order."""
    order = random.Random(0)
    sentences = sentences_of(folder)
    order.shuffle(sentences)
    write_sentences(folder, sentences)
    for path in sorted(folder.rglob("*.csv")):
        rows = rows_of(path)
        order.shuffle(rows)
        write_rows(path, rows)
    write_generated(folder)


@pytest.mark.parametrize("name", ["made", "coverage"])
def test_the_order_of_lines_changes_neither_keys_nor_predictions(
    folders: dict[str, Path], tmp_path: Path, name: str
) -> None:
    mixed = Path(shutil.copytree(folders[name], tmp_path / name))
    mix(mixed)
    assert (mixed / "judgements.csv").read_bytes() != (folders[name] / "judgements.csv").read_bytes()
    homes = (tmp_path / "home", tmp_path / "other")
    runners = [Runner(RunStore(home), model_config) for home in homes]
    few = Bootstrap(rounds=10)
    models: dict[str, dict[str, Any]] = {"tfidf_svm": {"conditioning": {"name": "per_target"}}, "holder_prior": {}}
    for model, config in models.items():
        for protocol in (Protocol(), Protocol("few_shot", k=1), Protocol("temporal", control=True)):
            specs = [
                RunSpec(str(folder), Task(), protocol, model, config, scoring=Scoring(bootstrap=few))
                for folder in (folders[name], mixed)
            ]
            assert runners[0].keys(specs[0]) == runners[1].keys(specs[1])
            one, other = (r.run(s).record for r, s in zip(runners, specs, strict=True))
            assert (one.status, one.scores, one.counts) == (other.status, other.scores, other.counts)
            assert (one.predictions is None) == (name == "coverage" and protocol.name == "temporal")
            if one.predictions is not None and other.predictions is not None:
                files = [h / "predictions" / one.predictions.file for h in homes]
                assert files[0].read_bytes() == files[1].read_bytes()
                assert one.predictions.sha256 == other.predictions.sha256


def spoil(folder: Path, what: str) -> tuple[str, str]:
    """Plant a duplicate or a shared event across train and test; return the two sentences."""
    split = {row["sentence_id"]: row["split"] for row in rows_of(folder / "splits" / "official.csv")}
    sentences = sentences_of(folder)
    events = [s["event_id"] for s in sentences]
    # Of an event of one sentence, so that the planted leak is the only one.
    lone = [i for i, s in enumerate(sentences) if events.count(s["event_id"]) == 1]
    here, there = (next(i for i in lone if split[sentences[i]["id"]] == part) for part in ("train", "test"))
    taken = {"event": "event_id", "duplicate": "text"}[what]
    edit(folder / "sentences.jsonl", there + 1, **{taken: sentences[here][taken]})
    return str(sentences[here]["id"]), str(sentences[there]["id"])


@pytest.mark.parametrize("what", ["event", "duplicate"])
@pytest.mark.parametrize("name", ["made", "coverage"])
def test_what_is_planted_across_train_and_test_is_caught(
    cli: Cli, folders: dict[str, Path], tmp_path: Path, name: str, what: str
) -> None:
    folder = Path(shutil.copytree(folders[name], tmp_path / name))
    train, test = spoil(folder, what)
    # The leak stays the only fault: statistics and checksums are those of the spoilt corpus.
    checked = cli("corpus", "check", str(folder), "--write")
    assert checked.code == 1
    told = [line for line in checked.out.splitlines() if train in line and test in line]
    assert told
    ran = cli("run", f"corpus.name={folder}", "model=majority", "tracking=none")
    assert ran.code == 1
    assert f"{train} (train)" in ran.message
    assert f"{test} (test)" in ran.message
    shared = "share the event" if what == "event" else "share nearly the same text (cosine 1.00)"
    assert shared in ran.message
    assert not list((tmp_path / "home" / "records").glob("*.json"))
