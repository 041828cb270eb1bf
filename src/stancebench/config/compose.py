"""Hydra started: schemas, experiments and plugins in place; composing without running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.types import RunMode
from omegaconf import OmegaConf

from stancebench.config.schemas import store_experiments, store_schemas
from stancebench.config.spec import run_config, run_spec
from stancebench.config.sweep import compose_all, grid_jobs
from stancebench.errors import unknown
from stancebench.paths import shipped

if TYPE_CHECKING:
    from stancebench.config.schemas import TableConfig
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


def experiment(name: str) -> tuple[list[RunSpec], TableConfig]:
    """Return the runs of a committed experiment and what its table shows.

    Raises
    ------
    UsageError
        when there is no such experiment
    """
    if name not in experiment_names():
        raise unknown("experiment", name, experiment_names(), "Type `stancebench ls experiments` to see them.")
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
