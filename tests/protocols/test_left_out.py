from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from stancebench.corpora.corpus import KEY, Corpus
from stancebench.errors import Declined
from stancebench.protocols import Protocol, check_fold, make_folds
from stancebench.tasks import Task
from tests.protocols.corpora import (
    PARTS,
    Ids,
    Made,
    Shape,
    by_id,
    ids,
    in_memory,
    make,
    shapes,
    shuffled,
    units,
)

LEFT_OUT = ("cross_target", "cross_holder", "cross_source")
TASKS = (Task(), Task("sentence", "text"))
NAMED = {"cross_target": "target", "cross_holder": "bloc", "cross_source": "source"}


def touching(made: list[Made], corpus: Corpus, protocol: str, name: str) -> Ids:
    """Return the judgements that a fold leaves out, counted from the sentences themselves."""
    table = corpus.table
    if protocol == "cross_target":
        return ids(table[table["target"] == name])
    named = table["bloc" if protocol == "cross_holder" else "source"].map(lambda names: name in names.split())
    unit = units(made)
    touched = {unit[sentence] for sentence in table.loc[named, "sentence_id"]}
    return {key for key in ids(table) if unit[key[0]] in touched}


def fold_of_each(corpus: Corpus, protocol: str) -> dict[tuple[str, str, str], str]:
    """Return the fold that tests each judgement."""
    table = corpus.table
    named = {
        "cross_target": table["target"],
        "cross_holder": table["bloc"],
        "cross_source": table["source"].map(lambda families: min(families.split())),
    }[protocol]
    return dict(zip(keys(table), named, strict=True))


def keys(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(*(rows[c] for c in KEY), strict=True))


def short(made: list[Made], corpus: Corpus, task: Task, protocol: str, name: str) -> list[str]:
    """Return the targets that have fewer than ten favor or against in train without the fold's name."""
    gone = touching(made, corpus, protocol, name)
    rows = task.rows(corpus)
    train = rows[(rows["split"] == "train") & np.array([key not in gone for key in keys(rows)])]
    counts = Counter(zip(train["target"], train["stance"], strict=True))
    return [t for t in corpus.target_ids if t != name and min(counts[t, "favor"], counts[t, "against"]) < 10]


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
@pytest.mark.parametrize("protocol", LEFT_OUT)
@settings(max_examples=15)
@given(shape=shapes())
def test_folds_leave_out_all_that_touches_and_nothing_else(protocol: str, task: Task, shape: Shape) -> None:
    made = make(shape)
    corpus = in_memory(made, shape)
    rows = task.rows(corpus)
    official = {part: ids(rows[rows["split"] == part]) for part in PARTS}
    place = fold_of_each(corpus, protocol)
    names = sorted({place[key] for key in official["test"]})
    try:
        folds = make_folds(Protocol(protocol), corpus, rows)
    except Declined as e:
        reason = str(e)
        if official["test"]:
            assert reason.startswith("train without ")
            assert any(short(made, corpus, task, protocol, name) for name in names)
        return
    found = by_id(rows, folds)
    assert sorted(found) == names
    for fold in folds:
        check_fold(rows, fold, [])
    for name, parts in found.items():
        gone = touching(made, corpus, protocol, name)
        assert parts["train"] == official["train"] - gone
        assert parts["dev"] == official["dev"] - gone
        assert parts["test"] == {key for key in official["test"] if place[key] == name}
        assert not short(made, corpus, task, protocol, name)
    # Names part the official test, so that each of its rows is tested once.
    assert sum(len(parts["test"]) for parts in found.values()) == len(official["test"])


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
@pytest.mark.parametrize("protocol", LEFT_OUT)
def test_a_large_corpus_takes_part_and_nothing_left_out_is_seen(made: Corpus, protocol: str, task: Task) -> None:
    rows = task.rows(made)
    folds = make_folds(Protocol(protocol), made, rows)
    assert len(folds) == 3
    column = NAMED[protocol]
    for fold in folds:
        for part in ("train", "dev"):
            seen = rows.iloc[getattr(fold, part)]
            assert len(seen)
            whole = made.table[made.table["sentence_id"].isin(seen["sentence_id"])]
            shown = seen[column] if protocol == "cross_target" else whole[column]
            assert fold.name not in set(" ".join(shown).split())
            if protocol != "cross_target":
                test = rows.iloc[fold.test]
                for shared in ("sentence_id", "event", "document", "group"):
                    assert not set(seen[shared]) & set(test[shared])


@pytest.mark.parametrize("protocol", LEFT_OUT)
def test_the_order_of_rows_does_not_count(made: Corpus, protocol: str) -> None:
    rows = shuffled(made.table)
    other = replace(made, table=rows)
    assert by_id(rows, make_folds(Protocol(protocol), other, rows)) == by_id(
        made.table, make_folds(Protocol(protocol), made, made.table)
    )


def test_a_holder_whom_the_task_does_not_ask_for_leaves_its_sentence_out(made: Corpus) -> None:
    asked = Task("sentence", "text").rows(made)
    rows = asked[asked["split"] == "train"]
    elsewhere = made.table[(made.table["bloc"] == "WEST") & (made.table["principal"] == "no")]
    touched = set(rows["sentence_id"]) & set(elsewhere["sentence_id"])
    assert touched
    fold = next(f for f in make_folds(Protocol("cross_holder"), made, asked) if f.name == "WEST")
    assert not touched & set(asked["sentence_id"].iloc[fold.train])


def test_a_sentence_of_two_families_is_tested_under_the_first_and_trained_under_neither(made: Corpus) -> None:
    rows = made.table
    two = rows[rows["source"] == "gazette ungdc"]
    folds = {f.name: f for f in make_folds(Protocol("cross_source"), made, rows)}
    tested = ids(two[two["split"] == "test"])
    assert tested
    assert tested <= ids(rows.iloc[folds["gazette"].test])
    assert not tested & ids(rows.iloc[folds["ungdc"].test])
    for name in ("gazette", "ungdc"):
        assert not ids(two) & ids(rows.iloc[folds[name].train])
    assert ids(two[two["split"] == "train"]) & ids(rows.iloc[folds["radio"].train])


def test_what_the_official_test_lacks_is_no_fold(made: Corpus) -> None:
    for protocol, column, name in (
        ("cross_target", "target", "sun"),
        ("cross_holder", "bloc", "WEST"),
        ("cross_source", "source", "radio"),
    ):
        rows = made.table
        rows = rows[~((rows["split"] == "test") & rows[column].str.contains(name))].reset_index(drop=True)
        folds = make_folds(Protocol(protocol), replace(made, table=rows), rows)
        assert name not in {f.name for f in folds}
        assert len(folds) == 2


def declined(protocol: str, corpus: Corpus, task: Task = TASKS[0]) -> str:
    with pytest.raises(Declined) as refused:
        make_folds(Protocol(protocol), corpus, task.rows(corpus))
    return str(refused.value)


@pytest.mark.parametrize("protocol", ["official", *LEFT_OUT, "few_shot"])
def test_a_corpus_without_split_declines(unsplit: Corpus, protocol: str) -> None:
    assert declined(protocol, unsplit) == (
        "it needs a split into train, dev and test, and this corpus declares none: protocol=cross_validated"
    )


@pytest.mark.parametrize("protocol", LEFT_OUT)
def test_a_corpus_without_test_declines(made: Corpus, protocol: str) -> None:
    rows = made.table[made.table["split"] != "test"].reset_index(drop=True)
    assert declined(protocol, replace(made, table=rows)) == (
        "its official test has no judgement that the task asks for"
    )


def test_one_target_declines() -> None:
    shape = Shape(n=60, targets=("sun",))
    assert declined("cross_target", in_memory(make(shape), shape)) == (
        "it needs two targets at least, and this corpus has sun only"
    )


@pytest.mark.parametrize("protocol", ["cross_target", "few_shot"])
def test_an_open_class_of_targets_declines(made: Corpus, protocol: str) -> None:
    assert declined(protocol, replace(made, open_targets=True)) == (
        "it needs declared targets, and those of this corpus are an open class"
    )


def test_a_corpus_without_blocs_declines(made: Corpus) -> None:
    without = replace(made, table=made.table.assign(holder="", bloc=""))
    assert declined("cross_holder", without) == "it needs the bloc of every holder, and this corpus has none"


def test_a_corpus_without_sources_declines(made: Corpus) -> None:
    without = replace(made, table=made.table.assign(source=""))
    assert declined("cross_source", without) == (
        "it needs the source of every sentence, and this corpus does not say it"
    )


def test_one_family_declines() -> None:
    shape = Shape(n=60, families=("radio",))
    assert declined("cross_source", in_memory(make(shape), shape)) == (
        "it needs two families of sources at least, and this corpus has radio only"
    )


@pytest.mark.parametrize(
    ("protocol", "what"),
    [("cross_target", "target sun"), ("cross_holder", "bloc EAST"), ("cross_source", "source gazette")],
)
def test_a_small_train_declines_with_the_counts_of_each_target_that_is_short(
    made: Corpus, protocol: str, what: str
) -> None:
    gone = touching(make(), made, protocol, what.split()[1])
    left = np.array([key not in gone for key in keys(made.table)]) & (made.table["split"] == "train").to_numpy()
    of_moon = left & (made.table["target"] == "moon").to_numpy()
    favor, against = (np.flatnonzero(of_moon & (made.table["stance"] == s).to_numpy()) for s in ("favor", "against"))
    small = made.table.drop(index=favor[9:].tolist()).reset_index(drop=True)
    assert declined(protocol, replace(made, table=small)) == (
        f"train without {what} is too small: moon 9 favor, {len(against)} against; 10 of each are needed"
    )


def test_support_is_counted_over_all_rows_where_targets_are_an_open_class(made: Corpus) -> None:
    topics = made.table.assign(target=made.table["sentence_id"].str[-2:] + made.table["target"])
    opened = replace(made, table=topics, targets=(), open_targets=True)
    assert len(make_folds(Protocol("cross_source"), opened, topics)) == 3
    few = topics[(topics["split"] == "test") | (topics["stance"] != "favor")].reset_index(drop=True)
    told = declined("cross_source", replace(opened, table=few))
    against = ((few["split"] == "train") & (few["stance"] == "against")).to_numpy()
    free = ~few["group"].isin(set(few.loc[few["source"].str.contains("gazette"), "group"])).to_numpy()
    assert told == (
        "train without source gazette is too small: all targets together 0 favor, "
        f"{int((against & free).sum())} against; 10 of each are needed"
    )
