"""A made-up corpus in which every protocol can take part, in memory and as files, of any size and shape."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import yaml
from hypothesis import strategies as st

from stancebench.corpora.check import write_generated
from stancebench.corpora.components import components
from stancebench.corpora.content import content_hash
from stancebench.corpora.corpus import KEY, TABLE_COLUMNS, Corpus
from stancebench.corpora.schema import SourceRow, Target
from stancebench.protocols import Fold
from stancebench.vocabulary import Label, stance_of
from tests.corpus_files import JUDGEMENT_COLUMNS, write_csv

T = TypeVar("T")

TARGETS = ("sun", "moon", "star")
HOLDERS = {"AAA": "EAST", "BBB": "EAST", "CCC": "WEST", "DDD": "NORTH"}
FAMILIES = ("ungdc", "gazette", "radio")
SAID = {"favor": "praised", "against": "blamed", "neutral": "mentioned"}
SYLLABLES = ("ba", "ke", "lim", "mor", "nu", "pra", "sol", "ti", "ver", "zan", "dro", "fig")
PARTS = ("train", "dev", "test")


@dataclass(frozen=True)
class Made:
    """One made-up sentence with its judgements."""

    id: str
    text: str
    event: str
    documents: tuple[tuple[str, str], ...]
    """family of sources and document of each passage"""
    date: str
    labels: Mapping[tuple[str, str], Label]
    """by holder and target"""
    split: str = ""

    @property
    def principal(self) -> str:
        """The first holder; every ninth sentence has none."""
        return "" if int(self.id[2:]) % 9 == 8 else next(iter(self.labels))[0]


@dataclass(frozen=True)
class Shape:
    """What a made-up corpus looks like; shares lie between 0 and 1."""

    n: int = 420
    seed: int = 0
    targets: tuple[str, ...] = TARGETS
    holders: tuple[str, ...] = tuple(HOLDERS)
    families: tuple[str, ...] = FAMILIES
    second_holder: float = 0.3
    shared_event: float = 0.3
    shared_document: float = 0.1
    second_family: float = 0.15
    absent: float = 0.15
    dates: tuple[str, ...] = tuple(
        f"{year}{day}" for year in range(2019, 2025) for day in ("-01-15", "-02", "-02-24", "-09-20", "")
    )
    split: Mapping[str, float] = field(default_factory=lambda: {"train": 0.6, "dev": 0.1, "test": 0.3})
    """share of each part; empty for a corpus without a split"""


class Chance:
    """Draws from ``random.random`` only: the one stream that Python keeps the same in every version."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def happens(self, share: float) -> bool:
        return self._random() < share

    def of(self, things: Sequence[T]) -> T:
        return things[int(self._random() * len(things))]


def make(shape: Shape = Shape()) -> list[Made]:
    """Return the sentences of a corpus; whole split units stand in one part."""
    chance = Chance(shape.seed)
    made: list[Made] = []
    for i in range(shape.n):
        earlier = chance.of(made) if made else None
        event = earlier.event if earlier and chance.happens(shape.shared_event) else f"e{i:04d}"
        families = [chance.of(shape.families)]
        if chance.happens(shape.second_family):
            families.append(chance.of(shape.families))
        documents = [(family, f"d{i:04d}-{j}") for j, family in enumerate(families)]
        if earlier and chance.happens(shape.shared_document):
            documents[0] = earlier.documents[0]
        holders = [chance.of(shape.holders)]
        if chance.happens(shape.second_holder):
            holders.append(chance.of(shape.holders))
        asked = [(holder, target) for holder in dict.fromkeys(holders) for target in shape.targets]
        labels = {pair: _label(chance, shape.absent) for pair in asked}
        made.append(Made(f"m-{i:04d}", _text(chance, labels), event, tuple(documents), chance.of(shape.dates), labels))
    return _split(made, shape) if shape.split else made


def _label(chance: Chance, absent: float) -> Label:
    labels: tuple[Label, ...] = ("favor", "against", "against", "favor", "neutral")
    return "absent" if chance.happens(absent) else chance.of(labels)


def _text(chance: Chance, labels: Mapping[tuple[str, str], Label]) -> str:
    said: dict[str, list[str]] = defaultdict(list)
    for (holder, target), label in labels.items():
        if label != "absent":
            said[holder].append(f"{SAID[label]} {target.title()}")
    where = ["".join(chance.of(SYLLABLES) for _ in range(4)).title() for _ in range(8)]
    claims = [f"{holder.title()} {' and '.join(parts)}" for holder, parts in said.items()] or ["They met"]
    return f"{', but '.join(claims)} near {', '.join(where)}."


def units(made: Iterable[Made]) -> dict[str, str]:
    """Return the split unit of each sentence."""
    return components({m.id: [f"event:{m.event}", *(document for _, document in m.documents)] for m in made})


def _split(made: Sequence[Made], shape: Shape) -> list[Made]:
    unit = units(made)
    chance = Chance(shape.seed + 1)
    part = {}
    for name in sorted(set(unit.values())):
        left = chance.of(range(1000)) / 1000
        for candidate, share in shape.split.items():
            part[name] = candidate
            left -= share
            if left < 0:
                break
    return [replace(m, split=part[unit[m.id]]) for m in made]


def declared(shape: Shape) -> tuple[Target, ...]:
    """Return the targets as a corpus declares them."""
    return tuple(Target(id=t, name=t, definition=t, explicit=(t.title(),)) for t in shape.targets)


def in_memory(made: Sequence[Made], shape: Shape = Shape(), **fields: Any) -> Corpus:
    """Return the corpus; ``fields`` are those of `Corpus` that differ from the defaults."""
    unit = units(made)
    rows = [
        {
            **dict.fromkeys(TABLE_COLUMNS, ""),
            "sentence_id": m.id,
            "holder": holder,
            "target": target,
            "text": m.text,
            "label": label,
            "stance": stance_of(label),
            "explicitness": "" if label == "absent" else "explicit",
            "principal": "yes" if holder == m.principal else "no",
            "bloc": HOLDERS[holder],
            "split": m.split,
            "group": unit[m.id],
            "event": m.event,
            "document": min(d for _, d in m.documents),
            "date": m.date,
            "register": "wire",
            "attribution": "indirect",
            "batch": "1",
            "source": " ".join(sorted({family for family, _ in m.documents})),
        }
        for m in made
        for (holder, target), label in m.labels.items()
    ]
    table = pd.DataFrame(rows, columns=list(TABLE_COLUMNS)).sort_values(list(KEY), kind="stable", ignore_index=True)
    targets = declared(shape)
    return Corpus(
        **{
            "name": "made",
            "version": "0.1",
            "targets": targets,
            "table": table,
            "content_hash": content_hash(table, targets),
            "titles": {},
            **fields,
        }
    )


def on_disk(folder: Path, made: Sequence[Made], shape: Shape = Shape()) -> Path:
    """Write the corpus as files; return the folder."""
    folder.mkdir(parents=True)
    words = ("title", "description", "licence", "citation", "annotation")
    declaration = {"name": folder.name, "version": "0.1", "language": "en"} | {word: f"some {word}" for word in words}
    (folder / "corpus.yaml").write_text(yaml.safe_dump(declaration), encoding="utf-8")
    targets = [json.loads(t.model_dump_json()) for t in declared(shape)]
    (folder / "targets.yaml").write_text(yaml.safe_dump(targets), encoding="utf-8")
    write_csv(
        folder / "holders.csv",
        ("code", "name", "bloc", "valid_from", "valid_to", "basis"),
        [(code, code.title(), bloc, "", "", "by definition") for code, bloc in HOLDERS.items()],
    )
    passages = sorted({passage for m in made for passage in m.documents})
    write_csv(
        folder / "sources.csv",
        tuple(SourceRow.model_fields),
        [(f"{f}:{d}", f"{f}_2019", d, "2019", *[""] * 8) for f, d in passages],
    )
    lines = [
        {
            "id": m.id,
            "text": m.text,
            "event_id": m.event,
            "date": m.date,
            "batch": "1",
            "tags": [],
            "passage_ids": [f"{f}:{d}" for f, d in m.documents],
            "register": "wire",
            "attribution": "indirect",
        }
        for m in made
    ]
    (folder / "sentences.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    write_csv(
        folder / "judgements.csv",
        JUDGEMENT_COLUMNS,
        [
            (m.id, h, t, label, "" if label == "absent" else "explicit", "yes" if h == m.principal else "no", "", "")
            for m in made
            for (h, t), label in m.labels.items()
        ],
    )
    if any(m.split for m in made):
        write_csv(folder / "splits" / "official.csv", ("sentence_id", "split"), [(m.id, m.split) for m in made])
    write_generated(folder)
    return folder


def shapes(*, split: bool = True, smallest: int = 10, largest: int = 300) -> st.SearchStrategy[Shape]:
    """Return random shapes: some corpora are large enough for a protocol, some are not."""
    share = st.sampled_from([0.0, 0.1, 0.5])
    some = st.sampled_from([2, 3])
    return st.builds(
        Shape,
        n=st.integers(smallest, largest),
        seed=st.integers(0, 10_000),
        targets=some.map(lambda n: TARGETS[:n]),
        holders=some.map(lambda n: tuple(HOLDERS)[-n:]),
        families=some.map(lambda n: FAMILIES[:n]),
        second_holder=share,
        shared_event=share,
        shared_document=st.sampled_from([0.0, 0.1]),
        second_family=share,
        absent=share,
        split=st.just({"train": 0.6, "dev": 0.1, "test": 0.3} if split else {}),
    )


Ids = set[tuple[str, str, str]]


def ids(rows: pd.DataFrame) -> Ids:
    """Return the keys of rows, which are distinct."""
    keys = list(zip(*(rows[c] for c in KEY), strict=True))
    assert len(set(keys)) == len(keys)
    return set(keys)


def by_id(rows: pd.DataFrame, folds: Iterable[Fold]) -> dict[str, dict[str, Ids]]:
    """Return folds as names and keys, whatever the order of rows."""
    return {fold.name: {part: ids(rows.iloc[getattr(fold, part)]) for part in PARTS} for fold in folds}


def shuffled(rows: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return rows in another order, numbered afresh."""
    return rows.sample(frac=1, random_state=seed).reset_index(drop=True)
