"""Config dataclasses of the built-in models: bound to `conf/model/*.yaml`, imported without scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any, cast

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from stancebench.errors import UsageError
from stancebench.models.spec import ModelConfig, ModelSpec


@dataclass
class MajorityConfig(ModelConfig):
    """The commonest stance of train."""

    per_target: bool = False
    """whether each target has its own"""


@dataclass
class StratifiedConfig(ModelConfig):
    """Stances drawn with train's frequencies."""


class PriorLevel(Enum):
    """What the prior conditions on, besides the target."""

    holder = "holder"
    bloc = "bloc"
    target = "target"


@dataclass
class HolderPriorConfig(ModelConfig):
    """Who speaks, and which target is named: the shortcut to beat."""

    level: PriorLevel = PriorLevel.holder
    gated: bool = True
    """whether a sentence that names no alias of the target is none"""


class Conditioning(Enum):
    """How a text model is told the target."""

    per_target = "per_target"
    crossed = "crossed"
    marked = "marked"


@dataclass
class ConditioningConfig:
    """Chosen by ``model/conditioning=``."""

    name: Conditioning = Conditioning.per_target


@dataclass
class PenaltyConfig(ModelConfig):
    """What the linear classifiers share."""

    C: float = 1.0
    """inverse strength of the penalty"""

    balanced: bool = True
    """whether each class weighs the same"""


@dataclass
class NgramConfig(ModelConfig):
    """What the models that read n-grams share."""

    word_ngrams: list[int] = field(default_factory=lambda: [1, 2])
    """shortest and longest word n-gram; empty for none"""

    char_ngrams: list[int] = field(default_factory=lambda: [2, 5])
    """shortest and longest character n-gram within words; empty for none"""

    min_df: int = 1
    """training sentences an n-gram must stand in"""


@dataclass
class ConditionedConfig(NgramConfig):
    """N-grams, told the target."""

    conditioning: ConditioningConfig = field(default_factory=ConditioningConfig)


@dataclass
class TfidfConfig(ConditionedConfig, PenaltyConfig):
    """What the TF-IDF models with a linear classifier share."""


@dataclass
class TfidfSvmConfig(TfidfConfig):
    """TF-IDF with a linear support vector machine."""


@dataclass
class TfidfLogregConfig(TfidfConfig):
    """TF-IDF with logistic regression."""


@dataclass
class PresenceSvmConfig(ConditionedConfig, PenaltyConfig):
    """Which n-grams a text has, with a linear support vector machine; n-grams of characters cross words."""

    balanced: bool = False
    word_ngrams: list[int] = field(default_factory=lambda: [1, 3])


@dataclass
class ComplementNBConfig(ConditionedConfig):
    """TF-IDF with complement naive Bayes."""

    alpha: float = 0.03
    """pseudo-count of each n-gram; rows have length 1, so that the usual 1 would drown what was counted"""


@dataclass
class NearestCentroidConfig(ConditionedConfig):
    """TF-IDF with the nearest centroid."""


@dataclass
class StackedConfig(TfidfConfig):
    """A logistic regression over what the text and the holder prior say."""


@dataclass
class CopyOtherTargetConfig(NgramConfig, PenaltyConfig):
    """An unseen target answered by the model of a seen one."""


@dataclass
class LexiconConfig(ModelConfig):
    """Sentiment of the words around the target."""

    window: int = 8
    """tokens on each side of a mention; 0 for the whole text"""

    threshold: float = 0.05
    """mean compound score from which it is favor; against from its negative down"""


class ConstantStance(Enum):
    """What the constant says."""

    favor = "favor"
    against = "against"
    none = "none"


@dataclass
class ConstantConfig(ModelConfig):
    """Always one stance."""

    stance: ConstantStance = ConstantStance.favor


CONFIGS: dict[str, type[ModelConfig]] = {
    "constant": ConstantConfig,
    "majority": MajorityConfig,
    "majority_per_target": MajorityConfig,
    "stratified": StratifiedConfig,
    "holder_prior": HolderPriorConfig,
    "lexicon": LexiconConfig,
    "tfidf_svm": TfidfSvmConfig,
    "tfidf_logreg": TfidfLogregConfig,
    "presence_svm": PresenceSvmConfig,
    "complement_nb": ComplementNBConfig,
    "nearest_centroid": NearestCentroidConfig,
    "stacked": StackedConfig,
    "copy_other_target": CopyOtherTargetConfig,
}
"""by the name of the file under ``conf/model``"""


def build_config(model: ModelSpec, values: Mapping[str, Any]) -> ModelConfig:
    """Return a model's config from plain values; what is not given has its default.

    Parameters
    ----------
    model : ModelSpec
        whose config it is
    values : mapping
        as a record holds them; a choice of a group may be its name alone, as in ``{"conditioning": "marked"}``

    Raises
    ------
    UsageError
        when the values do not fit, as in a record of another version of the model
    """
    try:
        defaults = OmegaConf.structured(model.config(name=model.name))
        given = {
            key: {"name": value} if isinstance(value, str) and OmegaConf.is_dict(defaults.get(key)) else value
            for key, value in values.items()
        }
        return cast("ModelConfig", OmegaConf.to_object(OmegaConf.merge(defaults, given)))
    except OmegaConfBaseException as e:
        if isinstance(e.__context__, KeyboardInterrupt):
            # OmegaConf wraps whatever interrupts it.
            raise KeyboardInterrupt from e
        known = ", ".join(f.name for f in fields(model.config) if f.name != "name")
        first = str(e).splitlines()[0]
        raise UsageError(f"The config of model {model.name!r} does not fit: {first}. It takes: {known}.") from None
