"""The committed results: every number has its record, and the fast ones come out again."""

from __future__ import annotations

import pytest

from stancebench.config.compose import experiment
from stancebench.config.spec import model_config
from stancebench.paths import CHECKOUT
from stancebench.runs.execute import Runner
from stancebench.runs.record import Record
from stancebench.runs.reproduce import Reproducer, predictions_beside
from stancebench.runs.spec import RunSpec
from stancebench.runs.store import RunStore

FOLDER = CHECKOUT / "results" / "baselines"
PUBLISHED = RunStore(FOLDER)

FAST = ("majority", "holder_prior", "stratified", "tfidf_svm")
"""models that are run again here; `stancebench reproduce --experiment baselines` runs them all"""


@pytest.fixture(scope="module")
def published() -> list[tuple[RunSpec, Record]]:
    specs, _ = experiment("baselines")
    runner = Runner(PUBLISHED, model_config)
    found = [(spec, PUBLISHED.record(runner.keys(spec)[1])) for spec in specs]
    assert all(record is not None for _, record in found), (
        "run the experiment and `stancebench table baselines --publish`"
    )
    return [(spec, record) for spec, record in found if record is not None]


def test_every_record_is_whole_and_its_predictions_are_those_it_names(published: list[tuple[RunSpec, Record]]) -> None:
    for _, record in published:
        assert record.predictions is not None
        stored = PUBLISHED.predictions / record.predictions.file
        assert stored.is_file()
        assert len(stored.read_text(encoding="utf-8").splitlines()) == record.predictions.rows + 1
    named = {record.predictions.file for _, record in published if record.predictions}
    assert {p.name for p in PUBLISHED.predictions.glob("*.csv")} == named
    assert len(list(PUBLISHED.records.glob("*.json"))) == len({r.score_key for _, r in published})


def test_a_fast_part_comes_out_again(published: list[tuple[RunSpec, Record]]) -> None:
    with Reproducer(model_config) as reproducer:
        for _, record in published:
            config = record.run["model_config"]
            if record.run["model"] not in FAST or config.get("conditioning", {"name": "marked"})["name"] != "marked":
                continue
            result = reproducer.reproduce(record, predictions_beside(record, PUBLISHED.record_path(record.score_key)))
            assert result.same, str(result.first_difference)
            assert result.rows == record.counts.test


def test_the_headline_is_defined_for_every_baseline(published: list[tuple[RunSpec, Record]]) -> None:
    for spec, record in published:
        headline = record.value("f_avg_macro")
        assert headline is not None
        assert headline.value is not None, f"{spec.model}: {headline.reason}"
        # A model that always gives the same answer has a headline that no sample can change.
        assert headline.low is not None or headline.value < 0.05, f"{spec.model}: {headline.reason}"


def test_the_prior_is_wrong_where_it_is_defined_to_be(published: list[tuple[RunSpec, Record]]) -> None:
    slice_of = {"level": "holder", "gated": True}
    (prior,) = (r for spec, r in published if spec.model == "holder_prior" and spec.model_config == slice_of)
    entry = prior.value("counter_prior_accuracy")
    assert entry is not None
    assert entry.value == 0.0
