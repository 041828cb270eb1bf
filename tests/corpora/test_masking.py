"""Masked texts: nobody is named, everybody is told apart, and what is said stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from stancebench.corpora.masking import Mask, masked_rows, with_mask
from stancebench.corpora.schema import Target
from stancebench.errors import Declined
from stancebench.models.prior import named
from stancebench.runs.evaluation import prepare
from stancebench.tasks import Task

US = Target(
    id="us",
    name="the United States",
    definition="the state",
    explicit=("United States", "US", "U.S", "American", "Obama"),
    implicit=("the West",),
)
NATO = Target(id="nato", name="NATO", definition="the alliance", explicit=("NATO", "Rutte"), implicit=("the alliance",))
SANCTIONS = Target(id="sanctions", name="sanctions", definition="measures", explicit=("sanctions", "price cap"))
UKRAINE = Target(
    id="ukraine",
    name="Ukraine",
    definition="the state",
    explicit=("Ukraine", "Ukraine's", "Kyiv"),
    implicit=("Crimea", "Russian aggression"),
)
TARGETS = (US, NATO, SANCTIONS, UKRAINE)
ACTORS = {
    "BLR": ("Belarus", "Minsk"),
    "GNB": ("Guinea-Bissau",),
    "GIN": ("Guinea",),
    "NATO": ("NATO", "Stoltenberg"),
    "NLD": ("Dutch", "Rutte"),
    "OTHER:West": ("the West", "Western"),
    "POL": ("Poland", "Polish", "Poles"),
    "RUS": ("Russia", "Russian", "Moscow", "Russia's Security Council"),
    "UKR": ("Ukraine", "Ukrainian", "Kyiv"),
    "UN": ("UN", "Security Council"),
    "USA": ("United States", "US", "U.S", "American", "Barack Obama", "Obama", "Josh Earnest"),
}
MASK = Mask(TARGETS, ACTORS)
MASKS = re.compile(r"HOLDER-TARGET|HOLDER|TARGET|ACTOR_\d+")


@pytest.mark.parametrize(
    ("text", "holder", "target", "masked"),
    [
        ("Moscow warned Kyiv and Poland.", "RUS", "ukraine", "HOLDER warned TARGET and ACTOR_1."),
        ("Moscow warned Kyiv and Poland.", "POL", "us", "ACTOR_1 warned ACTOR_2 and HOLDER."),
        ("Russia backs Belarus as Minsk backs Moscow", "BLR", "us", "ACTOR_1 backs HOLDER as HOLDER backs ACTOR_1"),
        ("Russia's army, Poland\u2019s fear", "RUS", "us", "HOLDER's army, ACTOR_1\u2019s fear"),
        ("Ukraine's army; KYIV'S ARMY", "RUS", "ukraine", "TARGET's army; TARGET'S ARMY"),
        ("Ukraine's army, UKRAINE'S ARMY", "UKR", "ukraine", "HOLDER-TARGET's army, HOLDER-TARGET'S ARMY"),
        ("the Poles' vote", "POL", "us", "the HOLDER' vote"),
        ("a pro-Russian, anti-Polish, US-led bloc", "POL", "us", "a pro-ACTOR_1, anti-HOLDER, TARGET-led bloc"),
    ],
    ids=["one-target", "no-target", "numbers", "possessive", "listed-possessive", "self", "plural", "hyphens"],
)
def test_each_name_becomes_what_it_is_in_the_row(text: str, holder: str, target: str, masked: str) -> None:
    assert MASK.masked(text, holder, target) == masked


@pytest.mark.parametrize(
    ("text", "holder", "masked"),
    [
        ("Guinea-Bissau and Guinea", "GIN", "ACTOR_1 and HOLDER"),
        ("Russia's Security Council met; the Security Council did not", "RUS", "HOLDER met; the ACTOR_1 did not"),
        ("Obama and Barack Obama", "USA", "HOLDER and HOLDER"),
    ],
)
def test_the_longest_of_overlapping_names_counts(text: str, holder: str, masked: str) -> None:
    assert MASK.masked(text, holder, "sanctions") == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("The US told us; un jour, UN day", "The TARGET told us; un jour, ACTOR_1 day"),
        ("POLISH envoys polish a Russianist text", "ACTOR_1 envoys polish a Russianist text"),
        ("an american, and The West", "an TARGET, and TARGET"),
    ],
)
def test_case_tells_a_name_from_a_word(text: str, masked: str) -> None:
    assert MASK.masked(text, "GIN", "us") == masked


def test_the_full_stops_of_an_abbreviation_do_not_tell_who_it_is() -> None:
    assert (
        MASK.masked("The U.S. army left; so did the U.S.", "USA", "nato") == "The HOLDER army left; so did the HOLDER."
    )
    assert MASK.masked("U.S.-built and US-built", "RUS", "us") == "TARGET-built and TARGET-built"
    assert MASK.masked("It left Poland. It left.", "POL", "us") == "It left HOLDER. It left."


def test_nato_is_a_target_in_its_own_rows_and_an_actor_in_the_others() -> None:
    text = "Stoltenberg thanked Poland for NATO sanctions and the alliance's fleet"
    assert MASK.masked(text, "POL", "nato") == "TARGET thanked HOLDER for TARGET sanctions and TARGET's fleet"
    assert MASK.masked(text, "POL", "us") == "ACTOR_1 thanked HOLDER for ACTOR_1 sanctions and the alliance's fleet"
    assert MASK.masked(text, "NATO", "sanctions") == "HOLDER thanked ACTOR_1 for HOLDER TARGET and the alliance's fleet"


def test_an_actor_is_the_target_by_all_its_names_and_one_shared_name_does_not_make_it_so() -> None:
    assert MASK.masked("Josh Earnest met Obama", "RUS", "us") == "TARGET met TARGET"
    assert MASK.masked("Rutte led Dutch talks", "UKR", "nato") == "TARGET led ACTOR_1 talks"
    assert MASK.masked("Rutte led Dutch talks", "UKR", "us") == "ACTOR_1 led ACTOR_1 talks"


def test_a_phrase_of_the_target_hides_the_actors_in_it() -> None:
    assert MASK.masked("Russian aggression in Crimea", "POL", "ukraine") == "TARGET in TARGET"
    assert MASK.masked("Russian aggression in Crimea", "POL", "us") == "ACTOR_1 aggression in Crimea"


def test_who_judges_itself_is_holder_and_target_at_once() -> None:
    assert MASK.masked("The US praised American aid", "USA", "us") == "The HOLDER-TARGET praised HOLDER-TARGET aid"
    assert MASK.masked("Kyiv thanked the US", "UKR", "ukraine") == "HOLDER-TARGET thanked the ACTOR_1"


def test_the_holder_is_not_told_where_the_task_does_not_give_it() -> None:
    assert MASK.masked("Moscow warned Kyiv and Poland.", "", "ukraine") == "ACTOR_1 warned TARGET and ACTOR_2."
    assert MASK.masked("The US praised American aid", "", "us") == "The TARGET praised TARGET aid"


def test_the_narrator_has_no_name() -> None:
    assert MASK.masked("Narrator: Moscow hit Kyiv", "NARRATOR", "us") == "Narrator: ACTOR_1 hit ACTOR_2"


def test_a_holder_without_a_code_goes_by_its_own_name_in_its_own_rows() -> None:
    text = "Federal judge halts US plan, the federal judge's second"
    assert MASK.masked(text, "OTHER:federal judge", "us") == "HOLDER halts TARGET plan, the HOLDER's second"
    assert MASK.masked(text, "RUS", "us") == "Federal judge halts TARGET plan, the federal judge's second"
    assert MASK.masked("a Russian reporter", "OTHER:Russian reporter", "us") == "a HOLDER"
    assert MASK.masked("Western aid from the West", "OTHER:West", "nato") == "HOLDER aid from HOLDER"


WORDS = st.sampled_from(
    [
        *(name for names in ACTORS.values() for name in names),
        *(alias for t in TARGETS for alias in t.aliases),
        *("warned", "us", "polish", "of", "Geneva", "U.S.", "Russia's", "Poland,", "alliance", "guinea", "(NATO)"),
    ]
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
HOLDERS = st.sampled_from(["", "NARRATOR", "OTHER:Geneva", *ACTORS])
TARGET_IDS = st.sampled_from([t.id for t in TARGETS])


@given(TEXTS, HOLDERS, TARGET_IDS)
def test_masking_twice_is_masking_once(text: str, holder: str, target: str) -> None:
    once = MASK.masked(text, holder, target)
    assert MASK.masked(once, holder, target) == once


@given(TEXTS, HOLDERS, TARGET_IDS)
def test_no_name_of_an_actor_and_no_alias_of_the_target_remains(text: str, holder: str, target: str) -> None:
    masked = MASK.masked(text, holder, target)
    for names in ACTORS.values():
        for name in names:
            assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", masked)
    assert not next(t for t in TARGETS if t.id == target).pattern.search(masked)


@given(TEXTS, HOLDERS, TARGET_IDS)
def test_actors_are_numbered_by_first_appearance(text: str, holder: str, target: str) -> None:
    numbers = [int(n) for n in re.findall(r"ACTOR_(\d+)", MASK.masked(text, holder, target))]
    assert list(dict.fromkeys(numbers)) == list(range(1, len(set(numbers)) + 1))


@given(st.lists(st.sampled_from(["warned", "us", "polish", "Geneva", "of", "1,5", "don't", "e.g."])).map(" ".join))
def test_a_text_that_names_nobody_is_left_as_it_is(text: str) -> None:
    assert MASK.masked(text, "RUS", "us") == text


@given(TEXTS, TARGET_IDS)
def test_a_masked_text_names_its_target_exactly_where_the_text_named_it(text: str, target: str) -> None:
    masked = MASK.masked(text, "", target)
    before, after = (named([x], [target], known)[0] for x, known in ((text, TARGETS), (masked, with_mask(TARGETS))))
    # The other names of an actor that is the target count too.
    assert after >= before
    assert after == ("TARGET" in masked)


def test_the_masked_target_adds_one_alias_and_changes_nothing_else() -> None:
    assert [t.model_copy(update={"explicit": t.explicit[:-1]}) for t in with_mask(TARGETS)] == list(TARGETS)
    assert {t.explicit[-1] for t in with_mask(TARGETS)} == {"TARGET"}


def test_a_corpus_that_names_no_actors_declines(synthetic: Corpus) -> None:
    reason = (
        "inputs 'masked' need the names of the actors, and this corpus has no actors.yaml (docs/corpus.md): "
        "task.inputs=text"
    )
    with pytest.raises(Declined) as declined:
        masked_rows(synthetic.table, synthetic)
    assert str(declined.value) == reason
    assert prepare(synthetic, Task(inputs="masked"), "official").declined == reason


@pytest.fixture(scope="module")
def coverage() -> Corpus:
    return load_corpus("coverage")


@pytest.mark.parametrize("task", [Task("attributed", "masked"), Task("sentence", "masked")], ids=lambda t: t.name)
def test_no_name_of_an_actor_remains_in_any_row_of_coverage(coverage: Corpus, task: Task) -> None:
    masked = masked_rows(task.rows(coverage), coverage, holder_given=task.name == "attributed")
    texts = set(masked)
    for code, names in coverage.actors.items():
        pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)")
        assert not [text for text in texts if pattern.search(text)], code
    assert ("HOLDER" in " ".join(texts)) == (task.name == "attributed")


def test_every_state_that_holds_a_view_in_coverage_is_found_in_its_sentence(coverage: Corpus) -> None:
    rows = coverage.table
    masked = masked_rows(rows, coverage)
    missing = {
        sentence
        for sentence, holder, text in zip(rows["sentence_id"], rows["holder"], masked, strict=True)
        if not holder.startswith(("OTHER:", "NARRATOR")) and "HOLDER" not in text
    }
    # "the Baltic foreign ministers" are three holders, named as one.
    assert missing == {"cov-0203"}


def test_masked_rows_keep_what_they_are_and_change_what_a_model_sees(coverage: Corpus) -> None:
    plain, masked = (prepare(coverage, Task(inputs=inputs), "official") for inputs in ("text", "masked"))
    assert masked.rows.drop(columns="text").equals(plain.rows.drop(columns="text"))
    assert masked.rows.index.equals(plain.rows.index)
    assert masked.data != plain.data
    assert masked.gold == plain.gold
    assert coverage.table["text"].equals(plain.rows["text"])
    assert MASKS.search(masked.rows["text"].iloc[0])
