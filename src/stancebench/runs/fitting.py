"""Estimators fitted on the train of each fold, and their answers to its test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import KEY
from stancebench.errors import SHOWN, ModelError
from stancebench.models.spec import asked_for
from stancebench.protocols import Fold
from stancebench.runs.prepared import Prepared
from stancebench.scoring.tally import FloatArray
from stancebench.vocabulary import PROBABILITIES, STANCES, UNKNOWN

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

SUM_TOLERANCE = 1e-3
"""how far the probabilities of a row may sum from 1"""

PREDICTION_COLUMNS = [*KEY, "stance", *PROBABILITIES]


@dataclass(frozen=True)
class Fitted:
    """Predictions of the test rows, and what they took."""

    predictions: pd.DataFrame
    fit_s: float
    predict_s: float


def fitted(build: Callable[[], BaseEstimator], prepared: Prepared) -> Iterator[tuple[Fold, BaseEstimator, float]]:
    """Yield each fold with an estimator fitted on its train, and the seconds that fitting took."""
    columns = prepared.task.columns
    for fold in prepared.folds:
        estimator = build()
        train = prepared.rows.iloc[fold.train]
        more = asked_for(estimator, train, prepared.rows.iloc[fold.dev], columns)
        start = time.perf_counter()
        estimator.fit(train[columns], train["stance"].to_numpy(dtype=object), **more)
        yield fold, estimator, time.perf_counter() - start


def fit_predict(build: Callable[[], BaseEstimator], prepared: Prepared) -> Fitted:
    """Fit an estimator on each fold's train and predict its test, and the changed sentences beside it.

    Parameters
    ----------
    build : callable
        returns a fresh, unfitted estimator
    prepared : Prepared
        rows and folds

    Returns
    -------
    Fitted
        predictions in the order of the test rows, then those of changed sentences; probabilities are NaN where the
        estimator has none

    Raises
    ------
    ModelError
        when the predictions are not one known stance for each row
    """
    parts = []
    fit_s = predict_s = 0.0
    columns = prepared.task.columns
    beside = pd.RangeIndex(len(prepared.rows), len(prepared.rows) + len(prepared.constructed))
    for fold, estimator, seconds in fitted(build, prepared):
        fit_s += seconds
        start = time.perf_counter()
        # Changed sentences are asked only where there is one fold.
        test = pd.concat([prepared.rows.iloc[fold.test], prepared.constructed.set_index(beside)])
        X = test[columns]
        said = predicted_stances(estimator, X)
        part = test[list(KEY)].assign(stance=said, **dict.fromkeys(PROBABILITIES, np.nan))
        if hasattr(estimator, "predict_proba") and hasattr(estimator, "classes_"):
            p = _believable(np.asarray(estimator.predict_proba(X), dtype=float), estimator, len(X))
            part[list(PROBABILITIES)] = 0.0
            for stance, column in zip(estimator.classes_, p.T, strict=True):
                part[f"p_{stance}"] = column
        predict_s += time.perf_counter() - start
        parts.append(part)
    predictions = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return Fitted(predictions[PREDICTION_COLUMNS], fit_s, predict_s)


def _believable(p: FloatArray, estimator: BaseEstimator, n_rows: int) -> FloatArray:
    """Return probabilities as the estimator gives them, one distribution over its classes for each row."""
    name = type(estimator).__name__
    shape = (n_rows, len(estimator.classes_))
    if p.shape != shape:
        raise ModelError(f"{name} gave probabilities of shape {p.shape}, and {shape} is expected.")
    bad = ~np.isfinite(p).all(axis=1) | (p < 0).any(axis=1) | (np.abs(p.sum(axis=1) - 1) > SUM_TOLERANCE)
    if bad.any():
        first = ", ".join(f"{value:g}" for value in p[int(np.argmax(bad))])
        raise ModelError(
            f"{name} gave {int(bad.sum())} of {n_rows} rows probabilities that are no distribution, the first {first}: "
            f"numbers from 0 to 1 that sum to 1 within {SUM_TOLERANCE:g} are expected."
        )
    return p


def predicted_stances(estimator: BaseEstimator, X: pd.DataFrame) -> Any:
    """Return predictions as the estimator gives them.

    Raises
    ------
    ModelError
        when they are not one known stance for each row
    """
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
