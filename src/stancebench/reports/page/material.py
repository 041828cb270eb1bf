"""What a report is made from: an experiment's finished runs and its table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from stancebench.reports.picture import REFERENCE, row_label
from stancebench.reports.table import Row, Table
from stancebench.runs.lookup import Runs
from stancebench.runs.record import Record


@dataclass(frozen=True)
class Material:
    """An experiment's table and the runs behind it.

    Attributes
    ----------
    name : str
        of the experiment
    table : Table
        its rows are the systems of the report
    runs : list of (RunSpec, Record or None)
        each run asked for, with its record where it is finished
    """

    name: str
    table: Table
    runs: Runs

    @cached_property
    def finished(self) -> list[Record]:
        """Records with scores, each once."""
        return list({r.score_key: r for _, r in self.runs if r is not None and r.status == "finished"}.values())

    @property
    def headline(self) -> str:
        """The first column of the table."""
        return self.table.columns[0]

    @cached_property
    def ranked(self) -> list[Row]:
        """Rows whose headline is defined, best first."""
        rows = [row for row in self.table.rows if row.cells[0].value is not None]
        return sorted(rows, key=lambda row: -(row.cells[0].value or 0.0))

    @property
    def ordered(self) -> list[Row]:
        """All rows: best first, and behind them those without a headline."""
        return [*self.ranked, *(row for row in self.table.rows if row.cells[0].value is None)]

    @property
    def reference(self) -> Row | None:
        """The best holder prior: the shortcut that a serious model must beat."""
        return next((row for row in self.ranked if row.model == REFERENCE), None)


def inputs_of(row: Row) -> str:
    """Return what a system may see; systems are ranked only among those that see the same."""
    return str(row.records[0].run["task"]["inputs"])


def kind_of(row: Row) -> str:
    """Return the colour of a system."""
    return "reference" if row.model == REFERENCE else "system"


__all__ = ["Material", "inputs_of", "kind_of", "row_label"]
