"""Protocols that leave one thing out of train and dev at a time: a target, a bloc, a family of sources.

Every row of the official test is tested exactly once, so that a score under one of these is comparable with the
official one row by row: only training changes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.errors import Declined
from stancebench.protocols.folds import Fold
from stancebench.protocols.official import official
from stancebench.protocols.support import require

BoolArray = npt.NDArray[np.bool_]


def cross_target(corpus: Corpus, rows: pd.DataFrame) -> list[Fold]:
    """Return one fold a tested target: train and dev hold no judgement of it, test is the official test of it.

    Parameters
    ----------
    corpus : Corpus
        with its declared targets
    rows : pandas.DataFrame
        the task's rows

    Raises
    ------
    Declined
        when there is one target only, targets are an open class, or train without one is too small
    """
    if corpus.open_targets:
        raise Declined("it needs declared targets, and those of this corpus are an open class")
    if len(corpus.target_ids) < 2:
        raise Declined(f"it needs two targets at least, and this corpus has {', '.join(corpus.target_ids)} only")
    of_target = rows["target"].to_numpy()
    tested = set(of_target[_official(rows).test])
    return [
        _fold(corpus, rows, target, of_target == target, of_target == target, f"target {target}", but=target)
        for target in corpus.target_ids
        if target in tested
    ]


def cross_holder(corpus: Corpus, rows: pd.DataFrame) -> list[Fold]:
    """Return one fold a bloc: sentences and events that touch it leave train and dev, test is its holders' judgements.

    Parameters
    ----------
    corpus : Corpus
        whose table says which sentences touch a bloc, also where the task does not ask for that holder
    rows : pandas.DataFrame
        the task's rows

    Raises
    ------
    Declined
        when the corpus has no blocs, or train without one is too small
    """
    if (corpus.table["bloc"] == "").any():
        raise Declined("it needs the bloc of every holder, and this corpus has none")
    bloc = rows["bloc"].to_numpy()
    tested = sorted(set(bloc[_official(rows).test]))
    return [
        _fold(
            corpus,
            rows,
            name,
            _touching(rows, corpus.table[corpus.table["bloc"] == name]),
            bloc == name,
            f"bloc {name}",
        )
        for name in tested
    ]


def cross_source(corpus: Corpus, rows: pd.DataFrame) -> list[Fold]:
    """Return one fold a family of sources: sentences and events that touch it leave train and dev.

    A sentence of several families is tested under the first of them, in alphabetical order.

    Parameters
    ----------
    corpus : Corpus
        whose table names the sources
    rows : pandas.DataFrame
        the task's rows

    Raises
    ------
    Declined
        when the corpus has no sources, only one, or train without one is too small
    """
    if (corpus.table["source"] == "").any():
        raise Declined("it needs the source of every sentence, and this corpus does not say it")
    families = sorted(set(" ".join(corpus.table["source"]).split()))
    if len(families) < 2:
        raise Declined(f"it needs two families of sources at least, and this corpus has {', '.join(families)} only")
    first = rows["source"].str.split().str[0].to_numpy()
    tested = set(first[_official(rows).test])
    folds = []
    for family in sorted(tested):
        touches = corpus.table["source"].str.split().map(lambda named, family=family: family in named)
        left_out = _touching(rows, corpus.table[touches])
        folds.append(_fold(corpus, rows, family, left_out, first == family, f"source {family}"))
    return folds


def _official(rows: pd.DataFrame) -> Fold:
    (fold,) = official(rows)
    if not len(fold.test):
        raise Declined("its official test has no judgement that the task asks for")
    return fold


def _touching(rows: pd.DataFrame, some: pd.DataFrame) -> BoolArray:
    """Return the rows whose split unit holds any of some judgements: whole sentences, events and documents."""
    return rows["group"].isin(set(some["group"])).to_numpy(dtype=bool)


def _fold(  # noqa: PLR0917
    corpus: Corpus, rows: pd.DataFrame, name: str, left_out: BoolArray, tested: BoolArray, what: str, but: str = ""
) -> Fold:
    fold = _official(rows)
    train, dev = (part[~left_out[part]] for part in (fold.train, fold.dev))
    require(corpus, rows, train, f"train without {what}", but=but)
    return Fold(name, train, dev, fold.test[tested[fold.test]])
