from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancebench.corpora.corpus import Corpus
from stancebench.errors import Declined, UsageError
from stancebench.protocols import Fold, Protocol, check_fold, make_folds
from stancebench.protocols.folds import IntArray
from stancebench.tasks import Task
from tests.protocols.corpora import Shape, by_id, ids, in_memory, make, shapes, shuffled

DATE = "2022-02-24"


def fold_of(
    corpus: Corpus,
    *,
    control: bool = False,
    task: Task = Task(),  # noqa: B008 -- frozen
    source: str = "ungdc",
    date: str = DATE,
) -> Fold:
    protocol = Protocol("temporal", control=control, source=source, date=date)
    (fold,) = make_folds(protocol, corpus, task.rows(corpus))
    return fold


def first_and_last(date: str) -> tuple[str, str]:
    return date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date, date + "-12-31"[len(date) - 4 :]


def day_before(date: str) -> bool:
    return first_and_last(date)[1] < DATE


def day_after(date: str) -> bool:
    return first_and_last(date)[0] >= DATE


def mix(rows: pd.DataFrame, positions: IntArray) -> Counter[tuple[str, str]]:
    some = rows.iloc[positions]
    return Counter(zip(some["target"], some["stance"], strict=True))


def short(rows: pd.DataFrame, targets: tuple[str, ...]) -> bool:
    held = Counter(zip(rows["target"], rows["stance"], strict=True))
    return any(held[target, stance] < 10 for target in targets for stance in ("favor", "against"))


@pytest.mark.parametrize(
    ("date", "before", "after"),
    [
        ("2021", True, False),
        ("2022", False, False),
        ("2022-01", True, False),
        ("2022-02", False, False),
        ("2022-02-23", True, False),
        (DATE, False, True),
        ("2022-03", False, True),
        ("2023", False, True),
    ],
)
def test_a_partial_date_is_on_a_side_only_where_all_its_days_are(date: str, *, before: bool, after: bool) -> None:
    assert (day_before(date), day_after(date)) == (before, after)
    corpus = in_memory(make())
    mine = corpus.table.index[corpus.table["source"] == "ungdc"]
    units = corpus.table["group"]
    alone = next(i for i in mine if (units == units[i]).sum() == 3)
    table = corpus.table.copy()
    table.loc[units == units[alone], "date"] = date
    fold = fold_of(replace(corpus, table=table))
    assert (alone in fold.train, alone in fold.test) == (before, after)


@settings(max_examples=30)
@given(shape=shapes(smallest=100, largest=500), control=st.booleans(), sentence=st.booleans())
def test_train_is_before_test_is_after_and_no_unit_lies_on_both_sides(
    shape: Shape, *, control: bool, sentence: bool
) -> None:
    corpus = in_memory(make(shape), shape)
    task = Task("sentence", "text") if sentence else Task()
    rows = task.rows(corpus)
    mine = rows[rows["source"] == "ungdc"]
    after = mine[mine["date"].map(day_after)]
    before = mine[mine["date"].map(day_before) & ~mine["group"].isin(after["group"])]
    sides = {f"ungdc before {DATE}": before, f"ungdc from {DATE} on": after}
    few = [where for where, side in sides.items() if short(side, shape.targets)]
    try:
        fold = fold_of(corpus, control=control, task=task)
    except Declined as e:
        reason = str(e)
        if few:
            assert reason.startswith(f"{few[0]} is too small: ")
        else:
            assert reason.startswith(("train of the control is too small: ", "test of the control is too small: "))
            assert control
        return
    assert not few
    assert not len(fold.dev)
    check_fold(rows, fold, [])
    train, test = ids(rows.iloc[fold.train]), ids(rows.iloc[fold.test])
    if control:
        assert fold.name == "control"
        assert train | test == ids(before) | ids(after)
    else:
        assert fold.name == "temporal"
        assert (train, test) == (ids(before), ids(after))


@settings(max_examples=30)
@given(shape=shapes(smallest=300, largest=600))
def test_the_control_has_the_size_and_mix_as_nearly_as_units_allow(shape: Shape) -> None:
    corpus = in_memory(make(shape), shape)
    try:
        plain, control = fold_of(corpus), fold_of(corpus, control=True)
    except Declined:
        return
    rows = corpus.table
    largest = rows.iloc[[*control.train, *control.test]].groupby("group").size().max()
    assert abs(len(control.test) - len(plain.test)) <= largest
    wanted, found = mix(rows, plain.test), mix(rows, control.test)
    assert sum(abs(wanted[s] - found[s]) for s in wanted | found) <= largest + len(wanted)


def test_the_control_of_a_large_corpus_is_mixed_in_time(made: Corpus) -> None:
    plain, control = fold_of(made), fold_of(made, control=True)
    rows = made.table
    assert abs(len(control.test) - len(plain.test)) <= 1
    wanted, found = mix(rows, plain.test), mix(rows, control.test)
    assert max(abs(wanted[s] - found[s]) for s in wanted) <= 1
    # At random, the share after the date is that of all rows in both parts: 192 of 432.
    after = set(plain.test)
    share = len(after) / (len(after) + len(plain.train))
    for part in (control.train, control.test):
        assert abs(sum(i in after for i in part) / len(part) - share) < 0.15


def test_the_control_looks_at_no_date_but_for_what_is_to_be_divided(made: Corpus) -> None:
    """Whole units keep their side of the date, and days within it change: nothing moves."""
    table = made.table.copy()
    table["date"] = table["date"].map(lambda d: "2018-05-05" if day_before(d) else "2030-01-01" if day_after(d) else d)
    moved = replace(made, table=table)
    assert by_id(table, [fold_of(moved, control=True)]) == by_id(made.table, [fold_of(made, control=True)])


@pytest.mark.parametrize("control", [False, True])
def test_the_order_of_rows_does_not_count(made: Corpus, *, control: bool) -> None:
    rows = shuffled(made.table)
    assert by_id(rows, [fold_of(replace(made, table=rows), control=control)]) == by_id(
        made.table, [fold_of(made, control=control)]
    )


def test_the_test_ids_are_its_own(made: Corpus) -> None:
    rows = made.table
    test = rows.iloc[fold_of(made).test]
    assert set(test["split"]) == {"train", "dev", "test"}
    without = replace(made, table=rows.assign(split=""))
    assert by_id(rows, [fold_of(without)]) == by_id(rows, [fold_of(made)])


COMMITTED = {
    False: ["m-0002", "m-0005", "m-0014", "m-0016", "m-0018", 52, "b859dc170743"],
    True: ["m-0011", "m-0012", "m-0016", "m-0019", "m-0024", 54, "fa62d7c5a518"],
}
"""of the test: first sentences, how many, sha256 of all"""


@pytest.mark.parametrize("control", [False, True])
def test_the_ids_are_the_committed_ones(made: Corpus, *, control: bool) -> None:
    test = sorted(set(made.table["sentence_id"].iloc[fold_of(made, control=control).test]))
    assert [*test[:5], len(test), hashlib.sha256(" ".join(test).encode()).hexdigest()[:12]] == COMMITTED[control]


def test_another_source_and_date_can_be_asked_for(made: Corpus) -> None:
    fold = fold_of(made, source="gazette", date="2022-01-01")
    train, test = made.table.iloc[fold.train], made.table.iloc[fold.test]
    assert set(train["source"]) == set(test["source"]) == {"gazette"}
    assert max(train["date"]) < "2022"
    assert min(test["date"]) == "2022"


def declined(corpus: Corpus, source: str = "ungdc", date: str = DATE) -> str:
    with pytest.raises(Declined) as refused:
        fold_of(corpus, source=source, date=date)
    return str(refused.value)


@pytest.mark.parametrize("column", ["date", "source"])
def test_a_corpus_without_dates_or_sources_declines(made: Corpus, column: str) -> None:
    assert declined(replace(made, table=made.table.assign(**{column: ""}))) == (
        "it needs the date and the source of every sentence, and this corpus does not say them"
    )


def test_a_mistyped_source_is_refused_with_the_nearest_and_those_there_are(made: Corpus) -> None:
    with pytest.raises(UsageError) as refused:
        fold_of(made, source="gazete")
    assert str(refused.value) == (
        "There is no source 'gazete'. Did you mean 'gazette'? Allowed: gazette, radio, ungdc. "
        "Type protocol.source=NAME with one of them."
    )


def test_a_corpus_without_the_default_source_declines_and_says_what_to_type(made: Corpus) -> None:
    renamed = replace(made, table=made.table.assign(source=made.table["source"].str.replace("ungdc", "speeches")))
    assert declined(renamed) == (
        "no sentence is of source 'ungdc', the default; sources: gazette, radio, speeches. "
        "Type for example protocol.source=gazette"
    )


@pytest.mark.parametrize("typed", ["Town Gazette", "Town_Gazette", "Town  Gazette_1991_2013"])
def test_a_source_may_be_typed_as_in_the_file(made: Corpus, typed: str) -> None:
    renamed = replace(made, table=made.table.assign(source=made.table["source"].str.replace("ungdc", "Town_Gazette")))
    assert list(fold_of(renamed, source=typed).test) == list(fold_of(made).test)


def test_a_source_typed_with_spaces_is_one_key() -> None:
    assert Protocol("temporal", source="Town Gazette") == Protocol("temporal", source="Town_Gazette")


@pytest.mark.parametrize(
    ("date", "where"), [("2019-01-01", "ungdc before 2019-01-01"), ("2029-01-01", "ungdc from 2029-01-01 on")]
)
def test_a_side_without_support_declines_with_its_counts(made: Corpus, date: str, where: str) -> None:
    held = "; ".join(f"{t} 0 favor, 0 against" for t in made.target_ids)
    assert declined(made, date=date) == f"{where} is too small: {held}; 10 of each are needed"
