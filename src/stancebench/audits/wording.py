"""How varied the texts of a corpus are, and whether a reporting verb gives a stance away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from stancebench.audits.estimators import verbs_in
from stancebench.audits.reporting_verbs import REGULAR, REPORTING_VERBS, forms
from stancebench.audits.topic_words import WORD

SIZES = (1_000, 5_000, 10_000, 20_000, 40_000)
"""words read at which the vocabulary is counted"""

TOP = 10
FOLDS = 5
SHARES = (0, 25, 50, 75, 100)

IRREGULAR = {
    "say": ("say", "says", "said", "saying"),
    "tell": ("tell", "tells", "told", "telling"),
    "write": ("write", "writes", "wrote", "writing"),
    "deny": ("deny", "denies", "denied", "denying"),
    "reply": ("reply", "replies", "replied", "replying"),
    "admit": ("admit", "admits", "admitted", "admitting"),
}
NOUNS = {"state", "states"}
"""forms that are hardly ever verbs in these texts: the United States is no statement"""

VERB_OF = {form: verb for verb in REGULAR for form in forms(verb) if form not in NOUNS} | {
    form: verb for verb, all_forms in IRREGULAR.items() for form in all_forms
}


@dataclass(frozen=True)
class Wording:
    """Figures of how texts are worded; shares are of the texts.

    Attributes
    ----------
    texts, words : int
        how many
    lengths : mapping of str to float
        words of a text, by percentile
    vocabulary : mapping of str to int
        distinct words among the first so many
    distinct_4grams : float
        distinct runs of four words, as a share of all
    verbs : mapping of str to float
        share of texts with each of the commonest reporting verbs, in any form
    openings : mapping of str to float
        share of texts that open with each of the commonest words
    """

    texts: int
    words: int
    lengths: Mapping[str, float]
    vocabulary: Mapping[str, int]
    distinct_4grams: float
    verbs: Mapping[str, float]
    openings: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain JSON values."""
        return asdict(self)


def wording(texts: Sequence[str]) -> Wording:
    """Count the words, runs of words, verbs and openings of texts.

    Parameters
    ----------
    texts : sequence of str
        each text once, in an order that is no order: the vocabulary grows along it

    Returns
    -------
    Wording

    Raises
    ------
    ValueError
        when there is no text
    """
    if not texts:
        raise ValueError("there is no text")
    words = [WORD.findall(text.lower()) for text in texts]
    running = [word for one in words for word in one]
    runs = [tuple(one[i : i + 4]) for one in words for i in range(len(one) - 3)]
    verbs = Counter(verb for one in words for verb in {VERB_OF[w] for w in one if w in VERB_OF})
    openings = Counter(text.split()[0].lower() for text in texts if text.split())
    sizes = [len(text.split()) for text in texts]
    return Wording(
        texts=len(texts),
        words=len(running),
        lengths={f"{share}%": float(np.percentile(sizes, share)) for share in SHARES},
        vocabulary={str(size): len(set(running[:size])) for size in (*SIZES, len(running)) if size <= len(running)},
        distinct_4grams=round(len(set(runs)) / max(1, len(runs)), 4),
        verbs=_shares(verbs, len(texts)),
        openings=_shares(openings, len(texts)),
    )


def _shares(counts: Counter[str], n: int) -> dict[str, float]:
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP]
    return {word: round(count / n, 4) for word, count in common}


def stance_of_verbs(table: pd.DataFrame) -> dict[str, float]:
    """Return how often the reporting verbs of a text alone tell the stance of an addressed judgement.

    Grouped cross-validation over split units, whose answers are pooled; favor, against or none.

    Parameters
    ----------
    table : pandas.DataFrame
        a corpus's judgements: ``text, label, stance, group``

    Returns
    -------
    dict
        ``accuracy``, that of the commonest stance as ``majority``, and ``judgements``; without the accuracy where
        there are fewer than five units
    """
    rows = table[table["label"] != "absent"]
    stances = rows["stance"].to_numpy(dtype=object)
    found = {"judgements": float(len(rows)), "majority": float(rows["stance"].value_counts(normalize=True).max())}
    if rows["group"].nunique() < FOLDS:
        return found
    steps = [
        ("verbs", FunctionTransformer(verbs_in(REPORTING_VERBS))),
        ("columns", DictVectorizer()),
        ("classifier", LogisticRegression(max_iter=2_000)),
    ]
    said = cross_val_predict(Pipeline(steps), rows, stances, groups=rows["group"], cv=GroupKFold(FOLDS))
    return {**found, "accuracy": float((said == stances).mean())}
