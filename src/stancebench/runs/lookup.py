"""Finished runs looked up: by their keys, or, where a corpus's files are not here, by what was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stancebench.errors import MissingFileError, ModelError, UsageError
from stancebench.models import model_spec
from stancebench.runs.execute import Runner, portable
from stancebench.runs.keys import SCORING_VERSION
from stancebench.runs.record import Record
from stancebench.runs.spec import RunSpec
from stancebench.runs.store import RunStore

Runs = list[tuple[RunSpec, Record | None]]
"""each run asked for, with its record where it is finished"""


@dataclass
class Lookup:
    """Finds the records of some runs in any store.

    A key is made of the corpus's content. Where the files of a declared table are not here, its record is known by the
    declaration, which states the sha256 of every file.

    Parameters
    ----------
    specs : sequence of RunSpec
        what is asked
    runner : Runner
        makes keys

    Attributes
    ----------
    missing : MissingFileError or None
        why there are no keys
    """

    specs: Sequence[RunSpec]
    runner: Runner
    missing: MissingFileError | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._keys: list[str] = []
        try:
            self._keys = [self.runner.keys(spec)[1] for spec in self.specs]
        except MissingFileError as e:
            self.missing = e

    def find(self, store: RunStore) -> Runs:
        """Return each run with its record in a store.

        Raises
        ------
        MissingFileError
            when a file is not here whose declaration states no sha256
        """
        if self.missing is None:
            return [(spec, store.record(key)) for spec, key in zip(self.specs, self._keys, strict=True)]
        stored = {_canonical(r.run): r for r in store.all_records() if _is_current(r)}
        return [(spec, stored.get(_canonical(portable(spec, spec.corpus_name)))) for spec in self.specs]


def _is_current(record: Record) -> bool:
    # A record of a model that is not registered here, or cannot be loaded, answers no question.
    try:
        version = model_spec(str(record.run["model"])).version
    except (ModelError, UsageError):
        return False
    return record.scoring_version == SCORING_VERSION and record.model_version == version


def _canonical(run: Mapping[str, Any]) -> str:
    return json.dumps(run, sort_keys=True)
