"""A report as one file of HTML: it loads nothing, and its policy lets nothing be loaded."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from stancebench.errors import MissingExtraError
from stancebench.reports.page.parts import Report

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = Path(__file__).parent


@cache
def _asset(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError:
        raise MissingExtraError("A report", "pictures") from None
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_asset("page.html"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(style: str, script: str) -> str:
    """Return a content security policy that allows one style and one script, and no request at all."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )


def html(report: Report) -> str:
    """Return the page.

    Parameters
    ----------
    report : Report
        what is on it

    Returns
    -------
    str
        HTML that opens without a network; the same report gives the same text

    Raises
    ------
    MissingExtraError
        when Jinja2 is not installed
    """
    from markupsafe import Markup

    style, script = _asset("page.css"), _asset("page.js")
    # Both are files of this package, and hold no user's text.
    return _template().render(
        report=report,
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy=Markup(policy(style, script)),  # noqa: S704
    )


def files(report: Report) -> dict[str, bytes]:
    """Return every file of a report by its path: the page, its figures as SVG and PNG, its tables."""
    found = {"report.html": html(report).encode()}
    for drawing in report.drawings():
        found |= {f"figures/{name}": data for name, data in drawing.files().items()}
    for sheet in report.sheets():
        found |= {f"tables/{name}": data for name, data in sheet.files().items()}
    return found
