"""All audits of a corpus under a task and a protocol, in the order of their codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stancebench.audits.finding import Finding
from stancebench.audits.leaks import LEAKS
from stancebench.audits.scored import BATCH, BATCH_CODE, CODES, batch_finding, shortcut_findings
from stancebench.errors import unknown
from stancebench.runs.evaluation import Prepared
from stancebench.runs.spec import Scoring

NAMES = {
    **{code: shortcut.name for code, shortcut in CODES.items()},
    BATCH_CODE: BATCH,
    **{code: name for code, (name, _) in LEAKS.items()},
}
"""name of each audit, by code"""


def chosen(only: Sequence[str]) -> frozenset[str]:
    """Return the codes that are asked for by code or name; all where nothing is asked.

    Raises
    ------
    UsageError
        when there is no such audit
    """
    code_of = {name: code for code, name in NAMES.items()}
    codes = set()
    for given in only:
        if given.upper() not in NAMES and given not in code_of:
            then = "Type for example --only holder_only, or its code AU01."
            raise unknown("audit", given, NAMES.values(), then, NAMES)
        codes.add(code_of.get(given, given.upper()))
    return frozenset(codes or NAMES)


def audit(prepared: Prepared, scoring: Scoring | None = None, only: Sequence[str] = ()) -> Iterator[Finding]:
    """Audit a corpus.

    Parameters
    ----------
    prepared : Prepared
        rows and folds of the corpus under a task and a protocol
    scoring : Scoring, optional
        how shortcuts are scored; by default as a run is
    only : sequence of str
        codes or names of audits; empty for all

    Yields
    ------
    Finding
        one for each audit, in the order of their codes; declined where the corpus lacks what it needs

    Raises
    ------
    Declined
        when the corpus declines the task or the protocol
    UsageError
        when there is no such audit
    """
    codes = chosen(only)
    prepared.refuse_declined()
    yield from shortcut_findings(prepared, scoring or Scoring(), codes)
    if BATCH_CODE in codes:
        yield batch_finding(prepared)
    for code, (_, find) in LEAKS.items():
        if code in codes:
            yield find(prepared)
