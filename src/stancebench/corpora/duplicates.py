"""Near-duplicate sentences, by the cosine of character 3- to 5-gram TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence

THRESHOLD = 0.8
"""cosine from which two sentences count as nearly the same; paraphrases of one statement stay below it"""

BLOCK = 2_000
"""sentences compared at once, so that memory grows with this times the corpus"""


def near_duplicates(ids: Sequence[str], texts: Sequence[str]) -> list[tuple[str, str, float]]:
    """Return every pair of sentences that are nearly the same.

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
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(ids) < 2:
        return []
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32).fit_transform(texts)
    pairs = []
    for start in range(0, len(ids), BLOCK):
        near = (vectors[start : start + BLOCK] @ vectors.T).tocoo()
        close = near.data >= THRESHOLD
        for i, j, cosine in zip(near.row[close] + start, near.col[close], near.data[close], strict=True):
            if i < j:
                a, b = sorted((ids[i], ids[j]))
                pairs.append((a, b, round(float(cosine), 4)))
    return sorted(pairs)
