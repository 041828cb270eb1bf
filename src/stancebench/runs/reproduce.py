"""A record run again in a folder of its own, and compared; a record is data, and nothing in it is run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from stancebench.corpora.corpus import KEY
from stancebench.corpora.load import corpus_folder, corpus_names
from stancebench.corpora.table_identity import inside
from stancebench.corpora.table_reading import find
from stancebench.corpora.table_source import TableFile, TableSource
from stancebench.errors import CorpusError, RecordError, UsageError, unknown
from stancebench.files import sha256_of
from stancebench.models import model_names, model_spec
from stancebench.paths import shown
from stancebench.runs.comparison import Reproduction, compare
from stancebench.runs.evaluation import PREDICTION_COLUMNS
from stancebench.runs.execute import BuildConfig, Runner
from stancebench.runs.provenance import OWN_PACKAGES
from stancebench.runs.record import Record
from stancebench.runs.spec import RunSpec, spec_from_json
from stancebench.runs.store import RunStore, read_predictions


class Reproducer:
    """Runs records again, one after another; what was asked before is shared, and every record is fitted afresh.

    Nothing is taken from a store of runs and nothing is kept: the runs are made in a temporary folder. A model is the
    one registered here under the record's name; no code of the record's commit is fetched or run. To be used in a
    ``with`` statement.

    Parameters
    ----------
    build_config : callable
        from plain values to a model's config dataclass
    known : RunStore, default=None
        whose near-duplicates need not be searched again; they decide no number
    """

    def __init__(self, build_config: BuildConfig, known: RunStore | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="stancebench-")
        self._store = RunStore(Path(self._folder.name))
        self._runner = Runner(self._store, build_config)
        if known is not None and known.near_duplicates_folder.is_dir():
            shutil.copytree(known.near_duplicates_folder, self._store.near_duplicates_folder)

    def __enter__(self) -> Reproducer:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def reproduce(self, record: Record, predictions: Path | None, corpus: str | None = None) -> Reproduction:
        """Run a record's resolved choices again and compare.

        Parameters
        ----------
        record : Record
            what was run
        predictions : pathlib.Path or None
            the record's predictions; None, or a file that is not there, compares scores only
        corpus : str, default=None
            where the record's corpus lies, if not under its name: a corpus folder, or the folder of a table's files

        Returns
        -------
        Reproduction

        Raises
        ------
        RecordError
            when the record's choices cannot be had here, or the predictions are not those that it names
        CorpusError
            when the corpus is not there, or faulty
        UsageError
            when ``corpus`` is no corpus
        """
        spec = _here(_spec(record), record, corpus)
        before = recorded_predictions(record, predictions)
        self._runner.prepared(spec)
        try:
            again = self._runner.run(spec).record
        except UsageError as e:
            raise _refused(record, f"{e}{_other_version(record)}") from None
        after = None
        if again.predictions:
            after = read_predictions((self._store.predictions / again.predictions.file).read_bytes())
        # The next record may ask for the same key, and is to be fitted all the same.
        for folder in (self._store.records, self._store.predictions):
            shutil.rmtree(folder, ignore_errors=True)
        return compare(record, again, before, after)


def predictions_beside(record: Record, path: Path) -> Path | None:
    """Return where the predictions of the record at a path should lie: in ``predictions/``, else in its own folder.

    Raises
    ------
    RecordError
        when the record names a file elsewhere
    """
    if record.predictions is None:
        return None
    name = record.predictions.file
    if not inside(name) or Path(name).name != name:
        raise _refused(record, f"its predictions are {name!r}, and a record names a file without a folder.")
    folder = path.resolve().parent
    there = folder.parent / "predictions" / name
    return folder / name if not there.is_file() and (folder / name).is_file() else there


def _refused(record: Record, why: str) -> RecordError:
    return RecordError(f"The record {record.score_key[:12]} cannot be run again here: {why}")


def _choices(record: Record) -> RunSpec:
    """Return a record's choices, each of its type; a stranger's record may hold anything."""
    run = record.run
    known = [f.name for f in fields(RunSpec)]
    for key in (*(k for k in run if k not in known), *(k for k in known if k not in run)):
        raise _refused(
            record, f"run.{key} is {'unknown' if key in run else 'missing'}. Choices are: {', '.join(known)}."
        )
    try:
        spec_from_json(run)
        spec: RunSpec = TypeAdapter(RunSpec).validate_python(run)
    except ValidationError as e:
        first = e.errors()[0]
        raise _refused(record, f"run.{'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    except (KeyError, TypeError, ValueError) as e:
        raise _refused(record, f"its choices are not whole ({e}).") from None
    except UsageError as e:
        raise _refused(record, str(e)) from None
    return spec


def choices_here(record: Record, corpus: str | None = None) -> RunSpec:
    """Return a record's choices with its corpus where it lies here; its model need not be registered.

    Parameters
    ----------
    record : Record
        what was run
    corpus : str, optional
        where its corpus lies, if not under its name

    Raises
    ------
    RecordError
        when the record's choices are not whole
    CorpusError
        when the corpus is not here
    """
    return _here(_choices(record), record, corpus)


def _spec(record: Record) -> RunSpec:
    spec = _choices(record)
    if spec.model not in model_names():
        raise _refused(record, _unregistered(spec.model, record))
    for key, text in _texts("run.model_config", spec.model_config):
        if "${" in text:
            raise _refused(record, f"{key} is {text!r}, and a resolved value holds no '${{'.")
    return spec


def _unregistered(model: str, record: Record) -> str:
    foreign = [f"{name} {version}" for name, version in record.provenance.packages.items() if name not in OWN_PACKAGES]
    made = f" The record was made with {', '.join(foreign)}." if foreign else ""
    return (
        f"no model {model!r} is registered.{made} If you trust the package that brings it, install that; "
        "then `stancebench ls models` lists it."
    )


def _other_version(record: Record) -> str:
    now = model_spec(record.run["model"]).version
    was = record.model_version
    return f" The record is of version {was} of the model, here is {now}." if was != now else ""


def _texts(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(f"{key}.{name}", name)
            yield from _texts(f"{key}.{name}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(key, inner)


def _here(spec: RunSpec, record: Record, corpus: str | None) -> RunSpec:
    """Return the spec with its corpus where it lies now: under its name, or where the user says."""
    if isinstance(spec.corpus, TableSource):
        return replace(spec, corpus=_table_here(spec.corpus, record, corpus))
    if corpus is not None:
        try:
            corpus_folder(corpus)
        except UsageError:
            raise unknown("corpus", corpus, corpus_names(), "Type --corpus PATH, the folder that it lies in.") from None
        return replace(spec, corpus=corpus)
    # A record holds a name; a path in it is no choice of this user's.
    if not ({"/", "\\"} & set(spec.corpus) or spec.corpus in {".", "..", ""}):
        try:
            corpus_folder(spec.corpus)
        except UsageError:
            pass
        else:
            return spec
    raise CorpusError(
        f"The corpus of the record {record.score_key[:12]} is not here: {_identity(record)}. "
        "Type the same command with --corpus PATH, the folder that it lies in."
    )


def _table_here(source: TableSource, record: Record, corpus: str | None) -> TableSource:
    paths = [source.folder, *(p for f in source.files for p in (f.path, f.stances))]
    for path in paths:
        if not inside(path):
            raise _refused(
                record, f"its corpus has {path!r}, and a record names no place outside the working directory."
            )
    if corpus is not None:
        source = source.model_copy(update={"folder": corpus})
    try:
        for file in source.files:
            find(source, file.path, file.url, file.sha256)
            if file.stances:
                find(source, str(Path(file.path).parent / file.stances), "", file.stances_sha256)
    except CorpusError as e:
        raise CorpusError(
            f"{e} It is of the corpus of the record {record.score_key[:12]}: {_identity(record)}. "
            "If it lies elsewhere, type the same command with --corpus FOLDER."
        ) from None
    # A file that has changed is to be run: what differs then has its cause in the corpus's content hash.
    files = tuple(_any_content(file) for file in source.files)
    return source.model_copy(update={"files": files})


def _any_content(file: TableFile) -> TableFile:
    return file.model_copy(update={"sha256": "", "stances_sha256": ""})


def _identity(record: Record) -> str:
    corpus = record.corpus
    return f"{corpus.name}, version {corpus.version}, content {corpus.content_hash[:16]}"


def recorded_predictions(
    record: Record, path: Path | None, then: str = "Restore it, or remove it to compare scores only."
) -> pd.DataFrame | None:
    """Return the predictions that a record names, or None where their file is not there.

    Parameters
    ----------
    record : Record
        which names them with their checksum
    path : pathlib.Path or None
        of the file
    then : str, optional
        what a refusal of another file says to do

    Raises
    ------
    RecordError
        when the file is not the one that the record names, or holds no predictions
    """
    if path is None or record.predictions is None or not path.is_file():
        return None
    try:
        data = path.read_bytes()
    except OSError as e:
        raise RecordError(f"{shown(path)} cannot be read: {e.strerror}.") from None
    if sha256_of(data) != record.predictions.sha256:
        raise RecordError(
            f"{shown(path)} is not the predictions file that the record {record.score_key[:12]} names: its sha256 is "
            f"{sha256_of(data)[:16]}..., the record says {record.predictions.sha256[:16]}... "
            f"{then}"
        )
    try:
        table = read_predictions(data)
        table[PREDICTION_COLUMNS]
    except (KeyError, ValueError) as e:
        raise RecordError(f"{shown(path)} is no file of predictions: {e}.") from None
    if table.duplicated(list(KEY)).any():
        raise RecordError(f"{shown(path)} is no file of predictions: a judgement stands twice in it.")
    return table
