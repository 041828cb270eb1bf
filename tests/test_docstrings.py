"""Docstrings follow numpydoc: they describe the parameters that there are, in known sections, in order."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from numpydoc.validate import validate  # type: ignore[import-untyped]  # no stubs are published

import stancebench

CHECKS = {
    "GL03": "no double blank lines",
    "GL05": "no tabs",
    "GL06": "only known sections",
    "GL07": "sections in numpydoc's order",
    "GL08": "there is a docstring",
    "SS03": "the summary ends with a full stop",
    "SS04": "the summary is not indented",
    "SS05": "the summary of a function starts with an infinitive (Return, not Returns)",
    "PR02": "every parameter described is one of the signature",
    "PR03": "parameters are described in the order of the signature",
    "PR05": "a type does not end with a full stop",
    "PR10": "a space stands before the colon",
    "RT02": "a single value returned has a type and no name",
}
"""What holds everywhere. A short function may say all in its summary: no section is asked for (PR01, RT01, YD01)."""


def modules() -> list[str]:
    """Return every module of the package, except programs that run when imported."""
    names = [m.name for m in pkgutil.walk_packages(stancebench.__path__, "stancebench.")]
    return ["stancebench", *(n for n in names if not n.endswith("__main__"))]


def public(module: str) -> Iterator[str]:
    """Yield the full names of a module's own public classes, functions and methods."""
    members = vars(import_module(module))
    for name, member in members.items():
        if name.startswith("_") or getattr(member, "__module__", None) != module:
            continue
        if inspect.isfunction(member) or inspect.isclass(member):
            yield f"{module}.{name}"
        if inspect.isclass(member):
            # A dataclass's default that is a function stands under the field's name; its own name is private.
            methods = (m for m, v in vars(member).items() if inspect.isfunction(v) and v.__name__ == m and m[0] != "_")
            yield from (f"{module}.{name}.{m}" for m in methods)


@pytest.mark.parametrize("module", modules())
def test_docstrings_of_a_module_are_numpydoc(module: str) -> None:
    faults = [
        f"{name}: {code} {message}"
        for name in public(module)
        for code, message in validate(name)["errors"]
        if code in CHECKS
    ]
    assert not faults, "\n".join(faults)
