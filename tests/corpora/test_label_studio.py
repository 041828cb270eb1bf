"""A sample goes to Label Studio without labels, and comes back as a layer."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stancebench.corpora.agreement import human_agreement
from stancebench.corpora.check import check_corpus, write_generated
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.files import read_files
from stancebench.corpora.label_studio import judged, labelling_config, sample, tasks
from stancebench.corpora.load import load_corpus
from stancebench.errors import CorpusError
from tests.commands import Cli
from tests.corpora.editing import edit
from tests.corpora.handmade import write_handmade
from tests.corpus_files import write_corpus

Tasks = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_handmade(tmp_path / "mine")


@pytest.fixture
def corpus(folder: Path) -> Corpus:
    return load_corpus(str(folder))


def answered(corpus: Corpus, **other: str) -> Tasks:
    """What a person returns who agrees with every label, but for some targets."""
    labels = {(r.sentence_id, r.holder, r.target): str(r.label) for r in corpus.table.itertuples()}
    exported = tasks(corpus)
    for task in exported:
        of = task["data"]["sentence_id"], task["data"]["holder"]
        result = [
            {"from_name": t, "type": "choices", "value": {"choices": [other.get(t, labels[(*of, t)])]}}
            for t in corpus.target_ids
        ]
        task["annotations"] = [{"completed_by": 1, "result": result}]
    return exported


def written(folder: Path, exported: object) -> Path:
    path = folder.parent / "export.json"
    path.write_text(json.dumps(exported), encoding="utf-8")
    return path


def test_tasks_carry_the_edition_and_no_label(corpus: Corpus) -> None:
    exported = tasks(corpus)
    assert len(exported) == len(corpus.table[["sentence_id", "holder"]].drop_duplicates())
    keys = {"sentence_id", "holder", "text", "corpus", "content_hash"}
    assert all(set(task) == {"data"} and set(task["data"]) == keys for task in exported)


def test_a_sample_holds_rare_labels_about_as_often(tmp_path: Path) -> None:
    corpus = load_corpus(str(write_corpus(tmp_path / "large", n=300)))
    drawn = set(sample(corpus, 60))
    rows = corpus.table[[u in drawn for u in zip(corpus.table["sentence_id"], corpus.table["holder"], strict=True)]]
    addressed = rows[rows["label"] != "absent"]
    counts = Counter(zip(addressed["target"], addressed["label"], strict=True))
    assert len(counts) == 6
    assert max(counts.values()) - min(counts.values()) <= 1


@pytest.mark.parametrize("n", [1, 4, 7, 12])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_sample_is_drawn_alike_again_and_holds_each_unit_once(corpus: Corpus, n: int, seed: int) -> None:
    drawn = sample(corpus, n, seed)
    assert drawn == sample(corpus, n, seed) == sorted(set(drawn))
    assert len(drawn) == min(n, 7)


def test_the_labelling_interface_asks_for_a_label_of_each_target(corpus: Corpus) -> None:
    view = ET.fromstring(labelling_config(corpus))
    asked = {c.get("name"): [choice.get("value") for choice in c] for c in view.iter("Choices")}
    assert asked == {target: ["favor", "against", "neutral", "absent"] for target in corpus.target_ids}
    assert {t.get("value") for t in view.iter("Text")} == {"$text", "$holder"}


def test_what_comes_back_is_a_layer_and_an_agreement(cli: Cli, folder: Path, corpus: Corpus) -> None:
    path = written(folder, answered(corpus, moon="neutral"))
    result = cli("corpus", "import", str(path), "--by", "Ada Lovelace", "--corpus", str(folder))
    assert result.code == 0
    assert "14 judgements by Ada Lovelace" in result.out
    assert "sun         1.000  [1.000, 1.000]  n=7" in result.out
    write_generated(folder)
    assert check_corpus(folder) == []
    human = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))["human"]["ada-lovelace"]
    assert human["sun"]["value"] == 1
    assert human["moon"]["value"] < 1
    listed = (folder / "contributors.csv").read_text(encoding="utf-8").splitlines()
    assert listed == ["layer,name,edition,judgements", "ada-lovelace,Ada Lovelace,mine@0.1,14"]
    again = cli("corpus", "import", str(path), "--by", "Ada  Lovelace", "--corpus", str(folder))
    assert again.message.startswith("stancebench: There are judgements by 'Ada  Lovelace' already")


def test_skipped_tasks_are_left_out(folder: Path, corpus: Corpus) -> None:
    exported = answered(corpus)
    exported[0]["annotations"] = [{"was_cancelled": True, "result": []}]
    exported[1]["annotations"] = []
    assert len(judged(written(folder, exported), corpus)) == 2 * (len(exported) - 2)


def test_a_layer_of_judgements_that_are_none_is_found(folder: Path) -> None:
    path = folder / "layers" / "human" / "somebody.csv"
    path.parent.mkdir()
    path.write_text("sentence_id,holder,target,label,explicitness,tags,regime\ns99,AAA,sun,favor,,,\n")
    told = [f.message for f in check_corpus(folder) if f.rule == "adjudication"]
    assert told == [f"{path}, column sentence_id: s99 / AAA / sun is no judgement of this corpus"]


def test_agreement_of_nobody_is_nothing(folder: Path) -> None:
    files = read_files(folder)
    published = {(row.sentence_id, row.holder, row.target): row.label for row in files.judgements}
    assert human_agreement(folder, published, ("sun", "moon")) == {}


def spoil(exported: Tasks, how: str) -> object:
    first = exported[0]
    if how == "no list":
        return {"tasks": exported}
    if how == "empty":
        return []
    if how == "foreign":
        first["data"]["corpus"] = "coverage@0.1"
    if how == "nameless":
        del first["data"]["corpus"]
    if how == "edition":
        first["data"]["corpus"] = "mine@0.2"
    if how == "no such holder":
        first["data"]["holder"] = "ZZZ"
    if how == "twice":
        return [*exported, first]
    if how == "two people":
        first["annotations"] *= 2
    if how == "label":
        first["annotations"][0]["result"][0]["value"] = {"choices": ["pro"]}
    if how == "text for a choice":
        first["annotations"][0]["result"][0]["value"] = {"text": ["favor"]}
    if how == "target":
        first["annotations"][0]["result"][0]["from_name"] = "mon"
    if how == "missing":
        first["annotations"][0]["result"].pop()
    if how == "unfinished":
        return [{**task, "annotations": []} for task in exported]
    return exported


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("no list", "is no Label Studio export in the form JSON"),
        ("empty", "holds no finished task"),
        ("foreign", r"task 1 is of 'coverage@0\.1', and this is 'mine@0\.1'\. Type `stancebench corpus export mine"),
        ("nameless", "task 1 names no corpus"),
        ("edition", r"task 1 is of 'mine@0\.2'"),
        ("no such holder", "task 1: mine has no holder 'ZZZ' in a sentence 's1'"),
        ("twice", "s1 / AAA is there twice"),
        ("two people", "task 1 was judged 2 times"),
        ("label", r"task 1, sun: \['pro'\] is no label\. Allowed: favor, against, neutral, absent"),
        ("text for a choice", "task 1, sun: None is no label"),
        ("target", "task 1: There is no target 'mon'. Did you mean 'moon'"),
        ("missing", "task 1 has no label for moon"),
        ("unfinished", "holds no finished task"),
    ],
)
def test_a_bad_export_is_refused_and_says_which(folder: Path, corpus: Corpus, how: str, told: str) -> None:
    with pytest.raises(CorpusError, match=told):
        judged(written(folder, spoil(answered(corpus), how)), corpus)


def test_tasks_of_texts_that_have_changed_are_outdated(folder: Path, corpus: Corpus) -> None:
    path = written(folder, answered(corpus))
    edit(folder / "sentences.jsonl", 1, text="An envoy of Aaa praised the Sun at noon.")
    write_generated(folder)
    with pytest.raises(CorpusError, match=r"export\.json is outdated: task 1 was made from mine@0\.1 with content"):
        judged(path, load_corpus(str(folder)))


def test_a_file_that_is_no_json_or_not_there_is_refused(folder: Path, corpus: Corpus) -> None:
    path = folder.parent / "export.json"
    with pytest.raises(CorpusError, match="cannot be read"):
        judged(path, corpus)
    path.write_text("[" * 100_000)
    with pytest.raises(CorpusError, match="is no Label Studio export"):
        judged(path, corpus)


def test_a_sample_is_written_with_its_interface_and_guidelines(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "sample"
    result = cli("corpus", "export", "coverage", "--to", "label-studio", "--out", str(out))
    assert result.code == 0
    assert sorted(p.name for p in out.iterdir()) == ["config.xml", "guidelines.md", "tasks.json"]
    assert len(json.loads((out / "tasks.json").read_text(encoding="utf-8"))) == 200
    assert "is there already" in cli("corpus", "export", "coverage", "--out", str(out)).message


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["export", "coverage", "--to", "prodigy"], "There is no tool 'prodigy'. Allowed: label-studio."),
        (["export", "coverage", "--n", "0"], "--n: a whole number from 1 on is expected, got 0."),
        (["import", "export.json", "--by", "!?"], "--by: a name with letters is expected, got '!?'."),
    ],
)
def test_what_is_mistyped_is_told(cli: Cli, arguments: list[str], told: str) -> None:
    assert cli("corpus", *arguments).message.startswith(f"stancebench: {told}")
