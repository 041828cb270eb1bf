"""Shortcuts scored beside the majority, and how far texts betray their batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.dummy import DummyClassifier

from stancebench.audits.differences import HEADLINE, Reference, best_committed, in_order, paired_differences
from stancebench.audits.estimators import target_blind
from stancebench.audits.finding import Finding
from stancebench.audits.readings import readings_on_dev
from stancebench.audits.shortcuts import SHORTCUTS
from stancebench.corpora.corpus import KEY
from stancebench.models.spec import asked_for
from stancebench.runs.evaluation import Prepared, Scored, score_predictions, scored_rows
from stancebench.runs.spec import Scoring
from stancebench.scoring import ScoreId, tally

BATCH = "batch_from_text"
BATCH_CODE = "AU10"

INDEPENDENT = ScoreId("mcc")
"""0 for whatever is independent of gold, however it is distributed: what tells a shortcut from chance"""


def shown_scores(prepared: Prepared) -> tuple[str, ...]:
    """Return the scores an audit shows, headline first."""
    return ("macro_f1", "mcc", "accuracy") if prepared.corpus.open_targets else ("f_avg_macro", "macro_f1", "mcc")


def predict(prepared: Prepared, estimator: BaseEstimator) -> pd.DataFrame:
    """Fit on each fold's train and predict its test; the estimator sees the whole table.

    Returns
    -------
    pandas.DataFrame
        key and stance, one row for each test judgement
    """
    parts = []
    for fold in prepared.folds:
        train, test = prepared.rows.iloc[fold.train], prepared.rows.iloc[fold.test]
        more = asked_for(estimator, train, prepared.rows.iloc[fold.dev], list(train.columns))
        fitted = clone(estimator).fit(train, train["stance"].to_numpy(dtype=object), **more)
        parts.append(test[list(KEY)].assign(stance=fitted.predict(test)))
    return pd.concat(parts)


def _above_chance(prepared: Prepared, predictions: pd.DataFrame, scoring: Scoring) -> bool:
    """Return whether the interval of the Matthews correlation lies above 0, also one that is too thin to be shown."""
    stances = predictions.set_index(list(KEY))["stance"].loc[pd.MultiIndex.from_frame(prepared.test[list(KEY)])]
    counts = tally(scored_rows(prepared, stances, scoring.bootstrap.cluster))
    low = scoring.bootstrap.intervals(counts, scoring.mode, withhold=False)[INDEPENDENT].low
    return low is not None and low > 0


def shortcut_findings(prepared: Prepared, scoring: Scoring, only: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Score each shortcut beside the majority and the best committed model.

    A warning is a shortcut whose interval of the Matthews correlation lies above 0: it beats chance. The differences to
    the majority and to the best committed model are paired, and corrected by Holm over all that are yielded.

    Parameters
    ----------
    prepared : Prepared
        rows and folds
    scoring : Scoring
        mode and intervals
    only : frozenset of str
        codes of shortcuts; empty for all
    """
    chosen = {code: s for code, s in CODES.items() if not only or code in only}
    declined = {code: reason for code, s in chosen.items() if (reason := s.declines(prepared))}
    said = {s.name: predict(prepared, s.build(prepared.corpus)) for code, s in chosen.items() if code not in declined}
    if said:
        majority = predict(prepared, DummyClassifier(strategy="prior"))
        beside = _figures(prepared, score_predictions(prepared, majority, scoring))
        differences = _differences(prepared, scoring, said, majority)
    for code, shortcut in chosen.items():
        if code in declined:
            yield Finding(code, shortcut.name, "declined", f"not scored: {declined[code]}")
            continue
        scored = score_predictions(prepared, said[shortcut.name], scoring)
        low = scored.intervals[INDEPENDENT].low
        tells = low > 0 if low is not None else _above_chance(prepared, said[shortcut.name], scoring)
        told = f"{shortcut.meaning}: " + (shortcut.high if tells else "no better than chance")
        figures = {"scores": _figures(prepared, scored), "majority": beside, "clusters": scored.clusters}
        figures["differences"] = differences[shortcut.name]
        if shortcut.name == "unnamed_is_neutral" and prepared.corpus.open_targets:
            figures["naming"] = readings_on_dev(prepared)
        yield Finding(code, shortcut.name, "warning" if tells else "ok", told, figures)


def _differences(
    prepared: Prepared, scoring: Scoring, said: Mapping[str, pd.DataFrame], majority: pd.DataFrame
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return how far each shortcut is above the majority, and the best committed model where there is one."""
    # By the score that is 0 for every constant, as the warnings are.
    references = [Reference("majority", in_order(prepared, majority), INDEPENDENT.score, constant=True)]
    headline = HEADLINE[prepared.corpus.open_targets]
    best = best_committed(prepared, headline)
    if best is not None:
        references.append(Reference(best.name, best.stances, headline))
    return paired_differences(prepared, scoring, {n: in_order(prepared, p) for n, p in said.items()}, references)


def _figures(prepared: Prepared, scored: Scored) -> dict[str, dict[str, float | None]]:
    figures = {}
    for name in shown_scores(prepared):
        which = ScoreId(name)
        interval = scored.intervals.get(which)
        value = scored.values[which].value
        low, high = (interval.low, interval.high) if interval else (None, None)
        figures[name] = {"value": value, "low": low, "high": high}
    return figures


def batch_finding(prepared: Prepared) -> Finding:
    """Return how often the batch of a test sentence is told from its text, beside the commonest batch of each test.

    A warning is an accuracy above the majority's by more than two standard errors of the difference, over split units.
    """
    code = BATCH_CODE
    if prepared.declined:
        return Finding(code, BATCH, "declined", f"not scored: {prepared.declined}")
    batch = prepared.rows["batch"]
    if (batch == "").any() or batch.nunique() < 2:
        lacks = "some rows have no batch" if (batch == "").any() else "there is one batch"
        return Finding(code, BATCH, "declined", f"not scored: {lacks}")
    right: list[bool] = []
    common: list[bool] = []
    units: list[str] = []
    for fold in prepared.folds:
        train, test = (prepared.rows.iloc[p].drop_duplicates("sentence_id") for p in (fold.train, fold.test))
        gold = test["batch"].to_numpy(dtype=object)
        said = target_blind(prepared.corpus).fit(train, train["batch"].to_numpy(dtype=object)).predict(test)
        # In hindsight, and so the hardest constant to beat: the commonest of train may not be in test at all.
        majority = test["batch"].mode().iloc[0]
        right += list(said == gold)
        common += list(gold == majority)
        units += list(test["group"])
    gains = np.array(right, dtype=float) - np.array(common, dtype=float)
    by_unit = pd.Series(gains).groupby(np.array(units)).sum().to_numpy()
    gain = float(gains.mean())
    # The ratio estimator's residuals, unit by unit.
    sizes = pd.Series(units).value_counts().sort_index().to_numpy()
    error = float(np.sqrt(((by_unit - gain * sizes) ** 2).sum()) / len(gains))
    tells = gain > 2 * error
    figures = {
        "accuracy": float(np.mean(right)),
        "majority": float(np.mean(common)),
        "gain": gain,
        "standard_error": error,
        "sentences": len(right),
        "batches": int(batch.nunique()),
    }
    told = f"the batch is told from the text {figures['accuracy']:.1%} of the time, the commonest is right "
    told += f"{figures['majority']:.1%}: " + ("texts betray when they were written" if tells else "no better")
    return Finding(code, BATCH, "warning" if tells else "ok", told, figures)


CODES = {f"AU{i:02d}": s for i, s in enumerate(SHORTCUTS.values(), start=1)}
