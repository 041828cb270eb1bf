"""What holds of every change of every judgement of the bundled corpus."""

from __future__ import annotations

import re

import pytest

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.schema import Target
from stancebench.probes.catalogue import PROBES
from stancebench.probes.clause import CLAUSES
from stancebench.probes.grammar import put
from stancebench.probes.sentence import Item, Names
from stancebench.probes.states import KNOWN, STRANGERS

Changed = dict[str, list[tuple[Item, str]]]

ENOUGH = {"target_alias_swapped": 200, "reporting_verb_swapped": 60, "quotation_marks_removed": 70}
"""sentences that a probe changes at least; the others change nearly all, or most of their holders'"""


@pytest.mark.parametrize("probe", PROBES)
def test_a_probe_changes_many_sentences_and_each_really(probe: str, changed: Changed) -> None:
    assert len({item.sentence_id for item, _ in changed[probe]}) >= ENOUGH.get(probe, 200)
    assert all(text != item.text for item, text in changed[probe])


@pytest.mark.parametrize("probe", sorted(set(PROBES) - {"target_alias_swapped"}))
def test_names_of_targets_stay_as_they_are(probe: str, changed: Changed, names: Names) -> None:
    for item, text in changed[probe]:
        assert names.aliases_in(item, text) == names.aliases_in(item, item.text), (item.sentence_id, text)


def test_a_swapped_alias_is_an_alias_and_other_targets_keep_theirs(changed: Changed, names: Names) -> None:
    for item, text in changed["target_alias_swapped"]:
        for target in names.targets:
            before, after = target.pattern.findall(item.text), target.pattern.findall(text)
            if target.id == item.target:
                assert after
                assert after != before
            else:
                assert after == before


@pytest.mark.parametrize("probe", PROBES)
def test_articles_fit_and_nothing_is_doubled(probe: str, changed: Changed) -> None:
    for item, text in changed[probe]:
        doubled = re.compile(r"  |\.\.|\b(?:the the|a the|an the|a an|the a) ", re.IGNORECASE)
        assert doubled.search(text) is None, (item.sentence_id, text)
        if probe in ("target_alias_swapped", "holder_replaced"):
            assert re.search(r"\b[Aa]n (?:U\.?S|Per|Ken|Nep|Zam)|\b[Aa] (?:Amer|Ukr\b)", text) is None, text


def test_what_is_seeded_by_the_sentence_is_the_same_for_each_of_its_judgements(changed: Changed) -> None:
    for probe in ("typos", "casing", "clause_added", "reporting_verb_swapped"):
        texts: dict[str, set[str]] = {}
        for item, text in changed[probe]:
            texts.setdefault(item.sentence_id, set()).add(text)
        assert all(len(t) == 1 for t in texts.values()), probe


def test_a_typo_is_no_other_word_of_the_corpus_and_spares_names_and_numbers(changed: Changed, names: Names) -> None:
    for item, text in changed["typos"]:
        before, after = item.text.split(), text.split()
        assert len(before) == len(after)
        slips = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
        assert 1 <= len(slips) <= max(1, len(before) // 12)
        for word, slip in slips:
            assert re.search(r"[A-Z0-9]", word) is None
            assert slip.strip("\"',.;:?!").lower() not in names.words


def test_the_strange_states_never_change_an_article_or_a_possessive() -> None:
    for stranger in STRANGERS.values():
        for form in (*stranger.state, *stranger.men, *stranger.women):
            assert form[0].lower() not in "aeiou"
        assert not any(n.endswith("s") for n in (stranger.state.name, stranger.state.capital))
    assert not set(KNOWN) & set(STRANGERS)


def test_forms_of_states_are_names_of_their_actors(names: Names) -> None:
    for code, state in KNOWN.items():
        assert {state.name, state.adjective, state.capital} <= {*names.actors[code], "Brussels", "Bogotá"}, code


def test_a_clause_that_names_a_target_is_not_added(names: Names) -> None:
    rain = names.targets[0].model_copy(update={"explicit": ("rain", "session"), "implicit": ()})
    others = Names((rain,))
    item = Item("s1", "Nobody came.", target=rain.id)
    texts = {PROBES["clause_added"].change(Item(f"s{i}", "Nobody came."), others) for i in range(40)}
    assert texts == {f"Nobody came; {c}." for c in CLAUSES if "rain" not in c and "session" not in c}
    assert PROBES["clause_added"].change(Item("s1", "Who came?"), others) is None
    assert PROBES["target_alias_swapped"].change(item, others) is None


def test_an_article_and_a_capital_follow_what_is_put_in() -> None:
    assert put("an American ally", 3, 11, "US") == "a US ally"
    assert put("a US ally", 2, 4, "American") == "an American ally"
    assert put("a Peruvian ally", 2, 10, "Ukrainian") == "a Ukrainian ally"
    assert put('"NATO grows"', 1, 5, "the alliance") == '"The alliance grows"'


def test_a_corpus_of_other_names_is_left_alone_where_a_probe_knows_none(synthetic: Corpus) -> None:
    names = Names.of(synthetic)
    row = synthetic.table.iloc[0]
    item = Item(row["sentence_id"], row["text"], row["holder"], row["target"])
    assert PROBES["target_alias_swapped"].change(item, names) is None
    assert PROBES["holder_replaced"].change(item, names) is None
    assert PROBES["casing"].change(item, names) is not None


def test_where_targets_are_open_only_the_own_one_is_protected() -> None:
    targets = tuple(Target(id=a.lower(), name=a, definition=a, explicit=(a,)) for a in ("taxes", "Guns"))
    item = Item("s1", "Guns and taxes RISE.", target="taxes")
    assert PROBES["casing"].change(item, Names(targets, open_targets=True)) == "guns and taxes rise."
    assert PROBES["casing"].change(item, Names(targets)) == "Guns and taxes rise."
