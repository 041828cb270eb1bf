"""The fixed train, dev and test of a corpus."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stancebench.errors import Declined
from stancebench.protocols.folds import Fold


def official(rows: pd.DataFrame) -> list[Fold]:
    """Return the one fold of the corpus's own split.

    Parameters
    ----------
    rows : pandas.DataFrame
        the task's rows, with a column ``split``

    Raises
    ------
    Declined
        when the corpus has no split
    """
    split = rows["split"].to_numpy()
    if not np.isin(split, ["train", "dev", "test"]).all():
        raise Declined(
            "it needs a split into train, dev and test, and this corpus declares none: protocol=cross_validated"
        )
    train, dev, test = (np.flatnonzero(split == name) for name in ("train", "dev", "test"))
    return [Fold("official", train, dev, test)]
