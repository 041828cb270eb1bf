"""`stancebench table`: an experiment's table from its records."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from stancebench.config.compose import experiment, experiment_names
from stancebench.config.spec import model_config
from stancebench.errors import RecordError, UsageError
from stancebench.files import write_whole
from stancebench.paths import CHECKOUT, home, shipped, shown
from stancebench.reports.picture import draw
from stancebench.reports.published import Comparison, Figure, compare
from stancebench.reports.table import Table, build
from stancebench.runs.execute import Runner
from stancebench.runs.lookup import Lookup, Runs
from stancebench.runs.store import RunStore

if TYPE_CHECKING:
    from stancebench.config.schemas import TableConfig

PICTURES: tuple[Literal["svg", "png"], ...] = ("svg", "png")


@dataclass(frozen=True)
class Found:
    """The runs of an experiment, and where they were found.

    Attributes
    ----------
    name : str
        of the experiment
    config : TableConfig
        what its table shows
    runs : list of (RunSpec, Record or None)
        each run asked for, with its record where it is finished
    store : RunStore
        where the records lie
    lookup : Lookup
        says which files are missing
    committed : bool
        whether these are the committed results
    """

    name: str
    config: TableConfig
    runs: Runs
    store: RunStore
    lookup: Lookup
    committed: bool = False


def find_runs(name: str | None, verb: str, *, committed: bool = True) -> Found:
    """Return the runs of an experiment: your own, or where there are none the committed results.

    Parameters
    ----------
    name : str or None
        of a committed experiment
    verb : str
        the command that asks, for what it tells to type
    committed : bool, default=True
        whether committed results stand in for runs of your own

    Raises
    ------
    UsageError
        when no experiment is given, or none has that name
    RecordError
        when no run of it is finished
    """
    if name is None:
        raise UsageError(
            f"Say of which experiment: {', '.join(experiment_names())}. "
            f"Type for example `stancebench {verb} baselines`."
        )
    try:
        specs, config = experiment(name)
    except UsageError as e:
        raise UsageError(f"{e} Tables of your own sweeps are in {shown(home() / 'tables')}.") from None
    mine, published = RunStore(home()), RunStore(shipped("results") / name)
    lookup = Lookup(specs, Runner(mine, model_config))
    runs = lookup.find(mine)
    if _any(runs):
        return Found(name, config, runs, mine, lookup)
    if committed and _any(runs := lookup.find(published)):
        return Found(name, config, runs, published, lookup, committed=True)
    raise lookup.missing or RecordError(
        f"No run of {name!r} is finished yet. Type `stancebench run experiment={name}`."
    )


def _any(runs: Runs) -> bool:
    return any(record for _, record in runs)


def show_table(name: str | None, form: str, *, publish: bool) -> None:
    """Print the table of an experiment: from your runs, or where there are none from the committed results.

    Parameters
    ----------
    name : str
        of a committed experiment
    form : {"text", "json", "csv", "markdown"}
        how to print it
    publish : bool
        whether to write it, its records and predictions to ``results/``

    Raises
    ------
    UsageError
        when no experiment is given, or none has that name
    RecordError
        when no run of it is finished
    """
    found = find_runs(name, "table", committed=not publish)
    name, config, runs, lookup = found.name, found.config, found.runs, found.lookup
    if publish and lookup.missing:
        raise lookup.missing
    table = build(name, config.title, runs, config.columns)
    figures = [Figure(f.system, f.match, f.score, f.value, f.source) for f in config.published]
    comparison = compare(name, config.title, figures, runs) if figures else None
    _print(table, comparison, form)
    if form == "text":
        print(f"Records   {shown(found.store.records)}" + ("   (committed results)" if found.committed else ""))
        if lookup.missing:
            print("Files     not here, so that nothing was checked against them; see docs/published.md")
    if table.missing:
        print(
            f"warning: {table.missing} of {len(runs)} runs are not finished. "
            f"Type `stancebench run experiment={name}` to do the rest.",
            file=sys.stderr,
        )
    if publish:
        _publish(table, comparison, runs, found.store)


def _print(table: Table, comparison: Comparison | None, form: str) -> None:
    """Print published figures beside ours where an experiment has any, else its table; JSON holds both."""
    from stancebench.cli.printing import print_comparison, print_table

    if form == "json":
        more = {"published": [line.as_json() for line in comparison.lines]} if comparison else {}
        print(json.dumps({**table.as_json(), **more}, indent=1))
    elif form == "csv":
        print((comparison or table).csv(), end="")
    elif form == "markdown":
        print((comparison or table).markdown(), end="")
    elif comparison:
        print_comparison(comparison)
    else:
        print_table(table)


def _publish(table: Table, comparison: Comparison | None, runs: Runs, source: RunStore) -> None:
    """Write an experiment's table, records and predictions to ``results/<name>/`` of the checkout."""
    if table.missing:
        raise RecordError(f"{table.missing} runs of {table.name!r} are missing; a published table is whole.")
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise RecordError(
            "`--publish` writes to results/ of a checkout, and this stancebench is installed without one."
        )
    folder = CHECKOUT / "results" / table.name
    store = RunStore(folder)
    _empty(folder)
    for _, record in runs:
        assert record is not None
        store.write_record(record)
        if record.predictions:
            write_whole(
                store.predictions / record.predictions.file,
                (source.predictions / record.predictions.file).read_bytes(),
            )
    write_whole(folder / "table.csv", table.csv().encode())
    cluster = next((r.counts.cluster for _, r in runs if r is not None and r.status == "finished"), "event")
    write_whole(folder / "table.md", _document(table, cluster).encode())
    for form in PICTURES:
        write_whole(folder / f"table.{form}", draw(table, table.columns[0], form))
    if comparison:
        write_whole(folder / "published.csv", comparison.csv().encode())
        write_whole(folder / "published.md", f"# {comparison.title}\n\n{comparison.markdown()}".encode())
    print(f"Published {shown(folder)}")


def _empty(folder: Path) -> None:
    for part in ("records", "predictions"):
        for path in (folder / part).glob("*"):
            path.unlink()


def _document(table: Table, cluster: str) -> str:
    return (
        f"# {table.title or table.name}\n\n"
        f"Written by `stancebench table {table.name} --publish`; scores in hundredths, 95% intervals by resampling "
        f"{cluster}s (a row of several seeds or draws: their mean and range); "
        "full precision in `table.csv`, every number's record in `records/`.\n\n" + table.markdown()
    )
