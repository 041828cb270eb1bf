from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from stancebench.runs.record import read_record
from tests.commands import Cli
from tests.corpus_files import write_corpus


def records(home: Path) -> list[Path]:
    return sorted((home / "records").glob("*.json"))


def test_one_run_prints_its_scores_and_keeps_a_record(cli: Cli, home: Path, synthetic_template: Path) -> None:
    result = cli("run", f"corpus.name={synthetic_template}", "model=tfidf_svm", "tracking=none")
    assert result.code == 0
    (path,) = records(home)
    record = read_record(path)
    headline = record.value("f_avg_macro")
    assert headline is not None
    assert headline.value is not None
    assert headline.low is not None
    assert headline.high is not None
    assert headline.low < headline.value < headline.high
    assert f"f_avg_macro             {headline.value:.4f}" in result.out
    assert path.name in result.out
    assert record.predictions is not None
    assert (home / "predictions" / record.predictions.file).is_file()


def test_a_finished_run_is_not_done_again(cli: Cli, home: Path, synthetic_template: Path) -> None:
    arguments = ("run", f"corpus.name={synthetic_template}", "model=majority", "tracking=none")
    first = cli(*arguments)
    (path,) = records(home)
    before = path.read_bytes()
    again = cli(*arguments)
    assert "(was finished before)" in again.out
    assert "(was finished before)" not in first.out
    assert path.read_bytes() == before


def test_another_scoring_scores_again_and_does_not_fit_again(cli: Cli, home: Path, synthetic_template: Path) -> None:
    arguments = ("run", f"corpus.name={synthetic_template}", "model=tfidf_svm", "tracking=none")
    cli(*arguments)
    (predictions,) = (home / "predictions").glob("*.csv")
    before = predictions.stat().st_mtime_ns
    assert cli(*arguments, "scoring=semeval").code == 0
    assert len(records(home)) == 2
    assert [p.stat().st_mtime_ns for p in (home / "predictions").glob("*.csv")] == [before]


def test_a_seed_counts_only_for_a_stochastic_model(cli: Cli, home: Path, synthetic_template: Path) -> None:
    corpus = f"corpus.name={synthetic_template}"
    assert cli("run", "-m", corpus, "model=stratified,majority", "seed=0,1,2", "tracking=none").code == 0
    assert sorted(read_record(p).run["model"] for p in records(home)) == ["majority", *["stratified"] * 3]


def test_a_half_written_record_is_not_believed(cli: Cli, home: Path, synthetic_template: Path) -> None:
    arguments = ("run", f"corpus.name={synthetic_template}", "model=majority", "tracking=none")
    cli(*arguments)
    (path,) = records(home)
    whole = read_record(path)
    path.write_bytes(path.read_bytes()[:200])
    result = cli(*arguments)
    assert "(was finished before)" not in result.out
    assert read_record(path).scores == whole.scores


def test_spoiled_predictions_are_not_believed(cli: Cli, home: Path, synthetic_template: Path) -> None:
    arguments = ("run", f"corpus.name={synthetic_template}", "model=majority", "tracking=none")
    cli(*arguments)
    (record,), (predictions,) = records(home), (home / "predictions").glob("*.csv")
    whole = predictions.read_bytes()
    predictions.write_bytes(whole[:-40])
    record.unlink()
    cli(*arguments)
    assert predictions.read_bytes() == whole


def test_a_sweep_is_one_table(cli: Cli, home: Path, synthetic_template: Path) -> None:
    corpus = f"corpus.name={synthetic_template}"
    result = cli(
        "run", corpus, "model=tfidf_svm", "model.C=0.1,1", "task.inputs=text,text+holder", "-m", "tracking=none"
    )
    assert result.code == 0
    assert "Runs      4, of which 0 were finished before" in result.out
    table = (home / "tables" / "sweep.md").read_text()
    lines = [line for line in table.splitlines() if line.startswith("|")]
    assert [line.split(" | ")[1:3] for line in lines[2:]] == [
        ["0.1", "text"],
        ["0.1", "text+holder"],
        ["1.0", "text"],
        ["1.0", "text+holder"],
    ]


def test_another_launcher_writes_the_same_records(cli: Cli, home: Path, synthetic_template: Path) -> None:
    arguments = ("run", "-m", f"corpus.name={synthetic_template}", "model=majority,holder_prior", "tracking=none")
    cli(*arguments)
    ours = {p.name: read_record(p).scores for p in records(home)}
    for path in records(home):
        path.unlink()
    assert cli(*arguments, "hydra/launcher=basic").code == 0
    assert {p.name: read_record(p).scores for p in records(home)} == ours


def test_a_model_that_declines_is_no_failure(cli: Cli, home: Path, synthetic_template: Path) -> None:
    corpus = f"corpus.name={synthetic_template}"
    result = cli("run", "-m", corpus, "model=holder_prior,majority", "task=sentence", "tracking=none")
    assert result.code == 0
    assert "holder_prior (declined)" in result.out
    assert "declined: holder_prior: it needs the holder among the inputs" in result.out
    statuses = {read_record(p).run["model"]: read_record(p).status for p in records(home)}
    assert statuses == {"holder_prior": "declined", "majority": "finished"}
    alone = cli("run", corpus, "model=holder_prior", "task=sentence", "tracking=none")
    assert "declined  it needs the holder" in alone.out


def test_a_warning_is_printed_and_fails_a_strict_run(cli: Cli, tmp_path: Path) -> None:
    small = write_corpus(tmp_path / "small", n=30)
    arguments = ["run", f"corpus.name={small}", "model=majority", "tracking=none"]
    told = cli(*arguments)
    assert told.code == 0
    assert told.message.startswith("warning: majority: f_avg_macro is undefined (sun: gold has ")
    assert "undefined: sun: gold has" in told.out
    assert cli(*arguments, "strict=true").code == 1


def test_the_resolved_config_is_shown_without_running(cli: Cli, home: Path) -> None:
    result = cli("run", "--cfg", "job", "model=tfidf_logreg", "model/conditioning=marked")
    assert result.code == 0
    assert re.search(r"name: tfidf_logreg\n", result.out)
    assert re.search(r"conditioning:\n    name: marked", result.out)
    assert not home.exists()


def test_help_names_the_choices(cli: Cli) -> None:
    result = cli("run", "--help")
    assert result.code == 0
    assert "stancebench run experiment=baselines" in result.out
    assert "_schema" not in result.out


def test_records_hold_no_path_of_this_machine(cli: Cli, home: Path, synthetic_template: Path) -> None:
    cli("run", f"corpus.name={synthetic_template}", "model=majority", "tracking=none")
    (path,) = records(home)
    text = path.read_text()
    assert str(synthetic_template.parent) not in text
    assert str(home) not in text
    assert json.loads(text)["run"]["corpus"] == "synthetic"


@pytest.mark.parametrize("what", ["corpora", "tasks", "protocols", "models", "experiments", "runs"])
def test_every_list_is_there_as_text_and_json(cli: Cli, synthetic_template: Path, what: str) -> None:
    cli("run", f"corpus.name={synthetic_template}", "model=majority", "tracking=none")
    lines = json.loads(cli("ls", what, "--json").out)
    assert lines
    text = cli("ls", what).out
    for line in lines:
        assert next(iter(line.values())) in text


def test_runs_on_corpora_of_one_name_are_told_apart_by_their_content(cli: Cli, corpus_dir: Path) -> None:
    run = ("run", f"corpus.name={corpus_dir}", "model=majority", "tracking=none")
    assert cli(*run).code == 0
    sentences = corpus_dir / "sentences.jsonl"
    sentences.write_text(sentences.read_text().replace("praised the", "praised and praised the", 1))
    assert cli("corpus", "check", str(corpus_dir), "--write").code == 0
    assert cli(*run).code == 0
    lines = json.loads(cli("ls", "runs", "--json").out)
    assert [line["corpus"] for line in lines] == ["synthetic@0.1", "synthetic@0.1"]
    assert len({line["content"] for line in lines}) == 2
    assert {len(line["content"]) for line in lines} == {8}
    assert all(line["content"] in cli("ls", "runs").out for line in lines)


def test_no_runs_yet_says_what_to_type(cli: Cli) -> None:
    assert "stancebench run experiment=baselines" in cli("ls", "runs").out


def test_show_finds_a_record_by_the_start_of_its_key(cli: Cli, home: Path, synthetic_template: Path) -> None:
    cli("run", f"corpus.name={synthetic_template}", "model=majority", "tracking=none")
    (path,) = records(home)
    result = cli("show", path.stem[:6])
    assert result.code == 0
    assert "Confusion sun" in result.out
    assert "Made by   stancebench" in result.out
    assert json.loads(cli("show", path.stem[:6], "--json").out)["score_key"].startswith(path.stem)
    assert "starts with 'zz'" in cli("show", "zz").message


def test_the_version_is_printed(cli: Cli) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", cli("--version").out)
