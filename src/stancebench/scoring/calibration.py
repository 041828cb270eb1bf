"""How far stated probabilities can be believed: log loss, Brier score, classwise calibration error, reliability.

Each is a function of sums over rows, so that all are resampled by one matrix product, as counts are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stancebench.scoring.declared import ScoreId
from stancebench.scoring.tally import FloatArray, IntArray
from stancebench.vocabulary import STANCES

N_BINS = 10
"""equal-width bins of a probability, [0, 0.1), ..., [0.9, 1]; fixed, so that systems and corpora can be compared"""

SMALLEST = float(np.finfo(np.float64).eps)
"""a probability of 0 counts as this in a logarithm, as in ``sklearn.metrics.log_loss``"""

_PLAIN = 3
"""sums that stand before those of the bins: rows, log loss, Brier score"""


@dataclass(frozen=True)
class Forecasts:
    """Probabilities of the three stances, and what was the case.

    Attributes
    ----------
    p : ndarray, shape (n, 3)
        probability of favor, against and none; rows are divided by their sum
    gold : ndarray of int, shape (n,)
        positions in ``STANCES``
    cluster : ndarray of int, shape (n,)
        resampling unit of each row, 0 to K - 1

    Raises
    ------
    ValueError
        when shapes differ, there is no row, a probability is none, or gold is outside the three stances
    """

    p: FloatArray
    gold: IntArray
    cluster: IntArray

    def __post_init__(self) -> None:
        n = len(self.gold)
        if not n or self.p.shape != (n, len(STANCES)) or self.cluster.shape != (n,):
            raise ValueError(
                f"probabilities of shape (n, {len(STANCES)}) and n >= 1 of gold and cluster are expected, "
                f"got {self.p.shape}, {self.gold.shape}, {self.cluster.shape}"
            )
        if not np.isfinite(self.p).all() or (self.p < 0).any() or (self.p.sum(axis=1) <= 0).any():
            raise ValueError("probabilities must be finite, not negative, and not all 0 in a row")
        if self.gold.min() < 0 or self.gold.max() >= len(STANCES):
            raise ValueError(f"gold must lie in 0..{len(STANCES) - 1}, got {self.gold.min()}..{self.gold.max()}")

    @property
    def normal(self) -> FloatArray:
        """Probabilities that sum to 1 in each row."""
        value: FloatArray = self.p / self.p.sum(axis=1, keepdims=True)
        return value


def row_log_losses(forecasts: Forecasts) -> FloatArray:
    """Return -ln p(gold) of each row, in nats; a probability under 2.2e-16 counts as that."""
    given = forecasts.normal[np.arange(len(forecasts.gold)), forecasts.gold]
    value: FloatArray = -np.log(np.clip(given, SMALLEST, 1.0))
    return value


def row_briers(forecasts: Forecasts) -> FloatArray:
    """Return the sum over the three stances of (p - y)**2 of each row, 0 to 2 (Brier 1950, eq. 2)."""
    apart = forecasts.normal - np.eye(len(STANCES))[forecasts.gold]
    value: FloatArray = (apart**2).sum(axis=1)
    return value


def log_loss(forecasts: Forecasts) -> float:
    """Return the mean of -ln p(gold), in nats: 0 is best, ln 3 = 1.099 is knowing nothing.

    Good 1952, "Rational Decisions", Journal of the Royal Statistical Society B 14:107. As in
    ``sklearn.metrics.log_loss`` a probability of 0 counts as 2.2e-16, so that one row costs at most 36.
    """
    return float(row_log_losses(forecasts).mean())


def brier(forecasts: Forecasts) -> float:
    """Return the mean over rows of the sum over stances of (p - y)**2: 0 is best, 2 is worst.

    Brier 1950, "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78:1, eq. 2: all
    classes are summed and nothing is halved; knowing nothing gives 2/3.
    """
    return float(row_briers(forecasts).mean())


def bins_of(p: FloatArray) -> IntArray:
    """Return the bin of each probability, 0 to `N_BINS` - 1."""
    # 0.3 * 10 is 3.0000000000000004 or 2.9999999999999996 as it comes: edges are compared as they are written.
    edges = np.arange(1, N_BINS) / N_BINS
    return np.asarray(np.searchsorted(edges, p, side="right"), dtype=np.int64)


def forecast_sums(forecasts: Forecasts) -> FloatArray:
    """Return the sums that calibration scores are made of, by cluster.

    Parameters
    ----------
    forecasts : Forecasts
        rows

    Returns
    -------
    ndarray, shape (3 + 3 * N_BINS, K)
        rows, log loss, Brier score; then, for each stance and bin, the sum of p - y
    """
    n_clusters = int(forecasts.cluster.max()) + 1

    def summed(of_rows: FloatArray) -> FloatArray:
        return np.bincount(forecasts.cluster, weights=of_rows, minlength=n_clusters).astype(np.float64)

    plain = [summed(np.ones(len(forecasts.gold))), summed(row_log_losses(forecasts)), summed(row_briers(forecasts))]
    gaps = []
    for c in range(len(STANCES)):
        p = forecasts.normal[:, c]
        place = bins_of(p) * n_clusters + forecasts.cluster
        gap = np.bincount(place, weights=p - (forecasts.gold == c), minlength=N_BINS * n_clusters)
        gaps.append(gap.reshape(N_BINS, n_clusters))
    return np.concatenate([np.stack(plain), *gaps])


def forecast_scores(sums: FloatArray) -> dict[ScoreId, FloatArray]:
    """Return log loss, Brier score and classwise calibration error of each unit.

    Parameters
    ----------
    sums : ndarray, shape (3 + 3 * N_BINS, units)
        of `forecast_sums`, of the whole or of samples

    Returns
    -------
    dict of ScoreId to ndarray, shape (units,)
    """
    n = sums[0]
    gaps = np.abs(sums[_PLAIN:]).reshape(len(STANCES), N_BINS, -1).sum(axis=1) / n
    out = {ScoreId("log_loss"): sums[1] / n, ScoreId("brier"): sums[2] / n, ScoreId("classwise_ece"): gaps.mean(axis=0)}
    return out | {ScoreId("classwise_ece", stance=stance): gaps[c] for c, stance in enumerate(STANCES)}


def classwise_ece(forecasts: Forecasts) -> float:
    """Return the classwise expected calibration error: the mean over stances of the mean gap of p and frequency.

    Kull et al. 2019, "Beyond temperature scaling", eq. 3, with `N_BINS` equal-width bins: for each stance, the share of
    rows in a bin times the distance between mean p and frequency there, summed over bins.
    """
    sums = forecast_sums(forecasts).sum(axis=1, keepdims=True)
    return float(forecast_scores(sums)[ScoreId("classwise_ece")][0])


@dataclass(frozen=True)
class Bin:
    """One point of a reliability diagram.

    Attributes
    ----------
    stance : str
        whose probability
    low, high : float
        edges of the bin
    n : int
        rows in it
    mean_p : float
        mean probability of the stance there
    frequency : float
        share of these rows whose gold is the stance
    """

    stance: str
    low: float
    high: float
    n: int
    mean_p: float
    frequency: float


def reliability(forecasts: Forecasts) -> tuple[Bin, ...]:
    """Return the reliability diagram of each stance; bins without a row are left out.

    Parameters
    ----------
    forecasts : Forecasts
        rows

    Returns
    -------
    tuple of Bin
        by stance, then from low to high; of a stance the ``n`` sum to all rows
    """
    out = []
    for c, stance in enumerate(STANCES):
        p = forecasts.normal[:, c]
        place = bins_of(p)
        n = np.bincount(place, minlength=N_BINS)
        of_p, of_gold = (np.bincount(place, weights=w, minlength=N_BINS) for w in (p, forecasts.gold == c))
        for b in np.flatnonzero(n):
            mean_p, frequency = float(of_p[b] / n[b]), float(of_gold[b] / n[b])
            out.append(Bin(stance, b / N_BINS, (b + 1) / N_BINS, int(n[b]), mean_p, frequency))
    return tuple(out)
