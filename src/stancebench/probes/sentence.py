"""What a probe is given: one judgement's sentence, and the names of its corpus."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.schema import Target

WORD = re.compile(r"[^\W\d_]+")

Span = tuple[int, int]


@dataclass(frozen=True)
class Item:
    """A sentence as one judgement has it.

    Attributes
    ----------
    sentence_id : str
        the only source of randomness, so that neither order nor subset matter
    text : str
        of the corpus, never masked
    holder, target : str
        of the judgement; the holder is empty where a corpus has none
    tags : tuple of str
        of the sentence
    """

    sentence_id: str
    text: str
    holder: str = ""
    target: str = ""
    tags: tuple[str, ...] = ()

    def generator(self, probe: str) -> np.random.Generator:
        """Return the generator of a probe for this sentence: the same for each of its judgements."""
        seed = hashlib.sha256(f"{probe}\x1f{self.sentence_id}".encode()).digest()
        return np.random.default_rng(int.from_bytes(seed[:8], "big"))


@dataclass(frozen=True)
class Names:
    """The names that a corpus declares, and its words.

    Attributes
    ----------
    targets : tuple of Target
        with the one alias table
    actors : mapping of str to tuple of str
        names of each holder code; empty where the corpus declares none
    words : frozenset of str
        every word of its texts, in lower case
    open_targets : bool
        whether targets are an open class: then only a judgement's own is protected
    """

    targets: tuple[Target, ...]
    actors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    open_targets: bool = False

    @classmethod
    def of(cls, corpus: Corpus) -> Names:
        """Return the names of a corpus."""
        words = {w.lower() for text in corpus.table["text"].unique() for w in WORD.findall(text)}
        return cls(corpus.targets, corpus.actors, frozenset(words), corpus.open_targets)

    @cached_property
    def _by_id(self) -> dict[str, Target]:
        return {target.id: target for target in self.targets}

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}

    def pattern(self, target: str) -> re.Pattern[str] | None:
        """Return what finds the aliases of a target, by its id; made once, which a `Target` does each time."""
        if target in self._by_id and target not in self._patterns:
            self._patterns[target] = self._by_id[target].pattern
        return self._patterns.get(target)

    def around(self, item: Item) -> dict[str, re.Pattern[str]]:
        """Return the patterns of the targets whose aliases a probe leaves alone."""
        wanted = [item.target] if self.open_targets else self._by_id
        return {target: pattern for target in wanted if (pattern := self.pattern(target)) is not None}

    def alias_spans(self, item: Item, text: str | None = None) -> list[Span]:
        """Return where aliases of targets stand in a judgement's text, or in another."""
        text = item.text if text is None else text
        return [match.span() for pattern in self.around(item).values() for match in pattern.finditer(text)]

    def aliases_in(self, item: Item, text: str) -> dict[str, list[str]]:
        """Return the aliases that stand in a text, of each target apart and in their order."""
        return {target: pattern.findall(text) for target, pattern in self.around(item).items()}


Change = Callable[[Item, Names], str | None]
"""a probe's pure function: the changed text, or None where the probe does not apply"""


def overlaps(span: Span, spans: list[Span]) -> bool:
    """Return whether a span shares a character with any of some spans.

    Examples
    --------
    >>> overlaps((0, 2), [(1, 3)]), overlaps((0, 2), [(2, 3)])
    (True, False)
    """
    return any(span[0] < end and start < span[1] for start, end in spans)
