"""The paired comparisons of a report, made once: every system against two anchors, and all within each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from stancebench.reports.page.material import Material
from stancebench.reports.picture import row_label
from stancebench.reports.systems import SharedTest
from stancebench.scoring.paired import Comparison, System, compare
from stancebench.scoring.scores import ScoreId

PRIOR, BEST = "the best holder prior", "the best system"


@dataclass(frozen=True)
class Pairing:
    """Comparisons of the systems of one test.

    Attributes
    ----------
    material : Material
        of the report
    shared : SharedTest
        the systems
    """

    material: Material
    shared: SharedTest

    @cached_property
    def score(self) -> ScoreId:
        """The headline."""
        score, _, target = self.material.headline.partition(".")
        return ScoreId(score, target)

    @cached_property
    def contenders(self) -> dict[str, System]:
        """Systems with a defined headline by name, best first."""
        named = {system.name: system for system in self.shared.contenders(self.shared.scoring.bootstrap.cluster)}
        ranked = [row_label(row) for row in self.material.ranked]
        return {name: named[name] for name in ranked if name in named}

    @cached_property
    def anchors(self) -> dict[str, str]:
        """What every system is held against: a description and a name."""
        reference = self.material.reference
        found = {PRIOR: row_label(reference) if reference else "", BEST: next(iter(self.contenders), "")}
        return {what: name for what, name in found.items() if name in self.contenders}

    @cached_property
    def against(self) -> Comparison | None:
        """Every system against each anchor, as one family; None where there is no pair."""
        names = list(self.contenders)
        places = dict.fromkeys(names.index(name) for name in self.anchors.values())
        pairs = {frozenset((i, at)): (i, at) for at in places for i in range(len(names)) if i != at}
        return self._compared(names, list(pairs.values())) if pairs else None

    @cached_property
    def cells(self) -> Mapping[str, Comparison]:
        """All pairs among the systems that see the same inputs, a family for each cell with at least two."""
        inputs = {system.name: system.inputs for system in self.shared.systems}
        cells: dict[str, list[str]] = {}
        for name in self.contenders:
            cells.setdefault(inputs[name], []).append(name)
        return {cell: self._compared(names) for cell, names in cells.items() if len(names) > 1}

    def _compared(self, names: list[str], pairs: list[tuple[int, int]] | None = None) -> Comparison:
        scoring = self.shared.scoring
        systems = [self.contenders[name] for name in names]
        return compare(systems, scores=(self.score,), mode=scoring.mode, bootstrap=scoring.bootstrap, pairs=pairs)
