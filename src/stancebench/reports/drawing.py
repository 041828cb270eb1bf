"""Drawings as SVG and PNG: one specification for a file, a wide screen and a phone, in light and dark."""

from __future__ import annotations

import importlib
import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from stancebench.errors import MissingExtraError

if TYPE_CHECKING:
    import altair

Form = Literal["svg", "png"]

INKS = {
    "ink": "#20242b",
    "muted": "#575f6b",
    "rule": "#d9dce1",
    "paper": "#fffffe",
    "system": "#2b5b84",
    "reference": "#b5541c",
    "series-1": "#2b5b85",
    "series-2": "#b5541d",
    "series-3": "#1f7a5c",
    "series-4": "#8a3f8f",
    "series-5": "#6b6a10",
    "series-6": "#5b5b67",
}
"""colours by name, as they stand in a file; a page gives each name a colour for its theme. No two are the same, so that
each can be found again in a drawing"""

SERIES = tuple(name for name in INKS if name.startswith("series-"))

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""families of the same widths, so that a label drawn by one machine fits when another shows it"""

WIDE, NARROW = 640, 290
"""pixels of the plot itself, without the labels at its left"""

PNG = b"\x89PNG\r\n\x1a\n"
"""what such a file begins with"""

SCALE = 2
"""pixels of a PNG for each of its SVG"""


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingExtraError("A picture", "pictures") from None


def altair_library() -> Any:
    """Return altair.

    Raises
    ------
    MissingExtraError
        when it is not installed
    """
    return _library("altair")


def dressed(chart: altair.TopLevelMixin) -> Any:
    """Return a chart with the fonts and colours of all our pictures."""
    words = {"labelColor": INKS["muted"], "titleColor": INKS["muted"], "titleFontWeight": "normal"}
    return (
        chart.configure(background=INKS["paper"], font=FONT, padding=4)
        .configure_title(anchor="start", fontSize=14, color=INKS["ink"])
        .configure_view(stroke=None)
        .configure_axis(
            **words,
            gridColor=INKS["rule"],
            domainColor=INKS["rule"],
            tickColor=INKS["rule"],
            labelFontSize=12,
            titleFontSize=12,
        )
        .configure_legend(labelColor=INKS["ink"], titleColor=INKS["muted"], labelFontSize=12, labelLimit=400)
        .configure_header(labelColor=INKS["ink"], titleColor=INKS["muted"], labelFontSize=12)
        .configure_text(color=INKS["ink"])
    )


def svg(chart: altair.TopLevelMixin) -> str:
    """Return a chart as SVG.

    Raises
    ------
    MissingExtraError
        when the packages that draw are not installed
    """
    # Our own charts are drawn in tests; checking each against the schema again would double the time of making it.
    drawn: str = _library("vl_convert").vegalite_to_svg(dressed(chart).to_dict(format="vega-lite", validate=False))
    return drawn


def png(drawn: str) -> bytes:
    """Return an SVG as PNG."""
    return packed(bytes(_library("vl_convert").svg_to_png(drawn, scale=SCALE)))


def packed(picture: bytes) -> bytes:
    """Return a PNG with the same pixels in a third of the bytes: the one that draws it packs for speed."""
    chunks: list[tuple[bytes, bytes]] = []
    at = len(PNG)
    while at < len(picture):
        size, kind = struct.unpack_from(">I4s", picture, at)
        chunks.append((kind, picture[at + 8 : at + 8 + size]))
        at += size + 12
    pixels = zlib.compress(zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT")), 9)
    before = [chunk for chunk in chunks if chunk[0] not in (b"IDAT", b"IEND")]
    return PNG + b"".join(map(_chunk, (*before, (b"IDAT", pixels), (b"IEND", b""))))


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, data = chunk
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def inline(drawn: str, alt: str, kind: Literal["wide", "narrow"]) -> str:
    """Return an SVG as a part of a page: its colours are the page's, and it is one picture with one text.

    Parameters
    ----------
    drawn : str
        what `svg` gave
    alt : str
        what the picture shows
    kind : {"wide", "narrow"}
        class of the element

    Returns
    -------
    str
        an ``<svg>`` element
    """
    for name, colour in INKS.items():
        drawn = drawn.replace(f'"{colour}"', f'"var(--{name})"')
    # The parts of the picture say nothing that its own text and the table beside it do not.
    drawn = re.sub(r' (?:role|aria-[a-z]+|class|pointer-events|xmlns:xlink|version|font-family)="[^"]*"', "", drawn)
    drawn = re.sub(r'<path (?:d="[^"]*")?/>|<g></g>', "", drawn)
    return drawn.replace("<svg ", f'<svg class="{kind}" role="img" aria-label="{_attribute(alt)}" ', 1)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


@dataclass(frozen=True)
class Drawing:
    """A chart, at two widths.

    Attributes
    ----------
    name : str
        of its files
    alt : str
        what it shows, for who does not see it
    wide, narrow : str
        its SVG
    caption : str
        stands above it on the page
    part : bool
        whether it stands beside others of its kind
    """

    name: str
    alt: str
    wide: str
    narrow: str
    caption: str = ""
    part: bool = False

    def on_page(self) -> str:
        """Return both widths as parts of a page, of which the page shows one."""
        return inline(self.wide, self.alt, "wide") + inline(self.narrow, self.alt, "narrow")

    def files(self) -> dict[str, bytes]:
        """Return the files of it, by name."""
        return {f"{self.name}.svg": self.wide.encode(), f"{self.name}.png": png(self.wide)}
