"""What the test rows of a corpus can be sliced by: each slicing is the masks of its slices over the test rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import KEY, Corpus
from stancebench.runs.prepared import Prepared
from stancebench.runs.subsets import hard_rows
from stancebench.scoring.tally import BoolArray

Slices = dict[str, BoolArray]

COLUMNS = {
    "bloc": "bloc",
    "target": "target",
    "attribution": "attribution",
    "register": "register",
    "explicitness": "explicitness",
}
"""slicings that are a column of the table; rows without a value are in no slice"""

LENGTHS = (15, 25, 35)
"""most words of a sentence in each slice by length but the last; fixed, so that corpora and editions compare"""

MANY_HOLDERS = 3
"""holders of a sentence from which on they are counted no further"""

CONTESTED = "contested"

SLICINGS: Mapping[str, str] = {
    "bloc": "bloc of the holder",
    "target": "target",
    "attribution": "how the position is reported",
    "register": "kind of text",
    "explicitness": "whether the target is named or meant; an absent judgement has none",
    "source": "where the passages of the sentence come from; a sentence of two sources is in both slices",
    "year": "year of the sentence",
    "holders": "how many holders the sentence has",
    "tags": "tags of the sentence, or none",
    "length": "words of the sentence",
    "counter_prior": "gold favor or against: whether it contradicts the holder prior",
    "overcall": "gold neutral: whether the holder prior says favor or against",
    "hard": "whether the stance is another than the holder prior answers",
    "self": "whether the holder is the target",
    "contested": "whether the first two annotators differed on the judgement, on another of its sentence, or on none",
}
"""every slicing, with what it asks of a judgement"""


def slice_members(prepared: Prepared) -> dict[str, Slices]:
    """Return the slices of the test rows.

    Parameters
    ----------
    prepared : Prepared
        the test rows

    Returns
    -------
    dict of str to dict of str to ndarray of bool, shape (test rows,)
        by slicing, in the order of `SLICINGS`, and slice; a slicing that the corpus knows nothing of, or that does not
        part its rows, is left out, and so is that by target where targets are an open class
    """
    test, corpus = prepared.test, prepared.corpus
    found = {slicing: _by_value(test[column]) for slicing, column in COLUMNS.items()}
    found["target"] = {} if corpus.open_targets else _ordered(found["target"], corpus.target_ids)
    found["source"] = _by_words(test["source"])
    found["year"] = _by_value(test["date"].str[:4])
    found["holders"] = _by_holders(test, corpus)
    found["tags"] = _by_tags(test)
    found["length"] = _by_length(test["text"])
    found["self"] = _of_oneself(test, corpus)
    found["contested"] = _by_agreement(test, corpus)
    found |= _against_the_prior(prepared)
    return {slicing: found[slicing] for slicing in SLICINGS if len(found.get(slicing, {})) > 1}


def _mask(values: Iterable[object]) -> BoolArray:
    return np.fromiter(map(bool, values), dtype=bool)


def _by_value(column: pd.Series[str]) -> Slices:
    values = column.to_numpy(dtype=object)
    return {str(value): np.asarray(values == value, dtype=bool) for value in sorted({*values} - {""})}


def _ordered(slices: Slices, order: Iterable[str]) -> Slices:
    return {name: slices[name] for name in order if name in slices}


def _by_words(column: pd.Series[str]) -> Slices:
    """Return a slice for each word of a column that holds several in a cell."""
    cells = [frozenset(cell.split()) for cell in column]
    return {word: _mask(word in cell for cell in cells) for word in sorted(frozenset().union(*cells))}


def _by_holders(test: pd.DataFrame, corpus: Corpus) -> Slices:
    # Of all judgements: the task may ask for one holder of a sentence only.
    holders = corpus.table.groupby("sentence_id")["holder"].nunique()
    if (test["holder"] == "").any():
        return {}
    n = test["sentence_id"].map(holders).to_numpy()
    exact = {str(k): n == k for k in range(1, MANY_HOLDERS)}
    return _inhabited({**exact, f"{MANY_HOLDERS} or more": n >= MANY_HOLDERS})


def _by_tags(test: pd.DataFrame) -> Slices:
    tags = test["sentence_tags"].map(lambda cell: " ".join(tag for tag in cell.split() if tag != CONTESTED))
    slices = _by_words(tags)
    return {**slices, "none": (tags == "").to_numpy()} if slices else {}


def _by_length(text: pd.Series[str]) -> Slices:
    words = np.array([len(t.split()) for t in text])
    starts, ends = [1, *(n + 1 for n in LENGTHS)], [*LENGTHS, None]
    slices = {}
    for start, end in zip(starts, ends, strict=True):
        name = f"{start} or more" if end is None else f"{start} to {end}"
        slices[f"{name} words"] = (words >= start) & (end is None or words <= end)
    return _inhabited(slices)


def _of_oneself(test: pd.DataFrame, corpus: Corpus) -> Slices:
    """Return whether the holder is the actor that bears the target's name."""
    code_of = {name: code for code, names in corpus.actors.items() for name in names}
    own = {t.id: code_of.get(t.name.removeprefix("the ")) for t in corpus.targets}
    is_own = _mask(holder and own.get(t) == holder for holder, t in zip(test["holder"], test["target"], strict=True))
    return {"yes": is_own, "no": ~is_own} if is_own.any() else {}


def _by_agreement(test: pd.DataFrame, corpus: Corpus) -> Slices:
    tagged = corpus.table["sentence_tags"].str.split().map(lambda tags: CONTESTED in tags)
    if not tagged.any():
        return {}
    own = _mask(CONTESTED in cell.split() for cell in test["judgement_tags"])
    sentence = _mask(CONTESTED in cell.split() for cell in test["sentence_tags"])
    return _inhabited({"judgement": own, "sentence": sentence & ~own, "none": ~sentence & ~own})


def _against_the_prior(prepared: Prepared) -> dict[str, Slices]:
    """Return the rows on which the holder prior is wrong beside those on which it could have been."""
    test, subsets = prepared.test, prepared.subsets
    polar, neutral = (test["stance"] != "none").to_numpy(), (test["label"] == "neutral").to_numpy()
    found: dict[str, Slices] = {}
    for name, rows in (("counter_prior", polar), ("overcall", neutral)):
        if name in subsets and subsets[name].any():
            found[name] = {"yes": subsets[name], "no": rows & ~subsets[name]}
    hard = hard_rows(prepared.corpus)
    if hard is not None:
        marked = set(map(tuple, prepared.corpus.table.loc[hard, list(KEY)].to_numpy()))
        is_hard = _mask(key in marked for key in zip(*(test[c].tolist() for c in KEY), strict=True))
        found["hard"] = _inhabited({"yes": is_hard, "no": ~is_hard})
    return found


def _inhabited(slices: Slices) -> Slices:
    return {name: member for name, member in slices.items() if member.any()}
