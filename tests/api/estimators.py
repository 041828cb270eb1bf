"""Estimators as strangers write them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder


def neighbours(*columns: str) -> Pipeline:
    """Return nearest neighbours over words and one-hot columns."""
    features = make_column_transformer(
        (CountVectorizer(binary=True), "text"), (OneHotEncoder(handle_unknown="ignore"), list(columns))
    )
    return make_pipeline(features, KNeighborsClassifier(3))


class Says(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Whatever it is told, in whatever form."""

    def __init__(self, what: str = "none", form: str = "array") -> None:
        self.what = what
        self.form = form

    def fit(self, X: pd.DataFrame, y: Any) -> Says:
        self.columns_ = list(X.columns)
        return self

    def predict(self, X: pd.DataFrame) -> Any:
        n = len(X)
        forms: dict[str, Any] = {
            "array": np.full(n, self.what),
            "list": [self.what] * n,
            "series": pd.Series([self.what] * n),
            "numbers": np.arange(n) % 2,
            "short": [self.what] * (n - 1),
            "column": np.full((n, 1), self.what),
        }
        return forms[self.form]
