"""Baselines: one file a family, each an ordinary scikit-learn estimator."""

from stancebench.models.registry import key_name, model_names, model_spec
from stancebench.models.spec import ModelConfig, ModelContext, ModelSpec

__all__ = ["ModelConfig", "ModelContext", "ModelSpec", "key_name", "model_names", "model_spec"]
