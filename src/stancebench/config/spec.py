"""The border: a composed config becomes a frozen RunSpec, and only that travels inward."""

from __future__ import annotations

from dataclasses import asdict, fields
from enum import Enum
from typing import Any, cast

from omegaconf import DictConfig, OmegaConf

from stancebench.config.schemas import RunConfig
from stancebench.config.table_schema import TableCorpusConfig, table_source
from stancebench.errors import UsageError
from stancebench.models import ModelConfig, ModelSpec
from stancebench.models.configs import build_config
from stancebench.protocols import Protocol
from stancebench.runs.spec import RunSpec, Scoring
from stancebench.scoring import Bootstrap
from stancebench.tasks import Task


def run_config(composed: DictConfig) -> RunConfig:
    """Return a composed config as its dataclass.

    Raises
    ------
    UsageError
        when a mapping of ``corpus=table`` is filled beside another corpus
    """
    config = cast("RunConfig", OmegaConf.to_object(composed))
    # Those mappings are opened for the user's keys, which also lets them past the schema of another corpus.
    strange = sorted(set(composed.corpus) - {field.name for field in fields(config.corpus)})
    if strange:
        raise UsageError(
            f"There is no key 'corpus.{strange[0]}' in the corpus chosen. What has it: corpus=table. "
            "Type corpus=table beside it."
        )
    return config


def run_spec(config: RunConfig) -> RunSpec:
    """Return the frozen spec of a config.

    Raises
    ------
    UsageError
        when a value is outside its range
    """
    scoring = config.scoring
    try:
        bootstrap = Bootstrap(
            rounds=scoring.rounds, level=scoring.level, seed=scoring.seed, cluster=scoring.cluster.value
        )
    except ValueError as e:
        raise UsageError(f"scoring: {e}.") from None
    model = plain(asdict(config.model))
    return RunSpec(
        corpus=table_source(config.corpus) if isinstance(config.corpus, TableCorpusConfig) else config.corpus.name,
        task=Task(config.task.name, config.task.inputs),
        protocol=Protocol(**plain(asdict(config.protocol))),
        model=model.pop("name"),
        model_config=model,
        seed=config.seed,
        scoring=Scoring(scoring.mode.value, bootstrap),
    )


def plain(value: Any) -> Any:
    """Return a value with enums as their names: plain JSON."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def model_config(model: ModelSpec, spec: RunSpec) -> ModelConfig:
    """Return a model's config dataclass from a spec's plain values.

    Raises
    ------
    UsageError
        when the values do not fit, as in a record of another version of the model
    """
    return build_config(model, spec.model_config)
