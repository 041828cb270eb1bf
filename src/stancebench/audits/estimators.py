"""Estimators that see one thing of a judgement and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier

from stancebench.audits.topic_words import WORD
from stancebench.corpora.corpus import Corpus
from stancebench.models.conditioning import AllTargets
from stancebench.models.configs import TfidfSvmConfig
from stancebench.models.ngrams import features
from stancebench.models.spec import ModelContext
from stancebench.models.tfidf import svm

Labels = npt.NDArray[Any]
Cues = Callable[[pd.DataFrame], list[dict[str, str | float]]]
"""from rows of the judgement table to one mapping a row: words are one-hot, numbers stay numbers"""

NONE = "none"


def from_cues(cues: Cues, classifier: BaseEstimator) -> AllTargets:
    """Return a classifier of a few named cues, such as the holder or the length."""
    steps = [("cues", FunctionTransformer(cues)), ("columns", DictVectorizer()), ("classifier", classifier)]
    return AllTargets(Pipeline(steps))


def columns(*names: str) -> Cues:
    """Return cues that are columns of the table."""

    def cues(rows: pd.DataFrame) -> list[dict[str, str | float]]:
        return [dict(zip(names, values, strict=True)) for values in zip(*(rows[n] for n in names), strict=True)]

    return cues


def lengths(rows: pd.DataFrame) -> list[dict[str, str | float]]:
    """Return the numbers of characters and of words."""
    return [{"characters": float(len(t)), "words": float(len(t.split()))} for t in rows["text"]]


def categorical() -> LogisticRegression:
    """Return the classifier of one-hot cues; each class weighs the same."""
    return LogisticRegression(class_weight="balanced", max_iter=2_000)


def numeric() -> DecisionTreeClassifier:
    """Return the classifier of numbers, which need not rise or fall with a class."""
    return DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, class_weight="balanced", random_state=0)


def target_blind(corpus: Corpus) -> AllTargets:
    """Return the project's TF-IDF and linear SVM, which is not told the target.

    Where targets are open it is the plainest one, of single words: texts are long, by the thousand, and often repeated.
    """
    config = (
        TfidfSvmConfig(word_ngrams=[1, 1], char_ngrams=[], balanced=False) if corpus.open_targets else TfidfSvmConfig()
    )
    ngrams = features(config, ModelContext(corpus.targets, ("text",)))
    return AllTargets(Pipeline([("features", ngrams), ("classifier", svm(config))]))


class UnnamedIsNeutral(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The rule "no word of the target in the text, so none" on top of a model.

    Parameters
    ----------
    model : estimator
        asked where the target is named
    is_named : callable
        from rows of the judgement table to booleans
    """

    def __init__(self, model: BaseEstimator, is_named: Callable[[pd.DataFrame], npt.NDArray[np.bool_]]) -> None:
        self.model = model
        self.is_named = is_named

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        """Fit the model on all rows: the rule itself learns nothing."""
        self.model_ = clone(self.model).fit(X, y)
        self.classes_ = np.unique([*y, NONE])
        return self

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return none where the target is not named, else what the model says."""
        said = np.asarray(self.model_.predict(X), dtype=object)
        return np.where(self.is_named(X), said, NONE)


def verbs_in(verbs: Sequence[str]) -> Cues:
    """Return cues that are the reporting verbs of a text."""
    known = frozenset(verbs)

    def cues(rows: pd.DataFrame) -> list[dict[str, str | float]]:
        # A text without any still has a cue: that it has none.
        return [
            {f"verb {w}": 1.0 for w in sorted(known & set(WORD.findall(t.lower())))} or {"no verb": 1.0}
            for t in rows["text"]
        ]

    return cues
