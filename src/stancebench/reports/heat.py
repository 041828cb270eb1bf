"""Heat maps of systems by slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stancebench.reports.drawing import INKS, NARROW, altair_library
from stancebench.reports.figures import LABEL, ROW

WIDTH = {False: 44, True: 20}
"""pixels of a square; on a phone only as wide as two figures"""

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
    groups = list(dict.fromkeys(s.group for s in squares))
    charts = [
        _group(alt, [s for s in squares if s.group == g], systems, narrow=narrow, first=g == groups[0]) for g in groups
    ]
    return alt.hconcat(*charts, spacing=4 if narrow else 10).resolve_scale(y="shared", opacity="shared")


def _group(alt: Any, squares: Sequence[Square], systems: Sequence[str], *, narrow: bool, first: bool) -> Any:
    names = list(dict.fromkeys(s.name for s in squares))
    rows = [{**asdict(s), "text": "" if s.value is None else f"{100 * s.value:.0f}"} for s in squares]
    bare = {"grid": False, "ticks": False, "domain": False, "title": None}
    x = alt.X("name:N", sort=names, axis=alt.Axis(orient="top", labelAngle=-90, labelLimit=140, **bare))
    labels = alt.Axis(labels=first and not narrow, labelLimit=LABEL, labelPadding=8, **bare)
    y = alt.Y("system:N", sort=list(systems), axis=labels)
    shade = alt.Scale(domain=[0, 1], range=[FAINTEST, DARKEST], clamp=True)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    height = {"height": 16, "yOffset": 8} if narrow else {}
    fill = base.mark_rect(fill=INKS["system"], **height).encode(
        opacity=alt.Opacity("value:Q", scale=shade, legend=None)
    )
    words = base.mark_text(fontSize=11, dy=8 if narrow else 0, color=INKS["ink"]).encode(text="text:N")
    layers = [fill, words]
    if first and narrow:
        line = alt.Chart(alt.Data(values=[{"system": name} for name in systems]))
        name = line.mark_text(align="left", baseline="bottom", dy=-3, fontSize=12, color=INKS["ink"], limit=NARROW)
        layers.append(name.encode(y=y, x=alt.value(0), text="system:N"))
    title = alt.TitleParams(squares[0].group, fontSize=12, fontWeight="normal", color=INKS["muted"])
    return alt.layer(*layers).properties(
        width=WIDTH[narrow] * len(names), height=ROW[narrow] * len(systems), title=title
    )
