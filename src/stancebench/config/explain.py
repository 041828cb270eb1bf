"""Hydra's refusals in one message: what was given, what is allowed, the nearest match, what to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from enum import Enum

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import ConfigCompositionException, HydraException, MissingConfigException, OverrideParseException
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException, ValidationError

from stancebench.config.choices import is_group, keys_of_choices, known_keys
from stancebench.config.refuse import THEN
from stancebench.config.schemas import SCHEMA, RunConfig
from stancebench.corpora.declared import OWN_FOLDER
from stancebench.errors import ModelError, StancebenchError, UsageError, listed, nearest, unknown
from stancebench.models.registry import conflict

GROUPS = ("corpus", "task", "protocol", "model", "scoring", "tracking", "experiment", "model/conditioning")

MULTIRUN = {"-m", "--multirun"}


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
        what was typed, before anything was put before it
    """
    if isinstance(error, MissingConfigException):
        return _missing(error)
    if isinstance(error, OverrideParseException):
        return _unreadable(_as_typed(error.override, arguments), error)
    if ambiguous := re.match(r"Ambiguous value for argument '(.*)'$", str(error).splitlines()[0] if str(error) else ""):
        given = _as_typed(ambiguous[1], arguments)
        return UsageError(f"{given!r} has several values: a sweep needs -m. Type `{_sweep(arguments)}`.")
    if isinstance(error, ConfigCompositionException | OmegaConfBaseException | HydraException):
        # Hydra chains OmegaConf's error; OmegaConf, under a tracer, chains one that does not know its key.
        chained = isinstance(error.__cause__, Exception) and not isinstance(error, OmegaConfBaseException)
        cause = error.__cause__ if chained else error
        if isinstance(cause, OmegaConfBaseException) and cause.full_key is not None:
            return _beside_experiment(_of_key(cause, arguments), str(cause.full_key), arguments)
        told = (_choices(str(error)) or _first_line(error)).removesuffix(".")
        return UsageError(f"{told}. {THEN}")
    return None


def _as_typed(override: str, arguments: Sequence[str]) -> str:
    """Return an override as it was typed, without the ``++`` that opens a mapping."""
    plain = override.removeprefix("++")
    return plain if plain in arguments else override


def _sweep(arguments: Sequence[str]) -> str:
    """Return the command line of a sweep, quoted for a shell."""
    return shlex.join(["stancebench", "run", "-m", *(a for a in arguments if a not in MULTIRUN)])


def _unreadable(given: str, error: OverrideParseException) -> UsageError:
    key, _, value = given.partition("=")
    told = f"Cannot read {given!r}"
    if not value:
        return UsageError(f"{told}: {_first_line(error)}. Write key=value. {THEN}")
    if value[0] in "[{":
        return UsageError(
            f"{told}. In [] and {{}}, a value that is more than plain words goes in double quotes; "
            f"a key of {{}} takes none, but a backslash before each comma, colon, = and bracket. {THEN}"
        )
    quoted = f'{key}="{value}"'
    if '"' not in value and _readable(quoted):
        return UsageError(f"{told}: its value must be quoted. Type {shlex.quote(quoted)}.")
    return UsageError(f"{told}: its value must be quoted, as in 'key=\"value\"'. {THEN}")


def _readable(override: str) -> bool:
    try:
        OverridesParser.create().parse_override(override)
    except HydraException:
        return False
    return True


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
    if given in GROUPS:
        return (
            f"{given!r} cannot be chosen here: the model chosen does not have it "
            "(what is typed beside an experiment holds for every run of it)"
        )
    close = nearest(given, [*GROUPS, *known_keys(RunConfig)])
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


def _of_key(cause: OmegaConfBaseException, arguments: Sequence[str]) -> UsageError:
    key = str(cause.full_key)
    if isinstance(cause, ValidationError):
        told = f"{key}: {_first_line(cause).removesuffix('.')}."
        return UsageError(f"{told}{_allowed(cause)} {_mended(cause, key, arguments) or THEN}")
    if isinstance(cause, ConfigKeyError | AttributeError) or "not in" in str(cause):
        return _no_key(cause, key, arguments)
    return UsageError(f"{key}: {_first_line(cause)} {THEN}")


def _mended(cause: ValidationError, key: str, arguments: Sequence[str]) -> str:
    """Return what to type for a value of another kind than its key has; empty where that is not known."""
    given = next((a for a in arguments if a.partition("=")[0] == key), "")
    value = given.partition("=")[2]
    if not value:
        return ""
    told = _first_line(cause)
    if is_group(key):
        group = key.replace(".", "/")
        return f"It is a choice: type {shlex.quote(f'{group}={value}')}."
    if "is not a ListConfig" in told and _readable(f"{key}=[{value}]"):
        return f"It is a list: type {_in_quotes(f'{key}=[{value}]')}."
    span = re.fullmatch(r"(\d+)(?:-|\.\.|:)(\d+)", value)
    if "to Integer" in told and span:
        first, last = int(span[1]), int(span[2])
        several = f"{key}=range({last + 1})" if first == 0 else f"{key}=range({first}, {last + 1})"
        return f"For several values type `{_sweep([several if a == given else a for a in arguments])}`."
    return ""


def _in_quotes(text: str) -> str:
    """Return an argument in quotes that every shell reads the same."""
    return f"'{text}'" if "'" not in text else shlex.quote(text)


def _no_key(cause: OmegaConfBaseException, key: str, arguments: Sequence[str]) -> UsageError:
    typed = [a for a in arguments if a.partition("=")[0] == key or a.startswith(f"{key}.")]
    whole = typed[0].partition("=")[0] if typed else key
    parent, _, name = key.rpartition(".")
    having = keys_of_choices().get(whole, [])
    if parent and having:
        group = key.partition(".")[0]
        if any(a.startswith("experiment=") for a in arguments):
            return UsageError(
                f"There is no key {whole!r} in some {group} of the experiment, and what is typed beside an experiment "
                f"holds for every run of it. What has it: {listed(having)}. {THEN}"
            )
        path = whole.replace(".", "/") if is_group(whole) else whole
        example = shlex.join([having[0], *(path + a.removeprefix(whole) for a in typed[:1])])
        return UsageError(
            f"There is no key {whole!r} in the {group} chosen. What has it: {listed(having)}. "
            f"Type {'' if len(having) == 1 else 'for example '}{example}."
        )
    if not parent and (elsewhere := _keys_that_end_in(name)):
        mended = f" Type {shlex.quote(elsewhere[0] + typed[0].removeprefix(key))}." if typed else ""
        return UsageError(
            f"There is no key {key!r}. Did you mean {' or '.join(repr(k) for k in elsewhere)}?{mended} {THEN}"
        )
    schema = cause.object_type
    here = [f.name for f in fields(schema)] if isinstance(schema, type) and is_dataclass(schema) else []
    close = nearest(name, here)
    full = f"{parent}.{close}" if parent and close else close
    hint = f" Did you mean {full!r}?" if full else ""
    allowed = f" Allowed{f' under {parent}' if parent else ''}: {listed(here)}." if here else ""
    return UsageError(f"There is no key {key!r}.{hint}{allowed} {THEN}")


def _keys_that_end_in(name: str) -> list[str]:
    """Return the shortest paths of keys and groups whose last part is a name."""
    keys = [k for k in dict.fromkeys([*known_keys(RunConfig), *keys_of_choices()]) if k.rpartition(".")[2] == name]
    least = min((key.count(".") for key in keys), default=0)
    return [key.replace(".", "/") if is_group(key) else key for key in keys if key.count(".") == least][:3]


def _allowed(cause: OmegaConfBaseException) -> str:
    kind = cause.ref_type
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f" Allowed: {listed(str(m.value) for m in kind)}."
    return ""
