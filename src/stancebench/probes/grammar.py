"""One phrase put in the place of another: its article and its capital follow."""

from __future__ import annotations

import re

ARTICLE = re.compile(r"\b([Aa])n? $")
CONSONANT_SOUND = re.compile(r"(?i:uni|use|usu|eu|one\b|ukrain)|U\.?S")
"""vowels that are spoken as consonants: a unilateral measure, a US ally, a Ukrainian city"""

VOWEL_SOUND = re.compile(r"[aeiouAEIOU]|[FHLMNRSX](?=[A-Z]{2}\b)(?!ATO)")

# What follows a noun that has ended: with any other word after it the noun may be the first half of a compound.
AFTER_A_NOUN = (
    "is|was|has|had|will|would|to|in|on|for|that|by|must|should|could|can|may|might|of|at|from|with|against|as|but|"
    "while|over|before|after|who|which|not|did|does|when|until|under|without|through|because|if|or|were|are|have"
)
NOUN_ENDS = rf"(?=[,;:?!]|\.(?!\w)|$|\"| (?:{AFTER_A_NOUN})\b)"


def capitalised(phrase: str) -> str:
    """Return a phrase with its first letter large."""
    return phrase[:1].upper() + phrase[1:]


def put(text: str, start: int, end: int, phrase: str) -> str:
    """Return a text with a phrase in the place of what stood between two offsets.

    An indefinite article before it is made to fit, and at the start of the text it begins with a capital.

    Examples
    --------
    >>> put("The visit of an American envoy", 16, 24, "U.S.")
    'The visit of a U.S. envoy'
    >>> put("Washington agrees.", 0, 10, "the United States")
    'The United States agrees.'
    """
    before = text[:start]
    article = ARTICLE.search(before)
    if article:
        vowel = VOWEL_SOUND.match(phrase) and not CONSONANT_SOUND.match(phrase)
        before = before[: article.start()] + article[1] + ("n " if vowel else " ")
    return before + (phrase if before.strip("\"' ") else capitalised(phrase)) + text[end:]
