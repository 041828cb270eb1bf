"""When a corpus is too small for a protocol: it declines, with the counts."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.errors import Declined
from stancebench.protocols.folds import IntArray
from stancebench.scoring.scores import MINIMUM_SUPPORT
from stancebench.vocabulary import Stance

ALL_TARGETS = "all targets together"

POLAR: tuple[Stance, ...] = ("favor", "against")


def stance_counts(rows: pd.DataFrame, positions: IntArray) -> dict[tuple[str, str], int]:
    """Return how many of the rows at ``positions`` each (target, stance) has."""
    some = rows.iloc[positions]
    return dict(Counter(zip(some["target"], some["stance"], strict=True)))


def require(
    corpus: Corpus,
    rows: pd.DataFrame,
    positions: IntArray,
    where: str,
    *,
    but: str = "",
    stances: tuple[Stance, ...] = POLAR,
    least: int = MINIMUM_SUPPORT,
) -> None:
    """Decline when a target has too few rows of a stance.

    Parameters
    ----------
    corpus : Corpus
        its declared targets need support; all rows together where targets are an open class
    rows : pandas.DataFrame
        the task's rows
    positions : ndarray of int
        of the rows counted
    where : str
        what is counted, for the reason, such as ``"train without bloc USA"``
    but : str, default=""
        a target that needs none
    stances : tuple of str, default=("favor", "against")
        stances that need support
    least : int, default=10
        rows needed of each stance and target

    Raises
    ------
    Declined
        names every target that is short, with its counts
    """
    counts = stance_counts(rows, positions)
    targets = tuple(t for t in corpus.target_ids if t != but)
    if corpus.open_targets:
        targets = (ALL_TARGETS,)
        counts = {(ALL_TARGETS, s): sum(n for (_, of), n in counts.items() if of == s) for s in stances}
    short = [t for t in targets if any(counts.get((t, s), 0) < least for s in stances)]
    if short:
        held = "; ".join(f"{t} {', '.join(f'{counts.get((t, s), 0)} {s}' for s in stances)}" for t in short)
        raise Declined(f"{where} is too small: {held}; {least} of each are needed")
