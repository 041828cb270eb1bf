"""One joint bootstrap of several systems: the same samples of clusters for all, so that differences are paired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stancebench.scoring.cells import Cells
from stancebench.scoring.products import Summed, one_thread
from stancebench.scoring.resampling import Bootstrap, weight_blocks
from stancebench.scoring.seeds import departures
from stancebench.scoring.tally import FloatArray, Tally


@dataclass(frozen=True)
class Replicates:
    """Scores of bootstrap samples, each of shape (S, B); NaN where undefined.

    Attributes
    ----------
    scores : ndarray
        clusters and seeds resampled: what intervals and ranks are read from
    means : ndarray
        clusters alone resampled, the mean of all seeds: what the clusters' part of the error is read from
    """

    scores: FloatArray
    means: FloatArray


def joint_replicates(
    names: Sequence[str], systems: Sequence[Sequence[Tally]], cells: Cells, bootstrap: Bootstrap
) -> Replicates:
    """Return the score of every system in every bootstrap sample.

    A system of several seeds is resampled in two stages: clusters, and seeds within each sample (Davison and Hinkley
    1997, section 3.8), see `stancebench.scoring.seeds.departures`.

    Parameters
    ----------
    names : sequence of str
        of the systems; a system's seeds are drawn by its name, so that the others do not change its samples
    systems : sequence of sequence of Tally
        counts per cluster, for each system one for each seed
    cells : Cells
        the score
    bootstrap : Bootstrap
        rounds, level and seed

    Returns
    -------
    Replicates
    """
    counts = [cells.of_system(tally) for seeds in systems for tally in seeds]
    gold = cells.of_gold(systems[0][0])
    n_clusters, size = systems[0][0].n_units, len(counts[0])
    summed = Summed(np.concatenate([gold, *counts]))
    per_run = np.empty((len(counts), bootstrap.rounds))
    start = 0
    with one_thread():
        for weights in weight_blocks(n_clusters, bootstrap.rounds, np.random.default_rng(bootstrap.seed)):
            sums = summed.over(weights)
            stop = start + weights.shape[1]
            for i in range(len(counts)):
                at = len(gold) + i * size
                per_run[i, start:stop] = cells.score(sums[at : at + size], sums[: len(gold)], minimum=1)
            start = stop
    cuts = np.cumsum([len(seeds) for seeds in systems])[:-1]
    parts = np.split(per_run, cuts)
    means = np.stack([part.mean(axis=0) for part in parts])
    drawn = [departures(name, part, bootstrap) for name, part in zip(names, parts, strict=True)]
    return Replicates(means + np.stack(drawn), means)
