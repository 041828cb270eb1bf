from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stancebench.checks.of_records import record_checks
from stancebench.reports.experiment import Experiment
from stancebench.reports.picture import row_label
from stancebench.reports.table import Cell, Table
from tests.checks.made import first, of, only_row, with_records


@pytest.fixture(scope="module")
def table(experiment: Experiment) -> Table:
    """Their table, as if made by a clean checkout."""
    clean = experiment.table()
    for at, row in enumerate(clean.rows):
        made = first(row).provenance.model_copy(update={"git_dirty": False})
        clean = with_records(clean, at, provenance=made)
    return clean


def test_records_without_a_fault_tell_nothing(table: Table) -> None:
    for row in table.rows[2:4]:
        assert [c.told for c in record_checks(only_row(table, row))] == ["not checked: there is one system"]


def test_settings_of_one_model_side_by_side_are_told_once(table: Table) -> None:
    (found,) = of(list(record_checks(table)), "SB004")
    assert found.system == "tfidf_svm"
    assert found.figures["settings"] == ["conditioning"]
    assert found.told.startswith("2 settings (conditioning) stand side by side with test scores alone, from ")


def test_seeds_inputs_and_protocols_are_no_settings(table: Table) -> None:
    svm = table.rows[3]
    others: list[dict[str, Any]] = [
        {"seed": 7},
        {"task": {"name": "attributed", "inputs": "text"}},
        {"protocol": {"name": "few_shot", "k": 4, "draw": 1}},
    ]
    for changed in others:
        other = with_records(only_row(table, svm), 0, run={**first(svm).run, **changed}).rows[0]
        assert not of(list(record_checks(replace(table, rows=(svm, other)))), "SB004")


def test_a_stance_that_is_never_predicted(table: Table) -> None:
    majority = table.rows[0]
    (found,) = of(list(record_checks(only_row(table, majority))), "SB006")
    assert found.system == row_label(majority)
    assert found.figures["never"].keys() >= {"favor"}


def test_a_stance_that_is_never_predicted_for_one_target_names_it(table: Table) -> None:
    confusion = {"sun": [[5, 0, 5, 0], [3, 0, 9, 0], [1, 0, 9, 0], [0] * 4], "moon": [[5, 3, 2, 0]] * 3 + [[0] * 4]}
    (found,) = of(list(record_checks(with_records(only_row(table, table.rows[3]), 0, confusion=confusion))), "SB006")
    assert found.told == "never predicts against (sun)"


def test_a_stance_that_gold_lacks_need_not_be_predicted(table: Table) -> None:
    confusion = {"sun": [[9, 0, 9, 0], [0, 0, 0, 0], [3, 0, 20, 0], [0] * 4]}
    assert not of(list(record_checks(with_records(only_row(table, table.rows[3]), 0, confusion=confusion))), "SB006")


def test_a_small_target_is_told_once_for_all_systems(table: Table) -> None:
    confusion = {"sun": [[4, 0, 5, 0], [3, 9, 9, 0], [1, 0, 9, 0], [0] * 4]}
    small = table
    for at in range(len(table.rows)):
        small = with_records(small, at, confusion=confusion)
    (found,) = of(list(record_checks(small)), "SB008")
    assert found.figures == {"target": "sun", "judgements": 40, "favor": 9, "against": 21}
    assert found.system == ""


def test_a_record_of_changed_code(table: Table) -> None:
    made = first(table.rows[2]).provenance.model_copy(update={"git_dirty": True})
    (found,) = of(list(record_checks(with_records(only_row(table, table.rows[2]), 0, provenance=made))), "SB009")
    assert found.told == "2 of 2 records were made by code that was changed since its commit"


def test_records_of_different_packages(table: Table) -> None:
    made = first(table.rows[3]).provenance
    other = made.model_copy(update={"packages": {**made.packages, "scikit-learn": "1.0"}, "git_commit": "another"})
    (found,) = of(list(record_checks(with_records(table, 3, provenance=other))), "SB010")
    assert found.figures["versions"].keys() == {"scikit-learn"}
    assert "1.0 (1)" in found.told


def test_a_headline_without_a_value_or_an_interval(table: Table) -> None:
    row = table.rows[3]
    undefined = replace(row, cells=(Cell(None, reason="gold has 2 favor"), *row.cells[1:]))
    (found,) = of(list(record_checks(only_row(table, undefined))), "SB011")
    assert found.told == "no value: gold has 2 favor"
    withheld = replace(row, cells=(Cell(0.5, reason="too few events"), *row.cells[1:]))
    (found,) = of(list(record_checks(only_row(table, withheld))), "SB011")
    assert found.told == "50.0 without an interval: too few events"


def test_one_seed_of_a_stochastic_model(table: Table) -> None:
    several = table.rows[2]
    assert len(several.records) == 2
    alone = replace(several, records=several.records[:1])
    (found,) = of(list(record_checks(only_row(table, alone))), "SB012")
    assert found.told == "draws at random and was run with seed 0 alone: its spread is not known"


def test_missing_runs(table: Table) -> None:
    (found,) = of(list(record_checks(replace(table, missing=3))), "SB013")
    assert found.figures == {"missing": 3}


def test_what_declined_is_not_checked(table: Table) -> None:
    rows = tuple(replace(row, declined="it has no holder") for row in table.rows)
    assert not list(record_checks(replace(table, rows=rows)))
