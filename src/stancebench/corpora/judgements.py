"""``judgements.csv``: far the longest file of a corpus, whose rows differ in little but the sentence."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from stancebench.corpora.reading import all_checked, csv_rows, located_rows
from stancebench.corpora.schema import Judgement
from stancebench.vocabulary import Label


class Judged(NamedTuple):
    """A checked row of ``judgements.csv``; see `Judgement` for what each value may be."""

    sentence_id: str
    holder: str
    target: str
    label: Label
    explicitness: str
    principal: str
    tags: str
    regime: str


def read_judgements(path: Path) -> tuple[list[int], list[Judged]]:
    """Return the rows of ``judgements.csv`` and the line each starts on.

    No rule of a row ties its sentence to the rest of it, so that each is checked where it first stands.

    Raises
    ------
    CorpusError
        names file, line and column of the first fault
    """
    values_of = attrgetter(*Judged._fields)
    columns, lines, rows = csv_rows(path, Judgement)
    if columns != list(Judged._fields) or any(len(row) != len(columns) for row in rows):
        checked = located_rows(path, Judgement)
        return [line for line, _ in checked], [Judged._make(values_of(row)) for _, row in checked]
    sentences, rest = [row[0] for row in rows], [tuple(row[1:]) for row in rows]
    positions = range(len(rows))
    first_of = [dict(zip(reversed(values), reversed(positions), strict=True)) for values in (sentences, rest)]
    first = sorted({*first_of[0].values(), *first_of[1].values()})
    valid = all_checked(
        Judgement, [lines[i] for i in first], [dict(zip(columns, rows[i], strict=True)) for i in first], path
    )
    judged = {i: Judged._make(values_of(row)) for i, (_, row) in zip(first, valid, strict=True)}
    id_of = {sentence: judged[i][:1] for sentence, i in first_of[0].items()}
    rest_of = {values: judged[i][1:] for values, i in first_of[1].items()}
    return lines, [Judged._make(id_of[s] + rest_of[r]) for s, r in zip(sentences, rest, strict=True)]
