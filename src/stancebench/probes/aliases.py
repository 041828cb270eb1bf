"""Probe of the target's name: one alias becomes another of the same target that stands in the same place of a sentence.

An alias table says what names a target, not how each behaves in a sentence. The rules here do, for names that English
news text uses side by side; a rule applies to a corpus where both its names are aliases of the target. Spellings that
take a side, such as Kiev and Donbass, are never put in.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stancebench.probes.grammar import NOUN_ENDS, put
from stancebench.probes.sentence import Item, Names

NEXT_NOUN = r"(?= (?!and\b|or\b|but\b|to\b|in\b|on\b|for\b|by\b|as\b|of\b|at\b|is\b|was\b|has\b|had\b|will\b)[a-z]+)"
"""a following word that is no function word: what stands before it is an attribute"""

PROSE = r"(?=.*[.?!][\"”]?$)"
"""a sentence with an end: a headline leaves out articles, and its bare ``US`` may be a subject"""

NO_PLACE = (
    r"(?<!\bin )(?<!\bat )(?<!\bto )(?<!\bfrom )(?<!\binto )(?<!\bnear )(?<!\boutside )(?<!\bGeorge )(?<!\baround )"
    r"(?<!\bacross )(?<!-)"
)
"""before a capital that stands for a government, never for the city"""

NO_COMPASS = r"(?<!Latin )(?<!South )(?<!Central )(?<!North )(?<!African )(?<!Gulf of )(?<!Bank of )(?<!-)"

BARE = (
    r"(?:(?<=^)|(?<=\bof )|(?<=\bby )|(?<=\bafter )|(?<=\bover )|(?<=\bagainst )|(?<=\bfrom )|(?<=\bthat )|"
    r"(?<=\bwhile ))"
)
"""where a genitive may begin a noun phrase: nothing before it belongs to the same phrase"""

OFFICES = (
    "foreign minister|president|prime minister|defence minister|army|parliament|government|military|air force|"
    "security service|armed forces|territory|leaders|people|presidency"
)


class Rule(NamedTuple):
    """What is found in a text, what may stand in its place, and what else must stand in the text."""

    found: re.Pattern[str]
    instead: tuple[str, ...]
    beside: str = ""


def _rule(found: str, *instead: str, beside: str = "") -> Rule:
    return Rule(re.compile(found), instead, beside)


RULES: tuple[Rule, ...] = (
    _rule(rf"\b[Tt]he (?:United States|US|U\.S\.)(?! of America){NOUN_ENDS}", "America"),
    _rule(r"\bUnited States(?=[ ,.;:?!\"]|$)(?! of America)", "US", "U.S."),
    _rule(r"\bU\.S\.(?=[ ,;:-])", "US"),
    _rule(r"(?<![\w.-])US(?=[ ,;:-])", "U.S."),
    _rule(rf"(?<![Tt]he )\b(?:US|U\.S\.){NEXT_NOUN}{PROSE}", "American"),
    _rule(rf"{NO_COMPASS}\bAmerican{NEXT_NOUN}{PROSE}", "US", "U.S."),
    _rule(rf"{NO_COMPASS}\bAmerica{NOUN_ENDS}", "the United States"),
    _rule(rf"{NO_COMPASS}\bAmerica's(?= )", "the United States'"),
    _rule(rf"{NO_PLACE}\bWashington(?=[,.;:?!]| [a-z]|$)", "the United States"),
    _rule(rf"{NO_PLACE}\bWashington's(?= [a-z])", "America's"),
    _rule(
        rf"(?:(?<=^)|(?<=\b(?:of|to|by|or) )|(?<=\b(?:and|for) )|(?<=\b(?:with|that|from|into|join|when) )|"
        rf"(?<=\bjoined )|(?<=\bwhether )|(?<=\bagainst )|(?<=\bEnlarging ))NATO(?:{NOUN_ENDS}|(?='s ))",
        "the North Atlantic Alliance",
    ),
    # Without the other name it may be an alliance of others.
    _rule(r"\b[Tt]he alliance\b(?!-)", "NATO", beside="NATO"),
    _rule(
        rf"(?<!\b(?:oil) )(?<!\btrade )\bsanctions(?:{NOUN_ENDS}|(?= (?:imposed|and)\b))(?!-)", "restrictive measures"
    ),
    _rule(rf"^Sanctions(?:{NOUN_ENDS}|(?= imposed\b))", "restrictive measures"),
    _rule(rf"(?<!^)\bSanctions{NOUN_ENDS}", "Restrictive Measures"),
    _rule(r"\b(?:restrictive|coercive) measures\b", "sanctions"),
    _rule(r"\bZelenskyy\b", "Zelensky"),
    _rule(r"\bZelensky\b", "Zelenskyy"),
    _rule(
        rf"{NO_PLACE}\bKyiv(?! (?:regime|authorities|government)\b)(?:(?=[,.;:?!]| [a-z]|$)|(?='s [a-z]))", "Ukraine"
    ),
    _rule(
        r"(?:(?<=^)|(?<=\bbut )|(?<=\bthat )|(?<=\bwhile ))Ukraine(?= (?:denie[sd]|says|said|rejects|accuses)\b)",
        "Kyiv",
    ),
    _rule(rf"\b(?<!the )Ukraine's(?= (?:{OFFICES})\b)", "the Ukrainian"),
    _rule(r"\b(?<!the )Ukraine's(?= (?:President|Prime Minister|Foreign Minister) )", "Ukrainian"),
    _rule(rf"\b[Tt]he Ukrainian(?! side\b){NEXT_NOUN}", "Ukraine's"),
    _rule(
        rf"{BARE}Ukrainian(?= (?:President|[a-z]+))(?! (?:immigrants|refugees|nationals|and|or|speakers|language)\b)",
        "Ukraine's",
    ),
)


def target_alias_swapped(item: Item, names: Names) -> str | None:
    """Return a text in which a name of the judgement's target is another name of it.

    Aliases of other targets stay as they are. It does not apply where no name of the target has another that fits.
    """
    own = names.pattern(item.target)
    if own is None:
        return None
    rng = item.generator("target_alias_swapped")
    fitting = [rule for rule in RULES if _applies(rule, item.text) and any(map(own.search, rule.instead))]
    for at in rng.permutation(len(fitting)):
        text = _swapped(item.text, fitting[at], fitting[at].instead[int(rng.integers(len(fitting[at].instead)))])
        if text != item.text and own.search(text) and _others(item, names, text) == _others(item, names, item.text):
            return text
    return None


def _applies(rule: Rule, text: str) -> bool:
    return rule.beside in text and rule.found.search(text) is not None


def _swapped(text: str, rule: Rule, instead: str) -> str:
    for match in reversed(list(rule.found.finditer(text))):
        phrase = instead
        # A full stop of the abbreviation is also that of the sentence.
        if phrase.endswith(".") and text[match.end() :] == ".":
            phrase = phrase[:-1]
        text = put(text, *match.span(), phrase)
    return text


def _others(item: Item, names: Names, text: str) -> dict[str, list[str]]:
    """Return the aliases of every other target in a text."""
    return {target: found for target, found in names.aliases_in(item, text).items() if target != item.target}
