from __future__ import annotations

import json

import pytest

from tests.commands import Cli


def test_a_built_in_model_is_checked_line_by_line(cli: Cli) -> None:
    result = cli("check-model", "holder_prior", "level=bloc")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0] == "ok       is registered (one of stancebench's own)"
    assert lines[-1] == f"holder_prior: {len(lines) - 1} checks, 0 failed, 0 warnings"
    assert (
        "ok       takes or declines each input (declines text: it needs the holder among the inputs; takes"
        in result.out
    )


def test_results_as_json(cli: Cli) -> None:
    results = json.loads(cli("check-model", "stratified", "--json").out)
    assert {"check", "status", "seen", "expected", "trace"} == set(results[0])
    assert {r["status"] for r in results} == {"ok", "warning"}


def test_a_value_that_the_model_refuses_is_one_message(cli: Cli) -> None:
    result = cli("check-model", "complement_nb", "alpha=-1")
    assert result.code == 2
    assert result.out == ""
    assert result.message == "stancebench: model.alpha: a number greater than 0 is expected, got -1.0."


def test_a_choice_that_is_a_config_of_another_model_is_checked_and_says_so(cli: Cli) -> None:
    result = cli("check-model", "majority_per_target")
    assert result.code == 0
    assert result.out.splitlines()[0] == (
        "ok       is registered (a config of majority, as `stancebench check-model majority per_target=true`)"
    )
    listed = {line["name"]: line for line in json.loads(cli("ls", "models", "--json").out)}
    assert listed["majority_per_target"]["about"] == f"majority with per_target=true: {listed['majority']['about']}"


def test_every_choice_of_model_is_listed(cli: Cli) -> None:
    listed = ", ".join(line["name"] for line in json.loads(cli("ls", "models", "--json").out))
    for message in (cli("run", "model=x").message, cli("check-model", "x").message):
        assert f"Allowed: {listed}." in message


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["tfidf_svn"], ["no model 'tfidf_svn'", "Did you mean 'tfidf_svm'", "ls models"]),
        (["tfidf_svm", "c=1"], ["no key 'model.c'", "Did you mean 'model.C'"]),
        (["tfidf_svm", "model.C=x"], ["model.C", "'x'", "Float"]),
        (["tfidf_svm", "conditioning=marks"], ["no model/conditioning 'marks'", "Did you mean 'marked'"]),
        (["tfidf_svm", "C"], ["'C': write key=value", "run --cfg job model=tfidf_svm"]),
    ],
)
def test_a_mistyped_check_gets_one_message(cli: Cli, arguments: list[str], told: list[str]) -> None:
    result = cli("check-model", *arguments)
    assert result.code == 2
    for part in told:
        assert part in result.message
