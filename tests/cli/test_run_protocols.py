from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from stancebench.corpora.corpus import KEY, Corpus
from stancebench.runs.record import Record, read_record
from tests.commands import Cli, Result
from tests.protocols.corpora import Shape, in_memory, make, on_disk

NO_SPLIT = "it needs a split into train, dev and test, and this corpus declares none: protocol=cross_validated"


@pytest.fixture(scope="session")
def made_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a corpus with a split in which every protocol for one takes part; read only."""
    return on_disk(tmp_path_factory.mktemp("corpora") / "made", make())


@pytest.fixture(scope="session")
def unsplit_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the same sentences without a split; read only."""
    return on_disk(tmp_path_factory.mktemp("corpora") / "unsplit", make(Shape(split={})))


def run(cli: Cli, folder: Path, *arguments: str) -> Result:
    model = () if any(a.startswith("model=") for a in arguments) else ("model=majority",)
    return cli("run", f"corpus.name={folder}", *model, "scoring.rounds=20", "tracking=none", *arguments)


def records(home: Path) -> list[Record]:
    return [read_record(p) for p in sorted((home / "records").glob("*.json"))]


@pytest.mark.parametrize(
    ("arguments", "shown", "folds"),
    [
        (["protocol=official"], "official", 1),
        (["protocol=cross_target"], "cross_target", 3),
        (["protocol=cross_holder"], "cross_holder", 3),
        (["protocol=cross_source"], "cross_source", 3),
        (["protocol=few_shot", "protocol.k=1"], "few_shot(k=1, draw=0)", 1),
        (["protocol=temporal"], "temporal(source=ungdc, date=2022-02-24, control=False)", 1),
        (["protocol=temporal", "protocol.control=true"], "temporal(source=ungdc, date=2022-02-24, control=True)", 1),
    ],
)
def test_each_protocol_is_run(
    cli: Cli, home: Path, made_dir: Path, arguments: list[str], shown: str, folds: int
) -> None:
    result = run(cli, made_dir, *arguments)
    assert result.code == 0
    assert f"on made@0.1, attributed from text+holder, {shown}\n" in result.out
    assert (f" train in {folds} folds, " in result.out) == (folds > 1)
    (record,) = records(home)
    assert (record.status, record.counts.folds) == ("finished", folds)
    listed = cli("ls", "runs").out
    assert shown in listed
    assert record.score_key[:12] in listed


def test_cross_validation_tests_every_row_of_a_corpus_without_split(
    cli: Cli, home: Path, unsplit_dir: Path, unsplit_corpus: Corpus
) -> None:
    assert run(cli, unsplit_dir, "protocol=cross_validated", "protocol.n_folds=4").code == 0
    (record,) = records(home)
    assert record.counts.folds == 4
    assert record.counts.test == len(unsplit_corpus.table)
    assert record.counts.train == 3 * record.counts.test
    assert record.predictions is not None
    stored = pd.read_csv(home / "predictions" / record.predictions.file, keep_default_na=False)
    assert set(zip(*(stored[c] for c in KEY), strict=True)) == set(
        zip(*(unsplit_corpus.table[c] for c in KEY), strict=True)
    )


@pytest.fixture(scope="session")
def unsplit_corpus() -> Corpus:
    return in_memory(make(Shape(split={})))


@pytest.mark.parametrize("protocol", ["official", "cross_target", "cross_holder", "cross_source", "few_shot"])
def test_a_corpus_without_split_declines_and_that_is_no_failure(
    cli: Cli, home: Path, unsplit_dir: Path, protocol: str
) -> None:
    result = run(cli, unsplit_dir, f"protocol={protocol}")
    assert result.code == 0
    assert f"declined  {NO_SPLIT}\n" in result.out
    (record,) = records(home)
    assert (record.status, record.reason, record.predictions, record.scores) == ("declined", NO_SPLIT, None, [])
    (line,) = json.loads(cli("ls", "runs", "--json").out)
    assert line["f_avg_macro"] == "declined"
    assert line["protocol"].startswith(protocol)
    assert NO_SPLIT in cli("show", record.score_key[:12]).out
    assert "(was finished before)" in run(cli, unsplit_dir, f"protocol={protocol}").out


def test_an_edition_too_small_for_one_k_declines_that_k_only(cli: Cli, home: Path, made_dir: Path) -> None:
    result = run(cli, made_dir, "-m", "protocol=few_shot", "protocol.k=4,400")
    assert result.code == 0
    found = {r.run["protocol"]["k"]: r for r in records(home)}
    assert found[4].status == "finished"
    assert found[400].status == "declined"
    assert found[400].reason.startswith("train is too small: sun 1")
    assert found[400].reason.endswith("; 400 of each are needed")
    assert found[400].reason in result.out


def test_ten_draws_are_a_sweep(cli: Cli, home: Path, made_dir: Path) -> None:
    result = run(cli, made_dir, "-m", "protocol=few_shot", "protocol.draw=range(10)", "model=tfidf_svm")
    assert result.code == 0
    assert "Runs      10, of which 0 were finished before" in result.out
    assert "10 draws" in result.out
    found = records(home)
    assert sorted(r.run["protocol"]["draw"] for r in found) == list(range(10))
    assert len({r.prediction_key for r in found}) == len({r.data_hash for r in found}) == 10


def test_a_declined_protocol_is_told_in_a_sweep(cli: Cli, unsplit_dir: Path) -> None:
    result = run(cli, unsplit_dir, "-m", "protocol=official,cross_validated")
    assert result.code == 0
    assert NO_SPLIT in result.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["protocol=few_shot", "protocol.k=0"], "protocol.k: a whole number from 1 on is expected, got 0."),
        (["protocol=few_shot", "protocol.draw=10"], "protocol.draw: there are 10 draws, 0 to 9; got 10."),
        (["protocol=temporal", "protocol.date=2022"], "protocol.date: a day is expected, as YYYY-MM-DD, got '2022'."),
        (["protocol=cross_validated", "protocol.n_folds=1"], "protocol.n_folds: at least 2 are needed, got 1."),
        (["protocol=temporal", "protocol.source=un"], "There is no source 'un'. Did you mean 'ungdc'? Allowed: "),
        (["protocol=cross_targt"], "There is no protocol 'cross_targt'. Did you mean 'cross_target'?"),
        (["protocol.k=4"], "There is no key 'protocol.k' in the protocol chosen."),
    ],
)
def test_a_mistyped_protocol_gets_one_message(
    cli: Cli, home: Path, made_dir: Path, arguments: list[str], told: str
) -> None:
    result = run(cli, made_dir, *arguments)
    assert result.code == 2
    assert result.message.startswith(f"stancebench: {told}")
    assert not records(home)


def test_a_single_family_declines_cross_source(cli: Cli, home: Path, synthetic_template: Path) -> None:
    assert run(cli, synthetic_template, "protocol=cross_source").code == 0
    assert records(home)[0].reason == "it needs the source of every sentence, and this corpus does not say it"


def test_a_table_whose_texts_are_nearly_the_same_is_cross_validated_all_the_same(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = {"favor": "a gift to trade", "against": "a burden on ports", "none": "signed in spring"}
    texts = [(f"The harbour treaty number {i} is {words[s]}", s) for i in range(20) for s in words]
    texts += [(f"{text}!", s) for text, s in texts[:9]]
    rows = [f"{text},treaty,{stance}" for text, stance in texts]
    Path("mine.csv").write_text("\n".join(["text,target,stance", *rows, ""]), encoding="utf-8")
    done = cli(
        *("run", "corpus=table", "corpus.name=mine", "corpus.files=[mine.csv]", "task.inputs=text"),
        *("protocol=cross_validated", "protocol.n_folds=3", "model=majority", "tracking=none", "scoring.rounds=50"),
    )
    assert done.code == 0, done.err
    assert "69 test judgements" in done.out


def test_a_leak_is_refused_also_where_the_same_data_ran_as_a_published_split(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = {"favor": "a gift to trade", "against": "a burden on ports", "none": "signed in spring"}
    rows = [
        f"harbour treaty number {i} is {words[s]}{end},treaty,{s},{split}"
        for i in range(12)
        for s in words
        for split, end in (("train", ""), ("test", "!"))
    ]
    Path("mine.csv").write_text("\n".join(["text,target,stance,split", *rows, ""]), encoding="utf-8")
    run = [
        *("run", "corpus=table", "corpus.name=mine", "corpus.files=[mine.csv]", "corpus.columns.split=split"),
        *("task.inputs=text", "model=majority", "tracking=none", "scoring.rounds=50"),
    ]
    assert "share nearly the same text" in cli(*run).message
    told = cli(*run, "corpus.published_split=true")
    assert told.code == 0
    assert "The published split stays as it is." in told.err
    again = cli(*run)
    assert again.code == 1
    assert "share nearly the same text" in again.message
