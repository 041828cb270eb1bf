"""A fold, and the leaks that make it worthless: shared events, shared documents, near-duplicate sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from stancebench.errors import CorpusError

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Fold:
    """Positions of the task's rows in train, dev and test.

    Attributes
    ----------
    name : str
        of the fold, as in predictions
    train, dev, test : ndarray of int
        positions in the task's rows, disjoint
    """

    name: str
    train: IntArray
    dev: IntArray
    test: IntArray


class Leak(NamedTuple):
    """A leak: what stands where, and what to do about it where the split is one's own."""

    told: str
    then: str = ""


def check_fold(rows: pd.DataFrame, fold: Fold, near_duplicates: Sequence[tuple[str, str, float]]) -> None:
    """Refuse a fold that has no train or no test, or leaks.

    Parameters
    ----------
    rows : pandas.DataFrame
        the task's rows
    fold : Fold
        positions in ``rows``
    near_duplicates : sequence of (sentence id, sentence id, similarity)
        as from `stancebench.corpora.duplicates.near_duplicates`

    Raises
    ------
    CorpusError
        names two sentences, what they share and where they stand
    """
    refuse_empty(fold)
    leak = first_leak(rows, fold, near_duplicates)
    if leak is not None:
        raise CorpusError(f"{leak.told} {leak.then}".strip())


def refuse_empty(fold: Fold) -> None:
    """Refuse a fold that has nothing to learn from or nothing to judge.

    Raises
    ------
    CorpusError
        names the part
    """
    if not len(fold.train) or not len(fold.test):
        empty = "train" if not len(fold.train) else "test"
        raise CorpusError(f"fold {fold.name!r} has no {empty} rows.")


def placed(rows: pd.DataFrame, fold: Fold) -> pd.DataFrame:
    """Return the sentences of a fold, once for each part they stand in, with that part as ``place``."""
    parts = [rows.iloc[getattr(fold, name)].assign(place=name) for name in ("train", "dev", "test")]
    sentences: pd.DataFrame = pd.concat(parts).drop_duplicates(["sentence_id", "place"])
    return sentences


def first_leak(rows: pd.DataFrame, fold: Fold, near_duplicates: Sequence[tuple[str, str, float]]) -> Leak | None:
    """Return the first leak of a fold, or None.

    Parameters
    ----------
    rows : pandas.DataFrame
        the task's rows
    fold : Fold
        positions in ``rows``
    near_duplicates : sequence of (sentence id, sentence id, similarity)
        as from `stancebench.corpora.duplicates.near_duplicates`

    Returns
    -------
    Leak or None
        a sentence that is torn, else two that share an event, a document or a split unit, else two of nearly one text
    """
    used = placed(rows, fold)
    torn = used[used["sentence_id"].duplicated()]
    if len(torn):
        sentence = torn["sentence_id"].iloc[0]
        places = " and ".join(used["place"][used["sentence_id"] == sentence])
        return Leak(f"Fold {fold.name!r} leaks: {sentence} stands in {places}.")
    for column, shared in (("event", "the event"), ("document", "the source document"), ("group", "the split unit")):
        spread = used.groupby(column, sort=True)["place"].nunique()
        leaking = spread.index[spread > 1]
        if len(leaking):
            pair = used[used[column] == leaking[0]].drop_duplicates("place").head(2)
            return _leak(fold, list(pair["sentence_id"]), list(pair["place"]), f"{shared} {leaking[0]!r}")
    where = dict(zip(used["sentence_id"], used["place"], strict=True))
    for a, b, similarity in near_duplicates:
        if a in where and b in where and where[a] != where[b]:
            return _leak(fold, [a, b], [where[a], where[b]], f"nearly the same text (cosine {similarity:.2f})")
    return None


def _leak(fold: Fold, sentences: list[str], places: list[str], shared: str) -> Leak:
    return Leak(
        f"Fold {fold.name!r} leaks: {sentences[0]} ({places[0]}) and {sentences[1]} ({places[1]}) share {shared}.",
        "Put both in one split; `stancebench corpus check` lists every such pair.",
    )
