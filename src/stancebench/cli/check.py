"""`stancebench check`: what is doubtful about the results of an experiment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby

from stancebench.checks.check import RULES, Check
from stancebench.checks.experiment import check_experiment, chosen
from stancebench.config.compose import experiment_names
from stancebench.errors import UsageError

FEW = 3
"""findings of one code that are printed where not all are asked for"""


def check_command(name: str | None, only: Sequence[str], *, every: bool, strict: bool, as_json: bool) -> int:
    """Print the checks of an experiment and return the exit code.

    Parameters
    ----------
    name : str or None
        of a committed experiment
    only : sequence of str
        codes or names of checks; empty for all
    every : bool
        whether to print every finding of a code, not the first few
    strict : bool
        whether a warning that is not acknowledged is a failure
    as_json : bool
        whether to print JSON

    Returns
    -------
    int
        0, or with ``strict`` 1 where a warning is not acknowledged

    Raises
    ------
    UsageError
        when no experiment is given, or none has that name, or there is no such check
    """
    if name is None:
        raise UsageError(
            f"Say of which experiment: {', '.join(experiment_names())}. Type for example `stancebench check baselines`."
        )
    checks = check_experiment(name, chosen(only))
    found = [check for check in checks if check.open]
    if as_json:
        print(json.dumps({"experiment": name, "checks": [c.as_json() for c in checks]}, indent=1, ensure_ascii=False))
        return int(strict and bool(found))
    for code, same in groupby(checks, key=lambda check: check.code):
        _print(code, list(same), FEW if not every else None)
    known = sum(check.level == "warning" for check in checks) - len(found)
    print(f"{name}: {_number(len(found), 'warning')}, {known} acknowledged. What each means: docs/checks.md")
    return int(strict and bool(found))


def _print(code: str, checks: list[Check], few: int | None) -> None:
    rule = RULES[code]
    warnings = [check for check in checks if check.level == "warning"]
    if not warnings:
        (only,) = checks[:1]
        print(f"{code}  {only.level:<9} {rule.name}: {only.told}")
        return
    still = [check for check in warnings if check.open]
    known = len(warnings) - len(still)
    also = f", {known} acknowledged" if known and still else ""
    print(
        f"{code}  {'WARNING' if still else 'known':<9} {rule.name}: {_number(len(still or warnings), 'finding')}{also}"
    )
    for check in still[:few]:
        print(f"      {_of(check)}")
    if few is not None and len(still) > few:
        print(f"      and {len(still) - few} more (--all prints them)")
    for reason, same in _by_reason(warnings).items():
        print(f"      acknowledged ({len(same)}): {reason}")
        for check in same if few is None else []:
            print(f"        {_of(check)}")


def _of(check: Check) -> str:
    return f"{check.system}: {check.told}" if check.system else check.told


def _by_reason(checks: Sequence[Check]) -> dict[str, list[Check]]:
    reasons: dict[str, list[Check]] = {}
    for check in checks:
        if check.acknowledged:
            reasons.setdefault(check.acknowledged, []).append(check)
    return reasons


def _number(n: int, one: str) -> str:
    return f"{n} {one}" if n == 1 else f"{n} {one}s"
