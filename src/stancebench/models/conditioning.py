"""Ways of telling a text model its target; they compose with any estimator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from stancebench.models.spec import ModelContext

Labels = npt.NDArray[Any]


def declines_unseen_targets(context: ModelContext) -> str:
    """Return why a model per target cannot take part, or an empty string."""
    if context.protocol != "cross_target":
        return ""
    return "it has one model per target, and the target left out has no training rows"


def fit_clone(estimator: BaseEstimator, X: Any, y: Labels) -> Any:
    """Return a fitted copy; most classifiers refuse to learn from one class, and one stance in train is said of all."""
    one = len(np.unique(y)) == 1
    return (DummyClassifier(strategy="prior") if one else clone(estimator)).fit(X, y)


class AllTargets(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One copy of an estimator for all targets.

    Parameters
    ----------
    estimator : estimator
        cloned and fitted on all training rows
    """

    def __init__(self, estimator: BaseEstimator) -> None:
        self.estimator = estimator

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        """Fit the copy."""
        self.estimator_ = fit_clone(self.estimator, X, np.asarray(y))
        self.classes_ = self.estimator_.classes_
        return self

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return the stance the copy gives."""
        check_is_fitted(self)
        said: Labels = self.estimator_.predict(X)
        return said

    @available_if(lambda self: hasattr(self.estimator, "predict_proba"))  # type: ignore[untyped-decorator]
    def predict_proba(self, X: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return the probabilities the copy gives, where it gives any."""
        check_is_fitted(self)
        p: npt.NDArray[np.float64] = self.estimator_.predict_proba(X)
        return p


def _without_target(X: pd.DataFrame) -> pd.DataFrame:
    # The index goes too: rows of two targets that hold the same texts are then equal, and their features shared.
    return X.drop(columns="target").reset_index(drop=True)


class PerTarget(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One copy of an estimator for each target.

    The copies do not see the column ``target``: it is constant for each of them.

    Parameters
    ----------
    estimator : estimator
        cloned for each target of the training rows
    """

    def __init__(self, estimator: BaseEstimator) -> None:
        self.estimator = estimator

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        """Fit one copy on each target's rows."""
        y = np.asarray(y)
        self.classes_ = np.unique(y)
        self.estimators_ = {}
        for target in sorted(X["target"].unique()):
            mine = (X["target"] == target).to_numpy()
            self.estimators_[target] = fit_clone(self.estimator, _without_target(X[mine]), y[mine])
        return self

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return the stance each target's copy gives.

        Raises
        ------
        ValueError
            when a target was not in the training rows
        """
        check_is_fitted(self)
        out = np.empty(len(X), dtype=self.classes_.dtype)
        for mine, rows, copy in self._parts(X):
            out[mine] = copy.predict(rows)
        return out

    def _parts(self, X: pd.DataFrame) -> list[tuple[npt.NDArray[np.bool_], pd.DataFrame, Any]]:
        unseen = sorted(set(X["target"]) - set(self.estimators_))
        if unseen:
            raise ValueError(f"no training rows for target {', '.join(unseen)}; seen: {', '.join(self.estimators_)}")
        masks = {target: (X["target"] == target).to_numpy() for target in self.estimators_}
        return [
            (mine, _without_target(X[mine]), self.estimators_[target]) for target, mine in masks.items() if mine.any()
        ]

    def __getattr__(self, name: str) -> Any:
        # Probabilities exist exactly when the copies have them; a property would hide that from hasattr.
        if name == "predict_proba" and hasattr(self.__dict__.get("estimator"), "predict_proba"):
            return self._predict_proba
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _predict_proba(self, X: pd.DataFrame) -> npt.NDArray[np.float64]:
        check_is_fitted(self)
        out = np.zeros((len(X), len(self.classes_)))
        for mine, rows, copy in self._parts(X):
            out[np.ix_(np.flatnonzero(mine), np.searchsorted(self.classes_, copy.classes_))] = copy.predict_proba(rows)
        return out


class MarkTarget(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Replace every alias of a row's target by ``TARGET``; nothing else changes.

    Parameters
    ----------
    patterns : mapping of str to str
        regular expression of each target's aliases
    """

    ignores_y = True

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self.patterns = patterns

    def fit(self, X: pd.DataFrame, y: Labels | None = None) -> Self:
        """Learn nothing."""
        self.compiled_ = {target: re.compile(pattern) for target, pattern in self.patterns.items()}
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return X with its column ``text`` marked."""
        marked = [
            self.compiled_[target].sub("TARGET", text) if target in self.compiled_ else text
            for text, target in zip(X["text"], X["target"], strict=True)
        ]
        return X.assign(text=marked)


class CrossTarget(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Features shared by all targets, beside a copy of them for each target (Daumé III 2007, section 3.1).

    An unseen target has the shared copy only.

    Parameters
    ----------
    features : transformer
        from rows to a sparse matrix
    """

    ignores_y = True

    def __init__(self, features: BaseEstimator) -> None:
        self.features = features

    def fit(self, X: pd.DataFrame, y: Labels | None = None) -> Self:
        """Fit the features on all rows."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: pd.DataFrame, y: Labels | None = None) -> sparse.csr_matrix:
        """Fit the features and return them crossed."""
        self.features_ = clone(self.features)
        self.targets_ = sorted(X["target"].unique())
        return self._cross(self.features_.fit_transform(X, y), X["target"])

    def transform(self, X: pd.DataFrame) -> sparse.csr_matrix:
        """Return the crossed features, one block shared and one per target."""
        return self._cross(self.features_.transform(X), X["target"])

    def _cross(self, features: Any, targets: pd.Series[str]) -> sparse.csr_matrix:
        shared = sparse.csr_matrix(features)
        blocks = [shared]
        for target in self.targets_:
            keep = sparse.diags((targets == target).to_numpy(dtype=np.float64))
            blocks.append(keep @ shared)
        return sparse.hstack(blocks, format="csr")
