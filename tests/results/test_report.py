"""The committed report says what the committed table says."""

from __future__ import annotations

import csv
import re

from stancebench.paths import CHECKOUT

FOLDER = CHECKOUT / "results" / "baselines"

THEN = "type `stancebench report baselines --publish --probes`"


def test_the_report_has_the_numbers_of_the_table() -> None:
    with (FOLDER / "table.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    with (FOLDER / "tables" / "results.csv").open(encoding="utf-8") as file:
        shown = list(csv.DictReader(file))
    scores = dict.fromkeys(line["score"] for line in table)
    for score in scores:
        stated = sorted(line["value"] for line in table if line["score"] == score)
        assert sorted(line[score] for line in shown) == stated, f"the report is of other records: {THEN}"


def test_the_report_names_the_committed_records() -> None:
    page = (FOLDER / "report.html").read_text(encoding="utf-8")
    for path in (FOLDER / "records").glob("*.json"):
        assert path.stem in page, f"{path.stem} is not on the page: {THEN}"


def test_every_figure_is_an_svg_and_a_png_and_every_table_three_files() -> None:
    page = (FOLDER / "report.html").read_text(encoding="utf-8")
    figures = re.findall(r'<figure id="figure-([^"]*)"', page)
    assert len(figures) > 10
    for name in figures:
        assert (FOLDER / "figures" / f"{name}.svg").is_file()
        assert (FOLDER / "figures" / f"{name}.png").is_file()
    for path in (FOLDER / "tables").glob("*.csv"):
        assert path.with_suffix(".md").is_file()
        assert path.with_suffix(".tex").is_file()
