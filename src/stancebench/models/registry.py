"""Names of models; a model's module is imported when it is asked for, not before."""

from __future__ import annotations

from importlib import import_module

from stancebench.errors import unknown
from stancebench.models.spec import ModelSpec

BUILT_IN = {
    "majority": "stancebench.models.constant:MAJORITY",
    "stratified": "stancebench.models.constant:STRATIFIED",
    "holder_prior": "stancebench.models.holder_prior:HOLDER_PRIOR",
    "tfidf_svm": "stancebench.models.tfidf:TFIDF_SVM",
    "tfidf_logreg": "stancebench.models.tfidf:TFIDF_LOGREG",
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
