"""Train before a date, test after it, within one source; and its control, random in time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.holders import first_day
from stancebench.errors import Declined
from stancebench.protocols.drawn import drawn_order
from stancebench.protocols.folds import Fold, IntArray
from stancebench.protocols.support import require


def temporal(corpus: Corpus, rows: pd.DataFrame, source: str, date: str, *, control: bool = False) -> list[Fold]:
    """Return a fold of one source's rows: train before the date, test from it on, no dev.

    The test ids are its own: year and source go together in a corpus of many sources, so time is looked at within one.
    The control divides the same rows anew, at random in time, into a train and a test of the same size and the same
    counts of each target's stances, as nearly as whole split units allow. What differs between the two is time.

    Parameters
    ----------
    corpus : Corpus
        with its declared targets
    rows : pandas.DataFrame
        the task's rows; ``source`` and ``date`` are read
    source : str
        family of sources
    date : str
        first day of test
    control : bool, default=False
        whether to return the control

    Raises
    ------
    Declined
        when the corpus has no dates or sources, or train or test is too small
    """
    if (rows["date"] == "").any() or (rows["source"] == "").any():
        raise Declined("it needs the date and the source of every sentence, and this corpus does not say them")
    mine = np.flatnonzero((rows["source"] == source).to_numpy())
    if not len(mine):
        families = sorted(set(" ".join(rows["source"]).split()))
        raise Declined(f"no sentence is of source {source!r}; sources: {', '.join(families)}")
    after = np.array([first_day(d) >= date for d in rows["date"].iloc[mine]])
    test_units = set(rows["group"].iloc[mine[after]])
    # A split unit that lies on both sides would leak: what of it lies before is left out.
    before = ~after & ~rows["group"].iloc[mine].isin(test_units).to_numpy()
    train, test = mine[before], mine[after]
    require(rows, train, corpus.target_ids, f"{source} before {date}")
    require(rows, test, corpus.target_ids, f"{source} from {date} on")
    if control:
        train, test = _random_in_time(rows, train, test)
    name = "control" if control else "temporal"
    return [Fold(name, train, np.array([], dtype=np.int64), test)]


def _random_in_time(rows: pd.DataFrame, train: IntArray, test: IntArray) -> tuple[IntArray, IntArray]:
    both = np.sort(np.concatenate([train, test]))
    used = rows.iloc[both]
    strata, stratum = np.unique((used["target"] + "\x1f" + used["stance"]).to_numpy(dtype=str), return_inverse=True)
    units = drawn_order(used["group"].unique(), "temporal")
    at = {unit: i for i, unit in enumerate(units)}
    unit = np.array([at[g] for g in used["group"]])
    counts = np.zeros((len(units), len(strata)))
    np.add.at(counts, (unit, stratum), 1)
    wanted = np.bincount(stratum[np.isin(both, test)], minlength=len(strata)).astype(float)
    scale = 1 / np.maximum(wanted, 1)
    chosen = np.zeros(len(units), dtype=bool)
    held = np.zeros(len(strata))
    while True:
        # What a unit would add to the miss, if it went to test; the drawn order decides among equals.
        gain = (((wanted - held) ** 2 - (wanted - held - counts) ** 2) * scale).sum(axis=1)
        gain[chosen] = -np.inf
        # Taking the best one at once would prefer small, common units: the first in drawn order that helps is taken.
        helping = np.flatnonzero(gain > 0)
        if not len(helping):
            break
        chosen[helping[0]] = True
        held += counts[helping[0]]
    in_test = chosen[unit]
    return both[~in_test], both[in_test]
