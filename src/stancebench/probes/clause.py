"""Probe of a clause that has nothing to do with anybody's position."""

from __future__ import annotations

import re

from stancebench.probes.sentence import Item, Names

CLAUSES = (
    "the item was filed shortly before noon",
    "the page was last updated on a Tuesday",
    "the summary runs to two short paragraphs",
    "rain was forecast for the afternoon",
    "the session had begun ten minutes late",
)

END = re.compile(r"([\w%)\"”])(\.?)([\"”]?)$")
"""the last word, the full stop that a headline lacks, and a quotation mark behind it"""

ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b[ap]\.m|\b[A-Z][a-z])\.$")


def clause_added(item: Item, names: Names) -> str | None:
    """Return a text with a main clause joined to its end, drawn from `CLAUSES`; none names a target.

    It does not apply to a question, or to a text whose last full stop belongs to an abbreviation.
    """
    end = END.search(item.text)
    fitting = [clause for clause in CLAUSES if not names.alias_spans(item, clause)]
    if not end or not fitting or ABBREVIATED.search(item.text):
        return None
    clause = fitting[int(item.generator("clause_added").integers(len(fitting)))]
    return f"{item.text[: end.start()]}{end[1]}{end[3]}; {clause}{end[2]}"
