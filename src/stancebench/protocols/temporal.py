"""Train before a date, test after it, within one source; and its control, random in time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.holders import first_day
from stancebench.corpora.joined import source_family
from stancebench.errors import Declined, listed, unknown
from stancebench.protocols.drawn import drawn_order
from stancebench.protocols.folds import Fold, IntArray
from stancebench.protocols.protocol import Protocol
from stancebench.protocols.support import require
from stancebench.protocols.units import split_units


def temporal(corpus: Corpus, rows: pd.DataFrame, source: str, date: str, *, control: bool = False) -> list[Fold]:
    """Return a fold of one source's rows: train before the date, test from it on, no dev.

    The test ids are its own: year and source go together in a corpus of many sources, so time is looked at within one.
    A partial date is before (after) the date only where each of its days is; a row of which this is not known is in
    neither. The control divides the same rows anew, at random in time, into a train and a test of the same size and the
    same counts of each target's stances, as nearly as whole split units allow. What differs between the two is time; a
    stance that a target has almost only after the date is then mostly in the control's test too.

    Parameters
    ----------
    corpus : Corpus
        with its declared targets
    rows : pandas.DataFrame
        the task's rows; ``source`` and ``date`` are read
    source : str
        family of sources, or a source's name as in the corpus's files
    date : str
        first day of test
    control : bool, default=False
        whether to return the control

    Raises
    ------
    Declined
        when the corpus has no dates or sources, or train or test is too small
    UsageError
        when a source was chosen that the corpus does not have
    """
    if (rows["date"] == "").any() or (rows["source"] == "").any():
        raise Declined("it needs the date and the source of every sentence, and this corpus does not say them")
    source = _family(source, set(" ".join(rows["source"].unique()).split()))
    mine = np.flatnonzero((rows["source"] == source).to_numpy())
    if not len(mine):
        raise Declined(f"no sentence is of source {source!r} alone")
    days = rows["date"].iloc[mine]
    after = np.array([first_day(d) >= date for d in days])
    # "2022" is not before 2022-02-24, though its first day is.
    before = np.array([d < date[: len(d)] for d in days])
    units = np.array(split_units(rows.iloc[mine], corpus.all_near_duplicates), dtype=object)
    # A unit that lies on both sides would leak: what of it lies before is left out.
    before &= ~np.isin(units, units[after])
    train, test = mine[before], mine[after]
    require(corpus, rows, train, f"{source} before {date}")
    require(corpus, rows, test, f"{source} from {date} on")
    if control:
        unit_of = dict(zip(mine.tolist(), units, strict=True))
        train, test = _random_in_time(rows, train, test, unit_of)
        require(corpus, rows, train, "train of the control")
        require(corpus, rows, test, "test of the control")
    name = "control" if control else "temporal"
    return [Fold(name, train, np.array([], dtype=np.int64), test)]


def _family(source: str, families: set[str]) -> str:
    """Return the family of a source that was chosen; refuse one that is not there."""
    for name in ("_".join(source.split()), source_family(source)):
        if name in families:
            return name
    if source != Protocol.source:
        raise unknown("source", source, families, "Type protocol.source=NAME with one of them.")
    # Nobody chose it: a sweep over corpora goes on.
    example = min(families)
    raise Declined(
        f"no sentence is of source {source!r}, the default; sources: {listed(families)}. "
        f"Type for example protocol.source={example}"
    )


def _random_in_time(
    rows: pd.DataFrame, train: IntArray, test: IntArray, unit_of: Mapping[int, str]
) -> tuple[IntArray, IntArray]:
    """Return the rows of train and test divided anew: units in drawn order, then exchanged until the mix fits.

    An exchange moves one unit or two. The first in drawn order that brings the counts of test nearer to those wanted
    (all rows and each target's stances, squared misses added up) is made, until there is none; each lowers a whole
    number, so there is an end. No date is looked at.
    """
    both = np.sort(np.concatenate([train, test]))
    used = rows.iloc[both]
    names = [unit_of[row] for row in both.tolist()]
    units = drawn_order(set(names), "temporal")
    at = {unit: i for i, unit in enumerate(units)}
    unit = np.array([at[name] for name in names])
    strata, stratum = np.unique((used["target"] + "\x1f" + used["stance"]).to_numpy(dtype=str), return_inverse=True)
    counts = np.zeros((len(units), len(strata) + 1), dtype=np.int64)
    np.add.at(counts, (unit, stratum), 1)
    counts[:, -1] = counts.sum(axis=1)
    wanted = np.append(np.bincount(stratum[np.isin(both, test)], minlength=len(strata)), len(test))
    chosen = np.cumsum(counts[:, -1]) <= len(test)
    moved = True
    while moved:
        moved = False
        for first in range(len(units)):
            miss = wanted - counts[chosen].sum(axis=0)
            alone = np.where(chosen[:, None], -counts, counts)
            together = alone + alone[first]
            together[first] = alone[first]
            more = (together * (together - 2 * miss)).sum(axis=1)
            second = int(np.argmin(more))
            if more[second] < 0:
                pair = [first] if second == first else [first, second]
                chosen[pair] = ~chosen[pair]
                moved = True
    in_test = chosen[unit]
    return both[~in_test], both[in_test]
