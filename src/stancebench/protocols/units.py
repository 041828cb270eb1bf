"""Units that a protocol which divides rows anew must keep whole."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from stancebench.corpora.components import components


def split_units(rows: pd.DataFrame, near_duplicates: Sequence[tuple[str, str, float]]) -> list[str]:
    """Return the unit of each row: its group, joined with those that hold nearly the same sentences."""
    groups: list[str] = rows["group"].tolist()
    group_of = dict(zip(rows["sentence_id"], groups, strict=True))
    pairs = [(a, b) for a, b, _ in near_duplicates if a in group_of and b in group_of]
    links: dict[str, list[str]] = {}
    for i, pair in enumerate(pairs):
        for sentence in pair:
            links.setdefault(group_of[sentence], []).append(str(i))
    joined = components(links)
    return [joined.get(group, group) for group in groups]
