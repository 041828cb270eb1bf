"""A fold, and the leaks that make it worthless: shared events, shared documents, near-duplicate sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def check_fold(rows: pd.DataFrame, fold: Fold, near_duplicates: Sequence[tuple[str, str, float]]) -> None:
    """Refuse a fold that leaks.

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
    parts = [rows.iloc[getattr(fold, name)].assign(place=name) for name in ("train", "dev", "test")]
    used = pd.concat(parts).drop_duplicates(["sentence_id", "place"])
    if not len(fold.train) or not len(fold.test):
        empty = "train" if not len(fold.train) else "test"
        raise CorpusError(f"fold {fold.name!r} has no {empty} rows.")
    torn = used[used["sentence_id"].duplicated()]
    if len(torn):
        sentence = torn["sentence_id"].iloc[0]
        places = " and ".join(used["place"][used["sentence_id"] == sentence])
        raise CorpusError(f"Fold {fold.name!r} leaks: {sentence} stands in {places}.")
    for column, shared in (("event", "the event"), ("document", "the source document"), ("group", "the split unit")):
        spread = used.groupby(column, sort=True)["place"].nunique()
        leaking = spread.index[spread > 1]
        if len(leaking):
            pair = used[used[column] == leaking[0]].drop_duplicates("place").head(2)
            raise CorpusError(_leak(fold, list(pair["sentence_id"]), list(pair["place"]), f"{shared} {leaking[0]!r}"))
    where = dict(zip(used["sentence_id"], used["place"], strict=True))
    for a, b, similarity in near_duplicates:
        if a in where and b in where and where[a] != where[b]:
            raise CorpusError(
                _leak(fold, [a, b], [where[a], where[b]], f"nearly the same text (cosine {similarity:.2f})")
            )


def _leak(fold: Fold, sentences: list[str], places: list[str], shared: str) -> str:
    return (
        f"Fold {fold.name!r} leaks: {sentences[0]} ({places[0]}) and {sentences[1]} ({places[1]}) share {shared}. "
        "Put both in one split; `stancebench corpus check` lists every such pair."
    )
