from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from stancebench.checks.acknowledged import Acknowledgement
from stancebench.checks.check import RULES, Check
from stancebench.checks.evidence import Evidence
from stancebench.checks.experiment import checks_of, open_checks
from stancebench.checks.of_probabilities import shares_of_train
from stancebench.errors import MissingFileError
from stancebench.reports.experiment import Experiment
from stancebench.runs.slices import slice_members
from stancebench.scoring.calibration import Forecasts, brier, log_loss
from stancebench.vocabulary import STANCES
from tests.checks.made import of


@pytest.fixture(scope="module")
def checks(experiment: Experiment) -> tuple[Check, ...]:
    return checks_of(experiment)


def test_every_code_answers_in_order(checks: tuple[Check, ...]) -> None:
    assert list(dict.fromkeys(check.code for check in checks)) == list(RULES)


def test_no_text_of_the_synthetic_corpus_is_repeated(checks: tuple[Check, ...]) -> None:
    assert not of(checks, "SB005")


def test_slices_that_are_too_small_are_one_finding(experiment: Experiment) -> None:
    (shared,) = Evidence(experiment).shared
    (found,) = [c for c in of(checks_of(experiment, codes=frozenset({"SB008"})), "SB008") if "small" in c.figures]
    assert len(found.figures["small"]) < found.figures["slices"]
    for slicing, name, rows, clusters in found.figures["small"]:
        member = slice_members(shared.prepared)[slicing][name]
        assert (rows, clusters) == (member.sum(), shared.prepared.test.loc[member, "group"].nunique())
        assert rows < 30 or clusters < 10


def test_what_is_certain_and_wrong_has_worse_probabilities_than_the_shares(checks: tuple[Check, ...]) -> None:
    found = {check.system: check for check in of(checks, "SB007")}
    assert "stratified (2 seeds)" in found
    assert found["stratified (2 seeds)"].figures["brier"] > 0
    assert re.match(
        r"Brier score \d\.\d{3} \[.+\] and log loss \d+\.\d{3} \[.+\] above", found["stratified (2 seeds)"].told
    )
    assert "tfidf_logreg, marked" not in found


def test_losses_are_the_records_own(experiment: Experiment, checks: tuple[Check, ...]) -> None:
    row = next(row for row in experiment.table().rows if row.model == "stratified")
    (shared,) = Evidence(experiment).shared
    gold = np.array([STANCES.index(s) for s in shared.prepared.test["stance"]])
    shares = Forecasts(shares_of_train(Evidence(experiment).prepared(row.records[0])), gold, np.arange(len(gold)))
    (found,) = [check for check in of(checks, "SB007") if check.system.startswith("stratified")]
    for name, loss in (("brier", brier), ("log_loss", log_loss)):
        values = [e.value for r in row.records if (e := r.value(name)) is not None and e.value is not None]
        assert found.figures[name] == pytest.approx(np.mean(values) - loss(shares))


def test_one_system_is_not_told_apart_from_nothing(experiment: Experiment) -> None:
    alone = replace(experiment, runs=[run for run in experiment.runs if run[0].model == "majority"])
    checks = {c.code: c for c in checks_of(alone, codes=frozenset({"SB003", "SB004"}))}
    assert checks["SB003"].told == "not checked: no two systems of the same inputs stand in the table"
    assert checks["SB004"].told == "not checked: there is one system"


def test_shares_of_train_are_no_worse_than_themselves(checks: tuple[Check, ...]) -> None:
    assert not [check for check in of(checks, "SB007") if check.system.startswith("majority")]


def test_only_what_is_asked_for_is_checked(experiment: Experiment) -> None:
    assert {check.code for check in checks_of(experiment, codes=frozenset({"SB004", "SB005"}))} == {"SB004", "SB005"}


def test_acknowledged_findings_are_not_open(experiment: Experiment) -> None:
    codes = frozenset({"SB004", "SB014"})
    known = checks_of(experiment, [Acknowledgement("SB004", "an ablation")], codes)
    assert not open_checks(known)
    assert [check.acknowledged for check in of(known, "SB004")] == ["an ablation"]


def test_without_the_files_of_the_corpus_records_are_still_checked(experiment: Experiment) -> None:
    bare = replace(experiment, missing=MissingFileError("corpus.csv is not here"))
    codes = frozenset({"SB005", "SB006", "SB007"})
    checks = checks_of(bare, codes=codes)
    assert {check.code: check.level for check in checks} == {
        "SB005": "declined",
        "SB006": "warning",
        "SB007": "declined",
    }
    assert "the corpus's files are not here" in checks[0].told


def test_without_predictions_what_needs_them_is_declined(
    experiment: Experiment, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = type(experiment.store)(tmp_path_factory.mktemp("empty"))
    (check,) = checks_of(replace(experiment, store=store), codes=frozenset({"SB007"}))
    assert check.level == "declined"
    assert "are not here" in check.told


def test_figures_are_numbers_or_nothing(checks: tuple[Check, ...]) -> None:
    for check in checks:
        for figure in check.figures.values():
            assert not isinstance(figure, np.generic), f"{check.code} cannot be written as JSON"
