"""A small set of rows that is made in memory: what a model is checked on."""

from __future__ import annotations

import itertools

import pandas as pd

from stancebench.corpora.schema import Target

TARGETS = (
    Target(id="dam", name="the dam", definition="a dam across the river", explicit=("dam",), implicit=("the works",)),
    Target(id="toll", name="the toll", definition="a toll on the bridge", explicit=("toll",), implicit=("the fee",)),
)

HOLDERS = {"AAA": "EAST", "BBB": "EAST", "CCC": "WEST", "DDD": "WEST"}

VERBS = {
    "favor": ("praised", "defended"),
    "against": ("blamed", "denounced"),
    "none": ("mentioned", "visited"),
}

PLACES = ("Abel", "Birk", "Corin", "Dale", "Eston", "Farl", "Galt")

ODD_TEXTS = {
    "an empty text": "",
    "a text of blanks": " \t\n",
    "a very long text": "The council praised the dam and blamed the toll near Abel again. " * 200,
    "a Chinese text": "理事会称赞了大坝。",
    "an Arabic text": "أشاد المجلس بالسد.",
    "a Cyrillic text with an emoji": "Совет похвалил плотину 👍",
}


def made_up_rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training and test rows: stances follow verbs, and every sentence is judged toward both targets.

    Returns
    -------
    tuple of (pandas.DataFrame, pandas.DataFrame)
        train and test with the columns ``text, target, holder, bloc, stance, group``; 64 and 32 rows
    """
    rows = []
    choices = itertools.product(range(2), VERBS, HOLDERS, range(2))
    for i, (k, stance, holder, named) in enumerate(choices):
        place, other = PLACES[i % len(PLACES)], PLACES[(3 * i + 1) % len(PLACES)]
        text = f"{holder.title()} {VERBS[stance][k]} {TARGETS[named].name} of {place} and of {other} ({i})."
        for n, target in enumerate(TARGETS):
            said = stance if n == named else "none"
            rows.append((text, target.id, holder, HOLDERS[holder], said, f"e{i:02d}"))
    table = pd.DataFrame(rows, columns=["text", "target", "holder", "bloc", "stance", "group"])
    held_out = table["group"].str[1:].astype(int) % 3 == 1
    return table[~held_out].reset_index(drop=True), table[held_out].reset_index(drop=True)
