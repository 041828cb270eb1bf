"""Made-up corpora, built in memory, in which one thing alone tells the stance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import TABLE_COLUMNS, Corpus
from stancebench.corpora.schema import Target
from stancebench.runs.evaluation import Prepared, prepare
from stancebench.tasks import Task

STANCES = ("favor", "against", "none")
SYLLABLES = ("ba", "ke", "lim", "mor", "nu", "pra", "sol", "ti", "ver", "zan", "dro", "fig")
TARGETS = tuple(
    Target(id=name, name=name.title(), definition=name, explicit=(name.title(),)) for name in ("sun", "moon")
)


def rows(n: int = 300, seed: int = 0) -> list[dict[str, Any]]:
    """Return judgements of which nothing tells the stance; each its own event and document."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        words = ["".join(rng.choice(SYLLABLES, size=4)).title() for _ in range(12)]
        made.append(
            dict.fromkeys(TABLE_COLUMNS, "")
            | {
                "sentence_id": f"s{i:04d}",
                "holder": str(rng.choice(["AAA", "BBB", "CCC"])),
                "bloc": "EAST",
                "target": str(rng.choice([t.id for t in TARGETS])),
                "text": " ".join(words),
                "stance": str(rng.choice(STANCES)),
                "split": "train" if i < n * 2 // 3 else "test",
                "group": f"g{i:04d}",
                "event": f"e{i:04d}",
                "document": f"d{i:04d}",
                "principal": "yes",
                "register": str(rng.choice(["wire", "headline", "briefing"])),
                "batch": str(rng.choice(["1", "2"])),
            }
        )
    return made


def prepared(made: Sequence[Mapping[str, Any]], *, open_targets: bool = False, protocol: str = "official") -> Prepared:
    """Return rows as a corpus under the task ``attributed``."""
    table = pd.DataFrame(made)[list(TABLE_COLUMNS)].sort_values(["sentence_id", "holder", "target"], ignore_index=True)
    table["label"] = table["stance"].replace("none", "neutral")
    corpus = Corpus("made", "0.1", TARGETS, table, "0" * 64, {}, None, open_targets=open_targets)
    return prepare(corpus, Task("attributed", "text"), protocol)
