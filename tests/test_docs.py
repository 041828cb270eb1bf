"""Every command of the README and the docs runs: a `console` block is typed as it stands, page by page."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stancebench.paths import CHECKOUT

PAGES = sorted([CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *(CHECKOUT / "docs").glob("*.md")])

CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def commands(page: Path) -> list[str]:
    """Return the typed lines of a page's console blocks; a backslash joins a line to the next."""
    blocks = CONSOLE.findall(page.read_text(encoding="utf-8"))
    joined = "\n".join(blocks).replace("\\\n", " ")
    return [line.removeprefix("$ ") for line in joined.splitlines() if line.startswith("$ ")]


@pytest.mark.skipif(sys.platform == "win32", reason="the pages are written for a POSIX shell")
@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in commands(page):
        code, _, expected = command.partition("  # exit ")
        done = subprocess.run(
            ["bash", "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == int(expected or 0), f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_the_readme_shows_rows_of_the_published_table() -> None:
    published = cells((CHECKOUT / "results" / "baselines" / "table.md").read_text(encoding="utf-8"))
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    header, *shown = cells(readme.split("## The table")[1].split("## From here")[0])
    columns = [published[0].index(name) for name in header]
    rows = [[row[i] for i in columns] for row in published[1:]]
    for line in shown:
        assert line in rows, f"README shows {line}, which is not published"
    assert max(rows, key=lambda row: float(row[header.index("f_avg_macro")].split()[0])) in shown
    assert {"holder_prior", "majority"} <= {line[0] for line in shown}


def cells(page: str) -> list[list[str]]:
    """Return the cells of a page's table, without its rule."""
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| ")]
    return [line for line in lines if set(line[0]) != {"-"}]


def test_the_corpus_card_states_the_counted_figures() -> None:
    folder = CHECKOUT / "corpora" / "coverage"
    card = (folder / "README.md").read_text(encoding="utf-8")
    statistics = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    stated = re.findall(r"<!-- stat:(\w+) -->(.*?)<!-- /stat -->", card)
    assert {name for name, _ in stated} >= {"sentences", "judgements", "multi_holder_sentences", "passages", "alpha"}
    for name, figure in stated:
        assert float(figure.replace(",", "")) == statistics[name], f"the card states {name} {figure}"


def test_the_corpus_card_says_how_far_the_shortcut_goes() -> None:
    card = " ".join((CHECKOUT / "corpora" / "coverage" / "README.md").read_text(encoding="utf-8").split())
    with (CHECKOUT / "results" / "baselines" / "table.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    headline = [row for row in rows if row["score"] == "f_avg_macro"]
    best = max(headline, key=lambda row: float(row["value"]))
    (prior,) = (r for r in headline if (r["model"], r["level"], r["gated"]) == ("holder_prior", "holder", "True"))
    (counter,) = (r for r in rows if r["records"] == best["records"] and r["score"] == "counter_prior_accuracy")
    low, high = 100 * float(best["low"]), 100 * float(best["high"])
    assert f"scores {100 * float(prior['value']):.1f} (f_avg_macro" in card
    assert f"scores {100 * float(best['value']):.1f} with an interval of [{low:.1f}, {high:.1f}]" in card
    assert f"right on {100 * float(counter['value']):.1f}% of the judgements" in card
    assert (low <= 100 * float(prior["value"])) == ("The shortcut is not beaten" in card)


def test_the_lock_names_no_host_and_one_version_of_each_package() -> None:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock, "the lock names a package host"
    names = re.findall(r"^([a-z0-9._-]+)==\S+", lock, re.MULTILINE)
    assert len(names) == len(set(names))
    assert {"scikit-learn", "mlflow", "hydra-core", "uv"} <= set(names)
    assert lock.count("--hash=sha256:") >= len(names)


def test_the_page_of_the_protocols_quotes_a_committed_reason() -> None:
    page = (CHECKOUT / "docs" / "protocols.md").read_text(encoding="utf-8")
    (quoted,) = re.findall(r"^declined  (.+)$", page, re.MULTILINE)
    assert quoted in (CHECKOUT / "results" / "protocols" / "table.md").read_text(encoding="utf-8")
