from __future__ import annotations

import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from stancebench.errors import UsageError
from stancebench.models import ModelContext, model_spec
from stancebench.models.configs import ComplementNBConfig, Conditioning, ConditioningConfig, TfidfSvmConfig
from stancebench.models.ngrams import Ngrams
from stancebench.runs.memory import SharedMemory, ignores_y, share

TEXTS = ["good sun", "bad sun", "the sun"]
X = pd.DataFrame({"text": TEXTS, "target": "sun"})
Y = ["favor", "against", "none"]
CONTEXT = ModelContext((), ("text", "target"))


@pytest.mark.parametrize("analyzer", ["word", "char_wb"])
def test_n_grams_are_scikit_learns(analyzer: str) -> None:
    options = {"analyzer": analyzer, "ngram_range": (1, 2), "min_df": 2, "sublinear_tf": True}
    ours, theirs = Ngrams(**options), TfidfVectorizer(**options)
    assert (ours.fit_transform(TEXTS) != theirs.fit_transform(TEXTS)).nnz == 0
    assert ours.vocabulary_ == theirs.vocabulary_
    assert (clone(ours).fit(TEXTS).transform(TEXTS) != theirs.transform(TEXTS)).nnz == 0
    assert clone(ours).get_params() == theirs.get_params()


def test_targets_share_n_grams() -> None:
    assert ignores_y(Ngrams())


@pytest.mark.parametrize("how", list(Conditioning))
@pytest.mark.parametrize("shared", [True, False])
def test_a_min_df_that_leaves_nothing_is_refused_with_what_there_is(how: Conditioning, shared: bool) -> None:
    for words, chars, kind in (([1, 1], [], "word"), ([], [3, 3], "char")):
        config = TfidfSvmConfig(
            name="tfidf_svm",
            min_df=4,
            word_ngrams=words,
            char_ngrams=chars,
            conditioning=ConditioningConfig(how),
        )
        model = model_spec("tfidf_svm").build(config, CONTEXT)
        with pytest.raises(UsageError) as refused:
            (share(model, SharedMemory()) if shared else model).fit(X, Y)
        assert str(refused.value) == (
            f"model.min_df=4: no {kind} n-gram stands in so many of the 3 training sentences, the commonest in 3. "
            f"Type a number up to 3, or model.{kind}_ngrams=[] for none."
        )


def test_a_min_df_that_the_commonest_n_gram_reaches_is_taken() -> None:
    assert Ngrams(min_df=3).fit(TEXTS).vocabulary_ == {"sun": 0}
    with pytest.raises(UsageError, match=r"^model\.min_df=3: .* the commonest in 2\. Type a number up to 2, "):
        Ngrams(min_df=3).fit(["good sun", "bad sun", "moon"])


@pytest.mark.parametrize(
    ("ngrams", "texts"), [((1, 1), ["!!!", "?"]), ((5, 5), TEXTS), ((1, 2), ["a b", "c d"])], ids=str
)
def test_texts_without_any_n_gram_are_refused(ngrams: tuple[int, int], texts: list[str]) -> None:
    with pytest.raises(UsageError) as refused:
        Ngrams(ngram_range=ngrams).fit(texts)
    assert str(refused.value) == (
        f"model.word_ngrams={list(ngrams)} finds nothing in the {len(texts)} training sentences (words have two "
        "characters or more). Type smaller numbers, or model.word_ngrams=[] for none."
    )


def test_any_other_error_of_the_vectoriser_is_a_bug_and_stays_as_it_is() -> None:
    with pytest.raises(ValueError, match="max_df"):
        Ngrams(min_df=3, max_df=2).fit(TEXTS)


@pytest.mark.parametrize("alpha", [0.0, -1.0, float("nan")])
def test_a_pseudo_count_out_of_range_is_refused(alpha: float) -> None:
    config = ComplementNBConfig(
        name="complement_nb", alpha=alpha, conditioning=ConditioningConfig(Conditioning.per_target)
    )
    with pytest.raises(UsageError) as refused:
        model_spec("complement_nb").build(config, CONTEXT)
    assert str(refused.value) == f"model.alpha: a number greater than 0 is expected, got {alpha}."
