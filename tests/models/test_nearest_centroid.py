from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.exceptions import NotFittedError
from sklearn.neighbors import NearestCentroid as EuclideanCentroid

from stancebench.models.nearest_centroid import NearestCentroid


def said(train: list[list[float]], y: list[str], asked: list[list[float]]) -> list[str]:
    model = NearestCentroid().fit(sparse.csr_matrix(train), np.array(y, dtype=object))
    return [str(s) for s in model.predict(sparse.csr_matrix(asked))]


def test_the_nearest_angle_wins_not_the_nearest_point() -> None:
    train = [[1.0, 0.0], [10.0, 0.0], [0.0, 1.0]]
    assert said(train, ["favor", "favor", "against"], [[100.0, 1.0], [0.1, 0.2]]) == ["favor", "against"]


def test_a_row_counts_by_its_direction_not_by_its_length() -> None:
    # By length the second row would draw the centroid of favor to the second axis, beyond that of against.
    assert said([[1.0, 0.0], [0.0, 100.0], [1.0, 3.0]], ["favor", "favor", "against"], [[3.0, 4.0]]) == ["favor"]


def test_a_row_without_features_and_a_tie_go_to_the_commoner_class() -> None:
    train = [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    asked = [[0.0, 0.0], [1.0, 1.0]]
    assert said(train, ["against", "none", "none"], asked) == ["none", "none"]
    # Of equally common ones the first by name.
    assert said(train[:2], ["none", "favor"], asked) == ["favor", "favor"]


rows = st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=2, max_size=12)


@given(rows, st.data())
def test_it_is_the_largest_cosine_with_the_mean_of_unit_rows(train: list[list[int]], data: st.DataObject) -> None:
    y = np.array([data.draw(st.sampled_from(["favor", "against", "none"])) for _ in train], dtype=object)
    X = np.array(train, dtype=float)
    model = NearestCentroid().fit(sparse.csr_matrix(X), y)

    def unit(matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        return matrix / np.where(lengths == 0, 1, lengths)

    centroids = unit(np.array([unit(X)[y == c].mean(axis=0) for c in model.classes_]))
    cosines = unit(X) @ centroids.T
    chosen = np.searchsorted(model.classes_, model.predict(sparse.csr_matrix(X)))
    assert cosines[np.arange(len(X)), chosen] == pytest.approx(cosines.max(axis=1))


def test_classes_of_equally_long_centroids_are_those_of_the_euclidean_one() -> None:
    X = np.array([[2.0, 1.0, 0.1], [2.0, 0.1, 1.0], [1.0, 2.0, 0.1], [0.1, 2.0, 1.0]])
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    y = np.array(["favor", "favor", "against", "against"])
    asked = np.array([[3.0, 1.0, 0.0], [0.0, 1.0, 0.5], [1.0, 1.1, 5.0]])
    theirs = EuclideanCentroid().fit(X, y).predict(asked / np.linalg.norm(asked, axis=1, keepdims=True))
    assert said(X.tolist(), y.tolist(), asked.tolist()) == theirs.tolist()


def test_an_unfitted_one_says_so() -> None:
    with pytest.raises(NotFittedError):
        NearestCentroid().predict(sparse.csr_matrix([[1.0]]))
