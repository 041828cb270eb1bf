"""Probes of letters: typos and casing."""

from __future__ import annotations

import re

import numpy as np

from stancebench.probes.sentence import Item, Names, overlaps

WORDS_PER_TYPO = 12
SMALL_WORD = re.compile(r"(?<![\w'\u2019.-])[a-z]{5,}(?![\w'\u2019-])")
"""a word of five letters or more that is no name: nothing in it is a capital or a digit"""

LONG = 8
"""letters of a word that may lose one"""

TURNED = frozenset(
    (
        *("casual", "causal", "counties", "martial", "marital", "prising", "quiet", "quite", "signing", "singing"),
        *("supples", "trail", "trial", "united", "untied", "unties"),
    )
)
"""words that a single slip makes of another"""


def typos(item: Item, names: Names) -> str | None:
    """Return a text with one slip of the keyboard for each twelve words, at least one.

    A slip swaps two neighbouring letters of a word, or drops one of a long word; the first two and the last stay.
    Aliases of targets, names and numbers stay, and no slip makes another word of the corpus.
    """
    spans = names.alias_spans(item)
    words = [m for m in SMALL_WORD.finditer(item.text) if not overlaps(m.span(), spans)]
    rng = item.generator("typos")
    wanted = max(1, len(item.text.split()) // WORDS_PER_TYPO)
    slips: dict[int, tuple[int, str]] = {}
    for at in rng.permutation(len(words)):
        word = words[at][0]
        slip = _slip(word, names, rng)
        if slip and len(slips) < wanted:
            slips[words[at].start()] = (words[at].end(), slip)
    if not slips:
        return None
    text = item.text
    for start in sorted(slips, reverse=True):
        end, slip = slips[start]
        text = text[:start] + slip + text[end:]
    return text


def _slip(word: str, names: Names, rng: np.random.Generator) -> str | None:
    """Return a misspelling of a word that is no word of the corpus."""
    places = range(2, len(word) - 2)
    swapped = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in places]
    # A letter less makes a word of a short one too often: warns, wars.
    dropped = [word[:i] + word[i + 1 :] for i in places] if len(word) >= LONG else []
    slips = [s for s in (*swapped, *dropped) if s != word and s not in names.words and s not in TURNED]
    return slips[int(rng.integers(len(slips)))] if slips else None


def casing(item: Item, names: Names) -> str | None:
    """Return a text in lower case, but for the aliases of targets: ``US`` would become another word."""
    parts, at = [], 0
    for start, end in sorted(names.alias_spans(item)):
        parts += [item.text[at:start].lower(), item.text[max(at, start) : end]]
        at = max(at, end)
    text = "".join(parts) + item.text[at:].lower()
    return text if text != item.text else None
