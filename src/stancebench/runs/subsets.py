"""Test rows that are scored apart because the holder prior has an answer to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from stancebench.corpora.corpus import Corpus
from stancebench.models.prior import HolderPriorTable, PriorRows, fit_prior, named
from stancebench.scoring.tally import BoolArray, IntArray
from stancebench.vocabulary import NONE, STANCES


@dataclass(frozen=True)
class _Frozen:
    """The holder prior of a corpus, fitted once on its official train, and the whole table as it sees it."""

    prior: HolderPriorTable
    rows: PriorRows


@lru_cache(maxsize=2)
def _frozen(corpus: Corpus) -> _Frozen | None:
    table = corpus.table
    train = np.flatnonzero(table["split"].to_numpy() == "train")
    if not len(train) or (table["holder"] == "").any():
        return None
    holder, bloc, target = (table[c].tolist() for c in ("holder", "bloc", "target"))
    # The gate counts where the prior is fitted, and where it is asked whether it takes a side at all.
    asked = np.flatnonzero((table["split"] == "train").to_numpy() | (table["label"] == "neutral").to_numpy())
    rows = PriorRows(holder, bloc, target, _gate(corpus, asked))
    gold = _gold(corpus)
    return _Frozen(fit_prior(rows.take(train), gold[train], table["group"].iloc[train].tolist()), rows)


def _gold(corpus: Corpus) -> IntArray:
    """Return the position of each judgement's stance in ``STANCES``."""
    return np.array([STANCES.index(s) for s in corpus.table["stance"].tolist()], dtype=np.int64)


def _gate(corpus: Corpus, asked: IntArray) -> BoolArray:
    """Return whether the text names the target, at the positions asked; no elsewhere."""
    gate = np.zeros(len(corpus.table), dtype=bool)
    rows = corpus.table.iloc[asked]
    gate[asked] = named(rows["text"].tolist(), rows["target"].tolist(), corpus.targets)
    return gate


def counter_prior_rows(corpus: Corpus) -> BoolArray | None:
    """Return the judgements whose polar gold is the opposite of the holder prior's polar choice.

    The prior is fitted on the official train of the task ``attributed`` and speaks alike in every split; the gate has
    no say in its polar choice.

    Returns
    -------
    ndarray of bool, shape (rows of the table,), or None
        None when the corpus has no holder or no train
    """
    frozen = _frozen(corpus)
    if frozen is None:
        return None
    gold = _gold(corpus)
    choice = frozen.prior.polar_choice(frozen.rows)
    return np.asarray((gold != NONE) & (choice >= 0) & (choice != gold))


def overcall_rows(corpus: Corpus) -> BoolArray | None:
    """Return the judgements whose gold is neutral while the holder prior answers favor or against.

    The prior is that of `counter_prior_rows`, and here answers as it is scored: with its gate and its weights.

    Returns
    -------
    ndarray of bool, shape (rows of the table,), or None
        None when the corpus has no holder or no train
    """
    frozen = _frozen(corpus)
    if frozen is None:
        return None
    neutral = (corpus.table["label"] == "neutral").to_numpy()
    return np.asarray(neutral & (frozen.prior.predict(frozen.rows) != NONE))


def hard_rows(corpus: Corpus) -> BoolArray | None:
    """Return the judgements whose gold is another stance than the holder prior answers.

    The prior is that of `overcall_rows`; nothing but train decides what is hard.

    Returns
    -------
    ndarray of bool, shape (rows of the table,), or None
        None when the corpus has no holder or no train
    """
    frozen = _frozen(corpus)
    if frozen is None:
        return None
    gold = _gold(corpus)
    rows = replace(frozen.rows, named=_gate(corpus, np.arange(len(gold))))
    return np.asarray(frozen.prior.predict(rows) != gold)
