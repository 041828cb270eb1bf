"""SemEval-2016 Task 6: the figures of the task's paper (Mohammad et al. 2016)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from stancebench.scoring import ScoredRows, ScoreId, score_values, tally
from stancebench.vocabulary import STANCES, UNKNOWN
from tests.commands import Cli
from tests.published.conftest import Fetched, read
from tests.published.runs import run_again

CLASSES = (*STANCES, UNKNOWN)


def test_the_files_are_those_of_the_paper(fetched: Fetched) -> None:
    fetched("semeval2016_a")
    a, b = read("semeval2016_a").table, read("semeval2016_b").table
    assert Counter(a["split"]) == {"train": 2914, "test": 1249}
    test = a[a["split"] == "test"]
    assert Counter(test["stance"]) == {"against": 715, "favor": 304, "none": 230}
    assert Counter(test["target"]) == {"atheism": 220, "climate": 169, "feminism": 285, "clinton": 295, "abortion": 280}
    trump = b[b["split"] == "test"]
    assert set(trump["target"]) == {"trump"}
    assert Counter(trump["stance"]) == {"against": 299, "favor": 148, "none": 260}
    learnt = [
        sorted(zip(t["text"], t["stance"], strict=True)) for t in (a[a["split"] == "train"], b[b["split"] == "train"])
    ]
    assert learnt[0] == learnt[1]
    assert not a["text"].str.contains("#SemST$").any()
    assert (a["text"].str.contains("\N{LEFT SINGLE QUOTATION MARK}")).any(), "training data are read as cp1252"


def test_published_figures_come_out(fetched: Fetched, cli: Cli, home: Path) -> None:
    fetched("semeval2016_a")
    figures = run_again(cli, "semeval2016", read("semeval2016_a"), home)
    exact = [f for f in figures if f["system"] == "Majority class"]
    assert [f["published"] for f in exact] == [65.22, 42.11, 42.12, 39.10, 36.83, 40.30, 29.72]
    for figure in exact:
        assert round(figure["ours"], 2) == figure["published"], figure
        assert figure["verdict"] == "equal"
    ngrams = {f["run"]["model"]: f for f in figures if f["system"] == "SVM-ngrams"}
    assert abs(ngrams["tfidf_svm"]["ours"] - 68.98) < 1.0
    assert {f["verdict"] for f in ngrams.values()} == {"inside"}
    unigrams = {f["run"]["model"]: f for f in figures if f["system"] == "SVM-unigrams"}
    assert abs(unigrams["presence_svm"]["ours"] - 63.31) < 1.0


def scored(pairs: str) -> dict[ScoreId, float | None]:
    """Score judgements written as gold and predicted initials: ``FA`` is a favor that was predicted against."""
    initials = {name[0].upper(): i for i, name in enumerate(CLASSES)}
    gold, predicted = (np.array([initials[pair[i]] for pair in pairs.split()]) for i in (0, 1))
    n = len(gold)
    rows = ScoredRows(gold, predicted, np.zeros(n, dtype=np.int64), np.arange(n), ("trump",))
    return {which: value.value for which, value in score_values(tally(rows), "semeval").items()}


@pytest.mark.parametrize(
    ("pairs", "favor", "against"),
    [
        # An unknown prediction costs recall, and no class its precision.
        ("FF FF FU AA AA AF NN NU", (2 / 3, 2 / 3), (1, 2 / 3)),
        # An unknown gold that is predicted favor costs favor its precision.
        ("FF FF AA UF UU NA", (2 / 3, 1), (1 / 2, 1)),
        # Two unknowns agree, and count nowhere.
        ("FF AA UU UU", (1, 1), (1, 1)),
        # A class never predicted, and one that gold lacks: F1 is 0.
        ("FU FN NU", (0, 0), (0, 0)),
        ("FF NA", (1, 1), (0, 0)),
    ],
)
def test_unknown_is_counted_as_the_official_scorer_does(
    pairs: str, favor: tuple[float, float], against: tuple[float, float]
) -> None:
    # Of each class precision and recall, worked out by hand; its score is the mean of the two F1.
    f1 = [2 * p * r / (p + r) if p + r else 0.0 for p, r in (favor, against)]
    values = scored(pairs)
    assert values[ScoreId("f_avg_pooled")] == pytest.approx(sum(f1) / 2)
    assert values[ScoreId("f_avg", "trump")] == pytest.approx(sum(f1) / 2)
    for stance, (precision, recall) in (("favor", favor), ("against", against)):
        assert values[ScoreId("precision", "", stance)] == pytest.approx(precision)
        assert values[ScoreId("recall", "", stance)] == pytest.approx(recall)
