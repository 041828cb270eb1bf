from __future__ import annotations

from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.corpora.agreement import (
    LEVEL,
    ROUNDS,
    Alpha,
    _alpha_of_counts,
    agreement,
    alpha,
    alpha_interval,
    holder_layer,
    stance_layer,
)
from stancebench.errors import CorpusError
from stancebench.paths import shown
from stancebench.vocabulary import LABELS
from tests.corpora.editing import drop, edit, rows_of, write_rows

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", parts A (binary) and B (nominal), and C with gaps.
BINARY = ["0100000010", "1110010000"]
NOMINAL = ["aabbdcccedda", "babbbccceddd"]
WITH_GAPS = ["123321412***", "1233224125*3", "*3332342251*", "12332441251*"]

PAIRS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=30)


def test_alpha_of_the_textbook() -> None:
    assert alpha(BINARY, "01") == pytest.approx(0.095, abs=5e-4)
    assert alpha(NOMINAL, "abcde") == pytest.approx(0.692, abs=5e-4)


def test_the_coefficient_behind_alpha_gives_the_textbook_value_for_four_observers_with_gaps() -> None:
    codes = [[np.nan if c == "*" else float(c) for c in row] for row in WITH_GAPS]
    assert krippendorff.alpha(reliability_data=codes, level_of_measurement="nominal") == pytest.approx(0.743, abs=5e-4)


def test_alpha_of_three_annotators_by_hand() -> None:
    # Units aaa, aab, bbb: of 9 values 5 are a, 4 b. Each unit has 6 ordered pairs, each counts 1/2; aab differs in 4:
    # D_o = 2 / 9, D_e = 2 * 5 * 4 / (9 * 8) = 5 / 9.
    assert alpha(["aab", "aab", "abb"], "ab") == pytest.approx(1 - 2 / 5)


def test_the_order_of_the_domain_and_unused_values_do_not_count() -> None:
    assert alpha(NOMINAL, "xedcbay") == alpha(NOMINAL, "abcde")


@pytest.mark.parametrize("values", [["", ""], ["aaa", "aaa"]])
def test_alpha_is_undefined_when_fewer_than_two_values_occur(values: list[str]) -> None:
    assert alpha(values, "ab") is None


@given(PAIRS)
def test_alpha_of_counts_equals_the_krippendorff_package(pairs: list[tuple[str, str]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    table = np.zeros((4, 4))
    for a, b in pairs:
        table[LABELS.index(a), LABELS.index(b)] += 1
    expected = alpha([first, second], LABELS)
    found = float(_alpha_of_counts(table))
    assert np.isnan(found) if expected is None else found == pytest.approx(expected, abs=1e-12)


@given(st.lists(PAIRS, min_size=1, max_size=4))
def test_a_stack_of_tables_gives_each_its_own_alpha(stack: list[list[tuple[str, str]]]) -> None:
    tables = np.zeros((len(stack), 4, 4))
    for table, pairs in zip(tables, stack, strict=True):
        for a, b in pairs:
            table[LABELS.index(a), LABELS.index(b)] += 1
    np.testing.assert_array_equal(_alpha_of_counts(tables), [_alpha_of_counts(table) for table in tables])


def test_the_interval_resamples_sentences_whole() -> None:
    first, second = list("aabbcabacb"), list("abbbcabcca")
    units = ["s2", "s1", "s1", "s3", "s3", "s3", "s4", "s5", "s5", "s2"]
    names = sorted(set(units))
    drawn = np.random.default_rng(0).multinomial(len(names), np.full(len(names), 1 / len(names)), size=ROUNDS)
    replicates = []
    for counts in drawn:
        rows = [
            i for name, n in zip(names, counts, strict=True) for i in np.flatnonzero(np.array(units) == name).repeat(n)
        ]
        value = alpha([[first[i] for i in rows], [second[i] for i in rows]], "abc")
        replicates.append(np.nan if value is None else value)
    low, high = np.nanquantile(replicates, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    point = alpha([first, second], "abc")
    assert point is not None
    assert alpha_interval(first, second, units, "abc") == Alpha(round(point, 4), round(low, 4), round(high, 4), 10)


def test_one_sentence_has_an_interval_of_no_width() -> None:
    found = alpha_interval("abcab", "abcaa", ["s1"] * 5, "abc")
    assert found.value == found.low == found.high
    assert found.value is not None


def test_full_agreement_is_one_in_every_replicate() -> None:
    assert alpha_interval("abcab", "abcab", list("12345"), "abc") == Alpha(1.0, 1.0, 1.0, 5)


def test_an_undefined_alpha_has_no_interval() -> None:
    assert alpha_interval("aa", "aa", ["s1", "s2"], "ab") == Alpha(None, None, None, 2)


def test_agreement_of_a_corpus_by_hand(handmade_template: Path) -> None:
    found = agreement(handmade_template, ("sun", "moon"))
    assert found["judgements"] == 14
    assert found["differing"] == 2
    # s5 alone has another principal holder; 7 and 6 holders were found, 6 of them by both.
    assert found["principal_holder"] == round(5 / 6, 4)
    assert found["holder_set_f1"] == round(12 / 13, 4)
    # 28 values, 4 of them in the 2 differing pairs: favor 5, against 7, neutral 6, absent 10.
    assert found["alpha_labels"]["all"].value == round(1 - (4 / 28) / (1 - (20 + 42 + 30 + 90) / 756), 4)
    # As stances: favor 5, against 7, none 16.
    assert found["alpha_stances"]["all"].value == round(1 - (4 / 28) / (1 - (20 + 42 + 240) / 756), 4)
    # Without the 5 absent: 18 values, favor 5, against 7, none 6.
    assert found["alpha_stances_addressed"]["all"].value == round(1 - (4 / 18) / (1 - (20 + 42 + 30) / 306), 4)
    assert {name: a.units for name, a in found["alpha_labels"].items()} == {"all": 14, "sun": 7, "moon": 7}
    assert {name: a.units for name, a in found["alpha_stances_addressed"].items()} == {"all": 9, "sun": 6, "moon": 3}
    for values in (found["alpha_labels"], found["alpha_stances"]):
        assert values["all"].low < values["all"].value < values["all"].high


def test_only_what_both_annotators_judged_is_compared(handmade_dir: Path) -> None:
    drop(handmade_dir / "layers" / "stances" / "a1.csv", 4)
    drop(handmade_dir / "layers" / "holders" / "a2.csv", 2, 6)
    found = agreement(handmade_dir, ("sun", "moon"))
    assert (found["judgements"], found["differing"]) == (13, 1)
    assert found["principal_holder"] == 1.0
    assert found["holder_set_f1"] == 1.0


@pytest.mark.parametrize("layer", ["stances", "holders"])
def test_an_annotator_who_has_not_begun_agrees_on_nothing_yet(handmade_dir: Path, layer: str) -> None:
    path = handmade_dir / "layers" / layer / "a2.csv"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    found = agreement(handmade_dir, ("sun", "moon"))
    assert found["judgements"] == (0 if layer == "stances" else 14)
    assert (found["alpha_labels"]["all"].value is None) == (layer == "stances")
    assert (found.get("principal_holder") is None) == (layer == "holders")
    assert (found.get("holder_set_f1") is None) == (layer == "holders")


def test_agreement_does_not_depend_on_the_order_of_rows(handmade_template: Path, handmade_dir: Path) -> None:
    for path in (handmade_dir / "layers").rglob("*.csv"):
        write_rows(path, rows_of(path)[::-1])
    targets = ("sun", "moon")
    assert agreement(handmade_dir, targets) == agreement(handmade_template, targets)


def test_a_corpus_without_layers_has_no_agreement(synthetic_template: Path) -> None:
    assert agreement(synthetic_template, ("sun", "moon")) == {}


def test_layers_are_read_as_their_annotators_left_them(handmade_template: Path) -> None:
    assert holder_layer(handmade_template, "a1")["s5"] == ("AAA", frozenset({"AAA", "CCC"}))
    assert holder_layer(handmade_template, "a2")["s5"] == ("CCC", frozenset({"CCC"}))
    assert holder_layer(handmade_template, "a1")["s6"] == ("", frozenset({"OTHER:guild"}))
    assert stance_layer(handmade_template, "a2")["s4", "BBB", "moon"] == "neutral"
    assert len(stance_layer(handmade_template, "a3")) == 2


def test_a_broken_layer_is_refused_with_file_line_and_column(handmade_dir: Path) -> None:
    path = handmade_dir / "layers" / "stances" / "a1.csv"
    edit(path, 3, label="favour")
    with pytest.raises(CorpusError) as refused:
        stance_layer(handmade_dir, "a1")
    assert str(refused.value).startswith(f"{shown(path)} line 3, column label: ")
    assert "'favour'" in str(refused.value)


def test_a_missing_layer_is_named(handmade_dir: Path) -> None:
    path = handmade_dir / "layers" / "holders" / "a2.csv"
    path.unlink()
    with pytest.raises(CorpusError) as refused:
        holder_layer(handmade_dir, "a2")
    assert str(refused.value).startswith(f"{shown(path)} is missing.")
