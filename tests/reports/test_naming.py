from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from stancebench.config.spec import model_config
from stancebench.corpora.corpus import KEY, Corpus
from stancebench.corpora.load import load_corpus
from stancebench.errors import RecordError, StancebenchError, UsageError
from stancebench.protocols import Protocol
from stancebench.reports.naming import matching
from stancebench.reports.systems import named_systems
from stancebench.reports.table import Row
from stancebench.runs.execute import Runner
from stancebench.runs.record import Record
from stancebench.runs.spec import RunSpec, Scoring
from stancebench.runs.store import RunStore
from stancebench.scoring import Bootstrap
from stancebench.tasks import Task

FEW_ROUNDS = Scoring(bootstrap=Bootstrap(rounds=20))


@pytest.fixture(scope="module")
def store(synthetic_template: Path, tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    """A store with two seeds of a stochastic model, a constant one under two protocols, and one that declined."""
    store = RunStore(tmp_path_factory.mktemp("home"))
    runner = Runner(store, model_config)
    for model, inputs, protocol, seed in (
        ("stratified", "text", Protocol(), 0),
        ("stratified", "text", Protocol(), 1),
        ("majority", "text", Protocol(), 0),
        ("majority", "text", Protocol("few_shot", k=1), 0),
        ("holder_prior", "text", Protocol(), 0),
    ):
        task = Task("attributed", inputs)
        config = {"per_target": False} if model == "majority" else {}
        runner.run(RunSpec(str(synthetic_template), task, protocol, model, config, seed, FEW_ROUNDS))
    return store


@pytest.fixture(autouse=True)
def _at_home(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBENCH_HOME", str(store.folder))


@pytest.fixture
def keys(store: RunStore) -> dict[str, str]:
    def name(record: Record) -> str:
        return f"{record.run['model']} {record.run['protocol']['name']} {record.run['seed']}"

    return {name(record): record.score_key for record in store.all_records()}


@pytest.fixture
def files(store: RunStore, tmp_path: Path, keys: dict[str, str]) -> dict[str, Path]:
    """Predictions of the constant model without a record: once, and as two seeds."""
    predictions = store.find(keys["majority official 0"]).predictions
    assert predictions is not None
    table = pd.read_csv(store.predictions / predictions.file, dtype=str)[[*KEY, "stance"]]
    two = pd.concat([table.assign(seed="0"), table.assign(seed="1", stance="favor")])
    there = {"mine.csv": table, "seeds.csv": two}
    for name, content in there.items():
        content.to_csv(tmp_path / name, index=False)
    return {name: tmp_path / name for name in there}


def refusal(*names: str, corpus: Corpus | None = None, **options: str) -> str:
    with pytest.raises(StancebenchError) as caught:
        named_systems(names, corpus=corpus, **options)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_key_a_record_and_a_file_name_systems_in_order(
    keys: dict[str, str], files: dict[str, Path], store: RunStore, synthetic: Corpus
) -> None:
    path = store.record_path(keys["majority official 0"])
    shared = named_systems([keys["stratified official 0"][:12], str(files["mine.csv"]), str(path)], corpus=synthetic)
    assert [(s.name, s.model, len(s.predictions)) for s in shared.systems] == [
        ("stratified", "stratified", 1),
        ("mine.csv", "", 1),
        ("majority", "majority", 1),
    ]
    _, mine, majority = shared.systems
    assert mine.predictions[0]["stance"].tolist() == majority.predictions[0]["stance"].tolist()
    assert shared.scoring == FEW_ROUNDS


def test_records_that_differ_in_their_seed_alone_are_one_system(keys: dict[str, str], synthetic: Corpus) -> None:
    names = [keys["stratified official 1"], keys["majority official 0"], keys["stratified official 0"]]
    shared = named_systems(names, corpus=synthetic)
    assert [s.name for s in shared.systems] == ["stratified (2 seeds)", "majority"]
    assert [r.run["seed"] for r in shared.systems[0].records] == [1, 0]


def test_a_file_with_a_column_of_seeds_is_one_system(files: dict[str, Path], synthetic: Corpus) -> None:
    shared = named_systems([str(files["seeds.csv"])], corpus=synthetic)
    (system,) = shared.systems
    assert [set(p["stance"]) for p in system.predictions][1] == {"favor"}
    assert [len(p) for p in system.predictions] == [200, 200]


def test_files_of_one_name_are_told_apart_by_their_folders(
    files: dict[str, Path], tmp_path: Path, synthetic: Corpus
) -> None:
    other = tmp_path / "other" / "mine.csv"
    other.parent.mkdir()
    other.write_bytes(files["mine.csv"].read_bytes())
    shared = named_systems([str(files["mine.csv"]), str(other)], corpus=synthetic)
    assert [s.name for s in shared.systems] == [f"mine.csv ({files['mine.csv']})", f"mine.csv ({other})"]


def test_what_names_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "'baselin' is no system: no file has that name" in refusal("baselin")
    assert "Did you mean 'baselines:SYSTEM'?" in refusal("baselin")
    assert "'tfidf_svm' is a model, and a model's name alone is no system" in refusal("tfidf_svm")
    assert "'baselines' is an experiment. Type which of its systems, as baselines:SYSTEM" in refusal("baselines")
    assert "There is no experiment 'baselin'. Did you mean 'baselines'?" in refusal("baselin:lexicon")
    assert "There is no predictions file mine.csv." in refusal("mine.csv")
    assert "Cannot read the record mine.json" in refusal("mine.json")


def test_what_is_named_twice_is_refused(keys: dict[str, str], files: dict[str, Path]) -> None:
    key = keys["majority official 0"]
    assert f"{key[:12]} is named twice" in refusal(key, key[:8])
    assert "mine.csv is named twice" in refusal(*2 * [str(files["mine.csv"])])


def test_a_key_that_several_records_have_is_refused(store: RunStore, keys: dict[str, str], tmp_path: Path) -> None:
    first = store.record_path(keys["majority official 0"])
    twin = first.with_name(f"{first.stem[:-1]}z.json")
    twin.write_bytes(first.read_bytes())
    try:
        assert f"2 records in {store.records} start with '{first.stem[:-1]}': type more" in refusal(first.stem[:-1])
    finally:
        twin.unlink()


def test_a_declined_run_has_no_predictions(keys: dict[str, str]) -> None:
    assert refusal(keys["holder_prior official 0"]).startswith(
        f"{keys['holder_prior official 0'][:12]} has no predictions: it declined ("
    )


def test_systems_of_two_protocols_are_refused(keys: dict[str, str]) -> None:
    message = refusal(keys["majority official 0"], keys["majority few_shot 0"])
    assert message.startswith(
        "majority, official and majority, few_shot k=1 are not of the same test: protocol official"
    )
    assert "the column drop" in message
    assert "majority is of protocol official, and protocol temporal is asked for." in refusal(
        keys["majority official 0"], protocol="temporal"
    )


def test_records_of_other_gold_than_the_corpus_has_are_refused(keys: dict[str, str]) -> None:
    other = load_corpus("coverage")
    message = refusal(keys["majority official 0"], corpus=other)
    assert "is of other test judgements than coverage@0.1 has here" in message


def test_a_stranger_s_record_without_choices_is_refused(store: RunStore, keys: dict[str, str], tmp_path: Path) -> None:
    record = store.find(keys["majority official 0"])
    path = tmp_path / "strange.json"
    path.write_bytes(record.model_copy(update={"run": {"model": "majority"}}).to_bytes())
    with pytest.raises(RecordError, match="does not say what was run"):
        named_systems([str(path)])


@pytest.fixture
def rows() -> dict[str, Row]:
    """Rows of a table by their labels; one declined."""

    def row(declined: str = "") -> Row:
        return Row("lexicon", {}, (), (), declined=declined)

    labels = ("lexicon, text", "lexicon, masked", "tfidf_svm, text, crossed", "stratified (5 seeds), text")
    return {**{label: row() for label in labels}, "tfidf_svm (declined), masked, crossed": row("no train")}


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("lexicon, text", "lexicon, text"),
        ("text,lexicon", "lexicon, text"),
        ("masked", "lexicon, masked"),
        ("stratified", "stratified (5 seeds), text"),
        ("crossed", "tfidf_svm, text, crossed"),
        ("tfidf_svm, masked", "tfidf_svm (declined), masked, crossed"),
    ],
)
def test_a_row_is_named_by_its_label_or_enough_parts_of_it(rows: dict[str, Row], typed: str, label: str) -> None:
    assert matching("baselines", typed, rows) == [label]


def test_a_star_is_every_row_that_did_not_decline(rows: dict[str, Row]) -> None:
    assert matching("baselines", "*", rows) == list(rows)[:4]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "lexicon",
            "'lexicon' is 2 systems of baselines: lexicon, text; lexicon, masked. Type more of its name, as in ",
        ),
        (
            "lexikon, text",
            "no system 'lexikon, text' in baselines. Did you mean 'lexicon, text'? Allowed: lexicon, text; ",
        ),
        ("", "There is no system '' in baselines."),
    ],
)
def test_a_name_of_no_row_or_of_several_is_refused(rows: dict[str, Row], typed: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        matching("baselines", typed, rows)
    assert told in str(caught.value)
