"""A corpus folder read, checked row by row and joined into the judgement table."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from stancebench.corpora.actors import NARRATOR, read_actors
from stancebench.corpora.components import components
from stancebench.corpora.content import hash_of_columns
from stancebench.corpora.contrasts import known_pairs
from stancebench.corpora.corpus import KEY, TABLE_COLUMNS, Corpus
from stancebench.corpora.declared import no_folder
from stancebench.corpora.holders import Blocs, overlapping
from stancebench.corpora.judgements import Judged, read_judgements
from stancebench.corpora.reading import (
    Located,
    checked,
    located_rows,
    read_json_lines,
    read_text,
    read_yaml,
    read_yaml_list,
    refuse_repeated,
)
from stancebench.corpora.schema import (
    CorpusDeclaration,
    HolderRow,
    Sentence,
    SourceRow,
    SplitName,
    SplitRow,
    Target,
)
from stancebench.errors import CorpusError
from stancebench.files import sha256_of
from stancebench.paths import shipped, shown
from stancebench.vocabulary import stance_of

CHECKSUMS = "checksums.json"


def corpus_names() -> list[str]:
    """Return the names of the bundled corpora, sorted."""
    return sorted(p.parent.name for p in shipped("corpora").glob("*/corpus.yaml"))


def corpus_folder(name: str) -> Path:
    """Return the folder of a bundled corpus, or of a path that holds one.

    An edition may be named, as in ``coverage@0.1``: earlier ones stand in folders of that name, and the current edition
    in the folder without one.

    Raises
    ------
    UsageError
        when there is neither, also where a declared table has the name
    """
    # With a separator it is a path from here, not from the bundled corpora: ./coverage is a folder of the user's.
    if not {"/", "\\"} & set(name):
        bundled = shipped("corpora") / name
        if (bundled / "corpus.yaml").is_file():
            return bundled
        base, _, version = name.partition("@")
        current = shipped("corpora") / base
        if version and (current / "corpus.yaml").is_file() and read_declaration(current).version == version:
            return current
    if (Path(name) / "corpus.yaml").is_file():
        return Path(name)
    raise no_folder(name, corpus_names())


def typed(folder: Path) -> str:
    """Return how a corpus folder is named on the command line: bundled ones by name, others by path."""
    if folder == shipped("corpora") / folder.name:
        return folder.name
    path = shown(folder)
    return f"./{path}" if path in corpus_names() else path


@dataclass(frozen=True)
class CorpusFiles:
    """The checked rows of a corpus folder, as stored, and the lines they start on."""

    folder: Path
    declaration: CorpusDeclaration
    targets: tuple[Target, ...]
    sentences: tuple[Sentence, ...]
    judgements: tuple[Judged, ...]
    holders: tuple[HolderRow, ...]
    sources: tuple[SourceRow, ...]
    splits: dict[str, dict[str, SplitName]]
    judgement_lines: tuple[int, ...]
    split_lines: dict[str, dict[str, int]]
    actors: dict[str, tuple[str, ...]]

    @property
    def sentence_lines(self) -> dict[str, int]:
        """The line of each sentence."""
        return {s.id: line for line, s in enumerate(self.sentences, 1)}

    def place(self, name: str, line: int, column: str) -> str:
        """Return file, line and column, as every finding starts."""
        return f"{shown(self.folder / name)} line {line}, column {column}: "


def load_corpus(name: str = "coverage", *, verify: bool = True) -> Corpus:
    """Load a bundled corpus by name, or a corpus folder by path.

    Parameters
    ----------
    name : str, default="coverage"
        name of a bundled corpus, or path of a folder laid out like one
    verify : bool, default=True
        whether each file must have the checksum that ``checksums.json`` states

    Returns
    -------
    Corpus

    Raises
    ------
    UsageError
        when there is no such corpus
    CorpusError
        when a file is missing, broken or changed, or a row breaks a rule; names file, line, column

    Examples
    --------
    >>> corpus = load_corpus("coverage")
    >>> corpus.target_ids
    ('us', 'nato', 'sanctions', 'ukraine')
    """
    folder = corpus_folder(name)
    if verify:
        verify_checksums(folder)
    return join(read_files(folder))


def verify_checksums(folder: Path) -> None:
    """Refuse a corpus whose files are not those that ``checksums.json`` states.

    Raises
    ------
    CorpusError
        names the file, both checksums and what to do
    """
    for name, expected in stated_checksums(folder).items():
        path = folder / name
        try:
            found = sha256_of(path.read_bytes())
        except FileNotFoundError:
            raise CorpusError(f"{shown(path)} is missing, though {CHECKSUMS} lists it.") from None
        except OSError as e:
            raise CorpusError(f"{shown(path)} cannot be read, though {CHECKSUMS} lists it: {e.strerror}.") from e
        if found != expected:
            raise CorpusError(
                f"{shown(path)} has changed: its sha256 is {found[:16]}..., {CHECKSUMS} states {expected[:16]}... "
                "Restore the file, or, if the change is meant, type "
                f"`stancebench corpus check {typed(folder)} --write`."
            )


def stated_checksums(folder: Path) -> dict[str, str]:
    """Return what ``checksums.json`` states: sha256 by file name.

    Raises
    ------
    CorpusError
        when it is missing or no such object
    """
    path = folder / CHECKSUMS
    try:
        stated = json.loads(read_text(path))
    except ValueError:
        stated = None
    if not isinstance(stated, dict) or not all(isinstance(v, str) for v in stated.values()):
        raise CorpusError(
            f"{shown(path)}: an object of file names and sha256 is expected. "
            f"Type `stancebench corpus check {typed(folder)} --write` to write it afresh."
        )
    return stated


def read_declaration(folder: Path) -> CorpusDeclaration:
    """Return what ``corpus.yaml`` declares."""
    path = folder / "corpus.yaml"
    line, content = read_yaml(path)
    return checked(CorpusDeclaration, content, path, line)


def read_targets(path: Path) -> tuple[Target, ...]:
    """Return the targets of ``targets.yaml``, in the order declared; their ids must be distinct."""
    rows = read_yaml_list(path, Target, "targets")
    refuse_repeated(path, "id", [Located(line, t.id) for line, t in rows])
    return tuple(t for _, t in rows)


def read_sentences(path: Path) -> list[Sentence]:
    """Return the checked lines of ``sentences.jsonl``; their ids must be distinct."""
    rows = read_json_lines(path, Sentence)
    if not rows:
        raise CorpusError(f"{shown(path)} holds no sentence.")
    refuse_repeated(path, "id", [Located(line, s.id) for line, s in rows])
    return [s for _, s in rows]


def read_files(folder: Path) -> CorpusFiles:
    """Read and check every file of a corpus folder, each by itself.

    Raises
    ------
    CorpusError
        names file, line and column of the first fault
    """
    declaration = read_declaration(folder)
    targets = read_targets(folder / "targets.yaml")
    sentences = read_sentences(folder / "sentences.jsonl")
    judgement_lines, judgements = read_judgements(folder / "judgements.csv")
    holders = located_rows(folder / "holders.csv", HolderRow)
    for line, code in overlapping(holders):
        where = f"{shown(folder / 'holders.csv')} line {line}, column valid_from"
        raise CorpusError(f"{where}: {code!r} has two blocs at one time.")
    sources: list[Located[SourceRow]] = []
    if (folder / "sources.csv").exists():
        sources = located_rows(folder / "sources.csv", SourceRow)
        passages = [Located(line, row.passage_id) for line, row in sources]
        refuse_repeated(folder / "sources.csv", "passage_id", passages)
    splits: dict[str, dict[str, SplitName]] = {}
    split_lines: dict[str, dict[str, int]] = {}
    for path in sorted((folder / "splits").glob("*.csv")):
        rows = located_rows(path, SplitRow)
        refuse_repeated(path, "sentence_id", [Located(line, row.sentence_id) for line, row in rows])
        splits[path.stem] = {row.sentence_id: row.split for _, row in rows}
        split_lines[path.stem] = {row.sentence_id: line for line, row in rows}
    if splits and declaration.default_split not in splits:
        raise CorpusError(
            f"{shown(folder / 'corpus.yaml')} line 1, column default_split: there is no split "
            f"{declaration.default_split!r} in splits/, but {', '.join(sorted(splits))}."
        )
    return CorpusFiles(
        folder=folder,
        declaration=declaration,
        targets=targets,
        sentences=tuple(sentences),
        judgements=tuple(judgements),
        holders=tuple(row for _, row in holders),
        sources=tuple(row for _, row in sources),
        splits=splits,
        judgement_lines=tuple(judgement_lines),
        split_lines=split_lines,
        actors=read_actors(folder / "actors.yaml", {row.code for _, row in holders}),
    )


def reference_faults(files: CorpusFiles) -> Iterator[str]:
    """Yield every broken reference between files, as file, line, column and rule."""
    yield from _judgement_faults(files)
    sentence_lines = files.sentence_lines
    known = {row.passage_id for row in files.sources}
    for sentence in files.sentences:
        for passage in sentence.passage_ids:
            if passage not in known:
                where = files.place("sentences.jsonl", sentence_lines[sentence.id], "passage_ids")
                yield f"{where}{passage!r} is not in sources.csv"
    for name, lines in files.split_lines.items():
        for sentence_id, line in lines.items():
            if sentence_id not in sentence_lines:
                where = files.place(f"splits/{name}.csv", line, "sentence_id")
                yield f"{where}no sentence {sentence_id!r} in sentences.jsonl"


def _judgement_faults(files: CorpusFiles) -> Iterator[str]:
    targets = {t.id for t in files.targets}
    blocs = Blocs(files.holders)
    dates = {s.id: s.date for s in files.sentences}
    seen: Counter[tuple[str, str, str]] = Counter()
    for line, row in zip(files.judgement_lines, files.judgements, strict=True):
        key = sentence, holder, target = row.sentence_id, row.holder, row.target
        date = dates.get(sentence)
        if date is None:
            where = files.place("judgements.csv", line, "sentence_id")
            yield f"{where}no sentence {sentence!r} in sentences.jsonl"
            continue
        if target not in targets:
            declared = ", ".join(sorted(targets))
            where = files.place("judgements.csv", line, "target")
            yield f"{where}{target!r} is not declared in targets.yaml ({declared})"
        if blocs[holder, date] is None:
            where = files.place("judgements.csv", line, "holder")
            yield f"{where}{holder!r} has no bloc in holders.csv on {date}"
        if files.actors and holder not in files.actors and not holder.startswith((NARRATOR, "OTHER:")):
            where = files.place("judgements.csv", line, "holder")
            yield f"{where}{holder!r} has no name in actors.yaml"
        seen[key] += 1
        if seen[key] == 2:
            yield f"{files.place('judgements.csv', line, 'sentence_id')}{' / '.join(key)} is judged twice"


def unsplit(files: CorpusFiles) -> Iterator[str]:
    """Yield every sentence that the default split leaves out, as file, line, column and rule."""
    if files.splits:
        split = files.splits[files.declaration.default_split]
        for sentence, line in files.sentence_lines.items():
            if sentence not in split:
                yield f"{files.place('sentences.jsonl', line, 'id')}no split for sentence {sentence!r}"


def join(files: CorpusFiles) -> Corpus:
    """Join the files of a corpus into its judgement table.

    Raises
    ------
    CorpusError
        when a reference between files is broken, or a sentence has no split
    """
    for fault in (*reference_faults(files), *unsplit(files)):
        raise CorpusError(fault + ".")
    blocs = Blocs(files.holders)
    documents = {row.passage_id: row.document for row in files.sources}
    families = {row.passage_id: source_family(row.source) for row in files.sources}
    docs = {s.id: sorted({documents[p] for p in s.passage_ids}) for s in files.sentences}
    groups = components({s.id: [f"event:{s.event_id or s.id}", *docs[s.id]] for s in files.sentences})
    split: Mapping[str, str] = files.splits.get(files.declaration.default_split, {})
    shared: dict[str, list[str]] = {
        "text": [s.text for s in files.sentences],
        "split": [split.get(s.id, "") for s in files.sentences],
        "group": [groups[s.id] for s in files.sentences],
        "event": [s.event_id or s.id for s in files.sentences],
        "document": [(docs[s.id] or [s.id])[0] for s in files.sentences],
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
    table = pa.table({name: columns[name] for name in TABLE_COLUMNS})
    declaration = files.declaration
    content = hash_of_columns(table, files.targets, files.actors)
    return Corpus(
        name=declaration.name,
        version=declaration.version,
        targets=files.targets,
        table=table.to_pandas(),
        content_hash=content,
        near_duplicates=_stated_near_duplicates(files.folder, content),
        unit="event" if any(s.event_id or s.passage_ids for s in files.sentences) else "sentence",
        titles={"title": declaration.title, "licence": declaration.licence, "citation": declaration.citation},
        actors=files.actors,
        own_words=declaration.own_words,
        contrast_pairs=known_pairs(declaration.contrast_pairs, place, files.folder),
    )


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


def statistics_file(folder: Path) -> Path:
    """Return where a corpus keeps its generated statistics."""
    return folder / "statistics.json"


def _stated_near_duplicates(folder: Path, content: str) -> tuple[tuple[str, str, float], ...] | None:
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
