"""The mirror set: sentences of a corpus with their actors exchanged, judged afresh, and how often a stance flips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stancebench.corpora.agreement import LEVEL
from stancebench.corpora.files import CorpusFiles
from stancebench.corpora.judgements import Judged, read_judgements
from stancebench.corpora.reading import Located, read_json_lines, refuse_repeated
from stancebench.corpora.schema import Mirrored
from stancebench.errors import CorpusError, unknown
from stancebench.paths import shown
from stancebench.vocabulary import stance_of

MIRROR = "mirror"
"""folder of a corpus's mirror set"""


@dataclass(frozen=True)
class Mirror:
    """The checked rows of a mirror set."""

    folder: Path
    sentences: tuple[Mirrored, ...]
    judgements: tuple[Judged, ...]


def read_mirror(files: CorpusFiles) -> Mirror | None:
    """Return the mirror set of a corpus, or None where it has none.

    Raises
    ------
    CorpusError
        names file, line and column of the first fault
    """
    folder = files.folder / MIRROR
    if not folder.is_dir():
        return None
    path = folder / "sentences.jsonl"
    rows = read_json_lines(path, Mirrored)
    refuse_repeated(path, "id", [Located(line, row.id) for line, row in rows])
    known = {s.id for s in files.sentences}
    for line, row in rows:
        if row.original not in known:
            where = f"{shown(path)} line {line}, column original"
            raise CorpusError(f"{where}: {unknown('sentence', row.original, known)}")
    lines, judgements = read_judgements(folder / "judgements.csv")
    mirrored = {row.id for _, row in rows}
    for line, judged in zip(lines, judgements, strict=True):
        if judged.sentence_id not in mirrored:
            where = f"{shown(folder / 'judgements.csv')} line {line}, column sentence_id"
            raise CorpusError(f"{where}: no sentence {judged.sentence_id!r} in {MIRROR}/sentences.jsonl.")
    return Mirror(folder, tuple(row for _, row in rows), tuple(judgements))


@dataclass(frozen=True)
class Pair:
    """One judgement and its mirror image; the image is absent where its holder was not found in the mirrored text."""

    sentence_id: str
    holder: str
    target: str
    stance: str
    mirrored: str


def pairs(files: CorpusFiles, mirror: Mirror) -> Iterator[Pair]:
    """Yield each addressed judgement of a mirrored sentence with the stance that its mirror image was given."""
    of: dict[str, list[Judged]] = {}
    for row in files.judgements:
        of.setdefault(row.sentence_id, []).append(row)
    images = {(row.sentence_id, row.holder, row.target): stance_of(row.label) for row in mirror.judgements}
    for sentence in mirror.sentences:
        for row in of[sentence.original]:
            if row.label != "absent":
                holder = sentence.exchange.get(row.holder, row.holder)
                image = images.get((sentence.id, holder, row.target), "none")
                yield Pair(sentence.original, row.holder, row.target, stance_of(row.label), image)


def flip_rate(files: CorpusFiles, mirror: Mirror) -> dict[str, Any]:
    """Return how often an exchange of actors changes the stance.

    Returns
    -------
    dict
        ``sentences``, ``judgements`` (addressed ones), ``flips``, ``flip_rate`` and its ``low`` and ``high``: Wilson's
        interval of a proportion, which takes judgements as independent
    """
    from scipy.stats import binomtest

    compared = list(pairs(files, mirror))
    flips = sum(pair.stance != pair.mirrored for pair in compared)
    found: dict[str, Any] = {"sentences": len(mirror.sentences), "judgements": len(compared), "flips": flips}
    if not compared:
        return found | {"flip_rate": None, "low": None, "high": None}
    low, high = binomtest(flips, len(compared)).proportion_ci(LEVEL, method="wilson")
    rates = {"flip_rate": flips / len(compared), "low": low, "high": high}
    return found | {name: round(float(value), 4) for name, value in rates.items()}
