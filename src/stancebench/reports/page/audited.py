"""What scores without reading, and what leaks: the audits of the corpus."""

from __future__ import annotations

from collections.abc import Sequence

from stancebench.audits.audit import audit
from stancebench.audits.finding import Finding
from stancebench.reports.figures import Mark, drawing, interval_plot
from stancebench.reports.page.material import Material
from stancebench.reports.page.parts import Heading, Section, Sheet, Value

TITLE = "Audits"

SHOWN = "f_avg_macro"


def audits(material: Material) -> Section:
    """Return the section of audits: shortcuts that do not read, scored as systems are, and leaks."""
    lead = (
        "Of the corpus: shortcuts are fitted on train and scored on test like any system, but see only what their "
        "name says. A serious system lies above all of them. Rings are no better than chance. Leaks say what of train "
        "stands in test. docs/audits.md has a section for each code."
    )
    shared = material.main
    if shared is None:
        return Section("audits", TITLE, lead, missing=material.unpaired)
    findings = list(audit(shared.prepared, shared.scoring))
    sheet = Sheet(
        "audits",
        "Every audit and what it found",
        (Heading("code"), Heading("audit"), Heading("level"), Heading("finding")),
        tuple((Value(f.code), Value(f.name), Value(f.level), Value(f.told)) for f in findings),
        words=4,
    )
    marks = _marks(findings)
    if not marks:
        return Section("audits", TITLE, lead, sheets=(sheet,))
    best = material.ranked[0].cells[0] if material.ranked and material.headline == marks[0][0] else None
    line = None if best is None or best.value is None else 100 * best.value
    title = f"{marks[0][0]}, in hundredths" + ("; dashed: the best system" if line is not None else "")
    dots = [mark for _, mark in marks]
    wide, narrow = (interval_plot(dots, title, line=line, line_kind="system", narrow=n) for n in (False, True))
    alt = f"{marks[0][0]} of {len(dots)} shortcuts with intervals, from {dots[0].name} to {dots[-1].name}."
    return Section("audits", TITLE, lead, drawings=(drawing("audits", alt, wide, narrow),), sheets=(sheet,))


def _marks(findings: Sequence[Finding]) -> list[tuple[str, Mark]]:
    """Return the first score of each shortcut, best first, in hundredths."""
    marks = []
    for finding in findings:
        for score, figure in list(finding.figures.get("scores", {}).items())[:1]:
            value, low, high = (None if figure[k] is None else 100 * figure[k] for k in ("value", "low", "high"))
            if value is not None:
                kind = "reference" if finding.level == "warning" else "open"
                marks.append((score, Mark(finding.name, value, low, high, kind)))
    return sorted(marks, key=lambda pair: -pair[1].value)
