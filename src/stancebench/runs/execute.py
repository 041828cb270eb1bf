"""Runs carried out: what is finished is taken from the store, the rest is fitted, scored and written, one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from stancebench.models import ModelContext, ModelSpec, key_name, model_spec
from stancebench.protocols import Protocol
from stancebench.runs.evaluation import (
    Prepared,
    check_folds,
    fit_predict,
    prepare,
    score_predictions,
    scoring_json,
)
from stancebench.runs.keys import SCORING_VERSION, digest, prediction_key, score_key
from stancebench.runs.provenance import provenance
from stancebench.runs.record import (
    CorpusEntry,
    Counts,
    PredictionsEntry,
    Record,
    ScoreEntry,
    Times,
    diagram_entries,
    score_entries,
)
from stancebench.runs.spec import RunSpec
from stancebench.runs.store import RunStore, StoredPredictions
from stancebench.tasks import Task

if TYPE_CHECKING:
    from stancebench.corpora.table_source import TableSource
    from stancebench.runs.memory import SharedMemory

BuildConfig = Callable[[ModelSpec, RunSpec], object]


@dataclass(frozen=True)
class Outcome:
    """What became of one run: its record, and whether it was there before."""

    spec: RunSpec
    record: Record
    reused: bool


@dataclass
class Runner:
    """Carries out runs against one store; runs of one Runner share corpora, rows and fitted transformers.

    Parameters
    ----------
    store : RunStore
        where records and predictions go
    build_config : callable
        from plain values to a model's config dataclass
    """

    store: RunStore
    build_config: BuildConfig
    _corpora: dict[str, Corpus] = field(default_factory=dict)
    _prepared: dict[tuple[str, Task, Protocol], Prepared] = field(default_factory=dict)
    _leak_free: set[tuple[str, bool]] = field(default_factory=set)
    _shared: SharedMemory | None = None

    def prepared(self, spec: RunSpec) -> Prepared:
        """Return rows and folds of a run's corpus, task and protocol.

        Raises
        ------
        CorpusError
            when the corpus is faulty
        """
        name = spec.corpus if isinstance(spec.corpus, str) else spec.corpus.model_dump_json()
        if name not in self._corpora:
            self._corpora[name] = load_source(spec.corpus)
        key = (name, spec.task, spec.protocol)
        if key not in self._prepared:
            corpus = self._corpora[name]
            if spec.protocol.name in ("cross_validated", "temporal"):
                # Its folds need them; here they may be known from before.
                corpus = replace(corpus, near_duplicates=tuple(self._near_duplicates(corpus)))
            self._prepared[key] = prepare(corpus, spec.task, spec.protocol)
        return self._prepared[key]

    def _check_folds(self, prepared: Prepared) -> None:
        which = (prepared.data, prepared.corpus.published_split)
        if which not in self._leak_free and prepared.folds:
            check_folds(prepared, self._near_duplicates(prepared.corpus))
            self._leak_free.add(which)

    def _near_duplicates(self, corpus: Corpus) -> Sequence[tuple[str, str, float]]:
        """Return the corpus's near-duplicates: as it states them, as found before, or searched now."""
        if corpus.near_duplicates is not None:
            return corpus.near_duplicates
        pairs: Sequence[tuple[str, str, float]] | None = self.store.near_duplicates(corpus.content_hash)
        if pairs is None:
            pairs = corpus.all_near_duplicates
            self.store.write_near_duplicates(corpus.content_hash, pairs)
        return pairs

    def keys(self, spec: RunSpec) -> tuple[str, str]:
        """Return the prediction key and the score key of a run."""
        prepared = self.prepared(spec)
        model = model_spec(spec.model)
        prediction = prediction_key(
            data=prepared.data,
            targets=prepared.targets,
            task={"name": spec.task.name, "inputs": spec.task.inputs},
            protocol=spec.protocol.as_json(),
            model=key_name(spec.model),
            model_version=model.version,
            model_config=spec.model_config,
            seed=spec.seed if model.stochastic else None,
        )
        return prediction, score_key(prediction, prepared.gold, scoring_json(spec.scoring))

    def run(self, spec: RunSpec) -> Outcome:
        """Return the outcome of one run, from the store where it is finished."""
        # Also before a finished run is taken: the same data may have been run as a published split, leaks and all.
        self._check_folds(self.prepared(spec))
        prediction, score = self.keys(spec)
        known = self.store.record(score)
        if known is not None and (known.status == "finished" or known.reason == self._reason(spec)):
            return Outcome(spec, known, reused=True)
        record = self._record(spec, prediction, score)
        self.store.write_record(record)
        return Outcome(spec, record, reused=False)

    def _reason(self, spec: RunSpec) -> str:
        """Return why the corpus or the model declines; a reason may be told better than when it was recorded."""
        prepared = self.prepared(spec)
        model = model_spec(spec.model)
        return prepared.declined or model.declines(self.build_config(model, spec), prepared.context(spec.seed))

    def run_all(self, specs: Sequence[RunSpec]) -> Iterator[Outcome]:
        """Yield the outcome of each run as it is finished; a run asked for twice is done once."""
        for spec in specs:
            yield self.run(spec)

    def sweep_key(self, specs: Sequence[RunSpec], name: str) -> str:
        """Return the key of a sweep: its name and its set of runs, in any order."""
        return digest({"name": name, "score_keys": sorted({self.keys(spec)[1] for spec in specs})})

    def _record(self, spec: RunSpec, prediction: str, score: str) -> Record:
        prepared = self.prepared(spec)
        model = model_spec(spec.model)
        context = prepared.context(spec.seed)
        config = self.build_config(model, spec)
        reason = self._reason(spec)
        stored: StoredPredictions | None = None
        scores: list[ScoreEntry] = []
        diagrams: dict[str, Any] = {}
        confusion: dict[str, list[list[int]]] = {}
        clusters, cluster = 0, spec.scoring.bootstrap.cluster
        start = time.perf_counter()
        if not reason:
            stored = self._predictions(prediction, model, config, context, prepared)
            start = time.perf_counter()
            scored = score_predictions(prepared, stored.table, spec.scoring)
            confusion, clusters, cluster = dict(scored.confusion), scored.clusters, scored.cluster
            scores = score_entries(scored.values, scored.intervals)
            diagrams = diagram_entries(scored)
        return Record(
            status="declined" if reason else "finished",
            reason=reason,
            prediction_key=prediction,
            score_key=score,
            scoring_version=SCORING_VERSION,
            run=portable(spec, prepared.corpus.name),
            model_version=model.version,
            stochastic=model.stochastic,
            corpus=CorpusEntry(
                name=prepared.corpus.name,
                version=prepared.corpus.version,
                content_hash=prepared.corpus.content_hash,
            ),
            data_hash=prepared.data,
            split_hash=prepared.split_hash,
            gold_hash=prepared.gold,
            counts=Counts(
                folds=len(prepared.folds),
                train=sum(len(f.train) for f in prepared.folds),
                dev=sum(len(f.dev) for f in prepared.folds),
                test=len(prepared.test),
                clusters=clusters,
                cluster=cluster,
                sentences_left_out=spec.task.left_out(prepared.corpus),
            ),
            predictions=stored and PredictionsEntry(file=stored.file, sha256=stored.sha256, rows=len(stored.table)),
            scores=scores,
            confusion=confusion,
            **diagrams,
            provenance=provenance(spec.model),
            times=Times(
                finished=datetime.now(UTC).isoformat(timespec="seconds"),
                fit_s=round(stored.fit_s, 4) if stored else 0.0,
                predict_s=round(stored.predict_s, 4) if stored else 0.0,
                score_s=round(time.perf_counter() - start, 4),
            ),
        )

    def _predictions(
        self, key: str, model: ModelSpec, config: object, context: ModelContext, prepared: Prepared
    ) -> StoredPredictions:
        stored = self.store.stored_predictions(key)
        if stored is not None:
            return stored
        from stancebench.runs.memory import share

        fitted = fit_predict(lambda: share(model.build(config, context), self._memory), prepared)
        return self.store.write_predictions(key, fitted.predictions, round(fitted.fit_s, 4), round(fitted.predict_s, 4))

    @property
    def _memory(self) -> SharedMemory:
        from stancebench.runs.memory import SharedMemory

        if self._shared is None:
            self._shared = SharedMemory()
        return self._shared


def load_source(corpus: str | TableSource) -> Corpus:
    """Return the corpus that a spec names or declares."""
    if isinstance(corpus, str):
        return load_corpus(corpus)
    from stancebench.corpora.table import load_table

    return load_table(corpus)


def portable(spec: RunSpec, corpus: str) -> dict[str, Any]:
    """Return the spec as a record holds it, which is without any path of one machine.

    Parameters
    ----------
    spec : RunSpec
        what is asked
    corpus : str
        declared name of its corpus; a table stands there by what identifies its files
    """
    if isinstance(spec.corpus, str):
        return {**spec.as_json(), "corpus": corpus}
    from stancebench.corpora.table_identity import identified

    return replace(spec, corpus=identified(spec.corpus)).as_json()
