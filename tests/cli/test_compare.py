from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stancebench.config.spec import model_config
from stancebench.corpora.corpus import KEY, Corpus
from stancebench.protocols import Protocol
from stancebench.reports.systems import named_systems
from stancebench.runs.evaluation import prepare
from stancebench.runs.execute import Runner
from stancebench.runs.spec import RunSpec, Scoring
from stancebench.runs.store import RunStore
from stancebench.scoring import Bootstrap
from stancebench.scoring.paired import compare
from stancebench.tasks import Task
from tests.commands import Cli

ROUNDS = "200"


@pytest.fixture(scope="module")
def files(synthetic: Corpus, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Predictions of the synthetic test: good, fair, constant, of three seeds, and one row short."""
    folder = tmp_path_factory.mktemp("predictions")
    test = prepare(synthetic, Task("attributed", "text")).test[[*KEY, "stance"]].reset_index(drop=True)
    rng = np.random.default_rng(0)

    def right(share: float) -> pd.DataFrame:
        other = rng.choice(["favor", "against", "none"], len(test))
        return test.assign(stance=np.where(rng.random(len(test)) < share, test["stance"], other))

    tables = {
        "good.csv": right(0.9),
        "fair.csv": right(0.7),
        "constant.csv": test.assign(stance="against"),
        "seeds.csv": pd.concat([right(0.8).assign(seed=str(seed)) for seed in range(3)]),
        "short.csv": test.iloc[1:],
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False)
    return {name: str(folder / name) for name in tables}


@pytest.fixture
def typed(synthetic_template: Path) -> list[str]:
    return ["--corpus", str(synthetic_template), "--rounds", ROUNDS]


def values(cli: Cli, *arguments: str) -> dict[str, Any]:
    result = cli("compare", *arguments, "--json")
    assert result.code == 0, result.err
    printed: dict[str, Any] = json.loads(result.out)
    return printed


def test_differences_and_ranks_are_those_of_the_scoring_room(
    cli: Cli, files: dict[str, str], typed: list[str], synthetic: Corpus
) -> None:
    names = [files["good.csv"], files["fair.csv"], files["constant.csv"]]
    printed = values(cli, *names, *typed)
    shared = named_systems(names, corpus=synthetic)
    made = compare(shared.contenders(), bootstrap=Bootstrap(rounds=200))
    assert [
        (d["a"], d["b"], d["value"], d["low"], d["high"], d["p"], d["p_adjusted"]) for d in printed["differences"]
    ] == [(d.a, d.b, d.value, d.low, d.high, d.p, d.p_adjusted) for d in made.differences]
    assert [(r["name"], r["rank"], r["low"], r["high"]) for r in printed["ranks"]] == [
        (r.name, r.rank, r.low, r.high) for r in made.ranks
    ]
    assert (printed["family"], printed["correction"], printed["n_clusters"], printed["test"]) == (3, "holm", 100, 200)
    good, fair, constant = printed["systems"]
    assert [s["name"] for s in (good, fair, constant)] == ["good.csv", "fair.csv", "constant.csv"]


def test_text_says_what_was_compared_and_how(cli: Cli, files: dict[str, str], typed: list[str]) -> None:
    out = cli("compare", files["good.csv"], files["fair.csv"], files["constant.csv"], *typed).out
    title, method, family, *_ = out.splitlines()
    assert title == "3 systems on synthetic@0.1, attributed, official: 200 test judgements in 100 clusters"
    assert "with 95% intervals, 200 rounds over events, seed 0" in method
    assert "p two-sided, by randomisation of events (" in method
    assert family == "Family of 3 tests, Holm over these; * is significant at 0.05"
    for column in (
        "A - B",
        "interval",
        "adjusted p",
        "only A right",
        "McNemar p",
        "rank",
        "places",
        "significantly better",
    ):
        assert column in out
    assert [line.split()[0] for line in out.splitlines()[-3:]] == ["good.csv", "fair.csv", "constant.csv"]


def test_every_form_has_every_difference(cli: Cli, files: dict[str, str], typed: list[str]) -> None:
    systems = [files["good.csv"], files["fair.csv"], *typed, "--score", "accuracy", "--score", "f_avg.*"]
    (rows,) = [list(csv.DictReader(io.StringIO(cli("compare", *systems, "--csv").out)))]
    assert [row["score"] for row in rows] == ["accuracy", "f_avg.sun", "f_avg.moon"]
    assert all(float(row["low"]) <= float(row["difference"]) <= float(row["high"]) for row in rows)
    markdown = cli("compare", *systems, "--markdown").out
    assert markdown.count("| good.csv | fair.csv | ") == 3
    assert "| --- | --- | --- | ---: |" in markdown
    latex = cli("compare", *systems, "--latex").out
    assert latex.count(r"\begin{tabular}") == 2
    assert latex.count(r"good.csv & fair.csv & f\_avg.") == 2
    assert r"% \usepackage{booktabs}" in latex


def test_a_correction_changes_adjusted_p_only(cli: Cli, files: dict[str, str], typed: list[str]) -> None:
    systems = [files["good.csv"], files["fair.csv"], files["constant.csv"], *typed]
    holm, none = values(cli, *systems), values(cli, *systems, "--correction", "none")
    for one, other in zip(holm["differences"], none["differences"], strict=True):
        assert one["p_adjusted"] >= other["p_adjusted"] == other["p"]
    assert "adjusted p" not in cli("compare", *systems, "--correction", "none").out


def test_against_one_system_there_are_fewer_tests_and_no_ranks(
    cli: Cli, files: dict[str, str], typed: list[str]
) -> None:
    systems = [files["good.csv"], files["fair.csv"], files["constant.csv"], *typed, "--against", "fair"]
    printed = values(cli, *systems)
    assert [(d["a"], d["b"]) for d in printed["differences"]] == [
        ("good.csv", "fair.csv"),
        ("constant.csv", "fair.csv"),
    ]
    assert (printed["family"], printed["ranks"]) == (2, [])
    assert "significantly better" not in cli("compare", *systems).out


def test_seeds_of_one_system_are_compared_as_one(cli: Cli, files: dict[str, str], typed: list[str]) -> None:
    systems = [files["good.csv"], files["seeds.csv"], *typed]
    (difference,) = values(cli, *systems)["differences"]
    assert difference["mcnemar"] is None
    out = cli("compare", *systems).out
    assert "by its error over events and seeds" in out
    assert "missing: only A right, only B right, McNemar p: several seeds give no single answer to count" in out


def test_a_score_that_is_undefined_says_why_and_has_no_number(
    cli: Cli, files: dict[str, str], typed: list[str]
) -> None:
    systems = [files["good.csv"], files["constant.csv"], *typed, "--score", "precision.favor"]
    (difference,) = values(cli, *systems)["differences"]
    assert (difference["value"], difference["p"]) == (None, None)
    out = cli("compare", *systems).out
    assert "undefined" in out
    assert (
        "missing: good.csv - constant.csv: precision.favor of constant.csv is undefined: favor is never predicted"
        in out
    )


def test_a_reason_that_holds_for_every_pair_is_told_once(cli: Cli, files: dict[str, str], typed: list[str]) -> None:
    systems = [files[name] for name in ("good.csv", "fair.csv", "constant.csv")]
    out = cli("compare", *systems, *typed, "--score", "f_avg_worst").out
    (missing,) = [line for line in out.splitlines() if line.startswith("missing: ")]
    assert missing.startswith("missing: every pair: the lowest of several lies lower")


def test_keys_of_runs_are_compared(cli: Cli, home: Path, synthetic_template: Path) -> None:
    runner = Runner(RunStore(home), model_config)
    scoring = Scoring(bootstrap=Bootstrap(rounds=20))
    task = Task("attributed", "text+holder")
    keys = [
        runner.run(RunSpec(str(synthetic_template), task, Protocol(), model, config, 0, scoring)).record.score_key[:12]
        for model, config in (("majority", {"per_target": False}), ("holder_prior", {"level": "holder", "gated": True}))
    ]
    printed = values(cli, *keys, "--corpus", str(synthetic_template), "--rounds", ROUNDS)
    assert [s["name"] for s in printed["systems"]] == ["majority", "holder_prior"]
    assert [s["records"][0][:12] for s in printed["systems"]] == keys


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--score", "f_avg_macr"], "There is no score 'f_avg_macr'. Did you mean 'f_avg_macro'?"),
        (["--score", "f_avg"], "There is no score 'f_avg'. Did you mean"),
        (["--score", "f_avg.su"], "There is no score 'f_avg.su'. Did you mean 'f_avg.sun'?"),
        (["--correction", "holms"], "There is no correction 'holms'. Did you mean 'holm'?"),
        (["--against", "bad.csv"], "There is no system 'bad.csv'."),
        (["--cluster", "evnt"], "There is no cluster 'evnt'. Did you mean 'event'?"),
        (["--level", "95"], "--level: level must lie between 0 and 1, got 95.0. Type for example --level 0.95."),
        (["--mode", "semval"], "There is no mode 'semval'. Did you mean 'semeval'?"),
        (["--json", "--latex"], "--json and --latex are two forms: type one of them."),
    ],
)
def test_mistyped_options_are_told(
    cli: Cli, files: dict[str, str], typed: list[str], options: list[str], told: str
) -> None:
    result = cli("compare", files["good.csv"], files["fair.csv"], *typed, *options)
    assert (result.code, result.out) == (2, "")
    assert told in result.message


def test_one_system_is_not_compared(cli: Cli, files: dict[str, str], typed: list[str]) -> None:
    result = cli("compare", files["good.csv"], *typed)
    assert result.code == 2
    assert "A comparison needs two systems or more, and only good.csv is named." in result.message
    assert "Say which systems: `stancebench compare A B`" in cli("compare").message


def test_predictions_of_other_rows_are_refused(cli: Cli, files: dict[str, str], typed: list[str]) -> None:
    result = cli("compare", files["good.csv"], files["short.csv"], *typed)
    assert result.code == 1
    assert "short.csv cannot be scored on the 200 test rows of synthetic@0.1" in result.message
    assert "1 row is missing" in result.message
