"""`stancebench slices`: systems scored on parts of their test; nothing is written."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stancebench.cli.printing import MANY_COLUMNS, warnings_told
from stancebench.cli.score import Choices
from stancebench.config.compose import experiment_names
from stancebench.errors import UsageError, nearest
from stancebench.reports.experiment import find_experiment
from stancebench.reports.slices import WORDS, Sliced, best_system, slice_table
from stancebench.reports.systems import SharedTest, named_systems, shared_tests
from stancebench.runs.spec import Scoring


@dataclass(frozen=True)
class Asked:
    """What was typed."""

    names: Sequence[str]
    systems: Sequence[str] = ()
    by: Sequence[str] = ()
    score: str = "accuracy"
    correction: str = "holm"
    rounds: int = 10_000
    cluster: str = "event"


def slices_command(asked: Asked, form: str) -> None:
    """Print systems on slices of their test.

    Parameters
    ----------
    asked : Asked
        what was typed
    form : {"text", "json", "csv", "markdown", "latex"}
        how it is printed

    Raises
    ------
    UsageError
        when a name, slicing, score or option does not exist
    RecordError
        when the systems are not of the same test rows, or predictions are not here
    """
    chosen = Choices(rounds=asked.rounds, cluster=asked.cluster).scoring()
    with warnings_told():
        shared = _shared(asked)
    shared = replace(shared, scoring=Scoring(shared.scoring.mode, chosen.bootstrap))
    sliced = slice_table(shared, by=asked.by, score=asked.score, correction=asked.correction)
    if form == "json":
        print(json.dumps(sliced.as_json(), indent=1, ensure_ascii=False))
    elif form == "text":
        _print(sliced)
    else:
        print({"csv": sliced.csv, "markdown": sliced.markdown, "latex": sliced.latex}[form](), end="")


def _shared(asked: Asked) -> SharedTest:
    """Return the systems named: of an experiment those asked for, or its best."""
    example = "Type for example `stancebench slices baselines`."
    if not asked.names:
        raise UsageError(f"Say of what: an experiment ({', '.join(experiment_names())}), or systems. {example}")
    experiments = [name for name in asked.names if name in experiment_names()]
    if experiments and len(asked.names) > 1:
        raise UsageError(f"{experiments[0]!r} is an experiment: name it alone, or systems of it as EXPERIMENT:SYSTEM.")
    if asked.systems and not experiments:
        raise UsageError(f"--system chooses among the systems of an experiment, and none is named alone. {example}")
    if not experiments:
        _refuse_near_experiment(asked.names)
        return named_systems(asked.names)
    (name,) = experiments
    if asked.systems:
        return named_systems([f"{name}:{system}" for system in asked.systems])
    return best_system(shared_tests(find_experiment(name))[0])


def _refuse_near_experiment(names: Sequence[str]) -> None:
    """Refuse a mistyped experiment, which `named_systems` would take for a mistyped system of it."""
    for name in names:
        close = nearest(name, experiment_names(), cutoff=0.8)
        if close and not Path(name).exists():
            raise UsageError(
                f"There is no experiment {name!r}. Did you mean {close!r}? Type `stancebench slices {close}`."
            )


def _print(sliced: Sliced) -> None:
    print(sliced.title())
    print(sliced.method())
    for system, scores in sliced.systems:
        print(f"\n{system.name}")
        _print_table(sliced.header(), sliced.lines(scores))
        for note in sliced.notes(scores):
            print(note)


def _print_table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(width=MANY_COLUMNS)
    table = Table(box=box.SIMPLE, padding=(0, 1, 0, 0))
    for i, name in enumerate(header):
        table.add_column(name, justify="left" if i < WORDS else "right", no_wrap=i >= WORDS, overflow="fold")
    for line in lines:
        table.add_row(*map(escape, line))
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()).strip("\n"))
