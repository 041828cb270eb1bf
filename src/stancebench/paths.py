"""Where things stand: what is shipped (conf, corpora, experiments, results) and where runs go."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent.parent

HOME_VARIABLE = "STANCEBENCH_HOME"
DATA_VARIABLE = "STANCEBENCH_DATA"


def shipped(name: str) -> Path:
    """Return a top-level folder of the project.

    In a checkout (also an editable install) it stands at the root; a wheel carries it inside the package.

    Parameters
    ----------
    name : {"conf", "corpora", "experiments", "results"}
        which folder

    Returns
    -------
    pathlib.Path
    """
    packed = PACKAGE / f"_{name}"
    return packed if packed.is_dir() else CHECKOUT / name


def home() -> Path:
    """Return the folder runs go to: ``STANCEBENCH_HOME``, or ``outputs`` in the working directory."""
    given = os.environ.get(HOME_VARIABLE)
    return Path(given).expanduser() if given else Path("outputs")


def data_folder() -> Path:
    """Return the folder of other people's files: ``STANCEBENCH_DATA``, or ``data`` in the working directory."""
    given = os.environ.get(DATA_VARIABLE)
    return Path(given).expanduser() if given else Path("data")


def shown(path: Path) -> str:
    """Return a path as a person would type it here: relative to the working directory where that is shorter."""
    absolute = path.resolve()
    try:
        return str(absolute.relative_to(Path.cwd().resolve()))
    except ValueError:
        return str(absolute)
