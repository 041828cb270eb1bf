"""The bundled corpus: exact counts, first and last record, and the split drawn again."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stancebench.corpora.components import components
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.files import read_files
from stancebench.corpora.load import corpus_folder, load_corpus
from stancebench.corpora.splits import balanced_split, strata_of

FOLDER = corpus_folder("coverage")


@pytest.fixture(scope="module")
def coverage() -> Corpus:
    return load_corpus("coverage")


def test_its_size_and_its_ids_do_not_change(coverage: Corpus) -> None:
    ids = list(dict.fromkeys(coverage.table["sentence_id"]))
    assert ids == [f"cov-{n:04d}" for n in range(1, 384)]
    assert len(coverage.table) == 2088
    assert coverage.target_ids == ("us", "nato", "sanctions", "ukraine")


@pytest.mark.parametrize(
    ("sentence", "start", "principal", "labels"),
    [
        ("cov-0001", "After meeting Chinese counterpart Wang Yi", "RUS", ("against", "absent", "absent", "absent")),
        ("cov-0010", "Ties with Moscow have risen", "CHN", ("absent", "absent", "absent", "absent")),
        ("cov-0383", "Cuba, at the UN in 2000, ties U.S. blockade", "CUB", ("against", "absent", "against", "absent")),
    ],
)
def test_some_of_its_records(
    coverage: Corpus, sentence: str, start: str, principal: str, labels: tuple[str, ...]
) -> None:
    rows = coverage.table[(coverage.table["sentence_id"] == sentence) & (coverage.table["principal"] == "yes")]
    assert set(rows["holder"]) == {principal}
    by_target = dict(zip(rows["target"], rows["label"], strict=True))
    assert tuple(by_target[t] for t in coverage.target_ids) == labels
    assert rows["text"].iloc[0].startswith(start)


def test_its_official_split_is_drawn_again_from_its_seed() -> None:
    files = read_files(FOLDER)
    documents = {row.passage_id: row.document for row in files.sources}
    unit = components({s.id: [f"event:{s.event_id}", *{documents[p] for p in s.passage_ids}] for s in files.sentences})
    corpus = load_corpus("coverage")
    rows = corpus.table[["group", "target", "label", "bloc"]].itertuples(index=False, name=None)
    # The seed article is one event, and stands in train.
    seed = {unit[s.id]: "train" for s in files.sentences if s.batch == "seed"}
    shares = {"train": 0.4, "dev": 0.1, "test": 0.5}
    drawn = balanced_split(strata_of(list(rows)), shares, np.random.default_rng(1), fixed=seed, rounds=400)
    assert {s.id: drawn[unit[s.id]] for s in files.sentences} == files.splits["official"]


def test_every_sentence_of_the_seed_article_is_one_event_in_train(coverage: Corpus) -> None:
    seed = coverage.table[coverage.table["batch"] == "seed"]
    assert set(seed["split"]) == {"train"}
    assert seed["event"].nunique() == 1
    assert seed["sentence_id"].nunique() >= 25


def test_its_statistics_are_generated() -> None:
    statistics = json.loads((FOLDER / "statistics.json").read_text(encoding="utf-8"))
    assert statistics["sentences"] == 383
    assert statistics["near_duplicates"] == []
