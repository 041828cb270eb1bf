"""Records mirrored into MLflow: a run per record, a parent run per sweep."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from stancebench.errors import StancebenchError, TrackingError
from stancebench.paths import shown
from stancebench.runs.record import Record
from stancebench.runs.store import RunStore
from stancebench.tracking.store import ARTIFACTS, STORE, prepare_environment, sqlite_uri
from stancebench.vocabulary import STANCES, UNKNOWN

if TYPE_CHECKING:
    from mlflow import MlflowClient

SCORE_KEY = "stancebench.score_key"
SWEEP_KEY = "stancebench.sweep_key"
PARENT = "mlflow.parentRunId"
PAGE = 1000


class Mirror:
    """One MLflow experiment that mirrors one run store.

    Parameters
    ----------
    store : RunStore
        where the records lie
    uri : str or None
        a tracking URI; None is a SQLite store in the store's folder
    experiment : str
        name of MLflow's experiment, made if there is none
    """

    def __init__(self, store: RunStore, uri: str | None, experiment: str) -> None:
        self.store = store
        self.local = uri is None
        self.uri = uri or sqlite_uri(store.folder)
        self.shown_uri = shown(store.folder / STORE) if self.local else self.uri
        prepare_environment()
        with self._errors():
            from mlflow import MlflowClient

            self.client: MlflowClient = MlflowClient(self.uri)
            self.experiment_id = self._experiment(experiment)

    def _experiment(self, name: str) -> str:
        from mlflow.exceptions import MlflowException

        found = self.client.get_experiment_by_name(name)
        if found is None:
            location = (self.store.folder.absolute() / ARTIFACTS).as_uri() if self.local else None
            try:
                return str(self.client.create_experiment(name, artifact_location=location))
            except MlflowException:
                # Another process was faster.
                found = self.client.get_experiment_by_name(name)
                if found is None:
                    raise
        return str(found.experiment_id)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except StancebenchError:
            raise
        except Exception as e:
            # MLflow, SQLAlchemy and requests each have their own; all mean that the mirror, not the record, failed.
            first = shorten(str(e).strip() or type(e).__name__, 160, placeholder=" ...").rstrip(".")
            raise TrackingError(
                f"MLflow at {self.shown_uri} failed: {first}. Records do not depend on it, and what is "
                "finished is kept: mend it and type `stancebench track sync`, or run with tracking=none."
            ) from e

    def _tagged(self, key: str, value: str, *, parent: str = "") -> dict[str, str]:
        """Return the run id by score key (or sweep key) of runs with a tag."""
        runs: dict[str, str] = {}
        token = None
        while True:
            page = self.client.search_runs(
                [self.experiment_id], f"tags.`{key}` = '{value}'", max_results=PAGE, page_token=token
            )
            for run in page:
                tags = run.data.tags
                if tags.get(PARENT, "") == parent and run.info.status == "FINISHED":
                    runs[tags.get(SCORE_KEY, tags.get(SWEEP_KEY, ""))] = run.info.run_id
            token = page.token
            if not token:
                return runs

    def sweep(self, key: str, name: str, total: int) -> tuple[str, set[str]]:
        """Return the parent run of a sweep, made if there is none, and the score keys it already holds."""
        with self._errors():
            known = self._tagged(SWEEP_KEY, key)
            if key in known:
                return known[key], set(self._tagged(PARENT, known[key], parent=known[key]))
            tags = {SWEEP_KEY: key, "mlflow.runName": name, "stancebench.runs": str(total)}
            run = self.client.create_run(self.experiment_id, tags=tags)
            self.client.set_terminated(run.info.run_id)
            return str(run.info.run_id), set()

    def mirrored(self, score_key: str) -> set[str]:
        """Return the score key, if a run outside any sweep mirrors it."""
        with self._errors():
            return set(self._tagged(SCORE_KEY, score_key))

    def log(self, record: Record, parent: str = "") -> None:
        """Mirror one record; a run that is not finished is not believed and is made again."""
        with self._errors():
            self._log(record, parent)

    def _log(self, record: Record, parent: str) -> None:
        from mlflow.entities import Metric, Param, RunTag

        client = self.client
        tags = run_tags(record) | ({PARENT: parent} if parent else {})
        run_id = client.create_run(self.experiment_id, tags=tags).info.run_id
        now = int(time.time() * 1000)
        client.log_batch(
            run_id,
            metrics=[Metric(name, value, now, 0) for name, value in metrics(record)],
            params=[Param(name, value) for name, value in params(record)],
            tags=[RunTag("stancebench.status", record.status)],
        )
        client.log_inputs(run_id, [_dataset(record)])
        client.log_artifact(run_id, str(self.store.record_path(record.score_key)))
        if record.predictions:
            client.log_artifact(run_id, str(self.store.predictions / record.predictions.file))
            client.log_text(run_id, confusion_csv(record), "confusion.csv")
        client.set_terminated(run_id)

    def sync(self, records: Iterable[Record], sweeps: Iterable[dict[str, Any]]) -> int:
        """Mirror every record that is not mirrored yet, alone or under its sweeps; return how many were added."""
        by_key = {r.score_key: r for r in records}
        alone = set(by_key)
        added = 0
        for sweep in sweeps:
            mine = [by_key[k] for k in sweep["score_keys"] if k in by_key]
            alone -= {r.score_key for r in mine}
            parent, there = self.sweep(sweep["sweep_key"], sweep["name"], len(sweep["score_keys"]))
            for record in mine:
                if record.score_key not in there:
                    self.log(record, parent)
                    added += 1
        for key in sorted(alone):
            if not self.mirrored(key):
                self.log(by_key[key])
                added += 1
        return added


def run_tags(record: Record) -> dict[str, str]:
    """Return the tags of a record's run: keys, commit, versions."""
    made = record.provenance
    versions = {f"version.{name}": version for name, version in made.packages.items()}
    return {
        "mlflow.runName": record.run["model"],
        SCORE_KEY: record.score_key,
        "stancebench.prediction_key": record.prediction_key,
        "stancebench.version": made.stancebench,
        "stancebench.model_version": str(record.model_version),
        "git.commit": made.git_commit,
        "git.dirty": str(made.git_dirty),
        "version.python": made.python,
        **versions,
    }


def params(record: Record) -> list[tuple[str, str]]:
    """Return a record's choices as flat parameters."""
    flat: list[tuple[str, str]] = []

    def walk(prefix: str, value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(f"{prefix}.{key}" if prefix else key, inner)
        else:
            flat.append((prefix.replace("model_config.", "model."), json.dumps(value).strip('"')))

    walk("", record.run)
    return flat


def metrics(record: Record) -> list[tuple[str, float]]:
    """Return every defined score, and its bounds as ``.low`` and ``.high``."""
    out = []
    for s in record.scores:
        name = ".".join(part for part in (s.score, s.target, s.stance, s.bloc) if part)
        out += [(name + end, v) for end, v in (("", s.value), (".low", s.low), (".high", s.high)) if v is not None]
    return out


def confusion_csv(record: Record) -> str:
    """Return the confusion tables as CSV: target, gold, predicted, count."""
    classes = (*STANCES, UNKNOWN)
    lines = ["target,gold,predicted,count"]
    for target, table in record.confusion.items():
        for gold, row in zip(classes, table, strict=True):
            lines += [f"{target},{gold},{predicted},{n}" for predicted, n in zip(classes, row, strict=True)]
    return "\n".join(lines) + "\n"


def _dataset(record: Record) -> Any:
    from mlflow.entities import Dataset, DatasetInput, InputTag

    corpus = record.corpus
    dataset = Dataset(
        name=f"{corpus.name}@{corpus.version}",
        # MLflow keeps at most 36 characters of a digest.
        digest=corpus.content_hash[:36],
        source_type="local",
        source=json.dumps({"corpus": corpus.name, "version": corpus.version}),
        profile=json.dumps(record.counts.model_dump()),
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "evaluation")])
