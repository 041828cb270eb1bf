"""`stancebench table`: an experiment's table from its records."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

from stancebench.config.compose import experiment_names
from stancebench.errors import RecordError, UsageError
from stancebench.files import write_whole
from stancebench.paths import CHECKOUT, home, shown
from stancebench.reports.experiment import Experiment, find_experiment
from stancebench.reports.picture import draw
from stancebench.reports.published import Comparison, Figure, compare
from stancebench.reports.table import Table
from stancebench.runs.lookup import Runs
from stancebench.runs.store import RunStore

PICTURES: tuple[Literal["svg", "png"], ...] = ("svg", "png")


def show_table(name: str | None, form: str, *, publish: bool) -> None:
    """Print the table of an experiment: from your runs, and from committed results where yours are missing.

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
    if name is None:
        raise UsageError(
            f"Say of which experiment: {', '.join(experiment_names())}. Type for example `stancebench table baselines`."
        )
    try:
        found = find_experiment(name, own=publish)
    except UsageError as e:
        raise UsageError(f"{e} Tables of your own sweeps are in {shown(home() / 'tables')}.") from None
    config, runs, table = found.config, found.runs, found.table()
    figures = [Figure(f.system, f.match, f.score, f.value, f.source) for f in config.published]
    comparison = compare(name, config.title, figures, runs) if figures else None
    _print(table, comparison, form)
    if form == "text":
        print(f"Records   {shown(found.store.records)}{_committed(found)}")
        if found.missing:
            print("Files     not here, so that nothing was checked against them; see docs/published.md")
    if table.missing:
        print(
            f"warning: {table.missing} of {len(runs)} runs are not finished. "
            f"Type `stancebench run experiment={name}` to do the rest.",
            file=sys.stderr,
        )
    if publish:
        _publish(table, comparison, runs, found.store)


def _committed(found: Experiment) -> str:
    """Return what is told of records that are not your own."""
    if not found.committed:
        return ""
    n = sum(record is not None for _, record in found.runs)
    return "   (committed results)" if found.committed == n else f"   ({found.committed} of {n} are committed results)"


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
