from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stancebench.checks.check import Check
from stancebench.checks.evidence import Evidence
from stancebench.checks.experiment import checks_of
from stancebench.checks.of_differences import PAIRED
from stancebench.checks.references import holder_prior, majority
from stancebench.reports.experiment import Experiment
from tests.checks.made import of


@pytest.fixture(scope="module")
def checks(experiment: Experiment) -> tuple[Check, ...]:
    return checks_of(experiment, codes=PAIRED)


def test_what_draws_at_random_is_worse_than_the_holder_prior(checks: tuple[Check, ...]) -> None:
    found = {check.system: check for check in of(checks, "SB002")}
    drawn = found["stratified (2 seeds)"]
    assert drawn.figures["against"] == "the holder prior of train"
    assert drawn.figures["difference"] < 0
    assert drawn.told.endswith("] in f_avg_macro than the holder prior")


def test_what_answers_as_the_reference_does_is_not_told(checks: tuple[Check, ...]) -> None:
    assert not [check for check in of(checks, "SB001") if check.system.startswith("majority")]
    assert not [check for check in of(checks, "SB002") if check.system.startswith("holder_prior")]


def test_what_is_above_the_majority_and_not_clearly_above_the_prior(checks: tuple[Check, ...]) -> None:
    told = {code: [c.told for c in of(checks, code) if c.system == "tfidf_logreg, marked"] for code in PAIRED}
    assert not told["SB001"]
    assert [": not significant, p " in line for line in told["SB002"]] == [True]


def test_a_reference_is_that_of_the_models(experiment: Experiment) -> None:
    evidence = Evidence(experiment)
    (shared,) = evidence.shared
    said = {system.model: system.predictions[0]["stance"].to_numpy() for system in shared.systems}
    assert np.array_equal(majority(shared.prepared), said["majority"])
    assert np.array_equal(holder_prior(shared.prepared), said["holder_prior"])


def test_neighbours_that_answer_alike_cannot_be_told_apart(experiment: Experiment) -> None:
    evidence = Evidence(experiment)
    (shared,) = evidence.shared
    means = {s.name: [r.value("f_avg_macro") for r in s.records] for s in shared.systems}
    order = sorted(means, key=lambda name: -np.mean([e.value for e in means[name] if e and e.value is not None]))
    found = {check.system: check for check in of(checks_of(experiment, codes=frozenset({"SB003"})), "SB003")}
    assert found, "the synthetic corpus is small: some neighbours must be close"
    for system, check in found.items():
        assert check.figures["against"] == order[order.index(system) + 1]
        assert check.figures["difference"] >= 0
        assert check.figures["p_adjusted"] > 0.05 or check.figures["difference"] <= check.figures["range"]


def test_seeds_that_range_wider_than_the_difference_are_told(experiment: Experiment) -> None:
    table = experiment.table()
    drawn = next(row for row in table.rows if row.model == "stratified")
    values = [e.value for r in drawn.records if (e := r.value("f_avg_macro")) is not None and e.value is not None]
    found = {c.system: c for c in of(checks_of(experiment, codes=frozenset({"SB003"})), "SB003")}
    told = found.get("stratified (2 seeds)")
    assert told is None or told.figures["range"] == pytest.approx(max(values) - min(values))


def test_without_predictions_paired_checks_are_declined(
    experiment: Experiment, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bare = replace(experiment, store=type(experiment.store)(tmp_path_factory.mktemp("empty")))
    checks = checks_of(bare, codes=PAIRED)
    assert [(check.code, check.level) for check in checks] == [(code, "declined") for code in sorted(PAIRED)]
