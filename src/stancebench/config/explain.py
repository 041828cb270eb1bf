"""Hydra's refusals in one message: what was given, what is allowed, the nearest match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from hydra.errors import ConfigCompositionException, HydraException, MissingConfigException, OverrideParseException
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException, ValidationError

from stancebench.config.schemas import SCHEMA, RunConfig
from stancebench.corpora.load import OWN_FOLDER
from stancebench.errors import ModelError, StancebenchError, UsageError, listed, nearest, unknown
from stancebench.models.registry import conflict

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


def known_keys(schema: Any, prefix: str = "") -> list[str]:
    """Return the dotted keys of a dataclass schema."""
    keys = []
    for field in fields(schema):
        keys.append(prefix + field.name)
        factory = field.default_factory
        if isinstance(factory, type) and is_dataclass(factory):
            keys += known_keys(factory, f"{prefix}{field.name}.")
    return keys


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


@contextmanager
def explained(arguments: Sequence[str]) -> Iterator[None]:
    """Raise Hydra's and OmegaConf's errors as one message; bugs, and what is one message already, as they are.

    Parameters
    ----------
    arguments : sequence of str
        what was typed
    """
    try:
        yield
    except StancebenchError:
        raise
    except Exception as e:
        told = explain(e, arguments)
        if told is None:
            raise
        raise told from e


def explain(error: Exception, arguments: Sequence[str]) -> StancebenchError | None:
    """Return the one message for an error of Hydra's or OmegaConf's; None where the error is a bug.

    Parameters
    ----------
    error : Exception
        what was raised
    arguments : sequence of str
        what was typed
    """
    if isinstance(error, MissingConfigException):
        return _missing(error)
    if isinstance(error, OverrideParseException):
        return UsageError(f"Cannot read {error.override!r}: {_first_line(error)}. Write key=value. {THEN}")
    if str(error).startswith("Ambiguous value for argument"):
        given = str(error).split("'")[1]
        return UsageError(
            f"{given!r} has several values: a sweep needs -m. Type `stancebench run -m {' '.join(arguments)}`."
        )
    if isinstance(error, ConfigCompositionException | OmegaConfBaseException | HydraException):
        # Hydra chains OmegaConf's error; OmegaConf, under a tracer, chains one that does not know its key.
        chained = isinstance(error.__cause__, Exception) and not isinstance(error, OmegaConfBaseException)
        cause = error.__cause__ if chained else error
        if isinstance(cause, OmegaConfBaseException) and cause.full_key is not None:
            return _beside_experiment(_of_key(cause), str(cause.full_key), arguments)
        told = (_choices(str(error)) or _first_line(error)).removesuffix(".")
        return UsageError(f"{told}. {THEN}")
    return None


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    # "In 'experiment/x': ValidationError raised while composing config:" says where, the next line what.
    return f"{lines[0]} {lines[1]}" if lines[0].endswith(":") and len(lines) > 1 else lines[0]


def _missing(error: MissingConfigException) -> StancebenchError:
    missing = str(error.missing_cfg_file or "")
    group, _, given = missing.rpartition("/")
    if group == "model" and (told := conflict(given)):
        return ModelError(told)
    options = [o for o in error.options or [] if not o.endswith(SCHEMA)]
    kind = group or "config"
    verb = {"corpus": "corpora", "task": "tasks", "protocol": "protocols", "model": "models"}
    plural = verb.get(kind, "experiments" if kind == "experiment" else "")
    then = f"Type `stancebench ls {plural}` to see them." if plural else ""
    return unknown(kind, given, options, f"{then} {OWN_FOLDER}" if kind == "corpus" else then)


def _choices(message: str) -> str:
    """Return a shorter reading of Hydra's message about an override of a group that is not there."""
    found = re.search(r"Could not override '([^']+)'", message)
    if not found:
        return ""
    given = found[1]
    groups = ["corpus", "task", "protocol", "model", "scoring", "tracking", "experiment", "model/conditioning"]
    if given in groups:
        return (
            f"{given!r} cannot be chosen here: the model chosen does not have it "
            "(what is typed beside an experiment holds for every run of it)"
        )
    close = nearest(given, [*groups, *known_keys(RunConfig)])
    return f"There is no key {given!r}." + (f" Did you mean {close!r}?" if close else "")


def _beside_experiment(error: UsageError, key: str, arguments: Sequence[str]) -> UsageError:
    """Add why a key that nobody typed is told: an experiment sets it for another choice than the one typed."""
    chosen = [a for a in arguments if "=" in a and not a.startswith(("experiment=", "-"))]
    if chosen and not any(key in a for a in arguments) and any(a.startswith("experiment=") for a in arguments):
        return UsageError(
            f"{' '.join(chosen)} cannot be chosen here: what is typed beside an experiment holds for every run of it, "
            f"and its grids set {key!r}. {error}"
        )
    return error


def _of_key(cause: OmegaConfBaseException) -> UsageError:
    key = str(cause.full_key)
    if isinstance(cause, ValidationError):
        return UsageError(f"{key}: {_first_line(cause)}.{_allowed(cause)} {THEN}")
    if isinstance(cause, ConfigKeyError | AttributeError) or "not in" in str(cause):
        schema = cause.object_type
        here = [f.name for f in fields(schema)] if isinstance(schema, type) and is_dataclass(schema) else []
        parent, _, name = key.rpartition(".")
        close = nearest(name, here)
        full = f"{parent}.{close}" if parent and close else close
        hint = f" Did you mean {full!r}?" if full else ""
        allowed = f" Allowed{f' under {parent}' if parent else ''}: {listed(here)}." if here else ""
        return UsageError(f"There is no key {key!r}.{hint}{allowed} {THEN}")
    return UsageError(f"{key}: {_first_line(cause)} {THEN}")


def _allowed(cause: OmegaConfBaseException) -> str:
    kind = cause.ref_type
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f" Allowed: {listed(str(m.value) for m in kind)}."
    return ""
