"""The holder prior's arithmetic, without scikit-learn: counts, back-off, and the weights that maximise f_avg.

It serves the baseline and the slice ``counter_prior``, which must not cost an import of scikit-learn.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stancebench.corpora.schema import Target, alias_pattern
from stancebench.vocabulary import AGAINST, FAVOR, NONE, STANCES

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

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
    pairs = list(zip(texts, targets, strict=True))
    is_named = {(text, target): target in gates and gates[target](text) for text, target in dict.fromkeys(pairs)}
    return np.array([is_named[pair] for pair in pairs], dtype=bool)


def _gate(target: Target) -> Callable[[str], bool]:
    """Return whether an alias of a target stands in a text, as a function of the text."""
    pattern = target.pattern
    aliases = [(a.lower(), alias_pattern([a])) for a in target.aliases]
    plain = all(a.isascii() for a, _ in aliases)

    def is_named(text: str) -> bool:
        # Beyond ASCII, one letter may match another that is not its lower case.
        if not plain or not text.isascii():
            return pattern.search(text) is not None
        # Looking for plain strings is quicker than any pattern, and most texts hold none.
        lower = text.lower()
        return any(exactly.search(text) for alias, exactly in aliases if alias in lower)

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
        keys = list(zip(rows.holder, rows.bloc, rows.target, strict=True))
        place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
        p = np.array([self._probability(*key) for key in place]).reshape(-1, len(STANCES))
        return np.asarray(p[[place[key] for key in keys]])

    def _probability(self, holder: str, bloc: str, target: str) -> FloatArray:
        p = np.full(len(STANCES), 1 / len(STANCES))
        nothing = np.zeros(len(STANCES))
        steps = [self.by_target.get(target, nothing)]
        if self.level in ("holder", "bloc"):
            steps.append(self.by_bloc.get((bloc, target), nothing))
        if self.level == "holder":
            steps.append(self.by_holder.get((holder, target), nothing))
        for counts in steps:
            p = (counts + STRENGTH * p) / (counts.sum() + STRENGTH)
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
    return np.array([int(hashlib.sha256(g.encode()).hexdigest()[:8], 16) % FOLDS for g in groups], dtype=np.int64)


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
    p = np.zeros((len(stance), len(STANCES)))
    for k in range(FOLDS):
        train, held_out = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        if len(held_out):
            p[held_out] = _count(rows.take(train), stance[train], level, gated=gated).probabilities(rows.take(held_out))
    silent = ~rows.named if gated else np.zeros(len(stance), dtype=bool)
    target = np.asarray(rows.target)
    weights = {t: _tuned(p[target == t], silent[target == t], stance[target == t]) for t in sorted(set(rows.target))}
    table = _count(rows, stance, level, gated=gated)
    return HolderPriorTable(table.by_target, table.by_bloc, table.by_holder, weights, level, gated)


def _count(rows: PriorRows, stance: IntArray, level: str, *, gated: bool) -> HolderPriorTable:
    by_target: dict[str, FloatArray] = {}
    by_bloc: dict[tuple[str, str], FloatArray] = {}
    by_holder: dict[tuple[str, str], FloatArray] = {}
    alike = Counter(zip(rows.holder, rows.bloc, rows.target, rows.named.tolist(), stance.tolist(), strict=True))
    for (holder, bloc, target, is_named, s), n in alike.items():
        if is_named or not gated:
            by_target.setdefault(target, np.zeros(len(STANCES)))[s] += n
            by_bloc.setdefault((bloc, target), np.zeros(len(STANCES)))[s] += n
            by_holder.setdefault((holder, target), np.zeros(len(STANCES)))[s] += n
    return HolderPriorTable(by_target, by_bloc, by_holder, {}, level, gated)


def _tuned(p: FloatArray, silent: BoolArray, stance: IntArray) -> FloatArray:
    """Return the weights with the best f_avg; among equals those nearest to 1, so that noise does not choose."""
    grid = np.array([(favor, against, 1.0) for favor in WEIGHTS for against in WEIGHTS])
    grid = grid[np.argsort(np.abs(np.log2(grid)).sum(axis=1), kind="stable")]
    predicted = (p[None] * grid[:, None]).argmax(axis=2)
    predicted[:, silent] = NONE
    f1 = []
    for c in (FAVOR, AGAINST):
        right = ((predicted == c) & (stance == c)).sum(axis=1)
        either = (predicted == c).sum(axis=1) + (stance == c).sum()
        f1.append(2 * right / np.maximum(either, 1))
    best: FloatArray = grid[int(np.argmax(f1[0] + f1[1]))]
    return best
