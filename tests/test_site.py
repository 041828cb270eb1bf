"""The site builds without a warning and without a network, holds every page, and has an entry for every public name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from sphinx.util.inventory import InventoryFile

from stancebench.paths import CHECKOUT

DOCS = CHECKOUT / "docs"


class Resources(HTMLParser):
    """What a page loads by itself, and where its links lead."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get("href") if tag in ("a", "link") else given.get("src")
        if address is None:
            return
        # Of links in the head, only these are fetched; `canonical`, `search` and the like are names.
        fetched = {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch"} & set(
            (given.get("rel") or "").split()
        )
        if tag == "a":
            self.links.append(address)
        elif tag != "link" or fetched:
            self.loaded.append(address)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make docs` does, with a proxy that nobody answers at."""
    folder = tmp_path_factory.mktemp("site")
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(folder / "html")],
        env={**os.environ, **nowhere, "PYTHONPATH": str(CHECKOUT / "src")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


def pages(site: Path) -> list[Path]:
    return sorted(p for p in site.rglob("*.html") if "_static" not in p.parts)


def test_every_page_of_the_docs_is_in_the_site(site: Path) -> None:
    written = {p.relative_to(DOCS).with_suffix(".html") for p in DOCS.rglob("*.md")}
    assert written <= {p.relative_to(site) for p in pages(site)}


@pytest.mark.parametrize("room", ["stancebench.scoring", "stancebench.protocols", "stancebench"])
def test_every_public_name_of_a_room_has_an_entry(site: Path, room: str) -> None:
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    there = {name for kind, names in inventory.data.items() if kind.startswith("py:") for name in names}
    public = getattr(import_module(room), "__all__", [])
    assert not {f"{room}.{name}" for name in public} - there, "list it in a page of docs/api/"


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for page in pages(site):
        for address in Resources(page).loaded:
            assert not urlsplit(address).netloc, f"{page.name} loads {address}"
            if not address.startswith("data:"):
                assert (page.parent / unquote(urlsplit(address).path)).is_file(), f"{page.name} lacks {address}"
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"(url\(\s*[\"']?|@import\s+[\"'])(https?:)?//", text), f"{style.name} loads something"


def test_every_link_inside_the_site_leads_to_a_page_or_heading(site: Path) -> None:
    texts = {page: page.read_text(encoding="utf-8") for page in pages(site)}
    for page, text in texts.items():
        for address in Resources(page).links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert there.is_file(), f"{page.name} links to {address}"
            if parts.fragment and there.suffix == ".html":
                target = texts.get(there, text)
                assert f'id="{unquote(parts.fragment)}"' in target, f"{page.name} links to {address}"


def test_a_link_that_leaves_the_docs_leads_to_the_repository(site: Path) -> None:
    repository = "https://github.com/stancebench/stancebench/"
    seen = set()
    for page in pages(site):
        for address in Resources(page).links:
            found = re.fullmatch(rf"{repository}(?:blob|tree)/main/([^?#]+)(?:[?#].*)?", address)
            if found:
                seen.add(found[1])
                assert (CHECKOUT / unquote(found[1])).exists(), f"{page.name} links to {address}"
    assert {"README.md", "corpora/coverage/errata.md", "benchmarks/README.md"} <= seen


def test_a_card_or_changelog_that_is_shown_here_is_linked_here(site: Path) -> None:
    assert "corpora/coverage.html" in Resources(site / "corpus.html").links
    assert "The shortcut is not beaten" in (site / "corpora" / "coverage.html").read_text(encoding="utf-8")
    assert "0.1.0" in (site / "changelog.html").read_text(encoding="utf-8")


def test_a_page_names_no_path_of_the_machine_that_built_it(site: Path) -> None:
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        assert str(CHECKOUT) not in text, page.name
        assert str(Path.home()) not in text or Path.home() == Path("/"), page.name
