"""Start-up: what is imported when, and from where things are found."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from stancebench.paths import CHECKOUT
from tests.commands import call, environment

HEAVY = {"sklearn", "scipy", "pandas", "mlflow", "numpy", "hydra"}

LOADED = "import sys, json; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})), file=sys.stderr)"


def loaded(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert not loaded(f"import stancebench; {LOADED}") & HEAVY


@pytest.mark.parametrize("arguments", [["--help"], ["corpus", "--help"], ["table", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"from stancebench.cli import dispatch; dispatch({arguments!r}); {LOADED}"
    assert not loaded(code) & HEAVY


def test_scoring_imports_no_model_and_no_config() -> None:
    assert not loaded(f"import stancebench.cli.score; {LOADED}") & {"sklearn", "scipy", "mlflow", "hydra", "omegaconf"}


def test_a_run_without_tracking_does_not_import_mlflow(tmp_path: Path, synthetic_template: Path) -> None:
    arguments = ["run", f"corpus.name={synthetic_template}", "model=majority", "tracking=none"]
    code = (
        f"import os; os.environ['STANCEBENCH_HOME'] = {str(tmp_path / 'home')!r}\n"
        f"from stancebench.cli import dispatch; dispatch({arguments!r}); {LOADED}"
    )
    assert "mlflow" not in loaded(code)


def test_it_runs_from_any_folder(tmp_path: Path) -> None:
    for arguments in (["ls", "experiments"], ["table", "baselines", "--json"], ["run", "--cfg", "job"]):
        result = call(tmp_path / "home", *arguments)
        assert result.code == 0, result.err
        assert result.out


def test_a_wheel_carries_all_that_it_needs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    # Without site-packages' .pth of the checkout, only the unpacked wheel provides the package.
    here = f"import sys; sys.path.insert(0, {str(site)!r}); sys.argv[0] = 'stancebench'; "
    where = "import stancebench, pathlib; assert pathlib.Path(stancebench.__file__).is_relative_to(sys.path[0]); "
    for arguments in (["run", "model=majority", "tracking=none"], ["ls", "corpora"], ["table", "baselines"]):
        code = f"{here}{where}sys.argv[1:] = {arguments!r}; from stancebench.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment(tmp_path / "home"),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "coverage" in done.stdout or "majority" in done.stdout
