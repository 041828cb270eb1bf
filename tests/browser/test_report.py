"""The report of the baselines opened, clicked and photographed in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

CHARTS = (
    "headline",
    "difference_to_prior",
    "difference_to_best",
    "ranks_text_holder",
    "ranks_masked",
    "ranks_text",
    "slices",
    "reliability_favor",
    "reliability_against",
    "reliability_none",
    "risk_coverage",
    "learning",
    "audits",
)
"""figures that stand on the page"""

TABLES = (
    "results",
    "differences",
    "ranks",
    "confusion",
    "slices",
    "reliability",
    "risk",
    "learning",
    "audits",
    "checks",
    "commands",
)
"""sections that hold a table"""

VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1200, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light", "has_touch": True},
    "dark phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "has_touch": True},
}

BOTH = ("light", "dark phone")
"""views that together have every colour and every width"""

OPEN_ALL = "for (const details of document.querySelectorAll('details')) details.open = true"

Open = Callable[[str], Page]


@pytest.fixture
def told() -> list[str]:
    """What the browser asked for and complained of."""
    return []


@pytest.fixture
def opened(browser: Browser, report: Path, told: list[str]) -> Iterator[Open]:
    """Opens the report in a view."""
    contexts = []

    def show(view: str) -> Page:
        context = browser.new_context(**VIEWS[view])
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: told.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto((report / "report.html").as_uri())
        return page

    yield show
    for context in contexts:
        context.close()


def test_it_opens_without_a_request_or_a_complaint(opened: Open, report: Path, told: list[str]) -> None:
    opened("light")
    assert told == [(report / "report.html").as_uri()]


@pytest.mark.parametrize("view", BOTH)
def test_every_chart_and_table_is_there(opened: Open, view: str) -> None:
    page = opened(view)
    for name in CHARTS:
        figure = page.locator(f"#figure-{name}")
        shown = figure.locator("svg:visible")
        assert shown.count() == 1, name
        assert shown.get_attribute("aria-label"), name
        assert shown.locator("path, line, text").count() > 10, name
        # Nothing of a drawing is one flat colour.
        assert len(figure.screenshot()) > 2_000, name
    for section in TABLES:
        assert page.locator(f"#{section} table").count() > 0, section
    assert page.locator("figure").count() == len(CHARTS)


def test_the_page_is_no_wider_than_a_phone(opened: Open, bare_report: Path) -> None:
    page = opened("phone")
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.goto((bare_report / "report.html").as_uri())
    assert page.locator(".missing").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("view", BOTH)
def test_nothing_serious_stands_in_the_way_of_anybody(opened: Open, view: str) -> None:
    page = opened(view)
    page.evaluate(OPEN_ALL)
    assert serious(page) == []


def test_the_check_of_accessibility_finds_what_is_wrong(opened: Open) -> None:
    page = opened("light")
    page.evaluate("document.querySelector('.lead').style.color = '#cccccc'")
    page.evaluate("document.querySelector('figure svg').removeAttribute('aria-label')")
    assert {fault.partition(":")[0] for fault in serious(page)} == {"color-contrast", "svg-img-alt"}


def serious(page: Page) -> list[str]:
    """Return what keeps somebody from reading the page."""
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['target']}: {v['nodes'][0].get('failureSummary')}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def first_cells(page: Page) -> list[str]:
    return page.locator("#results tbody th").all_inner_texts()


def test_a_table_is_sorted_by_mouse_and_by_keyboard(opened: Open) -> None:
    page = opened("light")
    by_headline = first_cells(page)
    heads = page.locator("#results thead th")
    by_us = heads.nth(3).get_by_role("button")
    by_us.click()
    assert heads.nth(3).get_attribute("aria-sort") == "descending"
    values = [float(v or "nan") for v in page.locator("#results tbody td:nth-child(4)").evaluate_all(SORTED)]
    assert values == sorted(values, reverse=True)
    by_us.press("Enter")
    assert heads.nth(3).get_attribute("aria-sort") == "ascending"
    heads.nth(2).get_by_role("button").press("Enter")
    assert heads.nth(3).get_attribute("aria-sort") is None
    assert first_cells(page) == by_headline


SORTED = "cells => cells.map(cell => cell.dataset.sort)"


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_theme_is_the_reader_s_and_can_be_changed(opened: Open) -> None:
    light, dark = opened("light"), opened("dark")
    white, black = background(light), background(dark)
    assert white != black
    button = light.get_by_role("button", name="Theme")
    seen = []
    for _ in range(3):
        button.click()
        seen.append((button.inner_text(), background(light)))
    assert seen == [("Theme: light", white), ("Theme: dark", black), ("Theme: system", white)]
    button.click()
    button.click()
    light.reload()
    assert background(light) == black


def test_confusion_of_another_system_is_chosen(opened: Open) -> None:
    page = opened("light")
    choice = page.locator("#confusion select")
    assert page.locator("#confusion table:visible").count() == 4
    before = page.locator("#confusion .choice:visible td").all_inner_texts()
    choice.select_option(index=1)
    assert page.locator("#confusion table:visible").count() == 4
    assert page.locator("#confusion .choice:visible td").all_inner_texts() != before


def test_every_system_votes_on_the_sentences_that_are_shown(opened: Open) -> None:
    page = opened("light")
    systems = page.locator("#results tbody tr").count()
    assert page.locator("#wrong blockquote").count() == 12
    first = page.locator("#wrong article").first
    assert first.locator("li:visible").count() == 0
    first.locator("summary").press("Enter")
    assert first.locator("li:visible").count() == systems


def test_it_can_be_read_without_scripts(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((report / "report.html").as_uri())
    assert page.locator("#theme").is_hidden()
    assert page.locator("#confusion .choice h3").first.is_visible()
    context.close()
