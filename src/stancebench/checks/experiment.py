"""All checks of an experiment, in the order of their codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stancebench.checks.acknowledged import Acknowledgement, acknowledge, read_acknowledgements
from stancebench.checks.check import RULES, Check
from stancebench.checks.evidence import Evidence
from stancebench.checks.of_differences import PAIRED, difference_checks
from stancebench.checks.of_probabilities import calibration_checks
from stancebench.checks.of_records import record_checks
from stancebench.checks.of_tests import duplicate_checks, small_slices
from stancebench.errors import unknown
from stancebench.reports.experiment import Experiment, find_experiment
from stancebench.reports.picture import row_label


def chosen(only: Sequence[str]) -> frozenset[str]:
    """Return the codes that are asked for by code or name; all where nothing is asked.

    Raises
    ------
    UsageError
        when there is no such check
    """
    code_of = {rule.name: code for code, rule in RULES.items()}
    codes = set()
    for given in only:
        if given.upper() not in RULES and given not in code_of:
            then = "Type for example --only class_never_predicted, or its code SB006."
            raise unknown("check", given, code_of, then, RULES)
        codes.add(code_of.get(given, given.upper()))
    return frozenset(codes or RULES)


def check_experiment(name: str, codes: frozenset[str] = frozenset(RULES)) -> tuple[Check, ...]:
    """Check the results of a committed experiment.

    Parameters
    ----------
    name : str
        of the experiment
    codes : frozenset of str
        which checks; by default all

    Returns
    -------
    tuple of Check
        in the order of their codes, one for each finding; of a code without a finding one that is ``ok`` or declined

    Raises
    ------
    UsageError
        when no experiment has that name, or its acknowledgements cannot be read
    RecordError
        when no run of it is finished, or predictions are not here
    """
    return checks_of(find_experiment(name), read_acknowledgements(name), codes)


def checks_of(
    found: Experiment, given: Sequence[Acknowledgement] = (), codes: frozenset[str] = frozenset(RULES)
) -> tuple[Check, ...]:
    """Return the checks of an experiment that was found, and what is acknowledged; see `check_experiment`."""
    given = [a for a in given if a.code in codes]
    evidence = Evidence(found)
    models = {row_label(row): row.model for row in evidence.table.rows}
    checks = _whole(acknowledge([*_every(evidence, codes)], given, models))
    return tuple(check for check in checks if check.code in codes)


def _every(evidence: Evidence, codes: frozenset[str]) -> Iterator[Check]:
    yield from record_checks(evidence.table)
    if "SB005" in codes:
        yield from duplicate_checks(evidence)
    if "SB008" in codes:
        yield from small_slices(evidence)
    if codes & PAIRED:
        yield from difference_checks(evidence, codes)
    if "SB007" in codes:
        yield from calibration_checks(evidence)


def _whole(checks: Sequence[Check]) -> tuple[Check, ...]:
    """Return checks in the order of their codes, with one ``ok`` for each code that has none."""
    by_code: dict[str, list[Check]] = {code: [] for code in RULES}
    for check in checks:
        by_code[check.code].append(check)
    return tuple(c for code, same in by_code.items() for c in same or [RULES[code].ok()])


def open_checks(checks: Iterable[Check]) -> list[Check]:
    """Return the warnings that nobody has acknowledged."""
    return [check for check in checks if check.open]
