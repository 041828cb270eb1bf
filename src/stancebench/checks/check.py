"""What a check says, and which checks there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Level = Literal["ok", "warning", "declined"]


@dataclass(frozen=True)
class Check:
    """One answer of a check.

    Attributes
    ----------
    code : str
        such as ``SB006``; docs/checks has a page for each
    name : str
        of the check
    level : {"ok", "warning", "declined"}
        declined where what the check needs is not here; it then has no figure
    told : str
        what was found, in one line
    figures : mapping
        numbers behind it, by name
    system : str
        label of the row of the table it is about; empty where it is about the experiment
    acknowledged : str
        the reason that the experiment's file gives; empty where it gives none
    """

    code: str
    name: str
    level: Level
    told: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    system: str = ""
    acknowledged: str = ""

    @property
    def open(self) -> bool:
        """Whether it is a warning that nobody has acknowledged."""
        return self.level == "warning" and not self.acknowledged

    def as_json(self) -> dict[str, Any]:
        """Return the check as JSON has it."""
        return asdict(self)


@dataclass(frozen=True)
class Rule:
    """A check that there is.

    Attributes
    ----------
    code, name : str
        as it is asked for and acknowledged
    asks : str
        what it asks, in one line
    fine : str
        what is told where nothing is found
    """

    code: str
    name: str
    asks: str
    fine: str

    def warning(self, told: str, figures: Mapping[str, Any] | None = None, system: str = "") -> Check:
        """Return a finding."""
        return Check(self.code, self.name, "warning", told, figures or {}, system)

    def ok(self, figures: Mapping[str, Any] | None = None) -> Check:
        """Return that nothing was found."""
        return Check(self.code, self.name, "ok", self.fine, figures or {})

    def declined(self, reason: str) -> Check:
        """Return that it could not be checked."""
        return Check(self.code, self.name, "declined", f"not checked: {reason}")


RULES: Mapping[str, Rule] = {
    r.code: r
    for r in (
        Rule(
            "SB001",
            "worse_than_majority",
            "Is a system no better than the commonest stance of each target?",
            "every system is better than the commonest stance of each target",
        ),
        Rule(
            "SB002",
            "does_not_beat_holder_prior",
            "Is a system not significantly better than the holder prior?",
            "every system is significantly better than the holder prior",
        ),
        Rule(
            "SB003",
            "difference_within_spread",
            "Can two neighbours in the order of a table not be told apart?",
            "every two neighbours in the order of the table can be told apart",
        ),
        Rule(
            "SB004",
            "selected_on_test",
            "Do several settings of one model stand side by side with test scores only?",
            "no model stands in several settings",
        ),
        Rule(
            "SB005",
            "duplicates_across_folds",
            "Do equal or nearly equal texts stand on both sides of a fold?",
            "no equal or nearly equal texts stand on both sides of a fold",
        ),
        Rule(
            "SB006",
            "class_never_predicted",
            "Does a system never predict a stance that gold has?",
            "every system predicts every stance that gold has, for each target",
        ),
        Rule(
            "SB007",
            "calibration_worse_than_prior",
            "Are a system's probabilities worse than the shares of the stances in train?",
            "all probabilities are better than the shares of the stances in train",
        ),
        Rule(
            "SB008",
            "too_few_items",
            "Is a target or a slice too small to be claimed anything about?",
            "every target and slice that is scored is large enough",
        ),
        Rule(
            "SB009",
            "changed_code",
            "Was a record made by code that was changed since its commit?",
            "no record was made by changed code",
        ),
        Rule(
            "SB010",
            "mixed_versions",
            "Do records of one table come from different versions of Python, packages or scores?",
            "all records were made with the same versions",
        ),
        Rule(
            "SB011",
            "undefined_headline",
            "Has a system's headline no value, or no interval?",
            "every headline has a value and an interval",
        ),
        Rule(
            "SB012",
            "one_seed",
            "Was a stochastic model run with one seed?",
            "every stochastic model was run with several seeds",
        ),
        Rule(
            "SB013",
            "unfinished",
            "Are runs of the experiment missing?",
            "every run is finished",
        ),
        Rule(
            "SB014",
            "unused_acknowledgement",
            "Does the experiment's file acknowledge what is not found?",
            "every acknowledgement is of something found",
        ),
    )
}
"""every check, by code"""
