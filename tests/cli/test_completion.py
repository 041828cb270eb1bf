from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BASH = """
source <(stancebench --show-completion bash)
complete_func=$(complete -p stancebench | sed 's/.*-F \\([^ ]*\\).*/\\1/')
COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
$complete_func stancebench
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def completed(words: str) -> list[str]:
    """Return what Bash itself is offered; it breaks words at the equals sign."""
    bash = shutil.which("bash")
    if bash is None or sys.platform == "win32":
        pytest.skip("this needs Bash, with POSIX paths")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = subprocess.run(
        [bash, "-c", BASH.format(words=words)], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("stancebench ru", ["run"]),
        ("stancebench run model = tf", ["tfidf_logreg", "tfidf_svm"]),
        ("stancebench run experiment = b", ["baselines"]),
        ("stancebench run model = tfidf_svm model/conditioning = c", ["crossed"]),
        ("stancebench corpus ", ["check", "stats", "wording", "draw", "show", "export", "import"]),
    ],
)
def test_bash_is_offered_commands_groups_and_choices(words: str, offered: list[str]) -> None:
    if words.endswith(" "):
        words += "''"
    assert completed(words) == offered
