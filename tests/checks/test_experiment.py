from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stancebench.checks.acknowledged import Acknowledgement
from stancebench.checks.check import RULES, Check
from stancebench.checks.evidence import Evidence
from stancebench.checks.experiment import checks_of, open_checks
from stancebench.errors import MissingFileError
from stancebench.reports.experiment import Experiment
from stancebench.runs.slices import slice_members
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
    assert found["stratified (2 seeds)"].told.endswith("log loss infinite")
    assert "tfidf_logreg, marked" not in found


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
