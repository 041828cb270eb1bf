"""`stancebench table`: an experiment's table from its records."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

from stancebench.config.compose import experiment
from stancebench.config.spec import model_config
from stancebench.errors import RecordError, UsageError
from stancebench.files import write_whole
from stancebench.paths import CHECKOUT, home, shipped, shown
from stancebench.reports.picture import draw
from stancebench.reports.table import Table, build
from stancebench.runs.execute import Runner
from stancebench.runs.record import Record
from stancebench.runs.spec import RunSpec
from stancebench.runs.store import RunStore

PICTURES: tuple[Literal["svg", "png"], ...] = ("svg", "png")

Runs = list[tuple[RunSpec, Record | None]]


def show_table(name: str, form: str, *, publish: bool) -> None:
    """Print the table of an experiment: from your runs, or where there are none from the committed results.

    Parameters
    ----------
    name : str
        of a committed experiment
    form : {"text", "json", "csv", "markdown"}
        how to print it
    publish : bool
        whether to write it, its records and predictions to ``results/``
    """
    try:
        specs, config = experiment(name)
    except UsageError as e:
        raise UsageError(f"{e} Tables of your own sweeps are in {shown(home() / 'tables')}.") from None
    mine, published = RunStore(home()), RunStore(shipped("results") / name)
    store = mine
    runs = _find(specs, mine)
    if not publish and not any(record for _, record in runs):
        committed = _find(specs, published)
        if any(record for _, record in committed):
            store, runs = published, committed
    if not any(record for _, record in runs):
        raise RecordError(f"No run of {name!r} is finished yet. Type `stancebench run experiment={name}`.")
    targets = list(next((r.confusion for _, r in runs if r is not None and r.confusion), {}))
    table = build(name, config.title, runs, config.columns, targets)
    _print(table, form)
    if form == "text":
        print(f"Records   {shown(store.records)}" + ("   (committed results)" if store is published else ""))
    if table.missing:
        print(
            f"warning: {table.missing} of {len(runs)} runs are not finished. "
            f"Type `stancebench run experiment={name}` to do the rest.",
            file=sys.stderr,
        )
    if publish:
        _publish(table, runs, mine)


def _find(specs: list[RunSpec], store: RunStore) -> Runs:
    runner = Runner(store, model_config)
    return [(spec, store.record(runner.keys(spec)[1])) for spec in specs]


def _print(table: Table, form: str) -> None:
    if form == "json":
        print(json.dumps(table.as_json(), indent=1))
    elif form == "csv":
        print(table.csv(), end="")
    elif form == "markdown":
        print(table.markdown(), end="")
    else:
        from stancebench.cli.printing import print_table

        print_table(table)


def _publish(table: Table, runs: Runs, source: RunStore) -> None:
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
    write_whole(folder / "table.md", _document(table).encode())
    for form in PICTURES:
        write_whole(folder / f"table.{form}", draw(table, table.columns[0], form))
    print(f"Published {shown(folder)}")


def _empty(folder: Path) -> None:
    for part in ("records", "predictions"):
        for path in (folder / part).glob("*"):
            path.unlink()


def _document(table: Table) -> str:
    return (
        f"# {table.title or table.name}\n\n"
        f"Written by `stancebench table {table.name} --publish`; scores in hundredths, 95% intervals by resampling "
        "events (a row of several seeds: their mean and range); "
        "full precision in `table.csv`, every number's record in `records/`.\n\n" + table.markdown()
    )
