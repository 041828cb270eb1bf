"""Predictions of the test rows scored, with intervals and confusion tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from stancebench.corpora.components import codes
from stancebench.corpora.corpus import KEY, Corpus
from stancebench.runs.fitting import PREDICTION_COLUMNS, Fitted, fit_predict
from stancebench.runs.prepared import Prepared, check_folds, contradicted, prepare
from stancebench.runs.row_scores import (
    HEADLINE,
    RiskPoint,
    RowScores,
    of_contrasts,
    of_probabilities,
    over_prior,
    probabilities_of,
)
from stancebench.runs.spec import Scoring
from stancebench.runs.subsets import counter_prior_rows
from stancebench.scoring import ScoredRows, ScoreId, ScoreValue, score_values, tally
from stancebench.scoring.calibration import Bin
from stancebench.scoring.resampling import Interval
from stancebench.scoring.tally import confusion
from stancebench.vocabulary import STANCES, UNKNOWN

__all__ = [
    "ALL_TARGETS",
    "CLUSTERS",
    "OVER_TARGETS",
    "PREDICTION_COLUMNS",
    "Fitted",
    "Prepared",
    "Scored",
    "check_folds",
    "contradicted",
    "counter_prior_rows",
    "fit_predict",
    "prepare",
    "resampled",
    "score_predictions",
    "scored_rows",
    "scoring_json",
]

OVER_TARGETS = ("f_avg_macro", "f_avg_worst", "f_avg")
ALL_TARGETS = "all"
"""name of the one confusion table where targets are an open class"""

CLUSTERS = {"event": "group", "document": "document", "row": None}
"""column of each resampling unit; events are resampled as split units, which never tear an event or a document"""


@dataclass(frozen=True)
class Scored:
    """Every score of a set of predictions, with intervals and confusion tables."""

    values: Mapping[ScoreId, ScoreValue]
    intervals: Mapping[ScoreId, Interval]
    confusion: Mapping[str, list[list[int]]]
    clusters: int
    cluster: str
    """what was resampled: ``sentence`` where a corpus declares no events"""
    reliability: tuple[Bin, ...] = ()
    risk_coverage: tuple[RiskPoint, ...] = ()
    prior_variants: Mapping[str, str] = field(default_factory=dict)
    """variant of the holder prior that the gain of each fold is measured against"""


def score_predictions(prepared: Prepared, predictions: pd.DataFrame, scoring: Scoring) -> Scored:
    """Score predictions of the test rows.

    Parameters
    ----------
    prepared : Prepared
        gold
    predictions : pandas.DataFrame
        one row for each test row, in any order; those of changed sentences may be with them, all or none
    scoring : Scoring
        mode and intervals

    Returns
    -------
    Scored

    Raises
    ------
    ValueError
        when the predictions are not of exactly the test rows, or of all rows asked
    RecordError
        when some rows have probabilities and others not
    """
    predicted = predictions.set_index(list(KEY))
    everything = len(predicted) == len(prepared.asked)
    wanted = pd.MultiIndex.from_frame((prepared.asked if everything else prepared.test)[list(KEY)])
    if not predicted.index.is_unique or len(predicted) != len(wanted) or not wanted.isin(predicted.index).all():
        raise ValueError("predictions must have exactly one row for each test row")
    said = predicted.loc[wanted].reset_index()
    in_order = said.iloc[: len(prepared.test)]
    rows = scored_rows(prepared, in_order["stance"], scoring.bootstrap.cluster)
    counts = tally(rows)
    tables = confusion(rows)
    values = dict(score_values(counts, scoring.mode))
    intervals = dict(scoring.bootstrap.intervals(counts, scoring.mode))
    probable = of_probabilities(probabilities_of(in_order), rows, counts, scoring)
    gain = over_prior(prepared, rows, counts, values[HEADLINE], scoring)
    contrasts = of_contrasts(prepared, said["stance"].tolist(), rows.cluster, scoring) if everything else RowScores()
    for more in (probable, contrasts, gain):
        values |= more.values
        intervals |= more.intervals
    if prepared.corpus.open_targets:
        # One topic a sentence: a mean or a minimum over topics says nothing.
        values = {which: value for which, value in values.items() if which.score not in OVER_TARGETS}
    return Scored(
        values=values,
        intervals=intervals,
        confusion={t or ALL_TARGETS: tables[i].tolist() for i, t in enumerate(rows.targets)},
        clusters=counts.n_units,
        cluster=resampled(prepared.corpus, scoring.bootstrap.cluster),
        reliability=probable.reliability,
        risk_coverage=probable.risk_coverage,
        prior_variants=prepared.reference.variants if prepared.reference else {},
    )


def resampled(corpus: Corpus, cluster: str) -> str:
    """Return what is resampled when a cluster is asked for: what a corpus has in the place of events and documents."""
    return cluster if corpus.unit == "event" or cluster == "row" else corpus.unit


def scored_rows(prepared: Prepared, stances: Iterable[str], cluster: str) -> ScoredRows:
    """Return gold and predictions as the scoring room takes them.

    Parameters
    ----------
    prepared : Prepared
        gold
    stances : iterable of str
        predicted, in the order of the test rows
    cluster : str
        resampling unit, one of ``CLUSTERS``

    Returns
    -------
    ScoredRows
        under the targets of the test rows, or one target ``""`` where targets are an open class
    """
    gold = prepared.test
    classes = {name: i for i, name in enumerate((*STANCES, UNKNOWN))}
    # A target that is learnt from and never asked for, as in SemEval-2016 Task 6 B, has no score to average.
    asked = set(gold["target"])
    targets = ("",) if prepared.corpus.open_targets else tuple(t for t in prepared.corpus.target_ids if t in asked)
    place = dict.fromkeys(gold["target"], 0) if prepared.corpus.open_targets else {t: i for i, t in enumerate(targets)}
    column = CLUSTERS[cluster]
    blocs = tuple(sorted(set(gold["bloc"])))
    return ScoredRows(
        gold=np.array([classes[s] for s in gold["stance"]], dtype=np.int64),
        predicted=np.array([classes[s] for s in stances], dtype=np.int64),
        target=np.array([place[t] for t in gold["target"]], dtype=np.int64),
        cluster=np.arange(len(gold)) if column is None else codes(gold[column]),
        targets=targets,
        subsets=prepared.subsets,
        bloc=np.array([blocs.index(b) for b in gold["bloc"]], dtype=np.int64),
        blocs=blocs,
    )


def scoring_json(scoring: Scoring) -> dict[str, Any]:
    """Return a scoring choice as plain JSON values, for keys."""
    return asdict(scoring)
