from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, clone

from stancebench.corpora.corpus import Corpus
from stancebench.models.configs import (
    ComplementNBConfig,
    Conditioning,
    ConditioningConfig,
    PresenceSvmConfig,
    TfidfConfig,
    TfidfLogregConfig,
    TfidfSvmConfig,
)
from stancebench.models.ngrams import PRESENCE, features
from stancebench.models.spec import ModelContext, ModelSpec
from stancebench.models.tfidf import COMPLEMENT_NB, TFIDF_LOGREG, TFIDF_SVM
from stancebench.tasks import INPUTS

SMALL: dict[str, Any] = {"word_ngrams": [1, 1], "char_ngrams": [3, 3], "C": 10.0}
MODELS: list[tuple[ModelSpec, type[TfidfConfig]]] = [(TFIDF_SVM, TfidfSvmConfig), (TFIDF_LOGREG, TfidfLogregConfig)]


def split(corpus: Corpus, inputs: str) -> tuple[pd.DataFrame, Any, pd.DataFrame, Any]:
    table, columns = corpus.table, list(INPUTS[inputs])
    train, test = table[table["split"] == "train"], table[table["split"] == "test"]
    y_train, y_test = (part["stance"].to_numpy(dtype=object) for part in (train, test))
    return train[columns], y_train, test[columns], y_test


def built(spec: ModelSpec, config: type[TfidfConfig], corpus: Corpus, inputs: str, **values: Any) -> BaseEstimator:
    how = values.pop("conditioning", Conditioning.per_target)
    context = ModelContext(corpus.targets, INPUTS[inputs])
    return spec.build(config(name=spec.name, conditioning=ConditioningConfig(how), **values), context)


@pytest.mark.parametrize(("spec", "config"), MODELS)
@pytest.mark.parametrize("inputs", list(INPUTS))
@pytest.mark.parametrize("how", list(Conditioning))
def test_each_conditioning_learns_the_words(
    synthetic: Corpus, spec: ModelSpec, config: type[TfidfConfig], inputs: str, how: Conditioning
) -> None:
    X_train, y_train, X_test, y_test = split(synthetic, inputs)
    model = built(spec, config, synthetic, inputs, conditioning=how, balanced=True, **SMALL).fit(X_train, y_train)
    said = model.predict(X_test)
    assert np.mean(y_test == "none") < 0.6
    assert np.mean(said == y_test) > 0.85
    assert np.array_equal(clone(model).fit(X_train, y_train).predict(X_test), said)


def test_only_the_logistic_regression_has_probabilities(synthetic: Corpus) -> None:
    X_train, y_train, X_test, _ = split(synthetic, "text")
    for how in Conditioning:
        svm, logreg = (built(spec, config, synthetic, "text", conditioning=how, **SMALL) for spec, config in MODELS)
        assert not hasattr(svm, "predict_proba")
        p = logreg.fit(X_train, y_train).predict_proba(X_test)
        assert p.sum(axis=1) == pytest.approx(np.ones(len(X_test)))
        assert (logreg.classes_[p.argmax(axis=1)] == logreg.predict(X_test)).all()


def names(config: TfidfConfig, X: pd.DataFrame) -> set[str]:
    fitted = features(config, ModelContext((), tuple(X.columns))).fit(X)
    return set(fitted.get_feature_names_out())


X = pd.DataFrame(
    {"text": ["ab cd", "cd"], "target": ["sun", "moon"], "holder": ["A", "B"], "bloc": ["EAST", "EAST"]},
)
TEXT = X[["text", "target"]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"word_ngrams": [1, 1], "char_ngrams": []}, {"words__ab", "words__cd"}),
        ({"word_ngrams": [1, 2], "char_ngrams": []}, {"words__ab", "words__cd", "words__ab cd"}),
        ({"word_ngrams": [1, 1], "char_ngrams": [], "min_df": 2}, {"words__cd"}),
        ({"word_ngrams": [], "char_ngrams": [4, 4]}, {"chars__ ab ", "chars__ cd "}),
    ],
)
def test_n_grams_are_those_of_the_config(values: dict[str, Any], expected: set[str]) -> None:
    assert names(TfidfConfig(name="x", **values), TEXT) == expected


def test_the_holder_is_a_feature_exactly_where_the_inputs_hold_it() -> None:
    config = TfidfConfig(name="x", word_ngrams=[1, 1], char_ngrams=[])
    assert names(config, X) - names(config, TEXT) == {"holder__holder_A", "holder__holder_B", "holder__bloc_EAST"}


def test_a_holder_never_seen_is_no_obstacle(synthetic: Corpus) -> None:
    X_train, y_train, X_test, _ = split(synthetic, "text+holder")
    for how in Conditioning:
        model = built(TFIDF_SVM, TfidfSvmConfig, synthetic, "text+holder", conditioning=how, **SMALL).fit(
            X_train, y_train
        )
        assert len(model.predict(X_test.assign(holder="ZZZ", bloc="NOWHERE"))) == len(X_test)


def test_the_holder_is_learnt_where_the_text_says_nothing(synthetic: Corpus) -> None:
    rows = pd.DataFrame({"text": ["word", "word"] * 4, "target": "sun", "holder": ["A", "B"] * 4, "bloc": "EAST"})
    stance = np.array(["favor", "against"] * 4, dtype=object)
    for how in Conditioning:
        model = built(TFIDF_LOGREG, TfidfLogregConfig, synthetic, "text+holder", conditioning=how).fit(rows, stance)
        assert model.predict(rows).tolist() == stance.tolist()


@pytest.mark.parametrize(("spec", "config"), MODELS)
def test_penalty_and_class_weight_reach_the_classifier(
    synthetic: Corpus, spec: ModelSpec, config: type[TfidfConfig]
) -> None:
    path = "estimator__classifier"
    for how in Conditioning:
        params = built(spec, config, synthetic, "text", conditioning=how, C=0.5, balanced=True).get_params()
        assert (params[f"{path}__C"], params[f"{path}__class_weight"]) == (0.5, "balanced")
        plain = built(spec, config, synthetic, "text", conditioning=how, balanced=False).get_params()
        assert (plain[f"{path}__C"], plain[f"{path}__class_weight"]) == (1.0, None)


def test_a_marked_model_carries_what_it_learnt_to_a_target_it_never_saw(synthetic: Corpus) -> None:
    X_train, y_train, X_test, y_test = split(synthetic, "text")
    sun, other = (X_train["target"] == "sun").to_numpy(), (X_test["target"] == "moon").to_numpy()
    model = built(TFIDF_SVM, TfidfSvmConfig, synthetic, "text", conditioning=Conditioning.marked, **SMALL)
    said = model.fit(X_train[sun], y_train[sun]).predict(X_test[other])
    assert np.mean(said == y_test[other]) > 0.7


@pytest.mark.parametrize("how", list(Conditioning))
def test_complement_naive_bayes_learns_the_words(synthetic: Corpus, how: Conditioning) -> None:
    said = {"favor": "praised", "against": "blamed", "none": "mentioned"}
    stances = [s for s, n in {"favor": 3, "against": 5, "none": 20}.items() for _ in range(n)]
    rows = [(f"They {said[s]} the {t.title()} once more", t, s) for t in ("sun", "moon") for s in stances]
    X, y = pd.DataFrame(rows, columns=["text", "target", "stance"]), np.array([s for *_, s in rows], dtype=object)
    config = ComplementNBConfig(name="complement_nb", conditioning=ConditioningConfig(how))
    model = COMPLEMENT_NB.build(config, ModelContext(synthetic.targets, INPUTS["text"]))
    model.fit(X[["text", "target"]], y)
    assert model.predict(X).tolist() == y.tolist()
    p = model.predict_proba(X)
    assert p.sum(axis=1) == pytest.approx(np.ones(len(X)))
    assert (model.classes_[p.argmax(axis=1)] == y).all()


def test_the_pseudo_count_reaches_the_classifier(synthetic: Corpus) -> None:
    for how in Conditioning:
        config = ComplementNBConfig(name="complement_nb", alpha=0.5, conditioning=ConditioningConfig(how))
        model = COMPLEMENT_NB.build(config, ModelContext(synthetic.targets, INPUTS["text"]))
        assert model.get_params()["estimator__classifier__alpha"] == 0.5


def test_presence_counts_an_n_gram_once_and_characters_cross_words() -> None:
    rows = pd.DataFrame({"text": ["sun sun sun", "sun", "a moon"], "target": "sky"})
    config = PresenceSvmConfig(name="presence_svm", word_ngrams=[1, 1], char_ngrams=[3, 3])
    transformer = features(config, ModelContext((), ("text", "target")), PRESENCE, "char")
    matrix = transformer.fit_transform(rows).toarray()
    assert set(matrix.ravel()) == {0.0, 1.0}
    names = list(transformer.get_feature_names_out())
    assert matrix[0, names.index("words__sun")] == 1.0
    assert "chars__n s" in names
    assert matrix[:2, names.index("words__sun")].tolist() == [1.0, 1.0]
