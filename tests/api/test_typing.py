"""What a type checker and an editor see of `stancebench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import stancebench
from stancebench.paths import CHECKOUT

CLIENT = """
from pathlib import Path
from typing import assert_type

import pandas as pd

import stancebench


class Mine:
    def fit(self, X: pd.DataFrame, y: object) -> "Mine":
        return self

    def predict(self, X: pd.DataFrame) -> list[str]:
        return ["none"] * len(X)


corpus = stancebench.load_corpus("coverage")
assert_type(corpus, stancebench.Corpus)
assert_type(stancebench.load_table(Path("mine.csv"), text="tweet", labels={1: "favor"}), stancebench.Corpus)
result = stancebench.evaluate(Mine(), corpus, protocol=stancebench.Protocol("few_shot", k=16), rounds=100)
assert_type(result, stancebench.Evaluation)
assert_type(result["f_avg_macro"], float)
assert_type(result.interval("f_avg_macro"), tuple[float, float])
assert_type(result.scores, pd.DataFrame)
assert_type(result.confusion["nato"], pd.DataFrame)
assert_type(stancebench.score("mine.csv", mode="semeval"), stancebench.Evaluation)
assert_type(stancebench.load_runs("baselines"), pd.DataFrame)
assert_type(stancebench.evaluate("tfidf_svm", config={"C": 0.1}), stancebench.Evaluation)
"""

WRONG = """
import stancebench

stancebench.evaluate(3)
stancebench.evaluate("tfidf_svm", mode="lenient")
stancebench.score()
stancebench.load_corpora()
"""


def mypy(code: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Check a client's file as a client does: strictly, by the package's own types."""
    client = tmp_path / "client.py"
    client.write_text(code, encoding="utf-8")
    config = tmp_path / "mypy.ini"
    config.write_text(
        "[mypy]\nstrict = True\nfollow_imports = silent\n[mypy-sklearn.*,pyarrow.*]\nignore_missing_imports = True\n"
    )
    arguments = ["--config-file", str(config), "--cache-dir", str(tmp_path / "cache"), str(client)]
    return subprocess.run(
        [sys.executable, "-m", "mypy", *arguments],
        cwd=tmp_path,
        env={"MYPYPATH": str(CHECKOUT / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_client_is_checked_strictly(tmp_path: Path) -> None:
    done = mypy(CLIENT, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_client_s_mistakes_are_seen(tmp_path: Path) -> None:
    lines = [line for line in mypy(WRONG, tmp_path).stdout.splitlines() if "error:" in line]
    assert [int(line.split(":")[1]) for line in lines] == [4, 5, 6, 7], lines


def test_every_public_name_is_there() -> None:
    assert stancebench.__all__ == sorted(stancebench.__all__)
    assert set(stancebench.__all__) <= set(dir(stancebench))
    for name in stancebench.__all__:
        assert getattr(stancebench, name).__doc__, name
    with pytest.raises(AttributeError, match="module 'stancebench' has no attribute 'load_corpora'"):
        stancebench.load_corpora  # type: ignore[attr-defined]  # noqa: B018
