"""A balanced split by whole split units: how `splits/official.csv` of an edition is drawn, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np


def balanced_split(
    strata: Mapping[str, Counter[str]],
    shares: Mapping[str, float],
    rng: np.random.Generator,
    fixed: Mapping[str, str] | None = None,
    rounds: int = 20,
) -> dict[str, str]:
    """Return a split of units in which every stratum has about its share of each part.

    Units are placed greedily, largest first among random orders, where they miss the wanted counts least; the best of
    ``rounds`` orders is kept.

    Parameters
    ----------
    strata : mapping of str to Counter
        for each unit, how many judgements of each stratum it holds (such as ``ukraine/favor/NATO_EU``)
    shares : mapping of str to float
        wanted share of each part; they sum to 1
    rng : numpy.random.Generator
        the only source of randomness
    fixed : mapping of str to str, default=None
        part of units that must not move
    rounds : int, default=20
        orders tried

    Returns
    -------
    dict of str to str
        part of each unit
    """
    fixed = dict(fixed or {})
    units = sorted(strata)
    names = sorted({s for counts in strata.values() for s in counts})
    place = {s: i for i, s in enumerate(names)}
    parts = list(shares)
    counts = {u: np.zeros(len(names)) for u in units}
    for unit in units:
        for stratum, n in strata[unit].items():
            counts[unit][place[stratum]] = n
    total = sum(counts.values(), np.zeros(len(names)))
    wanted = np.array([shares[p] * total for p in parts])
    # A miss of one counts more in a rare stratum.
    scale = 1 / np.maximum(total, 1)
    best: tuple[float, dict[str, str]] | None = None
    for _ in range(rounds):
        noise = dict(zip(units, rng.random(len(units)), strict=True))
        order = sorted(units, key=lambda u: (u not in fixed, -counts[u].sum() // 8, noise[u]))
        held = np.zeros_like(wanted)
        split = {}
        for unit in order:
            part = parts.index(fixed[unit]) if unit in fixed else _least_miss(held, wanted, counts[unit], scale)
            held[part] += counts[unit]
            split[unit] = parts[part]
        miss = float((((held - wanted) ** 2) * scale).sum())
        if best is None or miss < best[0]:
            best = (miss, split)
    assert best is not None
    return {unit: best[1][unit] for unit in units}


def _least_miss(held: np.ndarray, wanted: np.ndarray, unit: np.ndarray, scale: np.ndarray) -> int:
    fill = ((wanted - held) * unit * scale / np.maximum(wanted * scale, 1e-9)).sum(axis=1)
    return int(np.argmax(fill))


def strata_of(rows: Sequence[tuple[str, str, str, str]]) -> dict[str, Counter[str]]:
    """Return the strata of each unit.

    Parameters
    ----------
    rows : sequence of (unit, target, label, bloc)
        one for each judgement; absent ones do not count

    Returns
    -------
    dict of str to Counter
    """
    strata: dict[str, Counter[str]] = {}
    for unit, target, label, bloc in rows:
        counts = strata.setdefault(unit, Counter())
        counts["sentences"] += 0
        if label != "absent":
            counts[f"{target}/{label}"] += 1
            counts[f"{bloc}/{label}"] += 1
    return strata
