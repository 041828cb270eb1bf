"""Baselines that read nothing: the commonest stance, and stances drawn at train's frequencies."""

from __future__ import annotations

from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier

from stancebench.models.conditioning import PerTarget
from stancebench.models.configs import MajorityConfig, StratifiedConfig
from stancebench.models.spec import ModelContext, ModelSpec


def _majority(config: MajorityConfig, context: ModelContext) -> BaseEstimator:
    commonest = DummyClassifier(strategy="prior")
    return PerTarget(commonest) if config.per_target else commonest


def _stratified(config: StratifiedConfig, context: ModelContext) -> BaseEstimator:
    return DummyClassifier(strategy="stratified", random_state=context.seed)


MAJORITY = ModelSpec("majority", 1, MajorityConfig, _majority, "the commonest stance of train, over all or per target")
STRATIFIED = ModelSpec(
    "stratified", 1, StratifiedConfig, _stratified, "stances drawn at train's frequencies", stochastic=True
)
