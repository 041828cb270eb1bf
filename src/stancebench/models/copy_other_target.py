"""For a target without training rows: whatever the model of another target says of the same text."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.metrics import f1_score
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from stancebench.models.conditioning import PerTarget
from stancebench.models.configs import CopyOtherTargetConfig
from stancebench.models.ngrams import check_ngrams, features
from stancebench.models.spec import ModelContext, ModelSpec
from stancebench.models.tfidf import svm

Labels = npt.NDArray[Any]


class CopyOtherTarget(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One model per training target; an unseen target is answered by the one that carries over best.

    Parameters
    ----------
    estimator : estimator
        cloned for each target of the training rows
    """

    def __init__(self, estimator: BaseEstimator) -> None:
        self.estimator = estimator

    def fit(self, X: pd.DataFrame, y: Labels, X_dev: pd.DataFrame | None = None, y_dev: Labels | None = None) -> Self:
        """Fit a model for each target and choose the one that is copied.

        Chosen is the model with the highest mean F1 of favor and against on the dev rows of the other targets, which
        it never saw. Among equals the first name is taken; without dev rows those of train stand in.
        """
        self.models_ = PerTarget(self.estimator).fit(X, y)
        self.classes_ = self.models_.classes_
        judged, gold = (X, y) if X_dev is None or y_dev is None or not len(X_dev) else (X_dev, y_dev)
        self.scores_ = {
            target: self._carries_over(target, judged, np.asarray(gold)) for target in self.models_.estimators_
        }
        # max() keeps the first of equals, and the targets are sorted.
        self.copied_ = max(self.scores_, key=self.scores_.__getitem__)
        return self

    def _carries_over(self, target: str, X: pd.DataFrame, y: Labels) -> float:
        others = (X["target"].isin(self.models_.estimators_) & (X["target"] != target)).to_numpy()
        if not others.any():
            return 0.0
        said = self.models_.predict(X[others].assign(target=target))
        return float(f1_score(y[others], said, labels=["favor", "against"], average="macro", zero_division=0))

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return what each row's own model says, or for an unseen target the copied one."""
        check_is_fitted(self)
        answering = X["target"].where(X["target"].isin(self.models_.estimators_), self.copied_)
        return self.models_.predict(X.assign(target=answering))


def _build(config: CopyOtherTargetConfig, context: ModelContext) -> BaseEstimator:
    check_ngrams(config)
    return CopyOtherTarget(Pipeline([("features", features(config, context)), ("classifier", svm(config))]))


def _declines(config: CopyOtherTargetConfig, context: ModelContext) -> str:
    if context.protocol == "cross_target":
        return ""
    return f"every target has training rows under protocol {context.protocol!r}; type protocol=cross_target"


COPY_OTHER_TARGET = ModelSpec(
    "copy_other_target",
    1,
    CopyOtherTargetConfig,
    _build,
    "for an unseen target, what the model of another target says",
    declines=_declines,
)
