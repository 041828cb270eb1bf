"""`stancebench report` on the committed baselines against altair drawing the same charts and nothing else."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from paired import ratio, report, whole_process
from stancebench.reports import drawing, figures
from stancebench.reports.experiment import find_experiment
from stancebench.reports.page.material import material_of
from stancebench.reports.page.report import build_report

EXPERIMENT = "baselines"
"""34 systems"""

SCRIPT = str(Path(__file__).with_name("report_altair.py").absolute())


def specifications() -> list[dict[str, Any]]:
    """Return the chart of every drawing of the report, each width by itself, and whether it is a PNG too."""
    drawn = drawing.svg
    specs: dict[str, Any] = {}

    def noted(chart: Any) -> str:
        made = drawn(chart)
        specs[made] = drawing.dressed(chart).to_dict()
        return made

    with mock.patch.object(figures, "svg", noted):
        files = {d.wide for d in build_report(material_of(find_experiment(EXPERIMENT))).drawings()}
    return [{"chart": spec, "png": made in files} for made, spec in specs.items()]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        os.environ["STANCEBENCH_HOME"] = str(here / "home")
        specs = specifications()
        for name, chosen in (
            ("charts, both widths", specs),
            ("figures, once each", [spec for spec in specs if spec["png"]]),
        ):
            (here / "specs.json").write_text(json.dumps(chosen))
            ours = [str(Path(sys.executable).with_name("stancebench")), "report", EXPERIMENT, "--out", "ours"]
            plain = [sys.executable, SCRIPT, "specs.json", "plain"]
            found = ratio(lambda o=ours: whole_process(o, here), lambda p=plain: whole_process(p, here), rounds=5)
            report(f"report of 34 systems / its {len(chosen)} {name}, by altair alone", "at most 3", found)


if __name__ == "__main__":
    main()
