"""Third parties' models on the command line: an installed package, and packages with a fault."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stancebench.cli.completion import overrides
from stancebench.models.registry import BUILT_IN
from stancebench.paths import CHECKOUT
from stancebench.runs.record import read_record
from tests.commands import Cli, Result, environment
from tests.packages import EXAMPLE, SPEC, Install, installed_from, on_path

Call = Callable[..., Result]


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example package, built and installed into a folder of its own."""
    return installed_from(EXAMPLE, tmp_path_factory.mktemp("example"))


@pytest.fixture
def call(tmp_path: Path, example_site: Path) -> Call:
    """The command line as a process that finds the example package."""
    path = os.pathsep.join([str(example_site), os.environ.get("PYTHONPATH", "")])

    def run(*arguments: str, code: str = "") -> Result:
        command = [sys.executable, *(["-c", code] if code else ["-m", "stancebench", *arguments])]
        variables = {**environment(tmp_path / "home"), "PYTHONPATH": path}
        done = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def example(example_site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example package, found by this process."""
    with on_path(example_site, monkeypatch):
        yield


@pytest.fixture
def corpus(synthetic_template: Path) -> str:
    return f"corpus.name={synthetic_template}"


def test_a_third_party_s_model_is_swept_beside_a_built_in_one(call: Call, corpus: str, tmp_path: Path) -> None:
    result = call("run", "-m", corpus, "model=word_votes,tfidf_svm", "tracking=none")
    assert result.code == 0, result.err
    assert "Runs      2, of which 0 were finished before" in result.out
    records = {r.run["model"]: r for r in map(read_record, (tmp_path / "home" / "records").glob("*.json"))}
    theirs, ours = records["word_votes"], records["tfidf_svm"]
    assert theirs.run["model_config"] == {"alpha": 1.0, "min_count": 2}
    assert theirs.model_version == 1
    assert theirs.provenance.packages["stancebench-example"] == "0.1.0"
    assert "stancebench-example" not in ours.provenance.packages
    headline = theirs.value("f_avg_macro")
    assert headline is not None
    assert headline.value is not None
    assert headline.value > 0.3
    assert "2, of which 1 were" in call("run", "-m", corpus, "model=word_votes", "model.alpha=1,2", "tracking=none").out


def test_another_launcher_s_processes_find_it_too(call: Call, corpus: str) -> None:
    sweep = ("run", "-m", corpus, "model=word_votes,majority", "tracking=none", "scoring.rounds=100")
    result = call(*sweep, "hydra/launcher=joblib", "hydra.launcher.n_jobs=2")
    assert result.code == 0, result.err
    assert "word_votes(alpha=1.0, min_count=2) on synthetic" in result.out
    assert "Runs      2, of which 2 were finished before" in call(*sweep).out


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["model=word_vots"], ["no model 'word_vots'", "Did you mean 'word_votes'", "tfidf_svm, word_votes"]),
        (["model=word_votes", "model.alpah=2"], ["no key 'model.alpah'", "Did you mean 'model.alpha'", "min_count"]),
        (["model=word_votes", "model.alpha=x"], ["model.alpha", "'x'", "Float"]),
        (["model=word_votes", "model.alpha=0"], ["model.alpha: a number greater than 0 is expected, got 0.0"]),
        (["-m", "model=word_votes", "model.min_count=1,x"], ["model.min_count", "'x'", "Integer"]),
        (["model=word_votes", "model/conditioning=marked"], ["cannot be chosen here"]),
    ],
)
def test_its_keys_are_refused_as_built_in_ones(cli: Cli, corpus: str, arguments: list[str], told: list[str]) -> None:
    result = cli("run", *arguments, corpus, "tracking=none")
    assert result.code == 2
    for part in told:
        assert part in result.message


@pytest.mark.usefixtures("example")
def test_its_config_is_printed_with_its_defaults(cli: Cli) -> None:
    result = cli("run", "--cfg", "job", "model=word_votes", "model.alpha=2")
    assert "model:\n  name: word_votes\n  alpha: 2.0\n  min_count: 2\n" in result.out


@pytest.mark.usefixtures("example")
def test_an_experiment_of_its_own_may_name_it(cli: Cli, corpus: str, tmp_path: Path) -> None:
    (tmp_path / "mine" / "experiment").mkdir(parents=True)
    lines = ["# @package _global_", "hydra:", "  mode: MULTIRUN", "  sweeper:", "    params:"]
    lines += ["      model: majority,word_votes", ""]
    (tmp_path / "mine" / "experiment" / "votes.yaml").write_text("\n".join(lines))
    result = cli("run", "--config-dir", str(tmp_path / "mine"), "experiment=votes", corpus, "tracking=none")
    assert result.code == 0, result.err
    assert "Runs      2" in result.out


@pytest.mark.parametrize("choices", [["model=majority"], ["-m", "model=majority,stratified"]])
def test_a_run_of_built_in_models_imports_no_package(call: Call, corpus: str, choices: list[str]) -> None:
    arguments = ["run", *choices, corpus, "tracking=none"]
    code = f"import sys; from stancebench.cli import dispatch; dispatch({arguments!r}); "
    result = call(code=f"{code}sys.exit('stancebench_example' in sys.modules)")
    assert result.code == 0, result.err


@pytest.mark.usefixtures("example")
def test_listing_shows_where_each_model_comes_from_and_warns_of_what_is_broken(cli: Cli, install: Install) -> None:
    install("third-broken", "broken", "import nowhere_to_be_found")
    install("third-a", "both")
    install("third-b", "both")
    install("third-svm", "tfidf_svm")
    result = cli("ls", "models", "--json")
    assert result.code == 0
    shown = {line["name"]: line["from"] for line in json.loads(result.out)}
    assert shown["word_votes"] == "stancebench-example 0.1.0"
    assert shown["majority"] == "stancebench"
    assert set(shown) == {*BUILT_IN, "majority_per_target", "word_votes"} - {"tfidf_svm"}
    warned = sorted(result.err.splitlines())
    assert len(warned) == 3
    assert all(line.startswith("warning: The model ") for line in warned)
    assert "third-broken 1.0" in warned[0]
    assert "nowhere_to_be_found" in warned[0]
    assert "third-a 1.0" in warned[1]
    assert "third-b 1.0" in warned[1]
    assert "third-svm 1.0" in warned[2]


@pytest.mark.parametrize(
    ("package", "model", "told"),
    [
        (("third-broken", "theirs", "import nowhere_to_be_found"), "theirs", "No module named 'nowhere_to_be_found'"),
        (("third-none", "theirs", "MODEL = 3"), "theirs", "it is of type int"),
        (("third-votes", "word_votes"), "word_votes", "stancebench-example 0.1.0"),
        (("third-svm", "tfidf_svm"), "tfidf_svm", "is stancebench's own, and third-svm 1.0"),
        (
            ("third-bare", "theirs", SPEC.format(name="theirs").replace("(ModelConfig)", "")),
            "theirs",
            "does not extend",
        ),
        (
            ("third-set", "theirs", SPEC.format(name="theirs").replace("float = 1.0", "set[str] = frozenset()")),
            "theirs",
            "a config that cannot be used",
        ),
    ],
    ids=["import", "no_spec", "two", "built_in", "no_config", "no_hydra_type"],
)
@pytest.mark.usefixtures("example")
def test_a_run_that_asks_for_a_broken_model_is_refused_and_others_go_on(
    cli: Cli, install: Install, corpus: str, package: tuple[str, ...], model: str, told: str
) -> None:
    install(*package)
    for choice in ([f"model={model}"], ["-m", f"model=majority,{model}"]):
        result = cli("run", *choice, corpus, "tracking=none")
        assert result.code == 1
        assert told in result.message
        assert package[0] in result.message
    assert cli("run", "model=majority", corpus, "tracking=none").code == 0


@pytest.mark.usefixtures("example")
def test_completion_offers_its_name_and_its_keys() -> None:
    assert overrides("model=wo") == ["model=word_votes"]
    assert overrides("model=word_votes model.al") == ["model.alpha="]


@pytest.mark.usefixtures("example")
def test_the_example_passes_every_check(cli: Cli) -> None:
    result = cli("check-model", "word_votes", "alpha=0.5")
    assert result.code == 0, result.out
    assert "ok       is registered (stancebench_example:WORD_VOTES of stancebench-example 0.1.0)" in result.out
    assert "0 failed, 0 warnings" in result.out


def test_a_broken_package_is_told_to_its_author(cli: Cli, install: Install) -> None:
    install("third-broken", "broken", "import nowhere_to_be_found")
    result = cli("check-model", "broken")
    assert result.code == 1
    assert "FAILED   is registered: The model 'broken' of third-broken 1.0 cannot be loaded" in result.out
    assert "Traceback" not in result.out
    assert "Traceback" in cli("check-model", "broken", "--traceback").out


def blocks(language: str) -> list[str]:
    """Return the code blocks of the page on adding a model."""
    page = (CHECKOUT / "docs" / "model.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def test_the_page_on_adding_a_model_shows_the_example_as_it_stands() -> None:
    assert blocks("toml") == [(EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")]
    assert blocks("python") == [(EXAMPLE / "src/stancebench_example/__init__.py").read_text(encoding="utf-8")]


@pytest.mark.usefixtures("example")
def test_every_command_of_the_page_on_adding_a_model_runs(cli: Cli) -> None:
    install, *commands = "".join(blocks("bash")).splitlines()
    assert install == "pip install -e word-votes"
    for command in dict.fromkeys(commands):
        program, *arguments = command.split()
        assert program == "stancebench"
        result = cli(*arguments)
        assert result.code == 0, f"{command}\n{result.out}\n{result.err}"
        assert "word_votes" in result.out
