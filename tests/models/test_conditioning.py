from __future__ import annotations

import copy
import pickle
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from stancebench.models.conditioning import AllTargets, CrossTarget, MarkTarget, PerTarget

Labels = npt.NDArray[Any]


def frame(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["text", "target"])


X = frame(("good", "sun"), ("good good", "moon"), ("bad", "sun"), ("bad good", "moon"), ("meh", "sun"), ("meh", "moon"))
Y = np.array(["favor", "against", "against", "against", "none", "favor"], dtype=object)


def words(sparse_threshold: float = 1.0) -> ColumnTransformer:
    return ColumnTransformer([("words", CountVectorizer(), "text")], sparse_threshold=sparse_threshold)


def test_each_target_has_a_copy_that_saw_only_its_rows() -> None:
    model = PerTarget(DummyClassifier(strategy="prior")).fit(X, Y)
    asked = frame(("whatever", "moon"), ("whatever", "sun"))
    assert model.classes_.tolist() == ["against", "favor", "none"]
    assert model.predict(asked).tolist()[0] == "against"
    assert model.predict_proba(asked) == pytest.approx(np.array([[2 / 3, 1 / 3, 0], [1 / 3, 1 / 3, 1 / 3]]))


class Witness(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Remembers the columns it was shown and answers with the text."""

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        self.classes_ = np.unique(y)
        self.columns_ = list(X.columns)
        return self

    def predict(self, X: pd.DataFrame) -> Labels:
        assert list(X.columns) == self.columns_
        return X["text"].to_numpy(dtype=object)


def test_the_copies_do_not_see_the_target() -> None:
    model = PerTarget(Witness()).fit(X.assign(holder="A"), Y)
    assert {target: est.columns_ for target, est in model.estimators_.items()} == {
        "moon": ["text", "holder"],
        "sun": ["text", "holder"],
    }


@given(st.lists(st.sampled_from(["sun", "moon"]), max_size=12), st.randoms(use_true_random=False))
def test_answers_come_in_the_order_asked(targets: list[str], random: Any) -> None:
    asked = frame(*((f"row {i}", t) for i, t in enumerate(targets)))
    index = list(range(len(asked)))
    random.shuffle(index)
    model = PerTarget(Witness()).fit(X, Y)
    assert model.predict(asked.set_axis(index, axis=0)).tolist() == list(asked["text"])


def test_a_target_without_training_rows_is_refused() -> None:
    model = PerTarget(DummyClassifier()).fit(X, Y)
    unseen = frame(("x", "sun"), ("x", "star"), ("x", "comet"))
    for ask in (model.predict, model.predict_proba):
        with pytest.raises(ValueError, match=r"^no training rows for target comet, star; seen: moon, sun$"):
            ask(unseen)


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (LogisticRegression(), True),
        (LinearSVC(), False),
        (Pipeline([("words", words()), ("classifier", LogisticRegression())]), True),
        (Pipeline([("words", words()), ("classifier", LinearSVC())]), False),
    ],
)
def test_probabilities_exist_exactly_when_the_copies_have_them(estimator: BaseEstimator, expected: bool) -> None:
    model = PerTarget(estimator)
    assert hasattr(model, "predict_proba") == hasattr(copy.deepcopy(model), "predict_proba") == expected
    if not expected:
        with pytest.raises(AttributeError, match="'PerTarget' object has no attribute 'predict_proba'"):
            _ = model.predict_proba


def test_any_other_missing_attribute_is_missing() -> None:
    with pytest.raises(AttributeError, match="'PerTarget' object has no attribute 'decision_function'"):
        _ = PerTarget(LogisticRegression()).decision_function


def test_probabilities_are_those_of_each_copy() -> None:
    pipeline = Pipeline([("words", words()), ("classifier", LogisticRegression())])
    model = PerTarget(pipeline).fit(X, Y)
    p = model.predict_proba(X)
    for target in ("sun", "moon"):
        mine = (X["target"] == target).to_numpy()
        alone = clone(pipeline).fit(X[mine], Y[mine])
        columns = [model.classes_.tolist().index(c) for c in alone.classes_]
        assert p[mine][:, columns] == pytest.approx(alone.predict_proba(X[mine]))
    assert p.sum(axis=1) == pytest.approx(np.ones(len(X)))
    assert (model.classes_[p.argmax(axis=1)] == model.predict(X)).all()


def test_a_fitted_per_target_model_can_be_pickled() -> None:
    model = PerTarget(LogisticRegression()).fit(pd.DataFrame({"n": [0, 1, 2, 3], "target": ["sun"] * 4}), Y[:4])
    again = pickle.loads(pickle.dumps(model))
    asked = pd.DataFrame({"n": [0, 3], "target": ["sun", "sun"]})
    assert np.array_equal(again.predict_proba(asked), model.predict_proba(asked))


def test_unfitted_models_say_so() -> None:
    with pytest.raises(NotFittedError, match="PerTarget instance is not fitted yet"):
        PerTarget(DummyClassifier()).predict(X)


PATTERNS = {"sun": r"(?<!\w)(?:the\ Sun|Sun)(?!\w)", "moon": r"(?<!\w)(?:Moon)(?!\w)"}


def test_marking_replaces_the_aliases_of_the_rows_target_and_nothing_else() -> None:
    rows = pd.DataFrame(
        {
            "text": ["A praised the Sun, not the Moon.", "A praised the Sun, not the Moon.", "Sunday, Sun and Sun."],
            "target": ["sun", "moon", "sun"],
            "holder": ["A", "A", "B"],
        },
        index=[7, 3, 5],
    )
    before = rows.copy()
    marked = MarkTarget(PATTERNS).fit(rows).transform(rows)
    assert list(marked["text"]) == [
        "A praised TARGET, not the Moon.",
        "A praised the Sun, not the TARGET.",
        "Sunday, TARGET and TARGET.",
    ]
    pd.testing.assert_frame_equal(marked.drop(columns="text"), before.drop(columns="text"))
    pd.testing.assert_frame_equal(rows, before)


def test_a_target_without_aliases_is_left_as_it_is() -> None:
    rows = frame(("the Sun and the Moon", "star"))
    assert list(MarkTarget(PATTERNS).fit_transform(rows)["text"]) == ["the Sun and the Moon"]


def test_crossed_features_are_shared_and_then_copied_for_each_target() -> None:
    crossed = CrossTarget(words()).fit(X, Y)
    # The words are bad, good and meh; blocks stand in the order shared, moon, sun.
    assert crossed.transform(frame(("good bad good", "sun"), ("meh", "moon"))).toarray().tolist() == [
        [1, 2, 0, 0, 0, 0, 1, 2, 0],
        [0, 0, 1, 0, 0, 1, 0, 0, 0],
    ]


def test_an_unseen_target_has_the_shared_features_only() -> None:
    crossed = CrossTarget(words()).fit(X, Y)
    assert crossed.transform(frame(("good bad", "star"))).toarray().tolist() == [[1, 1, 0, 0, 0, 0, 0, 0, 0]]


def test_fitting_and_transforming_at_once_is_the_same() -> None:
    at_once = CrossTarget(words()).fit_transform(X, Y)
    assert np.array_equal(at_once.toarray(), CrossTarget(words()).fit(X, Y).transform(X).toarray())


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_features_that_come_out_dense_are_crossed_too(threshold: float) -> None:
    rows = frame(("same words", "sun"), ("same words", "moon"))
    crossed = CrossTarget(words(threshold)).fit_transform(rows)
    assert crossed.toarray().tolist() == [[1, 1, 0, 0, 1, 1], [1, 1, 1, 1, 0, 0]]


@pytest.mark.parametrize(
    "estimator",
    [
        AllTargets(Pipeline([("words", words()), ("classifier", LinearSVC())])),
        PerTarget(Pipeline([("words", words()), ("classifier", LinearSVC())])),
        MarkTarget(PATTERNS),
        CrossTarget(words()),
    ],
)
def test_a_clone_is_the_same_unfitted_estimator(estimator: BaseEstimator) -> None:
    before = str(clone(estimator).get_params())
    fitted = clone(estimator).fit(X, Y)
    again = clone(fitted)
    assert str(again.get_params()) == before
    assert [name for name in vars(again) if name.endswith("_")] == []
    assert any(name.endswith("_") for name in vars(fitted))


def test_a_target_with_one_stance_in_train_keeps_it() -> None:
    X = pd.DataFrame({"text": ["good", "bad", "good", "bad"], "target": ["sun", "sun", "moon", "moon"]})
    y = np.array(["favor", "favor", "favor", "against"])
    model = PerTarget(
        Pipeline([("words", ColumnTransformer([("w", CountVectorizer(), "text")])), ("svm", LinearSVC())])
    )
    assert model.fit(X, y).predict(X).tolist() == ["favor", "favor", "favor", "against"]


def test_a_model_of_all_targets_is_the_estimator_fitted_on_all_rows() -> None:
    pipeline = Pipeline([("words", words()), ("classifier", LogisticRegression())])
    model, alone = AllTargets(pipeline).fit(X, Y), clone(pipeline).fit(X, Y)
    assert np.array_equal(model.predict(X), alone.predict(X))
    assert np.array_equal(model.predict_proba(X), alone.predict_proba(X))
    assert model.classes_.tolist() == alone.classes_.tolist()


@pytest.mark.parametrize("classifier", [LogisticRegression(), LinearSVC()])
def test_one_stance_in_train_is_said_of_all_targets(classifier: BaseEstimator) -> None:
    model = AllTargets(Pipeline([("words", words()), ("classifier", classifier)]))
    assert model.fit(X, np.full(len(X), "favor")).predict(X).tolist() == ["favor"] * len(X)
    assert model.classes_.tolist() == ["favor"]
    assert hasattr(model, "predict_proba") == hasattr(classifier, "predict_proba")
    if hasattr(model, "predict_proba"):
        assert model.predict_proba(X).tolist() == [[1.0]] * len(X)


def test_an_unfitted_model_of_all_targets_says_so() -> None:
    with pytest.raises(NotFittedError, match="AllTargets instance is not fitted yet"):
        AllTargets(DummyClassifier()).predict(X)
