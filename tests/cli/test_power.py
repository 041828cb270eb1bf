"""`stancebench power`: what a corpus, or a pair of systems, can show."""

from __future__ import annotations

import json

import pytest

from stancebench.paths import CHECKOUT
from tests.commands import Cli


def test_a_corpus_can_show_a_difference_of_a_size(cli: Cli) -> None:
    result = cli("power", "coverage@0.1", "--score", "accuracy")
    assert result.code == 0, result.err
    assert "coverage@0.1, attributed, official: 980 test judgements in 163 events" in result.out
    assert "accuracy: the difference that a two-sided test at 5% finds with power 80%" in result.out
    different, variants = (
        float(next(line for line in result.out.splitlines() if kind in line).split(")")[1].split()[0])
        for kind in ("two different systems", "two variants of one")
    )
    assert 3 < variants < different < 8
    assert "the weaker of the two is right on 60% of favor, 65% of against, 87% of none." in result.out


def test_a_corpus_says_so_as_json(cli: Cli) -> None:
    options = ("--score", "f_avg_worst", "--alike", "0.5", "--power", "0.9", "--recall", "0.5,0.5,0.9", "--json")
    values = json.loads(cli("power", "coverage@0.1", *options).out)
    assert (values["score"], values["power"], values["clusters"], values["recall"]) == (
        "f_avg_worst",
        0.9,
        163,
        [0.5, 0.5, 0.9],
    )
    assert values["interval_withheld"].startswith("the lowest of several lies lower")
    (found,) = values["detectable"]
    assert found["alike"] == 0.5
    assert found["difference"] > 3 * found["error"]


def record(model: str, **config: object) -> str:
    """Return the path of a committed baseline's record."""
    for path in sorted((CHECKOUT / "results" / "baselines" / "records").glob("*.json")):
        run = json.loads(path.read_text(encoding="utf-8"))["run"]
        if run["model"] == model and run["model_config"].items() >= config.items():
            return str(path)
    raise AssertionError(f"no record of {model} with {config}")


def test_two_systems_bring_their_own_error(cli: Cli) -> None:
    prior = record("holder_prior", level="holder", gated=True)
    result = cli("power", prior, record("majority"))
    assert result.code == 0, result.err
    assert "  holder_prior less majority\n  difference +55.6 points, standard error 3." in result.out
    assert "found in 100% of such corpora" in result.out
    assert "a difference of this size needs about 40 events, fewer of which have no interval" in result.out
    values = json.loads(cli("power", prior, record("stacked"), "--json").out)
    assert values["systems"] == ["holder_prior", "stacked"]
    assert 0 < values["found"] < 1
    assert values["clusters_needed"] > values["clusters"]


def test_two_systems_of_the_same_answers_differ_in_no_sample(cli: Cli) -> None:
    result = cli("power", record("majority", per_target=True), record("majority", per_target=False))
    assert "undefined: the two systems have the same score in every bootstrap sample" in result.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--score", "f_avg_marco"], "There is no score 'f_avg_marco'. Did you mean 'f_avg_macro'?"),
        (["--power", "1.5"], "--power must lie between 0.05 (what chance finds) and 1, got 1.5."),
        (["--level", "95"], "--level must lie between 0 and 1, got 95.0. Type for example --level 0.95."),
        (["--alike", "2"], "--alike must lie between 0 and 1, got 2.0."),
        (["--recall", "0.5"], "--recall must be three numbers from 0 to 1, of favor, against and none, got '0.5'."),
        (["--recall", "a,b,c"], "Type for example --recall 0.6,0.65,0.87."),
        (["a", "b", "c"], "One corpus or two systems are expected, got 3 names: a, b, c."),
        (["covrage"], "There is no corpus 'covrage'. Did you mean 'coverage'?"),
    ],
)
def test_what_was_mistyped_is_one_message(cli: Cli, arguments: list[str], told: str) -> None:
    result = cli("power", *arguments)
    assert result.code == 2
    assert told in result.err
    assert "Traceback" not in result.err
