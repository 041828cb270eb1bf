"""What the text says and what the holder prior says, weighed by a logistic regression."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from stancebench.models.conditioning import fit_clone
from stancebench.models.configs import StackedConfig
from stancebench.models.holder_prior import HolderPrior, declines
from stancebench.models.prior import FOLDS, inner_folds
from stancebench.models.spec import ModelContext, ModelSpec
from stancebench.models.tfidf import conditioned, logreg
from stancebench.vocabulary import STANCES

FloatArray = npt.NDArray[np.float64]
Labels = npt.NDArray[Any]

TEXT = ["text", "target"]


class Stacked(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier over the class probabilities of two others (Wolpert 1992; Ting and Witten 1999).

    It is fitted on probabilities of rows that the two had not seen; then the two are fitted again on all rows.

    Parameters
    ----------
    text : estimator
        reads the columns ``text`` and ``target``, and has probabilities
    prior : HolderPrior
        reads holder, target and whether the target is named
    combiner : estimator
        over the probabilities of both, in the order of ``STANCES``: text, then prior
    """

    def __init__(self, text: BaseEstimator, prior: HolderPrior, combiner: BaseEstimator) -> None:
        self.text = text
        self.prior = prior
        self.combiner = combiner

    def fit(self, X: pd.DataFrame, y: Labels, groups: Labels | None = None) -> Self:
        """Cross-fit, combine, refit; without ``groups`` each distinct text is a unit of the cross-fitting.

        A target (or everything) that stands in one inner fold only is unknown outside it: its probabilities are
        uniform.
        """
        y = np.asarray(y)
        units = np.asarray(X["text"] if groups is None else groups, dtype=object)
        fold = inner_folds(list(units))
        unseen = np.full((len(X), 2 * len(STANCES)), 1 / len(STANCES))
        for k in range(FOLDS):
            train, held_out = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            known = held_out[X["target"].iloc[held_out].isin(X["target"].iloc[train]).to_numpy()]
            if len(known):
                parts = self._parts(X.iloc[train], y[train], units[train])
                unseen[known] = self._probabilities(*parts, X.iloc[known])
        self.text_, self.prior_ = self._parts(X, y, units)
        self.combiner_ = fit_clone(self.combiner, unseen, y)
        self.classes_ = self.combiner_.classes_
        return self

    def _parts(self, X: pd.DataFrame, y: Labels, units: Labels) -> tuple[Any, HolderPrior]:
        return clone(self.text).fit(X[TEXT], y), clone(self.prior).fit(X, y, groups=units)

    def _probabilities(self, text: Any, prior: HolderPrior, X: pd.DataFrame) -> FloatArray:
        said = np.zeros((len(X), len(STANCES)))
        # A part of train may lack a stance.
        said[:, [STANCES.index(s) for s in text.classes_]] = text.predict_proba(X[TEXT])
        return np.hstack([said, prior.predict_proba(X)])

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return the stance of each row."""
        check_is_fitted(self)
        said: Labels = self.combiner_.predict(self._probabilities(self.text_, self.prior_, X))
        return said

    def predict_proba(self, X: pd.DataFrame) -> FloatArray:
        """Return the combiner's probabilities, in the order of ``classes_``."""
        check_is_fitted(self)
        p: FloatArray = self.combiner_.predict_proba(self._probabilities(self.text_, self.prior_, X))
        return p


def _build(config: StackedConfig, context: ModelContext) -> BaseEstimator:
    text = conditioned(config, replace(context, columns=tuple(TEXT)), logreg(config))
    combiner = LogisticRegression(class_weight="balanced" if config.balanced else None, max_iter=2_000)
    return Stacked(text, HolderPrior(context.targets), combiner)


STACKED = ModelSpec(
    "stacked",
    1,
    StackedConfig,
    _build,
    "TF-IDF logistic regression and holder prior, stacked",
    declines=declines,
)
