"""Heat maps of systems by slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stancebench.reports.drawing import INKS, NARROW, altair_library
from stancebench.reports.figures import LABEL, ROW

WIDTH = 44
"""pixels of a square"""

WIDEST = 20
"""of a square on a phone"""

GAP = {False: 8, True: 3}
"""pixels between two groups of columns"""

SQUARE = 18
"""pixels of the height of a square that stands under its row's label"""

FAINTEST, DARKEST = 0.04, 0.5
"""opacities of the worst and the best square: the ink of the figures is read on either, in light and in dark"""


@dataclass(frozen=True)
class Square:
    """One square of a heat map.

    Attributes
    ----------
    system : str
        its row
    group, name : str
        its column, and the group that this stands in
    value : float or None
        between 0 and 1; None is an empty square
    """

    system: str
    group: str
    name: str
    value: float | None


def heat_plot(squares: Sequence[Square], *, narrow: bool = False) -> Any:
    """Return squares in rows and in groups of columns, shaded by value, each with its value in hundredths.

    Parameters
    ----------
    squares : sequence of Square
        rows, groups and columns stand in the order of their first square
    narrow : bool, default=False
        whether for a phone: labels stand above their rows

    Raises
    ------
    MissingExtraError
        when altair is not installed
    """
    alt = altair_library()
    systems = list(dict.fromkeys(s.system for s in squares))
    size = _narrowed(squares) if narrow else WIDTH
    columns = _columns(squares, size, GAP[narrow])
    width = max(columns.values()) + size
    rows = [
        {**asdict(s), "x": columns[s.group, s.name], "text": "" if s.value is None else f"{100 * s.value:.0f}"}
        for s in squares
    ]
    heads = [{"x": x, "head": f"{group} {name}"} for (group, name), x in columns.items()]
    axis = alt.Axis(labels=not narrow, labelLimit=LABEL, labelPadding=8, grid=False, ticks=False, domain=False)
    y = alt.Y("system:N", sort=systems, title=None, axis=axis)
    scale = alt.Scale(domain=[0, width], nice=False, zero=True)
    middle = {"x": alt.X("x:Q", scale=scale, axis=None), "y": y}
    shade = alt.Opacity("value:Q", scale=alt.Scale(domain=[0, 1], range=[FAINTEST, DARKEST]), legend=None)
    side = {"width": size - 1, "height": ROW[narrow] - 1}
    ink, at = {"color": INKS["ink"], "fontSize": 11}, {"xOffset": size / 2}
    down: dict[str, Any] = {}
    layers = []
    if narrow:
        side["height"], down = SQUARE, {"yOffset": (ROW[narrow] - SQUARE) / 2}
        above = alt.Chart(alt.Data(values=[{"system": name} for name in systems]))
        named = above.mark_text(align="left", baseline="bottom", dy=-2, limit=NARROW, fontSize=12, color=INKS["ink"])
        layers.append(named.encode(y=y, x=alt.value(0), text="system:N"))
    base = alt.Chart(alt.Data(values=[row for row in rows if row["value"] is not None]))
    fill = base.mark_rect(fill=INKS["system"], **side, **at, **down).encode(**middle, opacity=shade)
    words = base.mark_text(**ink, **at, **down).encode(**middle, text="text:N")
    over = alt.Chart(alt.Data(values=heads)).mark_text(**ink, **at, align="left", angle=270)
    layers = [fill, words, *layers, over.encode(x=middle["x"], y=alt.value(-8), text="head:N")]
    return alt.layer(*layers).properties(width=width, height=ROW[narrow] * len(systems))


def _narrowed(squares: Sequence[Square]) -> int:
    """Return the pixels of a square with which all columns stand on a phone beside each other."""
    columns, groups = len({(s.group, s.name) for s in squares}), len({s.group for s in squares})
    return min(WIDEST, (NARROW - GAP[True] * (groups - 1)) // columns)


def _columns(squares: Sequence[Square], width: int, gap: int) -> dict[tuple[str, str], int]:
    """Return where each column begins, in pixels; groups stand apart."""
    columns = dict.fromkeys((s.group, s.name) for s in squares)
    groups = list(dict.fromkeys(group for group, _ in columns))
    return {c: i * width + groups.index(c[0]) * gap for i, c in enumerate(columns)}
