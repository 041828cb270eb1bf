"""The probes by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stancebench.errors import unknown
from stancebench.probes.aliases import target_alias_swapped
from stancebench.probes.clause import clause_added
from stancebench.probes.holders import holder_replaced
from stancebench.probes.quotation import quotation_marks_removed
from stancebench.probes.reporting import reporting_verb_swapped
from stancebench.probes.sentence import Change
from stancebench.probes.spelling import casing, typos
from stancebench.tasks import Task


class Probe(NamedTuple):
    """A change of a sentence that must not change its stance.

    Attributes
    ----------
    name : str
        as typed after ``--only``
    change : callable
        from a judgement's sentence to the changed text, or None where it does not apply
    summary : str
        one line
    hides_holder : bool
        whether it is fair only to a model that is not told the holder
    hides_names : bool
        whether a mask would no longer find the names that it hides
    """

    name: str
    change: Change
    summary: str
    hides_holder: bool = False
    hides_names: bool = False

    def declines(self, task: Task) -> str:
        """Return why the probe asks nothing of a task, or an empty string."""
        if self.hides_holder and task.inputs != "text":
            return f"inputs {task.inputs!r} say who the holder is, and another one in the text would contradict them"
        if self.hides_names and task.inputs == "masked":
            return "inputs 'masked' hide names, which are found by their capitals: a model would see what is hidden"
        return ""


PROBES = {
    probe.name: probe
    for probe in (
        Probe("target_alias_swapped", target_alias_swapped, "another name of the target"),
        Probe("reporting_verb_swapped", reporting_verb_swapped, "said for told reporters, and the other way round"),
        Probe("quotation_marks_removed", quotation_marks_removed, "the words stay, the marks go"),
        Probe("typos", typos, "a slip of the keyboard in each twelve words"),
        Probe("casing", casing, "lower case, but for names of the targets", hides_names=True),
        Probe("clause_added", clause_added, "a clause about nobody's position"),
        Probe("holder_replaced", holder_replaced, "another state in the place of the holder", hides_holder=True),
    )
}


def chosen(only: Sequence[str]) -> tuple[Probe, ...]:
    """Return the probes asked for, in the order of `PROBES`; all where nothing is asked.

    Raises
    ------
    UsageError
        when there is no such probe
    """
    for name in only:
        if name not in PROBES:
            raise unknown("probe", name, PROBES, "Type for example --only typos.")
    return tuple(probe for name, probe in PROBES.items() if name in only or not only)
