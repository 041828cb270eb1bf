"""Baselines that read nothing: one stance, the commonest stance, and stances drawn at train's frequencies."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier

from stancebench.models.conditioning import PerTarget, declines_unseen_targets
from stancebench.models.configs import ConstantConfig, MajorityConfig, StratifiedConfig
from stancebench.models.spec import ModelContext, ModelSpec

Labels = npt.NDArray[Any]


class Constant(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Say the same of every row, also where train has no such stance.

    Parameters
    ----------
    stance : {"favor", "against", "none"}
        what is said
    """

    def __init__(self, stance: str) -> None:
        self.stance = stance

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        """Learn nothing."""
        self.classes_ = np.array([self.stance], dtype=object)
        return self

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return the stance, once for each row."""
        return np.full(len(X), self.stance, dtype=object)


def _constant(config: ConstantConfig, context: ModelContext) -> BaseEstimator:
    return Constant(config.stance.value)


def _majority(config: MajorityConfig, context: ModelContext) -> BaseEstimator:
    commonest = DummyClassifier(strategy="prior")
    return PerTarget(commonest) if config.per_target else commonest


def _majority_declines(config: MajorityConfig, context: ModelContext) -> str:
    return declines_unseen_targets(context) if config.per_target else ""


def _stratified(config: StratifiedConfig, context: ModelContext) -> BaseEstimator:
    return DummyClassifier(strategy="stratified", random_state=context.seed)


CONSTANT = ModelSpec("constant", 1, ConstantConfig, _constant, "always one stance")
MAJORITY = ModelSpec(
    "majority",
    1,
    MajorityConfig,
    _majority,
    "the commonest stance of train, over all or per target",
    declines=_majority_declines,
)
STRATIFIED = ModelSpec(
    "stratified", 1, StratifiedConfig, _stratified, "stances drawn at train's frequencies", stochastic=True
)
