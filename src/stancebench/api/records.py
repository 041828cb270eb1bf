"""Finished records as a data frame."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from stancebench.errors import RecordError, nearest
from stancebench.paths import home, shipped, shown
from stancebench.reports.text import plain_settings, protocol_text
from stancebench.runs.record import Record
from stancebench.runs.store import RunStore

COLUMNS = [
    *("key", "corpus", "version", "task", "inputs", "protocol", "model", "settings", "seed", "status", "reason"),
    *("finished", "predictions"),
]
"""what every record has; its scores stand behind"""

HEADLINE = ("f_avg_macro", "f_avg_macro.low", "f_avg_macro.high")
"""scores that are columns also where nothing has run"""


def load_runs(folder: str | Path | None = None) -> pd.DataFrame:
    """Return the finished runs of a folder, one row a record.

    Parameters
    ----------
    folder : str or pathlib.Path, optional
        the folder runs went to, or a folder of committed results, or the name of such results in this package, such as
        ``"baselines"``; by default ``STANCEBENCH_HOME``, else ``outputs`` in the working directory

    Returns
    -------
    pandas.DataFrame
        ``key, corpus, version, task, inputs, protocol, model, settings, seed, status, reason, finished, predictions``,
        where ``settings`` is a mapping and ``predictions`` the path of a file that `stancebench.score` reads; then each
        score of all stances, as ``f_avg_macro`` or ``f_avg.nato``, with its bounds, as ``f_avg_macro.low`` and
        ``f_avg_macro.high``. Numbers are NaN where a score is undefined or a model declined. No rows, and a warning
        that names the folder, where nothing has run in it yet

    Raises
    ------
    RecordError
        when a folder that is named has no records

    Examples
    --------
    >>> import stancebench
    >>> runs = stancebench.load_runs("baselines")
    >>> best = runs.sort_values("f_avg_macro", ascending=False).iloc[0]
    >>> best["model"], best["settings"]["conditioning"], best["inputs"]
    ('tfidf_logreg', 'marked', 'text+holder')
    """
    store = RunStore(home() if folder is None else _found(Path(folder)))
    rows = [_row(store, record) for record in store.all_records()]
    if not rows:
        warnings.warn(
            f"No runs are in {shown(store.records)}. Name another folder, or committed results, as in "
            'load_runs("baselines").',
            stacklevel=2,
        )
    scores = dict.fromkeys(
        column for row in rows or [dict.fromkeys(HEADLINE)] for column in row if column not in COLUMNS
    )
    return pd.DataFrame(rows, columns=[*COLUMNS, *scores])


def _found(folder: Path) -> Path:
    folder = folder.expanduser()
    committed = shipped("results")
    for candidate in (folder, committed / folder):
        if (candidate / "records").is_dir():
            return candidate
    names = sorted(p.parent.name for p in committed.glob("*/records"))
    close = nearest(folder.name, names)
    hint = f" Did you mean {close!r}?" if close else ""
    raise RecordError(
        f"There are no records in {shown(folder)}.{hint} A folder that runs went to is expected, or one of the "
        f"committed results: {', '.join(names)}."
    )


def _row(store: RunStore, record: Record) -> dict[str, Any]:
    run = record.run
    file = record.predictions
    row: dict[str, Any] = {
        "key": record.score_key,
        "corpus": record.corpus.name,
        "version": record.corpus.version,
        "task": run["task"]["name"],
        "inputs": run["task"]["inputs"],
        "protocol": protocol_text(record),
        "model": run["model"],
        "settings": plain_settings(record),
        "seed": run["seed"],
        "status": record.status,
        "reason": record.reason,
        "finished": record.times.finished,
        "predictions": str(store.predictions / file.file) if file else "",
    }
    for entry in record.scores:
        if not entry.stance and not entry.bloc:
            name = f"{entry.score}.{entry.target}" if entry.target else entry.score
            bounds = {"": entry.value, ".low": entry.low, ".high": entry.high}
            row |= {f"{name}{end}": float("nan") if v is None else v for end, v in bounds.items()}
    return row
