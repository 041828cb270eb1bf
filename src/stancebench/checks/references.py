"""What a system is held against: the commonest stance of each target, and the holder prior; each fitted on train."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stancebench.audits.shortcuts import SHORTCUTS
from stancebench.runs.evaluation import Prepared
from stancebench.vocabulary import STANCES

Stances = npt.NDArray[Any]
"""predicted stances, in the order of the test rows"""

Reference = Callable[[Prepared], Stances]


def majority(prepared: Prepared) -> Stances:
    """Return the commonest stance of each target in the fold's train; of all train rows for a target it lacks."""
    said = pd.Series("", index=prepared.test.index, dtype=object)
    for fold in prepared.folds:
        train, test = prepared.rows.iloc[fold.train], prepared.rows.iloc[fold.test]
        # The mode of a tie is the first by name: any would do, and this one is always the same.
        of_target = train.groupby("target")["stance"].agg(lambda stances: stances.mode().iloc[0])
        said.loc[test.index] = test["target"].map(of_target).fillna(train["stance"].mode().iloc[0]).to_numpy()
    return said.to_numpy(dtype=object)


def holder_prior(prepared: Prepared) -> Stances:
    """Return what the variant of the holder prior says that is best on each fold's dev, fitted on its train."""
    reference = prepared.reference
    assert reference is not None
    return np.array(STANCES, dtype=object)[reference.stances]


def no_holder_prior(prepared: Prepared) -> str:
    """Return why there is no holder prior of these rows, or an empty string."""
    if prepared.corpus.open_targets:
        return "targets are an open class"
    return SHORTCUTS["prior_where_mentioned"].declines(prepared)
