"""A small synthetic corpus, written as files: stances follow words, and more weakly who speaks."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import yaml

from stancebench.corpora.check import write_generated

TARGETS = {"sun": "the Sun", "moon": "the Moon"}
HOLDERS = {"AAA": "EAST", "BBB": "EAST", "CCC": "WEST"}
WORDS = {"favor": "praised", "against": "blamed", "neutral": "mentioned"}
SYLLABLES = ("ba", "ke", "lim", "mor", "nu", "pra", "sol", "ti", "ver", "zan", "dro", "fig")
JUDGEMENT_COLUMNS = ("sentence_id", "holder", "target", "label", "explicitness", "principal", "tags", "regime")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_corpus(folder: Path, n: int = 200, seed: int = 0) -> Path:
    """Write a corpus of n sentences with one holder each, two targets, an event of its own each; return the folder."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    declaration = {
        "name": folder.name,
        "version": "0.1",
        "title": "A synthetic corpus",
        "description": "Made by a test.",
        "licence": "CC0-1.0",
        "language": "en",
        "citation": "none",
        "annotation": "drawn at random",
    }
    (folder / "corpus.yaml").write_text(yaml.safe_dump(declaration), encoding="utf-8")
    targets = [{"id": t, "name": n, "definition": n, "explicit": [n.split()[1]]} for t, n in TARGETS.items()]
    (folder / "targets.yaml").write_text(yaml.safe_dump(targets), encoding="utf-8")
    write_csv(
        folder / "holders.csv",
        ("code", "name", "bloc", "valid_from", "valid_to", "basis"),
        [(code, code.title(), bloc, "", "", "by definition") for code, bloc in HOLDERS.items()],
    )
    sentences, judgements, splits = [], [], []
    for i in range(n):
        holder = list(HOLDERS)[int(rng.integers(3))]
        named = list(TARGETS)[int(rng.integers(2))]
        habit = "favor" if HOLDERS[holder] == "WEST" else "against"
        label = habit if rng.random() < 0.6 else str(rng.choice(["favor", "against", "neutral"]))
        where = ["".join(rng.choice(SYLLABLES, size=3)).title() for _ in range(5)]
        text = f"{holder.title()} {WORDS[label]} the {TARGETS[named].split()[1]} number {i} near {', '.join(where)}."
        sentences.append(
            {
                "id": f"t-{i:04d}",
                "text": text,
                "event_id": f"e{i:04d}",
                "passage_ids": [],
                "date": "2024-01-01",
                "register": "wire",
                "attribution": "indirect",
                "batch": "1",
                "tags": [],
            }
        )
        for target in TARGETS:
            given = label if target == named else "absent"
            explicit = "" if given == "absent" else "explicit"
            judgements.append((f"t-{i:04d}", holder, target, given, explicit, "yes", "", ""))
        splits.append((f"t-{i:04d}", "train" if i % 10 < 4 else "dev" if i % 10 == 4 else "test"))
    lines = "".join(json.dumps(s) + "\n" for s in sentences)
    (folder / "sentences.jsonl").write_text(lines, encoding="utf-8")
    write_csv(folder / "judgements.csv", JUDGEMENT_COLUMNS, judgements)
    write_csv(folder / "splits" / "official.csv", ("sentence_id", "split"), splits)
    write_generated(folder)
    return folder


def write_contrasts(folder: Path, n: int = 12) -> None:
    """Add to a corpus of `write_corpus` the contrast of n test sentences: favor becomes against and the reverse."""
    sentences = [json.loads(line) for line in (folder / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]
    with (folder / "judgements.csv").open(encoding="utf-8", newline="") as file:
        judged = [row for row in csv.DictReader(file) if row["label"] in ("favor", "against")]
    with (folder / "splits" / "official.csv").open(encoding="utf-8", newline="") as file:
        test = {row["sentence_id"] for row in csv.DictReader(file) if row["split"] == "test"}
    text = {s["id"]: s["text"] for s in sentences}
    changed, judgements = [], []
    for row in [row for row in judged if row["sentence_id"] in test][:n]:
        original = row["sentence_id"]
        other = {"favor": "against", "against": "favor"}[row["label"]]
        new = text[original].replace(WORDS[row["label"]], WORDS[other])
        changed.append({"id": f"{original}c", "text": new, "original": original, "change": "negation", "batch": "c"})
        for target in TARGETS:
            label = other if target == row["target"] else "absent"
            explicit = "" if label == "absent" else "explicit"
            judgements.append((f"{original}c", row["holder"], target, label, explicit, "yes", "", ""))
    (folder / "contrast").mkdir()
    lines = "".join(json.dumps(s) + "\n" for s in changed)
    (folder / "contrast" / "sentences.jsonl").write_text(lines, encoding="utf-8")
    write_csv(folder / "contrast" / "judgements.csv", JUDGEMENT_COLUMNS, judgements)
    write_generated(folder)
