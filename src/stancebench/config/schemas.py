"""Dataclasses that every composed config must fit; stored in Hydra's ConfigStore and named in each defaults list."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import MISSING, DictConfig, OmegaConf

from stancebench.config.installed import store_installed
from stancebench.models.configs import CONFIGS, ConditioningConfig
from stancebench.models.spec import ModelConfig


class Mode(Enum):
    """What an empty denominator gives."""

    strict = "strict"
    semeval = "semeval"


class Cluster(Enum):
    """What is resampled together."""

    event = "event"
    document = "document"
    row = "row"


@dataclass
class CorpusConfig:
    """A corpus, by name or by the path of its folder."""

    name: str = MISSING


@dataclass
class TaskConfig:
    """A task and its inputs."""

    name: str = MISSING
    inputs: str = MISSING
    """text, text+holder or masked"""


@dataclass
class ProtocolConfig:
    """A protocol."""

    name: str = MISSING


@dataclass
class FewShotConfig(ProtocolConfig):
    """Few judgements of each stance and target."""

    k: int = 4
    draw: int = 0
    """which of the ten trains"""


@dataclass
class TemporalConfig(ProtocolConfig):
    """Train before a date, test after it, in one source."""

    source: str = "ungdc"
    date: str = "2022-02-24"
    control: bool = False
    """whether to divide the same rows at random in time"""


@dataclass
class CrossValidatedConfig(ProtocolConfig):
    """Grouped folds of a corpus without a split."""

    n_folds: int = 5


PROTOCOL_CONFIGS: dict[str, type[ProtocolConfig]] = {
    "few_shot": FewShotConfig,
    "temporal": TemporalConfig,
    "cross_validated": CrossValidatedConfig,
}
"""protocols with options, by the name of the file under ``conf/protocol``"""


@dataclass
class ScoringConfig:
    """How predictions are scored."""

    mode: Mode = Mode.strict
    rounds: int = 10_000
    level: float = 0.95
    cluster: Cluster = Cluster.event
    seed: int = 0


@dataclass
class TrackingConfig:
    """Where runs are mirrored."""

    name: str = MISSING
    uri: str | None = None
    """None is a SQLite store in the home folder"""
    experiment: str = "stancebench"
    """MLflow's experiment"""


@dataclass
class PublishedConfig:
    """A figure of somebody's, beside which a run of this experiment is set."""

    system: str = MISSING
    """as they call it"""
    match: dict[str, Any] = field(default_factory=dict)
    """model, corpus and settings that choose one run"""
    score: str = MISSING
    """``score`` or ``score.target``"""
    value: str = MISSING
    """in hundredths, with the decimals that they print"""
    source: str = MISSING


@dataclass
class TableConfig:
    """What an experiment's table shows."""

    title: str = ""
    columns: list[str] = field(
        default_factory=lambda: ["f_avg_macro", "f_avg.*", "f_avg_worst", "neutral_recall", "counter_prior_accuracy"]
    )
    """scores as ``score`` or ``score.target``; ``score.*`` is one column per target"""
    published: list[PublishedConfig] = field(default_factory=list)
    """figures that `stancebench table` sets beside ours"""


@dataclass
class RunConfig:
    """One run, or with a sweep many."""

    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    task: TaskConfig = field(default_factory=TaskConfig)
    protocol: ProtocolConfig = field(default_factory=ProtocolConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    scoring: ScoringConfig = field(default_factory=ScoringConfig)
    tracking: TrackingConfig = field(default_factory=TrackingConfig)
    table: TableConfig = field(default_factory=TableConfig)
    seed: int = 0
    strict: bool = False
    """whether a warning makes the exit code 1"""


PLUGINS = "hydra_plugins.stancebench_sweep"


@dataclass
class LauncherConfig:
    """Hydra's launcher of this project: a whole multirun in one process."""

    _target_: str = f"{PLUGINS}.InProcessLauncher"


@dataclass
class SweeperConfig:
    """Hydra's sweeper of this project."""

    _target_: str = f"{PLUGINS}.GridSweeper"
    params: dict[str, Any] = field(default_factory=dict)
    """key: values; every combination is run, as with Hydra's basic sweeper"""
    grids: list[dict[str, Any]] = field(default_factory=list)
    """several grids, run one after another; each takes ``params`` too"""


ACKNOWLEDGED = "acknowledged"
"""key of an experiment's file under which it acknowledges findings"""

SCHEMA = "_schema"
"""suffix of the nodes that are schemas, not choices"""


def store_schemas() -> None:
    """Put every schema into Hydra's ConfigStore."""
    # It builds on the schema of a corpus above.
    from stancebench.config.table_schema import TableCorpusConfig

    store = ConfigStore.instance()
    store.store(name=f"run{SCHEMA}", node=RunConfig)
    store.store(group="hydra/launcher", name="in_process", node=LauncherConfig)
    store.store(group="hydra/sweeper", name="grids", node=SweeperConfig)
    groups: dict[str, type[Any]] = {
        "corpus": CorpusConfig,
        "task": TaskConfig,
        "protocol": ProtocolConfig,
        "scoring": ScoringConfig,
        "tracking": TrackingConfig,
        "model/conditioning": ConditioningConfig,
    }
    for name, protocol in PROTOCOL_CONFIGS.items():
        store.store(group="protocol", name=f"{name}{SCHEMA}", node=protocol)
    store.store(group="corpus", name=f"table{SCHEMA}", node=TableCorpusConfig)
    for group, node in groups.items():
        store.store(group=group, name=f"{group.split('/')[-1]}{SCHEMA}", node=node)
    for name, node in CONFIGS.items():
        store.store(group="model", name=f"{name}{SCHEMA}", node=node)
    store_installed()


def store_experiments(folder: Path) -> None:
    """Make each file of a folder an option of ``experiment=``.

    They lie outside ``conf/``, where their authors look for them, and a folder outside the config root is no group.
    """
    for path in sorted(folder.glob("*.yaml")):
        node = OmegaConf.load(path)
        # What `stancebench check` reads there concerns no run.
        if isinstance(node, DictConfig):
            node.pop(ACKNOWLEDGED, None)
        ConfigStore.instance().store(
            group="experiment", name=path.stem, node=node, package="_global_", provider=path.name
        )
