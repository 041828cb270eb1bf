"""What made a run: versions and commit, without absolute paths, user or host names."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from functools import lru_cache
from importlib.metadata import version

from threadpoolctl import ThreadpoolController

from stancebench import __version__
from stancebench.models.registry import origin
from stancebench.paths import CHECKOUT
from stancebench.runs.record import Provenance

_PACKAGES = {
    "numpy": "numpy",
    "scipy": "scipy",
    "pandas": "pandas",
    "scikit-learn": "sklearn",
    "hydra-core": "hydra",
    # The lexicon baseline is its lexicon.
    "vaderSentiment": "vaderSentiment",
}

OWN_PACKAGES = frozenset(_PACKAGES)
"""distributions that a record states where they were loaded; any other brought the model"""


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(CHECKOUT), *arguments], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


@lru_cache(maxsize=1)
def git_state() -> tuple[str, bool | None]:
    """Return the commit of the checkout the code runs from and whether it was changed; ``("", None)`` outside one."""
    if not (CHECKOUT / ".git").exists():
        return "", None
    commit = _git("rev-parse", "HEAD")
    status = _git("status", "--porcelain", "--untracked-files=no")
    return commit or "", None if status is None else bool(status)


def threads() -> int:
    """Return how many threads a numerical library may use: ``OMP_NUM_THREADS``, else the processor cores."""
    given = os.environ.get("OMP_NUM_THREADS", "")
    return int(given) if given.isdecimal() and int(given) else os.cpu_count() or 1


def blas() -> str:
    """Return which linear algebra is loaded and for which processors: its kernels differ in the last digits."""
    found = ThreadpoolController().select(user_api="blas").info()
    named = {" ".join(str(lib.get(k) or "") for k in ("internal_api", "version", "architecture")) for lib in found}
    return ", ".join(sorted(named))


def provenance(model: str = "") -> Provenance:
    """Return the state of code and machine; versions are those of loaded modules and of a third party's model."""
    commit, dirty = git_state()
    loaded = {name: sys.modules[module] for name, module in _PACKAGES.items() if module in sys.modules}
    packages = {name: str(getattr(module, "__version__", "")) or version(name) for name, module in loaded.items()}
    third_party = origin(model)
    if third_party:
        packages[third_party.distribution] = third_party.version
    return Provenance(
        stancebench=__version__,
        git_commit=commit,
        git_dirty=dirty,
        python=platform.python_version(),
        platform=f"{platform.system()}-{platform.machine()}",
        cpus=os.cpu_count() or 1,
        threads=threads(),
        blas=blas(),
        packages=packages,
    )
