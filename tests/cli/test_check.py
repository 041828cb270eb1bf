from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stancebench.checks.check import RULES
from stancebench.checks.experiment import check_experiment, open_checks
from stancebench.cli.printing import checks_line
from stancebench.paths import shipped
from stancebench.reports.experiment import Experiment, find_experiment
from tests.commands import Cli

OF_RECORDS = ("SB004", "SB006", "SB009", "SB010", "SB011", "SB012", "SB013", "SB014")


@pytest.fixture(scope="module")
def baselines(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANCEBENCH_HOME", str(tmp_path_factory.mktemp("home")))
        return find_experiment("baselines")


@pytest.fixture(autouse=True)
def found_once(baselines: Experiment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Composing the runs of an experiment takes a second: once is enough."""

    def found(name: str) -> Experiment:
        return baselines if name == "baselines" else find_experiment(name)

    monkeypatch.setattr("stancebench.checks.experiment.find_experiment", found)


def only(*codes: str) -> list[str]:
    return [part for code in codes for part in ("--only", code)]


def test_committed_results_are_checked_where_there_are_no_runs(cli: Cli) -> None:
    result = cli("check", "baselines", "--only", "SB006", "--only", "unfinished")
    assert result.code == 0, result.err
    first, *rest = result.out.splitlines()
    assert first.startswith("SB006  WARNING   class_never_predicted: ")
    assert any(line.strip().startswith("acknowledged (2): It gives every judgement") for line in rest)
    assert rest[-2] == "SB013  ok        unfinished: every run is finished"
    assert rest[-1].endswith("acknowledged. What each means: docs/checks.md")


def test_all_prints_every_finding(cli: Cli) -> None:
    few, every = (cli("check", "baselines", *only("SB006"), *more).out for more in ([], ["--all"]))
    assert "more (--all prints them)" in few
    assert "more (--all" not in every
    assert len(every.splitlines()) > len(few.splitlines())


def test_json_has_an_entry_for_each_code_and_the_reasons(cli: Cli) -> None:
    values = json.loads(cli("check", "baselines", "--json", *only(*OF_RECORDS)).out)
    assert values["experiment"] == "baselines"
    assert [c for c in RULES if c in {check["code"] for check in values["checks"]}] == list(OF_RECORDS)
    known = [check for check in values["checks"] if check["acknowledged"]]
    assert {check["system"] for check in known if check["code"] == "SB006"} >= {
        "majority, per_target=False, text+holder",
        "majority, per_target=True, text+holder",
    }


def test_strict_fails_on_what_is_not_acknowledged(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("check", "baselines", "--strict", *only("SB004")).code == 0
    text = (shipped("experiments") / "baselines.yaml").read_text(encoding="utf-8")
    (tmp_path / "baselines.yaml").write_text(text.replace("- code: SB004", "- code: SB009"), encoding="utf-8")
    monkeypatch.setattr("stancebench.checks.acknowledged.shipped", lambda _: tmp_path)
    for more in ([], ["--json"]):
        assert cli("check", "baselines", "--strict", *only("SB004"), *more).code == 1
        assert cli("check", "baselines", *only("SB004"), *more).code == 0
    unused = cli("check", "baselines", *only("SB009", "SB014"))
    assert "SB014  WARNING   unused_acknowledgement: 1 finding\n      SB009 is acknowledged and not found" in unused.out


def test_a_sweep_ends_with_what_its_records_tell(baselines: Experiment) -> None:
    table = baselines.table()
    n = len(open_checks(check_experiment("baselines", frozenset(OF_RECORDS))))
    assert n > 1
    assert checks_line(table).endswith(f" {n} warnings from the records alone")
    assert checks_line(replace(table, missing=1)).endswith(f" {n + 1} warnings from the records alone")


def test_an_acknowledgement_without_a_reason_is_refused(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "baselines.yaml").write_text("acknowledged:\n  - {code: SB004}\n", encoding="utf-8")
    monkeypatch.setattr("stancebench.checks.acknowledged.shipped", lambda _: tmp_path)
    result = cli("check", "baselines")
    assert result.code == 2
    assert result.message.endswith("SB004 is acknowledged without a reason. Write `reason:` and why it stays.")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Say of which experiment: baselines, "),
        (["baseline"], "There is no experiment 'baseline'. Did you mean 'baselines'?"),
        (["baselines", *only("SB099")], "There is no check 'SB099'."),
        (["baselines", *only("SB06")], "There is no check 'SB06'. Did you mean 'SB006'?"),
        (["baselines", *only("one_sed")], "There is no check 'one_sed'. Did you mean 'one_seed'?"),
    ],
)
def test_what_does_not_exist_is_refused(cli: Cli, arguments: list[str], told: str) -> None:
    result = cli("check", *arguments)
    assert result.code == 2
    assert told in result.message
