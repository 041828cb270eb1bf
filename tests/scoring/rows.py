"""Judgements drawn at random or written by hand, for tests of the scores."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from stancebench.scoring.scores import ScoreId, ScoreValue
from stancebench.scoring.tally import UNKNOWN_CODE, ScoredRows
from stancebench.vocabulary import STANCES, UNKNOWN

CODES = {name: code for code, name in enumerate((*STANCES, UNKNOWN))}
TARGETS = ("sun", "moon")
BLOCS = ("", "east", "west")


@st.composite
def scored_rows(
    draw: st.DrawFn, min_size: int = 1, max_size: int = 40, n_clusters: int = 6, *, unknown_gold: bool = False
) -> ScoredRows:
    """Draw judgements of two targets, either of which, like any class, may be missing; clusters cross targets."""
    code = st.integers(0, UNKNOWN_CODE)
    gold = code if unknown_gold else st.integers(0, UNKNOWN_CODE - 1)
    row = st.tuples(gold, code, st.integers(0, 1), st.integers(0, n_clusters - 1), st.booleans(), st.integers(0, 2))
    columns = np.array(draw(st.lists(row, min_size=min_size, max_size=max_size)), dtype=np.int64).T
    # Every cluster exists, if only with the first row's answer: codes run from 0 to K - 1.
    _, cluster = np.unique(columns[3], return_inverse=True)
    return ScoredRows(
        gold=columns[0],
        predicted=columns[1],
        target=columns[2],
        cluster=cluster.astype(np.int64),
        targets=TARGETS,
        subsets={
            "neutral": (columns[0] == CODES["none"]) & (columns[4] == 1),
            "counter_prior": columns[4] == 0,
            "overcall": (columns[0] == CODES["none"]) & (columns[5] == 1),
        },
        bloc=columns[5],
        blocs=BLOCS,
    )


def by_hand(answers: Iterable[tuple[str, str]], target: str = "sun", targets: tuple[str, ...] = ("sun",)) -> ScoredRows:
    """Return rows from pairs of gold and predicted stance, each a cluster of its own."""
    pairs = [(CODES[gold], CODES[predicted]) for gold, predicted in answers]
    gold, predicted = np.array(pairs, dtype=np.int64).T
    n = len(pairs)
    place = np.full(n, targets.index(target), dtype=np.int64)
    return ScoredRows(gold, predicted, place, np.arange(n), targets)


def joined(parts: Iterable[ScoredRows]) -> ScoredRows:
    """Return the rows of several parts over the same targets; clusters stay apart."""
    parts = list(parts)
    starts = np.cumsum([0, *(int(p.cluster.max()) + 1 for p in parts)])
    return ScoredRows(
        gold=np.concatenate([p.gold for p in parts]),
        predicted=np.concatenate([p.predicted for p in parts]),
        target=np.concatenate([p.target for p in parts]),
        cluster=np.concatenate([p.cluster + s for p, s in zip(parts, starts[:-1], strict=True)]),
        targets=parts[0].targets,
    )


def taken(rows: ScoredRows, which: npt.NDArray[np.int64]) -> ScoredRows:
    """Return some of the rows, in the order given, with repetition; the clusters left are numbered anew."""
    _, cluster = np.unique(rows.cluster[which], return_inverse=True)
    return ScoredRows(
        gold=rows.gold[which],
        predicted=rows.predicted[which],
        target=rows.target[which],
        cluster=cluster.astype(np.int64),
        targets=rows.targets,
        subsets={name: member[which] for name, member in rows.subsets.items()},
        bloc=None if rows.bloc is None else rows.bloc[which],
        blocs=rows.blocs,
    )


def defined(values: dict[ScoreId, ScoreValue]) -> dict[str, float]:
    """Return the scores that have a value, by their printed name."""
    return {str(which): value.value for which, value in values.items() if value.value is not None}
