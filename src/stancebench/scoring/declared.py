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
        Score("precision", "right among predicted, one stance", reference=_RIJSBERGEN),
        Score("recall", "right among gold, one stance", reference=_RIJSBERGEN),
        Score("f1", "2tp / (2tp + fp + fn), one stance", reference=_RIJSBERGEN),
    )
}
