"""What a sample must hold for a bootstrap interval to mean what it says; below that it is withheld, with the reason.

A percentile bootstrap covers too little where few clusters decide a score: with a rare class a resample seldom differs,
and a system that is hardly ever wrong there has errors that no resample can multiply. How much is needed was measured
on simulated corpora with a known truth: coverage of a nominal 95% interval falls under 92% below these numbers
(benchmarks/simulations.py; cell by cell in docs/intervals.md). They play the part of "five successes and five failures"
in textbooks on the normal interval of a proportion (Brown, Cai and DasGupta 2001, Statistical Science 16:101), in units
that are drawn: clusters, not judgements.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stancebench.scoring.cells import POLAR
from stancebench.scoring.scores import SUBSET_OF, ScoreId
from stancebench.scoring.tally import FALSE_CALLS, Tally
from stancebench.vocabulary import STANCES

MINIMUM_CLUSTERS = 40
"""clusters that any interval needs"""


class Support(NamedTuple):
    """In how many clusters something stands.

    Attributes
    ----------
    gold : int
        the class that the score is of; of several classes or targets the rarest
    right, wrong : int
        a right and a wrong answer; of several classes or targets the sum
    """

    gold: int
    right: int
    wrong: int


NEEDED: Mapping[str, Support] = {
    "f_avg_macro": Support(5, 10, 10),
    "f_avg": Support(5, 5, 5),
    "f_avg_pooled": Support(5, 10, 10),
    "macro_f1": Support(5, 10, 10),
    "mcc": Support(5, 10, 10),
    "alpha": Support(5, 10, 10),
    "accuracy": Support(10, 5, 5),
    "neutral_recall": Support(10, 5, 5),
    "counter_prior_accuracy": Support(10, 5, 5),
    "overcall_accuracy": Support(10, 5, 5),
    "false_favor": Support(10, 5, 5),
    "false_against": Support(10, 5, 5),
    "precision": Support(10, 5, 5),
    "recall": Support(10, 5, 5),
    "f1": Support(10, 5, 5),
}
"""support that the interval of each score needs; a score that is not here is not judged by it"""

NEVER: Mapping[str, str] = {
    "f_avg_worst": "the lowest of several lies lower in each sample: its interval covers too little at any support",
    "classwise_ece": "every sample adds noise to each bin, so that the interval lies too high",
}
"""scores whose interval is always withheld, and why"""

OVER_CLASSES = ("macro_f1", "mcc", "alpha")
"""scores that the rarest of all three stances decides"""

LIKE: Mapping[str, str] = {
    "log_loss": "accuracy",
    "brier": "accuracy",
    "aurc": "accuracy",
    "gain_over_holder_prior": "f_avg_macro",
}
"""scores of rows, or of two systems, that need what another score needs"""


def withheld(counts: Tally, which: ScoreId, cluster: str = "cluster") -> str:
    """Return why the gold is too thin for an interval of a score, or of a difference in it.

    Parameters
    ----------
    counts : Tally
        counts per cluster; of any system, since only gold is looked at
    which : ScoreId
        the score
    cluster : str, default="cluster"
        what a cluster is called in the reason

    Returns
    -------
    str
        empty where an interval can be shown
    """
    which = which._replace(score=LIKE.get(which.score, which.score))
    if counts.n_units < MINIMUM_CLUSTERS:
        return f"there are {_number(counts.n_units, cluster)}, an interval needs {MINIMUM_CLUSTERS}"
    if which.score in NEVER:
        return NEVER[which.score]
    needed = NEEDED.get(which.score)
    found = support(counts, which)
    if needed is None or found is None or found.gold >= needed.gold:
        return ""
    return f"{_what(which)} {_stands(found.gold, cluster)}, an interval needs {needed.gold}"


def too_thin(counts: Tally, which: ScoreId, cluster: str = "cluster") -> str:
    """Return why there can be no interval of a system's score: thin gold, or too few right or too few wrong answers.

    Parameters
    ----------
    counts, which, cluster
        as of `withheld`, of the system itself

    Returns
    -------
    str
        empty where an interval can be shown
    """
    if reason := withheld(counts, which, cluster):
        return reason
    which = which._replace(score=LIKE.get(which.score, which.score))
    needed, found = NEEDED.get(which.score), support(counts, which)
    if needed is None or found is None:
        return ""
    kinds = ("another answer", "a false call") if which.score in FALSE_CALLS else ("a right answer", "a wrong answer")
    for kind, has, needs in zip(kinds, (found.right, found.wrong), (needed.right, needed.wrong), strict=True):
        if has < needs:
            return f"{kind} {_stands(has, cluster)}, an interval needs {needs}"
    return ""


def support(counts: Tally, which: ScoreId) -> Support | None:
    """Return in how many clusters stands what a score is made of.

    Parameters
    ----------
    counts : Tally
        counts per cluster
    which : ScoreId
        the score

    Returns
    -------
    Support or None
        None for a score that no rule is made for
    """
    if which.score not in NEEDED:
        return None
    if which.score in SUBSET_OF:
        hits = counts.hits[SUBSET_OF[which.score]]
        right, rows = hits.sum(axis=0) if not which.target else hits[counts.targets.index(which.target)]
        return Support(_clusters(rows), _clusters(right), _clusters(rows - right))
    if which.score in FALSE_CALLS:
        return _of_false_calls(counts, which)
    of = counts if which.target or which.score == "f_avg_macro" else counts.pooled()
    place = slice(None) if which.score == "f_avg_macro" else counts.targets.index(which.target) if which.target else 0
    classes: int | slice = STANCES.index(which.stance) if which.stance else slice(0, POLAR)
    if which.score == "accuracy":
        rows, right = of.gold[place].sum(axis=0), of.right[place].sum(axis=0)
        return Support(_clusters(rows), _clusters(right), _clusters(rows - right))
    gold, right, predicted = (part[place] for part in (of.gold[:, : len(STANCES)], of.right, of.predicted))
    missed, false = gold - right, predicted[..., : len(STANCES), :] - right
    wrong = {"recall": missed, "precision": false}.get(which.score, missed + false)
    rarest = (gold > 0).sum(axis=-1)[..., slice(None) if which.score in OVER_CLASSES else classes].min()
    return Support(int(rarest), *(int((part > 0).sum(axis=-1)[..., classes].sum()) for part in (right, wrong)))


def _of_false_calls(counts: Tally, which: ScoreId) -> Support | None:
    if counts.calls is None:
        return None
    of = counts.calls[counts.blocs.index(which.bloc)] if which.bloc else counts.calls.sum(axis=0)
    called, rows = of[FALSE_CALLS.index(which.score)], of[-1]
    return Support(_clusters(rows), _clusters(rows - called), _clusters(called))


def _clusters(counts: npt.NDArray[np.float64]) -> int:
    return int((counts > 0).sum())


def _what(which: ScoreId) -> str:
    of_target = f" of {which.target}" if which.target else ""
    if which.score in SUBSET_OF:
        return f"a row{of_target} that is {SUBSET_OF[which.score]}"
    if which.score == "accuracy":
        return f"a row{of_target}"
    if which.score in FALSE_CALLS:
        return "gold none" + (f" of a holder of {which.bloc}" if which.bloc else "")
    if which.stance:
        return f"gold {which.stance}{of_target}"
    rarest = "the rarest gold stance" if which.score in OVER_CLASSES else "the rarer of gold favor and against"
    return rarest + (of_target or (" of some target" if which.score == "f_avg_macro" else ""))


def _stands(n: int, cluster: str) -> str:
    return f"stands in {_number(n, cluster)}"


def _number(n: int, cluster: str) -> str:
    return f"{n or 'no'} {cluster}{'s' if n > 1 else ''}"
