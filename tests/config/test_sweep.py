from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hydra.types import RunMode
from omegaconf import OmegaConf

from stancebench.config.compose import CONFIG_NAME, experiment, experiment_names, hydra_at, start
from stancebench.config.spec import model_config, plain, run_config, run_spec
from stancebench.config.sweep import combinations, compose_all, grid_jobs, without_hydra
from stancebench.errors import UsageError
from stancebench.models import model_spec
from stancebench.models.configs import CONFIGS
from stancebench.paths import shipped
from stancebench.runs.spec import spec_from_json


@pytest.fixture
def hydra() -> Iterator[Any]:
    start()
    with hydra_at(str(shipped("conf").absolute())) as found:
        yield found


def compose(hydra: Any, overrides: list[str], mode: RunMode = RunMode.RUN) -> Any:
    return hydra.compose_config(
        config_name=CONFIG_NAME, overrides=overrides, run_mode=mode, with_log_configuration=False
    )


def options(group: str) -> list[str]:
    return sorted(p.stem for p in (shipped("conf") / group).glob("*.yaml"))


def test_every_choice_of_every_group_composes(hydra: Any) -> None:
    for group in ("corpus", "task", "protocol", "model", "scoring", "tracking"):
        for option in options(group):
            more = ["corpus.name=mine", "corpus.files=[mine.csv]"] if option == "table" else []
            spec = run_spec(run_config(without_hydra(compose(hydra, [f"{group}={option}", *more]))))
            assert spec_from_json(spec.as_json()) == spec
    for option in options("model/conditioning"):
        for model in ("tfidf_svm", "tfidf_logreg"):
            config = run_config(without_hydra(compose(hydra, [f"model={model}", f"model/conditioning={option}"])))
            assert run_spec(config).model_config["conditioning"] == {"name": option}


def test_every_model_file_is_bound_to_its_schema() -> None:
    assert set(options("model")) == set(CONFIGS)
    for name in options("model"):
        text = (shipped("conf") / "model" / f"{name}.yaml").read_text()
        assert f"{name}_schema" in text


def test_every_experiment_composes_and_names_real_runs() -> None:
    for name in experiment_names():
        specs, table = experiment(name)
        assert specs
        assert table.columns
        for spec in specs:
            config = model_config(model_spec(spec.model), spec)
            assert plain({"name": spec.model} | dict(spec.model_config)) == plain(vars_of(config))


def vars_of(config: Any) -> dict[str, Any]:
    values = OmegaConf.to_container(OmegaConf.structured(config), enum_to_str=True)
    assert isinstance(values, dict)
    return {str(k): v for k, v in values.items()}


def test_composing_once_equals_composing_each(hydra: Any) -> None:
    base = compose(hydra, ["tracking=none"], RunMode.MULTIRUN)
    jobs = combinations(
        hydra.config_loader,
        [
            "model=tfidf_svm,tfidf_logreg",
            "model/conditioning=per_target,marked",
            "model.C=0.1,10",
            "task.inputs=text,text+holder",
            "model.word_ngrams=[1,1],[1,3]",
        ],
    )
    assert len(jobs) == 32
    for job, ours in zip(jobs, compose_all(hydra.config_loader, base, jobs), strict=True):
        theirs = without_hydra(hydra.config_loader.load_sweep_config(base, job))
        assert ours == theirs, job
        assert run_spec(run_config(ours)) == run_spec(run_config(theirs))


def test_jobs_of_grids_are_distinct_and_what_is_typed_wins(hydra: Any) -> None:
    jobs = grid_jobs(
        hydra.config_loader,
        [{"model": "majority,stratified"}, {"model": "stratified", "seed": "0,1"}],
        {"tracking": "none"},
        ["seed=7", "model=stratified"],
    )
    assert jobs == [["model=stratified", "tracking=none", "seed=7"], ["model=stratified", "seed=7", "tracking=none"]]


def test_without_grids_the_parameters_are_one_grid(hydra: Any) -> None:
    assert grid_jobs(hydra.config_loader, [], {"seed": "0,1"}, []) == [["seed=0"], ["seed=1"]]


def test_an_unknown_experiment_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'baselines'"):
        experiment("baseline")


def test_a_config_of_another_version_of_a_model_is_refused(hydra: Any) -> None:
    spec = run_spec(run_config(without_hydra(compose(hydra, ["model=majority"]))))
    old = spec_from_json(spec.as_json() | {"model_config": {"per_tarjet": True}})
    with pytest.raises(UsageError, match=r"config of model 'majority' does not fit.*It takes: per_target"):
        model_config(model_spec("majority"), old)
