"""Every built-in model passes; each check fails for a model that breaks it."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline

from stancebench.config.compose import model_choice
from stancebench.models import ModelConfig, ModelContext, ModelSpec, model_spec
from stancebench.models.conformance import OF_THE_DECLARATION, OF_THE_MODEL, Result, check_declaration, check_model
from stancebench.models.made_up import made_up_rows
from stancebench.models.registry import BUILT_IN
from stancebench.vocabulary import STANCES


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        *((name, []) for name in sorted({*BUILT_IN} - {"stacked"})),
        # Each fit of it is six fits of its text part: without the many n-grams of characters.
        ("stacked", ["model.char_ngrams=[]"]),
        ("majority", ["model.per_target=true"]),
        ("tfidf_svm", ["model/conditioning=marked"]),
        ("tfidf_svm", ["model/conditioning=crossed"]),
    ],
)
def test_every_built_in_model_passes(name: str, settings: list[str]) -> None:
    spec = model_spec(name)
    results = [*check_declaration(spec), *check_model(spec, model_choice(name, settings))]
    assert [r for r in results if r.status == "failed"] == []
    assert [r for r in results if r.status == "warning"] == [] or spec.stochastic


@dataclass
class Config(ModelConfig):
    """Of the models of this file."""

    alpha: float = 1.0
    words: list[str] = field(default_factory=lambda: ["a"])


class Good(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Naive Bayes of words, a target standing before each."""

    def __init__(self, alpha: float = 1.0, seed: int = 0) -> None:
        self.alpha = alpha
        self.seed = seed

    def texts(self, X: Any) -> list[str]:
        return [
            " ".join(f"{target}{word}" for word in ["all", *text.split()])
            for text, target in zip(X["text"], X["target"], strict=True)
        ]

    def fit(self, X: Any, y: Any) -> Self:
        self.classes_ = np.unique(y)
        self.words_ = CountVectorizer(binary=True)
        self.bayes_ = MultinomialNB(alpha=self.alpha)
        self.bayes_.fit(self.words_.fit_transform(self.texts(X)), y)
        return self

    def predict(self, X: Any) -> Any:
        return self.bayes_.predict(self.words_.transform(self.texts(X)))

    def predict_proba(self, X: Any) -> Any:
        return self.bayes_.predict_proba(self.words_.transform(self.texts(X)))


def build(config: Config, context: ModelContext) -> BaseEstimator:
    return Good(config.alpha)


GOOD = ModelSpec("good", 1, Config, build, "a good model")


def examined(spec: ModelSpec) -> dict[str, Result]:
    return {r.check: r for r in check_model(spec, Config(name=spec.name))}


def of_class(kind: type, **changes: Any) -> ModelSpec:
    return replace(GOOD, build=lambda config, context: kind(config.alpha, context.seed), **changes)


def test_a_good_model_passes() -> None:
    results = [*check_declaration(GOOD), *check_model(GOOD, Config(name="good"))]
    assert [r for r in results if r.status != "ok"] == []
    assert len(results) == len(OF_THE_DECLARATION) + len(OF_THE_MODEL)


class FitReturnsNothing(Good):
    def fit(self, X: Any, y: Any) -> Any:
        super().fit(X, y)


class SaysNumbers(Good):
    def predict(self, X: Any) -> Any:
        return np.array([STANCES.index(s) for s in super().predict(X)])


class SaysNeutral(Good):
    def predict(self, X: Any) -> Any:
        return ["neutral"] * len(X)


class SaysTooLittle(Good):
    def predict(self, X: Any) -> Any:
        return super().predict(X)[:3]


class Unnormalised(Good):
    def predict_proba(self, X: Any) -> Any:
        return super().predict_proba(X) * 2


class Negative(Good):
    def predict_proba(self, X: Any) -> Any:
        return super().predict_proba(X) - 1


class MissingColumn(Good):
    def predict_proba(self, X: Any) -> Any:
        return super().predict_proba(X)[:, :2]


class ClassesAreNumbers(Good):
    def fit(self, X: Any, y: Any) -> Self:
        super().fit(X, y)
        self.classes_ = np.arange(3)
        return self


class ChangesItsParameter(Good):
    def __init__(self, alpha: float = 1.0, seed: int = 0) -> None:
        self.alpha = alpha + 1
        self.seed = seed


class Remembers(Good):
    def fit(self, X: Any, y: Any) -> Self:
        if not hasattr(self, "bayes_"):
            super().fit(X, y)
        return self


class Draws(Good):
    def fit(self, X: Any, y: Any) -> Self:
        self.random_ = np.random.default_rng()
        return super().fit(X, y)

    def predict(self, X: Any) -> Any:
        return self.random_.choice(STANCES, size=len(X))


class UsesTheSeed(Good):
    def predict(self, X: Any) -> Any:
        return [STANCES[(len(t) + self.seed) % 3] for t in X["text"]]


class LooksAtNeighbours(Good):
    def predict(self, X: Any) -> Any:
        return [STANCES[i % 3] for i in range(len(X))]


class CountsTheTestRows(Good):
    def predict(self, X: Any) -> Any:
        return ["favor" if len(X) == 1 else "against"] * len(X)


class BelievesTheFirstRow(Good):
    def fit(self, X: Any, y: Any) -> Self:
        self.first_ = y[0]
        return super().fit(X, y)

    def predict(self, X: Any) -> Any:
        return [self.first_] * len(X)


class LowersInPlace(Good):
    def fit(self, X: Any, y: Any) -> Self:
        X["text"] = X["text"].str.lower()
        return super().fit(X, y)


class RelabelsInPlace(Good):
    def fit(self, X: Any, y: Any) -> Self:
        y[:] = "none"
        return super().fit(X, y)


class LowersTestInPlace(Good):
    def predict(self, X: Any) -> Any:
        X["text"] = X["text"].str.lower()
        return super().predict(X)


class NeedsTheHolder(Good):
    def fit(self, X: Any, y: Any) -> Self:
        X["holder"]
        return super().fit(X, y)


class KnowsItsTargets(Good):
    def fit(self, X: Any, y: Any) -> Self:
        self.targets_ = set(X["target"])
        return super().fit(X, y)

    def predict(self, X: Any) -> Any:
        if not set(X["target"]) <= self.targets_:
            raise KeyError("an unseen target")
        return super().predict(X)


class KnowsItsHolders(Good):
    def fit(self, X: Any, y: Any) -> Self:
        self.holders_ = {h: i for i, h in enumerate(X.get("holder", []))}
        return super().fit(X, y)

    def predict(self, X: Any) -> Any:
        for holder in X.get("holder", []):
            self.holders_[holder]
        return super().predict(X)


class NeedsTwoStances(Good):
    def fit(self, X: Any, y: Any) -> Self:
        if len(set(y)) == 1:
            raise ValueError("one class only")
        return super().fit(X, y)


class NeedsDevRows(Good):
    def fit(self, X: Any, y: Any, X_dev: Any = None, y_dev: Any = None) -> Self:
        self.last_ = list(y_dev)[-1]
        return super().fit(X, y)


class NeedsAWord(Good):
    def predict(self, X: Any) -> Any:
        for text in X["text"]:
            text.split()[0]
        return super().predict(X)


class HoldsALambda(Good):
    def fit(self, X: Any, y: Any) -> Self:
        self.lower_ = lambda text: text.lower()
        return super().fit(X, y)


@pytest.mark.parametrize(
    ("spec", "check", "seen"),
    [
        (of_class(FitReturnsNothing), "fits", "fit returned NoneType"),
        (of_class(SaysNumbers), "predicts one stance a row", "of type int"),
        (of_class(SaysNeutral), "predicts one stance a row", "a prediction 'neutral' of type str"),
        (of_class(SaysTooLittle), "predicts one stance a row", "predictions of shape (3,) for 32 rows"),
        (of_class(Unnormalised), "probabilities are some", "a row that sums to 2"),
        (of_class(Negative), "probabilities are some", "a value -"),
        (of_class(MissingColumn), "probabilities are some", "shape (32, 2) for 32 rows and 3 classes_"),
        (of_class(ClassesAreNumbers), "probabilities are some", "classes_ ["),
        (of_class(ChangesItsParameter), "can be cloned", "RuntimeError: Cannot clone object"),
        (of_class(Remembers), "forgets an earlier fit", "because it was fitted on other rows before"),
        (of_class(Draws), "same seed, same predictions", "from one fit to the next with the same seed"),
        (of_class(UsesTheSeed), "seed as declared", "32 of 32 predictions changed with the seed, and stochastic is"),
        (of_class(LooksAtNeighbours), "order of test rows", "predictions changed with the order of the test rows"),
        (of_class(CountsTheTestRows), "one row at a time", "11 of 11 predictions changed when rows were predicted one"),
        (of_class(BelievesTheFirstRow), "order of training rows", "with the order of the training rows"),
        (of_class(LowersInPlace), "leaves X and y alone", "X of fit was changed in place"),
        (of_class(RelabelsInPlace), "leaves X and y alone", "y was changed in place"),
        (of_class(LowersTestInPlace), "leaves X and y alone", "X of predict was changed in place"),
        (of_class(NeedsTheHolder), "takes or declines each input", "KeyError: 'holder'"),
        (of_class(KnowsItsTargets), "unseen target", "KeyError: 'an unseen target' (test_conformance.py, line "),
        (of_class(KnowsItsHolders), "unseen holder", "KeyError: '"),
        (of_class(NeedsTwoStances), "one stance in train", "ValueError: one class only (test_conformance.py, line "),
        (of_class(NeedsDevRows), "no dev rows", "IndexError: list index out of range"),
        (of_class(NeedsAWord), "odd texts", "an empty text: IndexError: list index out of range"),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_each_check_fails_where_it_is_not_met(spec: ModelSpec, check: str, seen: str) -> None:
    result = examined(spec)[check]
    assert result.status == "failed"
    assert seen in result.seen
    assert result.expected


def test_what_cannot_be_pickled_is_a_warning() -> None:
    result = examined(of_class(HoldsALambda))["can be pickled"]
    assert result.status == "warning"
    assert "lambda" in result.seen


def test_a_stochastic_model_is_only_warned_of_what_a_draw_may_change() -> None:
    results = examined(of_class(BelievesTheFirstRow, stochastic=True))
    assert results["order of training rows"].status == "warning"
    assert results["seed as declared"].status == "ok"
    assert "four seeds gave the same" in results["seed as declared"].seen
    assert examined(of_class(UsesTheSeed, stochastic=True))["seed as declared"].seen == ""


SHARED = Good()


def shares_one(config: Config, context: ModelContext) -> BaseEstimator:
    return SHARED


VECTORIZER = CountVectorizer()


def shares_a_part(config: Config, context: ModelContext) -> BaseEstimator:
    features = ColumnTransformer([("words", "passthrough", ["text"])])
    features.ignores_y = True
    return Pipeline([("one", Column()), ("words", VECTORIZER), ("bayes", MultinomialNB())])


class Column(BaseEstimator):  # type: ignore[misc]
    """The column text of X."""

    def fit(self, X: Any, y: Any = None) -> Self:
        return self

    def transform(self, X: Any) -> list[str]:
        return list(X["text"])

    def __sklearn_is_fitted__(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("builder", "seen"),
    [
        (shares_one, "the same object twice"),
        (shares_a_part, "a new CountVectorizer has fixed_vocabulary_, vocabulary_"),
    ],
)
def test_a_builder_that_hands_out_what_was_fitted_fails(builder: Callable[..., Any], seen: str) -> None:
    result = examined(replace(GOOD, build=builder))["builds afresh"]
    assert result.status == "failed"
    assert seen in result.seen


@pytest.mark.parametrize(
    ("changes", "check", "seen"),
    [
        ({"build": lambda config, context: 3}, "builds", "a int without fit, predict, get_params, set_params"),
        ({"build": lambda config, context: config.gamma}, "builds", "has no attribute 'gamma'"),
        ({"declines": lambda config, context: "never"}, "builds", "it declines text+holder under official: never; it "),
        ({"declines": lambda config, context: None}, "declines in words", "None for text under official"),
    ],
)
def test_what_does_not_build_or_decline_properly_fails(changes: dict[str, Any], check: str, seen: str) -> None:
    result = examined(replace(GOOD, **changes))[check]
    assert result.status == "failed"
    assert seen in result.seen


def test_after_a_model_that_does_not_build_nothing_else_is_tried() -> None:
    results = list(examined(replace(GOOD, build=lambda config, context: config.gamma)).values())
    built = next(i for i, r in enumerate(results) if r.check == "builds")
    assert {r.status for r in results[built + 1 :]} == {"skipped"}
    assert results[-1].seen == "not tried: 'builds' failed"


def test_a_model_may_decline_an_unseen_target_and_inputs() -> None:
    def declines(config: Config, context: ModelContext) -> str:
        if context.protocol == "cross_target":
            return "it has a model per target"
        return "" if "holder" in context.columns else "it needs the holder"

    results = examined(of_class(KnowsItsTargets, declines=declines))
    assert results["unseen target"].status == "ok"
    assert results["unseen target"].seen == "declines: it has a model per target"
    assert results["takes or declines each input"].seen == "declines text: it needs the holder; takes text+holder"


class NoDataclass(ModelConfig):
    """Lacks the decorator."""

    beta: float = 1.0


@dataclass
class NotOurs:
    """Extends nothing."""

    name: str = ""


@dataclass
class NoDefault(ModelConfig):
    """Holds a field that Hydra cannot take."""

    words: set[str] = field(default_factory=set)


@pytest.mark.parametrize(
    ("changes", "check", "seen"),
    [
        ({"version": 0}, "says what it is", "version 0"),
        ({"version": "1.2"}, "says what it is", "version '1.2'"),
        ({"stochastic": "yes"}, "says what it is", "stochastic 'yes'"),
        ({"summary": " "}, "says what it is", "summary ' '"),
        ({"config": NotOurs}, "config extends ModelConfig", "NotOurs"),
        ({"config": Config()}, "config extends ModelConfig", "Config("),
        ({"config": NoDataclass}, "config extends ModelConfig", "NoDataclass has no @dataclass above it"),
        ({"config": NoDefault}, "config extends ModelConfig", "Unexpected type annotation: set"),
    ],
)
def test_a_faulty_declaration_fails(changes: dict[str, Any], check: str, seen: str) -> None:
    (result,) = (r for r in check_declaration(replace(GOOD, **changes)) if r.status == "failed")
    assert result.check == check
    assert seen in result.seen


class Level(Enum):
    """An enum whose values are not its names."""

    low = "the lowest"


@dataclass
class EnumConfig(ModelConfig):
    """Does not come back from JSON."""

    level: Level = Level.low


def test_a_config_that_does_not_come_back_from_json_fails() -> None:
    spec = replace(GOOD, config=EnumConfig, build=lambda config, context: Good())
    result = next(r for r in check_model(spec, EnumConfig(name="good")) if r.check == "config survives JSON")
    assert result.status == "failed"
    assert "the lowest" in result.seen


def test_a_crash_tells_the_model_s_own_line_and_keeps_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "faulty_voter"
    package.mkdir()
    (package / "__init__.py").write_text("from faulty_voter.deep import build\n")
    (package / "deep.py").write_text("import numpy as np\n\n\ndef build(config, context):\n    return np.zeros(3)[7]\n")
    monkeypatch.syspath_prepend(tmp_path)
    faulty_voter = importlib.import_module("faulty_voter")
    result = examined(replace(GOOD, build=faulty_voter.build))["builds"]
    for module in [m for m in sys.modules if m.startswith("faulty_voter")]:
        del sys.modules[module]
    assert result.seen.startswith("IndexError: index 7 is out of bounds")
    assert result.seen.endswith("(deep.py, line 5: return np.zeros(3)[7])")
    assert "Traceback" in result.trace


def test_results_are_plain_values() -> None:
    results = check_declaration(GOOD)
    assert json.loads(json.dumps([asdict(r) for r in results]))[0]["status"] == "ok"


def test_the_made_up_rows_hold_every_stance_for_every_target_on_both_sides() -> None:
    train, test = made_up_rows()
    for rows in (train, test):
        assert len(rows.groupby(["target", "stance"])) == 6
    assert not set(train["group"]) & set(test["group"])
    assert not set(train["text"]) & set(test["text"])
