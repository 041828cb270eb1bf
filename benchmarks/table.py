"""A labelled file of 100,000 rows as a checked corpus against `pandas.read_csv`; the search for near-duplicates."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from paired import ratio, report
from stancebench.corpora.duplicates import near_duplicates
from stancebench.corpora.table import load_table
from stancebench.corpora.table_source import read_source

ROWS = 100_000
SEARCHED = 20_000
"""sentences of the second search, so that its growth shows"""


def texts(n: int, seed: int = 0) -> list[str]:
    """Return texts of 18 words with the frequencies of a language (Zipf), one in 50 a copy with one word changed."""
    rng = np.random.default_rng(seed)
    letters = list("etaoinshrdlucmfwyp")
    words = np.array(["".join(rng.choice(letters, rng.integers(2, 10))) for _ in range(30_000)])
    chances = 1 / np.arange(1, len(words) + 1)
    drawn = rng.choice(len(words), size=(n, 18), p=chances / chances.sum())
    copies = np.flatnonzero(rng.random(n) < 0.02)[1:]
    drawn[copies] = drawn[copies - 1]
    drawn[copies, rng.integers(0, 18, len(copies))] = rng.integers(0, len(words), len(copies))
    return [" ".join(row) for row in words[drawn]]


def seconds(work: Callable[[], object]) -> Callable[[], float]:
    """Return a function that does the work once and returns how long it took."""

    def timed() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return timed


def main() -> None:
    rng = np.random.default_rng(1)
    told = texts(ROWS)
    table = pd.DataFrame(
        {
            "id": [f"t{i}" for i in range(ROWS)],
            "text": told,
            "target": rng.choice(["pier", "market", "harbour", "toll"], ROWS),
            "stance": rng.choice(["favor", "against", "none"], ROWS),
            "split": rng.choice(["train", "dev", "test"], ROWS),
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        table.to_csv("mine.csv", index=False)
        plain = seconds(lambda: pd.read_csv("mine.csv"))
        for name, identified in (("an id column", "id"), ("ids made from the texts", "")):
            columns = {"split": "split", "id": identified}
            source = read_source({"name": "mine", "files": ["mine.csv"], "columns": columns})
            figures = ratio(seconds(lambda source=source: load_table(source)), plain, rounds=15)  # type: ignore[misc]
            report(f"{ROWS:,} rows with {name} / pandas.read_csv", "at most 3", figures)
        os.chdir(Path(__file__).parent)
    for n in (SEARCHED, ROWS):
        start = time.perf_counter()
        found = near_duplicates([f"t{i}" for i in range(n)], told[:n])
        figures = {"ours_s": round(time.perf_counter() - start, 1), "pairs": float(len(found))}
        report(f"near-duplicates among {n:,} sentences", "minutes at most", figures)


if __name__ == "__main__":
    main()
