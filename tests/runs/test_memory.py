from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer, MaxAbsScaler, OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

from stancebench.corpora.corpus import Corpus
from stancebench.models.conditioning import CrossTarget, MarkTarget, PerTarget
from stancebench.models.configs import Conditioning, ConditioningConfig, TfidfSvmConfig
from stancebench.models.spec import ModelContext
from stancebench.models.tfidf import TFIDF_SVM
from stancebench.runs.memory import KEPT, SharedMemory, ignores_y, share
from stancebench.tasks import INPUTS

Labels = npt.NDArray[Any]

TEXTS = ["good", "good day", "bad", "bad day", "good night", "bad night", "day", "night", "good bad", "meh day"]
X = pd.DataFrame({"text": [f"{t} {t[::-1]}" for t in TEXTS] * 2, "target": ["sun"] * 10 + ["moon"] * 10})
Y = np.array(["favor", "favor", "against", "against", "favor", "against", "none", "none", "favor", "none"] * 2)
# Both targets have the same texts; their stances differ.
Y[10:] = np.roll(Y[10:], 3)


def text(part: BaseEstimator) -> ColumnTransformer:
    return ColumnTransformer([("text", part, "text")], sparse_threshold=1.0)


def classified(*steps: BaseEstimator) -> Pipeline:
    named = [(f"step{i}", step) for i, step in enumerate(steps)]
    return Pipeline([*named, ("classifier", LinearSVC(random_state=0))])


def decisions(model: Pipeline) -> npt.NDArray[np.float64]:
    values: npt.NDArray[np.float64] = model.decision_function(X)
    return values


def first_words(rows: pd.DataFrame) -> pd.Series[str]:
    return rows["text"].str.split().str[0]


class AddCounted(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Passes its input on and keeps count of how often it was fitted."""

    fitted = 0

    def fit(self, X: Any, y: Labels | None = None) -> Self:
        type(self).fitted += 1
        self.fitted_ = True
        return self

    def transform(self, X: Any) -> Any:
        return X


class Scaled(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Multiplies by a factor that is told when it is fitted."""

    def fit(self, X: Any, y: Labels | None = None, factor: float = 1.0) -> Self:
        self.factor_ = factor
        return self

    def transform(self, X: Any) -> Any:
        return X * self.factor_


class PolarWords(CountVectorizer):  # type: ignore[misc]
    """A vectoriser that does look at y: its vocabulary is the words of the texts in favor."""

    def fit_transform(self, raw_documents: Any, y: Labels | None = None) -> Any:
        assert y is not None
        super().fit_transform([d for d, s in zip(raw_documents, y, strict=True) if s == "favor"])
        return self.transform(raw_documents)


BUILDERS: dict[str, Callable[[], Pipeline]] = {
    "vectoriser": lambda: classified(text(TfidfVectorizer())),
    "selection": lambda: classified(text(CountVectorizer()), SelectKBest(chi2, k=3)),
    "marked": lambda: classified(MarkTarget({"sun": "good", "moon": "bad"}), text(CountVectorizer())),
    "crossed": lambda: classified(CrossTarget(text(TfidfVectorizer()))),
    "looks at y": lambda: classified(FunctionTransformer(first_words), PolarWords()),
    "a pipeline inside": lambda: classified(text(Pipeline([("a", CountVectorizer()), ("b", MaxAbsScaler())]))),
    "pipelines side by side": lambda: classified(
        FeatureUnion([("one", Pipeline([("t", text(CountVectorizer()))])), ("two", text(TfidfVectorizer()))])
    ),
    "a lambda": lambda: classified(FunctionTransformer(lambda rows: rows["text"]), CountVectorizer()),
    "scaled in place": lambda: classified(
        text(CountVectorizer(dtype=np.float64)), StandardScaler(with_mean=False, copy=False)
    ),
    "scaled in place otherwise": lambda: classified(text(CountVectorizer(dtype=np.float64)), MaxAbsScaler(copy=False)),
}


@pytest.mark.parametrize("name", BUILDERS)
def test_shared_pipelines_decide_as_they_do_alone(name: str) -> None:
    alone = decisions(BUILDERS[name]().fit(X, Y))
    memory = SharedMemory()
    for _ in range(3):
        model = share(BUILDERS[name](), memory).fit(X, Y)
        for _ in range(2):
            assert np.array_equal(decisions(model), alone)


def test_pipelines_of_different_kinds_do_not_disturb_each_other() -> None:
    alone = {name: decisions(build().fit(X, Y)) for name, build in BUILDERS.items() if "in place" in name}
    memory = SharedMemory()
    for name in [*alone, *alone]:
        assert np.array_equal(decisions(share(BUILDERS[name](), memory).fit(X, Y)), alone[name]), name


@pytest.mark.parametrize("inputs", list(INPUTS))
@pytest.mark.parametrize("how", list(Conditioning))
def test_built_in_text_models_predict_the_same_with_and_without_sharing(
    synthetic: Corpus, inputs: str, how: Conditioning
) -> None:
    table, columns = synthetic.table, list(INPUTS[inputs])
    train, test = table[table["split"] == "train"], table[table["split"] == "test"]
    memory = SharedMemory()

    def said(cost: float, memory: SharedMemory | None) -> list[str]:
        config = TfidfSvmConfig(name="tfidf_svm", C=cost, char_ngrams=[3, 3], conditioning=ConditioningConfig(how))
        model = TFIDF_SVM.build(config, ModelContext(synthetic.targets, INPUTS[inputs]))
        model = model if memory is None else share(model, memory)
        return [str(s) for s in model.fit(train[columns], train["stance"].to_numpy()).predict(test[columns])]

    costs = (0.1, 1.0, 10.0)
    assert [said(c, memory) for c in costs] == [said(c, None) for c in costs]
    estimators = len(costs) * (len(synthetic.targets) if how is Conditioning.per_target else 1)
    steps = 2 if how is Conditioning.marked else 1
    # Copies per target see the same texts, so that one set of features serves them all.
    assert (memory.fits, memory.fits + memory.hits) == (steps, steps * estimators)


def test_the_same_transformer_on_the_same_rows_is_fitted_once() -> None:
    AddCounted.fitted = 0
    memory = SharedMemory()
    for cost in (0.1, 1.0, 10.0):
        model = Pipeline([("count", AddCounted()), ("words", text(CountVectorizer())), ("svm", LinearSVC(C=cost))])
        share(model, memory).fit(X, Y)
    assert AddCounted.fitted == 1
    assert (memory.fits, memory.hits) == (2, 4)


@pytest.mark.parametrize(
    "other",
    [
        lambda memory: share(classified(text(CountVectorizer(min_df=2))), memory).fit(X, Y),
        lambda memory: share(classified(text(TfidfVectorizer())), memory).fit(X, Y),
        lambda memory: share(classified(text(CountVectorizer())), memory).fit(X.iloc[1:], Y[1:]),
        lambda memory: share(classified(text(CountVectorizer())), memory).fit(X.rename(columns={"target": "t"}), Y),
    ],
)
def test_other_parameters_kinds_or_rows_are_fitted_anew(other: Callable[[SharedMemory], object]) -> None:
    memory = SharedMemory()
    share(classified(text(CountVectorizer())), memory).fit(X, Y)
    other(memory)
    assert (memory.fits, memory.hits) == (2, 0)


def test_what_a_step_is_told_when_it_is_fitted_counts_too() -> None:
    memory = SharedMemory()

    def said(factor: float, memory: SharedMemory | None) -> npt.NDArray[np.float64]:
        model = classified(text(CountVectorizer(dtype=np.float64)), Scaled()).set_params(memory=memory)
        return decisions(model.fit(X, Y, step1__factor=factor))

    for factor in (1.0, 0.01, 1.0):
        assert np.array_equal(said(factor, memory), said(factor, None))
    assert memory.fits == 3


@pytest.mark.parametrize("name", ["a pipeline inside", "pipelines side by side"])
def test_a_transformer_that_holds_a_pipeline_is_fitted_once_too(name: str) -> None:
    memory = SharedMemory()
    share(BUILDERS[name](), memory).fit(X, Y)
    fits = memory.fits
    share(BUILDERS[name](), memory).fit(X, Y)
    assert memory.fits == fits


def test_targets_share_what_does_not_look_at_their_stances() -> None:
    aligned = pd.concat([X.iloc[:10], X.iloc[:10].assign(target="moon")])
    memory = SharedMemory()
    share(PerTarget(classified(text(TfidfVectorizer()))), memory).fit(aligned, Y)
    assert (memory.fits, memory.hits) == (1, 1)


def test_targets_do_not_share_what_is_chosen_by_their_stances() -> None:
    aligned = pd.concat([X.iloc[:10], X.iloc[:10].assign(target="moon")])
    memory = SharedMemory()
    model = share(PerTarget(classified(text(CountVectorizer()), SelectKBest(chi2, k=2))), memory).fit(aligned, Y)
    # The words are counted once; each target chooses its own.
    assert (memory.fits, memory.hits) == (3, 1)
    chosen = {t: est.named_steps["step1"].get_support().tolist() for t, est in model.estimators_.items()}
    assert chosen["sun"] != chosen["moon"]


class MarkPolar(MarkTarget):
    """A transformer that may look at y, of one that does not."""


@pytest.mark.parametrize(
    ("transformer", "expected"),
    [
        (CountVectorizer(), True),
        (TfidfVectorizer(), True),
        (OneHotEncoder(), True),
        (MarkTarget({}), True),
        (CrossTarget(text(TfidfVectorizer())), True),
        (CrossTarget(text(SelectKBest())), False),
        (text(TfidfVectorizer()), True),
        (ColumnTransformer([("a", "drop", "text"), ("b", "passthrough", "text")]), True),
        (ColumnTransformer([("a", TfidfVectorizer(), "text"), ("b", SelectKBest(), "text")]), False),
        (ColumnTransformer([("a", TfidfVectorizer(), "text")], remainder=SelectKBest()), False),
        (SelectKBest(), False),
        (MarkPolar({}), False),
        (AddCounted(), False),
        (PolarWords(), False),
    ],
)
def test_only_what_certainly_ignores_y_is_said_to(transformer: BaseEstimator, expected: bool) -> None:
    assert ignores_y(transformer) == expected


def test_what_was_left_longest_ago_goes_first_and_is_fitted_again() -> None:
    memory = SharedMemory()

    def counted(size: int) -> Pipeline:
        return classified(text(CountVectorizer(max_features=size)))

    sizes = range(1, KEPT + 2)
    for size in sizes:
        share(counted(size), memory).fit(X, Y)
    assert (memory.fits, memory.hits) == (KEPT + 1, 0)
    share(counted(sizes[-1]), memory).fit(X, Y)
    assert (memory.fits, memory.hits) == (KEPT + 1, 1)
    again = share(counted(sizes[0]), memory).fit(X, Y)
    assert (memory.fits, memory.hits) == (KEPT + 2, 1)
    assert np.array_equal(decisions(again), decisions(counted(sizes[0]).fit(X, Y)))


def test_a_copy_of_the_memory_is_the_memory() -> None:
    memory = SharedMemory()
    assert copy.deepcopy(memory) is memory
    assert clone(share(classified(text(CountVectorizer())), memory)).memory is memory


def test_a_pipeline_with_a_memory_of_its_own_keeps_it(tmp_path: Any) -> None:
    own = classified(text(CountVectorizer())).set_params(memory=str(tmp_path))
    assert share(own, SharedMemory()).memory == str(tmp_path)


def test_pipelines_inside_other_estimators_share_too() -> None:
    memory = SharedMemory()
    model = share(PerTarget(classified(text(CountVectorizer()))), memory)
    assert model.estimator.memory is memory


def test_an_estimator_without_a_pipeline_is_left_alone() -> None:
    svm = LinearSVC()
    assert share(svm, SharedMemory()) is svm
