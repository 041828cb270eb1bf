"""Check of probabilities: whether they are worse than the shares of the stances in train."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from stancebench.checks.check import RULES, Check
from stancebench.checks.evidence import Evidence
from stancebench.reports.systems import SharedTest, System
from stancebench.runs.evaluation import Prepared, scored_rows
from stancebench.scoring.calibration import Forecasts, row_briers, row_log_losses
from stancebench.scoring.resampling import mean_bounds
from stancebench.scoring.tally import FloatArray
from stancebench.vocabulary import PROBABILITIES, STANCES

ROUNDING = 1e-9

LOSSES = {"brier": ("Brier score", row_briers), "log_loss": ("log loss", row_log_losses)}


def calibration_checks(evidence: Evidence) -> Iterator[Check]:
    """Yield a finding for each system whose Brier score or log loss is above that of the shares in its train.

    Both are those of `stancebench.scoring.calibration`; only what is worse is told.
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
    bootstrap = shared.scoring.bootstrap
    test = shared.prepared.test
    gold = np.array([STANCES.index(s) for s in test["stance"]])
    cluster = scored_rows(shared.prepared, test["stance"], bootstrap.cluster).cluster
    above: dict[str, list[FloatArray]] = {name: [] for name in LOSSES}
    for record, predictions in zip(system.records, system.predictions, strict=True):
        said = Forecasts(predictions[list(PROBABILITIES)].to_numpy(dtype=np.float64), gold, cluster)
        shares = Forecasts(shares_of_train(evidence.prepared(record)), gold, cluster)
        for name, (_, loss) in LOSSES.items():
            above[name].append(loss(said) - loss(shares))
    told: list[str] = []
    figures: dict[str, float] = {}
    for name, per_seed in above.items():
        by_row: FloatArray = np.mean(per_seed, axis=0)
        value = float(by_row.mean())
        low, high = mean_bounds(by_row, cluster, bootstrap)
        figures |= {name: value, f"{name}_low": low, f"{name}_high": high}
        # Equal probabilities differ by rounding.
        if value > ROUNDING:
            told.append(f"{LOSSES[name][0]} {value:.3f} [{low:+.3f}, {high:+.3f}]")
    if told:
        whole = f"{' and '.join(told)} above that of the shares of the stances in train"
        yield RULES["SB007"].warning(whole, figures, system.name)


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
