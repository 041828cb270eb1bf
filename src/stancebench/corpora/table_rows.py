"""The rows of all files of a table, and where each stands; faults of several kinds told together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from stancebench.corpora.table_reading import Part
from stancebench.errors import CorpusError, listed
from stancebench.paths import shown


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of all files, one after another, stripped of surrounding spaces.

    Attributes
    ----------
    parts : tuple of Part
        the files
    columns : mapping of str to pyarrow.Array
        by role: text, target, stance and the optional ones that are there
    names : mapping of str to str
        name of each role's column in the files, for messages
    """

    parts: tuple[Part, ...]
    columns: Mapping[str, Any]
    names: Mapping[str, str]

    def place(self, row: int, role: str) -> str:
        """Return file, line and column of a cell."""
        part, local = self._local(row)
        return part.place(local, self.names[role])

    def other(self, row: int, than: int) -> str:
        """Return where a row stands, without the file's name where it is that of another row."""
        (part, local), (other, _) = self._local(row), self._local(than)
        return part.line(local) if part is other else f"{shown(part.path)} {part.line(local)}"

    def files(self) -> str:
        """Return the names of all files."""
        return listed(shown(part.path) for part in self.parts)

    def _local(self, row: int) -> tuple[Part, int]:
        for part in self.parts:
            if row < part.n:
                return part, row
            row -= part.n
        raise IndexError(row)


def refuse_empty(rows: Rows, column: Any, role: str, what: str) -> None:
    """Refuse a column that has an empty cell; names the first and counts the others."""
    empty = np.flatnonzero(pc.equal(pc.binary_length(column), 0).to_numpy(zero_copy_only=False))
    if len(empty):
        more = f" ({len(empty) - 1:,} more)" if len(empty) > 1 else ""
        raise CorpusError(f"{rows.place(int(empty[0]), role)}{what}{more}. Fill it in, or leave the row out.")


class SeveralFaultsError(CorpusError):
    """Several faults in one message, numbered."""

    def __init__(self, told: Sequence[str]) -> None:
        numbered = " ".join(f"({i}) {fault}" for i, fault in enumerate(told, 1))
        super().__init__(f"{len(told)} faults: {numbered}" if len(told) > 1 else told[0])
        self.told = tuple(told)


def all_of(*steps: Callable[[], Any]) -> list[Any]:
    """Return what each step gives.

    Raises
    ------
    CorpusError
        when any of them refuses; one message tells all that do
    """
    given: list[Any] = []
    told: list[str] = []
    for step in steps:
        try:
            given.append(step())
        except SeveralFaultsError as e:
            told += e.told
        except CorpusError as e:
            told.append(str(e))
    if told:
        raise SeveralFaultsError(told)
    return given
