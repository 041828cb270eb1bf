"""Models: what they declare and how they are found; the baselines, each family in a module of its own."""

from stancebench.models.registry import key_name, model_names, model_spec
from stancebench.models.spec import ModelConfig, ModelContext, ModelSpec

__all__ = ["ModelConfig", "ModelContext", "ModelSpec", "key_name", "model_names", "model_spec"]
