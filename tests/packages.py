"""Packages that bring models: the example, built and installed for real, and hand-made ones with a fault."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stancebench.models.registry import installed

Install = Callable[..., None]

EXAMPLE = Path(__file__).parent / "example_package"

SPEC = """
from dataclasses import dataclass

from sklearn.dummy import DummyClassifier

from stancebench.models import ModelConfig, ModelSpec


@dataclass
class Config(ModelConfig):
    alpha: float = 1.0


MODEL = ModelSpec({name!r}, 1, Config, lambda config, context: DummyClassifier(), "a dummy")
"""


def installed_from(source: Path, folder: Path) -> Path:
    """Build a package's wheel and install it into a folder of its own, offline; return that folder."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "wheels")]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = (folder / "wheels").glob("*.whl")
    site = folder / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(site), str(wheel)], check=True, capture_output=True)
    return site


def write_package(site: Path, distribution: str, name: str, code: str = "", value: str = "") -> Path:
    """Write an installed distribution by hand: one module, and the metadata that names a model; return its folder."""
    module = distribution.replace("-", "_")
    site.mkdir(exist_ok=True)
    (site / f"{module}.py").write_text(code or SPEC.format(name=name))
    info = site / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[stancebench.models]\n{name} = {value or f'{module}:MODEL'}\n")
    return site


@contextmanager
def on_path(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process find the packages of a folder; what it imported from there is forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(site)
    installed.cache_clear()
    yield
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(site)):
            del sys.modules[name]
    sys.path.remove(str(site))
    installed.cache_clear()
