"""Test rows that are scored apart because the holder prior has an answer to them."""

from __future__ import annotations

import numpy as np

from stancebench.corpora.corpus import Corpus
from stancebench.models.prior import PriorRows, fit_prior, named
from stancebench.scoring.tally import BoolArray
from stancebench.vocabulary import STANCES


def counter_prior_rows(corpus: Corpus) -> BoolArray | None:
    """Return the judgements whose polar gold is the opposite of the holder prior's polar choice.

    The prior is fitted on the official train of the task ``attributed`` and speaks alike in every split.

    Returns
    -------
    ndarray of bool, shape (rows of the table,), or None
        None when the corpus has no holder or no train
    """
    table = corpus.table
    train = np.flatnonzero(table["split"].to_numpy() == "train")
    if not len(train) or (table["holder"] == "").any():
        return None
    holder, bloc, target = (table[c].tolist() for c in ("holder", "bloc", "target"))
    # The gate counts only where the prior is fitted: the polar choice is made whatever it says.
    gate = np.zeros(len(table), dtype=bool)
    gate[train] = named(table["text"].iloc[train].tolist(), [target[i] for i in train], corpus.targets)
    rows = PriorRows(holder, bloc, target, gate)
    gold = np.array([STANCES.index(s) for s in table["stance"].tolist()])
    prior = fit_prior(rows.take(train), gold[train], table["group"].iloc[train].tolist())
    choice = prior.polar_choice(rows)
    return np.asarray((gold < 2) & (choice >= 0) & (choice != gold))
