"""Protocols whose train is drawn: few examples, and folds of a corpus without a split.

What is drawn hangs on ids and a hash only: not on the order of rows, nor on a library's random numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import KEY, Corpus
from stancebench.errors import Declined
from stancebench.protocols.folds import Fold, IntArray
from stancebench.protocols.official import official
from stancebench.protocols.support import require
from stancebench.protocols.units import split_units
from stancebench.vocabulary import STANCES


def drawn_order(names: Iterable[str], purpose: str) -> list[str]:
    """Return names in an order that looks random and is the same everywhere: by sha256 of purpose and name."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{purpose}\x1f{name}".encode()).digest())


def few_shot(corpus: Corpus, rows: pd.DataFrame, k: int, draw: int) -> list[Fold]:
    """Return the official test with a train of k judgements of each stance and target, and no dev.

    There is no dev: choosing on hundreds of judgements would not be few-shot (Perez et al. 2021, "True few-shot
    learning with language models", section 2).

    Parameters
    ----------
    corpus : Corpus
        with its declared targets
    rows : pandas.DataFrame
        the task's rows
    k : int
        judgements of each stance and target
    draw : int
        which draw

    Raises
    ------
    Declined
        when targets are an open class, or train has fewer than k of a stance and target
    """
    if corpus.open_targets:
        raise Declined("it needs declared targets, and those of this corpus are an open class")
    (fold,) = official(rows)
    require(corpus, rows, fold.train, "train", stances=STANCES, least=k)
    train = rows.iloc[fold.train]
    position = dict(
        zip(("\x1f".join(key) for key in zip(*(train[c] for c in KEY), strict=True)), fold.train, strict=True)
    )
    kept: list[int] = []
    for target in corpus.target_ids:
        for stance in STANCES:
            mine = train[(train["target"] == target) & (train["stance"] == stance)]
            names = ["\x1f".join(key) for key in zip(*(mine[c] for c in KEY), strict=True)]
            kept += [int(position[name]) for name in drawn_order(names, f"few_shot\x1f{draw}")[:k]]
    return [Fold("few_shot", np.array(sorted(kept), dtype=np.int64), np.array([], dtype=np.int64), fold.test)]


def cross_validated(corpus: Corpus, rows: pd.DataFrame, n_folds: int) -> list[Fold]:
    """Return folds of whole split units; every row is tested once.

    Sentences that are nearly the same are one unit too. Units are dealt largest first, each to the fold that then holds
    each target's stances most evenly; where targets are an open class, the stances of all targets together.

    Parameters
    ----------
    corpus : Corpus
        with its near-duplicates
    rows : pandas.DataFrame
        the task's rows
    n_folds : int
        number of folds

    Raises
    ------
    Declined
        when the corpus has a split, has fewer units than folds, or a train would hold one stance only
    """
    if rows["split"].isin(["train", "dev", "test"]).all():
        raise Declined("it is for a corpus without a split, and this one has one: protocol=official")
    unit_of = split_units(rows, corpus.all_near_duplicates)
    units = sorted(set(unit_of))
    if len(units) < n_folds:
        raise Declined(
            f"{n_folds} folds need as many split units (groups, or sentences), and this corpus has {len(units)}"
        )
    target = "" if corpus.open_targets else rows["target"]
    place = _deal(target + "\x1f" + rows["stance"], unit_of, units, n_folds)
    nothing = np.array([], dtype=np.int64)
    folds = [Fold(str(i), np.flatnonzero(place != i), nothing, np.flatnonzero(place == i)) for i in range(n_folds)]
    for fold in folds:
        held = rows["stance"].iloc[fold.train].unique()
        if len(held) < 2:
            raise Declined(f"the train of fold {fold.name} holds {len(fold.train)} judgements, all {', '.join(held)}")
    return folds


def _deal(stratum_of: pd.Series[str], unit_of: list[str], units: list[str], n_folds: int) -> IntArray:
    strata, stratum = np.unique(stratum_of.to_numpy(dtype=str), return_inverse=True)
    at = {unit: i for i, unit in enumerate(units)}
    unit = np.array([at[name] for name in unit_of])
    counts = np.zeros((len(units), len(strata)))
    np.add.at(counts, (unit, stratum), 1)
    # A miss of one counts more in a rare stratum.
    scale = 1 / counts.sum(axis=0)
    order = sorted(drawn_order(units, "cross_validated"), key=lambda name: -counts[at[name]].sum())
    held = np.zeros((n_folds, len(strata)))
    size = np.zeros(n_folds)
    fold_of = np.zeros(len(units), dtype=np.int64)
    for name in order:
        mine = counts[at[name]]
        # Rounded, so that the last bit of a sum does not decide between equals.
        fullness = ((2 * held * mine + mine**2) * scale).sum(axis=1).round(9)
        best = int(np.lexsort((size, fullness))[0])
        held[best] += mine
        size[best] += mine.sum()
        fold_of[at[name]] = best
    return np.asarray(fold_of[unit])
