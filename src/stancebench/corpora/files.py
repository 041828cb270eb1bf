"""The files of a corpus folder, read and checked row by row, and the references between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from stancebench.corpora.actors import NARRATOR, read_actors
from stancebench.corpora.holders import Blocs, overlapping
from stancebench.corpora.judgements import Judged, read_judgements
from stancebench.corpora.reading import (
    Located,
    checked,
    located_rows,
    read_json_lines,
    read_yaml,
    read_yaml_list,
    refuse_repeated,
)
from stancebench.corpora.schema import (
    Changed,
    CorpusDeclaration,
    HolderRow,
    Sentence,
    SourceRow,
    SplitName,
    SplitRow,
    Target,
)
from stancebench.errors import CorpusError, unknown
from stancebench.paths import shown

CONTRAST = "contrast"
"""folder of sentences that are others of the corpus after a change"""


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
    originals: Mapping[str, str] = field(default_factory=dict)
    """the sentence of the corpus that each sentence here is a change of; empty but in its contrast folder"""
    contrast: CorpusFiles | None = None
    """the folder of changed sentences, which inherit what they do not change"""

    @property
    def sentence_lines(self) -> dict[str, int]:
        """The line of each sentence."""
        return {s.id: line for line, s in enumerate(self.sentences, 1)}

    def place(self, name: str, line: int, column: str) -> str:
        """Return file, line and column, as every finding starts."""
        return f"{shown(self.folder / name)} line {line}, column {column}: "


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
    files = CorpusFiles(
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
    return replace(files, contrast=read_contrast(files)) if (folder / CONTRAST).is_dir() else files


def read_contrast(files: CorpusFiles) -> CorpusFiles:
    """Read and check the contrast folder of a corpus, each of whose sentences is one of the corpus after a change.

    Raises
    ------
    CorpusError
        names file, line and column of the first fault: an original that is not there, or an id of the corpus
    """
    folder = files.folder / CONTRAST
    path = folder / "sentences.jsonl"
    rows = read_json_lines(path, Changed)
    refuse_repeated(path, "id", [Located(line, row.id) for line, row in rows])
    known = {s.id: s for s in files.sentences}
    sentences = []
    for line, row in rows:
        where = f"{shown(path)} line {line}, column "
        if row.original not in known:
            raise CorpusError(f"{where}original: {unknown('sentence', row.original, known)}")
        if row.id in known:
            raise CorpusError(f"{where}id: {row.id!r} is a sentence of the corpus itself.")
        original = known[row.original]
        changed = {"id": row.id, "text": row.text, "batch": row.batch, "tags": row.tags}
        sentences.append(original.model_copy(update=changed))
    lines, judgements = read_judgements(folder / "judgements.csv")
    originals = {row.id: row.original for _, row in rows}
    return replace(
        files,
        folder=folder,
        sentences=tuple(sentences),
        judgements=tuple(judgements),
        judgement_lines=tuple(lines),
        splits={
            name: {s: split[o] for s, o in originals.items() if o in split} for name, split in files.splits.items()
        },
        split_lines={},
        originals=originals,
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


def statistics_file(folder: Path) -> Path:
    """Return where a corpus keeps its generated statistics."""
    return folder / "statistics.json"
