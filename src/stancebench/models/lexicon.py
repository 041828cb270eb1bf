"""Sentiment of the words around the target, by VADER (Hutto and Gilbert 2014)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from stancebench.errors import UsageError
from stancebench.models.configs import LexiconConfig
from stancebench.models.spec import ModelContext, ModelSpec
from stancebench.vocabulary import STANCES

Labels = npt.NDArray[Any]

_MENTION = "\ue000"
"""stands for a mention while the text is cut; of Unicode's private use, so in no text"""

_MARKED = r"(?<!\w)TARGET(?!\w)"
"""a mention too: masked texts have it in the place of every alias"""


def windows(text: str, pattern: re.Pattern[str], size: int) -> list[str]:
    """Return the text around each mention of a target.

    Parameters
    ----------
    text : str
        a sentence
    pattern : re.Pattern
        finds mentions
    size : int
        tokens (between white space) on each side; 0 for all

    Returns
    -------
    list of str
        one for each mention, in which every mention is ``TARGET``, so that its own words have no say

    Examples
    --------
    >>> windows("He praised the United States and left.", re.compile("United States"), 2)
    ['praised the TARGET and left.']
    """
    tokens = pattern.sub(_MENTION, text).split()
    size = size or len(tokens)
    return [
        " ".join(tokens[max(0, i - size) : i + size + 1]).replace(_MENTION, "TARGET")
        for i, token in enumerate(tokens)
        for _ in range(token.count(_MENTION))
    ]


class Lexicon(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The sign of VADER's compound score, as a mean over the mentions of a row's target.

    It learns nothing and has no probabilities. A text that does not mention the target is none.

    Parameters
    ----------
    patterns : mapping of str to str
        regular expression of each target's aliases
    window : int, default=8
        tokens on each side of a mention; 0 for the whole text
    threshold : float, default=0.05
        favor from this mean on, against from its negative down; VADER's authors use 0.05. A mean of 0 is none.
    """

    def __init__(self, patterns: Mapping[str, str], window: int = 8, threshold: float = 0.05) -> None:
        self.patterns = patterns
        self.window = window
        self.threshold = threshold

    def fit(self, X: pd.DataFrame, y: Labels) -> Self:
        """Learn nothing."""
        self.classes_ = np.array(STANCES, dtype=object)
        return self

    def predict(self, X: pd.DataFrame) -> Labels:
        """Return the stance of each row."""
        check_is_fitted(self)
        compiled = {target: re.compile(f"{pattern}|{_MARKED}") for target, pattern in self.patterns.items()}
        other = re.compile(_MARKED)
        vader = SentimentIntensityAnalyzer()
        said = []
        for text, target in zip(X["text"], X["target"], strict=True):
            around = windows(text, compiled.get(target, other), self.window)
            said.append(self._stance([vader.polarity_scores(w)["compound"] for w in around]))
        return np.array(said, dtype=object)

    def _stance(self, compounds: list[float]) -> str:
        # VADER gives four decimals; the mean of equal numbers must not miss the threshold by float noise.
        mean = round(sum(compounds) / max(len(compounds), 1), 6)
        if mean == 0 or abs(mean) < self.threshold:
            return "none"
        return "favor" if mean > 0 else "against"


def _build(config: LexiconConfig, context: ModelContext) -> BaseEstimator:
    if config.window < 0:
        raise UsageError(f"model.window: 0 (the whole text) or a number of tokens is expected, got {config.window}.")
    if not 0 <= config.threshold <= 1:
        raise UsageError(f"model.threshold: a number from 0 to 1 is expected, got {config.threshold}.")
    return Lexicon({t.id: t.pattern.pattern for t in context.targets}, config.window, config.threshold)


LEXICON = ModelSpec("lexicon", 1, LexiconConfig, _build, "VADER sentiment around the mentions of the target")
