from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stancebench.corpora.schema import (
    SENTENCE_TAGS,
    CorpusDeclaration,
    HolderRow,
    Judgement,
    Sentence,
    SourceRow,
    Target,
)

SENTENCE: dict[str, Any] = {
    "id": "s1",
    "text": "An envoy praised the Sun.",
    "date": "2024-01-01",
    "register": "wire",
    "attribution": "indirect",
    "batch": "1",
}
JUDGEMENT = {"sentence_id": "s1", "target": "sun", "label": "favor", "explicitness": "explicit", "principal": "yes"}
SOURCE = dict.fromkeys(SourceRow.model_fields, "") | {
    "passage_id": "p1",
    "source": "archive",
    "document": "d1",
    "date": "2024",
}


def target(*explicit: str, implicit: tuple[str, ...] = ()) -> Target:
    return Target(id="t", name="t", definition="t", explicit=explicit, implicit=implicit)


@pytest.mark.parametrize("date", ["2024", "2024-02", "2024-02-29", "1949-08-24"])
def test_a_date_is_a_day_or_as_much_of_it_as_is_known(date: str) -> None:
    assert Sentence.model_validate(SENTENCE | {"date": date}).date == date


@pytest.mark.parametrize(
    "date",
    ["", "24", "2024-1-1", "2024/01/01", "2024-01-01T00", "01.02.2024", "2024-", "2024-13", "2024-00", "2023-02-29"],
)
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(ValidationError, match="date"):
        Sentence.model_validate(SENTENCE | {"date": date})


@pytest.mark.parametrize("holder", ["USA", "EU", "NATO", "UN", "NARRATOR", "OTHER:a guild"])
def test_holder_codes_are_known(holder: str) -> None:
    assert Judgement.model_validate(JUDGEMENT | {"holder": holder}).holder == holder


@pytest.mark.parametrize("holder", ["", "US", "usa", "USAA", "OTHER", "OTHER:", "OTHER: a guild", "OTHER:\n", "USA\n"])
def test_what_is_no_holder_code_is_refused(holder: str) -> None:
    with pytest.raises(ValidationError, match="holder"):
        Judgement.model_validate(JUDGEMENT | {"holder": holder})


@pytest.mark.parametrize("label", ["favor", "against", "neutral", "absent"])
@pytest.mark.parametrize("explicitness", ["", "explicit", "implicit"])
def test_exactly_the_absent_have_no_explicitness(label: str, explicitness: str) -> None:
    row = JUDGEMENT | {"holder": "USA", "label": label, "explicitness": explicitness}
    if (label == "absent") == (explicitness == ""):
        assert Judgement.model_validate(row).explicitness == explicitness
    else:
        with pytest.raises(ValidationError, match="explicitness must be empty for absent"):
            Judgement.model_validate(row)


def test_sentence_tags_are_a_closed_list_and_the_message_lists_it() -> None:
    assert Sentence.model_validate(SENTENCE | {"tags": list(SENTENCE_TAGS)}).tags == SENTENCE_TAGS
    with pytest.raises(ValidationError) as refused:
        Sentence.model_validate(SENTENCE | {"tags": ["irony", "sarcasm"]})
    assert f"unknown tag ['sarcasm'], allowed: {', '.join(SENTENCE_TAGS)}" in str(refused.value)


@pytest.mark.parametrize("column", ["id", "text", "batch"])
@pytest.mark.parametrize("value", ["", "  \n"])
def test_a_blank_name_is_refused(column: str, value: str) -> None:
    with pytest.raises(ValidationError, match=column):
        Sentence.model_validate(SENTENCE | {column: value})


def test_names_lose_the_blanks_around_them() -> None:
    assert Sentence.model_validate(SENTENCE | {"id": " s1\t", "text": " Words. "}).model_dump(
        include={"id", "text"}
    ) == {
        "id": "s1",
        "text": "Words.",
    }


@pytest.mark.parametrize("checksum", ["", "0" * 64, "af" * 32])
def test_a_source_may_lack_its_checksum(checksum: str) -> None:
    assert SourceRow.model_validate(SOURCE | {"sha256": checksum}).sha256 == checksum


@pytest.mark.parametrize("checksum", ["0" * 63, "0" * 65, "AF" * 32])
def test_a_checksum_of_a_source_has_64_small_hexadecimals(checksum: str) -> None:
    with pytest.raises(ValidationError, match="sha256"):
        SourceRow.model_validate(SOURCE | {"sha256": checksum})


def test_rows_cannot_be_changed() -> None:
    row = HolderRow(code="USA", name="United States", bloc="USA", valid_from="", valid_to="", basis="itself")
    with pytest.raises(ValidationError, match="frozen"):
        row.bloc = "NATO"  # type: ignore[misc]


@pytest.mark.parametrize("model", [Sentence, Judgement, HolderRow, SourceRow, Target, CorpusDeclaration])
def test_a_foreign_field_is_refused_in_every_file(model: type[Sentence]) -> None:
    with pytest.raises(ValidationError, match=r"(?s)colour\s+Extra inputs are not permitted"):
        model.model_validate({"colour": "red"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He praised the United States there", ["United States"]),
        ("The states united", ["states"]),
        ("UNITED STATES, united states", ["UNITED STATES", "united states"]),
        ("US troops and us", ["US"]),
        ("U.S. troops", ["U.S."]),
        ("the USA, U.S.A., statesmen", []),
        ("the U.S.", ["U.S."]),
        ("États-Unis", []),
    ],
)
def test_aliases_are_whole_words_and_capitals_are_matched_as_written(text: str, found: list[str]) -> None:
    pattern = target("US", "U.S.", implicit=("States", "United States", "tats")).pattern
    assert pattern.findall(text) == found


def test_the_longest_alias_comes_first() -> None:
    assert target("b", "aa", implicit=("a", "ccc")).aliases == ("ccc", "aa", "a", "b")


@given(st.lists(st.text(st.characters(codec="utf-8")).filter(lambda a: bool(a.strip())), min_size=1, max_size=4))
def test_any_alias_matches_itself_whatever_signs_it_holds(aliases: list[str]) -> None:
    declared = target(*aliases)
    for alias in declared.aliases:
        assert declared.pattern.fullmatch(alias)
