from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from stancebench.corpora import duplicates
from stancebench.corpora.duplicates import SLACK, THRESHOLD, near_duplicates

ENVOY = "The envoy of Aaa praised the Sun on Monday, number 17."
AGAIN = "The envoy of Aaa praised the Sun on Monday, number 18."
FAR = "Fishermen rejected every lunar calendar yesterday."
PARAPHRASE = "On Monday Aaa's representative spoke warmly about our star."

TEXTS = st.lists(
    st.lists(
        st.sampled_from(["sun", "Moon", "stars", "envoy", "praised", "blamed", "a", "\u0130x", "é."]),
        min_size=1,
        max_size=4,
    ).map("  ".join),
    max_size=9,
)


def naive(texts: list[str]) -> np.ndarray:
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform(texts).toarray()
    return np.array([[float(a @ b) for b in vectors] for a in vectors])


@given(TEXTS, st.integers(1, 400), st.floats(0.05, THRESHOLD - 2 * SLACK))
def test_pairs_equal_a_naive_comparison_whatever_the_block_and_the_rest(
    texts: list[str], block: int, rest: float
) -> None:
    assume(len(texts) > 1)
    cosines = naive(texts)
    assume(np.abs(cosines - THRESHOLD).min() > 1e-5)
    ids = [f"s{i}" for i in range(len(texts))]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(duplicates, "BLOCK", block)
        patched.setattr(duplicates, "REST", rest)
        found = near_duplicates(ids, texts)
    near = [(i, j) for i in range(len(texts)) for j in range(i + 1, len(texts)) if cosines[i, j] >= THRESHOLD]
    assert [(a, b) for a, b, _ in found] == [(ids[i], ids[j]) for i, j in near]
    assert [c for _, _, c in found] == pytest.approx([cosines[i, j] for i, j in near], abs=1e-3)


def test_a_near_duplicate_is_found_and_a_paraphrase_is_not() -> None:
    pairs = near_duplicates(["s1", "s2", "s3", "s4"], [ENVOY, FAR, AGAIN, PARAPHRASE])
    assert [(a, b) for a, b, _ in pairs] == [("s1", "s3")]
    assert THRESHOLD <= pairs[0][2] < 1


def test_the_smaller_id_comes_first_and_pairs_are_sorted() -> None:
    pairs = near_duplicates(["z", "b", "a", "c"], [ENVOY, FAR, ENVOY, FAR])
    assert pairs == [("a", "z", 1.0), ("b", "c", 1.0)]


@pytest.mark.parametrize("texts", [[], [ENVOY]])
def test_fewer_than_two_sentences_have_no_pair(texts: list[str]) -> None:
    assert near_duplicates([f"s{i}" for i in range(len(texts))], texts) == []


def test_texts_of_spaces_alone_are_not_like_one_another() -> None:
    assert near_duplicates(["a", "b"], ["", " "]) == []
    assert near_duplicates(["a", "b", "c"], [" ", " ", ENVOY]) == []
