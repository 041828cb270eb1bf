"""Probe of who speaks: another state, with people of its own, in the place of the holder."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stancebench.probes.grammar import put
from stancebench.probes.sentence import Item, Names, overlaps
from stancebench.probes.states import KNOWN, STRANGERS, State, Stranger

SHE = re.compile(r"\b(?:she|her|hers|herself|spokeswoman|queen|first lad(?:y|ies))\b", re.IGNORECASE)
NO_PERSON = frozenset(
    ("Duma", "Senate", "Fleet", "Commission", "Council", "Palace", "House", "Congress", "Castle", "Union", "City")
)
"""last words of names that are bodies and places"""


def holder_replaced(item: Item, names: Names) -> str | None:
    """Return a text in which the judgement's holder is another state, by all its names.

    Each form is replaced by the same form: state, adjective, people, capital, full name, surname. It applies to states
    of the table in ``stancebench.probes.states``, where every name of the holder in the text has a form there, and none
    is part of a target's alias.
    """
    known = KNOWN.get(item.holder)
    if known is None:
        return None
    own = names.actors.get(item.holder, ())
    places = list(_pattern(own).finditer(item.text)) if own else []
    aliases = names.alias_spans(item)
    if not places or any(overlaps(match.span(), aliases) for match in places):
        return None
    stranger = _stranger(item, names)
    if stranger is None:
        return None
    forms = _forms(known, stranger.state) | _people([m[0] for m in places], own, known, _cast(item, stranger))
    text = item.text
    for match in reversed(places):
        if match[0] not in forms:
            return None
        text = put(text, *match.span(), forms[match[0]])
    return text if names.aliases_in(item, text) == names.aliases_in(item, item.text) else None


def _pattern(own: Sequence[str]) -> re.Pattern[str]:
    ordered = sorted(own, key=lambda name: (-len(name), name))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")


def _stranger(item: Item, names: Names) -> Stranger | None:
    """Return a state that is not in the text, drawn by sentence."""
    fitting = [
        stranger for code, stranger in STRANGERS.items() if code != item.holder and not _stands(code, item, names)
    ]
    return fitting[int(item.generator("holder_replaced").integers(len(fitting)))] if fitting else None


def _stands(code: str, item: Item, names: Names) -> bool:
    own = names.actors.get(code, ())
    return bool(own) and _pattern(own).search(item.text) is not None


def _cast(item: Item, stranger: Stranger) -> tuple[str, ...]:
    return stranger.women if SHE.search(item.text) else stranger.men


def _forms(known: State, stranger: State) -> dict[str, str]:
    # Where the adjective is also the people, or the state its capital, the first form is the one meant more often.
    pairs = zip(reversed(known), reversed(stranger), strict=True)
    return {form: instead for form, instead in pairs if form}


def _people(found: Sequence[str], own: Sequence[str], known: State, cast: Sequence[str]) -> dict[str, str]:
    """Return who replaces each person that is found, by full name or by surname."""
    full_name: dict[str, str] = {}
    for name in own:
        parts = name.split()
        first, last = parts[0], parts[-1]
        if len(parts) == 1 or name in known or {first, last} & ({*known} | NO_PERSON) or "'" in name:
            continue
        for part in (first, last):
            if part in own:
                full_name |= {name: name, part: name}
    people: dict[str, str] = {}
    order: dict[str, int] = {}
    for name in found:
        if name not in full_name:
            continue
        at = order.setdefault(full_name[name], len(order))
        if at < len(cast):
            people[name] = cast[at] if " " in name else cast[at].split()[-1]
    return people
