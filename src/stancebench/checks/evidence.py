"""What checks look at: an experiment's table and, where they are here, predictions and rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from stancebench.errors import MissingFileError, RecordError
from stancebench.reports.experiment import Experiment
from stancebench.reports.picture import row_label
from stancebench.reports.systems import SharedTest, shared_tests
from stancebench.reports.table import Row, Table
from stancebench.runs.evaluation import Prepared
from stancebench.runs.record import Record
from stancebench.tasks import Task


@dataclass(frozen=True, eq=False)
class Evidence:
    """An experiment, and what of it is at hand.

    Attributes
    ----------
    found : Experiment
        runs and records
    """

    found: Experiment
    _lacking: dict[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def table(self) -> Table:
        """The experiment's table."""
        return self.found.table()

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Rows of the table that did not decline, by label."""
        return {row_label(row): row for row in self.table.rows if not row.declined}

    @cached_property
    def shared(self) -> tuple[SharedTest, ...]:
        """Systems that share their test rows, with predictions; none where these are not here."""
        try:
            return shared_tests(self.found)
        except MissingFileError:
            self._lacking["why"] = "the corpus's files are not here, see docs/published.md"
        except RecordError as e:
            self._lacking["why"] = str(e).rstrip(".")
        return ()

    @property
    def lacking(self) -> str:
        """Why there are no predictions, or an empty string."""
        return "" if self.shared else self._lacking.get("why", "no system of the experiment is finished")

    def prepared(self, record: Record) -> Prepared:
        """Return the rows and folds of a record, with the text as it stands and every column."""
        spec = next(s for s, r in self.found.runs if r is not None and r.score_key == record.score_key)
        return self.found.runner.prepared(replace(spec, task=Task(spec.task.name, "text")))

    def tests(self) -> Iterator[tuple[str, SharedTest]]:
        """Yield each shared test, under its protocol, and its corpus where there are several."""
        corpora = {shared.prepared.corpus.name for shared in self.shared}
        for shared in self.shared:
            told = str(shared.prepared.protocol)
            yield f"{shared.prepared.corpus.name}, {told}" if len(corpora) > 1 else told, shared
