"""What a person types for a system: a key, a record, a file of predictions, or a row of an experiment's table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from stancebench.config.compose import experiment_names
from stancebench.errors import SHOWN, RecordError, UsageError, nearest
from stancebench.models.registry import model_names
from stancebench.paths import home, shipped, shown
from stancebench.reports.experiment import Experiment, find_experiment
from stancebench.reports.picture import row_label
from stancebench.reports.table import Row, build
from stancebench.runs.predictions_file import FORMATS
from stancebench.runs.record import Record, read_record
from stancebench.runs.spec import RunSpec, spec_from_json
from stancebench.runs.store import SHORT

EVERY = "*"
"""in the place of a system: all that an experiment has"""

FORMS = "a record's key or path, a file of predictions, or EXPERIMENT:SYSTEM"


class UnknownSystemError(UsageError):
    """A name that stands for no record, file or experiment."""


@dataclass(frozen=True)
class Named:
    """What a name stands for: the records of one system, with where they lie, or a file of predictions.

    Attributes
    ----------
    label : str
        what it is called
    records : tuple of Record
        one for each seed or draw; none of a file
    paths : tuple of pathlib.Path
        of the records, or of the file
    """

    label: str
    records: tuple[Record, ...]
    paths: tuple[Path, ...]

    def __str__(self) -> str:
        # A record that was named by itself is labelled beside the others only.
        return self.label or self.records[0].score_key[:12]


def named(names: Sequence[str]) -> list[Named]:
    """Return what names stand for, in their order; records that differ in nothing but their seed or draw are one.

    Parameters
    ----------
    names : sequence of str
        each the first characters of a record's key, the path of a record or of a file of predictions,
        ``EXPERIMENT:SYSTEM`` with a row's label or enough of its parts, or ``EXPERIMENT:*``

    Raises
    ------
    UsageError
        when a name stands for nothing, for several, or for what another one stands for
    RecordError
        when a record cannot be read, or its run was declined
    """
    # Composing an experiment takes seconds: one that is named for several of its systems is found once.
    experiment = cache(find_experiment)
    found = [one for name in names for one in _resolved(name, experiment)]
    for one in found:
        for record in one.records:
            if record.status == "declined":
                raise RecordError(f"{one} has no predictions: it declined ({record.reason}).")
    _refuse_repeated(found)
    return _distinct_labels(_merged(found))


def _resolved(name: str, find: Callable[[str], Experiment]) -> Iterator[Named]:
    path = Path(name)
    experiment, colon, system = name.partition(":")
    if colon and not path.exists() and path.parent == Path():
        yield from _rows(find(experiment.strip()), system.strip())
    elif path.suffix == ".json":
        yield Named("", (read_record(path),), (path,))
    elif path.is_file() or path.suffix.lower() in [s for suffixes in FORMATS.values() for s in suffixes]:
        yield Named(path.name, (), (path,))
    else:
        path = _by_key(name)
        yield Named("", (read_record(path),), (path,))


def _by_key(name: str) -> Path:
    folders = [home() / "records", *(p / "records" for p in sorted(shipped("results").glob("*/")))]
    for folder in folders:
        start = [p for p in sorted(folder.glob("*.json")) if name and p.stem.startswith(name[:SHORT])]
        if len(start) > 1:
            raise RecordError(f"{len(start)} records in {shown(folder)} start with {name!r}: type more of the key.")
        if start:
            return start[0]
    if name in experiment_names():
        raise UsageError(
            f"{name!r} is an experiment. Type which of its systems, as {name}:SYSTEM with a row of "
            f"`stancebench table {name}`, or '{name}:{EVERY}' for all of them."
        )
    if name in model_names():
        raise UsageError(
            f"{name!r} is a model, and a model's name alone is no system: it has no predictions. Allowed: {FORMS}. "
            f"Type for example 'baselines:lexicon, text', or `stancebench run model={name}` and the key of its record."
        )
    close = nearest(name, experiment_names())
    hint = f" Did you mean '{close}:SYSTEM'?" if close else ""
    raise UnknownSystemError(
        f"{name!r} is no system: no file has that name, and no record of yours or of the committed results has such a "
        f"key.{hint} Allowed: {FORMS}. `stancebench ls runs` shows the keys of your runs."
    )


def _rows(found: Experiment, system: str) -> Iterator[Named]:
    if found.missing:
        raise found.missing
    rows = {row_label(row): row for row in found.table().rows}
    for label in matching(found.name, system, rows):
        row = rows[label]
        paths = tuple(found.store.record_path(record.score_key) for record in row.records)
        yield Named(label, row.records, paths)


def matching(experiment: str, system: str, rows: Mapping[str, Row]) -> list[str]:
    """Return the labels of the rows that a name stands for: one, or with ``*`` all that did not decline.

    Raises
    ------
    UsageError
        when it stands for no row, or for several
    """
    if system == EVERY:
        return [label for label, row in rows.items() if not row.declined]
    asked = set(_parts(system))
    exact = [label for label in rows if set(_parts(label)) == asked]
    partly = [label for label in rows if asked and asked <= set(_parts(label))]
    found = exact or [label for label in partly if not rows[label].declined] or partly
    if not found:
        close = nearest(system, [part for label in rows for part in _parts(label)], 0.75) or nearest(system, rows)
        hint = f" Did you mean {close!r}?" if close else ""
        raise UsageError(
            f"There is no system {system!r} in {experiment}.{hint} Allowed: {_few(list(rows))}. "
            f"Type `stancebench table {experiment}` to see them."
        )
    if len(found) > 1:
        raise UsageError(
            f"{system!r} is {len(found)} systems of {experiment}: {_few(found)}. "
            f"Type more of its name, as in '{experiment}:{found[0]}'."
        )
    return found


def _few(labels: Sequence[str]) -> str:
    # Labels have commas of their own.
    return "; ".join(labels[:SHOWN]) + (f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else "")


def _parts(label: str) -> list[str]:
    """Return the parts of a label, without how many seeds or draws it has."""
    return [part.partition(" (")[0].strip() for part in label.split(",") if part.strip()]


def _refuse_repeated(found: Sequence[Named]) -> None:
    seen: dict[str, str] = {}
    for one in found:
        keys = [r.prediction_key for r in one.records] or [str(p.resolve()) for p in one.paths]
        for key in keys:
            label = str(one)
            if key in seen:
                if seen[key] == label:
                    raise UsageError(f"{label} is named twice: name each system once.")
                raise UsageError(f"{seen[key]} and {label} are the same predictions: name each system once.")
            seen[key] = label


def _merged(found: Sequence[Named]) -> list[Named]:
    """Return systems in which the records that were named one by one are put together by seed, and labelled."""
    single = {one.records[0].score_key: one for one in found if not one.label}
    records = [one.records[0] for one in single.values()]
    runs: list[tuple[RunSpec, Record | None]] = [(spec_of(record), record) for record in records]
    of_key: dict[str, Named] = {}
    for row in build("", "", runs, ()).rows if runs else ():
        paths = tuple(path for record in row.records for path in single[record.score_key].paths)
        merged = Named(row_label(row), row.records, paths)
        of_key |= dict.fromkeys((record.score_key for record in row.records), merged)
    whole = [one if one.label else of_key[one.records[0].score_key] for one in found]
    return list({id(one): one for one in whole}.values())


def spec_of(record: Record) -> RunSpec:
    """Return the choices of a record, which may come from anybody.

    Raises
    ------
    RecordError
        when they are not whole
    """
    try:
        return spec_from_json(record.run)
    except (KeyError, TypeError, ValueError, UsageError) as e:
        raise RecordError(f"The record {record.score_key[:12]} does not say what was run: {e}.") from None


def _distinct_labels(found: list[Named]) -> list[Named]:
    """Return systems of which no two have one label: their files' paths, or their keys, tell them apart."""
    labels = [one.label for one in found]
    return [replace(one, label=f"{one.label} ({_apart(one)})") if labels.count(one.label) > 1 else one for one in found]


def _apart(one: Named) -> str:
    return one.records[0].score_key[:12] if one.records else shown(one.paths[0])
