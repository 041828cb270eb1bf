"""Records, files and data frames compared in pairs, as ``stancebench compare`` compares them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from pathlib import Path

import pandas as pd

from stancebench.api.evaluation import Evaluation
from stancebench.api.scored import corpus_of, scoring_of
from stancebench.api.wording import told_in_python
from stancebench.corpora.corpus import Corpus
from stancebench.errors import RecordError, UsageError
from stancebench.protocols import Protocol, as_protocol
from stancebench.reports.compared import CSV_COLUMNS, Compared
from stancebench.reports.naming import Named, named
from stancebench.reports.pairing import pair
from stancebench.reports.systems import SharedTest, System, shared_by
from stancebench.runs.evaluation import Prepared
from stancebench.runs.predictions import check_predictions
from stancebench.runs.spec import Scoring
from stancebench.scoring.scores import Mode

Predictions = pd.DataFrame | Evaluation
Given = str | Path | Predictions | Sequence[Predictions]


@dataclass(frozen=True, eq=False, repr=False)
class PairedComparison:
    """Which of several systems are better on the same judgements.

    Attributes
    ----------
    differences : pandas.DataFrame
        one row for each pair and score: ``a, b, score, difference, low, high, p, p_adjusted, significant, only_a_right,
        only_b_right, p_mcnemar, undefined_replicates, reason``; numbers are NaN where there are none
    ranks : pandas.DataFrame
        one row a system: ``system, rank, low, high, score, value, significantly_better, reason``; no rows where not all
        pairs were compared
    compared : Compared
        the same, as text, Markdown, CSV, LaTeX and JSON, with all that it depends on
    """

    differences: pd.DataFrame
    ranks: pd.DataFrame
    compared: Compared

    def __str__(self) -> str:
        return self.compared.text()

    def __repr__(self) -> str:
        return f"<PairedComparison: {self.compared.title()}>"

    def _repr_html_(self) -> str:
        head = "<br>".join(map(escape, (self.compared.title(), self.compared.method(), self.compared.family())))
        shown = self.differences.drop(columns=["undefined_replicates"])
        ranks = self.ranks.to_html(index=False, na_rep="") if len(self.ranks) else ""
        return f"<p>{head}</p>\n{shown.to_html(index=False, float_format='{:.4f}'.format, na_rep='')}\n{ranks}"


def compare(
    *systems: Given | Mapping[str, Given],
    scores: str | Sequence[str] = (),
    corpus: Corpus | str | Path | None = None,
    task: str | None = None,
    protocol: Protocol | str | None = None,
    correction: str = "holm",
    against: str = "",
    mode: Mode = "strict",
    rounds: int = 10_000,
    level: float = 0.95,
    cluster: str = "event",
    bootstrap_seed: int = 0,
) -> PairedComparison:
    """Compare systems in pairs on the same judgements, as ``stancebench compare`` does.

    Parameters
    ----------
    *systems : str, pathlib.Path, pandas.DataFrame, Evaluation, sequence or mapping
        two or more: a record's key or path, a file of predictions, ``"EXPERIMENT:SYSTEM"``, a data frame of predictions
        as `score` takes it, what `evaluate` or `score` gave, or a list of such frames or evaluations, which are the
        seeds of one system. A mapping gives each a name of its own
    scores : str or sequence of str, default=()
        such as ``"f_avg_macro"``, ``"f_avg.nato"`` or ``"f_avg.*"``; empty for the headline
    corpus : Corpus, str or pathlib.Path, optional
        by default that of the records or evaluations, else ``coverage``
    task, protocol : str or Protocol, optional
        by default those of the records or evaluations, else ``attributed`` and ``official``
    correction : {"holm", "benjamini_hochberg", "none"}, default="holm"
        of the p-values, over all pairs and scores
    against : str, default=""
        name of a system with which alone the others are compared
    mode : {"strict", "semeval"}, default="strict"
        what an empty denominator gives, see `stancebench.scoring.scores`
    rounds : int, default=10000
        of the bootstrap and of the randomisation
    level : float, default=0.95
        nominal coverage of the intervals; 1 - level is the level of significance
    cluster : {"event", "document", "row"}, default="event"
        what is resampled
    bootstrap_seed : int, default=0
        of the resampling

    Returns
    -------
    PairedComparison

    Raises
    ------
    UsageError
        when there are fewer than two systems, or a name or value does not exist
    RecordError
        when they are not of the same test judgements
    Declined
        when the corpus cannot take part in the task or protocol

    Examples
    --------
    >>> import stancebench
    >>> corpus = stancebench.load_corpus("coverage")
    >>> test = corpus.table[corpus.table["split"] == "test"]
    >>> mine, other = (test[["sentence_id", "holder", "target"]].assign(stance=s) for s in ("against", "none"))
    >>> result = stancebench.compare({"mine": mine, "other": other}, scores="accuracy", corpus=corpus, rounds=200)
    >>> result.differences[["a", "b", "significant"]].values.tolist()
    [['mine', 'other', True]]
    """
    scoring = scoring_of(mode, rounds, level, cluster, bootstrap_seed)
    given = list(_labelled(systems))
    with told_in_python(), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        shared = _shared(given, None if corpus is None else corpus_of(corpus), task, protocol, scoring)
        compared = pair(shared, [scores] if isinstance(scores, str) else scores, correction=correction, against=against)
    for warning in told:
        # It is the caller's line that made them.
        warnings.warn(str(warning.message), stacklevel=2)
    return PairedComparison(_differences(compared), _ranks(compared), compared)


@dataclass(frozen=True)
class _Frames:
    """A system without a record: what it predicted, once for each seed."""

    label: str
    predictions: tuple[Predictions, ...]


def _labelled(systems: Sequence[Given | Mapping[str, Given]]) -> Iterator[Named | _Frames]:
    """Yield each system; names in a row are resolved together, so that seeds of one system come together."""
    for is_name, some in groupby(systems, key=lambda s: isinstance(s, str | Path)):
        if is_name:
            yield from named([str(name) for name in some])
            continue
        for system in some:
            if isinstance(system, Mapping):
                for label, one in system.items():
                    yield _under(label, one)
            else:
                yield _frames("", system)


def _under(label: str, one: Given) -> Named | _Frames:
    if not isinstance(one, str | Path):
        return _frames(label, one)
    found = named([str(one)])
    if len(found) > 1:
        raise UsageError(f"{one!s} is {len(found)} systems, and {label!r} is the name of one. Give it without a name.")
    return replace(found[0], label=label)


def _frames(label: str, system: object) -> _Frames:
    some: list[Predictions] = []
    for one in system if isinstance(system, list | tuple) else [system]:
        if not isinstance(one, pd.DataFrame | Evaluation):
            raise UsageError(
                f"A {type(one).__name__} is no system. Give a record's key or path, a file of predictions, "
                "'EXPERIMENT:SYSTEM', a data frame of predictions, or what evaluate or score gave."
            )
        some.append(one)
    models = {one.model for one in some if isinstance(one, Evaluation)}
    return _Frames(label or (models.pop() if len(models) == 1 else ""), tuple(some))


def _shared(
    given: Sequence[Named | _Frames],
    corpus: Corpus | None,
    task: str | None,
    protocol: Protocol | str | None,
    scoring: Scoring,
) -> SharedTest:
    """Return all systems in the order given, on the test rows of the records, the evaluations, or what is said."""
    recorded = [one for one in given if isinstance(one, Named)]
    evaluations = [p for one in given if isinstance(one, _Frames) for p in one.predictions if isinstance(p, Evaluation)]
    if evaluations:
        (first, *_) = evaluations
        corpus, task, protocol = corpus or first.corpus, task or first.task, protocol or first.protocol
    named_ones = shared_by(recorded, corpus=corpus, task=task, protocol=as_protocol(protocol) if protocol else None)
    for one in evaluations:
        _refuse_other_test(one, named_ones.prepared)
    found = iter(named_ones.systems)
    systems = [
        next(found) if isinstance(one, Named) else _system(one, i, named_ones.prepared)
        for i, one in enumerate(given, 1)
    ]
    names = [s.name for s in systems]
    systems = [replace(s, name=f"{s.name} ({i})") if names.count(s.name) > 1 else s for i, s in enumerate(systems, 1)]
    return SharedTest(named_ones.prepared, scoring, tuple(systems))


def _system(frames: _Frames, place: int, prepared: Prepared) -> System:
    label = frames.label or f"system {place}"
    tables = [p.predictions if isinstance(p, Evaluation) else p for p in frames.predictions]
    return System(
        label, "", "", (), tuple(prepared.tested(check_predictions(table, prepared, label)) for table in tables)
    )


def _refuse_other_test(one: Evaluation, prepared: Prepared) -> None:
    mine = (one.corpus.content_hash, one.task, one.protocol.title)
    asked = (prepared.corpus.content_hash, prepared.task.name, prepared.protocol.title)
    if mine != asked:
        raise RecordError(
            f"{one!r} is not of the same test as the others: {prepared.corpus.name}@{prepared.corpus.version}, "
            f"{prepared.task.name}, {prepared.protocol}. What is paired are predictions of the same judgements."
        )


def _differences(compared: Compared) -> pd.DataFrame:
    table = pd.DataFrame(compared.lines(), columns=list(CSV_COLUMNS))
    numbers = ["difference", "low", "high", "p", "p_adjusted", "only_a_right", "only_b_right", "p_mcnemar"]
    return table.astype(dict.fromkeys(numbers, float))


def _ranks(compared: Compared) -> pd.DataFrame:
    made = compared.comparison
    columns = ["system", "rank", "low", "high", "score", "value", "significantly_better", "reason"]
    rows = [(r.name, r.rank, r.low, r.high, str(made.score), r.value, r.better_by, r.reason) for r in made.ranks]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("rank", "low", "high", "value"), float))
