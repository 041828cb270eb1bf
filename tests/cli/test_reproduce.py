"""A record run again from the command line: what is told, and how it ends."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stancebench.corpora.check import write_generated
from stancebench.files import sha256_of
from stancebench.models import ModelSpec
from stancebench.models import constant as constant_models
from stancebench.paths import CHECKOUT
from stancebench.runs import execute
from stancebench.runs.keys import SCORING_VERSION
from stancebench.runs.record import read_record
from tests.commands import Cli, environment
from tests.corpus_files import write_corpus

VERSION_1 = CHECKOUT / "tests" / "runs" / "records" / "version_1.json"

Make = Callable[..., Path]
Row = dict[str, str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def made(cli: Cli, home: Path, corpus_dir: Path) -> Make:
    """Carry out a run on the synthetic corpus, which lies in the working directory, and return its record."""

    def make(*arguments: str) -> Path:
        before = set(home.rglob("records/*.json"))
        corpus = [] if any(a.startswith("corpus") for a in arguments) else [f"corpus.name={corpus_dir}"]
        result = cli("run", *corpus, "tracking=none", "scoring.rounds=200", *arguments)
        assert result.code == 0, result.err
        (path,) = set(home.rglob("records/*.json")) - before
        return path

    return make


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    values = json.loads(path.read_bytes())
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def edit_rows(path: Path, change: Callable[[list[Row]], None]) -> None:
    """Change the rows of one of the corpus's files, and what is generated from them."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    folder = path.parent if (path.parent / "corpus.yaml").exists() else path.parent.parent
    write_generated(folder)


def relabel(rows: list[Row], tens: set[int]) -> None:
    """Turn favor and against in the sentences whose number ends so: 0 to 3 are train, 4 dev, 5 to 9 test."""
    swap = {"favor": "against", "against": "favor"}
    for row in rows:
        if int(row["sentence_id"][-1]) in tens:
            row["label"] = swap.get(row["label"], row["label"])


def test_a_run_reproduces_and_leaves_nothing_behind(cli: Cli, made: Make, home: Path) -> None:
    path = made("model=tfidf_svm")
    before = {p: p.read_bytes() for p in home.rglob("*") if p.is_file()}
    for given in (str(path), path.stem[:8]):
        result = cli("reproduce", given)
        assert result.code == 0, result.out
        first, second, third, *_ = result.out.splitlines()
        assert first.startswith(f"same     {path.stem[:12]}  tfidf_svm(C=1.0, ")
        assert second == "Compared 200 predictions, 100.00% equal, scores equal"
        assert third == "Asked    the record's lock, Python, platform, linear algebra and threads: everything equal"
        assert not result.err
    assert {p: p.read_bytes() for p in home.rglob("*") if p.is_file()} == before


def test_it_is_fitted_afresh_whatever_the_home_holds(cli: Cli, made: Make, home: Path) -> None:
    path = made("model=majority")
    record = read_record(path)
    assert record.predictions is not None
    # Predictions that agree with note and record, but that no model gave.
    file = home / "predictions" / record.predictions.file
    data = file.read_bytes().replace(b",none,", b",favor,").replace(b",against,", b",favor,")
    assert data != file.read_bytes()
    file.write_bytes(data)
    for noted in (path, file.with_suffix(".json")):
        text = noted.read_text(encoding="utf-8")
        noted.write_text(text.replace(record.predictions.sha256, sha256_of(data)), encoding="utf-8")
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "First    predictions: " in result.out


@pytest.mark.parametrize(
    ("tens", "what", "cause"),
    [
        ({0, 1, 2, 3}, "predictions", "texts, holders or train labels have changed"),
        ({7}, "scores", "test labels, events or subsets have changed"),
    ],
)
def test_other_labels_are_named_as_the_cause(
    cli: Cli, made: Make, corpus_dir: Path, tens: set[int], what: str, cause: str
) -> None:
    path = made("model=holder_prior")
    edit_rows(corpus_dir / "judgements.csv", lambda rows: relabel(rows, tens))
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert result.out.startswith("DIFFERS  ")
    assert f"\nFirst    {what}: " in result.out
    (told,) = [line for line in result.out.splitlines() if line.startswith("Cause")]
    assert told.startswith("Cause    corpus: synthetic@0.1 ")
    assert cause in told


def test_another_split_is_named(cli: Cli, made: Make, corpus_dir: Path) -> None:
    path = made("model=majority")

    def shift(rows: list[Row]) -> None:
        for row in rows[:50]:
            row["split"] = "train"

    edit_rows(corpus_dir / "splits" / "official.csv", shift)
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "no prediction" in result.out
    assert "the split, or the protocol's folds, have changed" in result.out


def test_another_alias_is_named_as_another_corpus(cli: Cli, made: Make, corpus_dir: Path) -> None:
    path = made("model=holder_prior")
    targets = corpus_dir / "targets.yaml"
    targets.write_text(targets.read_text(encoding="utf-8").replace("- Sun", "- Comet"), encoding="utf-8")
    write_generated(corpus_dir)
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "Cause    corpus: " in result.out
    assert "another corpus of that name: aliases of targets have changed" in result.out


def test_edited_scores_differ(cli: Cli, made: Make) -> None:
    path = made("model=majority")
    edit(path, lambda values: values["scores"][0].update(value=0.9))
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "\nFirst    scores: " in result.out
    assert "the record was edited, or scoring changed" in result.out


def test_edited_scores_without_predictions_say_so_too(cli: Cli, made: Make, home: Path) -> None:
    path = made("model=majority")
    edit(path, lambda values: values["scores"][0].update(value=0.9))
    (file,) = (home / "predictions").glob("*.csv")
    file.unlink()
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "\nCause    the record was edited, or its model does not use its seed: only its predictions" in result.out


def test_several_records_are_told_one_by_one(cli: Cli, made: Make, home: Path, tmp_path: Path) -> None:
    paths = [made("model=majority"), made("model=holder_prior")]
    given = [str(paths[0]), paths[1].stem[:8]]
    result = cli("reproduce", *given, str(paths[0]))
    assert result.code == 0, result.out
    first, second, *_, last = result.out.splitlines()
    assert [line.split()[:2] for line in (first, second)] == [["same", p.stem[:12]] for p in paths]
    assert last == "2 of 2 records reproduce."
    edit(paths[1], lambda values: values["scores"][0].update(value=0.9))
    torn = tmp_path / "torn.json"
    torn.write_text("{")
    result = cli("reproduce", *given, str(torn))
    assert result.code == 1
    assert "\nDIFFERS  " in result.out
    assert "\nREFUSED  torn\nWhy      " in result.out
    assert result.out.splitlines()[-1] == "1 of 3 records reproduce."
    values = json.loads(cli("reproduce", *given, str(torn), "--json").out)
    assert [v["same"] for v in values] == [True, False, False]
    assert "half written" in values[2]["refused"]


def test_a_folder_is_told_how_its_records_are_given(cli: Cli, made: Make, home: Path) -> None:
    made("model=majority")
    for folder in ("home", "home/records"):
        result = cli("reproduce", folder)
        assert result.code == 1
        assert result.message == (
            f"stancebench: {folder} is a folder. Type the path of a record in it, or of several: "
            "`stancebench reproduce home/records/*.json`."
        )


def test_edited_predictions_are_refused(cli: Cli, made: Make, home: Path) -> None:
    path = made("model=majority")
    (file,) = (home / "predictions").glob("*.csv")
    file.write_bytes(file.read_bytes().replace(b"AAA", b"BBB", 1))
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "is not the predictions file that the record" in result.message
    assert result.message.endswith("Restore it, or remove it to compare scores only.")
    file.unlink()
    result = cli("reproduce", str(path))
    assert result.code == 0
    assert f"Compared no predictions: home/predictions/{file.name} is not there, scores equal" in result.out


@pytest.mark.parametrize("data", [b"sentence_id,holder\na,b\n", b"\xff\xfe", None])
def test_what_is_no_file_of_predictions_is_refused(cli: Cli, made: Make, home: Path, data: bytes | None) -> None:
    path = made("model=majority")
    (file,) = (home / "predictions").glob("*.csv")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines, lines[-1]]) if data is None else data)
    edit(path, lambda values: values["predictions"].update(sha256=sha256_of(file.read_bytes())))
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "is no file of predictions: " in result.message


def test_predictions_may_lie_beside_the_record_itself(cli: Cli, made: Make, home: Path, tmp_path: Path) -> None:
    path = made("model=majority")
    (file,) = (home / "predictions").glob("*.csv")
    sent = tmp_path / "sent"
    sent.mkdir()
    for one in (path, file):
        shutil.move(one, sent / one.name)
    assert "200 predictions, 100.00% equal" in cli("reproduce", str(sent / path.name)).out


def test_another_seed_in_the_record_is_found(cli: Cli, made: Make) -> None:
    path = made("model=stratified", "seed=3")
    assert cli("reproduce", str(path)).code == 0
    edit(path, lambda values: values["run"].update(seed=4))
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "Cause    choices: key " in result.out
    assert "the record's choices were edited" in result.out


def test_other_versions_are_listed_and_loosen_what_is_asked(cli: Cli, made: Make) -> None:
    path = made("model=majority")
    edit(path, lambda values: values["provenance"].update(packages={"numpy": "1.0"}, git_commit="0" * 40))
    result = cli("reproduce", str(path))
    assert result.code == 0
    assert "Asked    another lock, Python or platform: 99% of stances equal" in result.out
    assert "\nAlso     numpy: 1.0 recorded, " in result.out
    assert "\nAlso     commit: 0000000000" in result.out


def test_a_model_that_was_changed_on_purpose_is_named(cli: Cli, made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made("model=majority")
    edit(path, lambda values: values["scores"][0].update(value=0.9))

    def other(config: Any, context: Any) -> Any:
        return constant_models.STRATIFIED.build(config, context)

    changed: ModelSpec = replace(constant_models.MAJORITY, version=2, build=other)
    monkeypatch.setattr(constant_models, "MAJORITY", changed)
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "First    predictions: " in result.out
    assert "Cause    model_version: 1 recorded, 2 now: the model was changed on purpose since" in result.out


def test_scores_defined_otherwise_are_named(cli: Cli, made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made("model=majority")
    edit(path, lambda values: values["scores"][0].update(value=0.9))
    monkeypatch.setattr("stancebench.runs.keys.SCORING_VERSION", SCORING_VERSION + 1)
    monkeypatch.setattr(execute, "SCORING_VERSION", SCORING_VERSION + 1)
    result = cli("reproduce", str(path))
    versions = f"{SCORING_VERSION} recorded, {SCORING_VERSION + 1} now"
    assert f"Cause    scoring_version: {versions}: scores are defined otherwise since" in result.out


def test_another_number_of_threads_is_told(made: Make, home: Path, tmp_path: Path) -> None:
    path = made("model=tfidf_logreg")
    threads = read_record(path).provenance.threads
    command = [sys.executable, "-m", "stancebench", "reproduce", str(path), "--json"]
    other = {**environment(home), "OMP_NUM_THREADS": str(threads + 1 if threads == 1 else 1)}
    done = subprocess.run(command, cwd=tmp_path, env=other, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    values = json.loads(done.stdout)
    assert (values["same"], values["exact"], values["bitwise"]) == (True, True, False)
    assert values["probability_difference"] <= 1e-6
    (told,) = [d for d in values["differences"] if d["what"] == "threads"]
    assert told["recorded"] == str(threads)
    assert told["cause"] == f"sums in another order; set OMP_NUM_THREADS={threads}"


def test_a_declined_run_is_declined_again(cli: Cli, made: Make) -> None:
    path = made("model=holder_prior", "task=sentence")
    assert read_record(path).status == "declined"
    result = cli("reproduce", str(path))
    assert result.code == 0
    assert "Compared status: there are no predictions of a declined run" in result.out
    edit(path, lambda values: values.update(status="finished", reason=""))
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert "First    status: finished recorded, declined (it needs the holder" in result.out


def test_json_has_everything_and_no_infinity(cli: Cli, made: Make) -> None:
    path = made("model=majority")
    same = json.loads(cli("reproduce", str(path), "--json").out)
    assert same["same"]
    assert same["first_difference"] is None
    edit(path, lambda values: values["scores"].pop())
    result = cli("reproduce", str(path), "--json")
    assert result.code == 1
    values = json.loads(result.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert values["score_difference"] is None
    assert values["first_difference"] == values["differences"][0]
    assert values["first_difference"]["what"] == "scores"
    assert set(values["first_difference"]) == {"what", "recorded", "now", "cause"}


def test_a_corpus_that_is_gone_is_named_with_what_to_type(cli: Cli, made: Make, corpus_dir: Path) -> None:
    path = made("model=majority")
    content = read_record(path).corpus.content_hash[:16]
    moved = corpus_dir.rename(corpus_dir.parent / "elsewhere")
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert result.message == (
        f"stancebench: The corpus of the record {path.stem[:12]} is not here: synthetic, version 0.1, content "
        f"{content}. Type the same command with --corpus PATH, the folder that it lies in."
    )
    assert cli("reproduce", str(path), "--corpus", str(moved)).code == 0
    result = cli("reproduce", str(path), "--corpus", "nowhere")
    assert result.code == 2
    assert "There is no corpus 'nowhere'" in result.message
    assert result.message.endswith("Type --corpus PATH, the folder that it lies in.")


def test_another_corpus_of_that_name_is_run_and_is_the_cause(cli: Cli, made: Make, tmp_path: Path) -> None:
    path = made("model=majority")
    other = write_corpus(tmp_path / "other" / "synthetic", seed=1)
    result = cli("reproduce", str(path), "--corpus", str(other))
    assert result.code == 1
    assert "Cause    corpus: synthetic@0.1 " in result.out


ROWS = [(f"Number {i} of the pier in {'abcdefgh'[i % 8] * 9}.", ("favor", "against", "none")[i % 3]) for i in range(60)]


def write_table(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "target", "stance", "split"))
        writer.writerows((text, "pier", stance, "train" if i % 2 else "test") for i, (text, stance) in enumerate(ROWS))


@pytest.fixture
def of_table(made: Make, tmp_path: Path) -> Path:
    """The record of a run on a table in the working directory."""
    write_table(tmp_path / "mine.csv")
    declared = ("corpus=table", "corpus.name=mine", "corpus.files=[mine.csv]", "corpus.columns.split=split")
    return made(*declared, "corpus.published_split=true", "task.inputs=text", "model=tfidf_svm")


def test_a_table_is_found_here_or_where_it_is_said_to_be(cli: Cli, of_table: Path, tmp_path: Path) -> None:
    assert cli("reproduce", str(of_table)).code == 0
    (tmp_path / "data.d").mkdir()
    (tmp_path / "mine.csv").rename(tmp_path / "data.d" / "mine.csv")
    result = cli("reproduce", str(of_table))
    assert result.code == 1
    assert "stancebench: mine.csv is not there, nor is data/mine.csv." in result.message
    assert f"It is of the corpus of the record {of_table.stem[:12]}: mine, version 1, content " in result.message
    assert result.message.endswith("If it lies elsewhere, type the same command with --corpus FOLDER.")
    assert cli("reproduce", str(of_table), "--corpus", "data.d").code == 0
    assert cli("reproduce", str(of_table), "--corpus", "nowhere").code == 1


def test_near_duplicates_that_a_run_found_are_not_searched_again(cli: Cli, of_table: Path, home: Path) -> None:
    (known,) = (home / "near_duplicates").iterdir()
    (train, _), (test, _) = ROWS[1], ROWS[2]
    ids = ["s-" + sha256_of(text.encode())[:12] for text in (train, test)]
    edit(known, lambda values: values.update(near_duplicates=[[*ids, 0.999]]))
    result = cli("reproduce", str(of_table))
    assert result.code == 0
    assert result.message.startswith("warning: mine: Fold 'official' leaks: ")
    assert all(one in result.message for one in ids), "what is known is what is warned of"


def test_a_table_that_has_changed_is_run_and_is_the_cause(cli: Cli, of_table: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(mine.read_text(encoding="utf-8").replace(",favor,test", ",none,test"), encoding="utf-8")
    result = cli("reproduce", str(of_table))
    assert result.code == 1
    assert "Cause    corpus: mine@1 " in result.out
    assert "test labels" in result.out


def test_a_record_of_the_first_schema_version_reproduces_by_its_scores(cli: Cli) -> None:
    result = cli("reproduce", str(VERSION_1))
    assert result.code == 0, result.out
    assert "no predictions: " in result.out
    assert "Also     threads: not recorded, " in result.out


def test_a_record_that_cannot_be_read_is_refused(cli: Cli, made: Make, tmp_path: Path) -> None:
    path = made("model=majority")
    whole = path.read_bytes()
    for version, told in ((4, "version is 4"), ([1], "version is [1]"), (True, "version is True")):
        edit(path, lambda values, version=version: values.update(schema_version=version))  # type: ignore[misc]
        result = cli("reproduce", str(path))
        assert result.code == 1
        assert told in result.message
        assert "reads 1, 2" in result.message
    for data in (whole[:300], b"[" * 100_000, b""):
        path.write_bytes(data)
        assert "it is half written or no JSON" in cli("reproduce", str(path)).message
    assert "Cannot read the record nothing.json" in cli("reproduce", "nothing.json").message
    assert "starts with 'zz'" in cli("reproduce", "zz").message


def test_a_record_or_an_experiment_is_asked_for(cli: Cli) -> None:
    for arguments in ([], ["abc", "--experiment", "baselines"]):
        result = cli("reproduce", *arguments)
        assert result.code == 2
        assert "Type either records or --experiment NAME" in result.message
    result = cli("reproduce", "--experiment", "baselinse")
    assert result.code == 2
    assert "Did you mean 'baselines'?" in result.message


def test_a_key_that_several_records_start_with_is_told(cli: Cli, made: Make, home: Path) -> None:
    path = made("model=majority")
    shutil.copy(path, home / "records" / f"{path.stem[:4]}ffff.json")
    assert "2 records in home/records start with" in cli("reproduce", path.stem[:4]).message


# --- a record of a stranger ---------------------------------------------------------------------------------------


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module within reach of an import; the file it writes when it is run."""
    sprung = tmp_path / "sprung"
    touch = f"Path({str(sprung)!r}).touch()"
    code = f"from pathlib import Path\n{touch}\ndef build(*a, **k): {touch}\n"
    (tmp_path / "trap.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return sprung


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"model": "os:system"}, "no model 'os:system' is registered. If you trust the package that brings it"),
        ({"model": "trap:build"}, "no model 'trap:build' is registered"),
        ({"model": ["trap"]}, "run.model: Input should be a valid string"),
        ({"model_config": {"_target_": "trap.build"}}, "The config of model 'majority' does not fit"),
        ({"model_config": {"per_target": {"_target_": "trap.build"}}}, "The config of model 'majority' does not fit"),
        ({"model_config": {"per_target": "${oc.env:HOME}"}}, "a resolved value holds no '${'"),
        ({"model_config": {"colour": 1}}, "Key 'colour' not in 'MajorityConfig'"),
        ({"model_config": {"per_target": "perhaps"}}, "The config of model 'majority' does not fit"),
        ({"corpus": "../../etc"}, "is not here: synthetic, version 0.1"),
        ({"corpus": "/etc"}, "is not here: synthetic, version 0.1"),
        ({"corpus": ".."}, "is not here: synthetic, version 0.1"),
        (
            {"corpus": {"name": "x", "files": [{"path": "../x.csv"}]}},
            "its corpus has '../x.csv', and a record names no place",
        ),
        ({"corpus": {"name": "x", "files": [{"path": "/etc/passwd"}]}}, "its corpus has '/etc/passwd'"),
        ({"corpus": {"name": "x", "folder": "~", "files": [{"path": "x.csv"}]}}, "its corpus has '~'"),
        ({"corpus": {"name": "x", "loader": "trap:build", "files": ["x.csv"]}}, "Extra inputs are not permitted"),
        ({"protocol": {"name": "trap"}}, "There is no protocol 'trap'"),
        ({"protocol": "official"}, "its choices are not whole"),
        ({"task": {"name": "attributed"}, "extra": 1}, "run.extra is unknown. Choices are: corpus, task, protocol"),
        ({"seed": "three"}, "run.seed: Input should be a valid integer"),
        ({"scoring": {"mode": "trap", "bootstrap": {}}}, "run.scoring.mode: Input should be 'strict' or 'semeval'"),
        ({"scoring": {"mode": "strict", "bootstrap": {"rounds": 0}}}, "rounds must be at least 1"),
    ],
)
def test_nothing_that_a_record_names_is_imported_or_read(
    cli: Cli, made: Make, trap: Path, change: dict[str, Any], told: str
) -> None:
    path = made("model=majority")
    edit(path, lambda values: values["run"].update(change))
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert told in result.message
    assert not trap.exists()
    assert "trap" not in sys.modules


def test_choices_that_are_missing_are_told(cli: Cli, made: Make) -> None:
    path = made("model=majority")
    edit(path, lambda values: values["run"].pop("seed"))
    assert "run.seed is missing. Choices are: corpus, " in cli("reproduce", str(path)).message


@pytest.mark.parametrize("file", ["../../../etc/passwd", "/etc/passwd", "x/y.csv"])
def test_predictions_outside_the_record_s_folder_are_not_read(cli: Cli, made: Make, file: str) -> None:
    path = made("model=majority")
    edit(path, lambda values: values["predictions"].update(file=file))
    result = cli("reproduce", str(path))
    assert result.code == 1
    assert f"its predictions are {file!r}, and a record names a file without a folder" in result.message


def test_a_model_of_others_says_what_the_record_was_made_with(cli: Cli, made: Make) -> None:
    path = made("model=majority")

    def theirs(values: dict[str, Any]) -> None:
        values["run"]["model"] = "their_model"
        values["provenance"]["packages"]["their-models"] = "1.2"

    edit(path, theirs)
    message = cli("reproduce", str(path)).message
    assert "no model 'their_model' is registered. The record was made with their-models 1.2." in message
    assert message.endswith("install that; then `stancebench ls models` lists it.")


def test_a_config_of_another_version_of_the_model_says_so(cli: Cli, made: Make) -> None:
    path = made("model=majority")
    edit(path, lambda values: values.update(model_version=7))
    edit(path, lambda values: values["run"].update(model_config={"colour": 1}))
    assert cli("reproduce", str(path)).message.endswith("The record is of version 7 of the model, here is 1.")


# --- a whole table ------------------------------------------------------------------------------------------------


@pytest.fixture
def small_table(made: Make, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed experiment of four records of the synthetic corpus; the folder of its results."""
    for arguments in (["model=majority"], ["model=majority", "scoring=semeval"], ["model=stratified", "seed=1"]):
        made(*arguments)
    made("model=holder_prior", "task=sentence")
    folders = {name: CHECKOUT / name for name in ("conf", "corpora", "experiments")} | {"results": tmp_path / "results"}
    for room in ("stancebench.cli.reproduce", "stancebench.config.compose"):
        monkeypatch.setattr(f"{room}.shipped", folders.__getitem__)
    folder = tmp_path / "results" / "baselines"
    for part in ("records", "predictions"):
        shutil.copytree(home / part, folder / part)
    return folder


def test_a_table_is_reproduced_record_by_record(cli: Cli, small_table: Path) -> None:
    result = cli("reproduce", "--experiment", "baselines")
    assert result.code == 0, result.out
    assert result.out.count("same     ") == 4
    assert result.out.endswith("4 of 4 records of baselines reproduce.\n")
    values = json.loads(cli("reproduce", "--experiment", "baselines", "--json").out)
    assert [v["same"] for v in values] == [True] * 4
    assert {v["score_key"][:16] for v in values} == {p.stem for p in (small_table / "records").iterdir()}


def test_one_spoilt_record_does_not_hide_the_others(cli: Cli, small_table: Path) -> None:
    records = {read_record(p).run["model"]: p for p in (small_table / "records").iterdir()}
    edit(records["stratified"], lambda values: values["predictions"].update(sha256="0" * 64))
    edit(records["majority"], lambda values: values["scores"][0].update(value=0.9))
    result = cli("reproduce", "--experiment", "baselines")
    assert result.code == 1
    assert "REFUSED  " in result.out
    assert "Why      results/baselines/predictions/" in result.out
    assert "DIFFERS  " in result.out
    assert result.out.endswith("2 of 4 records of baselines reproduce.\n")
    values = json.loads(cli("reproduce", "--experiment", "baselines", "--json").out)
    assert [bool(v.get("refused")) for v in values].count(True) == 1


def test_a_table_that_is_not_committed_is_told(cli: Cli, small_table: Path) -> None:
    shutil.rmtree(small_table)
    result = cli("reproduce", "--experiment", "baselines")
    assert result.code == 1
    assert "No results of 'baselines' are committed. Type `stancebench run experiment=baselines`" in result.message


def test_one_corpus_does_not_do_for_a_table_on_several(cli: Cli, small_table: Path) -> None:
    path = min((small_table / "records").iterdir())
    edit(path, lambda values: values["corpus"].update(name="other"))
    result = cli("reproduce", "--experiment", "baselines", "--corpus", "synthetic")
    assert result.code == 2
    assert "--corpus is one corpus, and 'baselines' is on several" in result.message
