from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancebench.corpora.corpus import Corpus
from stancebench.errors import Declined
from stancebench.protocols import DRAWS, Fold, Protocol, check_fold, make_folds
from stancebench.tasks import Task
from stancebench.vocabulary import STANCES
from tests.protocols.corpora import Ids, Shape, by_id, ids, in_memory, make, shapes, shuffled

KS = (1, 4, 16)


def few(corpus: Corpus, k: int, draw: int = 0, task: Task = Task()) -> Fold:  # noqa: B008 -- frozen
    (fold,) = make_folds(Protocol("few_shot", k=k, draw=draw), corpus, task.rows(corpus))
    return fold


def train_of(corpus: Corpus, k: int, draw: int = 0) -> Ids:
    return ids(corpus.table.iloc[few(corpus, k, draw).train])


@settings(max_examples=30)
@given(shape=shapes(), k=st.sampled_from(KS), draw=st.integers(0, DRAWS - 1), sentence=st.booleans())
def test_train_holds_exactly_k_of_each_stance_and_target(shape: Shape, k: int, draw: int, *, sentence: bool) -> None:
    corpus = in_memory(make(shape), shape)
    task = Task("sentence", "text") if sentence else Task()
    rows = task.rows(corpus)
    official = rows[rows["split"] == "train"]
    there = Counter(zip(official["target"], official["stance"], strict=True))
    pairs = [(target, stance) for target in corpus.target_ids for stance in STANCES]
    if any(there[pair] < k for pair in pairs):
        with pytest.raises(Declined) as refused:
            few(corpus, k, draw, task)
        short = [t for t in corpus.target_ids if any(there[t, s] < k for s in STANCES)]
        held = "; ".join(f"{t} {', '.join(f'{there[t, s]} {s}' for s in STANCES)}" for t in short)
        assert str(refused.value) == f"train is too small: {held}; {k} of each are needed"
        return
    fold = few(corpus, k, draw, task)
    train = rows.iloc[fold.train]
    assert Counter(zip(train["target"], train["stance"], strict=True)) == dict.fromkeys(pairs, k)
    assert ids(train) <= ids(official)
    assert not len(fold.dev)
    assert ids(rows.iloc[fold.test]) == ids(rows[rows["split"] == "test"])
    if len(fold.test):
        check_fold(rows, fold, [])


@pytest.mark.parametrize("k", KS)
def test_the_ten_draws_differ(made: Corpus, k: int) -> None:
    assert len({frozenset(train_of(made, k, draw)) for draw in range(DRAWS)}) == DRAWS


@pytest.mark.parametrize("draw", range(DRAWS))
def test_a_draw_of_few_is_part_of_the_same_draw_of_more(made: Corpus, draw: int) -> None:
    assert train_of(made, 1, draw) < train_of(made, 4, draw) < train_of(made, 16, draw)


def test_every_judgement_is_as_likely_as_another(made: Corpus) -> None:
    # 10 draws of 144 among 960; the chance that fewer than 650 are ever drawn, or one in all ten, is negligible.
    times = Counter(key for draw in range(DRAWS) for key in train_of(made, 16, draw))
    assert len(times) > 650
    assert max(times.values()) < DRAWS


@pytest.mark.parametrize("k", KS)
def test_a_draw_hangs_on_ids_and_not_on_the_order_of_rows(made: Corpus, k: int) -> None:
    rows = shuffled(made.table)
    assert ids(rows.iloc[few(replace(made, table=rows), k, 3).train]) == train_of(made, k, 3)


def test_a_judgement_more_moves_the_draw_of_its_own_stance_and_target_only(made: Corpus) -> None:
    before = train_of(made, 4)
    gone = min(key for key in before if key[2] == "sun")
    kept = np.array([key != gone for key in made.table[["sentence_id", "holder", "target"]].itertuples(index=False)])
    after = train_of(replace(made, table=made.table[kept].reset_index(drop=True)), 4)
    assert before - after == {gone}
    assert len(after - before) == 1


GOLDEN = {
    0: (
        "m-0044/BBB/star m-0058/BBB/moon m-0121/DDD/sun m-0131/DDD/moon m-0172/DDD/star "
        "m-0191/AAA/moon m-0217/DDD/star m-0342/CCC/sun m-0385/AAA/sun"
    ),
    9: (
        "m-0010/AAA/star m-0092/CCC/sun m-0131/DDD/star m-0157/DDD/moon m-0224/AAA/moon "
        "m-0238/CCC/sun m-0258/AAA/moon m-0346/BBB/star m-0408/CCC/sun"
    ),
}


def test_the_drawn_ids_are_the_committed_ones(made: Corpus) -> None:
    drawn = {draw: " ".join(sorted("/".join(key) for key in train_of(made, 1, draw))) for draw in GOLDEN}
    assert drawn == GOLDEN


def folds_of(corpus: Corpus, n_folds: int = 5) -> list[Fold]:
    return make_folds(Protocol("cross_validated", n_folds=n_folds), corpus, corpus.table)


def misses(rows: pd.DataFrame, folds: list[Fold]) -> float:
    """Return how far folds are from even: the squared miss of each stratum, by the size of the stratum."""
    strata = rows["target"] + " " + rows["stance"]
    size = strata.value_counts()
    held = [strata.iloc[fold.test].value_counts().reindex(size.index, fill_value=0) for fold in folds]
    return float(sum(((h - size / len(folds)) ** 2 / size).sum() for h in held))


@settings(max_examples=30)
@given(shape=shapes(split=False, smallest=2, largest=150), n_folds=st.integers(2, 12))
def test_every_row_is_tested_once_in_whole_units(shape: Shape, n_folds: int) -> None:
    corpus = in_memory(make(shape), shape)
    rows = corpus.table
    n_units = rows["group"].nunique()
    if n_units < n_folds:
        with pytest.raises(Declined) as refused:
            folds_of(corpus, n_folds)
        assert str(refused.value) == (
            f"{n_folds} folds need as many split units (groups, or sentences), and this corpus has {n_units}"
        )
        return
    try:
        folds = folds_of(corpus, n_folds)
    except Declined as e:
        assert str(e).startswith("the train of fold ")  # noqa: PT017 -- both outcomes are sound
        return
    assert [f.name for f in folds] == [str(i) for i in range(n_folds)]
    assert sorted(np.concatenate([f.test for f in folds]).tolist()) == list(range(len(rows)))
    for fold in folds:
        assert len(fold.test)
        assert not len(fold.dev)
        assert ids(rows.iloc[fold.train]) == ids(rows) - ids(rows.iloc[fold.test])
        assert len(set(rows["stance"].iloc[fold.train])) > 1
        check_fold(rows, fold, [])
    # Each unit goes where it does least harm, which is never worse than the mean of dealing at random.
    strata = rows["target"] + " " + rows["stance"]
    squares = (pd.crosstab(rows["group"], strata) ** 2).sum()
    assert misses(rows, folds) <= (1 - 1 / n_folds) * float((squares / strata.value_counts()).sum()) + 1e-9


def test_folds_of_a_large_corpus_are_nearly_even(unsplit: Corpus) -> None:
    rows = unsplit.table
    folds = folds_of(unsplit)
    sizes = [len(f.test) for f in folds]
    assert max(sizes) - min(sizes) <= 0.02 * len(rows)
    strata = rows["target"] + " " + rows["stance"]
    for name, size in strata.value_counts().items():
        held = [int((strata.iloc[f.test] == name).sum()) for f in folds]
        assert max(held) - min(held) <= max(3, 0.03 * size)


def test_the_order_of_rows_does_not_change_the_folds(unsplit: Corpus) -> None:
    rows = shuffled(unsplit.table)
    assert by_id(rows, folds_of(replace(unsplit, table=rows))) == by_id(unsplit.table, folds_of(unsplit))


DEALT = {
    "0": "m-0001 m-0002 m-0003 m-0004 m-0005 m-0007 m-0015 m-0017",
    "1": "m-0006 m-0008 m-0011 m-0012 m-0013 m-0019",
    "2": "m-0000 m-0009 m-0010 m-0014 m-0016 m-0018",
}


def test_the_dealt_sentences_are_the_committed_ones() -> None:
    shape = Shape(n=20, split={})
    corpus = in_memory(make(shape), shape)
    dealt = {f.name: " ".join(sorted(set(corpus.table["sentence_id"].iloc[f.test]))) for f in folds_of(corpus, 3)}
    assert dealt == DEALT


def test_of_an_open_class_of_targets_the_stances_of_all_are_dealt(unsplit: Corpus) -> None:
    rows = unsplit.table.assign(target=[f"topic {i}" for i in range(len(unsplit.table))])
    folds = folds_of(replace(unsplit, table=rows, open_targets=True))
    for stance in rows["stance"].unique():
        held = [int((rows["stance"].iloc[f.test] == stance).sum()) for f in folds]
        assert max(held) - min(held) <= 2


def test_sentences_of_nearly_one_text_are_dealt_together_though_no_corpus_states_them(unsplit: Corpus) -> None:
    ids = unsplit.table["sentence_id"].unique()[:2]
    text = unsplit.table["text"].where(~unsplit.table["sentence_id"].isin(ids), "The mayor praised the new pier.")
    rows = unsplit.table.assign(text=text)
    folds = folds_of(replace(unsplit, table=rows, near_duplicates=None))
    assert any(set(ids) <= set(rows["sentence_id"].iloc[f.test]) for f in folds)


def test_a_corpus_with_a_split_declines(made: Corpus) -> None:
    with pytest.raises(Declined) as refused:
        folds_of(made)
    assert str(refused.value) == "it is for a corpus without a split, and this one has one: protocol=official"


def test_a_train_of_one_stance_declines() -> None:
    rows = pd.DataFrame(
        {
            "sentence_id": ["a", "b", "c"],
            "holder": "",
            "target": "sun",
            "stance": ["favor", "against", "favor"],
            "split": "",
            "group": ["a", "b", "c"],
        }
    )
    with pytest.raises(Declined) as refused:
        make_folds(Protocol("cross_validated", n_folds=3), in_memory(make(Shape(n=2))), rows)
    fold = str(refused.value).split()[4]
    assert str(refused.value) == f"the train of fold {fold} holds 2 judgements, all favor"


@settings(max_examples=30)
@given(
    shape=shapes(split=False, smallest=30, largest=80),
    pairs=st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29))),
)
def test_sentences_that_are_nearly_the_same_are_tested_together(shape: Shape, pairs: list[tuple[int, int]]) -> None:
    corpus = in_memory(make(shape), shape)
    names = sorted(corpus.table["sentence_id"].unique())
    near = tuple((names[a], names[b], 0.9) for a, b in pairs if a < b < len(names))
    try:
        folds = folds_of(replace(corpus, near_duplicates=near), 3)
    except Declined as e:
        assert "split units" in str(e) or "the train of fold" in str(e)  # noqa: PT017 -- few units are left
        return
    place = {str(s): f.name for f in folds for s in corpus.table["sentence_id"].iloc[f.test]}
    assert all(place[a] == place[b] for a, b, _ in near)
    for fold in folds:
        check_fold(corpus.table, fold, near)
    assert sorted(np.concatenate([f.test for f in folds])) == list(range(len(corpus.table)))
