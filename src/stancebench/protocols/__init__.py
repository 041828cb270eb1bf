"""How a corpus becomes train and test: folds, and the checks that every fold must pass.

Every test row is a row of the official test and only training changes, so that each drop is a paired difference. The
exceptions are ``temporal``, which has test rows of its own, and ``cross_validated``, for a corpus without a split.
"""

from __future__ import annotations

import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.protocols.drawn import cross_validated, few_shot
from stancebench.protocols.folds import Fold, check_fold
from stancebench.protocols.left_out import cross_holder, cross_source, cross_target
from stancebench.protocols.official import official
from stancebench.protocols.protocol import DRAWS, OPTIONS, PROTOCOLS, Protocol, as_protocol
from stancebench.protocols.temporal import temporal

__all__ = [
    "DRAWS",
    "OPTIONS",
    "PROTOCOLS",
    "Fold",
    "Protocol",
    "as_protocol",
    "check_fold",
    "cross_holder",
    "cross_source",
    "cross_target",
    "cross_validated",
    "few_shot",
    "make_folds",
    "official",
    "temporal",
]


def make_folds(protocol: Protocol, corpus: Corpus, rows: pd.DataFrame) -> list[Fold]:
    """Return the folds of a protocol.

    Parameters
    ----------
    protocol : Protocol
        name and options
    corpus : Corpus
        whose table, targets and blocs say what a fold must leave out
    rows : pandas.DataFrame
        the task's rows

    Returns
    -------
    list of Fold
        no row is in the test of two of them

    Raises
    ------
    Declined
        when the corpus lacks what the protocol needs or is too small for it, with the counts
    """
    p = protocol
    makers = {
        "official": lambda: official(rows),
        "cross_target": lambda: cross_target(corpus, rows),
        "cross_holder": lambda: cross_holder(corpus, rows),
        "cross_source": lambda: cross_source(corpus, rows),
        "few_shot": lambda: few_shot(corpus, rows, p.k, p.draw),
        "temporal": lambda: temporal(corpus, rows, p.source, p.date, control=p.control),
        "cross_validated": lambda: cross_validated(corpus, rows, p.n_folds),
    }
    return makers[p.name]()
