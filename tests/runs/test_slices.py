"""Slices of the bundled corpus are what its files say, and a corpus is sliced by what it knows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from stancebench.corpora.table import load_table
from stancebench.corpora.table_source import read_source
from stancebench.runs.evaluation import Prepared, prepare
from stancebench.runs.slices import SLICINGS, Slices, slice_members
from stancebench.tasks import Task


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(load_corpus("coverage@0.1"), Task("attributed", "text"))


@pytest.fixture(scope="module")
def members(prepared: Prepared) -> dict[str, Slices]:
    return slice_members(prepared)


def test_the_bundled_corpus_is_sliced_by_all_that_is_known(members: dict[str, Slices], prepared: Prepared) -> None:
    known = [name for name in SLICINGS if name != "overcall" or "overcall" in prepared.subsets]
    assert list(members) == known
    for slices in members.values():
        assert all(member.dtype == np.bool_ and len(member) == len(prepared.test) for member in slices.values())
        assert all(member.any() for member in slices.values())


@pytest.mark.parametrize("slicing", ["bloc", "target", "attribution", "register", "year", "holders", "length", "self"])
def test_slices_part_the_test_rows(members: dict[str, Slices], slicing: str) -> None:
    assert (np.sum(list(members[slicing].values()), axis=0) == 1).all()


def test_columns_are_sliced_by_their_values(members: dict[str, Slices], prepared: Prepared) -> None:
    test = prepared.test
    assert list(members["target"]) == list(prepared.corpus.target_ids)
    assert set(members["bloc"]) == set(test["bloc"])
    assert members["register"]["headline"].tolist() == (test["register"] == "headline").tolist()
    assert members["year"]["2022"].tolist() == test["date"].str.startswith("2022").tolist()
    assert set(members["explicitness"]) == {"explicit", "implicit"}
    assert set(test["label"][members["explicitness"]["implicit"]]) <= {"favor", "against", "neutral"}


def test_a_sentence_of_two_sources_or_tags_is_in_both(members: dict[str, Slices], prepared: Prepared) -> None:
    both = (prepared.test["source"] == "kremlin ukraine_president").to_numpy()
    assert both.any()
    assert members["source"]["kremlin"][both].all()
    assert members["source"]["ukraine_president"][both].all()
    tags = prepared.test["sentence_tags"].str.split()
    assert members["tags"]["irony"].tolist() == [("irony" in of) for of in tags]
    assert members["tags"]["none"].tolist() == [not set(of) - {"contested"} for of in tags]
    assert "contested" not in members["tags"]


def test_holders_are_counted_in_the_corpus_whatever_the_task_asks(prepared: Prepared) -> None:
    task = prepare(prepared.corpus, Task("sentence", "text"))
    holders = prepared.corpus.table.groupby("sentence_id")["holder"].nunique()
    for name, few in (("1", 1), ("2", 2)):
        mask = slice_members(task)["holders"][name]
        assert set(holders[task.test["sentence_id"][mask]]) == {few}


def test_length_is_in_words(members: dict[str, Slices], prepared: Prepared) -> None:
    words = prepared.test["text"].str.split().map(len).to_numpy()
    assert list(members["length"]) == ["1 to 15 words", "16 to 25 words", "26 to 35 words", "36 or more words"]
    assert members["length"]["16 to 25 words"].tolist() == ((words >= 16) & (words <= 25)).tolist()


def test_oneself_is_the_actor_that_bears_the_target_s_name(members: dict[str, Slices], prepared: Prepared) -> None:
    own = prepared.test[members["self"]["yes"]]
    assert set(zip(own["holder"], own["target"], strict=True)) <= {("USA", "us"), ("UKR", "ukraine"), ("NATO", "nato")}
    assert len(own) == 69


def test_the_prior_s_slices_stand_beside_the_rows_on_which_it_could_be_wrong(
    members: dict[str, Slices], prepared: Prepared
) -> None:
    wrong, other = members["counter_prior"]["yes"], members["counter_prior"]["no"]
    assert wrong.tolist() == prepared.subsets["counter_prior"].tolist()
    assert (wrong | other).tolist() == (prepared.test["stance"] != "none").tolist()
    assert not (wrong & other).any()


def test_contested_is_told_of_a_judgement_and_of_its_sentence(members: dict[str, Slices], prepared: Prepared) -> None:
    slices = members["contested"]
    assert list(slices) == ["judgement", "sentence", "none"]
    assert (np.sum(list(slices.values()), axis=0) == 1).all()
    contested = prepared.test[slices["judgement"] | slices["sentence"]]
    assert contested["sentence_tags"].str.contains(r"\bcontested\b").all()


def test_a_corpus_is_not_sliced_by_what_it_does_not_know(synthetic: Corpus, tmp_path: Path) -> None:
    made = slice_members(prepare(synthetic, Task("attributed", "text")))
    assert {"bloc", "target", "counter_prior"} <= set(made)
    assert not {"tags", "self", "contested", "source", "register", "holders"} & set(made)
    rows = [
        {
            "text": " ".join([stance, str(i)] * (9 * (i % 2) + 1)),
            "target": f"topic {i}",
            "stance": stance,
            "split": split,
        }
        for i, (split, stance) in enumerate((s, w) for s in ("train", "test") for w in ("favor", "against", "none"))
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "mine.csv", index=False)
    source = read_source(
        {"name": "mine", "files": [str(tmp_path / "mine.csv")], "columns": {"split": "split"}, "open_targets": True}
    )
    assert list(slice_members(prepare(load_table(source), Task("attributed", "text")))) == ["length"]
