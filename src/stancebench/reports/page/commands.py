"""How to have it all again: the commands, the records and what made them."""

from __future__ import annotations

from collections.abc import Iterable

from stancebench.reports.page.material import Material
from stancebench.reports.page.parts import Heading, Section, Sheet, Value
from stancebench.reports.picture import row_label
from stancebench.runs.record import Record
from stancebench.runs.store import SHORT

COMMIT = 10
"""digits of a commit that are shown"""


def commands(material: Material) -> Section:
    """Return the section of commands and records."""
    name = material.name
    lines = (
        f"stancebench run experiment={name}",
        f"stancebench report {name}" + (" --probes" if material.probes else ""),
        f"stancebench table {name}",
        f"stancebench reproduce --experiment {name}",
    )
    return Section(
        "commands",
        "Commands",
        "The first line makes every number of this page, but those of few examples in the learning curve, which are "
        "of experiments that choose the protocol few_shot. The second one makes the page, and the last one runs each "
        "record again and compares. One record is run again by stancebench reproduce with its key.",
        sheets=(_made(material.finished), _records(material)),
        commands=lines,
    )


def _records(material: Material) -> Sheet:
    lines = tuple(
        (
            Value(row_label(row)),
            Value(str(record.run["protocol"].get("draw", ""))),
            Value(str(record.run["seed"]) if record.stochastic else ""),
            Value(record.score_key[:SHORT]),
            Value(record.predictions.file if record.predictions else "-"),
            Value(str(record.counts.test), record.counts.test),
        )
        for row in material.ordered
        for record in row.records
    )
    headings = tuple(
        Heading(*h)
        for h in (
            ("system", "model and what distinguishes it"),
            ("draw", "which of several trains, where the protocol draws them"),
            ("seed", "of a stochastic model"),
            ("record", "its score key"),
            ("predictions", "its file of predictions"),
            ("test judgements", "how many were scored"),
        )
    )
    return Sheet("records", f"{len(lines)} records behind this page", headings, lines, words=5, folded=True)


def _made(records: list[Record]) -> Sheet:
    packages = sorted({name for r in records for name in r.provenance.packages})
    facts = {
        "stancebench": (r.provenance.stancebench for r in records),
        "commit": (_commit(r) for r in records),
        "Python": (r.provenance.python for r in records),
        "platform": (r.provenance.platform for r in records),
        "BLAS": (r.provenance.blas for r in records),
        **{name: (r.provenance.packages.get(name, "") for r in records) for name in packages},
        "corpus": (f"{r.corpus.name}@{r.corpus.version}, {r.corpus.content_hash[:SHORT]}" for r in records),
    }
    lines = tuple((Value(name), Value(_distinct(told))) for name, told in facts.items())
    return Sheet(
        "made-with", "What the records were made with", (Heading("what"), Heading("which")), lines, words=2, folded=True
    )


def _commit(record: Record) -> str:
    made = record.provenance
    return made.git_commit[:COMMIT] + (" with changes" if made.git_dirty else "")


def _distinct(told: Iterable[str]) -> str:
    return "; ".join(sorted({t for t in told if t})) or "-"
