"""Pictures of a corpus: its stances by target and bloc, the agreement on them, and what its audits score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stancebench.reports.drawing import INKS, Drawing, altair_library
from stancebench.reports.figures import Mark, interval_plot, printed

if TYPE_CHECKING:
    import altair

    from stancebench.audits.finding import Finding

STANCES = {"favor": "series-1", "neutral": "rule", "against": "series-2"}
"""labels that are drawn, with their colours; absent ones are left out: most judgements are absent"""

WIDTH = 250
PADDING = 42


def labels_by_bloc(counts: Mapping[str, Mapping[str, Mapping[str, int]]]) -> altair.TopLevelMixin:
    """Return bars of the labels of each bloc, a panel a target.

    Parameters
    ----------
    counts : mapping of str to mapping of str to mapping of str to int
        judgements by target, bloc and label

    Raises
    ------
    MissingExtraError
        when altair is not installed
    """
    alt = altair_library()
    order = list(STANCES)
    names = sorted({bloc for blocs in counts.values() for bloc in blocs})
    rows = [
        {"target": target, "bloc": bloc, "label": label, "n": labels.get(label, 0), "order": order.index(label)}
        for target, blocs in counts.items()
        for bloc, labels in blocs.items()
        for label in order
    ]
    legend = alt.Legend(title=None, orient="top", symbolType="square")
    colour = alt.Scale(domain=order, range=[INKS[ink] for ink in STANCES.values()])
    bars = (
        alt.Chart()
        .mark_bar()
        .encode(
            y=alt.Y("bloc:N", title=None, sort=names, axis=alt.Axis(ticks=False)),
            x=alt.X("n:Q", title="judgements", axis=alt.Axis(tickCount=5)),
            color=alt.Color("label:N", scale=colour, legend=legend, sort=order),
            order=alt.Order("order:Q"),
        )
        .properties(width=WIDTH, height=22 * len(names))
    )
    facet = alt.Facet("target:N", title=None, sort=list(counts), columns=2)
    return alt.layer(bars, data=alt.Data(values=rows)).facet(facet=facet, columns=2)


def agreement_marks(agreed: Mapping[str, Any]) -> list[Mark]:
    """Return alpha over three stances for all targets and each, of all judgements and of addressed ones."""
    marks = []
    for what, key, kind in (
        ("all judgements", "alpha_stances", "system"),
        ("addressed", "alpha_stances_addressed", "reference"),
    ):
        for target, a in agreed[key].items():
            if a["value"] is not None:
                name = f"{'all targets' if target == 'all' else target}, {what}"
                marks.append(Mark(name, a["value"], a["low"], a["high"], kind))
    return marks


def audit_marks(findings: Sequence[Finding]) -> list[Mark]:
    """Return the first score of each shortcut with its interval; a warning is in the colour of references."""
    marks = []
    for finding in findings:
        scores = finding.figures.get("scores", {})
        if scores:
            figure = next(iter(scores.values()))
            if figure["value"] is not None:
                kind = "reference" if finding.level == "warning" else "system"
                marks.append(
                    Mark(f"{finding.code} {finding.name}", figure["value"], figure["low"], figure["high"], kind)
                )
    return marks


def corpus_pictures(
    name: str, statistics: Mapping[str, Any], findings: Sequence[Finding], best: tuple[str, float] | None = None
) -> list[Drawing]:
    """Return the pictures of a corpus; one that the corpus has nothing for is left out.

    Parameters
    ----------
    name : str
        of the corpus, with its edition
    statistics : mapping
        as of ``statistics.json``
    findings : sequence of Finding
        of its audits
    best : tuple of (str, float), optional
        the best committed model and its first score: a dashed line among the audits

    Raises
    ------
    MissingExtraError
        when altair is not installed
    """
    pictures = [
        printed(
            "labels",
            f"Labels of {name} by target and bloc of the holder, absent ones left out.",
            labels_by_bloc(statistics["labels_by_bloc_and_target"]),
        )
    ]
    if statistics["agreement"]:
        plot = interval_plot(
            agreement_marks(statistics["agreement"]),
            "Krippendorff's alpha, three stances, two runs of language models: consistency, not truth",
            zero=False,
        )
        pictures.append(printed("agreement", f"Agreement between the first two annotators of {name}.", plot))
    marks = audit_marks(findings)
    if marks:
        beside = f"; dashed: {best[0]}" if best else ""
        plot = interval_plot(marks, f"f_avg_macro of what does not read{beside}", line=best[1] if best else None)
        pictures.append(printed("audits", f"What each shortcut scores on {name}.", plot))
    return pictures
