"""`stancebench report`: an experiment's report as one page, with its figures and tables as files."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

from stancebench.config.compose import experiment_names
from stancebench.errors import RecordError, UsageError
from stancebench.files import write_whole
from stancebench.paths import CHECKOUT, home, shown
from stancebench.reports.experiment import find_experiment
from stancebench.reports.page.material import material_of
from stancebench.reports.page.render import files
from stancebench.reports.page.report import build_report


def write_report(name: str | None, out: str | None, *, publish: bool, probes: bool) -> None:
    """Write the report of an experiment.

    Parameters
    ----------
    name : str or None
        of a committed experiment
    out : str or None
        folder; by default ``reports/NAME`` under where runs go
    publish : bool
        whether to write it to ``results/NAME`` of the checkout
    probes : bool
        whether the best system is fitted again and probed

    Raises
    ------
    UsageError
        when no experiment is given, none has that name, or both a folder and ``publish`` are given
    RecordError
        when no run of it is finished, or what is published is not whole
    MissingExtraError
        when the packages that draw are not installed
    """
    if out is not None and publish:
        raise UsageError("--out and --publish are two places to write to: type one of them.")
    if name is None:
        raise UsageError(
            f"Say of which experiment: {', '.join(experiment_names())}. "
            "Type for example `stancebench report baselines`."
        )
    found = find_experiment(name)
    missing = sum(record is None for _, record in found.runs)
    if missing:
        told = f"{missing} of {len(found.runs)} runs are not finished."
        if publish:
            raise RecordError(f"{told} A published report is whole: type `stancebench run experiment={name}`.")
        print(f"warning: {told} Type `stancebench run experiment={name}` to do the rest.", file=sys.stderr)
    folder = _folder(name, out, publish=publish)
    written = files(build_report(material_of(found, probed=probes)))
    if publish:
        _drop_stale(folder, written)
    for path, data in written.items():
        write_whole(folder / path, data)
    print(f"Report    {shown(folder / 'report.html')}")
    print(f"Figures   {shown(folder / 'figures')} (SVG and PNG)")
    print(f"Tables    {shown(folder / 'tables')} (Markdown, CSV and LaTeX)")


def _drop_stale(folder: Path, written: Collection[str]) -> None:
    """Remove published figures and tables that this report no longer has."""
    for path in (*(folder / "figures").glob("*"), *(folder / "tables").glob("*")):
        if path.relative_to(folder).as_posix() not in written:
            path.unlink()


def _folder(name: str, out: str | None, *, publish: bool) -> Path:
    if not publish:
        return home() / "reports" / name if out is None else Path(out)
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise RecordError(
            "`--publish` writes to results/ of a checkout, and this stancebench is installed without one."
        )
    return CHECKOUT / "results" / name
