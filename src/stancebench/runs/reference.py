"""The holder prior as a yardstick: its best variant, chosen on dev of each fold, on the test rows of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import KEY, Corpus
from stancebench.models.prior import PriorRows, fit_prior, named
from stancebench.protocols import Fold
from stancebench.scoring import ScoredRows, ScoreId, score_arrays, tally
from stancebench.scoring.tally import IntArray
from stancebench.vocabulary import STANCES

VARIANTS: Mapping[str, tuple[str, bool]] = {
    "gated": ("holder", True),
    "ungated": ("holder", False),
    "bloc": ("bloc", True),
    "target": ("target", True),
}
"""finest step of the back-off, and whether the gate is asked; ``target`` does not look at the holder"""


@dataclass(frozen=True)
class Reference:
    """The answers that a model has to beat.

    Attributes
    ----------
    stances : ndarray of int, shape (test rows,)
        positions in ``STANCES``, in the order of the test rows; empty where there is a reason
    variants : mapping of str to str
        the variant chosen for each fold
    reason : str
        why there is none
    """

    stances: IntArray
    variants: Mapping[str, str]
    reason: str = ""


def holder_prior_reference(corpus: Corpus, asked: pd.DataFrame, folds: Sequence[Fold]) -> Reference | None:
    """Return what the best variant of the holder prior answers to the test rows.

    It reads holder, bloc and text as the corpus has them, whatever a model is shown, so that it is the same yardstick
    for every model on these folds. Each variant is fitted on the fold's train; the one with the best ``f_avg_macro`` on
    the fold's dev (empty denominators count 0) answers, the first of equals, and ``gated`` where a fold has no dev.

    Parameters
    ----------
    corpus : Corpus
        what the rows are of
    asked : pandas.DataFrame
        the task's rows
    folds : sequence of Fold
        positions in ``asked``

    Returns
    -------
    Reference or None
        None where the corpus has no holders, or targets are an open class
    """
    if not folds or corpus.open_targets or (corpus.table["holder"] == "").any():
        return None
    target = asked["target"].to_numpy(dtype=object)
    for fold in folds:
        unseen = sorted(set(target[fold.test]) - set(target[fold.train]))
        if unseen:
            return Reference(
                np.empty(0, dtype=np.int64), {}, f"the holder prior counts stances by target: {unseen[0]} has no train"
            )
    # A masked view hides who speaks: the corpus's own rows do not.
    place = {key: i for i, key in enumerate(zip(*(corpus.table[c].tolist() for c in KEY), strict=True))}
    own = corpus.table.iloc[[place[key] for key in zip(*(asked[c].tolist() for c in KEY), strict=True)]]
    texts, targets = own["text"].tolist(), own["target"].tolist()
    rows = PriorRows(own["holder"].tolist(), own["bloc"].tolist(), targets, named(texts, targets, corpus.targets))
    gold = np.array([STANCES.index(s) for s in own["stance"].tolist()], dtype=np.int64)
    groups = own["group"].to_numpy(dtype=object)
    answers = np.full(len(own), -1, dtype=np.int64)
    variants = {}
    for fold in folds:
        train, train_groups = rows.take(fold.train), groups[fold.train].tolist()
        fitted = {
            name: fit_prior(train, gold[fold.train], train_groups, level, gated=gated)
            for name, (level, gated) in VARIANTS.items()
        }
        dev = rows.take(fold.dev)
        on_dev = {name: _f_avg_macro(gold[fold.dev], prior.predict(dev), dev.target) for name, prior in fitted.items()}
        variants[fold.name] = max(on_dev, key=lambda name: on_dev[name])
        answers[fold.test] = fitted[variants[fold.name]].predict(rows.take(fold.test))
    test = np.sort(np.concatenate([fold.test for fold in folds]))
    return Reference(answers[test], variants)


def _f_avg_macro(gold: IntArray, predicted: IntArray, target: Sequence[str]) -> float:
    if not len(gold):
        return 0.0
    names = tuple(sorted(set(target)))
    place = np.array([names.index(t) for t in target], dtype=np.int64)
    rows = ScoredRows(gold, predicted, place, np.zeros(len(gold), dtype=np.int64), names)
    return float(score_arrays(tally(rows), "semeval")[ScoreId("f_avg_macro")][0])
