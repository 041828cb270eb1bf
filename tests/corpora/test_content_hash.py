"""The content hash: unchanged by the order of rows, changed by anything a score could depend on."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancebench.corpora.content import content_hash
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.files import read_files
from stancebench.corpora.joined import join
from stancebench.vocabulary import LABELS
from tests.corpora.editing import edit, replace, rows_of, sentences_of, write_rows, write_sentences


@pytest.fixture(scope="module")
def scratch(handmade_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose files one example after the other shuffles."""
    return Path(shutil.copytree(handmade_template, tmp_path_factory.mktemp("shuffled") / "handmade"))


@settings(max_examples=25)
@given(shuffler=st.randoms(use_true_random=False))
def test_the_order_of_rows_in_every_file_does_not_count(scratch: Path, handmade: Corpus, shuffler: Random) -> None:
    for path in (*scratch.glob("*.csv"), *scratch.glob("splits/*.csv")):
        rows = rows_of(path)
        shuffler.shuffle(rows)
        write_rows(path, rows)
    sentences = sentences_of(scratch)
    shuffler.shuffle(sentences)
    write_sentences(scratch, sentences)
    corpus = join(read_files(scratch))
    assert corpus.content_hash == handmade.content_hash
    assert corpus.table.equals(handmade.table)


@given(st.permutations(range(14)))
def test_the_order_of_the_table_does_not_count(handmade: Corpus, order: list[int]) -> None:
    assert content_hash(handmade.table.iloc[order], handmade.targets) == handmade.content_hash


def test_every_change_of_a_label_gives_another_hash(handmade_template: Path, handmade: Corpus) -> None:
    files = read_files(handmade_template)
    hashes = [handmade.content_hash]
    for i, row in enumerate(files.judgements):
        for label in LABELS:
            if label != row.label:
                other = row._replace(label=label)
                changed = dataclasses.replace(
                    files, judgements=(*files.judgements[:i], other, *files.judgements[i + 1 :])
                )
                hashes.append(join(changed).content_hash)
    assert len(hashes) == 1 + 14 * 3
    assert len(set(hashes)) == len(hashes)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: edit(folder / "sentences.jsonl", 1, text="An envoy of Aaa praised the Sun at dusk."),
        lambda folder: edit(folder / "sentences.jsonl", 4, event_id="e1"),
        lambda folder: edit(folder / "splits" / "official.csv", 5, split="test"),
        lambda folder: edit(folder / "holders.csv", 2, bloc="WEST"),
        lambda folder: edit(folder / "judgements.csv", 4, explicitness="explicit"),
        lambda folder: edit(folder / "judgements.csv", 4, principal="no"),
        lambda folder: replace(folder / "targets.yaml", "daylight", "sunlight"),
        lambda folder: replace(folder / "targets.yaml", "a star", "our star"),
    ],
    ids=["text", "event", "split", "bloc", "explicitness", "principal", "alias", "definition"],
)
def test_what_a_score_may_depend_on_changes_the_hash(
    handmade_dir: Path, handmade: Corpus, change: Callable[[Path], None]
) -> None:
    change(handmade_dir)
    assert join(read_files(handmade_dir)).content_hash != handmade.content_hash


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: replace(folder / "corpus.yaml", "some title", "another title"),
        lambda folder: replace(folder / "corpus.yaml", "0.1", "0.2"),
        lambda folder: edit(folder / "holders.csv", 2, basis="by decree"),
        lambda folder: edit(folder / "sources.csv", 2, url="https://example.org"),
    ],
    ids=["title", "version", "basis", "url"],
)
def test_what_no_score_depends_on_does_not_change_it(
    handmade_dir: Path, handmade: Corpus, change: Callable[[Path], None]
) -> None:
    change(handmade_dir)
    assert join(read_files(handmade_dir)).content_hash == handmade.content_hash
