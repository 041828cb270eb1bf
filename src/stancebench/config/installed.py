"""Third parties' configs in Hydra's group ``model``, without a search-path plugin and without importing them all."""

from __future__ import annotations

from typing import Any

from hydra.core.config_store import ConfigNode, ConfigStore
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from stancebench.errors import ModelError
from stancebench.models.registry import BUILT_IN, model_names, model_spec, origin
from stancebench.models.spec import ModelConfig


class DeferredNode(ConfigNode):  # type: ignore[misc]
    """A model's config whose module is imported when Hydra takes the node, not when it lists the names."""

    @property
    def node(self) -> Any:
        """The config node."""
        return self._taken or config_node(self.name.removesuffix(".yaml"))

    @node.setter
    def node(self, value: Any) -> None:
        # Hydra's store puts a copy of the node onto a copy of this object.
        self._taken = value


def config_node(name: str) -> Any:
    """Return the structured config of a third party's model, with its defaults.

    Raises
    ------
    ModelError
        when it cannot be loaded, or its config is none that Hydra takes
    """
    config = model_spec(name).config
    told = f"The model {name!r} of {origin(name)} has a config that cannot be used: {config!r}"
    if not (isinstance(config, type) and issubclass(config, ModelConfig)):
        raise ModelError(f"{told} does not extend stancebench.models.ModelConfig. Type: stancebench check-model {name}")
    try:
        return OmegaConf.structured(config(name=name))
    except (TypeError, ValueError, OmegaConfBaseException) as e:
        raise ModelError(f"{told}: {str(e).splitlines()[0]}. Type: stancebench check-model {name}") from e


def store_installed() -> None:
    """Make every third party's model a choice of ``model=``."""
    group: dict[str, Any] = ConfigStore.instance().repo.setdefault("model", {})
    # What was installed may have changed since this process stored it.
    for stale in [key for key, node in group.items() if isinstance(node, DeferredNode)]:
        del group[stale]
    for name in model_names():
        if name not in BUILT_IN:
            group[f"{name}.yaml"] = DeferredNode(
                name=f"{name}.yaml", node=None, group="model", package=None, provider=str(origin(name))
            )
