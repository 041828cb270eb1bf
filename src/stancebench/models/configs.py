"""Config dataclasses of the built-in models: bound to `conf/model/*.yaml`, imported without scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from omegaconf import MISSING

from stancebench.models.spec import ModelConfig


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

    name: Conditioning = MISSING


@dataclass
class TfidfConfig(ModelConfig):
    """What the TF-IDF models share."""

    C: float = 1.0
    """inverse strength of the penalty"""

    balanced: bool = True
    """whether each class weighs the same"""

    word_ngrams: list[int] = field(default_factory=lambda: [1, 2])
    """shortest and longest word n-gram; empty for none"""

    char_ngrams: list[int] = field(default_factory=lambda: [2, 5])
    """shortest and longest character n-gram within words; empty for none"""

    min_df: int = 1
    """training sentences an n-gram must stand in"""

    conditioning: ConditioningConfig = field(default_factory=ConditioningConfig)


@dataclass
class TfidfSvmConfig(TfidfConfig):
    """TF-IDF with a linear support vector machine."""


@dataclass
class TfidfLogregConfig(TfidfConfig):
    """TF-IDF with logistic regression."""


CONFIGS: dict[str, type[ModelConfig]] = {
    "majority": MajorityConfig,
    "majority_per_target": MajorityConfig,
    "stratified": StratifiedConfig,
    "holder_prior": HolderPriorConfig,
    "tfidf_svm": TfidfSvmConfig,
    "tfidf_logreg": TfidfLogregConfig,
}
"""by the name of the file under ``conf/model``"""
