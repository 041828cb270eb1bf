"""The site: the pages of this folder and the docstrings of the source, built strictly and without a network."""
# ruff: noqa: INP001 - Sphinx reads this file by its name; it belongs to no package.

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT / "src"))

from stancebench import __version__  # noqa: E402

project = "stancebench"
author = "The stancebench authors"
project_copyright = "the stancebench authors; code Apache-2.0, corpus CC BY 4.0"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc"]
root_doc = "index"

# A page on GitHub and a page of the site are the same file: headings are link targets in both.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

# A room's page says which of its modules are shown, and of what.
autodoc_default_options = {
    # Made by pydantic and scikit-learn in every class; their docstrings are not ours.
    "exclude-members": "model_config, set_fit_request, set_predict_request, set_score_request, set_transform_request",
}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_type_aliases = {name: name for name in ("BoolArray", "FloatArray", "IntArray", "Mode", "Key", "Settings")}
autodoc_preserve_defaults = True

# Docstrings are numpydoc's (tests/test_docstrings.py checks them); a class is shown whole, without summary tables.
autosummary_generate = False
numpydoc_show_class_members = False
numpydoc_attributes_as_param_list = True
# `name` in a docstring links to what it names, and is plain where it names nothing of ours (a command, a file).
default_role = "autolink"

# A type or a name of this project that has no entry is an error; other projects' are not resolved without a network.
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(?!stancebench\.).*")]

html_theme = "furo"
html_title = f"stancebench {release}"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "source_repository": "https://github.com/stancebench/stancebench",
    "source_branch": "main",
    "source_directory": "docs/",
}

REPOSITORY = "https://github.com/stancebench/stancebench"
SHOWN_HERE = {"CHANGELOG.md": "changelog.md", "corpora/coverage/README.md": "corpora/coverage.md"}
"""files outside this folder that a page of the site includes"""

LINK = re.compile(r"(?<!!)(\[[^\]]*\]\()(?!https?:|#|mailto:)([^)#\s]+)((?:#[^)\s]*)?\))")


def leads_to(target: str, file: Path) -> str:
    """Return where a relative link of a file leads on the site: a page of it, or an address in the repository."""
    there = (file.parent / target).resolve()
    if not there.exists():
        return target
    in_repository = there.relative_to(ROOT).as_posix()
    if in_repository in SHOWN_HERE:
        return f"/{SHOWN_HERE[in_repository]}"
    if there.is_relative_to(DOCS):
        return f"/{there.relative_to(DOCS).as_posix()}"
    return f"{REPOSITORY}/{'tree' if there.is_dir() else 'blob'}/main/{quote(in_repository)}"


def resolve_links(text: str, file: Path) -> str:
    """Return a Markdown text with links that work on the site; pages are written for GitHub, relative to themselves."""
    return LINK.sub(lambda match: f"{match[1]}{leads_to(match[2], file)}{match[3]}", text)


def setup(app: Sphinx) -> None:
    """Turn links when a file is read; leave out of the API pages what nobody wrote."""

    def on_page(_: Sphinx, docname: str, source: list[str]) -> None:
        source[0] = resolve_links(source[0], Path(app.env.doc2path(docname)))

    def on_include(_: Sphinx, path: Path, __: str, source: list[str]) -> None:
        source[0] = resolve_links(source[0], (DOCS / path).resolve())

    def on_member(_: Sphinx, __: str, ___: str, member: object, *____: object) -> bool | None:
        # "Alias for field number 0" says nothing that the signature has not said.
        return True if type(member).__name__ == "_tuplegetter" else None

    def on_signature(*event: object) -> tuple[str, object] | None:
        *_, signature, returns = event
        if not isinstance(signature, str):
            return None
        written = re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", signature)
        if "<factory>" in written:
            # With a default that is no Python it is shown as it stands: names are not shortened yet.
            written = re.sub(r"~(?:\w+\.)+", "", written)
        # Fields that nobody passes stand last.
        return re.sub(r",? ?\b_\w+: .*(?=\)$)", "", written), returns

    app.connect("autodoc-skip-member", on_member)
    app.connect("autodoc-process-signature", on_signature)
    app.connect("source-read", on_page)
    app.connect("include-read", on_include)
