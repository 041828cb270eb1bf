"""Readings of "the topic is named" where targets are an open class, and which of them dev would choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from sklearn.metrics import f1_score

from stancebench.audits.estimators import NONE, target_blind
from stancebench.audits.topic_words import WORD, content_words
from stancebench.runs.evaluation import Prepared

Reading = Callable[[str, str], bool]
"""from a text and a topic to whether the text names it"""


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.lower()))


def _singular(words: frozenset[str]) -> frozenset[str]:
    return frozenset(w[:-1] if len(w) > 3 and w.endswith("s") else w for w in words)


READINGS: Mapping[str, Reading] = {
    "content word": lambda text, topic: bool(content_words(topic) & content_words(text)),
    "content word, plurals stripped": lambda text, topic: bool(
        _singular(content_words(topic)) & _singular(content_words(text))
    ),
    "any word": lambda text, topic: bool(_words(topic) & _words(text)),
    "any word between white space": lambda text, topic: bool(
        frozenset(topic.lower().split()) & frozenset(text.lower().split())
    ),
    "content word between white space": lambda text, topic: bool(
        (frozenset(topic.lower().split()) - ENGLISH_STOP_WORDS) & frozenset(text.lower().split())
    ),
    "word of four letters or more": lambda text, topic: bool({w for w in _words(topic) if len(w) >= 4} & _words(text)),
    "content word, case kept": lambda text, topic: bool(
        (frozenset(WORD.findall(topic)) - ENGLISH_STOP_WORDS) & frozenset(WORD.findall(text))
    ),
    "every content word": lambda text, topic: content_words(topic) <= content_words(text),
    "content word as part of a word": lambda text, topic: any(w in text.lower() for w in content_words(topic)),
    "whole topic": lambda text, topic: topic.lower() in text.lower(),
}
"""the first is the audit's own"""


def readings_on_dev(prepared: Prepared) -> dict[str, Any]:
    """Return what the rule "not named, so none" scores under each reading, and which one dev chooses.

    The model beneath is fitted once a fold; macro-F1 is that of scikit-learn, over the rows of all folds.

    Parameters
    ----------
    prepared : Prepared
        rows and folds of a corpus whose targets are an open class

    Returns
    -------
    dict
        ``readings``: macro-F1 on dev and test, by reading; ``chosen``: the best on dev. Empty where a fold has no dev
    """
    if not all(len(fold.dev) for fold in prepared.folds):
        return {}
    name_of = {t.id: t.name for t in prepared.corpus.targets}
    gold: dict[str, list[str]] = {"dev": [], "test": []}
    said: dict[tuple[str, str], list[str]] = {(part, reading): [] for part in gold for reading in READINGS}
    for fold in prepared.folds:
        train = prepared.rows.iloc[fold.train]
        model = target_blind(prepared.corpus).fit(train, train["stance"].to_numpy(dtype=object))
        for part in gold:
            rows = prepared.rows.iloc[getattr(fold, part)]
            gold[part] += list(rows["stance"])
            stances = np.asarray(model.predict(rows), dtype=object)
            for reading, names in READINGS.items():
                said[part, reading] += list(np.where(_named(rows, name_of, names), stances, NONE))
    scores = {
        reading: {part: float(f1_score(gold[part], said[part, reading], average="macro")) for part in gold}
        for reading in READINGS
    }
    return {"readings": scores, "chosen": max(scores, key=lambda reading: scores[reading]["dev"])}


def _named(rows: pd.DataFrame, name_of: Mapping[str, str], names: Reading) -> npt.NDArray[np.bool_]:
    pairs = zip(rows["text"], rows["target"], strict=True)
    return np.array([names(text, name_of[target]) for text, target in pairs], dtype=bool)
