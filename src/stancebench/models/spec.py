"""What a model declares of itself, and what it is told when it is built."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stancebench.corpora.schema import Target

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.base import BaseEstimator

MISSING = "???"
"""OmegaConf's mark of a value that must be given; its import would cost every command that only scores"""


@dataclass
class ModelConfig:
    """Base of every model's config; a third party's must extend it."""

    name: str = MISSING
    """registered name"""


@dataclass(frozen=True)
class ModelContext:
    """What a model may know before it sees a row.

    Attributes
    ----------
    targets : tuple of Target
        the corpus's targets, with the one alias table
    columns : tuple of str
        columns of X: ``text`` and ``target``, and ``holder`` and ``bloc`` where the inputs hold them
    seed : int
        for stochastic models; others must not use it
    protocol : str
        name of the protocol, so that a model can decline it
    """

    targets: tuple[Target, ...]
    columns: tuple[str, ...]
    seed: int = 0
    protocol: str = "official"


def asked_for(
    estimator: BaseEstimator, train: pd.DataFrame, dev: pd.DataFrame, columns: Sequence[str]
) -> dict[str, Any]:
    """Return what an estimator's ``fit`` takes by name besides X and y: split units of train, and dev.

    Parameters
    ----------
    estimator : estimator
        whose ``fit`` is looked at
    train, dev : pandas.DataFrame
        rows with the columns ``group`` and ``stance``; dev may have none
    columns : sequence of str
        the task's inputs
    """
    named = inspect.signature(estimator.fit).parameters
    more: dict[str, Any] = {}
    if "groups" in named:
        more["groups"] = train["group"].to_numpy(dtype=object)
    if {"X_dev", "y_dev"} <= set(named):
        more |= {"X_dev": dev[list(columns)], "y_dev": dev["stance"].to_numpy(dtype=object)}
    return more


def _takes_part(config: Any, context: ModelContext) -> str:
    return ""


@dataclass(frozen=True)
class ModelSpec:
    """A registered model.

    Attributes
    ----------
    name : str
        as typed after ``model=``
    version : int
        raised whenever the same config gives other predictions
    config : type
        dataclass that extends `ModelConfig`
    build : callable
        ``build(config, context)`` returns an estimator. Its ``fit(X, y)`` gets a DataFrame with exactly the task's
        inputs and an array of stances; where ``fit`` takes ``groups``, it is given the split unit of each training
        row, for inner cross-validation; where it takes ``X_dev`` and ``y_dev``, the rows of dev, which may be none
    summary : str
        one line
    stochastic : bool
        whether the seed changes its predictions; if not, the seed is no part of its key
    declines : callable
        ``declines(config, context)`` returns why the model cannot take part, or an empty string
    """

    name: str
    version: int
    config: type[ModelConfig]
    build: Callable[[Any, ModelContext], BaseEstimator]
    summary: str
    stochastic: bool = False
    declines: Callable[[Any, ModelContext], str] = _takes_part
