from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stancebench.cli.score import Choices
from stancebench.runs.record import Record
from stancebench.runs.store import RunStore
from tests.commands import Cli
from tests.test_start import LOADED, loaded


def run(cli: Cli, home: Path, corpus: Path, *more: str) -> tuple[Record, Path]:
    """Return the record of a run and its predictions file."""
    result = cli("run", f"corpus.name={corpus}", "tracking=none", "scoring.rounds=300", *more)
    assert result.code == 0, result.err
    record = max(
        RunStore(home).all_records(), key=lambda r: (home / "records" / f"{r.score_key[:16]}.json").stat().st_mtime_ns
    )
    assert record.predictions is not None
    return record, home / "predictions" / record.predictions.file


def scored(cli: Cli, path: Path, corpus: Path, *more: str) -> dict[str, Any]:
    result = cli("score", str(path), "--corpus", str(corpus), "--rounds", "300", "--json", *more)
    assert result.code == 0, result.err
    values: dict[str, Any] = json.loads(result.out)
    return values


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        (["model=holder_prior"], []),
        (["model=majority", "scoring=semeval", "scoring.cluster=row"], ["--mode", "semeval", "--cluster", "row"]),
        (["model=stratified", "seed=3", "scoring.seed=5"], ["--seed", "5"]),
        (["model=stratified", "task=sentence"], ["--task", "sentence"]),
    ],
)
def test_a_run_s_predictions_get_the_run_s_scores(
    cli: Cli, home: Path, synthetic_template: Path, asked: list[str], options: list[str]
) -> None:
    record, path = run(cli, home, synthetic_template, *asked)
    values = scored(cli, path, synthetic_template, *options)
    assert values["scores"] == [entry.model_dump() for entry in record.scores]
    assert values["confusion"] == record.confusion
    assert values["counts"] == record.counts.model_dump(include={"test", "clusters", "cluster", "sentences_left_out"})
    assert values["scoring"] == record.run["scoring"]
    assert values["corpus"] == record.corpus.model_dump()
    assert values["gold_hash"] == record.gold_hash
    assert values["scoring_version"] == record.scoring_version
    assert record.predictions is not None
    assert values["predictions"]["sha256"] == record.predictions.sha256
    assert values["predictions"]["rows"] == record.predictions.rows


def test_scoring_writes_nothing(cli: Cli, home: Path, synthetic_template: Path) -> None:
    _, path = run(cli, home, synthetic_template, "model=majority")
    before = sorted(home.rglob("*"))
    scored(cli, path, synthetic_template)
    assert sorted(home.rglob("*")) == before


def test_text_shows_what_a_run_shows(cli: Cli, home: Path, synthetic_template: Path) -> None:
    _, path = run(cli, home, synthetic_template, "model=holder_prior")
    ran = cli("run", f"corpus.name={synthetic_template}", "tracking=none", "scoring.rounds=300", "model=holder_prior")
    out = cli("score", str(path), "--corpus", str(synthetic_template), "--rounds", "300").out
    assert [line for line in out.splitlines() if line.startswith("  ")] == [
        line for line in ran.out.splitlines() if line.startswith("  ")
    ]
    assert out.startswith(f"{path.name} on synthetic@0.1, attributed, official\n200 test judgements in 100 clusters; ")
    assert "Probabilities  in all rows" in out


def test_a_constant_file_gets_what_the_constant_model_gets(cli: Cli, home: Path, synthetic_template: Path) -> None:
    record, path = run(cli, home, synthetic_template, "model=majority")
    table = pd.read_csv(path, dtype=str)
    constant = table.drop(columns="stance").assign(stance=table["stance"].iloc[0])
    mine = home / "mine.parquet"
    constant.to_parquet(mine)
    values = scored(cli, mine, synthetic_template)
    assert values["scores"] == [entry.model_dump() for entry in record.scores]
    assert values["predictions"]["format"] == "parquet"
    assert values["predictions"]["rows_with_probabilities"] == len(table)


def test_csv_has_every_score(cli: Cli, home: Path, synthetic_template: Path) -> None:
    record, path = run(cli, home, synthetic_template, "model=holder_prior")
    out = cli("score", str(path), "--corpus", str(synthetic_template), "--rounds", "300", "--csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == len(record.scores)
    for row, entry in zip(rows, record.scores, strict=True):
        assert (row["score"], row["target"], row["stance"]) == (entry.score, entry.target, entry.stance)
        assert row["value"] == ("" if entry.value is None else repr(entry.value))


def test_warnings_are_printed_and_kept(cli: Cli, home: Path, synthetic_template: Path) -> None:
    _, path = run(cli, home, synthetic_template, "model=majority")
    mine = home / "mine.csv"
    pd.read_csv(path, dtype=str).assign(note="x").to_csv(mine, index=False)
    result = cli("score", str(mine), "--corpus", str(synthetic_template), "--rounds", "300")
    assert result.code == 0
    assert result.message == "warning: columns that are not read: 'note'"
    assert scored(cli, mine, synthetic_template)["predictions"]["warnings"] == ["columns that are not read: 'note'"]


def test_faults_are_one_message_and_exit_1(cli: Cli, home: Path, synthetic_template: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("sentence_id,holder,target,stance\nt-0005,AAA,sun,neutral\n")
    result = cli("score", str(mine), "--corpus", str(synthetic_template))
    assert result.code == 1
    assert result.message.startswith("stancebench: mine.csv cannot be scored on the 200 test rows of synthetic@0.1")
    assert "Unknown stances: 'neutral' in 1." in result.message
    assert not result.out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--task", "sentense"], "There is no task 'sentense'. Did you mean 'sentence'?"),
        (["--protocol", "oficial"], "There is no protocol 'oficial'. Did you mean 'official'?"),
        (["--corpus", "covrage"], "There is no corpus 'covrage'. Did you mean 'coverage'?"),
        (["--corpus", "semeval2016a"], "There is no corpus 'semeval2016a'. Did you mean 'semeval2016_a'?"),
        (["--corpus", "semeval2016"], "Allowed: coverage, coverage@0.1, semeval2016_a, semeval2016_b"),
        (["--corpus", "mine"], "given by its path: FOLDER, or NAME.yaml, which declares a table."),
        (["--mode", "semval"], "There is no mode 'semval'. Did you mean 'semeval'?"),
        (["--cluster", "evnt"], "There is no cluster 'evnt'. Did you mean 'event'?"),
        (["--format", "cvs"], "There is no format 'cvs'. Did you mean 'csv'?"),
        (["--rounds", "0"], "--rounds: rounds must be at least 1, got 0. Type for example --rounds 10000."),
        (["--seed", "-1"], "--seed must not be negative, got -1. Type for example --seed 0."),
        (["--json", "--csv"], "--json and --csv are two forms: type one of them."),
    ],
)
def test_mistyped_options_are_told(cli: Cli, tmp_path: Path, options: list[str], told: str) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("sentence_id,holder,target,stance\na,b,c,none\n")
    result = cli("score", str(mine), *options)
    assert result.code == 2
    assert told in result.message


def test_a_pipe_is_read_with_a_format(home: Path, synthetic_template: Path, cli: Cli) -> None:
    _, path = run(cli, home, synthetic_template, "model=majority")
    command = [sys.executable, "-m", "stancebench", "score", "/dev/stdin", "--format", "csv", "--rounds", "300"]
    done = subprocess.run(
        [*command, "--corpus", str(synthetic_template)], input=path.read_bytes(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"f_avg_macro" in done.stdout


def test_scoring_imports_no_model_and_no_hydra(cli: Cli, home: Path, synthetic_template: Path) -> None:
    _, path = run(cli, home, synthetic_template, "model=majority")
    arguments = ["score", str(path), "--corpus", str(synthetic_template), "--rounds", "300"]
    modules = loaded(f"from stancebench.cli import dispatch; dispatch({arguments!r}); {LOADED}")
    assert not modules & {"hydra", "omegaconf", "sklearn", "scipy", "mlflow", "rich"}


@pytest.fixture
def declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table in the working directory, declared by the file that a config folder has."""
    monkeypatch.chdir(tmp_path)
    texts = [f"Word{i} of the pier {'abcdefgh'[i % 8] * 9}." for i in range(12)]
    rows = "".join(f"r{i},{text},{i % 3 - 1},{'test' if i % 2 else 'train'}\n" for i, text in enumerate(texts))
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "rows.csv").write_text("nr,text,y,split\n" + rows)
    (tmp_path / "mine.csv").write_text(
        "sentence_id,target,stance\n"
        + "".join(f"r{i},pier,{['against', 'none', 'favor'][i % 3]}\n" for i in range(1, 12, 2))
    )
    path = tmp_path / "conf" / "corpus" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "defaults: [table_schema, _self_]\n\nname: mine\nversion: 2\nfolder: texts\nfiles: [rows.csv]\ntarget: pier\n"
        "columns: {stance: y, id: nr, split: split}\nlabels: {-1: against, 0: none, 1: favor}\n"
    )
    return path


def test_a_declared_table_is_given_by_its_file(cli: Cli, declared: Path, home: Path) -> None:
    result = cli("score", "mine.csv", "--corpus", str(declared), "--rounds", "100", "--json")
    assert result.code == 0, result.err
    values = json.loads(result.out)
    assert (values["corpus"]["name"], values["corpus"]["version"], values["counts"]["test"]) == ("mine", "2", 6)
    (accuracy,) = [s["value"] for s in values["scores"] if s["score"] == "accuracy" and not s["target"]]
    assert accuracy == 1
    ran = cli("run", "--config-dir", "conf", "corpus=mine", "task.inputs=text", "model=majority", "tracking=none")
    assert ran.code == 0, ran.err
    (record,) = RunStore(home).all_records()
    assert record.corpus.content_hash == values["corpus"]["content_hash"]


def test_a_declared_table_is_scored_without_hydra(declared: Path) -> None:
    arguments = ["score", "mine.csv", "--corpus", str(declared), "--rounds", "100"]
    modules = loaded(f"from stancebench.cli import dispatch; dispatch({arguments!r}); {LOADED}")
    assert not modules & {"hydra", "omegaconf", "sklearn", "scipy", "mlflow", "rich"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("labels:", "lables:", "conf/corpus/mine.yaml: There is no key 'corpus.lables'. Did you mean 'labels'?"),
        ("{-1:", "{no:", "conf/corpus/mine.yaml: corpus.labels: YAML reads false, and also yes, no, on and off"),
        (
            "[table_schema,",
            "[vast_zero,",
            "mine.yaml: defaults: 'vast_zero' is read by `stancebench run --config-dir` only.",
        ),
        ("folder: texts", "folder: '${oc.env:HOME}'", "mine.yaml: '${oc.env:HOME}' is filled in by"),
        ("version: 2", "version: !!python/name:os.system", "mine.yaml"),
        ("[rows.csv]", "[row.csv]", "texts/row.csv is not there"),
    ],
)
def test_a_declaration_that_does_not_hold_is_told(cli: Cli, declared: Path, old: str, new: str, told: str) -> None:
    declared.write_text(declared.read_text().replace(old, new, 1))
    result = cli("score", "mine.csv", "--corpus", str(declared))
    assert result.code in {1, 2}
    assert told in result.message


def test_what_declares_no_table_is_told(cli: Cli, declared: Path, synthetic_template: Path) -> None:
    for given, told in (
        ("conf/corpus/mime.yaml", "There is no file conf/corpus/mime.yaml. Did you mean 'conf/corpus/mine.yaml'?"),
        (f"{synthetic_template}/corpus.yaml", "is of a corpus folder. Type the path of the folder: "),
        (
            "texts/rows.csv",
            "rows.csv is a file of rows, and what its columns mean is not said. Give NAME.yaml",
        ),
    ):
        assert told in cli("score", "mine.csv", "--corpus", given).message
    declared.write_text("[a]\n")
    assert "mine.yaml declares no table: a mapping" in cli("score", "mine.csv", "--corpus", str(declared)).message


def test_a_protocol_that_is_declined_names_the_one_whose_rows_these_are(
    cli: Cli, home: Path, synthetic_template: Path, tmp_path: Path
) -> None:
    _, path = run(cli, home, synthetic_template, "model=majority")
    declined = cli("score", str(path), "--corpus", str(synthetic_template), "--protocol", "cross_validated")
    assert declined.code == 1
    assert declined.message.endswith(
        f"this one has one: --protocol official. The rows of {path.name} are those of the official test: "
        "type --protocol official."
    )
    other = tmp_path / "other.csv"
    other.write_text("sentence_id,holder,target,stance\na,b,c,none\n")
    declined = cli("score", str(other), "--corpus", str(synthetic_template), "--protocol", "cross_validated")
    assert declined.message.endswith("this one has one: --protocol official.")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "The following arguments are required: predictions. Type `stancebench score --help`."),
        (["a.csv", "--corpsu", "coverage"], "There is no option '--corpsu'. Did you mean '--corpus'?"),
        (["a.csv", "--corp", "coverage"], "There is no option '--corp'. Did you mean '--corpus'?"),
        (["a.csv", "b.csv"], "One file is scored at a time; 'b.csv' is one too many."),
        (["a.csv", "--rounds", "many"], "Argument --rounds: invalid int value: 'many'."),
    ],
)
def test_what_is_mistyped_is_one_message(cli: Cli, arguments: list[str], told: str) -> None:
    result = cli("score", *arguments)
    assert result.code == 2
    assert told in result.message


def test_help_names_every_option(cli: Cli) -> None:
    result = cli("score", "--help")
    assert result.code == 0
    assert all(f"--{field.name}" in result.out for field in fields(Choices))
