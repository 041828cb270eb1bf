"""Hydra started: schemas, experiments and plugins in place; composing without running."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.types import RunMode
from omegaconf import OmegaConf

from stancebench.config.schemas import store_experiments, store_schemas
from stancebench.config.spec import run_config, run_spec
from stancebench.config.sweep import compose_all, grid_jobs, without_hydra
from stancebench.errors import UsageError, unknown
from stancebench.paths import shipped

if TYPE_CHECKING:
    from stancebench.config.schemas import TableConfig
    from stancebench.corpora.table_source import TableSource
    from stancebench.models.spec import ModelConfig
    from stancebench.runs.spec import RunSpec

CONFIG_NAME = "config"


def experiment_names() -> list[str]:
    """Return the names of the committed experiments, sorted."""
    return sorted(p.stem for p in shipped("experiments").glob("*.yaml"))


def start() -> None:
    """Put schemas and experiments where Hydra finds them."""
    store_schemas()
    store_experiments(shipped("experiments"))


@contextmanager
def hydra_at(folder: str) -> Iterator[Any]:
    """Give Hydra's config loader on a config folder, and clear Hydra's globals afterwards."""
    with initialize_config_dir(config_dir=folder, version_base="1.3"):
        hydra = GlobalHydra.instance().hydra
        assert hydra is not None
        yield hydra


def model_choice(name: str, overrides: Sequence[str]) -> ModelConfig:
    """Return a model's config as a run would compose it.

    Parameters
    ----------
    name : str
        as typed after ``model=``
    overrides : sequence of str
        as typed beside it

    Raises
    ------
    UsageError
        when the config has a key without a value
    """
    start()
    with hydra_at(str(shipped("conf").absolute())) as hydra:
        composed = hydra.compose_config(
            config_name=CONFIG_NAME,
            overrides=[f"model={name}", *overrides],
            run_mode=RunMode.RUN,
            with_log_configuration=False,
        )
    missing = sorted(OmegaConf.missing_keys(composed.model))
    if missing:
        raise UsageError(f"model.{missing[0]} of {name!r} has no default. Type it beside the name: {missing[0]}=VALUE")
    return cast("ModelConfig", OmegaConf.to_object(composed.model))


def corpus_source(name: str) -> str | TableSource:
    """Return the table that a committed config declares under a name, or the name itself.

    Parameters
    ----------
    name : str
        of a corpus, or the path of its folder
    """
    from stancebench.config.table_schema import TableCorpusConfig, table_source

    if not (shipped("conf") / "corpus" / f"{name}.yaml").is_file():
        return name
    start()
    with hydra_at(str(shipped("conf").absolute())) as hydra:
        overrides = [f"corpus={name}"]
        composed = hydra.compose_config(config_name=CONFIG_NAME, overrides=overrides, run_mode=RunMode.RUN)
    corpus = run_config(without_hydra(composed)).corpus
    return table_source(corpus) if isinstance(corpus, TableCorpusConfig) else corpus.name


def experiment(name: str) -> tuple[list[RunSpec], TableConfig]:
    """Return the runs of a committed experiment and what its table shows.

    Raises
    ------
    UsageError
        when there is no such experiment
    """
    if name not in experiment_names():
        raise unknown(
            "experiment",
            name,
            experiment_names(),
            "One of your own is known by its file in experiments/. Type `stancebench ls experiments` to see them.",
        )
    start()
    with hydra_at(str(shipped("conf").absolute())) as hydra:
        base = hydra.compose_config(
            config_name=CONFIG_NAME,
            overrides=[f"experiment={name}"],
            run_mode=RunMode.MULTIRUN,
            with_log_configuration=False,
        )
        sweeper = OmegaConf.to_container(base.hydra.sweeper, resolve=True)
        assert isinstance(sweeper, dict)
        typed = list(base.hydra.overrides.task)
        jobs = grid_jobs(hydra.config_loader, sweeper["grids"], sweeper["params"], typed)
        configs = [run_config(c) for c in compose_all(hydra.config_loader, base, jobs)]
    return [run_spec(c) for c in configs], configs[0].table
