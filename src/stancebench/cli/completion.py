"""Completion of overrides, by Hydra's own knowledge of the config tree."""

from __future__ import annotations

import os

from stancebench.config.compose import CONFIG_NAME, hydra_at, start
from stancebench.config.schemas import SCHEMA
from stancebench.paths import shipped


def overrides(incomplete: str) -> list[str]:
    """Return what an override may be completed to.

    Parameters
    ----------
    incomplete : str
        the word under the cursor, such as ``model=tf``; Bash breaks words at ``=`` and gives only ``tf``

    Returns
    -------
    list of str
    """
    from hydra._internal.core_plugins.bash_completion import BashCompletion

    given = _before(os.environ.get("COMP_WORDS", "").split())
    typed = given + incomplete
    start()
    with hydra_at(str(shipped("conf").absolute())) as hydra:
        completion = BashCompletion(hydra.config_loader)
        found = completion._query(config_name=CONFIG_NAME, line=typed)  # noqa: SLF001 -- what Hydra's own calls
    return [text.removeprefix(given) for text in found if not text.endswith(SCHEMA)]


def _before(words: list[str]) -> str:
    """Return the ``key=`` that Bash cut off the word under the cursor."""
    return "".join(words[-3:-1]) if words[-2:-1] == ["="] else ""
