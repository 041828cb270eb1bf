"""Names of models; a model's module is imported when it is asked for, not before.

Built-in models stand in a table. Third parties' models are named by the metadata of installed distributions (entry
points of the group `GROUP`), which is read without importing them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from stancebench.errors import ModelError, unknown
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

GROUP = "stancebench.models"
"""entry points of third parties' models"""


@dataclass(frozen=True)
class Installed:
    """A third party's model, as the metadata of its distribution names it.

    Attributes
    ----------
    name : str
        as typed after ``model=``
    value : str
        where its `ModelSpec` stands, as ``package.module:ATTRIBUTE``
    distribution, version : str
        what was installed
    """

    name: str
    value: str
    distribution: str
    version: str

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"


@cache
def installed() -> Mapping[str, tuple[Installed, ...]]:
    """Return third parties' models by name; several where several distributions give one name."""
    from importlib.metadata import entry_points

    found: dict[str, tuple[Installed, ...]] = {}
    for point in entry_points(group=GROUP):
        name, version = (point.dist.name, point.dist.version) if point.dist else ("a distribution", "without metadata")
        found[point.name] = (*found.get(point.name, ()), Installed(point.name, point.value, name, version))
    return found


def conflict(name: str) -> str:
    """Return why a name cannot be used before anything is imported, or an empty string."""
    claims = installed().get(name, ())
    if not claims:
        return ""
    # The config dataclasses cost an import of OmegaConf, which scoring and Python users do without.
    from stancebench.models.configs import CONFIGS

    others = " and ".join(str(c) for c in claims)
    uninstall = f"pip uninstall {claims[-1].distribution}"
    if name in BUILT_IN or name in CONFIGS:
        return (
            f"The model name {name!r} is stancebench's own, and {others} gives it to another model: it is not used for "
            f"either. Type: {uninstall}"
        )
    if len(claims) > 1:
        return f"The model name {name!r} is given by {others}: it is not used for either. Type: {uninstall}"
    if not name.replace("-", "_").isidentifier():
        return (
            f"The model name {name!r} of {others} cannot be typed after model=: letters, digits, _ and - are allowed, "
            f"and a letter comes first. Rename its entry point, or type: {uninstall}"
        )
    return ""


def conflicts() -> list[str]:
    """Return why each name that cannot be used cannot be used."""
    return [told for name in sorted(installed()) if (told := conflict(name))]


def model_names() -> list[str]:
    """Return the names of all models, built-in and installed, sorted; nothing is imported."""
    return sorted(name for name in {*BUILT_IN, *installed()} if not conflict(name))


def model_spec(name: str) -> ModelSpec:
    """Return a registered model.

    Raises
    ------
    UsageError
        when no model has that name
    ModelError
        when two models have that name, or a third party's model cannot be loaded
    """
    if told := conflict(name):
        raise ModelError(told)
    if name in installed():
        return _loaded(installed()[name][0])
    if name not in BUILT_IN:
        raise unknown("model", name, model_names(), "Type `stancebench ls models` to see them.")
    module, attribute = BUILT_IN[name].split(":")
    spec: ModelSpec = getattr(import_module(module), attribute)
    return spec


def origin(name: str) -> Installed | None:
    """Return the distribution a model comes from; None for stancebench's own."""
    return None if name in BUILT_IN else installed().get(name, (None,))[0]


def key_name(name: str) -> str:
    """Return what a key calls a model: two packages that give one name, one after the other, are two models."""
    made_by = origin(name)
    return f"{made_by.distribution}:{name}" if made_by else name


def _loaded(model: Installed) -> ModelSpec:
    from importlib.metadata import EntryPoint

    try:
        spec = EntryPoint(model.name, model.value, GROUP).load()
    except (Exception, SystemExit) as e:
        # Whatever a third party's module does when it is imported must not take the other models down.
        lines = str(e).strip().splitlines()
        raise _unusable(model, f"{type(e).__name__}: {lines[0]}" if lines else type(e).__name__) from e
    if not isinstance(spec, ModelSpec):
        raise _unusable(model, f"it is of type {type(spec).__name__}, and a stancebench.models.ModelSpec is expected")
    if spec.name != model.name:
        raise _unusable(model, f"its ModelSpec has the name {spec.name!r}; give it the name of its entry point")
    return spec


def _unusable(model: Installed, why: str) -> ModelError:
    return ModelError(
        f"The model {model.name!r} of {model} cannot be loaded from {model.value}: {why}. "
        f"Mend that package, or type: pip uninstall {model.distribution}"
    )
