"""What is refused before Hydra reads a command line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stancebench.config.choices import known_keys
from stancebench.config.schemas import RunConfig
from stancebench.errors import UsageError, nearest

THEN = "Type `stancebench run --cfg job` to see every key."


def refuse_additions(overrides: Sequence[str]) -> None:
    """Refuse ``+key=value`` and ``~key``, which slip past a schema; Hydra's own keys may be added to.

    Raises
    ------
    UsageError
        names the key and the nearest one that exists
    """
    for text in overrides:
        if text[:1] in "+~" and not text.lstrip("+~").startswith("hydra"):
            key = re.split(r"[=@]", text.lstrip("+~"))[0]
            keys = known_keys(RunConfig)
            close = nearest(key, keys)
            hint = f" Did you mean {close!r}?" if close else ""
            raise UsageError(
                f"{text!r} would {'remove' if text[0] == '~' else 'add'} a key, and every key is declared.{hint} "
                f"Write it without {text[0]!r} to change a value. {THEN}"
            )


def refuse_several_experiments(overrides: Sequence[str]) -> None:
    """Refuse ``experiment=a,b``: each experiment is a sweep of its own.

    Raises
    ------
    UsageError
        says how to run them
    """
    for text in overrides:
        if text.startswith("experiment=") and "," in text:
            names = text.removeprefix("experiment=").split(",")
            each = "; ".join(f"stancebench run experiment={name}" for name in names)
            raise UsageError(f"{text!r}: one experiment at a time. Type {each}.")


HYDRA_FLAGS = {
    *("--help", "-h", "--hydra-help", "--version", "--cfg", "-c", "--resolve", "--package", "-p", "--run", "-r"),
    *("--multirun", "-m", "--shell-completion", "-sc", "--config-path", "-cp", "--config-name", "-cn"),
    *("--config-dir", "-cd", "--experimental-rerun", "--info", "-i"),
}


def refuse_flags(arguments: Sequence[str]) -> None:
    """Refuse ``--key``: choices are written without dashes.

    Raises
    ------
    UsageError
        says how to write it
    """
    for text in arguments:
        flag = text.split("=")[0]
        if flag.startswith("-") and flag not in HYDRA_FLAGS:
            raise UsageError(
                f"There is no flag {flag!r}. Choices are written key=value, without dashes: "
                "`stancebench run model=tfidf_svm`. Type `stancebench run --help`."
            )
