"""`stancebench check-model`: what is wrong with a model, told to its author."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from stancebench.errors import Declined, ModelError, StancebenchError, UsageError, unknown

if TYPE_CHECKING:
    from stancebench.models.conformance import Result
    from stancebench.models.spec import ModelConfig, ModelSpec


def check(name: str, settings: Sequence[str], *, as_json: bool, with_traceback: bool) -> int:
    """Print what came of every check of a model.

    Parameters
    ----------
    name : str
        as typed after ``model=``
    settings : sequence of str
        values of the model's config as key=value; a group of the model as group=choice
    as_json : bool
        whether to print JSON
    with_traceback : bool
        whether to print the traceback of each crash

    Returns
    -------
    int
        exit code: 1 if a check failed

    Raises
    ------
    UsageError
        when there is no such model, or its config cannot be as typed
    """
    results = _results(name, settings)
    failed = sum(r.status == "failed" for r in results)
    if as_json:
        print(json.dumps([asdict(r) for r in results], indent=1, ensure_ascii=False))
        return int(failed > 0)
    for result in results:
        print(_line(result))
        if with_traceback and result.trace:
            print(result.trace)
    done = sum(r.status != "skipped" for r in results)
    warned = sum(r.status == "warning" for r in results)
    told = f"{done} checks, {failed} failed, {warned} warning{'' if warned == 1 else 's'}"
    crashed = any(r.trace for r in results) and not with_traceback
    print(f"{name}: {told}" + (" (--traceback shows where each crash came from)" if crashed else ""))
    return int(failed > 0)


def _results(name: str, settings: Sequence[str]) -> list[Result]:
    from stancebench.config.choices import model_choices, variants
    from stancebench.models.conformance import Result, check_declaration, check_model
    from stancebench.models.registry import conflict, model_spec

    if name not in (choices := model_choices()) and not conflict(name):
        raise unknown("model", name, choices, "Type `stancebench ls models` to see them.")
    model, _ = variants().get(name, (name, {}))
    try:
        spec = model_spec(model)
    except ModelError as e:
        import traceback

        trace = "".join(traceback.format_exception(e.__cause__)) if e.__cause__ else ""
        return [Result("is registered", "failed", str(e), "an entry point that gives a ModelSpec of its name", trace)]
    declared = [Result("is registered", "ok", _where(name)), *check_declaration(spec)]
    if any(r.status == "failed" for r in declared):
        return declared
    config = _config(name, settings)
    if settings:
        _refuse_what_the_model_refuses(spec, config)
    return [*declared, *check_model(spec, config)]


def _refuse_what_the_model_refuses(spec: ModelSpec, config: ModelConfig) -> None:
    """Let a model's own refusal of what was typed pass; any other fault is a finding of the checks."""
    from stancebench.models.checks import Subject

    try:
        Subject(spec, config).build()
    except Declined:
        pass
    except StancebenchError as e:
        raise UsageError(str(e)) from e
    except Exception:  # noqa: BLE001, S110 -- the checks tell it
        pass


def _where(name: str) -> str:
    from stancebench.config.choices import variants
    from stancebench.models.registry import origin

    if name in (others := variants()):
        base, settings = others[name]
        typed = " ".join(f"{key}={value}".lower() for key, value in settings.items())
        return f"a config of {base}, as `stancebench check-model {base} {typed}`"
    model = origin(name)
    return f"{model.value} of {model}" if model else "one of stancebench's own"


def _config(name: str, settings: Sequence[str]) -> ModelConfig:
    """Return a model's config as a run would compose it."""
    from stancebench.config.compose import model_choice
    from stancebench.config.explain import explained

    for text in settings:
        if "=" not in text:
            raise UsageError(
                f"{text!r}: write key=value. Type `stancebench run --cfg job model={name}` to see the keys."
            )
    overrides = [f"model/{s}" if _is_group(s) else f"model.{s.removeprefix('model.')}" for s in settings]
    with explained(overrides):
        return model_choice(name, overrides)


def _is_group(setting: str) -> bool:
    from stancebench.paths import shipped

    return (shipped("conf") / "model" / setting.partition("=")[0]).is_dir()


def _line(result: Result) -> str:
    if result.status in ("failed", "warning"):
        shown = result.status.upper() if result.status == "failed" else result.status
        return f"{shown:<9}{result.check}: {result.seen}\n{'':<9}expected: {result.expected}"
    return f"{result.status:<9}{result.check}" + (f" ({result.seen})" if result.seen else "")
