"""The counts that one score needs, flat, so that a score of many samples is one product and a few divisions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stancebench.scoring.scores import MINIMUM_SUPPORT, Mode, ScoreId, score_arrays
from stancebench.scoring.tally import N_CLASSES, FloatArray, Tally
from stancebench.vocabulary import STANCES

POLAR = 2
"""favor and against stand first"""

LEAN = ("f_avg_macro", "f_avg", "f_avg_pooled", "f_avg_worst")
"""scores of the two polar classes alone: a third of the counts is enough"""


@dataclass(frozen=True)
class Cells:
    """One score as a function of flat counts.

    Attributes
    ----------
    which : ScoreId
        the score
    mode : {"strict", "semeval"}
        see `stancebench.scoring.scores`
    targets : tuple of str
        names of the targets
    subsets : tuple of str
        names of the row subsets that the tallies hold
    blocs : tuple of str
        blocs of which the tallies hold false calls
    """

    which: ScoreId
    mode: Mode
    targets: tuple[str, ...]
    subsets: tuple[str, ...] = ()
    blocs: tuple[str, ...] = ()

    @property
    def _lean(self) -> bool:
        return self.which.score in LEAN

    @property
    def _place(self) -> slice:
        """Targets that a lean score is of."""
        if not self.which.target:
            return slice(None)
        at = self.targets.index(self.which.target)
        return slice(at, at + 1)

    def of_system(self, counts: Tally) -> FloatArray:
        """Return the counts that depend on predictions, shape (F, units)."""
        if not self._lean:
            parts = [counts.right, counts.predicted, *(counts.hits[name] for name in self.subsets)]
            if self.blocs and counts.calls is not None:
                parts.append(counts.calls)
            return np.concatenate([part.reshape(-1, counts.n_units) for part in parts])
        return self._flat(counts.right, counts.predicted)

    def of_gold(self, counts: Tally) -> FloatArray:
        """Return the counts that every system shares, shape (G, units)."""
        if not self._lean:
            return counts.gold.reshape(-1, counts.n_units)
        return self._flat(counts.gold)

    def _flat(self, *parts: FloatArray) -> FloatArray:
        polar = [part[self._place, :POLAR].swapaxes(0, 1) for part in parts]
        if self.which.score == "f_avg_pooled":
            polar = [part.sum(axis=1, keepdims=True) for part in polar]
        return np.concatenate([part.reshape(-1, part.shape[-1]) for part in polar])

    def score(self, system: FloatArray, gold: FloatArray, minimum: int = MINIMUM_SUPPORT) -> FloatArray:
        """Return the score of each sample.

        Parameters
        ----------
        system : ndarray, shape (F, R)
            sums of `of_system`
        gold : ndarray, shape (G, R) or (G, 1)
            sums of `of_gold`; one column where gold is the same in every sample
        minimum : int, default=10
            gold favor and against that a polar average needs in strict mode

        Returns
        -------
        ndarray, shape (R,)
            NaN where undefined
        """
        return self._polar(system, gold, minimum) if self._lean else self._any(system, gold, minimum)

    def _polar(self, system: FloatArray, gold: FloatArray, minimum: int) -> FloatArray:
        right, predicted = system.reshape(2, POLAR, -1, system.shape[-1])
        in_gold = gold.reshape(POLAR, -1, gold.shape[-1])
        total = in_gold + predicted
        rarest = gold.min()
        f1 = right / total if rarest > 0 else np.divide(right, total, out=np.zeros_like(total), where=total > 0)
        # 2tp / (2tp + fp + fn) of two classes, halved: the two cancel.
        value: FloatArray = f1[0] + f1[1]
        if self.mode == "strict" and rarest < minimum:
            value = np.where(in_gold.min(axis=0) < minimum, np.nan, value)
        if self.which.score == "f_avg_worst":
            return np.asarray(value.min(axis=0))
        return np.asarray(value.sum(axis=0) / len(value))

    def _any(self, system: FloatArray, gold: FloatArray, minimum: int) -> FloatArray:
        n, samples = len(self.targets), system.shape[-1]
        sizes = [len(STANCES), N_CLASSES, *(2 for _ in self.subsets)]
        cuts = np.cumsum([n * size for size in sizes])
        calls = system[cuts[-1] :].reshape(len(self.blocs), -1, samples) if self.blocs else None
        system, cuts = system[: cuts[-1]], cuts[:-1]
        parts = [part.reshape(n, size, samples) for part, size in zip(np.split(system, cuts), sizes, strict=True)]
        right, predicted, *hits = parts
        of_gold = np.broadcast_to(gold.reshape(n, N_CLASSES, -1), (n, N_CLASSES, samples))
        of_subsets = dict(zip(self.subsets, hits, strict=True))
        counts = Tally(right, of_gold, predicted, of_subsets, self.targets, calls, self.blocs)
        return score_arrays(counts, self.mode, minimum)[self.which]
