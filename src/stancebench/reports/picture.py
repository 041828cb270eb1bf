"""The picture of a table: each system's headline with its interval, against the holder prior."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from stancebench.errors import MissingExtraError
from stancebench.reports.table import Cell, Row, Table

if TYPE_CHECKING:
    import altair

REFERENCE = "holder_prior"
"""the shortcut that a serious model must beat"""

INK = {"system": "#2b5b84", "reference": "#b5541c", "rule": "#d9d9d9"}


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
    try:
        import altair as alt
    except ImportError:
        raise MissingExtraError("A picture", "pictures") from None

    data = points(table, column)
    order = [p["system"] for p in data]
    y = alt.Y("system:N", sort=order, title=None, axis=alt.Axis(labelLimit=400, grid=True, gridColor=INK["rule"]))
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(INK)[:2], range=[INK["system"], INK["reference"]]), legend=None
    )
    base = alt.Chart(alt.Data(values=data))
    seeds = "; several seeds or draws: their range" if any(len(row.records) > 1 for row in table.rows) else ""
    title = f"{column}, in hundredths, with 95% interval{seeds}"
    bars = base.mark_rule(strokeWidth=2).encode(
        y=y, x=alt.X("low:Q", title=title, scale=alt.Scale(zero=True)), x2="high:Q", color=colour
    )
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(y=y, x="value:Q", color=colour)
    layers: list[Any] = [bars, dots]
    # Of several variants the strongest is the one to beat; the points are sorted.
    reference = [p for p in data if p["kind"] == "reference"][:1]
    if reference:
        line = alt.Chart(alt.Data(values=reference)).mark_rule(strokeDash=[4, 4], color=INK["reference"])
        layers.insert(0, line.encode(x="value:Q"))
    chart = alt.layer(*layers).properties(width=480, height=22 * len(data), title=table.title)
    return chart.configure(background="white", font="sans-serif").configure_title(anchor="start", fontSize=14)


def draw(table: Table, column: str, form: Literal["svg", "png"]) -> bytes:
    """Return the forest plot of one score as SVG or PNG.

    Raises
    ------
    MissingExtraError
        when the packages that draw are not installed
    """
    try:
        import vl_convert as vlc
    except ImportError:
        raise MissingExtraError("A picture", "pictures") from None

    spec = forest(table, column).to_dict(format="vega-lite")
    if form == "png":
        return bytes(vlc.vegalite_to_png(spec, scale=2))
    return str(vlc.vegalite_to_svg(spec)).encode()
