"""Contrast pairs as a corpus declares them: two of its sentences, in one split."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from stancebench.errors import CorpusError, unknown
from stancebench.paths import shown

Pairs = Sequence[tuple[str, str]]


def known_pairs(pairs: Pairs, sentences: Collection[str], folder: Path) -> tuple[tuple[str, str], ...]:
    """Return declared pairs whose sentences the corpus has.

    Raises
    ------
    CorpusError
        when a sentence is not there, or a pair is one sentence twice
    """
    place = f"{shown(folder / 'corpus.yaml')}: contrast_pairs: "
    for one, other in pairs:
        if one == other:
            raise CorpusError(f"{place}{one} is paired with itself.")
        for sentence in (one, other):
            if sentence not in sentences:
                raise CorpusError(f"{place}{unknown('sentence', sentence, sentences)}")
    return tuple((one, other) for one, other in pairs)


def torn_pairs(pairs: Pairs, split: Mapping[str, str]) -> Iterator[str]:
    """Yield a finding on each pair that stands in two splits."""
    for one, other in pairs:
        if split[one] != split[other]:
            places = " and ".join(split[sentence] or "no split" for sentence in (one, other))
            yield f"the contrast pair {one} and {other} stands in {places}"
