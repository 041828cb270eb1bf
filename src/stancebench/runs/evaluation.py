"""From corpus to scores, in memory: prepare rows and folds once, fit and predict, score."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stancebench.corpora.components import codes
from stancebench.corpora.corpus import KEY, Corpus
from stancebench.errors import SHOWN, Declined, ModelError
from stancebench.models.prior import PriorRows, fit_prior, named
from stancebench.models.spec import ModelContext, asked_for
from stancebench.protocols import Fold, Protocol, as_protocol, check_fold, make_folds
from stancebench.protocols.folds import first_leak, refuse_empty
from stancebench.runs.keys import SCORING_VERSION, data_hash, digest
from stancebench.runs.spec import Scoring
from stancebench.scoring import ScoredRows, ScoreId, ScoreValue, score_values, tally
from stancebench.scoring.resampling import Interval
from stancebench.scoring.tally import confusion
from stancebench.tasks import Task
from stancebench.vocabulary import PROBABILITIES, STANCES, UNKNOWN

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

BoolArray = npt.NDArray[np.bool_]

PREDICTION_COLUMNS = [*KEY, "stance", *PROBABILITIES]

OVER_TARGETS = ("f_avg_macro", "f_avg_worst", "f_avg")
ALL_TARGETS = "all"
"""name of the one confusion table where targets are an open class"""

CLUSTERS = {"event": "group", "document": "document", "row": None}
"""column of each resampling unit; events are resampled as split units, which never tear an event or a document"""


def counter_prior_rows(corpus: Corpus) -> BoolArray | None:
    """Return the judgements whose polar gold is the opposite of the holder prior's polar choice.

    The prior is fitted on the official train of the task ``attributed`` and speaks alike in every split.

    Returns
    -------
    ndarray of bool, shape (rows of the table,), or None
        None when the corpus has no holder or no train
    """
    table = corpus.table
    train = np.flatnonzero(table["split"].to_numpy() == "train")
    if not len(train) or (table["holder"] == "").any():
        return None
    holder, bloc, target = (table[c].tolist() for c in ("holder", "bloc", "target"))
    # The gate counts only where the prior is fitted: the polar choice is made whatever it says.
    gate = np.zeros(len(table), dtype=bool)
    gate[train] = named(table["text"].iloc[train].tolist(), [target[i] for i in train], corpus.targets)
    rows = PriorRows(holder, bloc, target, gate)
    gold = np.array([STANCES.index(s) for s in table["stance"].tolist()])
    prior = fit_prior(rows.take(train), gold[train], table["group"].iloc[train].tolist())
    choice = prior.polar_choice(rows)
    return np.asarray((gold < 2) & (choice >= 0) & (choice != gold))


@dataclass(frozen=True, eq=False)
class Prepared:
    """Rows and folds of one corpus, task and protocol; shared by every run of a sweep that asks for them."""

    corpus: Corpus
    task: Task
    protocol: Protocol
    rows: pd.DataFrame
    folds: list[Fold]
    declined: str = ""

    @cached_property
    def data(self) -> str:
        """Hash of all that a model sees; scoring alone does not need it."""
        if self.declined:
            # The content stands in for what a model would have seen: two corpora that decline alike are not one.
            return digest({"declined": self.declined, "content": self.corpus.content_hash})
        return data_hash(self.rows, self.folds, self.task.columns)

    @cached_property
    def test(self) -> pd.DataFrame:
        """Test rows of all folds, in the corpus's order."""
        nothing = np.array([], dtype=np.int64)
        return self.rows.iloc[np.sort(np.concatenate([nothing, *(f.test for f in self.folds)]))]

    @cached_property
    def subsets(self) -> dict[str, BoolArray]:
        """Test rows of each subset that is scored apart."""
        test = self.test
        subsets = {"neutral": (test["label"] == "neutral").to_numpy()}
        counter = counter_prior_rows(self.corpus)
        if counter is not None:
            marked = set(map(tuple, self.corpus.table.loc[counter, list(KEY)].to_numpy()))
            keys = zip(*(test[c].tolist() for c in KEY), strict=True)
            subsets["counter_prior"] = np.array([key in marked for key in keys], dtype=bool)
        return subsets

    @cached_property
    def gold(self) -> str:
        """Hash of all that a score reads besides predictions."""
        test = self.test
        columns = {c: list(test[c]) for c in (*KEY, "stance", "group", "document")}
        # The same rows have other scores where their targets are an open class.
        pooled = {"open_targets": True} if self.corpus.open_targets else {}
        return digest({**columns, **pooled, **{name: rows.tolist() for name, rows in self.subsets.items()}})

    @cached_property
    def targets(self) -> str:
        """Hash of the alias table, which gates, marks and masks."""
        return digest({"targets": [json.loads(t.model_dump_json()) for t in self.corpus.targets]})

    def context(self, seed: int = 0) -> ModelContext:
        """Return what a model may know before it sees a row."""
        return ModelContext(
            self.task.targets(self.corpus), tuple(self.task.columns), seed=seed, protocol=self.protocol.name
        )

    def refuse_declined(self) -> None:
        """Refuse to go on where the corpus declines.

        Raises
        ------
        Declined
            with the reason
        """
        if self.declined:
            raise Declined(
                f"{self.corpus.name} declines task {self.task.name} under protocol {self.protocol}: {self.declined}."
            )

    @property
    def split_hash(self) -> str:
        """Hash of which judgement stands where."""
        keys = ["\x1f".join(key) for key in zip(*(self.rows[c] for c in KEY), strict=True)]
        parts = ("train", "dev", "test")
        return digest({f.name: {p: sorted(keys[i] for i in getattr(f, p)) for p in parts} for f in self.folds})


def prepare(corpus: Corpus, task: Task, protocol: Protocol | str = "official") -> Prepared:
    """Return the rows and folds of a corpus under a task and a protocol.

    Parameters
    ----------
    corpus : Corpus
        what is read
    task : Task
        what is asked
    protocol : Protocol or str, default="official"
        how rows become train and test

    Returns
    -------
    Prepared
        without folds, and with the reason, where the corpus declines the task's inputs or the protocol
    """
    protocol = as_protocol(protocol)
    rows = task.rows(corpus)
    try:
        rows = task.view(corpus, rows)
        return Prepared(corpus, task, protocol, rows, make_folds(protocol, corpus, rows))
    except Declined as e:
        return Prepared(corpus, task, protocol, rows, [], declined=str(e))


def contradicted(corpus: Corpus) -> int:
    """Return how often one text is judged on one target, for one holder, with different labels."""
    judgement = ["text", "holder", "target"]
    labels = corpus.table.drop_duplicates([*judgement, "label"])
    return len(labels[labels.duplicated(judgement)].drop_duplicates(judgement))


def check_folds(prepared: Prepared, near_duplicates: Sequence[tuple[str, str, float]]) -> None:
    """Refuse folds that leak; where the split is somebody's published one, warn, also of labels that contradict.

    Parameters
    ----------
    prepared : Prepared
        rows and folds
    near_duplicates : sequence of (sentence id, sentence id, similarity)
        of the corpus

    Raises
    ------
    CorpusError
        when a fold has no train or no test; names two sentences, what they share and where they stand
    """
    if prepared.corpus.published_split and (n := contradicted(prepared.corpus)):
        what = "pairs of a text and a target have" if n > 1 else "pair of a text and a target has"
        warnings.warn(
            f"{prepared.corpus.name}: {n:,} {what} rows with different labels. All are kept, as published.",
            stacklevel=2,
        )
    for fold in prepared.folds:
        if not prepared.corpus.published_split:
            check_fold(prepared.rows, fold, near_duplicates)
            continue
        refuse_empty(fold)
        leak = first_leak(prepared.rows, fold, near_duplicates)
        if leak is not None:
            warnings.warn(f"{prepared.corpus.name}: {leak.told} The published split stays as it is.", stacklevel=2)


@dataclass(frozen=True)
class Fitted:
    """Predictions of the test rows, and what they took."""

    predictions: pd.DataFrame
    fit_s: float
    predict_s: float


def fit_predict(build: Callable[[], BaseEstimator], prepared: Prepared) -> Fitted:
    """Fit an estimator on each fold's train and predict its test.

    Parameters
    ----------
    build : callable
        returns a fresh, unfitted estimator
    prepared : Prepared
        rows and folds

    Returns
    -------
    Fitted
        predictions in the order of the test rows; probabilities are NaN where the estimator has none

    Raises
    ------
    ModelError
        when the predictions are not one known stance for each row
    """
    parts = []
    fit_s = predict_s = 0.0
    columns = prepared.task.columns
    for fold in prepared.folds:
        estimator = build()
        train, test = prepared.rows.iloc[fold.train], prepared.rows.iloc[fold.test]
        more = asked_for(estimator, train, prepared.rows.iloc[fold.dev], columns)
        start = time.perf_counter()
        estimator.fit(train[columns], train["stance"].to_numpy(dtype=object), **more)
        fit_s += time.perf_counter() - start
        start = time.perf_counter()
        X = test[columns]
        said = _stances(estimator, X)
        part = test[list(KEY)].assign(stance=said, **dict.fromkeys(PROBABILITIES, np.nan))
        if hasattr(estimator, "predict_proba") and hasattr(estimator, "classes_"):
            p = np.asarray(estimator.predict_proba(X))
            part[list(PROBABILITIES)] = 0.0
            for stance, column in zip(estimator.classes_, p.T, strict=True):
                part[f"p_{stance}"] = column
        predict_s += time.perf_counter() - start
        parts.append(part)
    predictions = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return Fitted(predictions[PREDICTION_COLUMNS], fit_s, predict_s)


def _stances(estimator: BaseEstimator, X: pd.DataFrame) -> Any:
    """Return predictions as the estimator gives them, one known stance for each row."""
    said = estimator.predict(X)
    name = type(estimator).__name__
    if np.shape(said) != (len(X),):
        raise ModelError(
            f"{name} gave predictions of shape {np.shape(said)} for {len(X)} rows: one stance for each row is expected."
        )
    # A pandas Series would be aligned by its index.
    said = np.asarray(said, dtype=object)
    strange = {v: None for v in said.tolist() if v not in {*STANCES, UNKNOWN}}
    if strange:
        told = ", ".join(repr(v) for v in list(strange)[:SHOWN])
        more = f" and {len(strange) - SHOWN} more" if len(strange) > SHOWN else ""
        raise ModelError(
            f"{name} predicted {told}{more}, and that is no stance. Allowed: {', '.join((*STANCES, UNKNOWN))}; "
            "the y given to fit holds these words."
        )
    return said


@dataclass(frozen=True)
class Scored:
    """Every score of a set of predictions, with intervals and confusion tables."""

    values: Mapping[ScoreId, ScoreValue]
    intervals: Mapping[ScoreId, Interval]
    confusion: Mapping[str, list[list[int]]]
    clusters: int
    cluster: str
    """what was resampled: ``sentence`` where a corpus declares no events"""


def score_predictions(prepared: Prepared, predictions: pd.DataFrame, scoring: Scoring) -> Scored:
    """Score predictions of the test rows.

    Parameters
    ----------
    prepared : Prepared
        gold
    predictions : pandas.DataFrame
        one row for each test row, in any order
    scoring : Scoring
        mode and intervals

    Returns
    -------
    Scored

    Raises
    ------
    ValueError
        when the predictions are not of exactly the test rows
    """
    gold = prepared.test
    predicted = predictions.set_index(list(KEY))["stance"]
    wanted = pd.MultiIndex.from_frame(gold[list(KEY)])
    if not predicted.index.is_unique or len(predicted) != len(wanted) or not wanted.isin(predicted.index).all():
        raise ValueError("predictions must have exactly one row for each test row")
    rows = scored_rows(prepared, predicted.loc[wanted], scoring.bootstrap.cluster)
    counts = tally(rows)
    tables = confusion(rows)
    values = score_values(counts, scoring.mode)
    # Committed records are of scoring version 1, which showed every interval.
    intervals = scoring.bootstrap.intervals(counts, scoring.mode, withhold=SCORING_VERSION > 1)
    if prepared.corpus.open_targets:
        # One topic a sentence: a mean or a minimum over topics says nothing.
        values = {which: value for which, value in values.items() if which.score not in OVER_TARGETS}
    return Scored(
        values=values,
        intervals=intervals,
        confusion={t or ALL_TARGETS: tables[i].tolist() for i, t in enumerate(rows.targets)},
        clusters=counts.n_units,
        cluster=resampled(prepared.corpus, scoring.bootstrap.cluster),
    )


def resampled(corpus: Corpus, cluster: str) -> str:
    """Return what is resampled when a cluster is asked for: what a corpus has in the place of events and documents."""
    return cluster if corpus.unit == "event" or cluster == "row" else corpus.unit


def scored_rows(prepared: Prepared, stances: Iterable[str], cluster: str) -> ScoredRows:
    """Return gold and predictions as the scoring room takes them.

    Parameters
    ----------
    prepared : Prepared
        gold
    stances : iterable of str
        predicted, in the order of the test rows
    cluster : str
        resampling unit, one of ``CLUSTERS``

    Returns
    -------
    ScoredRows
        under the targets of the test rows, or one target ``""`` where targets are an open class
    """
    gold = prepared.test
    classes = {name: i for i, name in enumerate((*STANCES, UNKNOWN))}
    # A target that is learnt from and never asked for, as in SemEval-2016 Task 6 B, has no score to average.
    asked = set(gold["target"])
    targets = ("",) if prepared.corpus.open_targets else tuple(t for t in prepared.corpus.target_ids if t in asked)
    place = dict.fromkeys(gold["target"], 0) if prepared.corpus.open_targets else {t: i for i, t in enumerate(targets)}
    column = CLUSTERS[cluster]
    return ScoredRows(
        gold=np.array([classes[s] for s in gold["stance"]], dtype=np.int64),
        predicted=np.array([classes[s] for s in stances], dtype=np.int64),
        target=np.array([place[t] for t in gold["target"]], dtype=np.int64),
        cluster=np.arange(len(gold)) if column is None else codes(gold[column]),
        targets=targets,
        subsets=prepared.subsets,
    )


def scoring_json(scoring: Scoring) -> dict[str, Any]:
    """Return a scoring choice as plain JSON values, for keys."""
    return asdict(scoring)
