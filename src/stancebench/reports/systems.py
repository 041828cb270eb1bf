"""Systems that predicted the same test rows: what is compared, sliced and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from stancebench.config.spec import model_config
from stancebench.corpora.corpus import Corpus
from stancebench.errors import RecordError
from stancebench.paths import home
from stancebench.protocols import Protocol, as_protocol
from stancebench.reports.experiment import Experiment, find_experiment
from stancebench.reports.naming import Named, named, spec_of
from stancebench.reports.picture import row_label
from stancebench.reports.table import Row
from stancebench.runs.evaluation import Prepared, prepare, scored_rows
from stancebench.runs.execute import Runner
from stancebench.runs.predictions import check_predictions, read_predictions_file
from stancebench.runs.record import Record
from stancebench.runs.recorded import in_order, predictions_of
from stancebench.runs.reproduce import choices_here
from stancebench.runs.spec import RunSpec, Scoring, spec_from_json
from stancebench.runs.store import RunStore
from stancebench.tasks import Task

if TYPE_CHECKING:
    from stancebench.scoring import paired


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

    def contenders(self, cluster: str = "event") -> tuple[paired.System, ...]:
        """Return the systems as `stancebench.scoring.paired` takes them, in the same order.

        Parameters
        ----------
        cluster : {"event", "document", "row"}, default="event"
            what is resampled
        """
        from stancebench.scoring import paired

        return tuple(
            paired.System(s.name, tuple(scored_rows(self.prepared, p["stance"], cluster) for p in s.predictions))
            for s in self.systems
        )


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
    systems = []
    for row in rows:
        paths = [found.store.record_path(record.score_key) for record in row.records]
        systems.append(recorded_system(row_label(row), row.records, prepared, paths))
    return SharedTest(prepared, spec.scoring, tuple(systems))


def recorded_system(name: str, records: Sequence[Record], prepared: Prepared, paths: Sequence[Path]) -> System:
    """Return the system of some records, with their predictions.

    Parameters
    ----------
    name : str
        what it is called
    records : sequence of Record
        finished, one for each seed or draw
    prepared : Prepared
        the test rows
    paths : sequence of pathlib.Path
        where each record lies

    Raises
    ------
    RecordError
        when predictions are not here, or not those that their record names
    """
    tables = tuple(in_order(predictions_of(r, path), prepared) for r, path in zip(records, paths, strict=True))
    first = spec_from_json(records[0].run)
    return System(name, first.model, first.task.inputs, tuple(records), tables)


def named_systems(
    names: Sequence[str],
    *,
    corpus: Corpus | None = None,
    task: str | None = None,
    protocol: Protocol | str | None = None,
    scoring: Scoring | None = None,
) -> SharedTest:
    """Return the systems that names stand for, which must have predicted the same test rows.

    Warns of what `check_predictions` warns of in a file.

    Parameters
    ----------
    names : sequence of str
        each the first characters of a record's key, the path of a record or of a file of predictions, or
        ``EXPERIMENT:SYSTEM``; see `stancebench.reports.naming.named`
    corpus : Corpus, optional
        by default that of the records, and of files without a record ``coverage``
    task, protocol : str, optional
        by default those of the records, and of files without a record ``attributed`` and ``official``
    scoring : Scoring, optional
        by default that of the records, and of files without a record the ordinary one

    Returns
    -------
    SharedTest
        systems in the order named; records that differ in nothing but their seed are one, and so is a file with a
        column ``seed``

    Raises
    ------
    UsageError
        when a name stands for nothing, for several systems, or for one that is named already
    RecordError
        when the systems are not of the same test rows, or predictions are not here, or faulty
    Declined
        when the corpus cannot take part in the task or protocol
    """
    return shared_by(named(names), corpus=corpus, task=task, protocol=protocol, scoring=scoring)


def shared_by(
    found: Sequence[Named],
    *,
    corpus: Corpus | None = None,
    task: str | None = None,
    protocol: Protocol | str | None = None,
    scoring: Scoring | None = None,
) -> SharedTest:
    """Return the systems that were found by their names; see `named_systems`."""
    recorded = [one for one in found if one.records]
    _refuse_apart(recorded)
    prepared, of_records = _prepared(recorded, corpus, task, protocol)
    prepared.refuse_declined()
    for one in recorded:
        _refuse_other_rows(one, prepared)
    systems = tuple(
        recorded_system(one.label, one.records, prepared, one.paths) if one.records else _given(one, prepared)
        for one in found
    )
    return SharedTest(prepared, scoring or of_records, systems)


def _refuse_apart(recorded: Sequence[Named]) -> None:
    """Refuse records whose corpus, task or protocol are not the same."""
    for one in recorded[1:]:
        first = recorded[0]
        mine, other = _test(first.records[0]), _test(one.records[0])
        for what in mine:
            if mine[what] != other[what]:
                raise RecordError(
                    f"{first.label} and {one.label} are not of the same test: {what} {mine[what]} and {other[what]}. "
                    "What is paired are predictions of the same judgements; what a protocol costs one system is in "
                    "the column drop of a table."
                )


def _test(record: Record) -> dict[str, str]:
    content, task, protocol, gold = _asked(record)
    corpus = f"{record.corpus.name}@{record.corpus.version} {content[:16]}"
    return {"corpus": corpus, "task": task, "protocol": protocol, "test judgements": gold[:16]}


def _prepared(
    recorded: Sequence[Named], corpus: Corpus | None, task: str | None, protocol: Protocol | str | None
) -> tuple[Prepared, Scoring]:
    """Return the test rows of the records, or of what was typed, and how they are scored."""
    asked = as_protocol(protocol) if protocol else None
    if recorded:
        (first, *_) = recorded[0].records
        spec = spec_of(first)
        typed = {"task": (task, spec.task.name), "protocol": (asked and asked.title, spec.protocol.title)}
        for what, (wanted, has) in typed.items():
            if wanted not in (None, has):
                raise RecordError(f"{recorded[0]} is of {what} {has}, and {what} {wanted} is asked for.")
        if corpus is None:
            spec = choices_here(first)
    else:
        spec = RunSpec("coverage", Task(task or "attributed", "text"), asked or Protocol(), model="", model_config={})
    rows = Task(spec.task.name, "text")
    if corpus is not None:
        return prepare(corpus, rows, spec.protocol), spec.scoring
    runner = Runner(RunStore(home()), model_config)
    return runner.prepared(replace(spec, task=rows)), spec.scoring


def _refuse_other_rows(one: Named, prepared: Prepared) -> None:
    for record in one.records:
        if record.gold_hash != prepared.gold:
            corpus = prepared.corpus
            raise RecordError(
                f"{one.label}: the record {record.score_key[:12]} is of other test judgements than {corpus.name}@"
                f"{corpus.version} has here (gold {record.gold_hash[:16]}, here {prepared.gold[:16]}). Run it again."
            )


def _given(one: Named, prepared: Prepared) -> System:
    """Return the system of a file of predictions: one for each value of its column ``seed``, where it has one."""
    (path,) = one.paths
    table = read_predictions_file(path)
    parts = [part for _, part in table.groupby("seed", sort=False)] if "seed" in table.columns else [table]
    checked = tuple(prepared.tested(check_predictions(part, prepared, one.label)) for part in parts)
    return System(one.label, "", "", (), checked)
