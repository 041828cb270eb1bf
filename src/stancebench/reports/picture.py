"""The picture of a table: each system's headline with its interval, against the holder prior."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancebench.reports.drawing import Form, png, svg
from stancebench.reports.figures import Mark, interval_plot
from stancebench.reports.table import Cell, Row, Table

if TYPE_CHECKING:
    import altair

REFERENCE = "holder_prior"
"""the shortcut that a serious model must beat"""


def row_label(row: Row) -> str:
    """Return what a system is called in a picture: its model and what distinguishes it."""
    settings = [f"{k}={v}" if v in ("True", "False") else v for k, v in row.settings.items()]
    return ", ".join([row.model + (f" ({row.note})" if row.note else ""), *settings])


def points(table: Table, column: str) -> list[dict[str, Any]]:
    """Return one point per system whose score is defined, best first.

    Parameters
    ----------
    table : Table
        systems by scores
    column : str
        which score

    Returns
    -------
    list of dict
        ``system``, ``value``, ``low``, ``high``, ``kind``, in hundredths
    """
    at = table.columns.index(column)
    rows = [(row_label(row), row.cells[at], row.model) for row in table.rows]
    return sorted((_point(*row) for row in rows if row[1].value is not None), key=lambda p: -p["value"])


def _point(label: str, cell: Cell, model: str) -> dict[str, Any]:
    assert cell.value is not None
    low, high = (cell.value if bound is None else bound for bound in (cell.low, cell.high))
    kind = "reference" if model == REFERENCE else "system"
    return {"system": label, "value": 100 * cell.value, "low": 100 * low, "high": 100 * high, "kind": kind}


def forest(table: Table, column: str) -> altair.LayerChart:
    """Return the forest plot of one score.

    Raises
    ------
    MissingExtraError
        when altair is not installed
    """
    data = points(table, column)
    marks = [Mark(p["system"], p["value"], p["low"], p["high"], p["kind"]) for p in data]
    # Of several variants the strongest is the one to beat; the points are sorted.
    reference = next((mark.value for mark in marks if mark.kind == "reference"), None)
    seeds = "; several seeds or draws: their range" if any(len(row.records) > 1 for row in table.rows) else ""
    title = f"{column}, in hundredths, with 95% interval{seeds}"
    return interval_plot(marks, title, line=reference, title=table.title)


def draw(table: Table, column: str, form: Form) -> bytes:
    """Return the forest plot of one score as SVG or PNG.

    Raises
    ------
    MissingExtraError
        when the packages that draw are not installed
    """
    drawn = svg(forest(table, column))
    return png(drawn) if form == "png" else drawn.encode()
