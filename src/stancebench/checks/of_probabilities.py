"""Check of probabilities: whether they are worse than the shares of the stances in train."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from stancebench.checks.check import RULES, Check
from stancebench.checks.evidence import Evidence
from stancebench.reports.systems import SharedTest, System
from stancebench.runs.evaluation import Prepared, scored_rows
from stancebench.scoring import Bootstrap
from stancebench.scoring.resampling import percentiles, weight_blocks
from stancebench.vocabulary import PROBABILITIES, STANCES

ROUNDING = 1e-9

FloatArray = npt.NDArray[np.float64]


def calibration_checks(evidence: Evidence) -> Iterator[Check]:
    """Yield a finding for each system whose Brier score or log loss is above that of the shares in its train.

    Brier score: mean over judgements of the squared distance between the probabilities and the answer, summed over the
    three stances, from 0 to 2 (Brier 1950, "Verification of forecasts expressed in terms of probability", eq. 2). Log
    loss: mean of minus the natural logarithm of the probability of gold; infinite where gold was given none.
    """
    rule = RULES["SB007"]
    if evidence.lacking:
        yield rule.declined(evidence.lacking)
        return
    for _, shared in evidence.tests():
        for system in shared.systems:
            if not any(p[list(PROBABILITIES)].isna().any(axis=None) for p in system.predictions):
                yield from _worse_than_shares(evidence, shared, system)


def _worse_than_shares(evidence: Evidence, shared: SharedTest, system: System) -> Iterator[Check]:
    gold = np.array([STANCES.index(s) for s in shared.prepared.test["stance"]])
    briers, logs = [], []
    # Where a stance is in test and not in train, both may be infinite: neither is then the worse one.
    for record, predictions in zip(system.records, system.predictions, strict=True):
        said = predictions[list(PROBABILITIES)].to_numpy(dtype=np.float64)
        shares = shares_of_train(evidence.prepared(record))
        briers.append(brier(said, gold) - brier(shares, gold))
        with np.errstate(invalid="ignore"):
            logs.append(log_losses(said, gold).mean() - log_losses(shares, gold).mean())
    worse = float(np.mean(logs))
    by_row = np.mean(briers, axis=0)
    value = float(by_row.mean())
    # Equal probabilities differ by rounding.
    if value <= ROUNDING and not worse > ROUNDING:
        return
    bootstrap = shared.scoring.bootstrap
    cluster = scored_rows(shared.prepared, shared.prepared.test["stance"], bootstrap.cluster).cluster
    low, high = interval_of_mean(by_row, cluster, bootstrap)
    told = (
        f"Brier score {abs(value):.3f} {'above' if value > 0 else 'below'} that of the shares of the stances in train"
    )
    told += f" [{low:+.3f}, {high:+.3f}], log loss "
    told += f"{abs(worse):.3f} {'above' if worse > 0 else 'below'}" if np.isfinite(worse) else "infinite"
    figures = {"brier": value, "low": low, "high": high, "log_loss": worse if np.isfinite(worse) else None}
    yield RULES["SB007"].warning(told, figures, system.name)


def brier(p: FloatArray, gold: npt.NDArray[np.int64]) -> FloatArray:
    """Return each judgement's Brier score, shape (n,), from probabilities, shape (n, 3)."""
    losses: FloatArray = ((p - np.eye(len(STANCES))[gold]) ** 2).sum(axis=1)
    return losses


def log_losses(p: FloatArray, gold: npt.NDArray[np.int64]) -> FloatArray:
    """Return each judgement's log loss, shape (n,), from probabilities, shape (n, 3); infinite where gold has none."""
    with np.errstate(divide="ignore"):
        losses: FloatArray = -np.log(p[np.arange(len(gold)), gold])
    return losses


def shares_of_train(prepared: Prepared) -> FloatArray:
    """Return the shares of the stances in each fold's train, for each test row's target; of all rows for one it lacks.

    Returns
    -------
    ndarray, shape (n, 3)
        in the order of the test rows
    """
    table = pd.DataFrame(0.0, index=prepared.test.index, columns=list(STANCES))
    for fold in prepared.folds:
        train, test = prepared.rows.iloc[fold.train], prepared.rows.iloc[fold.test]
        counts = pd.crosstab(train["target"], train["stance"]).reindex(columns=list(STANCES), fill_value=0)
        of_all = train["stance"].value_counts().reindex(list(STANCES), fill_value=0)
        known = counts.reindex(test["target"]).set_axis(test.index).fillna(of_all)
        table.loc[test.index] = known.div(known.sum(axis=1), axis=0)
    return table.to_numpy()


def interval_of_mean(values: FloatArray, cluster: npt.NDArray[np.int64], bootstrap: Bootstrap) -> tuple[float, float]:
    """Return the percentile interval of a mean over rows, by resampling clusters.

    Parameters
    ----------
    values : ndarray, shape (n,)
        one for each row
    cluster : ndarray of int, shape (n,)
        the resampling unit of each row, 0 to K - 1
    bootstrap : Bootstrap
        rounds, level and seed
    """
    sums = np.stack([np.bincount(cluster, values), np.bincount(cluster)])
    blocks = weight_blocks(sums.shape[1], bootstrap.rounds, np.random.default_rng(bootstrap.seed))
    means = np.concatenate([np.divide(*(sums @ block)) for block in blocks])
    low, high = percentiles(means[None, :], bootstrap.level)
    return float(low[0]), float(high[0])
