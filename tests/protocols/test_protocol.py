from __future__ import annotations

import json

import pytest

from stancebench.errors import UsageError
from stancebench.protocols import OPTIONS, PROTOCOLS, Protocol, as_protocol


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"name": "few_shots"},
            (
                "There is no protocol 'few_shots'. Did you mean 'few_shot'? Allowed: cross_holder, cross_source, "
                "cross_target, cross_validated, few_shot, official, temporal. "
                "Type `stancebench ls protocols` to see them."
            ),
        ),
        ({"k": 0}, "protocol.k: a whole number from 1 on is expected, got 0. Type protocol.k=4."),
        (
            {"draw": 10},
            "protocol.draw: there are 10 draws, 0 to 9; got 10. Type -m 'protocol.draw=range(10)' for all of them.",
        ),
        (
            {"draw": -1},
            "protocol.draw: there are 10 draws, 0 to 9; got -1. Type -m 'protocol.draw=range(10)' for all of them.",
        ),
        ({"n_folds": 1}, "protocol.n_folds: at least 2 are needed, got 1. Type protocol.n_folds=5."),
        *(
            (
                {"date": date},
                f"protocol.date: a day is expected, as YYYY-MM-DD, got {date!r}. Type protocol.date=2022-02-24.",
            )
            for date in ("2022", "2022-02", "2022-13-01", "2022-02-30", "20220224", "2022-W08-4", "24 February", "")
        ),
    ],
)
def test_an_option_outside_its_range_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        Protocol(**options)  # type: ignore[arg-type]
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("protocol", "as_json", "text", "title"),
    [
        (Protocol(), {"name": "official"}, "official", "official"),
        (Protocol("cross_target", k=9, draw=3, n_folds=7), {"name": "cross_target"}, "cross_target", "cross_target"),
        (
            Protocol("few_shot", k=16, draw=2, control=True),
            {"name": "few_shot", "k": 16, "draw": 2},
            "few_shot(k=16, draw=2)",
            "few_shot k=16",
        ),
        (
            Protocol("temporal", control=True),
            {"name": "temporal", "source": "ungdc", "date": "2022-02-24", "control": True},
            "temporal(source=ungdc, date=2022-02-24, control=True)",
            "temporal control",
        ),
        (
            Protocol("cross_validated", n_folds=3),
            {"name": "cross_validated", "n_folds": 3},
            "cross_validated(n_folds=3)",
            "cross_validated n_folds=3",
        ),
    ],
)
def test_only_options_that_count_are_kept_and_shown(
    protocol: Protocol, as_json: dict[str, object], text: str, title: str
) -> None:
    assert protocol.as_json() == as_json
    assert (str(protocol), protocol.title) == (text, title)
    assert Protocol(**json.loads(json.dumps(as_json))).as_json() == as_json


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_name_is_a_protocol_with_default_options(name: str) -> None:
    assert as_protocol(name) == Protocol(name)
    assert as_protocol(Protocol(name, k=2)) == Protocol(name, k=2)


def test_every_option_belongs_to_a_protocol_and_is_a_field() -> None:
    fields = set(Protocol.__dataclass_fields__) - {"name"}
    assert set(OPTIONS) <= set(PROTOCOLS)
    assert {option for options in OPTIONS.values() for option in options} == fields
