"""Split units: sentences that share an event or a source document belong together, through any number of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray


def components(links: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the connected component of each sentence.

    Parameters
    ----------
    links : mapping of str to iterable of str
        for each sentence id, the names of what it shares with others (events, documents)

    Returns
    -------
    dict of str to str
        for each sentence id, the smallest sentence id of its component: stable under any reordering

    Examples
    --------
    >>> components({"a": ["x"], "b": ["x", "y"], "c": ["y"], "d": ["z"]})
    {'a': 'a', 'b': 'a', 'c': 'a', 'd': 'd'}
    """
    parent = {sentence: sentence for sentence in links}

    def root(sentence: str) -> str:
        while parent[sentence] != sentence:
            parent[sentence] = parent[parent[sentence]]
            sentence = parent[sentence]
        return sentence

    first: dict[str, str] = {}
    for sentence in sorted(links):
        for link in links[sentence]:
            a, b = root(first.setdefault(link, sentence)), root(sentence)
            parent[max(a, b)] = min(a, b)
    return {sentence: root(sentence) for sentence in links}


def codes(names: Iterable[str]) -> NDArray[np.int64]:
    """Return each name's position among the sorted distinct names."""
    return np.unique(np.asarray(list(names), dtype=str), return_inverse=True)[1].astype(np.int64)
