"""What stands on both sides of a fold: equal texts, nearly equal ones, events and documents; and labels at odds."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from stancebench.audits.finding import Finding, Level
from stancebench.protocols.folds import placed
from stancebench.runs.evaluation import Prepared

EXAMPLES = 5
"""pairs or names that a finding shows"""

UNITS = (("event", "event", "events"), ("document", "document", "documents"), ("group", "split unit", "split units"))
"""column of the table, and what one and several of it are called"""


def exact_duplicates(prepared: Prepared) -> Finding:
    """Return how many texts stand more than once, and how many of them on both sides of a fold."""
    sentences = prepared.rows.drop_duplicates("sentence_id")
    counts = sentences["text"].str.strip().value_counts()
    repeated = counts[counts > 1]
    torn: dict[str, list[str]] = {}
    for fold in prepared.folds:
        sentences_of = placed(prepared.rows, fold)
        for text, same in sentences_of.groupby(sentences_of["text"].str.strip(), sort=False):
            if len(set(same["place"])) > 1:
                torn.setdefault(str(text), _pair(same))
    figures = {
        "sentences": len(sentences),
        "texts_repeated": len(repeated),
        "sentences_beyond_the_first": int(repeated.sum() - len(repeated)),
        "texts_across_parts": len(torn),
        "examples": list(torn.values())[:EXAMPLES],
    }
    told = f"{_number(len(repeated), 'text stands', 'texts stand')} in several sentences, {len(torn):,} of them in "
    told += f"several parts of a fold{_example(list(torn.values()))}"
    return Finding("AU11", "exact_duplicates", "warning" if torn else "ok", told, figures)


def near_duplicates(prepared: Prepared) -> Finding:
    """Return how many pairs of sentences are nearly the same and not equal, and how many stand across a fold."""
    sentences = prepared.rows.drop_duplicates("sentence_id")
    text = dict(zip(sentences["sentence_id"], sentences["text"].str.strip(), strict=True))
    near = prepared.corpus.all_near_duplicates
    pairs = [p for p in near if p[0] in text and p[1] in text and text[p[0]] != text[p[1]]]
    torn: dict[tuple[str, str], list[str]] = {}
    for fold in prepared.folds:
        sentences_of = placed(prepared.rows, fold)
        where = dict(zip(sentences_of["sentence_id"], sentences_of["place"], strict=True))
        for a, b, _ in pairs:
            if a in where and b in where and where[a] != where[b]:
                torn.setdefault((a, b), [f"{a} ({where[a]})", f"{b} ({where[b]})"])
    figures = {"pairs": len(pairs), "pairs_across_parts": len(torn), "examples": list(torn.values())[:EXAMPLES]}
    told = f"{_number(len(pairs), 'pair of sentences is', 'pairs of sentences are')} nearly the same, {len(torn):,} of "
    told += f"them in two parts of a fold{_example(list(torn.values()))}"
    return Finding("AU12", "near_duplicates", "warning" if torn else "ok", told, figures)


def group_leakage(prepared: Prepared) -> Finding:
    """Return how many events, documents and split units stand in several parts of a fold."""
    torn: dict[str, set[str]] = {column: set() for column, *_ in UNITS}
    example: list[list[str]] = []
    for fold in prepared.folds:
        sentences_of = placed(prepared.rows, fold)
        for column, *_ in UNITS:
            named = sentences_of[sentences_of[column] != ""]
            spread = named.groupby(column, sort=True)["place"].nunique()
            for name in spread.index[spread > 1]:
                if not torn[column]:
                    example.append(_pair(named[named[column] == name]))
                torn[column].add(str(name))
    figures = {**{f"{column}s_across_parts": len(torn[column]) for column, *_ in UNITS}, "examples": example}
    counted = ", ".join(_number(len(torn[column]), one, many) for column, one, many in UNITS)
    level: Level = "warning" if any(torn.values()) else "ok"
    return Finding("AU13", "group_leakage", level, f"{counted} in several parts of a fold{_example(example)}", figures)


def contradictory_labels(prepared: Prepared) -> Finding:
    """Return how often one text is judged on one target, for one holder, with different stances."""
    judgement = ["text", "holder", "target"]
    rows = prepared.rows.assign(text=prepared.rows["text"].str.strip())
    distinct = rows.drop_duplicates([*judgement, "stance"])
    at_odds = distinct[distinct.duplicated(judgement, keep=False)]
    n = len(at_odds.drop_duplicates(judgement))
    places_ = [
        [f"{s} ({stance})" for s, stance in zip(same["sentence_id"], same["stance"], strict=True)]
        for _, same in at_odds.groupby(judgement, sort=False)
    ][:EXAMPLES]
    judged = _number(n, "text, holder and target is", "texts, holders and targets are")
    told = f"{judged} judged with different stances{_example(places_)}"
    figures = {"contradicted": n, "examples": places_}
    return Finding("AU14", "contradictory_labels", "warning" if n else "ok", told, figures)


def _number(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def _pair(same: pd.DataFrame) -> list[str]:
    two = same.drop_duplicates("place").head(2)
    return [f"{s} ({place})" for s, place in zip(two["sentence_id"], two["place"], strict=True)]


def _example(pairs: list[list[str]]) -> str:
    return f", such as {' and '.join(pairs[0])}" if pairs else ""


LEAKS: dict[str, tuple[str, Callable[[Prepared], Finding]]] = {
    "AU11": ("exact_duplicates", exact_duplicates),
    "AU12": ("near_duplicates", near_duplicates),
    "AU13": ("group_leakage", group_leakage),
    "AU14": ("contradictory_labels", contradictory_labels),
}
