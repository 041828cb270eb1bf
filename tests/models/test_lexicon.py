from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from stancebench.corpora.schema import Target
from stancebench.errors import UsageError
from stancebench.models.configs import LexiconConfig
from stancebench.models.lexicon import LEXICON, windows
from stancebench.models.spec import ModelContext

US = Target(id="us", name="the US", definition="a state", explicit=("United States", "US"))
NATO = Target(id="nato", name="NATO", definition="an alliance", explicit=("NATO", "alliance"))
CONTEXT = ModelContext((US, NATO), ("text", "target"))


def said(*rows: tuple[str, str], **config: Any) -> list[str]:
    X = pd.DataFrame(list(rows), columns=["text", "target"])
    model = LEXICON.build(LexiconConfig(name="lexicon", **config), CONTEXT)
    return [str(s) for s in model.fit(X, np.full(len(X), "none")).predict(X)]


def test_the_words_around_the_mention_decide() -> None:
    text = "Spain praised NATO at length in a communique of the meeting, and later condemned the US."
    assert said((text, "nato"), (text, "us")) == ["favor", "against"]
    # Of the whole text both targets hear the same.
    whole = said((text, "nato"), (text, "us"), window=0)
    assert whole[0] == whole[1]


def test_a_text_that_does_not_mention_the_target_is_none() -> None:
    assert said(("Everyone praised the wonderful summit.", "nato"), ("They praised the US.", "nato")) == ["none"] * 2
    assert said(("They praised it.", "a target that no corpus declares")) == ["none"]


def test_the_words_of_the_mention_itself_have_no_say() -> None:
    vader = SentimentIntensityAnalyzer()
    assert vader.polarity_scores("They met the United States.")["compound"] > 0.05
    assert said(("They met the United States.", "us"), threshold=0.0) == ["none"]


def test_a_masked_text_mentions_its_target_as_target() -> None:
    assert said(("HOLDER praised TARGET.", "us"), ("HOLDER praised TARGETS.", "us")) == ["favor", "none"]


def test_several_mentions_are_averaged() -> None:
    twice_against = "Good NATO, they say; " + "filler " * 9 + "they condemned NATO; " + "filler " * 9 + "awful NATO."
    assert said((twice_against, "nato"), window=2) == ["against"]


def test_from_the_threshold_on_it_is_a_side() -> None:
    text = "They condemned NATO."
    compound = SentimentIntensityAnalyzer().polarity_scores("They condemned TARGET.")["compound"]
    assert compound < 0
    assert said((text, "nato"), threshold=-compound) == ["against"]
    assert said((text, "nato"), threshold=-compound + 0.0001) == ["none"]
    # Two mentions with one score each have that score.
    assert said((f"{text} " + "so " * 9 + text, "nato"), threshold=-compound, window=2) == ["against"]


def test_it_learns_nothing_and_gives_no_probabilities() -> None:
    model = LEXICON.build(LexiconConfig(name="lexicon"), CONTEXT).fit(pd.DataFrame(), np.array([]))
    assert sorted(model.classes_) == ["against", "favor", "none"]
    assert not hasattr(model, "predict_proba")


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        ("a b NATO c d", 1, ["b TARGET c"]),
        ("a b NATO c d", 9, ["a b TARGET c d"]),
        ("a b NATO c d", 0, ["a b TARGET c d"]),
        ("NATO a NATO", 1, ["TARGET a", "a TARGET"]),
        ("a NATO, b", 1, ["a TARGET, b"]),
        ("a NATO-led b", 1, ["a TARGET-led b"]),
        ("a NATO/NATO b", 1, ["a TARGET/TARGET b"] * 2),
        ("a North Atlantic  alliance\nb", 1, ["Atlantic TARGET b"]),
        ("NATOs a", 1, []),
        ("", 1, []),
    ],
)
def test_windows_are_cut_between_tokens(text: str, size: int, expected: list[str]) -> None:
    assert windows(text, NATO.pattern, size) == expected


@given(st.lists(st.sampled_from(["NATO", "a", "b,", "alliance.", "US"]), max_size=15), st.integers(0, 5))
def test_there_is_one_window_for_each_mention_and_none_is_too_long(tokens: list[str], size: int) -> None:
    found = windows(" ".join(tokens), NATO.pattern, size)
    assert len(found) == sum(t in ("NATO", "alliance.") for t in tokens)
    whole = len(tokens) if size == 0 else 2 * size + 1
    assert all("TARGET" in w and len(w.split()) <= whole for w in found)


def test_a_pattern_with_alternatives_stays_one_pattern() -> None:
    assert windows("x moon y", re.compile("sun|moon"), 1) == ["x TARGET y"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"window": -1}, "model.window: 0 (the whole text) or a number of tokens is expected, got -1."),
        ({"threshold": 1.5}, "model.threshold: a number from 0 to 1 is expected, got 1.5."),
        ({"threshold": -0.05}, "model.threshold: a number from 0 to 1 is expected, got -0.05."),
    ],
)
def test_values_out_of_range_are_refused(config: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        said(("x", "us"), **config)
    assert str(refused.value) == message
