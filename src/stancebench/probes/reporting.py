"""Probe of the reporting verb: ``said`` becomes ``told reporters``, and the other way round."""

from __future__ import annotations

import re

from stancebench.probes.sentence import Item, Names

TOLD = {"said": "told reporters", "says": "tells reporters", "saying": "telling reporters"}
SAID = {told: said for said, told in TOLD.items()}
VERB = re.compile(r"\b(?:" + "|".join((*SAID, *TOLD)) + r")\b")

NOT_SAID_TO_REPORTERS = re.compile(
    r"\b(?:claims?|statements?|speech|address|sheet|letter|post|posts|document|readout|interview|article|reporters?|"
    r"journalists?|resolution|greetings|posted|wrote|writing|told|tells|telling)\b",
    re.IGNORECASE,
)
"""a sentence with one of these has a speaker that is no person, an occasion of another kind, or listeners already"""

PASSIVE = re.compile(r"\b(?:is|was|are|were|be|been|being|as) $")
PARENTHETICAL = re.compile(r"(?<!,)(?<!\band)(?<!\bbut)(?<!\bwhile)(?<!\bas)(?<!^) (?:he|she|it|they|we|I) $")
"""``who he said was determined``: the verb stands inside another clause"""

OTHER_OBJECT = re.compile(
    r" (?:of|to|by|so|yes|no|nothing|little|much|more|as|goodbye|outright|in (?:an?|his|her|its|their|the)\b)"
)


def reporting_verb_swapped(item: Item, names: Names) -> str | None:  # noqa: ARG001 -- each probe is asked alike
    """Return a text whose first verb ``said`` (``says``, ``saying``) is ``told reporters``, or the other way round.

    It does not apply where a document speaks, or where the verb has another object.
    """
    text = item.text
    for match in VERB.finditer(text):
        verb, before, after = match[0], text[: match.start()], text[match.end() :]
        if verb in SAID:
            return before + SAID[verb] + after
        if NOT_SAID_TO_REPORTERS.search(text):
            return None
        fits = not (PASSIVE.search(before) or PARENTHETICAL.search(before) or OTHER_OBJECT.match(after))
        if fits and before:
            return before + TOLD[verb] + after
    return None
