"""Near-duplicate sentences, by the cosine of character 3- to 5-gram TF-IDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

THRESHOLD = 0.8
"""cosine from which two sentences count as nearly the same; paraphrases of one statement stay below it"""

BLOCK = 20_000_000
"""multiplications done at once, so that memory does not grow with the corpus"""

REST = 0.65
"""norm that may be left beyond a sentence's rare n-grams: a lower one compares more n-grams and fewer sentences; any
below the threshold finds the same pairs"""

SLACK = 1e-4
"""what rounding may take from a cosine or a bound"""


def near_duplicates(ids: Sequence[str], texts: Sequence[str]) -> list[tuple[str, str, float]]:
    """Return every pair of sentences that are nearly the same.

    Equal texts are compared once. Of the others only those are compared that share one of their rarest n-grams: as many
    of them, rarest first, as leave a rest whose norm is below ``REST``. Two sentences that share none of these share
    only what is in the rest of one of them, and the cosine is at most that norm (prefix filtering: Bayardo, Ma
    and Srikant 2007, "Scaling up all pairs similarity search").

    Parameters
    ----------
    ids : sequence of str
        sentence ids, distinct
    texts : sequence of str
        their texts

    Returns
    -------
    list of (id, id, cosine)
        the smaller id first, sorted
    """
    if len(ids) < 2 or not any(map(str.split, texts)):
        return []
    places: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        places.setdefault(text, []).append(i)
    vectors = _vectors(list(places), [len(same) for same in places.values()])
    members = list(places.values())
    pairs: list[tuple[int, int, float]] = []
    for same, n_grams in zip(members, np.diff(vectors.indptr), strict=True):
        pairs += [(a, b, 1.0) for a, b in combinations(same, 2) if n_grams]
    for i, j, cosine in _similar(vectors):
        pairs += [(a, b, cosine) for a in members[i] for b in members[j]]
    return sorted((min(ids[a], ids[b]), max(ids[a], ids[b]), cosine) for a, b, cosine in pairs)


def _vectors(texts: Sequence[str], counts: Sequence[int]) -> Any:
    """Return the TF-IDF vectors of distinct texts that occur so many times; columns from rare to common.

    The n-grams lie within words, so that they are counted once a word, not once a text.
    """
    import scipy.sparse as sp
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    words = CountVectorizer(analyzer=_words, dtype=np.float64)
    of_texts = words.fit_transform(texts)
    grams = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), lowercase=False, dtype=np.float64)
    vectors = (of_texts @ grams.fit_transform(words.get_feature_names_out())).tocsr()
    times = np.asarray(counts, dtype=np.float64)
    containing = np.bincount(vectors.indices, np.repeat(times, np.diff(vectors.indptr)), minlength=vectors.shape[1])
    # Smoothed, as scikit-learn's TfidfTransformer.
    idf = np.log((1 + times.sum()) / (1 + containing)) + 1
    order = np.argsort(containing, kind="stable")
    vectors = normalize(vectors @ sp.diags_array(idf))[:, order].tocsr()
    vectors.sort_indices()
    return vectors


def _words(text: str) -> list[str]:
    return text.lower().split()


def _rare(vectors: Any) -> Any:
    """Return the vectors' rarest entries: what is left of each has a norm below ``REST``."""
    import scipy.sparse as sp

    sizes = np.diff(vectors.indptr)
    squares = np.cumsum(np.concatenate([[0.0], vectors.data**2]))
    # Of each entry: the squares from it on to the end of its row.
    rest = np.repeat(squares[vectors.indptr[1:]], sizes) - squares[:-1]
    kept = rest >= REST**2
    ends = np.concatenate([[0], np.cumsum(kept)])[vectors.indptr]
    return sp.csr_array((vectors.data[kept], vectors.indices[kept], ends), shape=vectors.shape)


def _similar(vectors: Any) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of rows, the smaller first, whose product reaches the threshold."""
    rare = _rare(vectors)
    transposed = rare.T.tocsr()
    rows_of = np.diff(transposed.indptr)
    work = np.concatenate([[0], np.cumsum(rows_of[rare.indices])])[rare.indptr]
    left = np.sqrt(np.maximum(0, 1 - np.asarray(rare.multiply(rare).sum(axis=1)).ravel()))
    start = 0
    while start < vectors.shape[0]:
        end = max(start + 1, int(np.searchsorted(work, work[start] + BLOCK, side="right")) - 1)
        shared = (rare[start:end] @ transposed).tocoo()
        i, j = shared.row + start, shared.col
        # What both have beyond the shared rare entries is at most the larger rest.
        may = (i < j) & (shared.data + np.maximum(left[i], left[j]) >= THRESHOLD - SLACK)
        yield from _reaching(vectors, i[may], j[may])
        start = end


def _reaching(vectors: Any, i: npt.NDArray[Any], j: npt.NDArray[Any]) -> Iterator[tuple[int, int, float]]:
    for at in range(0, len(i), 20_000):
        a, b = i[at : at + 20_000], j[at : at + 20_000]
        cosines = np.asarray(vectors[a].multiply(vectors[b]).sum(axis=1)).ravel()
        for k in np.flatnonzero(cosines >= THRESHOLD):
            yield int(a[k]), int(b[k]), round(float(cosines[k]), 4)
