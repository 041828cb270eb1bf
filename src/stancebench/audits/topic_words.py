"""Whether a text holds a word of its topic, for corpora whose targets are an open class."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from stancebench.corpora.corpus import Corpus
from stancebench.models.prior import named

WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=100_000)
def content_words(text: str) -> frozenset[str]:
    """Return the lower-cased words of a text that are no stop words; all of them where it has no other.

    Examples
    --------
    >>> sorted(content_words("The Charter schools"))
    ['charter', 'schools']
    """
    words = frozenset(WORD.findall(text.lower()))
    return words - ENGLISH_STOP_WORDS or words


def is_named(rows: pd.DataFrame, corpus: Corpus) -> npt.NDArray[np.bool_]:
    """Return whether each text names its target: by an alias, or by any content word of an open topic.

    Parameters
    ----------
    rows : pandas.DataFrame
        rows of the judgement table
    corpus : Corpus
        whose alias table names its targets

    Returns
    -------
    ndarray of bool, shape (rows,)
    """
    if not corpus.open_targets:
        return named(list(rows["text"]), list(rows["target"]), corpus.targets)
    words_of = {t.id: content_words(t.name) for t in corpus.targets}
    pairs = zip(rows["text"], rows["target"], strict=True)
    return np.array([bool(words_of[target] & content_words(text)) for text, target in pairs], dtype=bool)
