"""A multirun's jobs: which there are, and their configs, composed once per choice of groups."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf, flag_override


def compose_all(loader: ConfigLoader, base: DictConfig, jobs: Sequence[Sequence[str]]) -> list[DictConfig]:
    """Return the config of every job, equal to what Hydra would compose for each.

    Groups are composed once per distinct choice; plain values are then set on a copy, which is twenty times faster.

    Parameters
    ----------
    loader : ConfigLoader
        Hydra's
    base : DictConfig
        the multirun's own config, with its ``hydra`` node
    jobs : sequence of sequence of str
        overrides of each job

    Returns
    -------
    list of DictConfig
        without the ``hydra`` node
    """
    parser = OverridesParser.create(config_loader=loader)
    parsed = {text: parser.parse_override(text) for text in {text for job in jobs for text in job}}
    # Asking Hydra whether a name is a group costs as much as composing: ask once a name.
    groups = {name for name in {o.key_or_group for o in parsed.values()} if loader.get_group_options(name)}
    composed: dict[tuple[str, ...], DictConfig] = {}
    configs = []
    for job in jobs:
        values = [o for o in (parsed[text] for text in job) if _is_plain(o) and o.key_or_group not in groups]
        set_later = {id(o) for o in values}
        key = tuple(text for text in job if id(parsed[text]) not in set_later)
        if key not in composed:
            composed[key] = without_hydra(loader.load_sweep_config(base, list(key)))
        config = copy.deepcopy(composed[key])
        for override in values:
            OmegaConf.update(config, override.key_or_group, override.value(), merge=True)
        configs.append(config)
    return configs


def _is_plain(override: Override) -> bool:
    """Return whether an override only sets the value of a key."""
    return not (override.is_add() or override.is_delete() or override.is_force_add() or override.package)


def without_hydra(config: DictConfig) -> DictConfig:
    """Return a config without Hydra's own node, taken out of it in place."""
    with flag_override(config, ["struct", "readonly"], [False, False]):
        del config["hydra"]
    return config


def combinations(loader: ConfigLoader, arguments: Sequence[str]) -> list[list[str]]:
    """Return the overrides of every job; a later setting of a key replaces an earlier one."""
    choices: dict[str, list[str]] = {}
    for override in OverridesParser.create(config_loader=loader).parse_overrides(list(arguments)):
        key = override.get_key_element()
        if override.is_sweep_override():
            choices[key] = [f"{key}={value}" for value in override.sweep_string_iterator()]
        else:
            choices[key] = [f"{key}={override.get_value_element_as_str()}"]
    return [list(job) for job in itertools.product(*choices.values())]


def grid_jobs(
    loader: ConfigLoader, grids: Sequence[Mapping[str, Any]], params: Mapping[str, Any], typed: Sequence[str]
) -> list[list[str]]:
    """Return the overrides of every distinct job of several grids.

    Parameters
    ----------
    loader : ConfigLoader
        Hydra's
    grids : sequence of mapping
        key to values, each grid by itself
    params : mapping
        key to values, joined to every grid; wins over it
    typed : sequence of str
        overrides of the command line; win over both

    Returns
    -------
    list of list of str
    """
    jobs: dict[tuple[str, ...], None] = {}
    for grid in grids or [{}]:
        settings = [f"{key}={values}" for key, values in {**grid, **params}.items()]
        jobs |= dict.fromkeys(tuple(job) for job in combinations(loader, [*settings, *typed]))
    return [list(job) for job in jobs]
