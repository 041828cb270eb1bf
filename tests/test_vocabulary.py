from __future__ import annotations

from typing import get_args

import pytest

from stancebench.corpora.schema import Judgement
from stancebench.vocabulary import (
    AGAINST,
    FAVOR,
    LABELS,
    NONE,
    STANCES,
    UNKNOWN,
    Explicitness,
    Label,
    Stance,
    stance_of,
)


@pytest.mark.parametrize(
    ("label", "stance"), [("favor", "favor"), ("against", "against"), ("neutral", "none"), ("absent", "none")]
)
def test_neutral_and_absent_are_scored_as_none(label: Label, stance: Stance) -> None:
    assert stance_of(label) == stance


def test_every_label_has_a_stance_and_every_stance_a_label() -> None:
    assert {stance_of(label) for label in LABELS} == set(STANCES)


def test_positions_are_those_of_the_stances() -> None:
    assert (STANCES[FAVOR], STANCES[AGAINST], STANCES[NONE]) == ("favor", "against", "none") == STANCES


def test_unknown_is_no_stance() -> None:
    assert UNKNOWN not in STANCES


@pytest.mark.parametrize("label", LABELS)
def test_a_judgement_may_have_every_label(label: Label) -> None:
    for explicitness in get_args(Explicitness) if label != "absent" else ("",):
        row = Judgement(
            sentence_id="s", holder="USA", target="us", label=label, explicitness=explicitness, principal="yes"
        )
        assert row.label == label
