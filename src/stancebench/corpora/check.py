"""`corpus check`: every rule of a corpus, each fault with file, line, column and rule."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from stancebench.corpora.agreement import HUMAN, Holders, holder_layer, human_layers, stance_layer
from stancebench.corpora.card import CARD, filled
from stancebench.corpora.contrasts import torn_pairs
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.duplicates import near_duplicates
from stancebench.corpora.files import CorpusFiles, read_files, reference_faults, statistics_file, unsplit
from stancebench.corpora.joined import join
from stancebench.corpora.load import CHECKSUMS, stated_checksums, typed, verify_checksums
from stancebench.corpora.published import SPLITS, TABLE_FOLDER, table_of, write_published
from stancebench.corpora.reading import read_text
from stancebench.corpora.stats import statistics
from stancebench.errors import CorpusError
from stancebench.files import sha256_of, write_whole
from stancebench.paths import shown
from stancebench.vocabulary import Label, stance_of

WORDS = (5, 60)
QUOTED_WORDS = 7
QUOTATION = re.compile(r'"([^"]*)"|“([^”]*)”')
LARGEST_UNIT = 0.03
"""share of sentences that the largest split unit may hold, from edition 1.0 on"""


@dataclass(frozen=True)
class Finding:
    """One broken rule.

    Attributes
    ----------
    level : {"error", "warning"}
        an error makes the corpus unusable; a warning is told
    rule : str
        short name
    message : str
        file, line, column, what is wrong
    """

    level: Literal["error", "warning"]
    rule: str
    message: str


def check_corpus(folder: Path) -> list[Finding]:
    """Return every broken rule of a corpus folder.

    A file that cannot be read ends the check with its one fault; what could be read is checked in full.
    """
    try:
        files = read_files(folder)
    except CorpusError as e:
        return [Finding("error", "schema", str(e))]
    findings = list(_checksums(folder))
    broken = [Finding("error", "reference", fault) for fault in reference_faults(files)]
    findings += broken
    findings += [Finding("error", "judgement", m) for m in _incomplete(files)]
    layers, whole = _layers(files)
    findings += layers
    findings += [Finding("error", "split", f"{m}.") for m in unsplit(files)]
    findings += [Finding("warning", "prose", m) for m in _prose(files)]
    changed = list(_contrast(files, files.contrast)) if files.contrast else []
    findings += changed
    broken += [f for f in changed if f.level == "error"]
    if whole and files.judgements and not broken and not any(f.rule == "split" for f in findings):
        findings += _joined(files)
    return findings


def _contrast(files: CorpusFiles, contrast: CorpusFiles) -> Iterator[Finding]:
    """Hold changed sentences to the rules of the corpus's own, and to standing beside an original in test."""
    yield from (Finding("error", "reference", fault) for fault in reference_faults(contrast))
    yield from (Finding("error", "judgement", m) for m in _incomplete(contrast))
    yield from _layers(contrast)[0]
    yield from (Finding("warning", "prose", m) for m in _prose(contrast))
    split = files.splits.get(files.declaration.default_split, {})
    labels: dict[str, dict[tuple[str, str], str]] = {}
    for row in (*files.judgements, *contrast.judgements):
        labels.setdefault(row.sentence_id, {})[row.holder, row.target] = stance_of(row.label)
    for sentence, line in contrast.sentence_lines.items():
        original = contrast.originals[sentence]
        where = contrast.place("sentences.jsonl", line, "original")
        if files.splits and split.get(original) != "test":
            yield Finding("error", "contrast", f"{where}{original} stands in {split.get(original)} and not in test")
        before, after = labels.get(original, {}), labels.get(sentence, {})
        if after and not any(before[key] != after[key] for key in before.keys() & after.keys()):
            told = f"{where}{sentence} and {original} differ in no stance of a holder that both have"
            yield Finding("warning", "contrast", told)


def _checksums(folder: Path) -> Iterator[Finding]:
    try:
        verify_checksums(folder)
        stated = stated_checksums(folder)
    except CorpusError as e:
        yield Finding("error", "checksum", str(e))
        return
    for name in sorted(_listed(folder) - set(stated)):
        unlisted = f"{shown(folder / name)} is not listed in {CHECKSUMS}"
        yield Finding("error", "checksum", f"{unlisted}: type `stancebench corpus check {typed(folder)} --write`")


def _listed(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != CHECKSUMS}


def _joined(files: CorpusFiles) -> Iterator[Finding]:
    corpus = join(files)
    for message in _leaks(corpus, files):
        yield Finding("error", "leak", message)
    stats = json.loads(json.dumps(statistics(corpus, files)))
    path = statistics_file(files.folder)
    if _stored(path) != stats:
        stale = f"{shown(path)} is missing or stale: type `stancebench corpus check {typed(files.folder)} --write`"
        yield Finding("error", "statistics", stale)
    card = files.folder / CARD
    if card.is_file():
        yield from _card(card, stats, files)
    if files.declaration.url:
        for split in SPLITS:
            table = files.folder / TABLE_FOLDER / f"{split}.parquet"
            if not _holds(table, table_of(corpus, split)):
                stale = (
                    f"{shown(table)} is missing or stale: type `stancebench corpus check {typed(files.folder)} --write`"
                )
                yield Finding("error", "table", stale)
    unit = stats["largest_split_unit"]
    if unit["share"] > LARGEST_UNIT and not corpus.version.startswith("0."):
        large = f"split unit {unit['group']} holds {unit['sentences']} sentences ({unit['share']:.1%})"
        yield Finding("error", "unit", large)


def _card(card: Path, stats: dict[str, Any], files: CorpusFiles) -> Iterator[Finding]:
    written = read_text(card)
    try:
        if filled(written, stats) != written:
            then = f"type `stancebench corpus check {typed(files.folder)} --write`"
            yield Finding("error", "card", f"{shown(card)} states figures that are not the corpus's: {then}")
    except CorpusError as e:
        yield Finding("error", "card", str(e))


def _holds(path: Path, table: pd.DataFrame) -> bool:
    try:
        return pd.read_parquet(path).equals(table)
    except (OSError, ValueError):
        return False


def _stored(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _incomplete(files: CorpusFiles) -> Iterator[str]:
    """Every holder of a sentence is judged on every target, and one holder at most is principal, on all of them."""
    targets = {t.id for t in files.targets}
    judged: dict[tuple[str, str], dict[str, str]] = {}
    first: dict[tuple[str, str], int] = {}
    for line, row in zip(files.judgement_lines, files.judgements, strict=True):
        key = (row.sentence_id, row.holder)
        judged.setdefault(key, {})[row.target] = row.principal
        first.setdefault(key, line)
    principals: dict[str, dict[str, int]] = {}
    for (sentence, holder), by_target in sorted(judged.items()):
        line = first[sentence, holder]
        missing = targets - set(by_target)
        if missing:
            where = files.place("judgements.csv", line, "target")
            yield f"{where}{sentence} / {holder} is not judged on {', '.join(sorted(missing))}"
        if len(set(by_target.values())) > 1:
            where = files.place("judgements.csv", line, "principal")
            yield f"{where}{sentence} / {holder} is principal on some targets only"
        if "yes" in by_target.values():
            principals.setdefault(sentence, {})[holder] = line
    with_judgement = {sentence for sentence, _ in judged}
    for sentence, line in files.sentence_lines.items():
        if sentence not in with_judgement:
            yield f"{files.place('sentences.jsonl', line, 'id')}{sentence} has no judgement"
        holders = principals.get(sentence, {})
        if len(holders) > 1:
            where = files.place("judgements.csv", max(holders.values()), "principal")
            yield f"{where}{sentence} has {len(holders)} principal holders: {', '.join(sorted(holders))}"


def _layers(files: CorpusFiles) -> tuple[list[Finding], bool]:
    """Return what is wrong with the layers, and whether they can be read at all."""
    folder = files.folder
    if not (folder / "layers").is_dir():
        return [], True
    try:
        first, second = stance_layer(folder, "a1"), stance_layer(folder, "a2")
        third = stance_layer(folder, "a3") if (folder / "layers" / "stances" / "a3.csv").is_file() else {}
        for annotator in ("a1", "a2"):
            holder_layer(folder, annotator)
        adjudicated = holder_layer(folder, "adjudicated")
        people = {person: stance_layer(folder, person, HUMAN) for person in human_layers(folder)}
    except CorpusError as e:
        return [Finding("error", "schema", str(e))], False
    told = [*_unadjudicated_holders(files, adjudicated), *_unadjudicated(files, (first, second, third))]
    judged = {(row.sentence_id, row.holder, row.target) for row in files.judgements}
    for person, labels in people.items():
        for key in sorted(set(labels) - judged):
            where = shown(folder / "layers" / HUMAN / f"{person}.csv")
            told.append(f"{where}, column sentence_id: {' / '.join(key)} is no judgement of this corpus")
    return [Finding("error", "adjudication", m) for m in told], True


Labels = dict[tuple[str, str, str], Label]


def _unadjudicated_holders(files: CorpusFiles, adjudicated: Holders) -> Iterator[str]:
    """Hold the holders of each sentence, and the principal among them, to those that were adjudicated."""
    told: set[tuple[str, str]] = set()
    for line, row in zip(files.judgement_lines, files.judgements, strict=True):
        principal, holders = adjudicated.get(row.sentence_id, ("", frozenset()))
        key = (row.sentence_id, row.holder)
        if key in told:
            continue
        told.add(key)
        if row.holder not in holders:
            yield f"{files.place('judgements.csv', line, 'holder')}{' / '.join(key)} is not an adjudicated holder"
        elif (row.holder == principal) != (row.principal == "yes"):
            where = files.place("judgements.csv", line, "principal")
            yield f"{where}the layers say {principal!r} for {row.sentence_id}"
    for sentence, line in files.sentence_lines.items():
        for holder in sorted(adjudicated.get(sentence, ("", frozenset()))[1]):
            if (sentence, holder) not in told:
                where = files.place("sentences.jsonl", line, "id")
                yield f"{where}{sentence} / {holder} was adjudicated and is not judged"


def _unadjudicated(files: CorpusFiles, layers: tuple[Labels, Labels, Labels]) -> Iterator[str]:
    """Where the first two annotators agree the label is theirs; where they differ a third decided."""
    first, second, third = layers
    for line, row in zip(files.judgement_lines, files.judgements, strict=True):
        key = (row.sentence_id, row.holder, row.target)
        named = " / ".join(key)
        at_label = files.place("judgements.csv", line, "label")
        if key not in first or key not in second:
            yield f"{at_label}{named} was not judged by both annotators"
        elif first[key] != second[key] and key not in third:
            yield f"{at_label}a1 and a2 differ on {named} and nobody adjudicated it"
        elif row.label != third.get(key, first[key]):
            yield f"{at_label}{named} is {row.label!r}, the layers say {third.get(key, first[key])!r}"


def _prose(files: CorpusFiles) -> Iterator[str]:
    for line, sentence in enumerate(files.sentences, 1):
        where = files.place("sentences.jsonl", line, "text")
        n = len(sentence.text.split())
        if not WORDS[0] <= n <= WORDS[1]:
            yield f"{where}{n} words, {WORDS[0]} to {WORDS[1]} are expected"
        if any(len("".join(quoted).split()) > QUOTED_WORDS for quoted in QUOTATION.findall(sentence.text)):
            yield f"{where}a quotation of over {QUOTED_WORDS} words"


def _leaks(corpus: Corpus, files: CorpusFiles) -> Iterator[str]:
    sentences = corpus.table.drop_duplicates("sentence_id")
    split = dict(zip(sentences["sentence_id"], sentences["split"], strict=True))
    name = f"splits/{files.declaration.default_split}.csv"
    lines = files.split_lines.get(files.declaration.default_split, {})
    for column in ("event", "document", "group"):
        for shared, members in sentences.groupby(column)["sentence_id"]:
            first = {split[s]: s for s in sorted(members, reverse=True)}
            if len(first) > 1:
                last = max(lines[s] for s in members)
                places = " and ".join(f"{place} ({first[place]})" for place in sorted(first))
                yield f"{files.place(name, last, 'split')}{column} {shared!r} stands in {places}"
    for torn in torn_pairs(files.declaration.contrast_pairs, split):
        yield f"{shown(files.folder / 'corpus.yaml')}: {torn}"
    # Searched afresh: what the statistics state is itself being checked.
    for a, b, cosine in near_duplicates(list(sentences["sentence_id"]), list(sentences["text"])):
        across = f"{split[a]} and {split[b]}" if split[a] != split[b] else f"both {split[a]}"
        where = files.place("sentences.jsonl", files.sentence_lines[b], "text")
        there = f"; {across}" if split[a] else ""
        yield f"{where}{a} and {b} are nearly the same sentence (cosine {cosine:.2f}{there})"


def write_generated(folder: Path) -> dict[str, Any]:
    """Write ``statistics.json`` and ``checksums.json`` afresh, a published corpus's tables too; return the statistics.

    Raises
    ------
    CorpusError
        when the corpus cannot be joined
    MissingExtraError
        when a published corpus needs Croissant metadata and mlcroissant is not installed
    """
    files = read_files(folder)
    corpus = join(files)
    stats = statistics(corpus, files)
    write_whole(statistics_file(folder), (json.dumps(stats, indent=1, ensure_ascii=False) + "\n").encode())
    card = folder / CARD
    if card.is_file():
        # As JSON has them: what a card states is what the file states.
        write_whole(card, filled(read_text(card), json.loads(json.dumps(stats))).encode())
    if files.declaration.url:
        write_published(folder, corpus, files.declaration)
    sums = {name: sha256_of((folder / name).read_bytes()) for name in sorted(_listed(folder))}
    write_whole(folder / CHECKSUMS, (json.dumps(sums, indent=1) + "\n").encode())
    return stats
