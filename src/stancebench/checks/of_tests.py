"""Checks of the test rows themselves: what stands on both sides of a fold, and what is too small to be claimed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stancebench.audits.leaks import exact_duplicates, near_duplicates
from stancebench.checks.check import RULES, Check
from stancebench.checks.evidence import Evidence
from stancebench.runs.evaluation import Prepared
from stancebench.runs.slices import slice_members
from stancebench.runs.store import RunStore
from stancebench.scoring.slices import MINIMUM_CLUSTERS, MINIMUM_ROWS
from stancebench.scoring.tally import BoolArray

NEEDED = f"{MINIMUM_ROWS} in {MINIMUM_CLUSTERS} are needed to claim anything"


def duplicate_checks(evidence: Evidence) -> Iterator[Check]:
    """Yield a finding for each test across whose folds texts are repeated."""
    rule = RULES["SB005"]
    if evidence.lacking:
        yield rule.declined(evidence.lacking)
    seen = set()
    for where, shared in evidence.tests():
        if shared.prepared.data in seen:
            continue
        seen.add(shared.prepared.data)
        prepared = _with_near_duplicates(shared.prepared, evidence.found.runner.store)
        for finding in (exact_duplicates(prepared), near_duplicates(prepared)):
            if finding.level == "warning":
                yield rule.warning(f"{where}: {finding.told}", finding.figures)


def _with_near_duplicates(prepared: Prepared, store: RunStore) -> Prepared:
    """Return rows and folds whose corpus need not search again what a run has found before."""
    corpus = prepared.corpus
    if corpus.near_duplicates is not None or not (known := store.near_duplicates(corpus.content_hash)):
        return prepared
    return replace(prepared, corpus=replace(corpus, near_duplicates=tuple(known)))


def small_slices(evidence: Evidence) -> Iterator[Check]:
    """Yield a finding for each subset with a score of its own that is too small, and one for all small slices."""
    if evidence.lacking:
        yield RULES["SB008"].declined(f"slices, {evidence.lacking}")
    seen = set()
    for where, shared in evidence.tests():
        prepared = shared.prepared
        if prepared.gold in seen:
            continue
        seen.add(prepared.gold)
        for name, member in prepared.subsets.items():
            rows, clusters = _size(prepared, member)
            if rows and (rows < MINIMUM_ROWS or clusters < MINIMUM_CLUSTERS):
                told = f"{where}: {name} has a score of its own and {rows} judgements in {clusters} events; {NEEDED}"
                yield RULES["SB008"].warning(told, {"slice": name, "judgements": rows, "clusters": clusters})
        sizes = {
            (slicing, name): _size(prepared, member)
            for slicing, slices in slice_members(prepared).items()
            for name, member in slices.items()
        }
        small = {key: size for key, size in sizes.items() if size[0] < MINIMUM_ROWS or size[1] < MINIMUM_CLUSTERS}
        if small:
            (slicing, name), (rows, clusters) = next(iter(small.items()))
            told = f"{where}: {len(small)} of {len(sizes)} slices are too small, such as {slicing} {name} with {rows} "
            told += f"judgements in {clusters} events; {NEEDED}"
            listed = [[*key, *size] for key, size in small.items()]
            yield RULES["SB008"].warning(told, {"small": listed, "slices": len(sizes)})


def _size(prepared: Prepared, member: BoolArray) -> tuple[int, int]:
    return int(member.sum()), int(prepared.test.loc[member, "group"].nunique())
