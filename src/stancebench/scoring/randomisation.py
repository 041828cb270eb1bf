"""Approximate randomisation by cluster: how often a difference as large comes from exchanging the two systems' answers.

Under the null hypothesis the predictions of two systems in a cluster could as well have come from each other. Each
round exchanges them in each cluster with probability one half and scores both again (Noreen 1989, ch. 2; Yeh 2000,
"More accurate tests for the statistical significance of result differences", section 3.3). With g of R rounds at least
as far apart as observed, p = (g + 1) / (R + 1): at any R, a true null hypothesis gives a p at or below a level no more
often than the level says (Phipson and Smyth 2010, "Permutation p-values should never be zero").

What is exchanged is drawn once for all pairs, and each system's counts under it are summed once: a further pair costs
one scoring, no sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stancebench.scoring.cells import Cells
from stancebench.scoring.products import Summed, one_thread
from stancebench.scoring.tally import FloatArray, Tally

SETTLED = 20
"""rounds at least as far apart as observed, from which a pair needs no more rounds than the first"""

REFINED = 10
"""an unsettled pair gets so many rounds that its smallest adjusted p is this part of the level: a tenth"""

BLOCK_ROUNDS = 1_000
BLOCK_CELLS = 4_000_000
"""rounds at once, and clusters times rounds at once: what stays in the processor's cache"""

CLOSE = 1e-12
"""differences this close are ties: sums in another order"""


@dataclass(frozen=True)
class Tested:
    """Outcome of one pair: how many of how many rounds were at least as far apart as observed."""

    reached: int
    rounds: int

    @property
    def p(self) -> float:
        """Probability of so large a difference under the null hypothesis."""
        return (self.reached + 1) / (self.rounds + 1)


def exchange_blocks(n_clusters: int, rounds: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.float32]]:
    """Draw in which clusters two systems are exchanged, some rounds at a time.

    Yields
    ------
    ndarray, shape (K, rounds of the block)
        1 where they are, 0 where not
    """
    block = max(1, min(BLOCK_ROUNDS, BLOCK_CELLS // n_clusters))
    n_bytes = -(-n_clusters // 8)
    for start in range(0, rounds, block):
        size = min(block, rounds - start)
        drawn = np.frombuffer(rng.bytes(n_bytes * size), dtype=np.uint8).reshape(n_bytes, size)
        yield np.unpackbits(drawn, axis=0, count=n_clusters).astype(np.float32)


def randomisation(
    systems: Sequence[Tally],
    pairs: Sequence[tuple[int, int]],
    cells: Cells,
    *,
    rounds: int,
    seed: int,
    family: int = 1,
    level: float = 0.95,
) -> list[Tested]:
    """Return the outcome of each pair.

    With m tests in a family, R rounds cannot give an adjusted p below m / (R + 1). So pairs with fewer than `SETTLED`
    rounds reached go on, up to `REFINED` m / (1 - level) rounds. The test keeps its level, whatever it is: below
    (SETTLED + 1) / (R + 1) only pairs that went on can be rejected, and by all their rounds; at or above it every pair
    that went on was rejected by its first R rounds already.

    Parameters
    ----------
    systems : sequence of Tally
        counts per cluster, on the same gold
    pairs : sequence of (int, int)
        positions in ``systems``
    cells : Cells
        the score; defined on this gold
    rounds : int
        R of every pair
    seed : int
        of the generator
    family : int, default=1
        number of tests that are corrected together
    level : float, default=0.95
        1 less the adjusted p at which a difference is significant

    Returns
    -------
    list of Tested
        in the order of ``pairs``
    """
    rng = np.random.default_rng([seed, 1])
    counts = [cells.of_system(tally) for tally in systems]
    gold = cells.of_gold(systems[0]).sum(axis=1, keepdims=True)
    n_clusters = systems[0].n_units
    ahead = _Exchanged(counts, pairs, cells, gold)
    reached = ahead.count(exchange_blocks(n_clusters, rounds, rng), range(len(pairs)))
    more = rounds_needed(family, level) - rounds
    unsettled = [i for i in range(len(pairs)) if reached[i] < SETTLED] if more > 0 else []
    if unsettled:
        further = ahead.count(exchange_blocks(n_clusters, more, rng), unsettled)
        reached = reached + further
    refined = set(unsettled)
    return [Tested(int(g), rounds + (more if i in refined else 0)) for i, g in enumerate(reached)]


def rounds_needed(family: int, level: float) -> int:
    """Return how many rounds leave the smallest p of a family well below what makes it significant."""
    return round(REFINED * family / (1 - level))


class _Exchanged:
    """Differences of pairs when answers are exchanged."""

    def __init__(
        self, counts: Sequence[FloatArray], pairs: Sequence[tuple[int, int]], cells: Cells, gold: FloatArray
    ) -> None:
        self.cells, self.gold, self.pairs = cells, gold, pairs
        self.totals = np.stack([part.sum(axis=1, keepdims=True) for part in counts])
        self.size = len(counts[0])
        self.summed = Summed(np.concatenate(counts))
        whole = [float(cells.score(total, gold)[0]) for total in self.totals]
        self.observed = [abs(whole[a] - whole[b]) for a, b in pairs]

    def count(self, blocks: Iterator[npt.NDArray[np.float32]], which: Sequence[int]) -> npt.NDArray[np.int64]:
        """Return, for each pair, in how many rounds it was at least as far apart as observed."""
        reached = np.zeros(len(self.pairs), dtype=np.int64)
        with one_thread():
            for exchanged in blocks:
                given = self.summed.over(exchanged).reshape(len(self.totals), self.size, -1)
                kept = self.totals - given
                both = np.empty((self.size, 2, given.shape[-1]))
                for i in which:
                    a, b = self.pairs[i]
                    np.add(kept[a], given[b], out=both[:, 0])
                    np.add(kept[b], given[a], out=both[:, 1])
                    first, second = self.cells.score(both.reshape(self.size, -1), self.gold).reshape(2, -1)
                    # A round without a score (a class never predicted has no precision) speaks against a difference.
                    nearer = np.count_nonzero(np.abs(first - second) < self.observed[i] - CLOSE)
                    reached[i] += len(first) - int(nearer)
        return reached
