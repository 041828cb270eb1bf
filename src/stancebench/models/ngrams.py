"""TF-IDF or presence of word and character n-grams, beside the holder where the inputs hold it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Self

from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import OneHotEncoder

from stancebench.errors import UsageError
from stancebench.models.configs import NgramConfig
from stancebench.models.spec import ModelContext


class Ngrams(TfidfVectorizer):  # type: ignore[misc]
    """A TF-IDF vectoriser that says which key leaves it nothing to count."""

    ignores_y = True

    def fit(self, raw_documents: Iterable[str], y: Any = None) -> Self:
        """Learn vocabulary and weights."""
        self.fit_transform(raw_documents)
        return self

    def fit_transform(self, raw_documents: Iterable[str], y: Any = None) -> Any:
        """Learn vocabulary and weights, and return the n-grams of the documents.

        Raises
        ------
        UsageError
            when no n-gram is left; names the key and what there is to count
        """
        documents = list(raw_documents)
        try:
            return super().fit_transform(documents)
        except ValueError as e:
            refusal = self._refusal(documents)
            if refusal is None:
                raise
            raise refusal from e

    def _refusal(self, documents: list[str]) -> UsageError | None:
        analyze = self.build_analyzer()
        counts = Counter(ngram for document in documents for ngram in set(analyze(document)))
        unit = "word" if self.analyzer == "word" else "char"
        key = f"model.{unit}_ngrams"
        if not counts:
            words = " (words have two characters or more)" if unit == "word" else ""
            return UsageError(
                f"{key}={list(self.ngram_range)} finds nothing in the {len(documents)} training sentences{words}. "
                f"Type smaller numbers, or {key}=[] for none."
            )
        commonest = max(counts.values())
        if commonest < self.min_df:
            return UsageError(
                f"model.min_df={self.min_df}: no {unit} n-gram stands in so many of the {len(documents)} training "
                f"sentences, the commonest in {commonest}. Type a number up to {commonest}, or {key}=[] for none."
            )
        return None


def check_ngrams(config: NgramConfig) -> None:
    """Refuse values outside their range.

    Raises
    ------
    UsageError
        names the key, what was given and what is allowed
    """
    for key, ngrams in (("word_ngrams", config.word_ngrams), ("char_ngrams", config.char_ngrams)):
        if ngrams and (len(ngrams) != 2 or not 1 <= ngrams[0] <= ngrams[1]):
            raise UsageError(f"model.{key}: two numbers, 1 <= shortest <= longest, or [] for none; got {list(ngrams)}.")
    if not config.word_ngrams and not config.char_ngrams:
        raise UsageError("model.word_ngrams and model.char_ngrams are both [], which leaves no text. Set one of them.")
    check_positive(config, "min_df")


def check_positive(config: Any, key: str) -> None:
    """Refuse a number that is not greater than 0.

    Raises
    ------
    UsageError
        names the key and what was given
    """
    # `not >` refuses NaN too.
    if not getattr(config, key) > 0:
        raise UsageError(f"model.{key}: a number greater than 0 is expected, got {getattr(config, key)}.")


TFIDF: Mapping[str, Any] = {"sublinear_tf": True}

PRESENCE: Mapping[str, Any] = {"binary": True, "use_idf": False, "norm": None}


def features(
    config: NgramConfig, context: ModelContext, weights: Mapping[str, Any] = TFIDF, chars: str = "char_wb"
) -> ColumnTransformer:
    """Return the transformer from rows to sparse features: n-grams, and the holder where the inputs hold it.

    Parameters
    ----------
    config : NgramConfig
        which n-grams
    context : ModelContext
        whose columns say whether there is a holder
    weights : mapping, default=TFIDF
        ``TFIDF``, or ``PRESENCE``: 1 for an n-gram that is there
    chars : {"char_wb", "char"}
        whether n-grams of characters stay within words
    """
    parts: list[tuple[str, BaseEstimator, str | list[str]]] = []
    for name, analyzer, ngrams in (("words", "word", config.word_ngrams), ("chars", chars, config.char_ngrams)):
        if ngrams:
            vectorizer = Ngrams(analyzer=analyzer, ngram_range=tuple(ngrams), min_df=config.min_df, **weights)
            parts.append((name, vectorizer, "text"))
    if "holder" in context.columns:
        parts.append(("holder", OneHotEncoder(handle_unknown="ignore"), ["holder", "bloc"]))
    return ColumnTransformer(parts, sparse_threshold=1.0)
