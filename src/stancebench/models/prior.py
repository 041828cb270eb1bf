"""The holder prior's arithmetic, without scikit-learn: counts, back-off, and the weights that maximise f_avg.

It serves the baseline and the slice ``counter_prior``, which must not cost an import of scikit-learn.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stancebench.corpora.schema import Target, alias_pattern
from stancebench.vocabulary import AGAINST, FAVOR, NONE, STANCES

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
HolderBlocTarget = tuple[str, str, str]

WORD = re.compile(r"\w+")

STRENGTH = 2.0
"""pseudo-count of each step of the back-off holder -> bloc -> target -> uniform"""

WEIGHTS = tuple(2.0 ** (k / 2) for k in range(-4, 7))
"""weights tried for favor and for against; none has weight 1"""

FOLDS = 5


@dataclass(frozen=True)
class PriorRows:
    """What the prior may look at, as arrays of one length."""

    holder: Sequence[str]
    bloc: Sequence[str]
    target: Sequence[str]
    named: BoolArray

    def take(self, rows: IntArray) -> PriorRows:
        """Return some of the rows."""
        holder, bloc, target = ([column[i] for i in rows] for column in (self.holder, self.bloc, self.target))
        return PriorRows(holder, bloc, target, self.named[rows])


def named(texts: Sequence[str], targets: Sequence[str], declared: Sequence[Target]) -> BoolArray:
    """Return whether an alias of each row's target stands in its text: the gate."""
    gates = {t.id: _gate(t) for t in declared}
    words = {text: frozenset(WORD.findall(text.lower())) for text in dict.fromkeys(texts)}
    pairs = list(zip(texts, targets, strict=True))
    is_named = {
        (text, target): target in gates and gates[target](text, words[text]) for text, target in dict.fromkeys(pairs)
    }
    return np.array([is_named[pair] for pair in pairs], dtype=bool)


def _gate(target: Target) -> Callable[[str, Set[str]], bool]:
    """Return whether an alias of a target stands in a text, as a function of the text and its words."""
    pattern = lru_cache(alias_pattern)
    plain = all(a.isascii() and WORD.search(a) for a in target.aliases)
    with_word: dict[str, list[str]] = {}
    for alias in target.aliases if plain else ():
        with_word.setdefault(max(WORD.findall(alias.lower()), key=len), []).append(alias)
    telling = frozenset(with_word)

    def is_named(text: str, words: Set[str]) -> bool:
        # Beyond ASCII, one letter may match another that is not its lower case.
        if not plain or not text.isascii():
            return pattern(target.aliases).search(text) is not None
        # Words are quicker to compare than any pattern, and most texts lack the longest word of every alias.
        return any(pattern((a,)).search(text) for word in telling & words for a in with_word[word])

    return is_named


@dataclass(frozen=True)
class HolderPriorTable:
    """p(stance | holder, target) with Dirichlet back-off, and the tuned weights.

    Attributes
    ----------
    by_target, by_bloc, by_holder : dict
        stance counts of gated training rows
    weights : dict of str to ndarray, shape (3,)
        weights of favor, against and none for each target
    level : {"holder", "bloc", "target"}
        the finest step of the back-off
    gated : bool
        whether a row that names no alias is none
    """

    by_target: dict[str, FloatArray]
    by_bloc: dict[tuple[str, str], FloatArray]
    by_holder: dict[tuple[str, str], FloatArray]
    weights: dict[str, FloatArray]
    level: str = "holder"
    gated: bool = True

    def probabilities(self, rows: PriorRows) -> FloatArray:
        """Return p(stance | holder, target) of each row, shape (n, 3), whatever the gate says."""
        keys, code = _alike(rows)
        return self.of_distinct(keys)[code]

    def of_distinct(self, keys: Sequence[HolderBlocTarget]) -> FloatArray:
        """Return p(stance | holder, target) of each holder, bloc and target, shape (n, 3)."""
        nothing = np.zeros(len(STANCES))
        steps = [[self.by_target.get(target, nothing) for _, _, target in keys]]
        if self.level in ("holder", "bloc"):
            steps.append([self.by_bloc.get((bloc, target), nothing) for _, bloc, target in keys])
        if self.level == "holder":
            steps.append([self.by_holder.get((holder, target), nothing) for holder, _, target in keys])
        p = np.full((len(keys), len(STANCES)), 1 / len(STANCES))
        for step in steps:
            counts = np.array(step).reshape(p.shape)
            p = (counts + STRENGTH * p) / (counts.sum(axis=1, keepdims=True) + STRENGTH)
        return p

    def _weighted(self, rows: PriorRows) -> FloatArray:
        flat = np.ones(len(STANCES))
        place = {target: i for i, target in enumerate(dict.fromkeys(rows.target))}
        weights = np.array([self.weights.get(t, flat) for t in place]).reshape(-1, len(STANCES))
        weighted: FloatArray = self.probabilities(rows) * weights[[place[t] for t in rows.target]]
        return weighted

    def predict(self, rows: PriorRows) -> IntArray:
        """Return the stance that maximises p(s) w(s), as positions in ``STANCES``; none where the gate is silent."""
        stance: IntArray = self._weighted(rows).argmax(axis=1)
        if self.gated:
            stance[~rows.named] = NONE
        return stance

    def polar_choice(self, rows: PriorRows) -> IntArray:
        """Return favor or against, whichever has the larger p(s) w(s), whatever the gate says; -1 for a tie."""
        weighted = self._weighted(rows)
        favor, against = weighted[:, FAVOR], weighted[:, AGAINST]
        choice = np.where(favor > against, FAVOR, AGAINST)
        choice[np.isclose(favor, against, rtol=1e-12, atol=0)] = -1
        return choice


def inner_folds(groups: Sequence[str]) -> IntArray:
    """Return the fold of each row's split unit, of `FOLDS`, by hash: it does not depend on the other rows."""
    fold = {g: int(hashlib.sha256(g.encode()).hexdigest()[:8], 16) % FOLDS for g in set(groups)}
    return np.array([fold[g] for g in groups], dtype=np.int64)


def fit_prior(
    rows: PriorRows, stance: IntArray, groups: Sequence[str], level: str = "holder", *, gated: bool = True
) -> HolderPriorTable:
    """Count the stances of gated training rows and tune the weights of each target.

    Parameters
    ----------
    rows : PriorRows
        training rows
    stance : ndarray of int, shape (n,)
        positions in ``STANCES``
    groups : sequence of str
        split unit of each row; a unit is never on both sides of the inner cross-validation
    level : {"holder", "bloc", "target"}, default="holder"
        the finest step of the back-off
    gated : bool, default=True
        whether to count, and to speak, only where an alias of the target is named

    Returns
    -------
    HolderPriorTable
    """
    fold = inner_folds(groups)
    keys, code = _alike(rows)
    counts = np.zeros((FOLDS, len(keys), len(STANCES)))
    counted = rows.named if gated else np.ones(len(stance), dtype=bool)
    np.add.at(counts, (fold[counted], code[counted], stance[counted]), 1)
    p = np.zeros(counts.shape)
    for k in range(FOLDS):
        p[k] = _table(keys, np.delete(counts, k, axis=0).sum(axis=0), level, gated=gated).of_distinct(keys)
    of = np.array([target for _, _, target in keys])
    gold = np.zeros(counts.shape[1:])
    np.add.at(gold, (code, stance), 1)
    weights = {
        target: _tuned(
            p[:, of == target].reshape(-1, 3), counts[:, of == target].reshape(-1, 3), gold[of == target].sum(axis=0)
        )
        for target in sorted(set(rows.target))
    }
    return replace(_table(keys, counts.sum(axis=0), level, gated=gated), weights=weights)


def _alike(rows: PriorRows) -> tuple[list[HolderBlocTarget], IntArray]:
    """Return the distinct holders, blocs and targets, and which of them each row has."""
    keys = list(zip(rows.holder, rows.bloc, rows.target, strict=True))
    place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return list(place), np.array([place[key] for key in keys], dtype=np.int64)


def _table(keys: Sequence[HolderBlocTarget], counts: FloatArray, level: str, *, gated: bool) -> HolderPriorTable:
    """Return the table of stance counts, one row for each holder, bloc and target that was seen."""
    by_target: dict[str, FloatArray] = {}
    by_bloc: dict[tuple[str, str], FloatArray] = {}
    by_holder: dict[tuple[str, str], FloatArray] = {}
    for (holder, bloc, target), n in zip(keys, counts, strict=True):
        if n.any():
            by_target[target] = by_target.get(target, 0) + n
            by_bloc[bloc, target] = by_bloc.get((bloc, target), 0) + n
            by_holder[holder, target] = by_holder.get((holder, target), 0) + n
    return HolderPriorTable(by_target, by_bloc, by_holder, {}, level, gated)


def _tuned(p: FloatArray, counts: FloatArray, gold: FloatArray) -> FloatArray:
    """Return the weights with the best f_avg; among equals those nearest to 1, so that noise does not choose.

    Parameters
    ----------
    p, counts : ndarray, shape (n, 3)
        p(stance) and the number of rows of each gold stance, for n kinds of rows that are predicted alike
    gold : ndarray, shape (3,)
        number of rows of each stance, those included on which the prior is silent
    """
    grid = np.array([(favor, against, 1.0) for favor in WEIGHTS for against in WEIGHTS])
    grid = grid[np.argsort(np.abs(np.log2(grid)).sum(axis=1), kind="stable")]
    predicted = (p[None] * grid[:, None]).argmax(axis=2)
    f1 = []
    for c in (FAVOR, AGAINST):
        right = (predicted == c) @ counts[:, c]
        either = (predicted == c) @ counts.sum(axis=1) + gold[c]
        f1.append(2 * right / np.maximum(either, 1))
    best: FloatArray = grid[int(np.argmax(f1[0] + f1[1]))]
    return best
