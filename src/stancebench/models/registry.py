"""Names of models; a model's module is imported when it is asked for, not before."""

from __future__ import annotations

from importlib import import_module

from stancebench.errors import unknown
from stancebench.models.spec import ModelSpec

BUILT_IN = {
    "constant": "stancebench.models.constant:CONSTANT",
    "majority": "stancebench.models.constant:MAJORITY",
    "stratified": "stancebench.models.constant:STRATIFIED",
    "holder_prior": "stancebench.models.holder_prior:HOLDER_PRIOR",
    "lexicon": "stancebench.models.lexicon:LEXICON",
    "tfidf_svm": "stancebench.models.tfidf:TFIDF_SVM",
    "tfidf_logreg": "stancebench.models.tfidf:TFIDF_LOGREG",
    "presence_svm": "stancebench.models.tfidf:PRESENCE_SVM",
    "complement_nb": "stancebench.models.tfidf:COMPLEMENT_NB",
    "nearest_centroid": "stancebench.models.nearest_centroid:NEAREST_CENTROID",
    "stacked": "stancebench.models.stacked:STACKED",
    "copy_other_target": "stancebench.models.copy_other_target:COPY_OTHER_TARGET",
}


def model_names() -> list[str]:
    """Return the registered names, sorted."""
    return sorted(BUILT_IN)


def model_spec(name: str) -> ModelSpec:
    """Return a registered model.

    Raises
    ------
    UsageError
        when no model has that name
    """
    if name not in BUILT_IN:
        raise unknown("model", name, BUILT_IN, "Type `stancebench ls models` to see them.")
    module, attribute = BUILT_IN[name].split(":")
    spec: ModelSpec = getattr(import_module(module), attribute)
    return spec
