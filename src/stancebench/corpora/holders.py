"""Blocs: mechanical, dated, never derived from stance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from stancebench.corpora.schema import HolderRow


def first_day(date: str) -> str:
    """Return the first day of a partial date: ``2014`` gives ``2014-01-01``.

    Examples
    --------
    >>> first_day("2023-09")
    '2023-09-01'
    """
    return date + "-01" * (2 - date.count("-"))


def overlapping(rows: Iterable[tuple[int, HolderRow]]) -> Iterator[tuple[int, str]]:
    """Yield line and code of every row of ``holders.csv`` whose time overlaps an earlier row's of the same code."""
    taken: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line, row in rows:
        start = first_day(row.valid_from) if row.valid_from else ""
        end = first_day(row.valid_to) if row.valid_to else "9999-12-31"
        if any(start <= other_end and other_start <= end for other_start, other_end in taken[row.code]):
            yield line, row.code
        taken[row.code].append((start, end))


class Blocs(dict[tuple[str, str], str | None]):
    """The bloc of each holder on a date, from ``holders.csv``: looked up once, or None when it does not say.

    Parameters
    ----------
    rows : iterable of HolderRow
        a holder may have several rows whose times do not overlap
    """

    def __init__(self, rows: Iterable[HolderRow]) -> None:
        super().__init__()
        self._rows: dict[str, list[HolderRow]] = defaultdict(list)
        for row in rows:
            self._rows[row.code].append(row)

    @property
    def codes(self) -> list[str]:
        """Every declared holder code, sorted."""
        return sorted(self._rows)

    def of(self, holder: str, date: str) -> str | None:
        """Return the bloc of a holder on a date, or None when ``holders.csv`` does not say.

        Parameters
        ----------
        holder : str
            a code; ``OTHER:<name>`` stands under ``OTHER``
        date : str
            of the statement; a partial date counts as its first day

        Returns
        -------
        str or None
        """
        return self[holder, date]

    def __missing__(self, key: tuple[str, str]) -> str | None:
        holder, date = key
        self[key] = self._look_up(holder, first_day(date))
        return self[key]

    def _look_up(self, holder: str, day: str) -> str | None:
        for row in self._rows.get("OTHER" if holder.startswith("OTHER:") else holder, []):
            starts = not row.valid_from or first_day(row.valid_from) <= day
            ends = row.valid_to != "" and first_day(row.valid_to) < day
            if starts and not ends:
                return row.bloc
        return None
