"""TweetEval, stance: published predictions scored, and the SVM of its paper (Barbieri et al. 2020)."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from stancebench.files import sha256_of
from tests.commands import Cli
from tests.published.conftest import Fetched, read
from tests.published.runs import run_again

LABELS = {"0": "none", "1": "against", "2": "favor"}

PREDICTIONS = {
    "abortion": ("90dd3a4f928af81d", 65.2118),
    "atheism": ("69595b3bf6b9e1bb", 75.1496),
    "climate": ("1528f7da25beb760", 44.6215),
    "feminist": ("53b603c53684ecec", 59.9943),
    "hillary": ("466e2a85c0e4436f", 68.9560),
}
"""of each target: the beginning of the sha256 of the published file, and what it scores"""


def test_the_files_are_those_of_the_paper(fetched: Fetched) -> None:
    fetched("tweeteval_stance")
    table = read("tweeteval_stance").table
    counts = Counter(zip(table["target"], table["split"], strict=True))
    sizes = {
        "abortion": (587, 66, 280),
        "atheism": (461, 52, 220),
        "climate": (355, 40, 169),
        "feminist": (597, 67, 285),
        "hillary": (620, 69, 295),
    }
    for target, expected in sizes.items():
        assert tuple(counts[target, split] for split in ("train", "dev", "test")) == expected


def test_published_figures_come_out(fetched: Fetched, cli: Cli, home: Path) -> None:
    fetched("tweeteval_stance")
    figures = run_again(cli, "tweeteval", read("tweeteval_stance"), home)
    assert {f["published"] for f in figures} == {67.3}
    for figure in figures:
        assert abs(figure["ours"] - 67.3) < 1.0
        assert figure["verdict"] == "inside"


def test_published_predictions_score_what_they_are_known_to(fetched: Fetched, cli: Cli, tmp_path: Path) -> None:
    folder = fetched("tweeteval_stance")
    table = read("tweeteval_stance").table
    test = table[table["split"] == "test"]
    file = tmp_path / "roberta.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["sentence_id", "target", "stance"])
        for target, (sha256, _) in PREDICTIONS.items():
            path = folder / "predictions" / f"{target}.txt"
            if not path.is_file():
                pytest.skip(f"{path} is not there: docs/published.md says how to fetch it")
            assert sha256_of(path.read_bytes()).startswith(sha256)
            predicted = [LABELS[label] for label in path.read_text(encoding="utf-8").split()]
            lines = (folder / target / "test_text.txt").read_text(encoding="utf-8").split("\n")[: len(predicted)]
            mine = test[test["target"] == target]
            # A tweet that stands twice was predicted alike both times.
            ids: dict[str, list[str]] = {}
            for text, sentence in zip(mine["text"], mine["sentence_id"], strict=True):
                ids.setdefault(text, []).append(sentence)
            for line, stance in zip(lines, predicted, strict=True):
                writer.writerow([ids[line.strip().removesuffix("#SemST").strip()].pop(), target, stance])
    result = cli("score", str(file), "--corpus", "tweeteval_stance", "--mode", "semeval", "--json")
    assert result.code == 0, result.err
    scores = {(s["score"], s["target"], s["stance"]): s["value"] for s in json.loads(result.out)["scores"]}
    for target, (_, known) in PREDICTIONS.items():
        assert round(100 * scores["f_avg", target, ""], 4) == known
    assert round(100 * scores["f_avg_pooled", "", ""], 4) == 72.4363
    assert round(100 * scores["f_avg_macro", "", ""], 4) == 62.7867
    assert round(100 * scores["macro_f1", "", ""], 4) == 69.6087
