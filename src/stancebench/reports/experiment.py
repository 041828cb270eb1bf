"""A committed experiment with its finished runs: your own, and committed ones where yours are not finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancebench.config.compose import experiment
from stancebench.config.spec import model_config
from stancebench.errors import MissingFileError, RecordError
from stancebench.paths import home, shipped
from stancebench.reports.drops import Drops
from stancebench.reports.table import Table, build
from stancebench.runs.execute import Runner
from stancebench.runs.lookup import Lookup, Runs
from stancebench.runs.store import FirstOf, RunStore

if TYPE_CHECKING:
    from stancebench.config.schemas import TableConfig


@dataclass(frozen=True)
class Experiment:
    """A committed experiment and what is finished of it.

    Attributes
    ----------
    name : str
        as in ``experiment=NAME``
    config : TableConfig
        what its table shows
    runs : list of (RunSpec, Record or None)
        every run asked for, in order
    store : RunStore
        where the records lie
    committed : int
        number of records that are committed results, since none of your own is finished of these runs
    runner : Runner
        which prepares rows and makes keys
    missing : MissingFileError or None
        why nothing was checked against the corpus's files: they are not here
    """

    name: str
    config: TableConfig
    runs: Runs
    store: RunStore
    committed: int
    runner: Runner
    missing: MissingFileError | None

    def table(self) -> Table:
        """Return the table that the experiment asks for."""
        specs = {record.score_key: spec for spec, record in self.runs if record is not None}
        drops = None if self.missing else Drops(self.runner, self.store, specs)
        return build(self.name, self.config.title, self.runs, self.config.columns, drops)


def find_experiment(name: str, *, own: bool = False) -> Experiment:
    """Return an experiment with its finished runs.

    Parameters
    ----------
    name : str
        of a committed experiment
    own : bool, default=False
        whether only your own runs count

    Raises
    ------
    UsageError
        when no experiment has that name
    RecordError
        when no run of it is finished
    MissingFileError
        when a file is not here without which its records cannot be told
    """
    specs, config = experiment(name)
    mine, published = RunStore(home()), RunStore(shipped("results") / name)
    runner = Runner(mine, model_config)
    lookup = Lookup(specs, runner)
    if own and lookup.missing:
        raise lookup.missing
    store = mine if own else FirstOf([mine, published])
    runs = lookup.find(store)
    records = [record for _, record in runs if record is not None]
    committed = sum(mine.record(record.score_key) is None for record in records)
    if records:
        # Where all are committed, they are known by the folder that they lie in.
        return Experiment(
            name, config, runs, published if committed == len(records) else store, committed, runner, lookup.missing
        )
    raise lookup.missing or RecordError(
        f"No run of {name!r} is finished yet. Type `stancebench run experiment={name}`."
    )
