"""The files of a corpus joined into its judgement table."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from stancebench.corpora.components import components
from stancebench.corpora.content import hash_of_columns, hash_with
from stancebench.corpora.contrasts import known_pairs
from stancebench.corpora.corpus import KEY, TABLE_COLUMNS, Corpus
from stancebench.corpora.files import CorpusFiles, reference_faults, statistics_file, unsplit
from stancebench.corpora.holders import Blocs
from stancebench.corpora.judgements import Judged
from stancebench.errors import CorpusError
from stancebench.vocabulary import stance_of


def join(files: CorpusFiles) -> Corpus:
    """Join the files of a corpus into its judgement table.

    Raises
    ------
    CorpusError
        when a reference between files is broken, or a sentence has no split
    """
    for fault in (*reference_faults(files), *unsplit(files)):
        raise CorpusError(fault + ".")
    for fault in reference_faults(files.contrast) if files.contrast else ():
        raise CorpusError(fault + ".")
    documents = {row.passage_id: row.document for row in files.sources}
    links = {s.id: [f"event:{s.event_id or s.id}", *(documents[p] for p in s.passage_ids)] for s in files.sentences}
    groups = components(links)
    table = _table(files, groups)
    content = hash_of_columns(table, files.targets, files.actors)
    changed: dict[str, Any] = {}
    originals = files.contrast.originals if files.contrast else {}
    if files.contrast:
        constructed = _table(files.contrast, {s: groups[original] for s, original in originals.items()})
        content = hash_with(content, hash_of_columns(constructed, ()))
        changed = {"constructed": constructed.to_pandas()}
    declaration = files.declaration
    declared = known_pairs(declaration.contrast_pairs, {s.id for s in files.sentences}, files.folder)
    return Corpus(
        name=declaration.name,
        version=declaration.version,
        targets=files.targets,
        table=table.to_pandas(),
        content_hash=content,
        near_duplicates=_stated_near(files.folder, content),
        unit="event" if any(s.event_id or s.passage_ids for s in files.sentences) else "sentence",
        titles={"title": declaration.title, "licence": declaration.licence, "citation": declaration.citation},
        actors=files.actors,
        own_words=declaration.own_words,
        contrast_pairs=(*declared, *((original, sentence) for sentence, original in originals.items())),
        **changed,
    )


def _table(files: CorpusFiles, groups: Mapping[str, str]) -> Any:
    """Return the judgement table of checked files, sorted by its key, as an Arrow table."""
    blocs = Blocs(files.holders)
    documents = {row.passage_id: row.document for row in files.sources}
    families = {row.passage_id: source_family(row.source) for row in files.sources}
    # A changed sentence is of the event and the documents of its original, also where these have no name.
    alone = {s.id: files.originals.get(s.id, s.id) for s in files.sentences}
    split: Mapping[str, str] = files.splits.get(files.declaration.default_split, {})
    shared: dict[str, list[str]] = {
        "text": [s.text for s in files.sentences],
        "split": [split.get(s.id, "") for s in files.sentences],
        "group": [groups[s.id] for s in files.sentences],
        "event": [s.event_id or alone[s.id] for s in files.sentences],
        "document": [min((documents[p] for p in s.passage_ids), default=alone[s.id]) for s in files.sentences],
        "date": [s.date for s in files.sentences],
        "register": [s.register_ for s in files.sentences],
        "attribution": [s.attribution for s in files.sentences],
        "source": [" ".join(sorted({families[p] for p in s.passage_ids})) for s in files.sentences],
        "batch": [s.batch for s in files.sentences],
        "sentence_tags": [" ".join(s.tags) for s in files.sentences],
    }
    place = {s.id: i for i, s in enumerate(files.sentences)}
    judged = sorted(files.judgements, key=itemgetter(*map(Judged._fields.index, KEY)))
    of_sentence = pa.array([place[j.sentence_id] for j in judged], type=pa.int64())
    columns = {name: _strings(values).take(of_sentence) for name, values in shared.items()}
    dates = columns["date"].to_pylist()
    columns |= {name: _strings([row[i] for row in judged]) for i, name in enumerate(Judged._fields)}
    columns |= {
        "stance": _strings([stance_of(row.label) for row in judged]),
        "bloc": _strings([blocs[row.holder, date] for row, date in zip(judged, dates, strict=True)]),
        "judgement_tags": columns["tags"],
    }
    return pa.table({name: columns[name] for name in TABLE_COLUMNS})


def _strings(values: Sequence[str | None]) -> Any:
    return pa.array(values, type=pa.large_string())


def source_family(source: str) -> str:
    """Return a source's name as one word and without its years: editions of one source are one family.

    Examples
    --------
    >>> source_family("ungdc_1991_2013")
    'ungdc'
    """
    # Families of one sentence stand in one cell with spaces between them.
    return re.sub(r"(_\d{4})+$", "", "_".join(source.split()))


def _stated_near(folder: Path, content: str) -> tuple[tuple[str, str, float], ...] | None:
    """Return the near-duplicates that the statistics of this very content state, else None.

    The search costs as much as a small model; `corpus check` holds the statistics to the files.
    """
    try:
        stated = json.loads(statistics_file(folder).read_bytes())
        if stated["content_hash"] == content:
            return tuple((a, b, cosine) for a, b, cosine in stated["near_duplicates"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None
