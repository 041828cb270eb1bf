"""Which stances are mistaken for which, by target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from stancebench.reports.figures import confusion_plot, printed
from stancebench.reports.page.material import Material
from stancebench.reports.page.parts import Choice, Heading, Section, Sheet, Value, shade
from stancebench.reports.picture import row_label
from stancebench.reports.table import Row
from stancebench.vocabulary import STANCES, UNKNOWN

CLASSES = (*STANCES, UNKNOWN)

BESIDE = 4
"""targets drawn beside each other"""

DRAWN = 12
"""targets of which a picture is drawn"""

Table = Sequence[Sequence[int]]


def confusion(material: Material) -> Section:
    """Return the section of confusion tables: a choice of systems, and the picture of the best one."""
    lead = (
        "Of each target by itself. Rows are gold stances and columns are predicted ones; the stronger the colour of a "
        "cell, the larger its share of the row. A row of several seeds or draws has their sum. Among the files stands "
        "the picture of the best system."
    )
    rows = [row for row in material.ordered if not row.declined]
    if not rows:
        return Section("confusion", "Confusion", lead, missing="No system has finished.")
    best = summed(rows[0])
    shown = dict(list(best.items())[:DRAWN])
    plot = confusion_plot(shown, STANCES, columns=min(BESIDE, len(shown)))
    alt = f"Confusion tables of {row_label(rows[0])}, by target: {', '.join(shown)}."
    return Section(
        "confusion",
        "Confusion",
        lead,
        printed=(printed("confusion", alt, plot),),
        choices=tuple(Choice(row_label(row), _sheets(row)) for row in rows),
        chosen_by="System",
    )


def summed(row: Row) -> Mapping[str, Table]:
    """Return the confusion tables of a system by target, summed over its seeds or draws."""
    targets = dict.fromkeys(t for r in row.records for t in r.confusion)
    return {
        t: np.sum([r.confusion[t] for r in row.records if t in r.confusion], axis=0).astype(int).tolist()
        for t in targets
    }


def _sheets(row: Row) -> tuple[Sheet, ...]:
    return tuple(_sheet(row_label(row), target, table) for target, table in summed(row).items())


def _sheet(system: str, target: str, table: Table) -> Sheet:
    # Nobody need read a class that neither gold nor the system has.
    unknown = any(line[-1] for line in table) or any(table[-1])
    classes = CLASSES if unknown else CLASSES[:-1]
    lines = []
    for stance, line in zip(classes, table, strict=False):
        n = sum(line) or 1
        cells = (Value(str(count), count, shade=shade(count / n)) for count in line[: len(classes)])
        lines.append((Value(stance), *cells))
    headings = (Heading(target, "gold stance"), *(Heading(stance, f"predicted {stance}") for stance in classes))
    return Sheet(f"confusion-{target}", f"{target}: gold by predicted, {system}", headings, tuple(lines))
