"""Hydra's launcher and sweeper of stancebench; Hydra accepts plugins from this namespace only.

Hydra runs this module before it is in ``sys.modules``, where dataclasses break: their configs stand in
`stancebench.config.schemas`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn, JobStatus
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from stancebench.config.sweep import compose_all, grid_jobs


class InProcessLauncher(Launcher):  # type: ignore[misc]
    """Carries out a whole multirun in this process, where runs share their work."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keep what Hydra hands over."""
        self.config, self.hydra_context = config, hydra_context

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Compose and run every job."""
        from stancebench.cli.run import carry_out_sweep

        # Hydra sets it around each job; here it holds for all of them.
        HydraConfig.instance().set_config(self.config)
        configs = compose_all(self.hydra_context.config_loader, self.config, job_overrides)
        carry_out_sweep(configs)
        return [
            JobReturn(overrides=list(o), cfg=c, status=JobStatus.COMPLETED)
            for o, c in zip(job_overrides, configs, strict=True)
        ]


class GridSweeper(Sweeper):  # type: ignore[misc]
    """Every combination of the swept values, of one grid or of several in turn.

    Hydra's basic sweeper composes every config a second time to check it; here composing is the check.
    """

    def __init__(self, params: dict[str, Any], grids: list[dict[str, Any]]) -> None:
        self.params = params
        self.grids = grids

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Make the launcher."""
        self.loader = hydra_context.config_loader
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Any:
        """Launch every job."""
        returned = self.launcher.launch(grid_jobs(self.loader, self.grids, self.params, arguments), initial_job_idx=0)
        for one in returned:
            # Hydra keeps a failed job's exception here and raises it when it is asked for.
            _ = one.return_value
        return returned
