"""What is scored: every score declared, with its range, direction, conventions and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Basis = Literal["counts", "probabilities", "pairs", "prior"]
"""what a score is computed from besides gold: counts of answers, probabilities, contrast pairs, a second system"""


class ScoreId(NamedTuple):
    """Which number: a score, of one target, of one stance, of the holders of one bloc; ``""`` for all of them."""

    score: str
    target: str = ""
    stance: str = ""
    bloc: str = ""

    def __str__(self) -> str:
        return ".".join(part for part in self if part)


class ScoreValue(NamedTuple):
    """A score's value, or None and why it is undefined."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True)
class Score:
    """A declared score.

    Attributes
    ----------
    name : str
        plain name, as in records
    meaning : str
        one line for tables
    low, high : float
        range
    higher_is_better : bool
        direction
    reference : str
        source of the definition
    conventions : str
        what was chosen where the source leaves a choice
    basis : {"counts", "probabilities", "pairs", "prior"}
        what it is computed from besides gold
    """

    name: str
    meaning: str
    low: float = 0.0
    high: float = 1.0
    higher_is_better: bool = True
    reference: str = ""
    conventions: str = ""
    basis: Basis = "counts"


_SEMEVAL = "Mohammad et al. 2016, SemEval-2016 Task 6, section 4"
_RIJSBERGEN = "van Rijsbergen 1979, Information Retrieval, ch. 7"
_FALSE = "rows of gold none; of all holders, and of the holders of each bloc"

SCORES: Mapping[str, Score] = {
    s.name: s
    for s in (
        Score("f_avg_macro", "mean over targets of f_avg: the headline", reference=_SEMEVAL + " (macro over targets)"),
        Score("f_avg", "mean F1 of favor and against, one target", reference=_SEMEVAL),
        Score("f_avg_worst", "lowest f_avg among the targets", reference=_SEMEVAL),
        Score("f_avg_pooled", "mean F1 of favor and against over all targets' rows together", reference=_SEMEVAL),
        Score("macro_f1", "mean F1 of favor, against and none", reference=_RIJSBERGEN),
        Score("accuracy", "share of right stances"),
        Score(
            "mcc",
            "Matthews correlation over three classes",
            low=-1.0,
            reference="Gorodkin 2004, eq. 8",
            conventions="0 where gold or prediction is constant",
        ),
        Score(
            "alpha",
            "Krippendorff's nominal alpha between gold and prediction",
            low=-1.0,
            reference="Krippendorff 2019, Content Analysis, 4th ed., ch. 12",
            conventions="unknown agrees with nothing; undefined where all answers and all gold are one class",
        ),
        Score("neutral_recall", "share of gold neutral judgements predicted none"),
        Score("counter_prior_accuracy", "accuracy where gold contradicts the holder prior"),
        Score("overcall_accuracy", "accuracy where gold is neutral and the holder prior takes a side"),
        Score(
            "false_favor",
            "share of gold none judgements predicted favor",
            higher_is_better=False,
            conventions=_FALSE,
        ),
        Score(
            "false_against",
            "share of gold none judgements predicted against: hostility that is not there",
            higher_is_better=False,
            conventions=_FALSE,
        ),
        Score(
            "log_loss",
            "mean of -ln p(gold), in nats",
            high=36.1,
            higher_is_better=False,
            reference="Good 1952, Journal of the Royal Statistical Society B 14:107",
            conventions="a probability of 0 counts as 2.2e-16, as in scikit-learn; knowing nothing gives ln 3 = 1.099",
            basis="probabilities",
        ),
        Score(
            "brier",
            "mean of the sum over stances of (p - y)**2",
            high=2.0,
            higher_is_better=False,
            reference="Brier 1950, Monthly Weather Review 78:1, eq. 2",
            conventions="summed over the three stances, not halved; knowing nothing gives 2/3",
            basis="probabilities",
        ),
        Score(
            "classwise_ece",
            "mean over stances of the mean distance between probability and frequency",
            higher_is_better=False,
            reference="Kull et al. 2019, Beyond temperature scaling, eq. 3",
            conventions="ten bins of equal width",
            basis="probabilities",
        ),
        Score(
            "aurc",
            "area under the risk-coverage curve: mean share of wrong answers when the least sure are withheld",
            higher_is_better=False,
            reference="Geifman and El-Yaniv 2017, Selective Classification for Deep Neural Networks",
            conventions="confidence is the probability of the stance answered; ties in expectation over their orders",
            basis="probabilities",
        ),
        Score(
            "contrast_consistency",
            "share of contrast pairs of which every judgement is right",
            reference="Gardner et al. 2020, Evaluating Models' Local Decision Boundaries via Contrast Sets",
            basis="pairs",
        ),
        Score(
            "gain_over_holder_prior",
            "f_avg_macro less that of the holder prior's best variant",
            low=-1.0,
            conventions="the variant is chosen on dev of each fold; the interval is of the paired difference",
            basis="prior",
        ),
        Score("precision", "right among predicted, one stance", reference=_RIJSBERGEN),
        Score("recall", "right among gold, one stance", reference=_RIJSBERGEN),
        Score("f1", "2tp / (2tp + fp + fn), one stance", reference=_RIJSBERGEN),
    )
}
