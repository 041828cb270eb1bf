"""Sentences of a contrast folder: others of the corpus after a change, outside its table and its counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stancebench.corpora.check import check_corpus, write_generated
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from stancebench.errors import CorpusError
from tests.corpora.editing import edit, rows_of
from tests.corpus_files import write_contrasts, write_corpus


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_corpus(tmp_path / "mine", n=60)
    write_contrasts(folder)
    return folder


@pytest.fixture
def corpus(folder: Path) -> Corpus:
    return load_corpus(str(folder))


def test_changed_sentences_are_no_part_of_the_corpus(folder: Path, corpus: Corpus) -> None:
    assert check_corpus(folder) == []
    stats = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    assert stats["sentences"] == corpus.table["sentence_id"].nunique() == 60
    assert stats["contrast_pairs"] == len(corpus.contrast_pairs) == 12
    assert corpus.constructed["sentence_id"].nunique() == 12
    assert not set(corpus.constructed["sentence_id"]) & set(corpus.table["sentence_id"])


def test_a_changed_sentence_inherits_what_it_does_not_change(corpus: Corpus) -> None:
    original, changed = corpus.contrast_pairs[0]
    inherited = ["split", "group", "event", "document", "date", "register", "attribution", "source", "bloc"]
    before = corpus.table[corpus.table["sentence_id"] == original].iloc[0]
    after = corpus.constructed[corpus.constructed["sentence_id"] == changed].iloc[0]
    assert after[inherited].to_dict() == before[inherited].to_dict()
    assert after["text"] != before["text"]
    stances = [
        t["stance"][t["sentence_id"] == i].tolist()
        for t, i in ((corpus.table, original), (corpus.constructed, changed))
    ]
    assert sorted(stances[0]) != sorted(stances[1])


def test_they_are_part_of_its_content(folder: Path, corpus: Corpus) -> None:
    edit(folder / "contrast" / "sentences.jsonl", 1, text="Aaa praised nobody.")
    write_generated(folder)
    assert load_corpus(str(folder)).content_hash != corpus.content_hash


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"original": "t-0099"}, r"line 1, column original: There is no sentence 't-0099'"),
        ({"id": "t-0005"}, r"line 1, column id: 't-0005' is a sentence of the corpus itself"),
        ({"id": "t-0006c"}, r"line 2, column id: .*'t-0006c'"),
        ({"change": "irony"}, r"line 1, column change: .*'negation'"),
    ],
)
def test_a_changed_sentence_that_is_none_is_refused(folder: Path, values: dict[str, str], told: str) -> None:
    edit(folder / "contrast" / "sentences.jsonl", 1, **values)
    with pytest.raises(CorpusError, match=told):
        load_corpus(str(folder), verify=False)


def test_its_judgements_are_held_to_the_rules_of_the_corpus(folder: Path) -> None:
    edit(folder / "contrast" / "judgements.csv", 2, sentence_id="t-0005x")
    with pytest.raises(CorpusError, match=r"contrast/judgements\.csv line 2, column sentence_id: no sentence"):
        load_corpus(str(folder), verify=False)
    told = [f.message for f in check_corpus(folder)]
    assert any("is not judged on" in m for m in told)


def test_an_original_outside_test_is_found(folder: Path) -> None:
    edit(folder / "contrast" / "sentences.jsonl", 1, original="t-0003")
    write_generated(folder)
    assert any("column original: t-0003 stands in train and not in test" in f.message for f in check_corpus(folder))


def test_a_change_that_changes_no_stance_is_told(folder: Path) -> None:
    label = rows_of(folder / "contrast" / "judgements.csv")[0]["label"]
    other = {"favor": "against", "against": "favor", "absent": "absent"}[label]
    edit(folder / "contrast" / "judgements.csv", 2 if label != "absent" else 3, label=other)
    write_generated(folder)
    (finding,) = check_corpus(folder)
    assert (finding.level, finding.rule) == ("warning", "contrast")
    assert "t-0005c and t-0005 differ in no stance of a holder that both have" in finding.message
