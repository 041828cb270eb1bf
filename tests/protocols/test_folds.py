from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.duplicates import near_duplicates
from stancebench.corpora.load import load_corpus
from stancebench.errors import CorpusError
from stancebench.protocols import Fold, check_fold, official
from stancebench.tasks import Task
from tests.corpora.editing import edit

THEN = "Put both in one split; `stancebench corpus check` lists every such pair."
PARTS = ("train", "dev", "test")


def fold_of(places: Sequence[str], name: str = "a fold") -> Fold:
    train, dev, test = (np.flatnonzero(np.array(places, dtype=object) == part) for part in PARTS)
    return Fold(name, train, dev, test)


def apart(n: int, **columns: Sequence[str]) -> pd.DataFrame:
    """Return n rows that share nothing but what the columns say."""
    own = {c: [f"{c}{i}" for i in range(n)] for c in ("sentence_id", "event", "document", "group")}
    return pd.DataFrame(own | {name: list(values) for name, values in columns.items()})


def leak(rows: pd.DataFrame, fold: Fold, pairs: Sequence[tuple[str, str, float]] = ()) -> str:
    with pytest.raises(CorpusError) as refused:
        check_fold(rows, fold, list(pairs))
    return str(refused.value)


def test_a_sound_fold_passes() -> None:
    rows = apart(6, event=["x", "x", "y", "z", "w", "w"], group=["x", "x", "y", "z", "w", "w"])
    pairs = [("sentence_id0", "sentence_id1", 0.9), ("sentence_id4", "sentence_id5", 0.9), ("absent", "too", 0.9)]
    check_fold(rows, fold_of(["train", "train", "train", "dev", "test", "test"]), pairs)
    check_fold(rows, fold_of(["train", "train", "train", "test", "test", "test"]), pairs)


@pytest.mark.parametrize(
    ("column", "shared"),
    [("event", "the event 'x'"), ("document", "the source document 'x'"), ("group", "the split unit 'x'")],
)
@pytest.mark.parametrize(("one", "other"), [("train", "test"), ("dev", "test"), ("train", "dev")])
def test_what_two_parts_share_is_refused_with_both_sentences(column: str, shared: str, one: str, other: str) -> None:
    rows = apart(5, **{column: ["a", "x", "b", "x", "c"]})
    fold = fold_of(["train", one, "dev", other, "test"])
    assert leak(rows, fold) == (
        f"Fold 'a fold' leaks: sentence_id1 ({one}) and sentence_id3 ({other}) share {shared}. {THEN}"
    )


def test_a_near_duplicate_across_parts_is_refused_with_both_sentences() -> None:
    pairs = [("sentence_id0", "sentence_id1", 0.9), ("sentence_id1", "sentence_id3", 0.876)]
    assert leak(apart(4), fold_of(["train", "train", "dev", "test"]), pairs) == (
        "Fold 'a fold' leaks: sentence_id1 (train) and sentence_id3 (test) share nearly the same text (cosine 0.88). "
        + THEN
    )


@pytest.mark.parametrize("pair", [("sentence_id1", "sentence_id2"), ("sentence_id2", "sentence_id0")])
def test_rows_that_the_fold_leaves_out_do_not_leak(pair: tuple[str, str]) -> None:
    rows = apart(4, event=["x", "y", "x", "z"], group=["x", "y", "x", "z"])
    check_fold(rows, fold_of(["train", "train", "", "test"]), [(*pair, 0.99)])


@pytest.mark.parametrize(("places", "part"), [(["dev", "test"], "train"), (["train", "dev"], "test"), ([], "train")])
def test_a_fold_without_training_or_test_rows_is_refused(places: list[str], part: str) -> None:
    assert leak(apart(len(places)), fold_of(places)) == f"fold 'a fold' has no {part} rows."


def test_a_row_in_two_parts_is_refused_with_its_sentence() -> None:
    fold = Fold("a fold", train=np.array([0, 1]), dev=np.array([], dtype=np.int64), test=np.array([1, 2]))
    assert leak(apart(3), fold) == "Fold 'a fold' leaks: sentence_id1 stands in train and test."


def test_a_fold_that_tests_on_its_training_rows_is_refused() -> None:
    both = np.arange(3)
    fold = Fold("a fold", train=both, dev=np.array([], dtype=np.int64), test=both)
    assert leak(apart(3), fold) == "Fold 'a fold' leaks: sentence_id0 stands in train and test."


def test_one_sentence_in_two_parts_is_refused_with_its_id() -> None:
    rows = apart(4)
    rows.iloc[2] = rows.iloc[1]
    fold = fold_of(["train", "dev", "test", "test"])
    assert leak(rows, fold) == "Fold 'a fold' leaks: sentence_id1 stands in dev and test."


@given(
    st.lists(
        st.tuples(st.sampled_from([*PARTS, ""]), st.sampled_from("uvwxyz"), st.sampled_from("uvwxyz")),
        min_size=2,
        max_size=7,
    ),
    st.integers(1, 3),
)
def test_a_fold_is_refused_exactly_when_two_parts_share_something(
    sentences: list[tuple[str, str, str]], judgements: int
) -> None:
    places = [place for place, _, _ in sentences]
    rows = apart(len(sentences), event=[e for _, e, _ in sentences], document=[d for _, _, d in sentences])
    rows = rows.loc[rows.index.repeat(judgements)]
    fold = fold_of([place for place in places for _ in range(judgements)])
    leaks = any(
        a[0] and b[0] and a[0] != b[0] and (a[1] == b[1] or a[2] == b[2])
        for i, a in enumerate(sentences)
        for b in sentences[:i]
    )
    if leaks or not {"train", "test"} <= set(places):
        leak(rows, fold)
    else:
        check_fold(rows, fold, [])


def test_the_official_fold_of_a_sound_corpus_passes(synthetic: Corpus) -> None:
    rows = Task().rows(synthetic)
    sentences = rows.drop_duplicates("sentence_id")
    (fold,) = official(rows)
    check_fold(rows, fold, near_duplicates(list(sentences["sentence_id"]), list(sentences["text"])))


@pytest.mark.parametrize(
    ("values", "shared"),
    [
        ({"event_id": "e0000"}, "the event 'e0000'"),
        ({"text": "Aaa praised the Sun near Morbaba and Balimzan."}, "nearly the same text (cosine 1.00)"),
    ],
)
def test_what_is_planted_in_a_corpus_is_refused_by_its_official_fold(
    corpus_dir: Path, values: dict[str, str], shared: str
) -> None:
    edit(corpus_dir / "sentences.jsonl", 1, **values)
    edit(corpus_dir / "sentences.jsonl", 10, **values)
    rows = Task().rows(load_corpus(str(corpus_dir), verify=False))
    sentences = rows.drop_duplicates("sentence_id")
    (fold,) = official(rows)
    pairs = near_duplicates(list(sentences["sentence_id"]), list(sentences["text"]))
    told = leak(rows, fold, pairs)
    assert told == f"Fold 'official' leaks: t-0000 (train) and t-0009 (test) share {shared}. {THEN}"
