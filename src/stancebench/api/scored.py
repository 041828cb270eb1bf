"""An estimator, or a set of predictions, scored as a run is; nothing is written."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args
from typing import Protocol as Structural

import pandas as pd

from stancebench.api.columns import unread_columns
from stancebench.api.evaluation import Evaluation, evaluation
from stancebench.api.wording import told_in_python
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from stancebench.errors import Declined, StancebenchError, UsageError, unknown
from stancebench.protocols import Protocol
from stancebench.runs.evaluation import CLUSTERS, Prepared, check_folds, fit_predict, prepare, score_predictions
from stancebench.runs.predictions import check_predictions
from stancebench.runs.predictions_file import read_predictions_file
from stancebench.runs.spec import Scoring
from stancebench.scoring import Bootstrap
from stancebench.scoring.scores import Mode
from stancebench.tasks import Task

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator


class Estimator(Structural):
    """What `evaluate` takes: any classifier that scikit-learn's ``clone`` can copy."""

    def fit(self, X: Any, y: Any, /) -> Any:
        """Fit to rows and their stances."""

    def predict(self, X: Any, /) -> Any:
        """Return a stance for each row."""


def evaluate(
    estimator: Estimator | str,
    corpus: Corpus | str | Path = "coverage",
    task: str = "attributed",
    protocol: Protocol | str = "official",
    *,
    inputs: str | None = None,
    config: Mapping[str, Any] | None = None,
    seed: int = 0,
    mode: Mode = "strict",
    rounds: int = 10_000,
    level: float = 0.95,
    cluster: str = "event",
    bootstrap_seed: int = 0,
) -> Evaluation:
    """Fit an estimator on every fold's train, predict its test, and score as ``stancebench run`` does.

    What is fitted is a fresh clone for each fold: the estimator itself is not changed. ``X`` is a data frame with the
    columns ``text`` and ``target``, and with the inputs ``text+holder`` also ``holder`` and ``bloc``; each is a string.
    ``y`` is an array of ``favor``, ``against`` and ``none``. A vectorizer takes one column, so a pipeline starts with a
    ``ColumnTransformer``. Where ``fit`` has a parameter ``groups``, it is given the split unit of each training row,
    for inner cross-validation; where it has ``X_dev`` and ``y_dev``, the rows of dev, which may be none.

    Warns where the headline is undefined, and where a published split leaks.

    Parameters
    ----------
    estimator : estimator or str
        a classifier as scikit-learn has them, or the name of a registered model, such as ``"tfidf_svm"``
    corpus : Corpus, str or pathlib.Path, default="coverage"
        a loaded corpus, the name of a bundled one, or the path of a corpus folder
    task : {"attributed", "sentence"}, default="attributed"
        what is asked
    protocol : Protocol or str, default="official"
        how the corpus becomes train and test; a name has its default options, ``Protocol("few_shot", k=16)`` its own
    inputs : {"text", "text+holder", "masked"}, optional
        what the estimator may see; by default the holder too, where the task gives one and the corpus has them
    config : mapping, optional
        of a registered model, as in ``{"C": 0.1, "conditioning": "marked"}``
    seed : int, default=0
        of a registered model that is stochastic; an estimator has its own ``random_state``
    mode : {"strict", "semeval"}, default="strict"
        what an empty denominator gives, see `stancebench.scoring.scores`
    rounds : int, default=10000
        bootstrap samples
    level : float, default=0.95
        nominal coverage of the intervals
    cluster : {"event", "document", "row"}, default="event"
        what is resampled
    bootstrap_seed : int, default=0
        of the bootstrap

    Returns
    -------
    Evaluation

    Raises
    ------
    Declined
        when the corpus or the model cannot take part, with the reason
    CorpusError
        when the corpus is faulty, or a fold leaks
    ModelError
        when the predictions are not one stance for each row, or the estimator was to pick a column of ``X`` first
    UsageError
        when a name or value does not exist

    Examples
    --------
    >>> import stancebench
    >>> from sklearn.compose import make_column_transformer
    >>> from sklearn.feature_extraction.text import TfidfVectorizer
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import OneHotEncoder
    >>> who = OneHotEncoder(handle_unknown="ignore")
    >>> features = make_column_transformer((TfidfVectorizer(), "text"), (who, ["holder", "target"]))
    >>> pipeline = make_pipeline(features, LogisticRegression(class_weight="balanced"))
    >>> result = stancebench.evaluate(pipeline, "coverage", rounds=200)
    >>> round(result["f_avg_macro"], 2)
    0.31
    >>> len(result.test)
    980
    """
    scoring = scoring_of(mode, rounds, level, cluster, bootstrap_seed)
    if not isinstance(estimator, str):
        _refuse_no_estimator(estimator)
        if config is not None or seed:
            raise UsageError(
                f"config and seed are of a registered model, and {type(estimator).__name__} is an estimator: "
                "set its own parameters, such as random_state."
            )
    with told_in_python():
        loaded = corpus_of(corpus)
        prepared = prepare(loaded, Task(task, inputs or _inputs(task, loaded)), protocol)
        prepared.refuse_declined()
    if isinstance(estimator, str):
        name, build = estimator, _registered(estimator, config or {}, seed, prepared)
    else:
        name, build = type(estimator).__name__, _clones(estimator)
    check_folds(prepared, loaded.all_near_duplicates)
    try:
        predictions = fit_predict(build, prepared).predictions
    except StancebenchError:
        raise
    except Exception as e:
        # A pipeline that starts with a vectorizer fails here first, in words about its columns' number.
        unread = unread_columns(e, estimator, prepared.task.columns)
        if unread is not None:
            raise unread from e
        e.add_note(
            f"With inputs {prepared.task.inputs!r}, X is a data frame with the columns "
            f"{', '.join(prepared.task.columns)}; each is a string."
        )
        raise
    return _scored(name, prepared.task.inputs, prepared, predictions, scoring)


def score(
    predictions: pd.DataFrame | str | Path,
    corpus: Corpus | str | Path = "coverage",
    task: str = "attributed",
    protocol: Protocol | str = "official",
    *,
    format: str | None = None,  # noqa: A002
    mode: Mode = "strict",
    rounds: int = 10_000,
    level: float = 0.95,
    cluster: str = "event",
    bootstrap_seed: int = 0,
) -> Evaluation:
    """Score predictions that any program made, as ``stancebench score`` does.

    Warns of columns that are not read, of stances that are not the most probable one, and of an undefined headline.

    Parameters
    ----------
    predictions : pandas.DataFrame, str or pathlib.Path
        one row for each test judgement, in any order, or a file of them: the columns ``sentence_id, holder, target,
        stance``, and ``p_favor, p_against, p_none`` or none of these three
    corpus : Corpus, str or pathlib.Path, default="coverage"
        a loaded corpus, the name of a bundled one, or the path of a corpus folder
    task : {"attributed", "sentence"}, default="attributed"
        what was asked
    protocol : Protocol or str, default="official"
        whose test rows are predicted
    format : {"csv", "tsv", "parquet", "jsonl"}, optional
        of a file; by default what its suffix says
    mode : {"strict", "semeval"}, default="strict"
        what an empty denominator gives, see `stancebench.scoring.scores`
    rounds : int, default=10000
        bootstrap samples
    level : float, default=0.95
        nominal coverage of the intervals
    cluster : {"event", "document", "row"}, default="event"
        what is resampled
    bootstrap_seed : int, default=0
        of the bootstrap

    Returns
    -------
    Evaluation

    Raises
    ------
    Declined
        when the corpus cannot take part in the task or protocol
    RecordError
        when they are not of exactly the test rows, with everything that is wrong with them
    UsageError
        when a name or value does not exist

    Examples
    --------
    >>> import stancebench
    >>> corpus = stancebench.load_corpus("coverage")
    >>> test = corpus.table[corpus.table["split"] == "test"]
    >>> mine = test[["sentence_id", "holder", "target"]].assign(stance="against")
    >>> result = stancebench.score(mine, corpus, rounds=200)
    >>> result["recall.nato.against"]
    1.0
    """
    scoring = scoring_of(mode, rounds, level, cluster, bootstrap_seed)
    name = "The predictions"
    if not isinstance(predictions, pd.DataFrame):
        name = Path(predictions).name
        predictions = read_predictions_file(Path(predictions), format)
    with told_in_python(), warnings.catch_warnings(record=True) as told:
        # The holder and the text are no matter here: a task's inputs are what a model sees.
        warnings.simplefilter("always", UserWarning)
        prepared = prepare(corpus_of(corpus), Task(task, "text"), protocol)
        checked = check_predictions(predictions, prepared, name)
    for warning in told:
        # It is the caller's line that made them.
        warnings.warn(str(warning.message), stacklevel=2)
    return _scored(name, "", prepared, checked, scoring)


def _scored(name: str, inputs: str, prepared: Prepared, predictions: pd.DataFrame, scoring: Scoring) -> Evaluation:
    scored = score_predictions(prepared, predictions, scoring)
    result = evaluation(name, inputs, prepared=prepared, predictions=predictions, scored=scored, scoring=scoring)
    headline = result.scores[result.scores["score"] == "f_avg_macro"]
    for reason in headline.loc[headline["value"].isna(), "reason"]:
        warnings.warn(f"{name}: f_avg_macro is undefined ({reason})", stacklevel=3)
    return result


def corpus_of(corpus: Corpus | str | Path) -> Corpus:
    """Return a corpus that is loaded, named, or given by its folder."""
    if isinstance(corpus, Corpus):
        return corpus
    if isinstance(corpus, pd.DataFrame) or Path(corpus).is_file():
        given = "A data frame" if isinstance(corpus, pd.DataFrame) else f"{Path(corpus).name} is a file, which"
        raise UsageError(f"{given} is no corpus yet. Write corpus=stancebench.load_table(...) to say its columns.")
    return load_corpus(str(corpus))


def _inputs(task: str, corpus: Corpus) -> str:
    return "text" if task == "sentence" or (corpus.table["holder"] == "").any() else "text+holder"


def scoring_of(mode: str, rounds: int, level: float, cluster: str, seed: int) -> Scoring:
    """Return how is scored, each value refused that is not allowed."""
    if mode not in get_args(Mode):
        raise unknown("mode", mode, get_args(Mode))
    if cluster not in CLUSTERS:
        raise unknown("cluster", cluster, CLUSTERS)
    if seed < 0:
        raise UsageError(f"bootstrap_seed must not be negative, got {seed}.")
    try:
        return Scoring(cast("Mode", mode), Bootstrap(rounds=rounds, level=level, seed=seed, cluster=cluster))
    except ValueError as e:
        raise UsageError(f"{e}.") from None


def _refuse_no_estimator(estimator: Any) -> None:
    if isinstance(estimator, type):
        raise UsageError(
            f"{estimator.__name__} is a class: an estimator is an object of it. Write {estimator.__name__}()."
        )
    lacking = [name for name in ("fit", "predict", "get_params") if not hasattr(estimator, name)]
    if lacking:
        raise UsageError(
            f"{type(estimator).__name__} has no {', '.join(lacking)}, so it is no estimator. A classifier of your own "
            "extends sklearn.base.ClassifierMixin and sklearn.base.BaseEstimator."
        )


def _clones(estimator: Estimator) -> Callable[[], BaseEstimator]:
    from sklearn.base import clone

    return lambda: clone(estimator)


def _registered(name: str, config: Mapping[str, Any], seed: int, prepared: Prepared) -> Callable[[], BaseEstimator]:
    """Return how a registered model is built, as a run builds it."""
    from stancebench.models import model_spec
    from stancebench.models.configs import build_config
    from stancebench.runs.memory import SharedMemory, share

    model = model_spec(name)
    context = prepared.context(seed)
    values = build_config(model, config)
    reason = model.declines(values, context)
    if reason:
        raise Declined(f"{name} declines: {reason}.")
    memory = SharedMemory()
    return lambda: share(model.build(values, context), memory)
