"""TF-IDF or presence of word and character n-grams with a linear classifier or complement naive Bayes."""

from __future__ import annotations

from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from stancebench.models.conditioning import AllTargets, CrossTarget, MarkTarget, PerTarget, declines_unseen_targets
from stancebench.models.configs import (
    ComplementNBConfig,
    ConditionedConfig,
    Conditioning,
    PenaltyConfig,
    PresenceSvmConfig,
    TfidfLogregConfig,
    TfidfSvmConfig,
)
from stancebench.models.ngrams import PRESENCE, check_ngrams, check_positive, features
from stancebench.models.spec import ModelContext, ModelSpec


def conditioned(config: ConditionedConfig, context: ModelContext, classifier: BaseEstimator) -> BaseEstimator:
    """Return the pipeline of TF-IDF and classifier, told the target in the way the config says."""
    check_ngrams(config)
    return _told(config, context, features(config, context), classifier)


def _told(
    config: ConditionedConfig, context: ModelContext, ngrams: BaseEstimator, classifier: BaseEstimator
) -> BaseEstimator:
    how = config.conditioning.name
    if how is Conditioning.per_target:
        return PerTarget(Pipeline([("features", ngrams), ("classifier", classifier)]))
    if how is Conditioning.crossed:
        return AllTargets(Pipeline([("features", CrossTarget(ngrams)), ("classifier", classifier)]))
    patterns = {t.id: t.pattern.pattern for t in context.targets}
    return AllTargets(Pipeline([("mark", MarkTarget(patterns)), ("features", ngrams), ("classifier", classifier)]))


def declines_per_target(config: ConditionedConfig, context: ModelContext) -> str:
    """Return why a text model cannot take part, or an empty string."""
    return declines_unseen_targets(context) if config.conditioning.name is Conditioning.per_target else ""


def svm(config: PenaltyConfig) -> LinearSVC:
    """Return the linear support vector machine of a config."""
    check_positive(config, "C")
    weight = "balanced" if config.balanced else None
    # liblinear visits coordinates in random order; a fixed state makes the model deterministic.
    return LinearSVC(C=config.C, class_weight=weight, random_state=0, max_iter=10_000)


def logreg(config: PenaltyConfig) -> LogisticRegression:
    """Return the logistic regression of a config."""
    check_positive(config, "C")
    return LogisticRegression(C=config.C, class_weight="balanced" if config.balanced else None, max_iter=2_000)


def _svm(config: TfidfSvmConfig, context: ModelContext) -> BaseEstimator:
    return conditioned(config, context, svm(config))


def _logreg(config: TfidfLogregConfig, context: ModelContext) -> BaseEstimator:
    return conditioned(config, context, logreg(config))


def _presence_svm(config: PresenceSvmConfig, context: ModelContext) -> BaseEstimator:
    check_ngrams(config)
    return _told(config, context, features(config, context, PRESENCE, "char"), svm(config))


def _complement_nb(config: ComplementNBConfig, context: ModelContext) -> BaseEstimator:
    check_positive(config, "alpha")
    return conditioned(config, context, ComplementNB(alpha=config.alpha))


TFIDF_SVM = ModelSpec(
    "tfidf_svm",
    1,
    TfidfSvmConfig,
    _svm,
    "TF-IDF word and character n-grams, linear SVM",
    declines=declines_per_target,
)
TFIDF_LOGREG = ModelSpec(
    "tfidf_logreg",
    1,
    TfidfLogregConfig,
    _logreg,
    "TF-IDF word and character n-grams, logistic regression",
    declines=declines_per_target,
)
PRESENCE_SVM = ModelSpec(
    "presence_svm",
    1,
    PresenceSvmConfig,
    _presence_svm,
    "presence of word and character n-grams, linear SVM: the baseline of SemEval-2016 Task 6",
    declines=declines_per_target,
)
COMPLEMENT_NB = ModelSpec(
    "complement_nb",
    1,
    ComplementNBConfig,
    _complement_nb,
    "TF-IDF word and character n-grams, complement naive Bayes",
    declines=declines_per_target,
)
