"""Scores of probabilities, of contrast pairs and against the holder prior, on a corpus."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import stancebench
from stancebench.corpora.corpus import KEY, Corpus
from stancebench.errors import ModelError, RecordError
from stancebench.models.holder_prior import HolderPrior
from stancebench.models.spec import ModelContext
from stancebench.protocols import Protocol
from stancebench.runs.evaluation import Prepared, Scored, fit_predict, prepare, score_predictions
from stancebench.runs.reference import VARIANTS
from stancebench.runs.spec import Scoring
from stancebench.runs.subsets import hard_rows, overcall_rows
from stancebench.scoring import Bootstrap, ScoreId
from stancebench.scoring.tally import FloatArray
from stancebench.tasks import Task
from stancebench.vocabulary import PROBABILITIES, STANCES
from tests.protocols.corpora import Shape, in_memory, make

GAIN = ScoreId("gain_over_holder_prior")
FEW = Scoring("semeval", Bootstrap(rounds=100))


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return in_memory(make(Shape(n=300)))


@pytest.fixture(scope="module")
def prepared(corpus: Corpus) -> Prepared:
    return prepare(corpus, Task("attributed", "text+holder"))


def scored(prepared: Prepared, stances: Any, p: FloatArray | None = None) -> Scored:
    predictions = prepared.test[list(KEY)].assign(stance=stances)
    if p is not None:
        predictions = predictions.assign(**dict(zip(PROBABILITIES, p.T, strict=True)))
    return score_predictions(prepared, predictions, FEW)


@pytest.mark.parametrize(("variant", "level", "gated"), [(name, *made) for name, made in VARIANTS.items()])
def test_the_yardstick_is_the_variant_that_is_best_on_dev(
    prepared: Prepared, variant: str, level: str, *, gated: bool
) -> None:
    (fold,) = prepared.folds
    train, dev = (prepared.rows.iloc[rows] for rows in (fold.train, fold.dev))
    context: ModelContext = prepared.context()
    estimator = HolderPrior(context.targets, level, gated=gated)
    estimator.fit(train, train["stance"].to_numpy(), groups=train["group"].to_numpy())
    on_dev = replace(prepared, folds=[replace(fold, test=fold.dev)])
    value = scored(on_dev, estimator.predict(dev)).values[ScoreId("f_avg_macro")].value
    reference = prepared.reference
    assert reference is not None
    best = scored(on_dev, np.array(STANCES)[on_dev.reference.stances]) if on_dev.reference else None
    assert best is not None
    highest = best.values[ScoreId("f_avg_macro")].value
    assert value is not None
    assert highest is not None
    assert value <= highest
    if reference.variants == {"official": variant}:
        assert value == highest
        answers = estimator.predict(prepared.test)
        assert np.array(STANCES)[reference.stances].tolist() == answers.tolist()


def test_the_yardstick_gains_nothing_over_itself(prepared: Prepared) -> None:
    assert prepared.reference is not None
    result = scored(prepared, np.array(STANCES)[prepared.reference.stances])
    assert result.values[GAIN] == (0.0, "")
    assert result.prior_variants == prepared.reference.variants


def test_the_gain_is_a_difference_of_two_headlines_and_its_interval_holds_it(prepared: Prepared) -> None:
    assert prepared.reference is not None
    ours, theirs = (
        scored(prepared, s) for s in (prepared.test["stance"], np.array(STANCES)[prepared.reference.stances])
    )
    headline = ScoreId("f_avg_macro")
    one, other = ours.values[headline].value, theirs.values[headline].value
    assert one is not None
    assert other is not None
    value = ours.values[GAIN].value
    assert value == pytest.approx(one - other)
    low, high, *_ = ours.intervals[GAIN]
    assert low is not None
    assert high is not None
    assert low <= one - other <= high


def test_where_the_holder_is_hidden_the_yardstick_is_the_same(corpus: Corpus, prepared: Prepared) -> None:
    blind = prepare(corpus, Task("attributed", "text"))
    assert blind.reference is not None
    assert prepared.reference is not None
    np.testing.assert_array_equal(blind.reference.stances, prepared.reference.stances)


def test_a_target_that_train_lacks_has_no_yardstick(corpus: Corpus) -> None:
    crossed = prepare(corpus, Task("attributed", "text"), Protocol("cross_target"))
    value, reason = scored(crossed, "favor").values[GAIN]
    assert value is None
    assert "the holder prior counts stances by target" in reason


def test_a_corpus_without_holders_has_no_gain_and_no_overcalls(corpus: Corpus) -> None:
    nobody = replace(corpus, table=corpus.table.drop_duplicates(["sentence_id", "target"]).assign(holder="", bloc=""))
    result = scored(prepare(nobody, Task("attributed", "text")), "favor")
    assert not {"gain_over_holder_prior", "overcall_accuracy"} & {which.score for which in result.values}
    assert result.values[ScoreId("false_favor")] == (1.0, "")
    assert not any(which.bloc for which in result.values)


def test_hard_is_where_the_frozen_prior_is_wrong(corpus: Corpus, prepared: Prepared) -> None:
    hard = hard_rows(corpus)
    assert hard is not None
    prior = stancebench.evaluate("holder_prior", corpus, rounds=20)
    test = (corpus.table["split"] == "test").to_numpy()
    wrong = (prior.test["predicted"] != prior.test["gold"]).to_numpy()
    np.testing.assert_array_equal(hard[test], wrong)
    assert 0 < wrong.sum() < len(wrong)
    assert hard_rows(replace(corpus, table=corpus.table.assign(split="test"))) is None


def test_overcalls_are_neutral_and_the_frozen_prior_takes_a_side(corpus: Corpus, prepared: Prepared) -> None:
    rows = overcall_rows(corpus)
    assert rows is not None
    assert rows.any()
    assert set(corpus.table.loc[rows, "label"]) == {"neutral"}
    (fold,) = prepared.folds
    train = prepared.rows.iloc[fold.train]
    estimator = HolderPrior(prepared.context().targets)
    estimator.fit(train, train["stance"].to_numpy(), groups=train["group"].to_numpy())
    answers = estimator.predict(prepared.test)
    neutral = (prepared.test["label"] == "neutral").to_numpy()
    np.testing.assert_array_equal(prepared.subsets["overcall"], neutral & (answers != "none"))
    assert scored(prepared, answers).values[ScoreId("overcall_accuracy")].value == 0


def test_without_probabilities_their_scores_say_so(prepared: Prepared) -> None:
    result = scored(prepared, "none")
    for name in ("log_loss", "brier", "classwise_ece", "aurc"):
        assert result.values[ScoreId(name)] == (None, "there are no probabilities")
    assert (result.reliability, result.risk_coverage) == ((), ())


def test_probabilities_in_some_rows_only_are_refused_by_the_first_without(prepared: Prepared) -> None:
    p = np.full((len(prepared.test), 3), 1 / 3)
    p[4:6] = np.nan
    key = "/".join(prepared.test.iloc[4][list(KEY)])
    told = f"Probabilities are missing in 2 of {len(p)} rows, the first {key}: fill every row or none."
    with pytest.raises(RecordError, match="Probabilities are missing") as refused:
        scored(prepared, "none", p)
    assert str(refused.value) == told


def test_unknown_is_the_least_sure_answer(prepared: Prepared) -> None:
    p = np.full((len(prepared.test), 3), 1 / 3)
    stances = np.where(np.arange(len(p)) < 3, "unknown", prepared.test["stance"])
    result = scored(prepared, stances, p)
    first, last = result.risk_coverage
    assert first.risk == last.confidence == 0
    assert first.coverage == pytest.approx(1 - 3 / len(p))
    assert last.coverage == 1


class Torn(HolderPrior):
    """Gives probabilities that are no distribution."""

    def predict_proba(self, X: pd.DataFrame) -> FloatArray:
        return np.asarray(super().predict_proba(X)) * 2


def test_an_estimator_whose_probabilities_are_none_is_refused(prepared: Prepared) -> None:
    with pytest.raises(ModelError, match=r"Torn gave \d+ of \d+ rows probabilities that are no distribution"):
        fit_predict(lambda: Torn(prepared.context().targets), prepared)


def test_contrast_pairs_are_scored_where_a_corpus_declares_them(corpus: Corpus) -> None:
    test = corpus.table[corpus.table["split"] == "test"]
    rows = test[(test["holder"] == "AAA") & (test["target"] == "sun")]
    favor, against = (rows[rows["stance"] == s]["sentence_id"].tolist() for s in ("favor", "against"))
    pairs = ((favor[0], against[0]), (favor[1], against[1]), (favor[0], favor[0]))
    paired = prepare(replace(corpus, contrast_pairs=pairs), Task("attributed", "text"))
    assert paired.gold != prepare(corpus, Task("attributed", "text")).gold
    which = ScoreId("contrast_consistency")
    assert len(paired.contrasts) == 2
    assert scored(paired, paired.test["stance"]).values[which] == (1.0, "")
    spoilt = paired.test["stance"].where(paired.test["sentence_id"] != against[1], "unknown")
    result = scored(paired, spoilt)
    assert result.values[which] == (0.5, "")
    assert result.intervals[which].low is None
