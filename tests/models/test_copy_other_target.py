from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.exceptions import NotFittedError

from stancebench.corpora.corpus import Corpus
from stancebench.errors import UsageError
from stancebench.models.configs import CopyOtherTargetConfig
from stancebench.models.copy_other_target import COPY_OTHER_TARGET, CopyOtherTarget
from stancebench.models.spec import ModelContext
from stancebench.runs.evaluation import fit_predict, prepare
from stancebench.tasks import INPUTS, Task

Labels = npt.NDArray[Any]


class Words(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Remembers the stance of each text; any other text is none."""

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        self.classes_ = np.unique(y)
        self.known_ = dict(zip(X["text"], y, strict=True))
        return self

    def predict(self, X: pd.DataFrame) -> Labels:
        return np.array([self.known_.get(text, "none") for text in X["text"]], dtype=object)


def frame(*rows: tuple[str, str, str]) -> tuple[pd.DataFrame, Labels]:
    table = pd.DataFrame(list(rows), columns=["text", "target", "stance"])
    return table[["text", "target"]], table["stance"].to_numpy(dtype=object)


# Of the other targets' dev rows, moon's model gets all, star's half, sun's none.
TRAIN = frame(
    ("up", "sun", "against"),
    ("down", "sun", "favor"),
    ("up", "moon", "favor"),
    ("down", "moon", "against"),
    ("up", "star", "favor"),
    ("down", "star", "favor"),
)
DEV = frame(("up", "sun", "favor"), ("down", "star", "against"), ("up", "star", "favor"), ("down", "moon", "against"))
ASKED = frame(("up", "comet", ""), ("down", "comet", ""), ("up", "sun", ""))[0]


def test_an_unseen_target_is_answered_by_the_model_that_is_best_on_other_targets_dev_rows() -> None:
    model = CopyOtherTarget(Words()).fit(*TRAIN, X_dev=DEV[0], y_dev=DEV[1])
    assert model.copied_ == "moon"
    assert model.predict(ASKED).tolist() == ["favor", "against", "against"]
    # moon on sun and star: all right. star on sun and moon: favor 2/3, against 0. sun on moon and star: nothing right.
    assert model.scores_ == pytest.approx({"moon": 1.0, "star": 1 / 3, "sun": 0.0})


def test_rows_of_none_stay_in_and_make_false_positives() -> None:
    more = frame(*((t, "sun", "none") for t in ("up", "up", "down")))
    dev = pd.concat([DEV[0], more[0]], ignore_index=True), np.concatenate([DEV[1], more[1]])
    model = CopyOtherTarget(Words()).fit(*TRAIN, X_dev=dev[0], y_dev=dev[1])
    # favor: 2 right, 2 wrong, 0 missed; against: 1 right, 1 wrong, 0 missed.
    assert model.scores_["moon"] == pytest.approx((4 / 6 + 2 / 3) / 2)


def test_its_own_dev_rows_do_not_count() -> None:
    # On all dev rows sun's model would win.
    sun = frame(*[("up", "sun", "against"), ("down", "sun", "favor")] * 20)
    dev = pd.concat([DEV[0], sun[0]], ignore_index=True), np.concatenate([DEV[1], sun[1]])
    assert CopyOtherTarget(Words()).fit(*TRAIN, X_dev=dev[0], y_dev=dev[1]).scores_["sun"] == 0


def test_dev_rows_of_a_target_without_training_rows_do_not_count() -> None:
    comet = frame(*[("up", "comet", "against"), ("down", "comet", "favor")] * 20)
    dev = pd.concat([DEV[0], comet[0]], ignore_index=True), np.concatenate([DEV[1], comet[1]])
    assert CopyOtherTarget(Words()).fit(*TRAIN, X_dev=dev[0], y_dev=dev[1]).copied_ == "moon"


@pytest.mark.parametrize("dev", [{}, {"X_dev": DEV[0][:0], "y_dev": DEV[1][:0]}])
def test_without_dev_rows_those_of_train_stand_in(dev: dict[str, Any]) -> None:
    model = CopyOtherTarget(Words()).fit(*TRAIN, **dev)
    # star on sun and moon: favor 2 right, 2 wrong, against 2 missed; moon on sun and star: 1 right of 4.
    assert model.scores_ == pytest.approx({"moon": (2 * 1 / (2 * 1 + 1 + 2)) / 2, "star": (4 / 6) / 2, "sun": 1 / 5})
    assert model.copied_ == "star"


def test_the_only_training_target_is_copied() -> None:
    sun = (TRAIN[0]["target"] == "sun").to_numpy()
    model = CopyOtherTarget(Words()).fit(TRAIN[0][sun], TRAIN[1][sun], X_dev=DEV[0], y_dev=DEV[1])
    assert model.copied_ == "sun"
    assert model.predict(ASKED).tolist() == ["against", "favor", "against"]


def test_among_equals_the_first_name_is_copied() -> None:
    train = frame(("up", "sun", "favor"), ("up", "star", "favor"), ("up", "moon", "favor"))
    assert CopyOtherTarget(Words()).fit(*train).copied_ == "moon"


def test_it_is_told_dev_by_the_runner(synthetic: Corpus) -> None:
    config = CopyOtherTargetConfig(name="copy_other_target", word_ngrams=[1, 1], char_ngrams=[])
    built = []

    def build() -> BaseEstimator:
        model = COPY_OTHER_TARGET.build(config, ModelContext(synthetic.targets, INPUTS["text"]))
        built.append(model)
        return model

    prepared = prepare(synthetic, Task(inputs="text"), "official")
    # What is said of a target that is not named does carry over.
    nameless = prepared.rows["text"].str.replace("Sun|Moon", "other", regex=True)
    prepared = replace(prepared, rows=prepared.rows.assign(text=nameless))
    fit_predict(build, prepared)
    (fold,) = prepared.folds
    parts = [prepared.rows.iloc[rows] for rows in (fold.train, fold.dev)]
    train, dev = ((p[["text", "target"]], p["stance"].to_numpy(dtype=object)) for p in parts)
    with_dev = clone(built[0]).fit(*train, X_dev=dev[0], y_dev=dev[1])
    assert built[0].scores_ == with_dev.scores_ != clone(built[0]).fit(*train).scores_


def test_values_out_of_range_are_refused() -> None:
    for values, key in (({"C": 0.0}, "C"), ({"min_df": 0}, "min_df")):
        config = CopyOtherTargetConfig(name="copy_other_target", **values)
        with pytest.raises(UsageError, match=rf"^model\.{key}: a number greater than 0 is expected, got 0"):
            COPY_OTHER_TARGET.build(config, ModelContext((), INPUTS["text"]))


def test_an_unfitted_one_says_so() -> None:
    with pytest.raises(NotFittedError):
        CopyOtherTarget(Words()).predict(ASKED)
