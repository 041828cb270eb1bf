"""What a report is made from: an experiment's finished runs and its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from stancebench.checks.check import Check
from stancebench.errors import MissingFileError, RecordError
from stancebench.paths import shipped
from stancebench.probes.run import ProbeResult
from stancebench.reports.experiment import Experiment
from stancebench.reports.picture import REFERENCE, row_label
from stancebench.reports.systems import SharedTest, shared_tests
from stancebench.reports.table import Row, Table
from stancebench.runs.lookup import Runs
from stancebench.runs.record import Record
from stancebench.runs.store import FirstOf, RunStore


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
    shared : tuple of SharedTest
        systems with predictions of the same test rows; none where predictions or gold are not here
    unpaired : str
        why there are none
    few_shot : tuple of Record
        of runs that learn from few examples, in this experiment or another
    checks : tuple of Check
        of the results
    probes : tuple of ProbeResult
        of the best system; none where it was not asked for
    """

    name: str
    table: Table
    runs: Runs
    shared: tuple[SharedTest, ...] = ()
    unpaired: str = ""
    few_shot: tuple[Record, ...] = ()
    checks: tuple[Check, ...] = ()
    probes: tuple[ProbeResult, ...] = ()

    @property
    def main(self) -> SharedTest | None:
        """The systems that most sections are about: those on the test rows of the table's first system."""
        return self.shared[0] if self.shared else None

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


def material_of(found: Experiment, *, probed: bool = False) -> Material:
    """Return what the report of an experiment is made from.

    Parameters
    ----------
    found : Experiment
        with its finished runs
    probed : bool, default=False
        whether the best system is fitted again and probed
    """
    shared: tuple[SharedTest, ...] = ()
    unpaired = ""
    try:
        shared = shared_tests(found)
    except MissingFileError:
        corpora = ", ".join(dict.fromkeys(spec.corpus_name for spec, _ in found.runs))
        unpaired = (
            f"This needs the texts and gold stances of {corpora}, which are not here: docs/published.md says how to "
            "fetch them."
        )
    except RecordError:
        unpaired = "This needs every record's predictions, and some are not here: run the experiment again."
    material = Material(
        found.name, found.table(), found.runs, shared, unpaired, tuple(_few_shot(found)), _checks(found)
    )
    return replace(material, probes=_probes(found, material)) if shared and probed else material


def _checks(found: Experiment) -> tuple[Check, ...]:
    from stancebench.checks.acknowledged import read_acknowledgements
    from stancebench.checks.experiment import checks_of

    return checks_of(found, read_acknowledgements(found.name))


def _probes(found: Experiment, material: Material) -> tuple[ProbeResult, ...]:
    """Probe the best system; it is fitted again, since a record keeps no model."""
    from stancebench.probes.run import probe_systems

    specs = {record.score_key: spec for spec, record in found.runs if record is not None}
    shared = {system.name for system in material.shared[0].systems}
    best = [row for row in material.ranked if row_label(row) in shared][:1]
    chosen = [(row_label(row), specs[row.records[0].score_key]) for row in best]
    return tuple(probe_systems(found.runner, chosen))


def _few_shot(found: Experiment) -> Iterator[Record]:
    """Yield records of few examples: your own, and what other experiments have committed."""
    stores = [found.runner.store, *(RunStore(folder) for folder in sorted(shipped("results").iterdir()))]
    for record in FirstOf(stores).all_records():
        if record.run["protocol"]["name"] == "few_shot" and record.status == "finished":
            yield record


def inputs_of(row: Row) -> str:
    """Return what a system may see; systems are ranked only among those that see the same."""
    return str(row.records[0].run["task"]["inputs"])


def kind_of(row: Row) -> str:
    """Return the colour of a system."""
    return "reference" if row.model == REFERENCE else "system"
