"""Estimators that see one thing of a judgement and no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

Labels = npt.NDArray[Any]
Cues = Callable[[pd.DataFrame], list[dict[str, str | float]]]

NONE = "none"


class FromCues(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier of a few named cues, such as the holder or the length.

    Parameters
    ----------
    cues : callable
        from rows of the judgement table to one mapping a row: words are one-hot, numbers stay numbers
    classifier : estimator
        fitted on the cues; a constant takes its place where train has one class
    """

    def __init__(self, cues: Cues, classifier: BaseEstimator) -> None:
        self.cues = cues
        self.classifier = classifier

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        """Learn which cues go with which class."""
        self.classes_ = np.unique(y)
        classifier = clone(self.classifier) if len(self.classes_) > 1 else DummyClassifier(strategy="most_frequent")
        self.pipeline_ = Pipeline([("cues", DictVectorizer()), ("classifier", classifier)])
        self.pipeline_.fit(self.cues(X), y)
        return self

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return a class for each row."""
        return np.asarray(self.pipeline_.predict(self.cues(X)), dtype=object)


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


class FromText(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A linear SVM over n-grams of the text, which is not told the target.

    Parameters
    ----------
    word_ngrams, char_ngrams : tuple of int
        shortest and longest n-gram; those of characters stay within words
    min_df : int
        texts an n-gram must stand in
    balanced : bool
        whether each class weighs the same
    """

    def __init__(
        self,
        word_ngrams: tuple[int, int] = (1, 2),
        char_ngrams: tuple[int, int] | None = (2, 5),
        min_df: int = 1,
        *,
        balanced: bool = True,
    ) -> None:
        self.word_ngrams = word_ngrams
        self.char_ngrams = char_ngrams
        self.min_df = min_df
        self.balanced = balanced

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        """Learn n-grams and weights."""
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            self.pipeline_ = DummyClassifier(strategy="most_frequent").fit(np.zeros((len(y), 1)), y)
            return self
        shared: Mapping[str, Any] = {"sublinear_tf": True, "min_df": self.min_df}
        parts = [("words", TfidfVectorizer(ngram_range=self.word_ngrams, **shared))]
        if self.char_ngrams:
            parts.append(("chars", TfidfVectorizer(analyzer="char_wb", ngram_range=self.char_ngrams, **shared)))
        svm = LinearSVC(class_weight="balanced" if self.balanced else None, random_state=0, max_iter=10_000)
        self.pipeline_ = Pipeline([("ngrams", FeatureUnion(parts)), ("classifier", svm)])
        self.pipeline_.fit(list(X["text"]), y)
        return self

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return a class for each row."""
        if len(self.classes_) < 2:
            return np.full(len(X), self.classes_[0], dtype=object)
        return np.asarray(self.pipeline_.predict(list(X["text"])), dtype=object)


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


WORD = re.compile(r"[^\W_]+")


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
