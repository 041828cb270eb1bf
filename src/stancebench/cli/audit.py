"""`stancebench audit`: what of a corpus can be scored without reading, and what leaks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from stancebench.audits.audit import audit
from stancebench.audits.finding import Finding
from stancebench.cli.corpora import MARKS
from stancebench.cli.score import Choices, given_corpus
from stancebench.runs.evaluation import Prepared, prepare
from stancebench.tasks import Task

UNIT = "scores as fractions of 1"

TESTS = {"bootstrap": "by its standard error", "randomisation": "by randomisation"}

SMALLEST = 0.0001
"""a p below is printed as that"""


def audit_command(corpus: str, task: str, protocol: str, only: Sequence[str], *, as_json: bool) -> int:
    """Print the findings of a corpus and return the exit code.

    Parameters
    ----------
    corpus : str
        a name, a folder, a declared table or a file that declares one
    task, protocol : str
        what is asked, and how the corpus becomes train and test
    only : sequence of str
        codes or names of audits; empty for all
    as_json : bool
        whether to print JSON

    Returns
    -------
    int
        0: a finding is no failure
    """
    scoring = Choices().scoring()
    # A task's inputs are what a model sees; an audit may see every column.
    prepared = prepare(given_corpus(corpus), Task(task, "text"), protocol)
    findings = audit(prepared, scoring, only)
    if as_json:
        values = {**_of(prepared), "findings": [f.as_json() for f in findings]}
        print(json.dumps(values, indent=1, ensure_ascii=False))
        return 0
    first = next(findings)
    print(f"{prepared.corpus.name}@{prepared.corpus.version}, {prepared.task.name}, {prepared.protocol}; {UNIT}")
    _print(first)
    for finding in findings:
        _print(finding)
    return 0


def _of(prepared: Prepared) -> dict[str, Any]:
    corpus = prepared.corpus
    return {
        "corpus": {"name": corpus.name, "version": corpus.version, "content_hash": corpus.content_hash},
        "task": prepared.task.name,
        "protocol": prepared.protocol.as_json(),
    }


def _print(finding: Finding) -> None:
    print(f"{finding.code}  {MARKS[finding.level]:<9}{finding.name}: {finding.told}.")
    for name, figure in finding.figures.get("scores", {}).items():
        beside = _number(finding.figures["majority"][name]["value"])
        bounds = f"[{_number(figure['low'])}, {_number(figure['high'])}]"
        print(f"      {name:<12} {_number(figure['value'])}  {bounds}   majority {beside}")
    for reference, apart in finding.figures.get("differences", {}).items():
        print(f"      {apart['score']:<12} {_difference(apart)} against {reference}")
    if naming := finding.figures.get("naming"):
        chosen = naming["chosen"]
        on = naming["readings"][chosen]
        print(
            f"      of {len(naming['readings'])} readings of naming dev chooses {chosen!r}: "
            f"macro_f1 {on['dev']:.3f} on dev, {on['test']:.3f} on test"
        )


def _difference(apart: Mapping[str, Any]) -> str:
    if apart["value"] is None:
        return f"no difference ({apart['reason']})"
    bounds = f"[{apart['low']:+.3f}, {apart['high']:+.3f}]" if apart["low"] is not None else f"({apart['reason']})"
    tested = ""
    if apart["p_adjusted"] is not None:
        p = apart["p_adjusted"]
        tested = f", corrected p {f'{p:.4f}' if p >= SMALLEST else f'below {SMALLEST}'} ({TESTS[apart['test']]})"
    return f"{apart['value']:+.3f} {bounds}{tested}"


def _number(value: float | None) -> str:
    return "   -  " if value is None else f"{value:6.3f}"
