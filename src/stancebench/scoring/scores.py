"""The scores, each a function of counts, so that any of them can be resampled from cells.

Conventions, the same for every score:

* Classes stand in the order favor, against, none. Rows whose gold is none (neutral or absent) stay in: they make false
  positives (Mohammad et al. 2016, "SemEval-2016 Task 6: Detecting Stance in Tweets", section 4).
* A prediction ``unknown`` is never right and belongs to no scored class; as in SemEval's official scorer, it costs
  recall.
* Empty denominators. ``semeval`` mode gives 0, as the official scorer and scikit-learn's ``zero_division=0`` do.
  ``strict`` mode gives NaN ("undefined"): a class that gold lacks has no recall and no F1; a class never predicted has
  no precision. F1 is always 2tp / (2tp + fp + fn), so a class that gold has and a system never predicts has F1 = 0.
* In ``strict`` mode a score that averages the polar classes is undefined when gold has fewer than ``minimum`` favor or
  fewer than ``minimum`` against; a mean or a minimum over targets with an undefined one is undefined.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from stancebench.scoring.agreement import alpha
from stancebench.scoring.declared import SCORES, Score, ScoreId, ScoreValue
from stancebench.scoring.tally import FALSE_CALLS, FloatArray, Tally
from stancebench.vocabulary import AGAINST, FAVOR, STANCES

__all__ = [
    "MINIMUM_SUPPORT",
    "SCORES",
    "SUBSET_OF",
    "ClassScores",
    "Mode",
    "Score",
    "ScoreId",
    "ScoreValue",
    "accuracy",
    "class_scores",
    "f_avg",
    "matthews",
    "score_arrays",
    "score_values",
]

Mode = Literal["strict", "semeval"]

MINIMUM_SUPPORT = 10
"""gold favor and gold against that a polar average needs, in strict mode"""


def _ratio(numerator: FloatArray, denominator: FloatArray, mode: Mode) -> FloatArray:
    if denominator.all():
        return numerator / denominator
    empty = denominator == 0
    value: FloatArray = numerator / np.where(empty, 1.0, denominator)
    value[empty] = 0.0 if mode == "semeval" else np.nan
    return value


class ClassScores(NamedTuple):
    """Precision, recall and F1, each of shape (T, 3, units)."""

    precision: FloatArray
    recall: FloatArray
    f1: FloatArray


def class_scores(counts: Tally, mode: Mode) -> ClassScores:
    """Return precision, recall and F1 per target and stance.

    Parameters
    ----------
    counts : Tally
        counts of any units
    mode : {"strict", "semeval"}
        what an empty denominator gives, see the module's conventions

    Returns
    -------
    ClassScores
        arrays of shape (T, 3, units)
    """
    right = counts.right
    gold, predicted = counts.gold[:, : len(STANCES)], counts.predicted[:, : len(STANCES)]
    f1 = _ratio(2 * right, gold + predicted, mode)
    if mode == "strict" and not gold.all():
        f1[gold == 0] = np.nan
    return ClassScores(_ratio(right, predicted, mode), _ratio(right, gold, mode), f1)


def f_avg(f1: FloatArray, counts: Tally, mode: Mode, minimum: int) -> FloatArray:
    """Return the mean F1 of favor and against, shape (T, units); NaN below ``minimum`` support in strict mode."""
    value: FloatArray = (f1[:, FAVOR] + f1[:, AGAINST]) / 2
    if mode == "strict":
        value[np.minimum(counts.gold[:, FAVOR], counts.gold[:, AGAINST]) < minimum] = np.nan
    return value


def accuracy(counts: Tally, mode: Mode) -> FloatArray:
    """Return the share of right stances, shape (T, units); ``unknown`` is never right."""
    return _ratio(counts.right.sum(axis=1), counts.gold.sum(axis=1), mode)


def matthews(counts: Tally) -> FloatArray:
    """Return the multi-class Matthews correlation (Gorodkin 2004, eq. 8), shape (T, units).

    0 where gold or prediction is constant, in both modes, as in ``sklearn.metrics.matthews_corrcoef``.
    """
    n = counts.gold.sum(axis=1)
    # An unknown gold and an unknown prediction are two classes: they never agree.
    scored = slice(0, len(STANCES))
    chance = (counts.gold[:, scored] * counts.predicted[:, scored]).sum(axis=1)
    covariance = counts.right.sum(axis=1) * n - chance
    spread = (n**2 - (counts.gold**2).sum(axis=1)) * (n**2 - (counts.predicted**2).sum(axis=1))
    value: FloatArray = covariance / np.sqrt(np.where(spread == 0, 1.0, spread))
    value[spread == 0] = 0.0
    return value


SUBSET_OF = {
    "neutral_recall": "neutral",
    "counter_prior_accuracy": "counter_prior",
    "overcall_accuracy": "overcall",
}
"""rows that a share of right answers is taken over"""


def _false_calls(counts: Tally, mode: Mode) -> dict[ScoreId, FloatArray]:
    if counts.calls is None:
        return {}
    out: dict[ScoreId, FloatArray] = {}
    together = counts.calls.sum(axis=0)
    for c, score in enumerate(FALSE_CALLS):
        out[ScoreId(score)] = _ratio(together[c], together[-1], mode)
        share = _ratio(counts.calls[:, c], counts.calls[:, -1], mode)
        out |= {ScoreId(score, bloc=bloc): share[b] for b, bloc in enumerate(counts.blocs) if bloc}
    return out


def score_arrays(counts: Tally, mode: Mode = "strict", minimum: int = MINIMUM_SUPPORT) -> dict[ScoreId, FloatArray]:
    """Return every score of every replicate.

    Parameters
    ----------
    counts : Tally
        counts of any units: replicates, or one in all
    mode : {"strict", "semeval"}, default="strict"
        see the module's conventions
    minimum : int, default=10
        gold favor and against that a polar average needs in strict mode

    Returns
    -------
    dict of ScoreId to ndarray, shape (units,)
        NaN where undefined
    """
    pooled = counts.pooled()
    by_target, of_all = class_scores(counts, mode), class_scores(pooled, mode)
    target_f_avg = f_avg(by_target.f1, counts, mode, minimum)
    out: dict[ScoreId, FloatArray] = {
        ScoreId("f_avg_macro"): target_f_avg.mean(axis=0),
        ScoreId("f_avg_worst"): target_f_avg.min(axis=0),
        ScoreId("f_avg_pooled"): f_avg(of_all.f1, pooled, mode, minimum)[0],
        ScoreId("macro_f1"): of_all.f1[0].mean(axis=0),
        ScoreId("accuracy"): accuracy(pooled, mode)[0],
        ScoreId("mcc"): matthews(pooled)[0],
        ScoreId("alpha"): alpha(pooled, mode)[0],
        **_false_calls(counts, mode),
    }
    for score, subset in SUBSET_OF.items():
        if subset in counts.hits:
            out[ScoreId(score)] = _ratio(pooled.hits[subset][0, 0], pooled.hits[subset][0, 1], mode)
            share = _ratio(counts.hits[subset][:, 0], counts.hits[subset][:, 1], mode)
            out |= {ScoreId(score, target): share[t] for t, target in enumerate(counts.targets)}
    target_accuracy = accuracy(counts, mode)
    for t, target in enumerate(counts.targets):
        out[ScoreId("f_avg", target)] = target_f_avg[t]
        out[ScoreId("macro_f1", target)] = by_target.f1[t].mean(axis=0)
        out[ScoreId("accuracy", target)] = target_accuracy[t]
    for c, stance in enumerate(STANCES):
        for score in ("precision", "recall", "f1"):
            out[ScoreId(score, "", stance)] = getattr(of_all, score)[0, c]
            for t, target in enumerate(counts.targets):
                out[ScoreId(score, target, stance)] = getattr(by_target, score)[t, c]
    return out


def _support(gold: FloatArray) -> str:
    return f"gold has {int(gold[FAVOR])} favor and {int(gold[AGAINST])} against, {MINIMUM_SUPPORT} of each are needed"


def _reason(which: ScoreId, total: Tally) -> str:
    of_target = f" of {which.target}" if which.target else ""
    if which.score in SUBSET_OF:
        return f"no row{of_target} is {SUBSET_OF[which.score]}"
    if which.score in FALSE_CALLS:
        return f"no row of gold none has a holder of {which.bloc}" if which.bloc else "gold has no none"
    if which.stance:
        return f"{which.stance} is never predicted" if which.score == "precision" else f"gold has no {which.stance}"
    if not which.score.startswith("f_avg"):
        empty = {"accuracy": f"there is no row{of_target}", "alpha": "gold and predictions are all of one class"}
        return empty.get(which.score, "gold lacks a class")
    return _short_of(which, total.gold[..., 0], total.targets)


def _short_of(which: ScoreId, gold: FloatArray, targets: tuple[str, ...]) -> str:
    if which.score == "f_avg_pooled":
        return _support(gold.sum(axis=0))
    short = {
        target: _support(counts)
        for target, counts in zip(targets, gold, strict=True)
        if min(counts[FAVOR], counts[AGAINST]) < MINIMUM_SUPPORT
    }
    joined = "; ".join(f"{target}: {reason}" for target, reason in short.items())
    return short.get(which.target, joined)


def score_values(counts: Tally, mode: Mode = "strict") -> dict[ScoreId, ScoreValue]:
    """Return every score of the whole, each with its reason where it is undefined.

    Parameters
    ----------
    counts : Tally
        counts per cluster, as from `tally`
    mode : {"strict", "semeval"}, default="strict"
        see the module's conventions

    Returns
    -------
    dict of ScoreId to ScoreValue
    """
    total = counts.total()
    values = {}
    for which, array in score_arrays(total, mode).items():
        value = float(array[0])
        values[which] = ScoreValue(None, _reason(which, total)) if np.isnan(value) else ScoreValue(value)
    return values
