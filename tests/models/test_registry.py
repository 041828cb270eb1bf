from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone

from stancebench.corpora.corpus import Corpus
from stancebench.errors import UsageError
from stancebench.models import ModelConfig, ModelContext, model_names, model_spec
from stancebench.models.configs import CONFIGS, Conditioning, ConditioningConfig, TfidfConfig
from stancebench.tasks import Task

BUILT_IN = ["holder_prior", "majority", "stratified", "tfidf_logreg", "tfidf_svm"]


def test_the_built_in_models_are_registered() -> None:
    assert model_names() == BUILT_IN


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_model_is_registered_under_its_own_name(name: str) -> None:
    spec = model_spec(name)
    assert spec.name == name
    assert spec.version >= 1
    assert spec.summary
    assert issubclass(spec.config, ModelConfig)
    assert CONFIGS[name] is spec.config


@pytest.mark.parametrize(
    ("given", "hint"),
    [("tfidf_svn", " Did you mean 'tfidf_svm'?"), ("Majority", " Did you mean 'majority'?"), ("qqq", "")],
)
def test_an_unknown_model_is_refused_with_what_there_is(given: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        model_spec(given)
    assert str(refused.value) == (
        f"There is no model {given!r}.{hint} Allowed: {', '.join(BUILT_IN)}. Type `stancebench ls models` to see them."
    )
    assert refused.value.exit_code == 2


def config_of(name: str) -> ModelConfig:
    config = model_spec(name).config(name=name)
    if isinstance(config, TfidfConfig):
        config.conditioning = ConditioningConfig(Conditioning.per_target)
        config.char_ngrams = [3, 3]
    return config


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_model_is_stochastic_exactly_when_its_seed_changes_its_predictions(synthetic: Corpus, name: str) -> None:
    spec, rows, columns = model_spec(name), synthetic.table, Task().columns
    train, test = rows[rows["split"] == "train"], rows[rows["split"] == "test"]

    def said(seed: int) -> list[str]:
        model = spec.build(config_of(name), ModelContext(synthetic.targets, tuple(columns), seed))
        model.fit(train[columns], train["stance"].to_numpy(dtype=object))
        return [str(s) for s in model.predict(test[columns])]

    assert said(0) == said(0)
    assert (said(0) != said(1)) == spec.stochastic


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_model_can_be_cloned_and_predicts_stances(synthetic: Corpus, name: str) -> None:
    spec, rows, columns = model_spec(name), synthetic.table, Task().columns
    model: Any = spec.build(config_of(name), ModelContext(synthetic.targets, tuple(columns)))
    again = clone(model)
    assert str(again.get_params()) == str(model.get_params())
    again.fit(rows[columns], rows["stance"].to_numpy(dtype=object))
    assert set(again.predict(rows[columns])) <= {"favor", "against", "none"}
    if hasattr(again, "predict_proba"):
        p = again.predict_proba(rows[columns])
        assert p.shape == (len(rows), len(again.classes_))
        assert p.sum(axis=1) == pytest.approx(np.ones(len(rows)))


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("inputs", ["text", "text+holder"])
def test_only_the_holder_prior_declines_and_only_without_holder(synthetic: Corpus, name: str, inputs: str) -> None:
    context = ModelContext(synthetic.targets, tuple(Task(inputs=inputs).columns))
    declines = model_spec(name).declines(config_of(name), context) != ""
    assert declines == (name == "holder_prior" and inputs == "text")


def test_naming_the_models_costs_no_import_of_scikit_learn() -> None:
    code = "import sys, stancebench.models as m; m.model_names(); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
