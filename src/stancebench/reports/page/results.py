"""The result table and its picture."""

from __future__ import annotations

from stancebench.reports.drawing import Drawing
from stancebench.reports.figures import Mark, drawing, interval_plot
from stancebench.reports.page.material import Material, inputs_of, kind_of
from stancebench.reports.page.parts import Heading, Section, Sheet, Value, hundredths
from stancebench.reports.picture import row_label
from stancebench.reports.table import DROP, Cell, Row
from stancebench.scoring.scores import SCORES

DROP_MEANING = "how much lower than the same system under the official protocol, on the same judgements"


def meaning(column: str) -> str:
    """Return what a column of a table measures."""
    score, _, target = column.partition(".")
    told = DROP_MEANING if score == DROP else SCORES[score].meaning
    return f"{told}; target {target}" if target else told


def results(material: Material) -> Section:
    """Return the section of the result table."""
    return Section(
        id="results",
        title="Results",
        lead=(
            "Scores in hundredths. Under each stands its 95% interval; a row of several seeds or draws has their mean "
            "and range. Choose a column's name to sort by it."
        ),
        sheets=(result_sheet(material),),
    )


def result_sheet(material: Material) -> Sheet:
    """Return the result table, best first."""
    table = material.table
    headings = (
        Heading("system", "model and what distinguishes it"),
        Heading("inputs", "what the model may see"),
        *(Heading(column, meaning(column)) for column in table.columns),
    )
    lines = tuple(_line(row) for row in material.ordered)
    return Sheet("results", f"{table.title or table.name}", headings, lines, words=2)


def _line(row: Row) -> tuple[Value, ...]:
    cells = (Value("declined", note=row.declined) if row.declined else _cell(cell) for cell in row.cells)
    return Value(row_label(row)), Value(inputs_of(row)), *cells


def _cell(cell: Cell) -> Value:
    note = cell.reason if cell.value is None or cell.low is None else ""
    return hundredths(cell.value, cell.low, cell.high, note=note)


def headline(material: Material) -> Section:
    """Return the section of the headline's picture."""
    lead = (
        f"{material.headline}: {meaning(material.headline)}. "
        "Dots are scores and lines are 95% intervals, or the range of several seeds or draws."
    )
    if material.reference:
        lead += (
            " The dashed line is the best holder prior: it knows who speaks and which target is named, and reads "
            "nothing else."
        )
    if not material.ranked:
        return Section("headline", "Headline", lead, missing="No system has a defined headline score.")
    return Section("headline", "Headline", lead, drawings=(headline_drawing(material),))


def headline_drawing(material: Material) -> Drawing:
    """Return the picture of the headline: each system's score with its interval, best first."""
    marks = score_marks(material, 0)
    reference = material.reference
    line = 100 * (reference.cells[0].value or 0.0) if reference else None
    title = f"{material.headline}, in hundredths"
    wide, narrow = (interval_plot(marks, title, line=line, narrow=n) for n in (False, True))
    best = marks[0]
    alt = f"{material.headline} of {len(marks)} systems with intervals. Best: {best.name}, {best.value:.1f}."
    return drawing("headline", alt, wide, narrow)


def score_marks(material: Material, column: int) -> list[Mark]:
    """Return a dot for each system that has a score, best headline first, in hundredths."""
    marks = []
    for row in material.ranked:
        cell = row.cells[column]
        if cell.value is not None:
            low, high = (None if bound is None else 100 * bound for bound in (cell.low, cell.high))
            marks.append(Mark(row_label(row), 100 * cell.value, low, high, kind_of(row)))
    return marks
