"""What a system would gain by staying silent where it is unsure: the risk-coverage curve and its area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stancebench.scoring.declared import ScoreId
from stancebench.scoring.tally import BoolArray, FloatArray, IntArray

STEPS = 50
"""groups of rows of near confidence that the samples of an interval are ranked by"""


@dataclass(frozen=True)
class Answers:
    """Answers, right or wrong, with the confidence in each.

    Attributes
    ----------
    confidence : ndarray, shape (n,)
        the more, the later the answer is withheld; here the probability of the stance answered
    wrong : ndarray of bool, shape (n,)
        whether the answer is wrong
    cluster : ndarray of int, shape (n,)
        resampling unit of each row, 0 to K - 1

    Raises
    ------
    ValueError
        when lengths differ, there is no row, or a confidence is not finite
    """

    confidence: FloatArray
    wrong: BoolArray
    cluster: IntArray

    def __post_init__(self) -> None:
        sizes = {len(self.confidence), len(self.wrong), len(self.cluster)}
        if len(sizes) != 1 or 0 in sizes:
            raise ValueError(f"arrays of one length, at least 1, are expected, got lengths {sorted(sizes)}")
        if not np.isfinite(self.confidence).all():
            raise ValueError("confidence must be finite")


@dataclass(frozen=True)
class RiskCoverage:
    """Points of a risk-coverage curve, one for each distinct confidence, most confident first.

    Attributes
    ----------
    coverage : ndarray, shape (m,)
        share of rows that are answered; the last is 1
    risk : ndarray, shape (m,)
        share of wrong answers among them; the last is 1 - accuracy
    confidence : ndarray, shape (m,)
        least confidence of an answer that is given
    """

    coverage: FloatArray
    risk: FloatArray
    confidence: FloatArray


def _places(confidence: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the distinct confidences, falling, and the place of each row among them."""
    distinct, place = np.unique(-confidence, return_inverse=True)
    return -distinct, np.asarray(place, dtype=np.int64).reshape(-1)


def risk_coverage(answers: Answers) -> RiskCoverage:
    """Return the risk-coverage curve: what share of the answers is wrong when only the most confident are given.

    El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification", section 2; rows of one
    confidence are answered or withheld together.

    Parameters
    ----------
    answers : Answers
        rows

    Returns
    -------
    RiskCoverage
    """
    distinct, place = _places(answers.confidence)
    rows = np.cumsum(np.bincount(place))
    wrong = np.cumsum(np.bincount(place, weights=answers.wrong))
    return RiskCoverage(rows / len(answers.wrong), wrong / rows, distinct)


def area(wrong: FloatArray, rows: FloatArray) -> FloatArray:
    """Return the area under risk-coverage curves, from counts by step of falling confidence.

    The mean of the risk over the coverages 1/n, 2/n, ..., 1 (Geifman and El-Yaniv 2017, "Selective Classification for
    Deep Neural Networks"; as a sum in Geifman, Uziel and El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation", eq. 2).
    Rows of one step stand in any order: the expectation over orders is taken, which depends on none.

    Parameters
    ----------
    wrong, rows : ndarray, shape (steps, units)
        wrong answers, and all

    Returns
    -------
    ndarray, shape (units,)
    """
    before = np.cumsum(rows, axis=0)
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, before[-1].max() + 1))])
    last = before.astype(np.int64)
    first = last - rows.astype(np.int64)
    rate = wrong / np.where(rows == 0, 1.0, rows)
    earlier = np.cumsum(wrong, axis=0) - wrong
    # The i-th row of a step is met with risk (earlier + i rate) / (first + i).
    within = rate * rows + (earlier - first * rate) * (harmonic[last] - harmonic[first])
    value: FloatArray = within.sum(axis=0) / before[-1]
    return value


def aurc(answers: Answers) -> float:
    """Return the area under the risk-coverage curve: 0 is best; without any order it is 1 - accuracy.

    Formula and treatment of ties as in `area`.
    """
    _, place = _places(answers.confidence)
    wrong, rows = (np.bincount(place, weights=w).astype(np.float64) for w in (answers.wrong, None))
    return float(area(wrong[:, None], rows[:, None])[0])


def answer_sums(answers: Answers) -> FloatArray:
    """Return the counts that samples are ranked by, by cluster: at most `STEPS` steps of falling confidence.

    Rows of one confidence stay together, so that a step may hold more rows than its share.

    Parameters
    ----------
    answers : Answers
        rows

    Returns
    -------
    ndarray, shape (2 * steps, K)
        wrong answers of each step, then all
    """
    _, place = _places(answers.confidence)
    upto = np.cumsum(np.bincount(place))
    step = np.minimum((upto - 1) * STEPS // len(place), STEPS - 1)
    _, step = np.unique(step, return_inverse=True)
    of_row = step.reshape(-1)[place]
    n_steps, n_clusters = int(of_row.max()) + 1, int(answers.cluster.max()) + 1
    cell = of_row * n_clusters + answers.cluster
    counts = [np.bincount(cell, weights=w, minlength=n_steps * n_clusters) for w in (answers.wrong, None)]
    return np.concatenate([part.reshape(n_steps, n_clusters) for part in counts]).astype(np.float64)


def answer_scores(sums: FloatArray) -> dict[ScoreId, FloatArray]:
    """Return the area under the curve of each unit, from sums of `answer_sums`."""
    wrong, rows = np.split(sums, 2)
    return {ScoreId("aurc"): area(wrong, rows)}
