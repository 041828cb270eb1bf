from __future__ import annotations

import inspect
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench import errors
from stancebench.errors import SHOWN, MissingExtraError, StancebenchError, UsageError, listed, nearest, unknown

MODELS = ["tfidf_svm", "majority", "holder_prior"]


def test_the_message_names_what_was_given_what_is_near_what_is_allowed_and_what_to_type() -> None:
    error = unknown("model", "majorty", MODELS, "Type `stancebench ls models` to see them.")
    assert isinstance(error, UsageError)
    assert str(error) == (
        "There is no model 'majorty'. Did you mean 'majority'? Allowed: holder_prior, majority, tfidf_svm. "
        "Type `stancebench ls models` to see them."
    )


def test_nothing_near_is_no_hint_and_nothing_to_type_is_no_sentence() -> None:
    assert str(unknown("inputs", "zzz", iter(MODELS))) == (
        "There is no inputs 'zzz'. Allowed: holder_prior, majority, tfidf_svm."
    )


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [("TFIDF_SVM", "tfidf_svm"), ("tfidf-svm", "tfidf_svm"), ("prior", "holder_prior"), ("x", None), ("", None)],
)
def test_the_nearest_name_ignores_case_and_small_slips(given_name: str, expected: str | None) -> None:
    assert nearest(given_name, MODELS) == expected


def test_the_nearest_name_is_written_as_declared() -> None:
    assert nearest("nato", ["NATO", "EU"]) == "NATO"


@given(st.lists(st.text("abcdef_", min_size=1), min_size=1, unique=True), st.data())
def test_a_name_that_exists_is_nearest_to_itself(names: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names))
    assert nearest(name, names) == name


@pytest.mark.parametrize(("n", "rest"), [(SHOWN, ""), (SHOWN + 1, " and 1 more"), (SHOWN + 25, " and 25 more")])
def test_allowed_names_are_sorted_and_cut_at_twenty(n: int, rest: str) -> None:
    names = [f"n{i:02d}" for i in range(n)]
    assert SHOWN == 20
    assert listed(reversed(names)) == ", ".join(names[:20]) + rest


def test_a_missing_extra_says_what_to_install() -> None:
    error = MissingExtraError("A picture of a table", "pictures")
    assert str(error) == (
        "A picture of a table needs packages that are not installed. Type: pip install 'stancebench[pictures]'"
    )
    assert isinstance(error, StancebenchError)


def kinds() -> Iterable[type[StancebenchError]]:
    found = (kind for _, kind in inspect.getmembers(errors, inspect.isclass))
    return (kind for kind in found if issubclass(kind, StancebenchError))


def test_a_typing_mistake_exits_with_2_and_every_other_refusal_with_1() -> None:
    codes = {kind.__name__: kind.exit_code for kind in kinds()}
    assert codes == {
        "StancebenchError": 1,
        "UsageError": 2,
        "CorpusError": 1,
        "Declined": 1,
        "ModelError": 1,
        "RecordError": 1,
        "TrackingError": 1,
        "MissingExtraError": 1,
        "MissingFileError": 1,
    }
