"""TF-IDF of n-grams with the centroid of the nearest angle."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

from stancebench.models.configs import NearestCentroidConfig
from stancebench.models.spec import ModelContext, ModelSpec
from stancebench.models.tfidf import conditioned, declines_per_target

Labels = npt.NDArray[Any]

DECIMALS = 12
"""of a cosine; what differs later is the order of summation, and no difference"""


class NearestCentroid(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The class whose mean direction makes the smallest angle with a row (Han and Karypis 2000).

    Scikit-learn's own measures Euclidean distance, which favours short centroids, hence spread-out classes, and it
    makes dense copies of all rows. Ties, and rows without any feature of train, go to the commoner class in train.
    """

    def fit(self, X: sparse.csr_matrix, y: Labels) -> Self:
        """Add up the directions of each class's rows."""
        unit = normalize(sparse.csr_matrix(X, dtype=np.float64))
        names, place, counts = np.unique(np.asarray(y), return_inverse=True, return_counts=True)
        members = sparse.csr_matrix((np.ones(len(place)), (place, np.arange(len(place)))))
        self.classes_ = names
        self.centroids_ = normalize(members @ unit)
        self.commonest_first_ = np.argsort(-counts, kind="stable")
        return self

    def predict(self, X: sparse.csr_matrix) -> Labels:
        """Return the class of the nearest centroid."""
        check_is_fitted(self)
        cosines = (normalize(sparse.csr_matrix(X, dtype=np.float64)) @ self.centroids_.T).toarray()
        order = self.commonest_first_
        said: Labels = self.classes_[order[np.round(cosines[:, order], DECIMALS).argmax(axis=1)]]
        return said


def _build(config: NearestCentroidConfig, context: ModelContext) -> BaseEstimator:
    return conditioned(config, context, NearestCentroid())


NEAREST_CENTROID = ModelSpec(
    "nearest_centroid",
    1,
    NearestCentroidConfig,
    _build,
    "TF-IDF word and character n-grams, nearest centroid by cosine",
    declines=declines_per_target,
)
