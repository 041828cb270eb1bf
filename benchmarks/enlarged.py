"""A corpus of edition 1.0's size for timing: `coverage`, each sentence six times with half its words exchanged."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np

from stancebench.corpora.check import write_generated
from stancebench.corpora.load import corpus_folder

COPIES = 6


def enlarge(folder: Path, copies: int = COPIES) -> Path:
    """Write the enlarged corpus into a folder and return it; its sentences mean nothing."""
    source = corpus_folder("coverage")
    folder.mkdir()
    for name in ("corpus.yaml", "targets.yaml", "holders.csv"):
        shutil.copy(source / name, folder)
    rng = np.random.default_rng(0)
    sentences = [json.loads(line) for line in (source / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]
    words = np.array(sorted({w for s in sentences for w in s["text"].split()}))
    with (folder / "sentences.jsonl").open("w", encoding="utf-8") as file:
        for s in sentences:
            for k in range(copies):
                old = np.array(s["text"].split())
                new = np.where(rng.random(len(old)) < 0.5, old, rng.choice(words, len(old)))
                changed = {
                    "id": f"{s['id']}-{k}",
                    "text": " ".join(new),
                    "passage_ids": [],
                    "event_id": f"{s['id']}-{k}",
                }
                file.write(json.dumps(s | changed) + "\n")
    for name in ("judgements.csv", "splits/official.csv"):
        (folder / name).parent.mkdir(exist_ok=True)
        with (
            (source / name).open(encoding="utf-8") as old_file,
            (folder / name).open("w", encoding="utf-8") as new_file,
        ):
            rows = csv.reader(old_file)
            writer = csv.writer(new_file, lineterminator="\n")
            writer.writerow(next(rows))
            writer.writerows([f"{row[0]}-{k}", *row[1:]] for row in rows for k in range(copies))
    write_generated(folder)
    return folder
