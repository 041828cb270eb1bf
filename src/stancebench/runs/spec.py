"""What one run is: every choice that can change its numbers, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

# Needed when a record is checked against the annotations of `RunSpec`; its schema is built only then.
from stancebench.corpora.table_source import TableSource
from stancebench.protocols import Protocol
from stancebench.scoring import Bootstrap
from stancebench.scoring.scores import Mode
from stancebench.tasks import Task


@dataclass(frozen=True)
class Scoring:
    """How predictions are scored.

    Attributes
    ----------
    mode : {"strict", "semeval"}
        what an empty denominator gives
    bootstrap : Bootstrap
        how intervals are made
    """

    mode: Mode = "strict"
    bootstrap: Bootstrap = field(default_factory=Bootstrap)


@dataclass(frozen=True)
class RunSpec:
    """One run.

    Attributes
    ----------
    corpus : str or TableSource
        name of a bundled corpus, path of a corpus folder, or a declared table; what counts in keys is its content
    task : Task
        what is asked and what a model may see
    protocol : Protocol
        how the corpus becomes train and test
    model : str
        registered name
    model_config : mapping
        the model's config as plain JSON values, its ``name`` left out
    seed : int
        of a stochastic model
    scoring : Scoring
        how predictions are scored
    """

    corpus: str | TableSource
    task: Task
    protocol: Protocol
    model: str
    model_config: Mapping[str, Any]
    seed: int = 0
    scoring: Scoring = field(default_factory=Scoring)

    @property
    def corpus_name(self) -> str:
        """Name of the corpus, or the path that it is given by."""
        return self.corpus if isinstance(self.corpus, str) else self.corpus.name

    def as_json(self) -> dict[str, Any]:
        """Return the spec as plain JSON values, as a record holds it."""
        corpus = (
            self.corpus if isinstance(self.corpus, str) else self.corpus.model_dump(mode="json", exclude_defaults=True)
        )
        values: dict[str, Any] = json.loads(json.dumps(asdict(replace(self, corpus=""))))
        return {**values, "corpus": corpus, "protocol": self.protocol.as_json()}


def spec_from_json(values: Mapping[str, Any]) -> RunSpec:
    """Return the spec that `RunSpec.as_json` gave."""
    scoring, corpus = values["scoring"], values["corpus"]
    return RunSpec(
        corpus=corpus if isinstance(corpus, str) else TableSource.model_validate(corpus),
        task=Task(**values["task"]),
        protocol=Protocol(**values["protocol"]),
        model=values["model"],
        model_config=values["model_config"],
        seed=values["seed"],
        scoring=Scoring(scoring["mode"], Bootstrap(**scoring["bootstrap"])),
    )
