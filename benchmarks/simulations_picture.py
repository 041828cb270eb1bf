"""The pictures of the simulations, drawn from their tables."""

from __future__ import annotations

from pathlib import Path

import altair as alt
import pandas as pd
import vl_convert

WANTED, FLOOR = 95, 92
"""nominal coverage, and that below which an interval is withheld"""

SCORES = ("f_avg_macro", "macro_f1", "accuracy", "f_avg_worst")


def draw_coverage(folder: Path) -> None:
    """Draw coverage against the number of clusters: by event and by judgement, for each balance of classes."""
    table = pd.read_csv(folder / "coverage.csv")
    of_all = (table["of"] == "all") & table["score"].isin(SCORES) & (table["system"] == "middling")
    table = table[of_all & (table["events"] == "clustered") & (table["intervals"] >= 1000)]
    table = table.assign(resampled="by " + table["resampled"])
    axis = alt.Axis(labelExpr="datum.value")
    lines = (
        alt.Chart(width=130, height=150)
        .mark_line(point=True)
        .encode(
            x=alt.X("clusters:O", title="events"),
            y=alt.Y("coverage:Q", title="coverage, %", scale=alt.Scale(domain=[40, 100], clamp=True), axis=axis),
            color=alt.Color("resampled:N", title="resampled"),
        )
    )
    wanted = alt.Chart().mark_rule(strokeDash=[4, 3]).encode(y=alt.datum(WANTED))
    floor = alt.Chart().mark_rule(strokeDash=[1, 2]).encode(y=alt.datum(FLOOR))
    chart = (
        alt.layer(lines, wanted, floor, data=table)
        .facet(column=alt.Column("score:N", title=None, sort=list(SCORES)), row=alt.Row("classes:N", title=None))
        .properties(title="Coverage of nominal 95% intervals, before any is withheld")
    )
    _save(chart, folder / "coverage.svg")


def draw_power(folder: Path) -> None:
    """Draw how often a difference is found against how large it is."""
    table = pd.read_csv(folder / "power.csv")
    lines = (
        alt.Chart(table, width=420, height=240)
        .mark_line(point=True)
        .encode(
            x=alt.X("difference:Q", title="true difference in f_avg_macro, in hundredths"),
            y=alt.Y("found:Q", title="found, % of simulated corpora", scale=alt.Scale(domain=[0, 100])),
            color=alt.Color("events:N", title="events"),
        )
    )
    wanted = alt.Chart().mark_rule(strokeDash=[4, 3]).encode(y=alt.datum(80))
    _save(alt.layer(lines, wanted).properties(title="Power of the paired test at the 5% level"), folder / "power.svg")


def _save(chart: alt.TopLevelMixin, path: Path) -> None:
    path.write_text(vl_convert.vegalite_to_svg(chart.to_dict()), encoding="utf-8")
