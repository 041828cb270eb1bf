from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.schema import Target
from stancebench.models.configs import HolderPriorConfig, PriorLevel
from stancebench.models.holder_prior import HOLDER_PRIOR, HolderPrior
from stancebench.models.prior import PriorRows, fit_prior, named
from stancebench.models.spec import ModelContext
from stancebench.tasks import Task
from stancebench.vocabulary import STANCES

SUN = Target(id="sun", name="the Sun", definition="a star", explicit=("Sun",))
MOON = Target(id="moon", name="the Moon", definition="a satellite", explicit=("Moon",))
WITH_HOLDER = ModelContext((SUN, MOON), ("text", "target", "holder", "bloc"))
TEXT_ONLY = ModelContext((SUN, MOON), ("text", "target"))


def frame(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["text", "target", "holder", "bloc"])


TRAIN = frame(
    ("A on the Sun, twice", "sun", "A", "EAST"),
    ("A on the Sun", "sun", "A", "EAST"),
    ("B on the Sun", "sun", "B", "EAST"),
    ("C on the Sun", "sun", "C", "WEST"),
    ("A on nothing", "sun", "A", "EAST"),
)
STANCE = np.array(["favor", "favor", "against", "favor", "none"], dtype=object)


def test_probabilities_back_off_and_lie_on_none_where_the_target_is_not_named() -> None:
    model = HolderPrior((SUN, MOON)).fit(TRAIN, STANCE)
    p = model.predict_proba(
        frame(("Sun", "sun", "A", "EAST"), ("Sun", "moon", "A", "EAST"), ("Moon", "moon", "A", "EAST"))
    )
    assert model.classes_.tolist() == list(STANCES)
    # Worked out in test_prior: 37 : 7 : 1; a target without training rows is uniform.
    assert p == pytest.approx(np.array([[37 / 45, 7 / 45, 1 / 45], [0, 0, 1], [1 / 3, 1 / 3, 1 / 3]]))


def test_an_ungated_prior_hears_every_text() -> None:
    model = HolderPrior((SUN,), gated=False).fit(TRAIN, STANCE)
    p = model.predict_proba(frame(("Sun", "sun", "A", "EAST"), ("silence", "sun", "A", "EAST")))
    assert p[0].tolist() == p[1].tolist()
    assert 0 < p[1, STANCES.index("none")] < 1


@pytest.mark.parametrize("level", list(PriorLevel))
@pytest.mark.parametrize("gated", [True, False])
def test_it_predicts_what_its_arithmetic_says(synthetic: Corpus, level: PriorLevel, gated: bool) -> None:
    rows = synthetic.table
    train, test = rows[rows["split"] == "train"], rows[rows["split"] == "test"]
    columns = Task().columns
    config = HolderPriorConfig(name="holder_prior", level=level, gated=gated)
    model = HOLDER_PRIOR.build(config, ModelContext(synthetic.targets, tuple(columns)))
    model.fit(train[columns], train["stance"].to_numpy(dtype=object), groups=train["group"].to_numpy(dtype=object))

    def arrays(part: pd.DataFrame) -> PriorRows:
        texts, targets = list(part["text"]), list(part["target"])
        return PriorRows(list(part["holder"]), list(part["bloc"]), targets, named(texts, targets, synthetic.targets))

    gold = np.array([STANCES.index(s) for s in train["stance"]])
    table = fit_prior(arrays(train), gold, list(train["group"]), level.value, gated=gated)
    assert model.predict(test[columns]).tolist() == [STANCES[s] for s in table.predict(arrays(test))]


def test_it_beats_chance_where_stances_follow_holders(synthetic: Corpus) -> None:
    rows = synthetic.table
    train, test = rows[rows["split"] == "train"], rows[rows["split"] == "test"]
    columns = Task().columns
    model = HolderPrior(synthetic.targets).fit(train[columns], train["stance"].to_numpy(dtype=object))
    said = model.predict(test[columns])
    spoken = said != "none"
    # The corpus gives a named target its holder's habit in 0.6 + 0.4 / 3 of the sentences.
    assert 0.6 < np.mean(said[spoken] == test["stance"].to_numpy()[spoken]) < 0.9
    assert (test.loc[~spoken, "label"] == "absent").all()


units = st.lists(
    st.sampled_from(["A on the Sun", "B on the Sun", "C on the Sun", "A on nothing"]), min_size=1, max_size=30
)


@given(units, st.data())
def test_without_groups_each_distinct_text_is_a_unit(texts: list[str], data: st.DataObject) -> None:
    X = frame(*((t, "sun", t[0], "EAST") for t in texts))
    y = np.array(data.draw(st.lists(st.sampled_from(STANCES), min_size=len(texts), max_size=len(texts))), dtype=object)
    alone, told = HolderPrior((SUN,)).fit(X, y), HolderPrior((SUN,)).fit(X, y, groups=np.array(texts, dtype=object))
    assert alone.table_.weights["sun"].tolist() == told.table_.weights["sun"].tolist()


@given(st.integers(2, 10))
def test_predictions_follow_rows_not_their_index(n: int) -> None:
    model = HolderPrior((SUN, MOON)).fit(TRAIN, STANCE)
    X = pd.concat([TRAIN] * n)
    once = model.predict(TRAIN).tolist()
    assert model.predict(X).tolist() == once * n
    assert model.predict(X.iloc[::-1]).tolist() == (once * n)[::-1]


@pytest.mark.parametrize("method", ["predict", "predict_proba"])
def test_an_unfitted_prior_says_so(method: str) -> None:
    with pytest.raises(NotFittedError, match="HolderPrior instance is not fitted yet"):
        getattr(HolderPrior((SUN,)), method)(TRAIN)


def test_a_clone_is_the_same_unfitted_prior() -> None:
    model = HolderPrior((SUN, MOON), "bloc", gated=False).fit(TRAIN, STANCE)
    copy: Any = clone(model)
    assert copy.get_params() == model.get_params() == {"targets": (SUN, MOON), "level": "bloc", "gated": False}
    assert not hasattr(copy, "table_")


def test_without_the_holder_it_declines() -> None:
    config = HolderPriorConfig(name="holder_prior")
    assert HOLDER_PRIOR.declines(config, TEXT_ONLY) == "it needs the holder among the inputs"
    assert HOLDER_PRIOR.declines(config, WITH_HOLDER) == ""
