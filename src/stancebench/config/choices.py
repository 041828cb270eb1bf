"""What the groups of ``conf/`` offer: choices by the name typed, and the keys that each choice has."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from stancebench.paths import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = "table"
"""the choice of ``corpus=`` that is a file of the user's own"""


def known_keys(schema: Any, prefix: str = "") -> list[str]:
    """Return the dotted keys of a dataclass schema."""
    keys = []
    for field in fields(schema):
        keys.append(prefix + field.name)
        factory = field.default_factory
        if isinstance(factory, type) and is_dataclass(factory):
            keys += known_keys(factory, f"{prefix}{field.name}.")
    return keys


def keys_of_choices() -> dict[str, list[str]]:
    """Return the choices that have each dotted key, as ``protocol.k``: ``protocol=few_shot``.

    Installed models are left out: their keys cost the import of each.
    """
    from stancebench.config.schemas import PROTOCOL_CONFIGS
    from stancebench.config.table_schema import TableCorpusConfig
    from stancebench.models.configs import CONFIGS

    groups: dict[str, Mapping[str, Any]] = {
        "corpus": {TABLE: TableCorpusConfig},
        "protocol": PROTOCOL_CONFIGS,
        "model": CONFIGS,
    }
    found: dict[str, list[str]] = {}
    for group, schemas in groups.items():
        for name, schema in schemas.items():
            for key in known_keys(schema, f"{group}."):
                found.setdefault(key, []).append(f"{group}={name}")
    return found


def is_group(key: str) -> bool:
    """Return whether a dotted key is a group of configs, which is chosen from: ``model.conditioning``."""
    return (shipped("conf") / key.replace(".", "/")).is_dir()


def read_config(group: str, name: str) -> dict[str, Any]:
    """Return a file of ``conf/`` as it is written, its defaults list left out."""
    import yaml

    content: dict[str, Any] = yaml.safe_load((shipped("conf") / group / f"{name}.yaml").read_text(encoding="utf-8"))
    content.pop("defaults", None)
    return content


def variants() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the choices of ``model=`` that are another model's config: that model and the keys they set."""
    from stancebench.models.registry import BUILT_IN, conflict

    found = {}
    for path in sorted((shipped("conf") / "model").glob("*.yaml")):
        if path.stem not in BUILT_IN and not conflict(path.stem):
            settings = read_config("model", path.stem)
            found[path.stem] = (str(settings.pop("name")), settings)
    return found


def model_choices() -> list[str]:
    """Return what can be typed after ``model=``, sorted."""
    from stancebench.models.registry import model_names

    return sorted({*model_names(), *variants()})
