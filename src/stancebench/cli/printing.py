"""What finished runs look like in a terminal."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from stancebench.errors import UsageError
from stancebench.paths import shown
from stancebench.reports.text import intervals_line, left_out_line, plain_settings, protocol_text, score_lines
from stancebench.runs.record import Record, ScoreEntry

if TYPE_CHECKING:
    from stancebench.config.schemas import TableConfig
    from stancebench.reports.published import Comparison
    from stancebench.reports.table import Table
    from stancebench.runs.execute import Outcome, Runner

MANY_COLUMNS = 400
"""width of a table that is not shown in a terminal"""

GAP = 2
"""columns between two cells"""


@contextmanager
def warnings_told() -> Iterator[list[str]]:
    """Print each warning in one line; the list that is given holds them."""
    told: list[str] = []

    def tell(  # noqa: PLR0917 -- the signature is that of ``warnings.showwarning``
        message: Warning | str,
        category: type[Warning],  # noqa: ARG001
        filename: str,  # noqa: ARG001
        lineno: int,  # noqa: ARG001
        file: TextIO | None = None,  # noqa: ARG001
        line: str | None = None,  # noqa: ARG001
    ) -> None:
        told.append(str(message).splitlines()[0])
        print(f"warning: {told[-1]}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = tell
        yield told


def settings(record: Record) -> list[str]:
    """Return a run's model settings as key=value; the seed where it counts."""
    flat = [f"{k}={v}" for k, v in plain_settings(record).items()]
    return flat + ([f"seed={record.run['seed']}"] if record.stochastic else [])


def describe_run(record: Record) -> str:
    """Return a run's choices in one line."""
    task = record.run["task"]
    corpus = f"{record.corpus.name}@{record.corpus.version}"
    asked = f"{task['name']} from {task['inputs']}, {protocol_text(record)}"
    return f"{record.run['model']}({', '.join(settings(record))}) on {corpus}, {asked}"


def print_record(record: Record, path: Path, *, reused: bool) -> None:
    """Print the scores of one run and where its record lies."""
    print(describe_run(record))
    if record.status == "declined":
        print(f"declined  {record.reason}")
    else:
        made = intervals_line(record.run["scoring"]["bootstrap"], record.counts.cluster)
        print(
            f"{record.counts.train} train{_folds(record)}, {record.counts.test} test judgements "
            f"in {record.counts.clusters} clusters; {made}"
        )
        if left_out := left_out_line(record.counts.sentences_left_out):
            print(left_out)
        print_scores(record.scores, record.confusion)
    print(f"Record    {shown(path)}{'   (was finished before)' if reused else ''}")


def _folds(record: Record) -> str:
    return f" in {record.counts.folds} folds" if record.counts.folds > 1 else ""


def print_scores(scores: Sequence[ScoreEntry], targets: Iterable[str]) -> None:
    """Print the headline, the score of each target, and what stands beside the headline."""
    for line in score_lines(scores, targets):
        print(line)


def print_table(table: Table) -> None:
    """Print a table whole where there is room; in a narrow window with fewer intervals, then fewer columns."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable

    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(width=MANY_COLUMNS)
    columns, n_names = _columns(table, narrow=False)
    told = ""
    if _width(columns) > console.width:
        columns, n_names = _columns(table, narrow=True)
        told = "The window is too narrow for every interval"
        hidden = []
        while _width(columns) > console.width and len(columns) > n_names + 1:
            # Scores of one target go first: what stands beside the headline is part of it.
            of_target = [i for i, (name, *_) in enumerate(columns) if "." in name]
            hidden.append(columns.pop(of_target[-1] if of_target else -1)[0].replace("\n", ""))
        told += f" and for {', '.join(reversed(hidden))}" if hidden else ""
    shown_table = RichTable(title=table.title or None, box=box.SIMPLE, title_justify="left", padding=(0, 1, 0, 0))
    for i, (name, *_) in enumerate(columns):
        shown_table.add_column(name, justify="left" if i < n_names else "right", no_wrap=i >= n_names, overflow="fold")
    for line in zip(*(values for _, *values in columns), strict=True):
        shown_table.add_row(*line)
    with console.capture() as captured:
        console.print(shown_table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()).strip("\n"))
    if told:
        console.print(f"{told}: --csv, --json and --markdown have all.", highlight=False)
    for reason in table.declined():
        console.print(f"declined: {reason}", highlight=False)
    for reason in table.without_interval():
        console.print(f"without an interval: {reason}", highlight=False)
    undefined = {c.reason for row in table.rows for c in row.cells if c.value is None and c.reason}
    for reason in sorted(undefined):
        console.print(f"undefined: {reason}", highlight=False)


def print_comparison(comparison: Comparison) -> None:
    """Print published figures beside ours, one a line."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as RichTable

    from stancebench.reports.published import HEADER

    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(width=MANY_COLUMNS)
    figures = RichTable(title=comparison.title, box=box.SIMPLE, title_justify="left", padding=(0, 1, 0, 0))
    numbers = HEADER[4:8]
    for name in HEADER:
        right = name in numbers
        figures.add_column(name, justify="right" if right else "left", no_wrap=right, overflow="fold")
    for compared in comparison.lines:
        figures.add_row(*(escape(text) for text in compared.line()))
    with console.capture() as captured:
        console.print(figures)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()).strip("\n"))


def _columns(table: Table, *, narrow: bool) -> tuple[list[list[str]], int]:
    """Return the columns, each a header and its cells, and how many of them name the system."""
    lines = table.lines(intervals=not narrow)
    columns = [list(column) for column in zip(table.header(), *lines, strict=True)]
    n_names = len(columns) - len(table.columns)
    if not narrow:
        return columns, n_names
    from stancebench.reports.picture import row_label

    scores = [[name.replace("_", "_\n").replace(".", ".\n"), *cells] for name, *cells in columns[n_names:]]
    return [["system", *(row_label(row) for row in table.rows)], *scores], 1


def _width(columns: Sequence[Sequence[str]]) -> int:
    widest = (max(len(line) for cell in column for line in cell.split("\n")) for column in columns)
    return sum(width + GAP for width in widest)


def checks_line(table: Table) -> str:
    """Return how many findings the records of a committed experiment have that its file does not acknowledge."""
    # What else is checked reads predictions and fits references; that is for `stancebench check`.
    from stancebench.checks.acknowledged import acknowledge, read_acknowledgements
    from stancebench.checks.of_records import record_checks
    from stancebench.reports.picture import row_label

    found = list(record_checks(table))
    try:
        given = read_acknowledgements(table.name)
    except UsageError as e:
        return f"warning: {e}"
    models = {row_label(row): row.model for row in table.rows}
    n = sum(check.open for check in acknowledge(found, given, models)[: len(found)])
    return f"stancebench check {table.name}          {n} warning{'' if n == 1 else 's'} from the records alone"


def print_sweep(outcomes: Sequence[Outcome], config: TableConfig, name: str, runner: Runner) -> Table:
    """Print the table of a sweep, write it beside the records, and return it."""
    from stancebench.files import write_whole
    from stancebench.reports.drops import Drops
    from stancebench.reports.table import build

    store = runner.store
    drops = Drops(runner, store, {o.record.score_key: o.spec for o in outcomes})
    runs = [(o.spec, o.record) for o in outcomes]
    table = build(name or "sweep", config.title, runs, config.columns, drops)
    print_table(table)
    path = store.folder / "tables" / f"{name or 'sweep'}.md"
    write_whole(path, table.markdown().encode())
    write_whole(path.with_suffix(".csv"), table.csv().encode())
    print(f"Table     {shown(path)} and .csv")
    return table
