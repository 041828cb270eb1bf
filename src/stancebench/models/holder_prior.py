"""The holder prior as an estimator: who speaks and which target is named, nothing of what is said."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from stancebench.corpora.schema import Target
from stancebench.models.configs import HolderPriorConfig
from stancebench.models.prior import PriorRows, fit_prior, named
from stancebench.models.spec import ModelContext, ModelSpec
from stancebench.vocabulary import NONE, STANCES

Labels = npt.NDArray[Any]


class HolderPrior(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Predict from holder, target and whether the target is named.

    Parameters
    ----------
    targets : tuple of Target
        the corpus's alias table
    level : {"holder", "bloc", "target"}, default="holder"
        the finest step of the back-off
    gated : bool, default=True
        whether a text that names no alias of the target is none
    """

    def __init__(self, targets: tuple[Target, ...], level: str = "holder", *, gated: bool = True) -> None:
        self.targets = targets
        self.level = level
        self.gated = gated

    def fit(self, X: pd.DataFrame, y: Labels, groups: Labels | None = None) -> Self:
        """Count and tune; without ``groups`` each distinct text is a unit of the inner cross-validation."""
        self.classes_ = np.array(STANCES)
        stance = np.array([STANCES.index(s) for s in y])
        units = list(X["text"] if groups is None else groups)
        self.table_ = fit_prior(self._rows(X), stance, units, self.level, gated=self.gated)
        return self

    def _rows(self, X: pd.DataFrame) -> PriorRows:
        texts, targets = list(X["text"]), list(X["target"])
        return PriorRows(list(X["holder"]), list(X["bloc"]), targets, named(texts, targets, self.targets))

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return the stance that maximises p(s) w(s); none where the gate is silent."""
        check_is_fitted(self)
        return self.classes_[self.table_.predict(self._rows(X))]

    def predict_proba(self, X: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return p(s | holder, target), unweighted; all on none where the gate is silent."""
        check_is_fitted(self)
        rows = self._rows(X)
        p = self.table_.probabilities(rows)
        if self.gated:
            p[~rows.named] = np.eye(len(STANCES))[NONE]
        return p


def _build(config: HolderPriorConfig, context: ModelContext) -> BaseEstimator:
    return HolderPrior(context.targets, config.level.value, gated=config.gated)


def declines(config: Any, context: ModelContext) -> str:
    """Return why whatever counts stances by holder and target cannot take part, or an empty string."""
    if "holder" not in context.columns:
        return "it needs the holder among the inputs"
    if context.protocol == "cross_target":
        return "it counts stances per target, and the target left out has no training rows"
    return ""


HOLDER_PRIOR = ModelSpec(
    "holder_prior",
    1,
    HolderPriorConfig,
    _build,
    "who speaks and which target is named: the shortcut to beat",
    declines=declines,
)
