"""What a linter of results has found, and what its author has acknowledged."""

from __future__ import annotations

from collections.abc import Sequence

from stancebench.checks.check import Check
from stancebench.reports.page.material import Material
from stancebench.reports.page.parts import Heading, Section, Sheet, Value

TITLE = "Checks"


def checks(material: Material) -> Section:
    """Return the section of checks: what is open, what is acknowledged with its reason, and what is fine."""
    lead = "Each check has a code, and docs/checks says what it means and what to do."
    found = material.checks
    if not found:
        return Section("checks", TITLE, lead, missing="Nothing was checked.")
    open_ones = sum(check.open for check in found)
    acknowledged = sum(bool(check.acknowledged) for check in found)
    lead += f" {open_ones} findings are open; {acknowledged} are acknowledged with a reason in the experiment's file."
    groups = {
        "checks": ("findings are open", [c for c in found if c.open], False),
        "checks_acknowledged": ("findings are acknowledged", [c for c in found if c.acknowledged], True),
        "checks_fine": ("checks have no finding", [c for c in found if c.level != "warning"], True),
    }
    sheets = (
        Sheet(name, f"{len(mine)} {told}", _headings(), _lines(mine), words=5, folded=folded)
        for name, (told, mine, folded) in groups.items()
        if mine
    )
    return Section("checks", TITLE, lead, sheets=tuple(sheets))


def _headings() -> tuple[Heading, ...]:
    names = ("code", "check", "level", "system", "finding")
    return tuple(Heading(name) for name in names)


def _lines(found: Sequence[Check]) -> tuple[tuple[Value, ...], ...]:
    return tuple(
        (
            Value(check.code),
            Value(check.name),
            Value("acknowledged" if check.acknowledged else check.level),
            Value(check.system or "all"),
            Value(check.told + (f". Acknowledged: {check.acknowledged}" if check.acknowledged else "")),
        )
        for check in found
    )
