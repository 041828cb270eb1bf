"""A corpus's card: the figures and tables in it are those of its statistics, filled in by a command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from stancebench.errors import CorpusError, unknown
from stancebench.vocabulary import LABELS

CARD = "README.md"
STAT = re.compile(r"<!-- stat:([\w.]+) -->.*?<!-- /stat -->", re.DOTALL)
TABLE = re.compile(r"<!-- table:(\w+) -->.*?<!-- /table -->", re.DOTALL)


def filled(card: str, statistics: Mapping[str, Any]) -> str:
    """Return a card with every marked figure and table as the statistics have it.

    ``<!-- stat:NAME -->...<!-- /stat -->`` holds a figure (``mirror.flip_rate`` is one inside another), and
    ``<!-- table:NAME -->...<!-- /table -->`` a table of ``TABLES``.

    Parameters
    ----------
    card : str
        Markdown
    statistics : mapping
        as of ``statistics.json``

    Raises
    ------
    CorpusError
        when a mark names what there is not
    """

    def figure(found: re.Match[str]) -> str:
        name = found[1]
        value: Any = statistics
        for part in name.split("."):
            if not isinstance(value, Mapping) or part not in value:
                raise CorpusError(f"{CARD}: {unknown('figure', name, _names(statistics))}")
            value = value[part]
        if isinstance(value, Mapping | list):
            raise CorpusError(f"{CARD}: stat:{name} is no single figure, but holds several.")
        return f"<!-- stat:{name} -->{_told(value)}<!-- /stat -->"

    def table(found: re.Match[str]) -> str:
        name = found[1]
        if name not in TABLES:
            raise CorpusError(f"{CARD}: {unknown('table', name, TABLES)}")
        return f"<!-- table:{name} -->\n{TABLES[name](statistics)}\n<!-- /table -->"

    return TABLE.sub(table, STAT.sub(figure, card))


def _names(values: Mapping[str, Any], before: str = "") -> list[str]:
    names = []
    for name, value in values.items():
        names += _names(value, f"{before}{name}.") if isinstance(value, Mapping) else [before + name]
    return names


def _told(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[object]], words: int) -> str:
    """Return a Markdown table whose first columns are words and whose others are numbers."""
    rules = ["---" if i < words else "--:" for i in range(len(columns))]
    lines = [columns, rules, *([_told(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


def _labels_by_split(statistics: Mapping[str, Any]) -> str:
    by_split = {**statistics["labels_by_split"], "all": statistics["labels_by_target"]}
    order = [split for split in ("train", "dev", "test", "all") if split in by_split]
    rows = [
        (target, split, *(by_split[split].get(target, {}).get(label, 0) for label in LABELS))
        for target in statistics["labels_by_target"]
        for split in order
    ]
    return _markdown(["target", "split", *LABELS], rows, 2)


def _labels_by_bloc(statistics: Mapping[str, Any]) -> str:
    by_target = statistics["labels_by_bloc_and_target"]
    blocs = sorted({bloc for blocs in by_target.values() for bloc in blocs})

    def cell(target: str, bloc: str) -> str:
        labels = by_target[target].get(bloc, {})
        return " / ".join(str(labels.get(label, 0)) for label in ("favor", "against", "neutral"))

    targets = list(statistics["labels_by_target"])
    return _markdown(["bloc", *targets], [(bloc, *(cell(t, bloc) for t in targets)) for bloc in blocs], 1)


def _agreement(statistics: Mapping[str, Any]) -> str:
    agreed = statistics["agreement"]

    def alpha(name: str, target: str) -> str:
        a = agreed[name][target]
        return "-" if a["value"] is None else f"{a['value']:.3f} [{a['low']:.3f}, {a['high']:.3f}]"

    columns = ["alpha [95% interval]", "four labels, all", "three stances, all", "three stances, addressed", "n"]
    names = ("alpha_labels", "alpha_stances", "alpha_stances_addressed")
    rows = [
        (
            target,
            *(alpha(name, target) for name in names),
            f"{agreed['alpha_stances'][target]['units']:,} / {agreed['alpha_stances_addressed'][target]['units']:,}",
        )
        for target in agreed["alpha_stances"]
    ]
    return _markdown(columns, rows, 1)


TABLES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "labels_by_split": _labels_by_split,
    "labels_by_bloc_and_target": _labels_by_bloc,
    "agreement": _agreement,
}
"""tables that a card may mark"""
