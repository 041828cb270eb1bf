"""What the file of an experiment acknowledges: findings that its author knows, each with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from stancebench.checks.check import RULES, Check
from stancebench.config.schemas import ACKNOWLEDGED
from stancebench.errors import UsageError, nearest, unknown
from stancebench.paths import shipped

KEYS = ("code", "system", "reason")


@dataclass(frozen=True)
class Acknowledgement:
    """Findings of one code that are known, and why they stay.

    Attributes
    ----------
    code : str
        of the check
    reason : str
        why, in the author's words
    system : str
        a system's label, or a model's name for all of its systems; empty for every finding of the code
    """

    code: str
    reason: str
    system: str = ""

    def covers(self, check: Check, models: Mapping[str, str]) -> bool:
        """Return whether it is about a finding.

        Parameters
        ----------
        check : Check
            what was found
        models : mapping of str to str
            each system's model, by label
        """
        named = (check.system, models.get(check.system, ""))
        return check.level == "warning" and check.code == self.code and (not self.system or self.system in named)


def read_acknowledgements(name: str) -> tuple[Acknowledgement, ...]:
    """Return what the file of a committed experiment acknowledges under ``acknowledged``.

    Parameters
    ----------
    name : str
        of the experiment

    Raises
    ------
    UsageError
        when an entry has no reason, or names a code or key that does not exist
    """
    text = (shipped("experiments") / f"{name}.yaml").read_text(encoding="utf-8")
    entries = (yaml.safe_load(text) or {}).get(ACKNOWLEDGED) or []
    if not isinstance(entries, list):
        raise UsageError(f"experiments/{name}.yaml: acknowledged must be a list of {{code, system, reason}}.")
    return tuple(
        one for i, entry in enumerate(entries) for one in _read(f"experiments/{name}.yaml, acknowledged[{i}]", entry)
    )


def _read(place: str, entry: Any) -> Iterator[Acknowledgement]:
    if not isinstance(entry, dict):
        raise UsageError(f"{place}: a mapping with code and reason is expected, got {entry!r}.")
    for key in entry:
        if key not in KEYS:
            raise unknown("key", f"{place}.{key}", KEYS)
    code, reason = str(entry.get("code", "")), str(entry.get("reason") or "").strip()
    if code not in RULES:
        raise unknown("check", code, RULES, f"It stands in {place}; docs/checks.md has every code.")
    if not reason:
        raise UsageError(f"{place}: {code} is acknowledged without a reason. Write `reason:` and why it stays.")
    systems = entry.get("system") or ""
    for system in systems if isinstance(systems, list) else [systems]:
        yield Acknowledgement(code, reason, str(system))


def acknowledge(
    checks: Sequence[Check], given: Sequence[Acknowledgement], models: Mapping[str, str]
) -> tuple[Check, ...]:
    """Return checks with their acknowledgements, and what is acknowledged and not found.

    Parameters
    ----------
    checks : sequence of Check
        what was found
    given : sequence of Acknowledgement
        of the experiment's file
    models : mapping of str to str
        each system's model, by label

    Returns
    -------
    tuple of Check
        the same checks, then one for each acknowledgement that covers none. One whose check was declined may be right
        and is not told
    """
    out = []
    for check in checks:
        reasons = [a.reason for a in given if a.covers(check, models)]
        out.append(replace(check, acknowledged=reasons[0]) if reasons else check)
    return (*out, *_unused(checks, given, models))


def _unused(checks: Sequence[Check], given: Sequence[Acknowledgement], models: Mapping[str, str]) -> Iterator[Check]:
    declined = {check.code for check in checks if check.level == "declined"}
    names = {*models, *models.values(), *(check.system for check in checks)}
    for one in given:
        if one.code in declined or any(one.covers(check, models) for check in checks):
            continue
        told = f"{one.code}{f' of {one.system}' if one.system else ''} is acknowledged and not found"
        if one.system and one.system not in names:
            close = nearest(one.system, names)
            told += f": there is no system {one.system!r}" + (f", did you mean {close!r}?" if close else "")
        yield RULES["SB014"].warning(told, {"code": one.code, "reason": one.reason}, one.system)
