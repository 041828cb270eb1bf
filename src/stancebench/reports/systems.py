"""Systems that predicted the same test rows: what is compared, sliced and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from stancebench.corpora.corpus import KEY
from stancebench.errors import RecordError
from stancebench.paths import shown
from stancebench.protocols import Protocol
from stancebench.reports.experiment import Experiment, find_experiment
from stancebench.reports.picture import row_label
from stancebench.reports.table import Row
from stancebench.runs.evaluation import Prepared
from stancebench.runs.record import Record
from stancebench.runs.reproduce import predictions_beside, recorded_predictions
from stancebench.runs.spec import Scoring, spec_from_json
from stancebench.runs.store import RunStore
from stancebench.tasks import Task


@dataclass(frozen=True)
class System:
    """One system: its predictions of the test rows, once for each seed or draw.

    Attributes
    ----------
    name : str
        the label of its row in the experiment's table, or the name of its file
    model, inputs : str
        of its records; empty where there is none
    records : tuple of Record
        one for each seed or draw; none of a bare file
    predictions : tuple of pandas.DataFrame
        one for each seed or draw, each in the order of the test rows
    """

    name: str
    model: str
    inputs: str
    records: tuple[Record, ...]
    predictions: tuple[pd.DataFrame, ...]


@dataclass(frozen=True)
class SharedTest:
    """Systems that predicted the same test rows under one task and protocol.

    Attributes
    ----------
    prepared : Prepared
        the rows, with their text unmasked, and gold
    scoring : Scoring
        mode and bootstrap of the records
    systems : tuple of System
        in the order of the table, or as named
    """

    prepared: Prepared
    scoring: Scoring
    systems: tuple[System, ...]


def experiment_systems(name: str) -> tuple[SharedTest, ...]:
    """Return the finished systems of an experiment, those that share their test rows together.

    Systems share them where corpus, task and protocol are the same; inputs may differ, and draws of few examples are
    repetitions of one system.

    Parameters
    ----------
    name : str
        of a committed experiment

    Returns
    -------
    tuple of SharedTest
        in the order of the table

    Raises
    ------
    UsageError
        when no experiment has that name
    RecordError
        when no run of it is finished, or a record's predictions are not here
    MissingFileError
        when the corpus's files are not here
    """
    return shared_tests(find_experiment(name))


def shared_tests(found: Experiment) -> tuple[SharedTest, ...]:
    """Return the finished systems of an experiment that was found; see `experiment_systems`.

    Raises
    ------
    RecordError
        when a record's predictions are not here
    MissingFileError
        when the corpus's files are not here
    """
    if found.missing:
        raise found.missing
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in found.table().rows:
        if not row.declined:
            groups.setdefault(_asked(row.records[0]), []).append(row)
    return tuple(_shared(found, rows) for rows in groups.values())


def _asked(record: Record) -> tuple[str, ...]:
    """Return what the systems of one group have in common."""
    protocol = Protocol(**record.run["protocol"]).title
    return (record.corpus.content_hash, record.run["task"]["name"], protocol, record.gold_hash)


def _shared(found: Experiment, rows: Sequence[Row]) -> SharedTest:
    specs = {record.score_key: spec for spec, record in found.runs if record is not None}
    first = rows[0].records[0]
    spec = specs[first.score_key]
    prepared = found.runner.prepared(replace(spec, task=Task(spec.task.name, "text")))
    systems = tuple(
        recorded_system(row_label(row), row.records, prepared, [found.store] * len(row.records)) for row in rows
    )
    return SharedTest(prepared, spec.scoring, systems)


def recorded_system(name: str, records: Sequence[Record], prepared: Prepared, stores: Iterable[RunStore]) -> System:
    """Return the system of some records, with their predictions.

    Parameters
    ----------
    name : str
        what it is called
    records : sequence of Record
        finished, one for each seed or draw
    prepared : Prepared
        the test rows
    stores : iterable of RunStore
        where each record lies

    Raises
    ------
    RecordError
        when predictions are not here, or not those that their record names
    """
    paths = [store.record_path(record.score_key) for record, store in zip(records, stores, strict=True)]
    tables = tuple(_in_order(predictions_of(r, path), prepared) for r, path in zip(records, paths, strict=True))
    first = spec_from_json(records[0].run)
    return System(name, first.model, first.task.inputs, tuple(records), tables)


def predictions_of(record: Record, path: Path) -> pd.DataFrame:
    """Return the predictions of the record at a path.

    Raises
    ------
    RecordError
        when they are not here, or not those that the record names
    """
    beside = predictions_beside(record, path)
    table = recorded_predictions(record, beside, "Run it again.")
    if table is None:
        where = f"{shown(beside)} is not there" if beside else "it names none"
        raise RecordError(
            f"The predictions of the record {record.score_key[:12]} ({record.run['model']}) are not here: {where}. "
            "What is paired needs them: run it again, or fetch the file."
        )
    return table


def _in_order(predictions: pd.DataFrame, prepared: Prepared) -> pd.DataFrame:
    wanted = pd.MultiIndex.from_frame(prepared.test[list(KEY)])
    return predictions.set_index(list(KEY)).loc[wanted].reset_index()
