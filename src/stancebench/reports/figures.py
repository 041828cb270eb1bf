"""The charts of a report, each drawn from plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from stancebench.reports.drawing import INKS, NARROW, SERIES, WIDE, Drawing, altair_library, svg

if TYPE_CHECKING:
    import altair

ROW = {False: 22, True: 36}
"""pixels of a row; on a phone its label stands above it"""

LABEL = 330
"""pixels of a label before it is cut"""


@dataclass(frozen=True)
class Mark:
    """One row of a plot of intervals.

    Attributes
    ----------
    name : str
        its label
    value : float
        where its dot stands
    low, high : float or None
        its interval
    kind : {"system", "reference", "open"}
        colour; ``open`` is a ring
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    kind: str = "system"


@dataclass(frozen=True)
class Curve:
    """One line of a plot of lines, with a band where it has bounds.

    Attributes
    ----------
    name : str
        as the legend has it
    x, y : sequence of float
        its points
    low, high : sequence of float
        bounds of each point, or none
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def drawing(
    name: str,
    alt: str,
    wide: altair.TopLevelMixin,
    narrow: altair.TopLevelMixin,
    caption: str = "",
    *,
    part: bool = False,
) -> Drawing:
    """Return a chart drawn at both widths; a part stands beside others of its kind."""
    return Drawing(name, alt, svg(wide), svg(narrow), caption, part)


def printed(name: str, alt: str, chart: altair.TopLevelMixin) -> Drawing:
    """Return a chart for a file only."""
    return Drawing(name, alt, svg(chart), "")


def interval_plot(
    marks: Sequence[Mark],
    x_title: str,
    *,
    line: float | None = None,
    line_kind: str = "reference",
    zero: bool = True,
    ranks: int = 0,
    narrow: bool = False,
    title: str = "",
) -> altair.LayerChart:
    """Return a plot of dots with intervals, one row a mark, in the order given.

    Parameters
    ----------
    marks : sequence of Mark
        rows, from above
    x_title : str
        what is measured
    line : float, optional
        where a dashed line stands
    line_kind : str, default="reference"
        its colour
    zero : bool, default=True
        whether the axis begins at zero
    ranks : int, default=0
        where ranks are drawn, how many there are: the axis counts them from 1, a dot is a diamond, since it may lie
        beside its line, and a line has ends, since it may be a point
    narrow : bool, default=False
        whether for a phone: labels stand above their rows
    title : str, default=""
        above the plot

    Raises
    ------
    MissingExtraError
        when altair is not installed
    """
    alt = altair_library()
    rows = [
        {**asdict(m), "low": m.value if m.low is None else m.low, "high": m.value if m.high is None else m.high}
        for m in marks
    ]
    axis = alt.Axis(labels=not narrow, ticks=False, domain=False, labelLimit=LABEL, grid=not narrow, labelPadding=8)
    y = alt.Y("name:N", sort=[m.name for m in marks], title=None, axis=axis)
    scale = alt.Scale(domain=[0.5, ranks + 0.5], nice=False) if ranks else alt.Scale(zero=zero, nice=True)
    n_ticks = 5 if narrow else 8
    counted = {"values": list(range(1, ranks + 1, -(-ranks // n_ticks))), "format": "d"} if ranks else {}
    x_axis = alt.Axis(title=x_title, grid=True, tickCount=n_ticks, titleLimit=NARROW if narrow else WIDE, **counted)
    x = alt.X("value:Q", scale=scale, axis=x_axis)
    colour = {"system": INKS["system"], "reference": INKS["reference"], "open": INKS["muted"]}
    ink = alt.Color("kind:N", scale=alt.Scale(domain=list(colour), range=list(colour.values())), legend=None)
    base = alt.Chart(alt.Data(values=rows))
    bars = base.mark_rule(strokeWidth=2).encode(y=y, x=alt.X("low:Q", scale=scale, axis=x_axis), x2="high:Q", color=ink)
    rings = alt.condition("datum.kind === 'open'", alt.value(INKS["paper"]), ink)
    shape = "diamond" if ranks else "circle"
    dots = base.mark_point(filled=True, shape=shape, size=64, opacity=1, strokeWidth=2)
    layers: list[Any] = [bars, dots.encode(y=y, x=x, fill=rings, stroke=ink)]
    if ranks:
        ends = base.mark_tick(thickness=2, size=10)
        layers[1:1] = [
            ends.encode(y=y, x=alt.X(f"{end}:Q", scale=scale, axis=x_axis), color=ink) for end in ("low", "high")
        ]
    if narrow:
        words = base.mark_text(align="left", baseline="bottom", dy=-7, fontSize=12, color=INKS["ink"], limit=NARROW)
        layers.append(words.encode(y=y, x=alt.value(0), text="name:N"))
    if line is not None:
        rule = alt.Chart(alt.Data(values=[{"at": line}])).mark_rule(strokeDash=[4, 4], color=INKS[line_kind])
        layers.insert(0, rule.encode(x=alt.X("at:Q", scale=scale, axis=x_axis)))
    width = NARROW if narrow else WIDE
    return alt.layer(*layers).properties(width=width, height=max(1, len(rows)) * ROW[narrow], title=title)


def line_plot(
    curves: Sequence[Curve],
    x_title: str,
    y_title: str,
    *,
    x_values: Sequence[float] = (),
    x_labels: Sequence[str] = (),
    diagonal: bool = False,
    points: bool = True,
    square: bool = False,
    narrow: bool = False,
) -> altair.LayerChart:
    """Return a plot of a few lines with a legend above it.

    Parameters
    ----------
    curves : sequence of Curve
        at most as many as there are colours
    x_title, y_title : str
        what is measured
    x_values : sequence of float
        ticks of the horizontal axis; empty where they are chosen
    x_labels : sequence of str
        words for ``x_values``
    diagonal : bool, default=False
        whether a dashed line from 0, 0 to 1, 1 is drawn
    points : bool, default=True
        whether each point has a dot
    square : bool, default=False
        whether both axes go from 0 to 1, and are of one length
    narrow : bool, default=False
        whether for a phone

    Raises
    ------
    ValueError
        when there are more lines than colours
    MissingExtraError
        when altair is not installed
    """
    if len(curves) > len(SERIES):
        raise ValueError(f"at most {len(SERIES)} lines can be told apart, got {len(curves)}")
    alt = altair_library()
    rows = [
        {"name": c.name, "x": x, "y": y, "low": low, "high": high}
        for c in curves
        for x, y, low, high in zip(c.x, c.y, c.low or c.y, c.high or c.y, strict=True)
    ]
    names = [c.name for c in curves]
    scale = alt.Scale(domain=[0, 1]) if square else alt.Scale(zero=False, nice=not x_values)
    words = {"labelExpr": f"{dict(zip(map(str, x_values), x_labels, strict=True))}[datum.value]"} if x_labels else {}
    ticks = {"values": list(x_values)} if x_values else {"tickCount": 5}
    x = alt.X("x:Q", scale=scale, axis=alt.Axis(title=x_title, grid=False, **ticks, **words))
    y = alt.Y(
        "y:Q", scale=alt.Scale(domain=[0, 1]) if square else alt.Scale(), axis=alt.Axis(title=y_title, tickCount=5)
    )
    # One column in the legend: names are long.
    legend = alt.Legend(title=None, orient="top", direction="vertical", columns=1, symbolType="stroke", symbolOpacity=1)
    inks = [INKS[s] for s in SERIES[: len(names)]]
    dashes = [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [4, 4], [1, 3]][: len(names)]
    colour = alt.Color("name:N", scale=alt.Scale(domain=names, range=inks), legend=legend, sort=None)
    dash = alt.StrokeDash("name:N", scale=alt.Scale(domain=names, range=dashes), legend=legend, sort=None)
    base = alt.Chart(alt.Data(values=rows))
    layers: list[Any] = []
    if any(c.low for c in curves):
        layers.append(base.mark_area(opacity=0.14).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour))
    layers.append(base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash))
    if points:
        layers.append(base.mark_point(filled=True, size=40, opacity=1).encode(x=x, y=y, color=colour))
    if diagonal:
        ends = alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
        layers.insert(0, ends.mark_line(strokeDash=[4, 4], strokeWidth=1, color=INKS["muted"]).encode(x=x, y=y))
    size = {"width": NARROW - 40 if narrow else WIDE, "height": 220 if narrow else 320}
    if square:
        size = dict.fromkeys(size, NARROW - 40)
    return alt.layer(*layers).properties(**size)


def confusion_plot(tables: Mapping[str, Sequence[Sequence[int]]], stances: Sequence[str], *, columns: int) -> Any:
    """Return confusion tables as heat maps beside each other, shaded by the share of their row.

    Parameters
    ----------
    tables : mapping of str to sequence of sequence of int
        gold by predicted, of each target
    stances : sequence of str
        names of rows and columns; what a table holds beyond them is left out
    columns : int
        how many stand beside each other

    Raises
    ------
    MissingExtraError
        when altair is not installed
    """
    alt = altair_library()
    n = len(stances)
    rows = [
        {
            "target": target,
            "gold": stances[g],
            "predicted": stances[p],
            "n": line[p],
            "share": line[p] / (sum(line) or 1),
        }
        for target, table in tables.items()
        for g, line in enumerate(table[:n])
        for p in range(n)
    ]
    axis = {"grid": False, "ticks": False, "domain": False}
    base = alt.Chart().encode(
        x=alt.X("predicted:N", sort=list(stances), axis=alt.Axis(title="predicted", labelAngle=0, **axis)),
        y=alt.Y("gold:N", sort=list(stances), axis=alt.Axis(title="gold", **axis)),
    )
    shade = alt.Scale(domain=[0, 1], range=[INKS["paper"], INKS["system"]], interpolate="rgb")
    cells = base.mark_rect(stroke=INKS["rule"]).encode(color=alt.Color("share:Q", scale=shade, legend=None))
    on = alt.condition("datum.share > 0.5", alt.value(INKS["paper"]), alt.value(INKS["ink"]))
    words = base.mark_text(fontSize=12).encode(text="n:Q", color=on)
    chart = alt.layer(cells, words, data=alt.Data(values=rows)).properties(width=150, height=110)
    return chart.facet(facet=alt.Facet("target:N", title=None, sort=list(tables)), columns=columns)
