"""A model of stancebench in a package of its own: every known word of a sentence votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin

from stancebench.errors import UsageError
from stancebench.models import ModelConfig, ModelContext, ModelSpec

EVERY = ""
"""stands for all targets together, for a target that was not in train"""


@dataclass
class WordVotesConfig(ModelConfig):
    """What can be set after ``model.``."""

    alpha: float = 1.0
    """how much the commonness of a stance counts beside a word's own votes; greater than 0"""

    min_count: int = 2
    """training rows a word must stand in"""


class WordVotes(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Every known word of a text votes for the stances it went with in train, for this target."""

    def __init__(self, alpha: float = 1.0, min_count: int = 2) -> None:
        self.alpha = alpha
        self.min_count = min_count

    def fit(self, X: pd.DataFrame, y: Any) -> Self:
        """Count the stances of every word."""
        self.classes_, stances = np.unique(y, return_inverse=True)
        one = np.eye(len(self.classes_))
        self.stances_: dict[str, Any] = {}
        self.words_: dict[tuple[str, str], Any] = {}
        for text, target, stance in zip(X["text"], X["target"], stances, strict=True):
            for which in (target, EVERY):
                self.stances_[which] = self.stances_.get(which, 0) + one[stance]
                for word in words(text):
                    self.words_[which, word] = self.words_.get((which, word), 0) + one[stance]
        return self

    def predict_proba(self, X: pd.DataFrame) -> Any:
        """Return the share of each stance, in the order of ``classes_``."""
        log = np.array([self._log_votes(*row) for row in zip(X["text"], X["target"], strict=True)])
        share = np.exp(log - log.max(axis=1, keepdims=True))
        return share / share.sum(axis=1, keepdims=True)

    def _log_votes(self, text: str, target: str) -> Any:
        which = target if target in self.stances_ else EVERY
        prior = (self.stances_[which] + 1) / (self.stances_[which] + 1).sum()
        counts = [self.words_[which, word] for word in sorted(words(text)) if (which, word) in self.words_]
        votes = [(n + self.alpha * prior) / (n.sum() + self.alpha) for n in counts if n.sum() >= self.min_count]
        return np.log(prior) + sum((np.log(vote / prior) for vote in votes), np.zeros(len(prior)))

    def predict(self, X: pd.DataFrame) -> Any:
        """Return the stance with the largest share."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


def words(text: str) -> set[str]:
    """Return the distinct words of a text in lower case."""
    return set(text.lower().split())


def build(config: WordVotesConfig, context: ModelContext) -> BaseEstimator:
    """Return a fresh estimator."""
    if config.alpha <= 0:
        raise UsageError(f"model.alpha: a number greater than 0 is expected, got {config.alpha}.")
    return WordVotes(config.alpha, config.min_count)


WORD_VOTES = ModelSpec("word_votes", 1, WordVotesConfig, build, "every known word of a sentence votes")
