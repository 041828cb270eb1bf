"""The record of a run: one self-contained, versioned JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stancebench.errors import RecordError
from stancebench.paths import shown

if TYPE_CHECKING:
    from stancebench.runs.evaluation import Scored
    from stancebench.scoring import ScoreId, ScoreValue
    from stancebench.scoring.resampling import Interval

SCHEMA_VERSION = 3

SCHEMA_FILE = Path(__file__).with_name("record.schema.json")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=(), defer_build=True)


class ScoreEntry(_Part):
    """One score: of a target, a stance and a bloc, where it has them; with its interval, or why it has none."""

    score: str
    target: str = ""
    stance: str = ""
    bloc: str = ""
    value: float | None
    low: float | None = None
    high: float | None = None
    undefined_replicates: int = 0
    reason: str = ""


class CorpusEntry(_Part):
    """Which corpus, exactly."""

    name: str
    version: str
    content_hash: str


class PredictionsEntry(_Part):
    """The predictions file, named by its key."""

    file: str
    sha256: str
    rows: int


class Counts(_Part):
    """How many rows, clusters and sentences; ``train`` and ``dev`` summed over folds."""

    folds: int
    train: int
    dev: int
    test: int
    clusters: int
    cluster: str
    sentences_left_out: int


class Provenance(_Part):
    """What made it; none of it is part of a key."""

    stancebench: str
    git_commit: str
    git_dirty: bool | None
    python: str
    platform: str
    cpus: int
    threads: int = Field(description="0 where it was not recorded")
    blas: str
    packages: dict[str, str]


class Times(_Part):
    """When and how long; stands apart from what must reproduce."""

    finished: str
    fit_s: float
    predict_s: float
    score_s: float


class ReliabilityEntry(_Part):
    """One bin of the probability of one stance; empty bins are left out."""

    stance: str
    low: float
    high: float
    n: int
    mean_p: float
    frequency: float


class RiskEntry(_Part):
    """One point of the risk-coverage curve: the most confident answers alone, and the share of them that is wrong."""

    coverage: float
    risk: float
    confidence: float


class Record(_Part):
    """What a run was, what came out, and how to have it again."""

    schema_version: Literal[3] = 3
    status: Literal["finished", "declined"]
    reason: str = Field(default="", description="why the model or the corpus declined")
    prediction_key: str
    score_key: str
    scoring_version: int
    run: dict[str, Any] = Field(description="the resolved choices, enough to run it again")
    model_version: int
    stochastic: bool
    corpus: CorpusEntry
    data_hash: str
    split_hash: str
    gold_hash: str
    counts: Counts
    predictions: PredictionsEntry | None
    scores: list[ScoreEntry]
    confusion: dict[str, list[list[int]]] = Field(description="per target, gold by predicted, unknown last")
    reliability: list[ReliabilityEntry] = Field(default=[], description="empty without probabilities")
    risk_coverage: list[RiskEntry] = Field(default=[], description="at most 50 points, empty without probabilities")
    prior_variants: dict[str, str] = Field(
        default={}, description="variant of the holder prior that the gain of each fold is over, best on its dev"
    )
    provenance: Provenance
    times: Times

    def value(self, score: str, target: str = "", stance: str = "", bloc: str = "") -> ScoreEntry | None:
        """Return one score, or None when the record has none of that name."""
        for entry in self.scores:
            if (entry.score, entry.target, entry.stance, entry.bloc) == (score, target, stance, bloc):
                return entry
        return None

    def to_bytes(self) -> bytes:
        """Return the record as the JSON that is written."""
        return (self.model_dump_json(indent=1) + "\n").encode()


def score_entries(values: Mapping[ScoreId, ScoreValue], intervals: Mapping[ScoreId, Interval]) -> list[ScoreEntry]:
    """Return scores and their intervals as a record holds them; what is undefined has no bounds."""
    return [
        ScoreEntry(
            **which._asdict(),
            value=value.value,
            low=None if value.value is None else intervals[which].low,
            high=None if value.value is None else intervals[which].high,
            undefined_replicates=intervals[which].undefined,
            reason=value.reason or intervals[which].reason,
        )
        for which, value in values.items()
    ]


def diagram_entries(scored: Scored) -> dict[str, Any]:
    """Return the diagrams behind the scores, and the priors they are held against, as fields of a record."""
    return {
        "reliability": [ReliabilityEntry(**asdict(part)) for part in scored.reliability],
        "risk_coverage": [RiskEntry(**point._asdict()) for point in scored.risk_coverage],
        "prior_variants": dict(scored.prior_variants),
    }


def read_record(path: Path) -> Record:
    """Return a record from its file; one of an older schema version is brought to this one.

    Raises
    ------
    RecordError
        when the file is missing, half written, or of a schema version that is not known
    """
    try:
        data = path.read_bytes()
    except OSError as e:
        raise RecordError(f"Cannot read the record {shown(path)}: {e.strerror}.") from None
    try:
        return Record.model_validate_json(data)
    except ValidationError as e:
        fault = e
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        raise RecordError(f"{shown(path)} is not a whole record: it is half written or no JSON.") from None
    version = values.get("schema_version") if isinstance(values, dict) else None
    if type(version) is int and version in MIGRATIONS:
        try:
            return Record.model_validate(_migrated(values, version))
        except ValidationError as e:
            fault = e
        except (KeyError, TypeError) as e:
            raise RecordError(f"{shown(path)} is not a whole record of schema version {version}: {e}.") from None
    elif version != SCHEMA_VERSION:
        known = ", ".join(str(v) for v in (*MIGRATIONS, SCHEMA_VERSION))
        raise RecordError(
            f"{shown(path)} is not a whole record: its schema version is {version!r}, this stancebench reads {known}."
        )
    first = fault.errors()[0]
    raise RecordError(f"{shown(path)} is not a whole record: {'.'.join(map(str, first['loc']))}: {first['msg']}.")


def _migrated(values: dict[str, Any], version: int) -> dict[str, Any]:
    for older in range(version, SCHEMA_VERSION):
        values = MIGRATIONS[older](values)
    return values


def _from_1(values: dict[str, Any]) -> dict[str, Any]:
    """Return a record of version 2.

    Version 1 knew one protocol, of one fold and without options, by its name; it did not count threads.
    """
    run = {**values["run"], "protocol": {"name": values["run"]["protocol"]}}
    made = {"threads": 0, "blas": "", **values["provenance"]}
    counts = {"folds": 1, "cluster": run["scoring"]["bootstrap"]["cluster"], **values["counts"]}
    return {**values, "schema_version": 2, "run": run, "counts": counts, "provenance": made}


def _from_2(values: dict[str, Any]) -> dict[str, Any]:
    """Return a record of version 3. Version 2 had no scores by bloc, of probabilities and against the holder prior."""
    return {**values, "schema_version": 3}


MIGRATIONS: dict[Any, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1, 2: _from_2}
"""from an older schema version to the next one; a version that stands nowhere here is refused, never guessed"""


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema of a record, as committed in ``record.schema.json``."""
    return Record.model_json_schema()
