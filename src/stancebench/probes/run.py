"""Models probed: fitted once on each fold, asked for the test as it is and as each probe changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stancebench.corpora.components import codes
from stancebench.models import model_spec
from stancebench.probes.catalogue import Probe, chosen
from stancebench.probes.consistency import consistency_interval
from stancebench.probes.sentence import Item, Names
from stancebench.protocols.support import POLAR
from stancebench.runs.evaluation import CLUSTERS, Prepared
from stancebench.runs.fitting import fitted, predicted_stances
from stancebench.runs.spec import RunSpec
from stancebench.scoring import Bootstrap

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

    from stancebench.runs.execute import Runner

Labels = npt.NDArray[np.object_]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ProbeResult:
    """What one probe found of one system; it holds counts and no text.

    Attributes
    ----------
    probe, system : str
        names
    consistency : float or None
        share of the compared predictions that stay, in [0, 1], higher is better; None where nothing is compared
    low, high : float or None
        its interval, by cluster
    changed, compared : int
        predictions that change, and all whose text the probe changes as the model sees it
    polar : int
        compared judgements with favor or against predicted before or after: only these can change
    declined : str
        why the probe or the system does not take part, or an empty string
    accuracy_before, accuracy_after : float or None
        of the compared judgements, on the text as it is and as it is changed
    reason : str
        why there is no interval, or an empty string
    """

    probe: str
    system: str
    consistency: float | None = None
    low: float | None = None
    high: float | None = None
    changed: int = 0
    compared: int = 0
    polar: int = 0
    declined: str = ""
    accuracy_before: float | None = None
    accuracy_after: float | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Changed:
    """The test rows as one probe changes them.

    Attributes
    ----------
    rows : pandas.DataFrame
        as a model sees them, in the order of the test
    where : ndarray of bool, shape (test rows,)
        whether a model sees another text
    """

    rows: pd.DataFrame
    where: BoolArray


@dataclass
class Changes:
    """The changed test rows of a corpus, task and protocol, made once for all systems."""

    _kept: dict[tuple[int, str], tuple[Prepared, Changed]] = field(default_factory=dict)
    _names: dict[str, Names] = field(default_factory=dict)

    def of(self, prepared: Prepared, probe: Probe) -> Changed:
        """Return the test rows as a probe changes them."""
        key = (id(prepared), probe.name)
        if key not in self._kept:
            self._kept[key] = (prepared, self._make(prepared, probe))
        return self._kept[key][1]

    def _make(self, prepared: Prepared, probe: Probe) -> Changed:
        corpus, seen = prepared.corpus, prepared.test
        names = self._names.setdefault(corpus.content_hash, Names.of(corpus))
        # A probe changes what was written; only then is it masked.
        plain = prepared.task.rows(corpus).loc[seen.index]
        texts = [probe.change(item, names) for item in items(plain)]
        changed = plain.assign(text=[t or was for t, was in zip(texts, plain["text"], strict=True)])
        rows = prepared.task.view(corpus, changed)
        return Changed(rows, (rows["text"] != seen["text"]).to_numpy())


def items(rows: pd.DataFrame) -> Iterator[Item]:
    """Yield the sentence of each row of a judgement table, as a probe takes it."""
    columns = ("sentence_id", "text", "holder", "target", "sentence_tags")
    for sentence_id, text, holder, target, tags in zip(*(rows[c] for c in columns), strict=True):
        yield Item(sentence_id, text, holder, target, tuple(tags.split() if isinstance(tags, str) else tags))


def probe_systems(
    runner: Runner, systems: Sequence[tuple[str, RunSpec]], only: Sequence[str] = ()
) -> list[ProbeResult]:
    """Return what each probe finds of each system.

    A system is fitted once; what is compared are its own two predictions of a judgement, so that neither its fit nor
    gold decides a consistency.

    Parameters
    ----------
    runner : Runner
        loads corpora and builds models; nothing is taken from its store or written to it
    systems : sequence of (str, RunSpec)
        name and choices of each
    only : sequence of str
        names of probes; empty for all

    Returns
    -------
    list of ProbeResult
        by system, then by probe

    Raises
    ------
    UsageError
        when there is no such probe
    CorpusError
        when a corpus is faulty
    """
    probes = chosen(only)
    changes = Changes()
    return [result for name, spec in systems for result in _probed(runner, name, spec, probes, changes)]


def _probed(
    runner: Runner, name: str, spec: RunSpec, probes: Sequence[Probe], changes: Changes
) -> Iterator[ProbeResult]:
    prepared = runner.prepared(spec)
    model = model_spec(spec.model)
    config = runner.build_config(model, spec)
    context = prepared.context(spec.seed)
    reason = prepared.declined or model.declines(config, context)
    taking_part = [probe for probe in probes if not (reason or probe.declines(spec.task))]
    told = _predictions(lambda: model.build(config, context), prepared, [changes.of(prepared, p) for p in taking_part])
    said = dict(zip([None, *taking_part], told, strict=True)) if taking_part else {}
    for probe in probes:
        if probe not in said:
            yield ProbeResult(probe.name, name, declined=reason or probe.declines(spec.task))
            continue
        result, where = ProbeResult(probe.name, name), changes.of(prepared, probe).where
        yield _compared(result, prepared, spec.scoring.bootstrap, (said[None], said[probe]), where)


def _predictions(build: Callable[[], BaseEstimator], prepared: Prepared, changed: Sequence[Changed]) -> list[Labels]:
    """Return the predictions of the test as it is and as each probe changes it, in the order of the test."""
    if not changed:
        return []
    views = [prepared.test, *(c.rows for c in changed)]
    told: list[Labels] = [np.empty(len(prepared.test), dtype=object) for _ in views]
    places = pd.Series(np.arange(len(prepared.test)), index=prepared.test.index)
    columns = prepared.task.columns
    for fold, estimator, _ in fitted(build, prepared):
        test = prepared.rows.index[fold.test]
        for labels, view in zip(told, views, strict=True):
            # The whole fold each time: a model may read a sentence's other judgements.
            labels[places[test].to_numpy()] = predicted_stances(estimator, view.loc[test, columns])
    return told


def _compared(
    result: ProbeResult, prepared: Prepared, bootstrap: Bootstrap, said: tuple[Labels, Labels], where: BoolArray
) -> ProbeResult:
    """Return a result with what is compared filled in: predictions before and after, of the rows that differ."""
    test = prepared.test[where]
    before, after = (labels[where] for labels in said)
    column = CLUSTERS[bootstrap.cluster]
    cluster = np.arange(len(test)) if column is None else codes(test[column])
    same = np.array([a == b for a, b in zip(before, after, strict=True)], dtype=bool)
    polar = np.isin(before.astype(str), POLAR) | np.isin(after.astype(str), POLAR)
    share, interval = consistency_interval(same, np.asarray(cluster, dtype=np.int64), bootstrap)
    gold = test["stance"].to_numpy(dtype=object)
    return replace(
        result,
        consistency=share,
        low=interval.low,
        high=interval.high,
        changed=int((~same).sum()),
        compared=len(test),
        polar=int(polar.sum()),
        accuracy_before=float((before == gold).mean()) if len(test) else None,
        accuracy_after=float((after == gold).mean()) if len(test) else None,
        reason=interval.reason,
    )
