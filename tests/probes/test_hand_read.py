from __future__ import annotations

import difflib
import re

import pytest

from stancebench.probes.catalogue import PROBES
from stancebench.probes.sentence import Names
from tests.probes.conftest import Judgements
from tests.probes.hand_read import CAPITALS_LEFT, HAND_READ, UNTOUCHED


def words_changed(before: str, after: str) -> list[tuple[str, str]]:
    a, b = before.split(), after.split()
    codes = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return [(" ".join(a[i:j]), " ".join(b[k:m])) for op, i, j, k, m in codes if op != "equal"]


@pytest.mark.parametrize("probe", HAND_READ)
def test_sentences_read_by_hand_change_in_these_words_and_no_others(
    probe: str, judgements: Judgements, names: Names
) -> None:
    assert len(HAND_READ[probe]) >= 10
    for read in HAND_READ[probe]:
        item = judgements[read[:3]]
        text = PROBES[probe].change(item, names)
        assert text is not None, read
        assert words_changed(item.text, text) == read.words, read.sentence_id


def test_in_lower_case_only_names_of_targets_keep_their_capitals(judgements: Judgements, names: Names) -> None:
    by_sentence = {key[0]: item for key, item in judgements.items()}
    assert len(CAPITALS_LEFT) >= 10
    for sentence_id, kept in CAPITALS_LEFT.items():
        text = PROBES["casing"].change(by_sentence[sentence_id], names)
        assert text is not None
        assert text.lower() == by_sentence[sentence_id].text.lower()
        assert " ".join(w for w in text.split() if re.search("[A-Z]", w)) == kept


@pytest.mark.parametrize("probe", UNTOUCHED)
def test_a_sentence_whose_grammar_or_stance_would_not_hold_is_left_out(
    probe: str, judgements: Judgements, names: Names
) -> None:
    for key, why in UNTOUCHED[probe].items():
        assert PROBES[probe].change(judgements[key], names) is None, why
