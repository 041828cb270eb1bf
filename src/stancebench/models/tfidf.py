"""TF-IDF of word and character n-grams with a linear classifier."""

from __future__ import annotations

from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import LinearSVC

from stancebench.errors import UsageError
from stancebench.models.conditioning import CrossTarget, MarkTarget, PerTarget
from stancebench.models.configs import Conditioning, TfidfConfig, TfidfLogregConfig, TfidfSvmConfig
from stancebench.models.spec import ModelContext, ModelSpec


def check_ranges(config: TfidfConfig) -> None:
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
    for key, least in (("C", 0.0), ("min_df", 0)):
        if getattr(config, key) <= least:
            raise UsageError(f"model.{key}: a number greater than {least:g} is expected, got {getattr(config, key)}.")


def features(config: TfidfConfig, context: ModelContext) -> ColumnTransformer:
    """Return the transformer from rows to sparse features: n-grams, and the holder where the inputs hold it."""
    parts: list[tuple[str, BaseEstimator, str | list[str]]] = []
    for name, analyzer, ngrams in (("words", "word", config.word_ngrams), ("chars", "char_wb", config.char_ngrams)):
        if ngrams:
            vectorizer = TfidfVectorizer(
                analyzer=analyzer, ngram_range=tuple(ngrams), min_df=config.min_df, sublinear_tf=True
            )
            parts.append((name, vectorizer, "text"))
    if "holder" in context.columns:
        parts.append(("holder", OneHotEncoder(handle_unknown="ignore"), ["holder", "bloc"]))
    return ColumnTransformer(parts, sparse_threshold=1.0)


def conditioned(config: TfidfConfig, context: ModelContext, classifier: BaseEstimator) -> BaseEstimator:
    """Return the pipeline of features and classifier, told the target in the way the config says."""
    check_ranges(config)
    how = config.conditioning.name
    if how is Conditioning.per_target:
        return PerTarget(Pipeline([("features", features(config, context)), ("classifier", classifier)]))
    if how is Conditioning.crossed:
        return Pipeline([("features", CrossTarget(features(config, context))), ("classifier", classifier)])
    patterns = {t.id: t.pattern.pattern for t in context.targets}
    return Pipeline(
        [("mark", MarkTarget(patterns)), ("features", features(config, context)), ("classifier", classifier)]
    )


def _svm(config: TfidfSvmConfig, context: ModelContext) -> BaseEstimator:
    # liblinear visits coordinates in random order; a fixed state makes the model deterministic.
    weight = "balanced" if config.balanced else None
    return conditioned(config, context, LinearSVC(C=config.C, class_weight=weight, random_state=0, max_iter=10_000))


def _logreg(config: TfidfLogregConfig, context: ModelContext) -> BaseEstimator:
    weight = "balanced" if config.balanced else None
    return conditioned(config, context, LogisticRegression(C=config.C, class_weight=weight, max_iter=2_000))


TFIDF_SVM = ModelSpec("tfidf_svm", 1, TfidfSvmConfig, _svm, "TF-IDF word and character n-grams, linear SVM")
TFIDF_LOGREG = ModelSpec(
    "tfidf_logreg", 1, TfidfLogregConfig, _logreg, "TF-IDF word and character n-grams, logistic regression"
)
