"""Sentences held to the passages that they report, where these are at hand; no corpus carries them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from stancebench.corpora.check import QUOTATION, Finding
from stancebench.corpora.files import CorpusFiles
from stancebench.corpora.reading import read_json_lines
from stancebench.errors import CorpusError
from stancebench.paths import shown

SHARED_WORDS = 7
"""words in a row that a sentence may share with its passage, names and titles aside"""

WORD = re.compile(r"[\w'-]+")
STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


class Passage(BaseModel):
    """One line of a file of passages; other keys are not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    text: str
    before: str = ""
    after: str = ""
    title: str = ""
    sha256: str = ""

    @property
    def whole(self) -> str:
        """All that is known of what was said: title, passage, and what stands around it."""
        return f"{self.title} {self.before} {self.text} {self.after}".translate(STRAIGHT)


def reported(files: CorpusFiles, path: Path) -> dict[str, Passage]:
    """Return the passages of a JSONL file that a corpus reports, by id.

    Raises
    ------
    CorpusError
        when the file cannot be read, or holds none of them
    """
    sources = {row.passage_id for row in files.sources}
    known = {row.id: row for _, row in read_json_lines(path, Passage) if row.id in sources}
    if not known:
        raise CorpusError(f"{shown(path)} holds none of the passages that {files.declaration.name} reports.")
    return known


def against_passages(files: CorpusFiles, path: Path) -> Iterator[Finding]:
    """Yield every sentence that quotes what is not in its passages, or repeats too much of them.

    Parameters
    ----------
    files : CorpusFiles
        of the corpus
    path : pathlib.Path
        JSONL with a passage a line: ``id, text`` and, where known, ``before, after, title`` and the ``sha256`` of the
        passage in its document

    Raises
    ------
    CorpusError
        when the file cannot be read, or holds none of the passages that the corpus reports
    """
    known = reported(files, path)
    for line, row in enumerate(files.sources, 2):
        passage = known.get(row.passage_id)
        if passage and row.sha256 and passage.sha256 not in ("", row.sha256):
            where = files.place("sources.csv", line, "sha256")
            yield Finding("error", "passage", f"{where}{row.passage_id} is another text than {shown(path)} has")
    for line, sentence in enumerate(files.sentences, 1):
        # A passage that is not at hand may hold what the others lack.
        if not sentence.passage_ids or not all(p in known for p in sentence.passage_ids):
            continue
        where = files.place("sentences.jsonl", line, "text")
        passages = " ".join(known[p].whole for p in sentence.passage_ids)
        for quoted in QUOTATION.findall(sentence.text):
            said = "".join(quoted)
            if _plain(said).strip(" .,") not in _plain(passages):
                told = f"{where}the quotation {said!r} is not in {', '.join(sentence.passage_ids)}"
                yield Finding("error", "quotation", told)
        run = longest_shared(sentence.text, passages)
        if run[0] > SHARED_WORDS:
            told = f"{where}{run[0]} words in a row are those of {', '.join(sentence.passage_ids)}: {run[1]!r}"
            yield Finding("warning", "own words", told)


def _plain(text: str) -> str:
    return " ".join(text.translate(STRAIGHT).lower().split())


def longest_shared(sentence: str, passage: str) -> tuple[int, str]:
    """Return the longest run of words that a sentence shares with a passage, and how many of them are no names.

    Examples
    --------
    >>> longest_shared("Peace needs no walls, the Mayor of Aland said.", "We hold that peace needs no walls at all")
    (4, 'Peace needs no walls')
    """
    said = WORD.findall(sentence.translate(STRAIGHT))
    of_passage = [word.lower() for word in WORD.findall(passage.translate(STRAIGHT))]
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(of_passage):
        places[word].append(place)
    best = (0, "")
    for start, first in enumerate(said):
        for place in places.get(first.lower(), ()):
            if start and place and said[start - 1].lower() == of_passage[place - 1]:
                # It began one word earlier, and was counted there.
                continue
            run = 0
            while (
                start + run < len(said)
                and place + run < len(of_passage)
                and said[start + run].lower() == of_passage[place + run]
            ):
                run += 1
            # The first word of a sentence is no name for its capital.
            shared = said[start : start + run]
            counted = sum(not word[0].isupper() or (start == i == 0) for i, word in enumerate(shared))
            if counted > best[0]:
                best = (counted, " ".join(shared))
    return best
