"""Baselines: one file a family, each an ordinary scikit-learn estimator."""

from stancebench.models.registry import model_names, model_spec
from stancebench.models.spec import ModelConfig, ModelContext, ModelSpec

__all__ = ["ModelConfig", "ModelContext", "ModelSpec", "model_names", "model_spec"]
