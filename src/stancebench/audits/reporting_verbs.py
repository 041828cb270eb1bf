"""Verbs that report what somebody said, in every form."""

from __future__ import annotations

# fmt: off
REGULAR = (
    "accuse", "add", "admit", "agree", "announce", "argue", "ask", "assert", "blame", "call", "cite", "claim",
    "comment", "condemn", "confirm", "criticise", "criticize", "declare", "demand", "denounce", "emphasise",
    "emphasize", "explain", "express", "hail", "insist", "mention", "note", "pledge", "praise", "reaffirm",
    "reiterate", "reject", "remark", "report", "respond", "state", "stress", "suggest", "thank", "threaten", "urge",
    "vow", "warn", "welcome",
)
# fmt: on

OTHERS = ("admitted", "admitting", "denied", "denies", "deny", "denying", "replied", "replies", "reply", "replying")
IRREGULAR = ("said", "say", "saying", "says", "tell", "telling", "tells", "told", "write", "writes", "writing", "wrote")


def forms(verb: str) -> tuple[str, str, str, str]:
    """Return the four forms of a regular verb.

    Examples
    --------
    >>> forms("urge"), forms("warn")
    (('urge', 'urges', 'urged', 'urging'), ('warn', 'warns', 'warned', 'warning'))
    >>> forms("stress")[1]
    'stresses'
    """
    stem = verb.removesuffix("e")
    third = verb + ("es" if verb.endswith("ss") else "s")
    return verb, third, f"{stem}ed", f"{stem}ing"


REPORTING_VERBS = tuple(sorted({*OTHERS, *IRREGULAR, *(form for verb in REGULAR for form in forms(verb))}))
"""forms of verbs that report speech"""
