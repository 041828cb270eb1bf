from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.schema import Target
from stancebench.models.configs import Conditioning, ConditioningConfig, StackedConfig
from stancebench.models.holder_prior import HolderPrior
from stancebench.models.prior import inner_folds
from stancebench.models.spec import ModelContext
from stancebench.models.stacked import STACKED, Stacked
from stancebench.tasks import Task
from stancebench.vocabulary import STANCES

Labels = npt.NDArray[Any]
SUN = Target(id="sun", name="the Sun", definition="a star", explicit=("Sun",))
COLUMNS = ["text", "target", "holder", "bloc"]


class Memory(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Knows the stance of every text it was fitted on, and of no other."""

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        assert list(X.columns) == ["text", "target"]
        self.classes_ = np.unique(y)
        self.known_ = dict(zip(X["text"], y, strict=True))
        return self

    def predict_proba(self, X: pd.DataFrame) -> npt.NDArray[np.float64]:
        flat = np.full(len(self.classes_), 1 / len(self.classes_))
        said = [self.known_.get(text) for text in X["text"]]
        return np.array([flat if s is None else (self.classes_ == s).astype(float) for s in said])


class Shown(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Keeps what it was fitted on."""

    def fit(self, X: npt.NDArray[np.float64], y: Labels) -> Self:
        self.classes_ = np.unique(y)
        self.X_ = X
        return self

    def predict(self, X: npt.NDArray[np.float64]) -> Labels:
        return np.array([STANCES[i] for i in X[:, :3].argmax(axis=1)], dtype=object)

    def predict_proba(self, X: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.full((len(X), len(self.classes_)), 1 / len(self.classes_))


def rows(n: int) -> tuple[pd.DataFrame, Labels, Labels]:
    X = pd.DataFrame(
        [(f"Sun {i}", "sun", "ABC"[i % 3], "EAST") for i in range(n)],
        columns=COLUMNS,
    )
    y = np.array([STANCES[i % 3] for i in range(n)], dtype=object)
    return X, y, np.array([f"unit {i // 2}" for i in range(n)], dtype=object)


def test_the_combiner_sees_only_what_the_two_say_of_rows_they_had_not_seen() -> None:
    X, y, groups = rows(60)
    model = Stacked(Memory(), HolderPrior((SUN,)), Shown()).fit(X, y, groups=groups)
    shown = model.combiner_.X_
    # The memory knows nothing of an unseen text.
    assert shown[:, :3] == pytest.approx(np.full((60, 3), 1 / 3))
    folds = inner_folds(list(groups))
    for k in set(folds):
        out, rest = folds == k, folds != k
        prior = HolderPrior((SUN,)).fit(X[rest], y[rest], groups=groups[rest])
        assert shown[out, 3:] == pytest.approx(prior.predict_proba(X[out]))
    # Refitted on all of train, it knows every text.
    assert model.predict(X).tolist() == y.tolist()


def test_without_groups_each_distinct_text_is_a_unit() -> None:
    X, y, _ = rows(30)
    alone = Stacked(Memory(), HolderPrior((SUN,)), Shown()).fit(X, y)
    told = Stacked(Memory(), HolderPrior((SUN,)), Shown()).fit(X, y, groups=X["text"].to_numpy(dtype=object))
    assert np.array_equal(alone.combiner_.X_, told.combiner_.X_)


def test_what_stands_in_one_inner_fold_only_is_uniform_there() -> None:
    X, y, _ = rows(6)
    model = Stacked(Memory(), HolderPrior((SUN,)), Shown()).fit(X, y, groups=np.array(["one unit"] * 6, dtype=object))
    assert np.array_equal(model.combiner_.X_, np.full((6, 6), 1 / 3))
    # A target that is met in one unit only, beside one that is met everywhere.
    X, y, groups = rows(40)
    X.loc[:1, "target"] = "moon"
    model = Stacked(Memory(), HolderPrior((SUN,)), Shown()).fit(X, y, groups=groups)
    assert np.array_equal(model.combiner_.X_[:2], np.full((2, 6), 1 / 3))


def test_a_stance_that_an_inner_train_lacks_has_probability_0_there() -> None:
    X, _, groups = rows(40)
    y = np.array(["favor", "against"] * 20, dtype=object)
    y[0] = "none"
    model = Stacked(Memory(), HolderPrior((SUN,)), Shown()).fit(X, y, groups=groups)
    shown = model.combiner_.X_
    assert shown[:, :3].sum(axis=1) == pytest.approx(np.ones(40))
    assert shown[0, STANCES.index("none")] == 0


def test_the_text_counts_where_the_prior_is_silent_and_the_prior_where_the_text_is(synthetic: Corpus) -> None:
    table, columns = synthetic.table, Task().columns
    train, test = table[table["split"] == "train"], table[table["split"] == "test"]
    config = StackedConfig(
        name="stacked",
        word_ngrams=[1, 1],
        char_ngrams=[],
        C=10.0,
        conditioning=ConditioningConfig(Conditioning.marked),
    )
    model = STACKED.build(config, ModelContext(synthetic.targets, tuple(columns)))
    y, gold = (part["stance"].to_numpy(dtype=object) for part in (train, test))
    model.fit(train[columns], y, groups=train["group"].to_numpy(dtype=object))
    prior = HolderPrior(synthetic.targets).fit(train[columns], y)
    # Holders follow their habit in three cases of four; words tell the rest.
    assert np.mean(model.predict(test[columns]) == gold) > np.mean(prior.predict(test[columns]) == gold)
    # Who speaks, and nothing else, tells these apart.
    X = pd.DataFrame([("The Sun.", "sun", "AB"[i % 2], "EAST") for i in range(40)], columns=COLUMNS)
    stance = np.array(["favor", "against"] * 20, dtype=object)
    model.fit(X, stance, groups=np.array([str(i) for i in range(40)], dtype=object))
    assert model.predict(X).tolist() == stance.tolist()


@pytest.mark.parametrize("how", list(Conditioning))
def test_the_config_reaches_the_text_part_which_is_not_told_the_holder(synthetic: Corpus, how: Conditioning) -> None:
    config = StackedConfig(name="stacked", C=0.5, balanced=False, conditioning=ConditioningConfig(how))
    params = STACKED.build(config, ModelContext(synthetic.targets, tuple(COLUMNS))).get_params()
    assert params["text__estimator__classifier__C"] == 0.5
    assert params["text__estimator__classifier__class_weight"] is params["combiner__class_weight"] is None
    assert not any("holder" in name for name in params)


def test_an_unfitted_one_says_so() -> None:
    with pytest.raises(NotFittedError):
        Stacked(Memory(), HolderPrior((SUN,)), LogisticRegression()).predict(rows(3)[0])
