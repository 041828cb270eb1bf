"""The plain way of `report.py`: every chart of the report drawn by altair alone, as the SVG and PNG it is there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import altair as alt


def main() -> None:
    specs, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    for i, spec in enumerate(specs):
        chart = alt.Chart.from_dict(spec["chart"])
        chart.save(folder / f"{i}.svg")
        if spec["png"]:
            chart.save(folder / f"{i}.png", scale_factor=2)


if __name__ == "__main__":
    main()
