from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from stancebench import paths
from stancebench.corpora.check import write_generated
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.duplicates import near_duplicates
from stancebench.corpora.files import read_files
from stancebench.corpora.load import corpus_folder, corpus_names, load_corpus, typed, verify_checksums
from stancebench.corpora.schema import SplitRow
from stancebench.errors import CorpusError, UsageError
from stancebench.files import sha256_of
from stancebench.paths import shown
from tests.corpora.editing import add, drop, edit, refusal, replace


@pytest.fixture
def shelf(synthetic_template: Path, handmade_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that ships the synthetic and the handmade corpus."""
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "src" / "stancebench")
    monkeypatch.setattr(paths, "CHECKOUT", tmp_path)
    for template in (synthetic_template, handmade_template):
        shutil.copytree(template, tmp_path / "corpora" / template.name)
    (tmp_path / "corpora" / "unfinished").mkdir()
    return tmp_path / "corpora"


def test_a_bundled_corpus_is_loaded_by_name_and_any_other_by_path(shelf: Path, synthetic: Corpus) -> None:
    assert corpus_names() == ["handmade", "synthetic"]
    assert corpus_folder("synthetic") == shelf / "synthetic"
    assert load_corpus("synthetic").content_hash == synthetic.content_hash
    assert load_corpus(str(shelf / "synthetic")).content_hash == synthetic.content_hash


def test_a_relative_path_is_a_corpus_unless_a_bundled_one_has_that_name(
    shelf: Path, handmade_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    for name in ("mine", "synthetic"):
        shutil.copytree(handmade_template, here / "below" / name)
    monkeypatch.chdir(here / "below")
    assert corpus_folder("mine") == Path("mine")
    assert load_corpus("mine").name == "handmade"
    assert load_corpus("synthetic").name == "synthetic"
    assert load_corpus("../below/synthetic").name == "handmade"
    assert load_corpus("./synthetic").name == "handmade"
    assert typed(Path("synthetic")) == "./synthetic"
    assert typed(Path("mine")) == "mine"


def test_an_edition_is_named_by_its_version(shelf: Path) -> None:
    shutil.copytree(shelf / "synthetic", shelf / "synthetic@0.9")
    current = load_corpus("synthetic").version
    assert corpus_folder(f"synthetic@{current}") == corpus_folder("synthetic") == shelf / "synthetic"
    assert corpus_folder("synthetic@0.9") == shelf / "synthetic@0.9"
    with pytest.raises(UsageError, match=r"There is no corpus 'synthetic@0\.8'\. Did you mean 'synthetic@0\.9'\?"):
        corpus_folder("synthetic@0.8")


@pytest.mark.parametrize("name", ["synthetics", "Synthetic"])
def test_an_unknown_corpus_is_refused_with_the_nearest_and_what_to_type(shelf: Path, name: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_corpus(name)
    assert str(refused.value) == (
        f"There is no corpus {name!r}. Did you mean 'synthetic'? Allowed: handmade, synthetic. "
        "Type `stancebench ls corpora` to see them. "
        "A folder of your own is given by its path: corpus.name=PATH, or `stancebench corpus check PATH`."
    )


def test_a_folder_without_declaration_is_no_corpus(shelf: Path) -> None:
    with pytest.raises(UsageError, match="There is no corpus 'unfinished'"):
        load_corpus("unfinished")


def test_the_handmade_table(handmade: Corpus) -> None:
    assert (handmade.name, handmade.version) == ("handmade", "0.1")
    assert handmade.titles == {"title": "some title", "licence": "some licence", "citation": "some citation"}
    columns = ["sentence_id", "holder", "target", "stance", "bloc", "split", "group", "event", "document"]
    suns = handmade.table[handmade.table["target"] == "sun"][columns].drop(columns="target")
    assert suns.to_numpy().tolist() == [
        ["s1", "AAA", "favor", "EAST", "train", "s1", "e1", "d1"],
        ["s2", "AAA", "against", "EAST", "train", "s1", "e1", "s2"],
        ["s3", "BBB", "against", "EAST", "train", "s1", "e2", "d1"],
        ["s4", "BBB", "none", "WEST", "dev", "s4", "s4", "s4"],
        ["s5", "AAA", "favor", "EAST", "test", "s5", "e3", "d2"],
        ["s5", "CCC", "against", "WEST", "test", "s5", "e3", "d2"],
        ["s6", "OTHER:guild", "none", "OTHER", "test", "s6", "e4", "s6"],
    ]
    assert handmade.table.iloc[8].to_dict() == {
        "sentence_id": "s5",
        "holder": "AAA",
        "target": "moon",
        "text": "Aaa toasted solar power, which Ccc called an utter menace.",
        "label": "absent",
        "stance": "none",
        "explicitness": "",
        "principal": "yes",
        "bloc": "EAST",
        "split": "test",
        "group": "s5",
        "event": "e3",
        "document": "d2",
        "date": "2024-02",
        "register": "wire",
        "attribution": "indirect",
        "source": "archive",
        "batch": "1",
        "sentence_tags": "contested",
        "judgement_tags": "",
        "regime": "",
    }


def test_a_changed_file_is_refused_with_both_checksums_and_what_to_type(corpus_dir: Path) -> None:
    path = corpus_dir / "sentences.jsonl"
    stated = sha256_of(path.read_bytes())
    edit(path, 1, batch="2")
    found = sha256_of(path.read_bytes())
    with pytest.raises(CorpusError) as refused:
        load_corpus(str(corpus_dir))
    assert str(refused.value) == (
        f"{shown(path)} has changed: its sha256 is {found[:16]}..., checksums.json states {stated[:16]}... "
        f"Restore the file, or, if the change is meant, type `stancebench corpus check {shown(corpus_dir)} --write`."
    )
    assert load_corpus(str(corpus_dir), verify=False).table["batch"].iloc[0] == "2"


def test_a_listed_file_that_is_missing_is_named(corpus_dir: Path) -> None:
    (corpus_dir / "splits" / "official.csv").unlink()
    with pytest.raises(CorpusError) as refused:
        verify_checksums(corpus_dir)
    assert str(refused.value) == (
        f"{shown(corpus_dir / 'splits' / 'official.csv')} is missing, though checksums.json lists it."
    )


def test_a_corpus_needs_its_checksums_only_to_be_verified(corpus_dir: Path, synthetic: Corpus) -> None:
    (corpus_dir / "checksums.json").unlink()
    with pytest.raises(CorpusError) as refused:
        load_corpus(str(corpus_dir))
    assert str(refused.value).startswith(f"{shown(corpus_dir / 'checksums.json')} is missing.")
    assert load_corpus(str(corpus_dir), verify=False).content_hash == synthetic.content_hash


@pytest.mark.parametrize("content", ["", '{"corpus.yaml": ', "[]", '"corpus.yaml"', '{"corpus.yaml": 3}'])
def test_broken_checksums_are_refused_by_name(corpus_dir: Path, content: str) -> None:
    (corpus_dir / "checksums.json").write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"checksums\.json"):
        load_corpus(str(corpus_dir))


def test_a_listed_file_that_is_a_folder_is_refused_by_name(corpus_dir: Path) -> None:
    (corpus_dir / "checksums.json").write_text(json.dumps({"splits": "0" * 64}), encoding="utf-8")
    with pytest.raises(CorpusError, match="splits"):
        load_corpus(str(corpus_dir))


def test_an_undeclared_target_is_refused_with_the_declared_ones(corpus_dir: Path) -> None:
    path = corpus_dir / "judgements.csv"
    edit(path, 5, target="mars")
    assert refusal(corpus_dir) == (
        f"{shown(path)} line 5, column target: 'mars' is not declared in targets.yaml (moon, sun)."
    )


def test_a_holder_without_bloc_is_refused(corpus_dir: Path) -> None:
    path = corpus_dir / "judgements.csv"
    edit(path, 4, holder="ZZZ")
    assert (
        refusal(corpus_dir) == f"{shown(path)} line 4, column holder: 'ZZZ' has no bloc in holders.csv on 2024-01-01."
    )


def test_a_holder_without_bloc_on_the_date_is_refused(handmade_dir: Path) -> None:
    edit(handmade_dir / "holders.csv", 4, valid_from="2024-01-02")
    assert refusal(handmade_dir) == (
        f"{shown(handmade_dir / 'judgements.csv')} line 8, column holder: "
        "'BBB' has no bloc in holders.csv on 2024-01-01."
    )


def test_a_judgement_without_its_sentence_is_refused(corpus_dir: Path) -> None:
    path = corpus_dir / "judgements.csv"
    line = add(path, like=2, sentence_id="t-9999")
    assert refusal(corpus_dir) == (
        f"{shown(path)} line {line}, column sentence_id: no sentence 't-9999' in sentences.jsonl."
    )


def test_a_judgement_given_twice_is_refused(handmade_dir: Path) -> None:
    path = handmade_dir / "judgements.csv"
    line = add(path, like=4, label="favor")
    assert refusal(handmade_dir) == f"{shown(path)} line {line}, column sentence_id: s2 / AAA / sun is judged twice."


def test_a_passage_that_is_not_in_the_sources_is_refused(handmade_dir: Path) -> None:
    path = handmade_dir / "sentences.jsonl"
    edit(path, 3, passage_ids=["p2", "p9"])
    assert refusal(handmade_dir) == f"{shown(path)} line 3, column passage_ids: 'p9' is not in sources.csv."


def test_without_sources_no_passage_may_be_named(handmade_dir: Path) -> None:
    (handmade_dir / "sources.csv").unlink()
    assert refusal(handmade_dir) == (
        f"{shown(handmade_dir / 'sentences.jsonl')} line 1, column passage_ids: 'p1' is not in sources.csv."
    )


def test_a_sentence_without_split_is_refused(corpus_dir: Path) -> None:
    path = corpus_dir / "splits" / "official.csv"
    drop(path, 4, 9)
    where = f"{shown(corpus_dir / 'sentences.jsonl')} line 3, column id"
    assert refusal(corpus_dir) == f"{where}: no split for sentence 't-0002'."


def test_a_corpus_may_declare_no_split(corpus_dir: Path) -> None:
    shutil.rmtree(corpus_dir / "splits")
    assert set(load_corpus(str(corpus_dir), verify=False).table["split"]) == {""}


def test_another_default_split_may_be_declared(handmade_dir: Path) -> None:
    path = handmade_dir / "splits" / "second.csv"
    shutil.copy(handmade_dir / "splits" / "official.csv", path)
    edit(path, 5, split="test")
    with (handmade_dir / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("default_split: second\n")
    files = read_files(handmade_dir)
    assert (files.splits["official"]["s4"], files.splits["second"]["s4"]) == ("dev", "test")
    table = load_corpus(str(handmade_dir), verify=False).table
    assert set(table["split"][table["sentence_id"] == "s4"]) == {"test"}


def test_a_default_split_that_does_not_exist_is_refused_with_those_that_do(handmade_dir: Path) -> None:
    with (handmade_dir / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("default_split: oficial\n")
    message = refusal(handmade_dir)
    assert "'oficial'" in message
    assert "official" in message.replace("'oficial'", "")


def test_a_sentence_in_two_splits_is_refused(corpus_dir: Path) -> None:
    path = corpus_dir / "splits" / "official.csv"
    line = add(path, like=2, split="test")
    message = refusal(corpus_dir)
    assert f"{shown(path)} line {line}, column sentence_id: " in message
    assert "'t-0000'" in message


def test_a_split_of_an_unknown_sentence_is_refused(corpus_dir: Path) -> None:
    path = corpus_dir / "splits" / "official.csv"
    line = add(path, like=2, sentence_id="t-9999")
    message = refusal(corpus_dir)
    assert f"{shown(path)} line {line}, column sentence_id: " in message
    assert "'t-9999'" in message


def test_a_passage_of_two_documents_is_refused(handmade_dir: Path) -> None:
    path = handmade_dir / "sources.csv"
    line = add(path, like=2, document="d9")
    message = refusal(handmade_dir)
    assert f"{shown(path)} line {line}, column passage_id: " in message
    assert "'p1'" in message


def test_a_holder_in_two_blocs_on_one_day_is_refused(handmade_dir: Path) -> None:
    path = handmade_dir / "holders.csv"
    edit(path, 4, valid_from="2023-12-31")
    message = refusal(handmade_dir)
    assert shown(path) in message
    assert "BBB" in message


def test_a_target_declared_twice_is_refused(corpus_dir: Path) -> None:
    replace(corpus_dir / "targets.yaml", "id: moon", "id: sun")
    # Every judgement of the moon is then of an undeclared target; the cause must be told, not that.
    message = refusal(corpus_dir)
    assert message.startswith(shown(corpus_dir / "targets.yaml"))
    assert "'sun'" in message


def test_the_table_is_grouped_by_events_that_are_given_and_not_by_those_that_are_not(handmade_dir: Path) -> None:
    for line in (5, 6):
        edit(handmade_dir / "sentences.jsonl", line, event_id="", passage_ids=[])
    table = load_corpus(str(handmade_dir), verify=False).table.drop_duplicates("sentence_id")
    assert table["group"].tolist() == ["s1", "s1", "s1", "s4", "s5", "s6"]


def test_near_duplicates_are_those_that_the_statistics_of_this_content_state(corpus_dir: Path) -> None:
    edit(corpus_dir / "sentences.jsonl", 2, text="The envoy of Aaa praised the Sun on Monday, number 17.")
    edit(corpus_dir / "sentences.jsonl", 1, text="The envoy of Aaa praised the Sun on Monday, number 18.")
    assert load_corpus(str(corpus_dir), verify=False).near_duplicates is None, "the statistics are of another content"
    write_generated(corpus_dir)
    corpus = load_corpus(str(corpus_dir))
    sentences = corpus.table.drop_duplicates("sentence_id")
    assert corpus.near_duplicates == tuple(near_duplicates(list(sentences["sentence_id"]), list(sentences["text"])))
    assert [(a, b) for a, b, _ in corpus.near_duplicates] == [("t-0000", "t-0001")]


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b"caf\xe9"])
def test_without_readable_statistics_near_duplicates_are_not_known(corpus_dir: Path, content: bytes | None) -> None:
    path = corpus_dir / "statistics.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert load_corpus(str(corpus_dir), verify=False).near_duplicates is None


@pytest.mark.parametrize("pairs", [None, 3, [["t-0000", "t-0001"]]])
def test_near_duplicates_of_another_form_are_not_believed(corpus_dir: Path, pairs: object) -> None:
    path = corpus_dir / "statistics.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"near_duplicates": pairs}), encoding="utf-8")
    assert load_corpus(str(corpus_dir), verify=False).near_duplicates is None


def test_an_empty_split_file_does_not_mean_no_split(corpus_dir: Path) -> None:
    path = corpus_dir / "splits" / "official.csv"
    path.write_text(",".join(SplitRow.model_fields) + "\n", encoding="utf-8")
    assert "no split for sentence 't-0000'" in refusal(corpus_dir)
