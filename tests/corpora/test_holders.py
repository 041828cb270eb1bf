from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.corpora.holders import Blocs, first_day, overlapping
from stancebench.corpora.schema import HolderRow

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))


def row(code: str, bloc: str, valid_from: str = "", valid_to: str = "") -> HolderRow:
    return HolderRow(code=code, name=code, bloc=bloc, valid_from=valid_from, valid_to=valid_to, basis="a test")


@pytest.mark.parametrize(
    ("given_date", "day"), [("2014", "2014-01-01"), ("2014-03", "2014-03-01"), ("2014-03-09", "2014-03-09")]
)
def test_a_partial_date_counts_as_its_first_day(given_date: str, day: str) -> None:
    assert first_day(given_date) == day


@pytest.mark.parametrize(
    ("date", "bloc"),
    [
        ("2004-03-28", "before"),
        ("2004-03-29", "member"),
        ("2004-03", "before"),
        ("2004-04", "member"),
        ("2004", "before"),
        ("2005", "member"),
        ("2020-01-31", "member"),
        ("2020-02-01", None),
        ("2020-02", None),
        ("2021", None),
    ],
)
def test_the_bloc_changes_on_the_first_day_of_the_next_row_and_ends_after_the_last(date: str, bloc: str | None) -> None:
    rows = [row("EST", "member", "2004-03-29", "2020-01-31"), row("EST", "before", "", "2004-03-28")]
    assert Blocs(rows).of("EST", date) == bloc


@given(DAYS, DAYS, DAYS)
def test_a_row_holds_from_its_first_to_its_last_day_and_on_no_other(one: dt.date, other: dt.date, day: dt.date) -> None:
    first, last = sorted((one, other))
    blocs = Blocs([row("EST", "member", first.isoformat(), last.isoformat())])
    assert (blocs.of("EST", day.isoformat()) == "member") == (first <= day <= last)


@given(st.lists(DAYS, min_size=1, max_size=5, unique=True), DAYS, st.randoms(use_true_random=False))
def test_rows_that_follow_each_other_give_one_bloc_a_day_in_any_row_order(
    changes: list[dt.date], day: dt.date, shuffler: Random
) -> None:
    starts = sorted(changes)
    eve = [(start - dt.timedelta(days=1)).isoformat() for start in starts]
    rows = [
        row("EST", f"after {len(starts[:i])}", "" if i == 0 else starts[i - 1].isoformat(), last)
        for i, last in enumerate([*eve, ""])
    ]
    shuffler.shuffle(rows)
    assert Blocs(rows).of("EST", day.isoformat()) == f"after {sum(start <= day for start in starts)}"


@given(st.lists(st.tuples(DAYS, st.integers(0, 9_000)), max_size=4))
def test_rows_overlap_exactly_when_two_hold_on_one_day(spans: list[tuple[dt.date, int]]) -> None:
    ends = [(first, first + dt.timedelta(days=n)) for first, n in spans]
    rows = [row("EST", f"b{i}", first.isoformat(), last.isoformat()) for i, (first, last) in enumerate(ends)]
    found = [line for line, code in overlapping(enumerate(rows, 2)) if code == "EST"]
    # Two spans share a day exactly when the first day of one lies in the other.
    shared = [i + 2 for i, (a, b) in enumerate(ends) if any(c <= a <= d or a <= c <= b for c, d in ends[:i])]
    assert found == shared


def test_open_and_partial_times_overlap_too_and_other_holders_do_not() -> None:
    rows = [row("EST", "b0", "", "2004"), row("EST", "b1", "2004-01-01"), row("EST", "b2", "2003", "2003-05")]
    rows += [row("LVA", "b0"), row("FIN", "b0", "2004-02"), row("FIN", "b1", "", "2004-01")]
    rows += [row("NOR", "b1", "2004-05-01"), row("NOR", "b0", "", "2004-05-01")]
    assert list(overlapping(enumerate(rows, 2))) == [(3, "EST"), (4, "EST"), (9, "NOR")]


def test_a_named_other_stands_under_other() -> None:
    blocs = Blocs([row("OTHER", "the rest", "2000-01-01")])
    assert blocs.of("OTHER:a guild", "2000-01-01") == "the rest"
    assert blocs.of("OTHER:a guild", "1999-12-31") is None


def test_an_undeclared_holder_has_no_bloc_and_asking_does_not_declare_it() -> None:
    blocs = Blocs([row("USA", "USA"), row("BLR", "RUS+BLR"), row("BLR", "RUS+BLR", "2030")])
    assert blocs.of("FRA", "2024") is None
    assert blocs.of("OTHER:a guild", "2024") is None
    assert blocs.codes == ["BLR", "USA"]
