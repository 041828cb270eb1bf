"""Scores that counts of answers do not give: of probabilities, of contrast pairs, and against the holder prior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import KEY
from stancebench.errors import RecordError
from stancebench.runs.prepared import Prepared
from stancebench.runs.spec import Scoring
from stancebench.scoring import ScoredRows, ScoreId, ScoreValue, Tally, tally
from stancebench.scoring.abstention import (
    Answers,
    RiskCoverage,
    answer_scores,
    answer_sums,
    aurc,
    risk_coverage,
)
from stancebench.scoring.calibration import Bin, Forecasts, forecast_scores, forecast_sums, reliability
from stancebench.scoring.cells import Cells
from stancebench.scoring.contrast import Contrasts, contrast_scores, contrast_sums
from stancebench.scoring.declared import SCORES
from stancebench.scoring.replicates import joint_replicates
from stancebench.scoring.resampling import Interval
from stancebench.scoring.support import withheld
from stancebench.scoring.tally import UNKNOWN_CODE, FloatArray, IntArray
from stancebench.vocabulary import PROBABILITIES

CURVE = 50
"""points of a risk-coverage curve that are kept"""

HEADLINE = ScoreId("f_avg_macro")
GAIN = ScoreId("gain_over_holder_prior")
CONTRAST = ScoreId("contrast_consistency")
NO_PROBABILITIES = "there are no probabilities"


class RiskPoint(NamedTuple):
    """One point of a risk-coverage curve: what is answered, what of it is wrong, and the least confidence."""

    coverage: float
    risk: float
    confidence: float


@dataclass(frozen=True)
class RowScores:
    """Scores with their intervals, and the diagrams behind them."""

    values: Mapping[ScoreId, ScoreValue] = field(default_factory=dict)
    intervals: Mapping[ScoreId, Interval] = field(default_factory=dict)
    reliability: tuple[Bin, ...] = ()
    risk_coverage: tuple[RiskPoint, ...] = ()


def probabilities_of(predictions: pd.DataFrame) -> FloatArray | None:
    """Return the probabilities of predictions, or None where there are none.

    Raises
    ------
    RecordError
        when some rows have them and others not
    """
    if not set(PROBABILITIES) <= set(predictions.columns):
        return None
    p = predictions[list(PROBABILITIES)].to_numpy(dtype=float)
    empty = np.isnan(p).any(axis=1)
    if empty.all():
        return None
    if empty.any():
        first = predictions.iloc[int(np.argmax(empty))]
        name = "/".join(str(first[k]) for k in KEY)
        raise RecordError(
            f"Probabilities are missing in {int(empty.sum())} of {len(p)} rows, the first {name}: "
            "fill every row or none."
        )
    return p


def of_probabilities(p: FloatArray | None, rows: ScoredRows, counts: Tally, scoring: Scoring) -> RowScores:
    """Return log loss, Brier score, classwise calibration error and the area under the risk-coverage curve.

    Parameters
    ----------
    p : ndarray, shape (n, 3), or None
        of the rows; without them each score is undefined
    rows : ScoredRows
        gold and answers
    counts : Tally
        the same, counted
    scoring : Scoring
        how intervals are made
    """
    bootstrap = scoring.bootstrap
    if p is None:
        which = [ScoreId(name) for name, score in SCORES.items() if score.basis == "probabilities"]
        return RowScores(dict.fromkeys(which, ScoreValue(None, NO_PROBABILITIES)), dict.fromkeys(which, EMPTY))
    forecasts = Forecasts(p, rows.gold, rows.cluster)
    # An answer outside the three stances has no probability: it is the least sure.
    sure = np.append(forecasts.normal, np.zeros((len(p), 1)), axis=1)[np.arange(len(p)), rows.predicted]
    wrong = (rows.predicted != rows.gold) | (rows.predicted == UNKNOWN_CODE)
    answers = Answers(sure, wrong, rows.cluster)
    parts = [forecast_sums(forecasts), answer_sums(answers)]
    cut = len(parts[0])
    sums = np.concatenate(parts)

    def scores(of: FloatArray) -> dict[ScoreId, FloatArray]:
        return {**forecast_scores(of[:cut]), **answer_scores(of[cut:])}

    values = {which: ScoreValue(float(a[0])) for which, a in forecast_scores(parts[0].sum(axis=1)[:, None]).items()}
    values[ScoreId("aurc")] = ScoreValue(aurc(answers))
    found = bootstrap.intervals_of_sums(sums, scores)
    intervals = {which: bootstrap.shown(counts, which, interval) for which, interval in found.items()}
    return RowScores(values, intervals, reliability(forecasts), _thinned(risk_coverage(answers)))


EMPTY = Interval(None, None, 0)


def _thinned(curve: RiskCoverage) -> tuple[RiskPoint, ...]:
    """Return at most `CURVE` points: the first to reach each step of coverage, and the last."""
    kept = np.unique(np.searchsorted(curve.coverage, np.arange(1, CURVE + 1) / CURVE - 1e-12))
    points = zip(curve.coverage[kept], curve.risk[kept], curve.confidence[kept], strict=True)
    return tuple(RiskPoint(*map(float, point)) for point in points)


def of_contrasts(prepared: Prepared, stances: Sequence[str], cluster: IntArray, scoring: Scoring) -> RowScores:
    """Return the contrast consistency; nothing where no pair is asked.

    Parameters
    ----------
    prepared : Prepared
        gold of the rows asked
    stances : sequence of str
        predictions of the rows asked, in their order
    cluster : ndarray of int, shape (test rows,)
        resampling unit of each test row; that of a pair is its original's
    scoring : Scoring
        mode and intervals
    """
    members = prepared.contrasts
    if not members:
        return RowScores()
    right = np.asarray(stances, dtype=object) == prepared.asked["stance"].to_numpy(dtype=object)
    # The first of a pair's rows is of its original, which is a test row.
    units = np.concatenate([cluster, np.zeros(len(right) - len(cluster), dtype=np.int64)])
    sums = contrast_sums(Contrasts(right, members, units))
    value = ScoreValue(float(contrast_scores(sums.sum(axis=1, keepdims=True))[CONTRAST][0]))
    interval = scoring.bootstrap.intervals_of_sums(sums, contrast_scores)[CONTRAST]
    if thin := interval.reason or _thin_pairs(sums, scoring.bootstrap.cluster):
        interval = Interval(None, None, interval.undefined, thin)
    return RowScores({CONTRAST: value}, {CONTRAST: interval})


def _thin_pairs(sums: FloatArray, cluster: str) -> str:
    right, pairs = ((part > 0).sum() for part in (sums[0], sums[1]))
    wrong = (sums[1] > sums[0]).sum()
    for what, has, needs in (("a pair", pairs, 10), ("a right pair", right, 5), ("a wrong pair", wrong, 5)):
        if has < needs:
            return f"{what} stands in {has} {cluster}s, an interval needs {needs}"
    return ""


def over_prior(prepared: Prepared, rows: ScoredRows, counts: Tally, value: ScoreValue, scoring: Scoring) -> RowScores:
    """Return the gain in ``f_avg_macro`` over the holder prior; nothing where the corpus knows no holders.

    Parameters
    ----------
    prepared : Prepared
        whose folds the prior is fitted on
    rows : ScoredRows
        gold and answers
    counts : Tally
        the same, counted
    value : ScoreValue
        the answers' own ``f_avg_macro``
    scoring : Scoring
        mode and intervals
    """
    reference = prepared.reference
    if reference is None:
        return RowScores()
    if reference.reason or value.value is None:
        return RowScores({GAIN: ScoreValue(None, reference.reason or value.reason)}, {GAIN: EMPTY})
    prior = tally(replace(rows, predicted=reference.stances))
    cells = Cells(HEADLINE, scoring.mode, counts.targets)
    whole = [float(cells.score(cells.of_system(t), cells.of_gold(t))[0]) for t in (counts.total(), prior.total())]
    gain = {GAIN: ScoreValue(whole[0] - whole[1])}
    bootstrap = scoring.bootstrap
    if counts.n_units < 2:
        return RowScores(gain, {GAIN: bootstrap.of_one_cluster()})
    ours, theirs = joint_replicates(["model", "prior"], [[counts], [prior]], cells, bootstrap).scores
    interval = bootstrap.bounds({GAIN: ours - theirs})[GAIN]
    thin = interval.reason or withheld(counts, GAIN, bootstrap.cluster)
    return RowScores(gain, {GAIN: Interval(None, None, interval.undefined, thin) if thin else interval})
