from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from stancebench.corpora.corpus import KEY, Corpus
from stancebench.corpora.load import load_corpus
from stancebench.errors import UsageError
from stancebench.models import ModelConfig, ModelContext, model_names, model_spec
from stancebench.models.configs import (
    CONFIGS,
    ConditionedConfig,
    Conditioning,
    ConditioningConfig,
    MajorityConfig,
    NgramConfig,
)
from stancebench.protocols import PROTOCOLS
from stancebench.runs.evaluation import fit_predict, prepare
from stancebench.tasks import Task
from stancebench.vocabulary import STANCES
from tests.corpus_files import write_corpus

BUILT_IN = [
    "complement_nb",
    "constant",
    "copy_other_target",
    "holder_prior",
    "lexicon",
    "majority",
    "nearest_centroid",
    "presence_svm",
    "stacked",
    "stratified",
    "tfidf_logreg",
    "tfidf_svm",
]


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


def config_of(name: str, how: Conditioning = Conditioning.per_target) -> ModelConfig:
    config = model_spec(name).config(name=name)
    if isinstance(config, ConditionedConfig):
        config.conditioning = ConditioningConfig(how)
    if isinstance(config, NgramConfig):
        config.word_ngrams, config.char_ngrams = [1, 1], []
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


PER_TARGET = "it has one model per target, and the target left out has no training rows"
COUNTS = "it counts stances per target, and the target left out has no training rows"
NO_HOLDER = "it needs the holder among the inputs"
TEXT_MODELS = ("complement_nb", "nearest_centroid", "presence_svm", "tfidf_logreg", "tfidf_svm")


def reason(name: str, inputs: str, protocol: str, how: Conditioning) -> str:
    """Why a model should decline, worked out apart."""
    if name in ("holder_prior", "stacked"):
        return NO_HOLDER if inputs == "text" else COUNTS if protocol == "cross_target" else ""
    if name == "copy_other_target" and protocol != "cross_target":
        return f"every target has training rows under protocol '{protocol}'; type protocol=cross_target"
    per_target = name in TEXT_MODELS and how is Conditioning.per_target
    return PER_TARGET if per_target and protocol == "cross_target" else ""


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("inputs", ["text", "text+holder"])
@pytest.mark.parametrize("protocol", list(PROTOCOLS))
def test_a_model_declines_what_it_cannot_do_and_nothing_else(
    synthetic: Corpus, name: str, inputs: str, protocol: str
) -> None:
    context = ModelContext(synthetic.targets, tuple(Task(inputs=inputs).columns), protocol=protocol)
    for how in Conditioning:
        declined = model_spec(name).declines(config_of(name, how), context)
        assert declined == reason(name, inputs, protocol, how)


def test_the_majority_declines_an_unseen_target_only_where_each_target_has_its_own() -> None:
    for per_target in (True, False):
        config = MajorityConfig(name="majority", per_target=per_target)
        said = [
            model_spec("majority").declines(config, ModelContext((), ("text", "target"), protocol=protocol))
            for protocol in ("official", "cross_target")
        ]
        assert said == ["", PER_TARGET if per_target else ""]


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A synthetic corpus that is large enough to leave a target out."""
    return load_corpus(str(write_corpus(tmp_path_factory.mktemp("corpora") / "larger", n=300)))


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("inputs", ["text", "text+holder"])
@pytest.mark.parametrize("protocol", ["official", "cross_target"])
def test_each_model_predicts_every_test_row_of_every_protocol_it_takes_part_in(
    larger: Corpus, name: str, inputs: str, protocol: str
) -> None:
    prepared = prepare(larger, Task(inputs=inputs), protocol)
    assert not prepared.declined
    context = ModelContext(larger.targets, tuple(prepared.task.columns), protocol=protocol)
    for how in Conditioning if name in (*TEXT_MODELS, "stacked") else (Conditioning.per_target,):
        spec, config = model_spec(name), config_of(name, how)
        if spec.declines(config, context):
            continue
        predictions = fit_predict(partial(spec.build, config, context), prepared).predictions
        keys = list(KEY)
        assert predictions[keys].to_numpy().tolist() == prepared.test[keys].to_numpy().tolist()
        assert set(predictions["stance"]) <= set(STANCES)
        p = predictions[[f"p_{s}" for s in STANCES]].to_numpy()
        assert np.isnan(p).all() or p.sum(axis=1) == pytest.approx(np.ones(len(p)))


@pytest.mark.parametrize("name", [name for name in BUILT_IN if name != "stratified"])
def test_the_order_of_training_rows_does_not_count(synthetic: Corpus, name: str) -> None:
    rows, columns = synthetic.table, Task().columns
    train, test = rows[rows["split"] == "train"], rows[rows["split"] == "test"]

    def fitted(part: pd.DataFrame, how: Conditioning) -> Any:
        model: Any = model_spec(name).build(config_of(name, how), ModelContext(synthetic.targets, tuple(columns)))
        return model.fit(part[columns], part["stance"].to_numpy(dtype=object))

    shuffled = train.sample(frac=1, random_state=0)
    for how in Conditioning if name in (*TEXT_MODELS, "stacked") else (Conditioning.per_target,):
        one, other = fitted(train, how), fitted(shuffled, how)
        assert one.predict(test[columns]).tolist() == other.predict(test[columns]).tolist()
        if hasattr(one, "predict_proba"):
            # The optimiser stops within its tolerance, wherever it came from.
            assert one.predict_proba(test[columns]) == pytest.approx(other.predict_proba(test[columns]), abs=2e-3)


@pytest.mark.parametrize("name", [name for name in BUILT_IN if name not in ("constant", "lexicon")])
@pytest.mark.parametrize("stances", [("favor",), ("none",), ("favor", "against"), ("against", "none")])
def test_a_stance_that_train_lacks_is_no_obstacle_and_is_never_said(
    synthetic: Corpus, name: str, stances: tuple[str, ...]
) -> None:
    rows, columns = synthetic.table.iloc[:60], Task().columns
    y = np.array([stances[i % len(stances)] for i in range(len(rows))], dtype=object)
    for how in Conditioning if name in (*TEXT_MODELS, "stacked") else (Conditioning.per_target,):
        spec, config = model_spec(name), config_of(name, how)
        model: Any = spec.build(config, ModelContext(synthetic.targets, tuple(columns)))
        said = set(model.fit(rows[columns], y).predict(synthetic.table[columns]))
        # The gate of the holder prior says none by itself.
        assert said <= {*stances, "none"} if name == "holder_prior" else said <= set(stances)


def test_naming_the_models_costs_no_import_of_scikit_learn() -> None:
    code = "import sys, stancebench.models as m; m.model_names(); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
