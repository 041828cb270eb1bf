"""How texts are worded, counted by hand on a few and held to what must be so on any."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.audits.wording import SIZES, stance_of_verbs, wording
from tests.commands import Cli
from tests.corpora.handmade import write_handmade

TEXTS = [
    "The envoy told reporters that talks had failed.",
    "Talks had failed, the envoy said, and told nobody why.",
    "In Aland the United States says no.",
]


def test_a_few_texts_are_counted() -> None:
    found = wording(TEXTS)
    assert (found.texts, found.words) == (3, 25)
    assert found.verbs == {"say": 0.6667, "tell": 0.6667}
    assert found.openings == {"in": 0.3333, "talks": 0.3333, "the": 0.3333}
    assert found.lengths == {"0%": 7, "25%": 7.5, "50%": 8, "75%": 9, "100%": 10}
    assert found.vocabulary == {"25": 18}
    assert found.distinct_4grams == 1


def test_the_same_text_twice_has_half_its_runs() -> None:
    assert wording([TEXTS[0], TEXTS[0]]).distinct_4grams == 0.5


@given(st.lists(st.text("abc def", min_size=1, max_size=60), min_size=1, max_size=20))
def test_shares_are_shares_and_a_vocabulary_only_grows(texts: list[str]) -> None:
    found = wording(texts)
    shares = [*found.verbs.values(), *found.openings.values(), found.distinct_4grams]
    assert all(0 <= share <= 1 for share in shares)
    sizes = list(found.vocabulary.values())
    assert sizes == sorted(sizes)
    assert all(int(size) in (*SIZES, found.words) for size in found.vocabulary)


def test_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no text"):
        wording([])


def table(verbs: dict[str, str], n: int = 40) -> pd.DataFrame:
    """Judgements of n sentences, half for and half against, whose verb is that of the stance."""
    stances = [("favor", "against")[i % 2] for i in range(n)]
    texts = [f"Aland {verbs[stance]} the treaty in year {i}" for i, stance in enumerate(stances)]
    return pd.DataFrame({"text": texts, "stance": stances, "label": stances, "group": [str(i) for i in range(n)]})


def test_verbs_that_give_a_stance_away_are_told() -> None:
    assert stance_of_verbs(table({"favor": "hailed", "against": "condemned"}))["accuracy"] == 1
    plain = stance_of_verbs(table({"favor": "said", "against": "said"}))
    assert plain["accuracy"] <= plain["majority"] == 0.5


def test_absent_judgements_and_a_handful_of_units_are_not_asked() -> None:
    rows = table({"favor": "hailed", "against": "condemned"})
    absent = rows.assign(label="absent", stance="none")
    assert stance_of_verbs(pd.concat([rows, absent]))["judgements"] == 40
    assert "accuracy" not in stance_of_verbs(rows.iloc[:4])


def test_the_command_prints_both_beside_each_other(cli: Cli, tmp_path: Path) -> None:
    folder = write_handmade(tmp_path / "mine")
    passages = tmp_path / "passages.jsonl"
    passages.write_text('{"id": "p1", "text": "We praise the Sun."}\n{"id": "p9", "text": "Unread."}\n')
    said = cli("corpus", "wording", str(folder), "--passages", str(passages)).out
    assert "6 sentences, " in said
    assert "1 passages, 4 words" in said
    assert "Stance from the reporting verbs alone" in said
    values = json.loads(cli("corpus", "wording", str(folder), "--passages", str(passages), "--json").out)
    assert values["passages"]["words"] == 4
    assert set(values["stance_of_verbs"]) >= {"judgements", "majority"}


def test_the_bundled_corpus_is_worded_in_many_ways(cli: Cli) -> None:
    values = json.loads(cli("corpus", "wording", "coverage", "--json").out)
    assert values["sentences"]["distinct_4grams"] > 0.9
    assert "passages" not in values
