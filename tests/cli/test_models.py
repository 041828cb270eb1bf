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


def test_a_value_out_of_range_fails_where_the_model_is_built(cli: Cli) -> None:
    result = cli("check-model", "tfidf_svm", "C=-1")
    assert result.code == 1
    assert "FAILED   builds: UsageError: model.C: a number greater than 0 is expected, got -1.0. (" in result.out
    assert "         expected: build(config, context) returns a scikit-learn estimator" in result.out
    assert "skipped  fits (not tried: 'builds' failed)" in result.out
    assert "Traceback" not in result.out
    assert "Traceback" in cli("check-model", "tfidf_svm", "C=-1", "--traceback").out


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
