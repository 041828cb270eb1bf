"""The slice table and the heat map of systems on the bundled corpus."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from stancebench.corpora.load import load_corpus
from stancebench.errors import UsageError
from stancebench.reports.heat import Square, heat_plot
from stancebench.reports.slices import Sliced, best_system, heat_map, is_small, slice_table
from stancebench.reports.systems import SharedTest, System
from stancebench.runs.evaluation import prepare
from stancebench.runs.spec import Scoring
from stancebench.scoring import Bootstrap
from stancebench.tasks import Task

BOOTSTRAP = Bootstrap(rounds=200)


@pytest.fixture(scope="module")
def shared() -> SharedTest:
    """A system that errs in one answer of five, and worse about the United States, and one that always says none."""
    prepared = prepare(load_corpus("coverage@0.1"), Task("attributed", "text"))
    test = prepared.test.reset_index(drop=True)
    rng = np.random.default_rng(0)
    wrong = rng.random(len(test)) < np.where(test["target"] == "us", 0.5, 0.2)
    other = test["stance"].map({"favor": "against", "against": "none", "none": "favor"})
    said = test["stance"].where(~wrong, other)
    systems = (
        System("errs", "", "", (), (test.assign(stance=said),)),
        System("none", "", "", (), (test.assign(stance="none"),)),
    )
    return SharedTest(prepared, Scoring(bootstrap=BOOTSTRAP), systems)


@pytest.fixture(scope="module")
def sliced(shared: SharedTest) -> Sliced:
    return slice_table(shared)


def test_the_slice_that_is_worse_is_marked(sliced: Sliced) -> None:
    lines = sliced.lines(sliced.scores[0])
    header = sliced.header()
    us = dict(zip(header, next(line for line in lines if line[1] == "us"), strict=True))
    assert (us["slicing"], us["judgements"], us["events"], us["favor / against / none"]) == (
        *("target", "245", "163"),
        "25 / 38 / 182",
    )
    assert us["to the rest"].endswith("*")
    assert us["to the rest"].startswith("-")
    assert us["adjusted p"] == "<0.0001"
    marked = {line[1] for line in lines if line[header.index("to the rest")].endswith("*")}
    assert "us" in marked
    assert len(marked) <= 3


def test_title_and_method_say_what_stands_in_the_table(sliced: Sliced) -> None:
    assert sliced.title() == "accuracy on slices of coverage@0.1, attributed, official: 980 test judgements"
    method = sliced.method()
    assert "95% intervals, 200 bootstraps by event" in method
    assert f"Holm over the {sliced.family} tests shown" in method
    assert "nothing is claimed below 30 judgements in 10 events" in method


def test_small_slices_are_named_and_not_scored(sliced: Sliced) -> None:
    notes = sliced.notes(sliced.scores[0])
    assert "too few: bloc CHN (20 in 4), IGO (40 in 8), NARRATOR (8 in 2)" in notes
    assert any(note.startswith("missing: contested none to the rest: the rest: 48 judgements") for note in notes)
    shown = {(line[0], line[1]) for line in sliced.lines(sliced.scores[0])}
    assert not {name for _, name in shown} & {"CHN", "IGO", "NARRATOR"}
    small = [one for one in sliced.scores[0] if is_small(one)]
    assert small
    assert all(one.value is None and one.p_adjusted is None for one in small)


def test_every_form_holds_every_system(sliced: Sliced) -> None:
    rows = list(csv.DictReader(io.StringIO(sliced.csv())))
    assert len(rows) == sum(map(len, sliced.scores))
    found = sliced.as_json()
    assert [system["name"] for system in found["systems"]] == ["errs", "none"]
    one = found["systems"][0]["slices"][0]
    assert float(rows[0]["value"] or "nan") == pytest.approx(one["value"] or float("nan"), nan_ok=True)
    assert found["family"] == sliced.family
    for text in (sliced.markdown(), sliced.latex()):
        assert "errs" in text
        assert "too few: bloc CHN" in text
    assert sliced.latex().count(r"\toprule") == 2
    assert r"accuracy & interval & to the rest" in sliced.latex()


def test_a_slicing_is_chosen_and_the_family_is_smaller(shared: SharedTest, sliced: Sliced) -> None:
    chosen = slice_table(shared, by=["target", "bloc"], correction="none")
    assert {one.slicing for one in chosen.scores[0]} == {"bloc", "target"}
    assert chosen.family < sliced.family
    assert "no correction over the" in chosen.method()
    bare = slice_table(shared, by=["target"], intervals=False)
    assert bare.family == 0
    assert "intervals" not in bare.method()


def test_what_does_not_exist_is_refused(shared: SharedTest) -> None:
    with pytest.raises(UsageError, match=r"no slicing 'blocs'\. Did you mean 'bloc'\?"):
        slice_table(shared, by=["blocs"])
    with pytest.raises(UsageError, match=r"no score of a slice 'f_avg_macro'\..* f_avg is that of a slice\."):
        slice_table(shared, score="f_avg_macro")
    with pytest.raises(UsageError, match=r"no correction 'bonferroni'"):
        slice_table(shared, correction="bonferroni")
    test = shared.prepared.corpus.table.assign(sentence_tags="")
    corpus = replace(shared.prepared.corpus, table=test)
    untagged = replace(shared, prepared=prepare(corpus, shared.prepared.task))
    with pytest.raises(UsageError, match=r"coverage@0\.1 cannot be sliced by 'tags'.*Allowed here: attribution, bloc"):
        slice_table(untagged, by=["tags"])


def test_the_heat_map_shows_each_system_on_each_slice_that_is_large_enough(shared: SharedTest) -> None:
    drawn = heat_map(shared)
    assert drawn is not None
    assert drawn.alt.startswith("accuracy of 2 systems on slices by bloc, target, counter_prior")
    for form in (drawn.wide, drawn.narrow):
        for word in ("errs", "none", "bloc UKR", "target us", "counter_prior yes", "self no"):
            assert f">{word}</text>" in form
        assert "CHN" not in form
    assert heat_map(shared, by=["nothing"]) is None


def test_columns_of_a_heat_map_fit_a_phone() -> None:
    squares = [Square("one", "group", str(i), i / 30) for i in range(28)] + [Square("one", "other", "x", None)]
    assert heat_plot(squares, narrow=True).to_dict()["width"] <= 290
    assert heat_plot(squares).to_dict()["width"] > 290


def test_the_best_system_is_the_first_where_no_record_says(shared: SharedTest) -> None:
    assert [system.name for system in best_system(shared).systems] == ["errs"]
