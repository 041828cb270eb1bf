"""Probe of quotation marks: the words stay, the marks go."""

from __future__ import annotations

import re

from stancebench.corpora.actors import NARRATOR
from stancebench.probes.sentence import Item, Names

QUOTATION = re.compile(r"\"([^\"]*)\"|“([^”]*)”")
OTHER_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|us|me|[Yy]ours?|[Yy]ou|ours|mine)\b")
"""words that mean somebody else once they are no longer quoted"""

A_SENTENCE = re.compile(r"[,:] [\"“][A-Z]")
NAMED_AS_A_WORD = re.compile(r"\b(?:use|used|using|word|words|term|terms|phrase|name|slogan) [\"“]")


def quotation_marks_removed(item: Item, names: Names) -> str | None:  # noqa: ARG001 -- each probe is asked alike
    """Return a text without its double quotation marks.

    It does not apply to the narrator, who would now say what was quoted; to a sentence tagged ``irony``, whose marks
    carry the stance; to quoted words in the first or second person; nor to a whole sentence that is quoted in another,
    or a word that is quoted as a word.
    """
    text = item.text
    if item.holder == NARRATOR or "irony" in item.tags or A_SENTENCE.search(text) or NAMED_AS_A_WORD.search(text):
        return None
    quoted = [m[1] or m[2] or "" for m in QUOTATION.finditer(text)]
    bare = QUOTATION.sub(lambda m: m[1] or m[2] or "", text)
    if not quoted or re.search(r"[\"“”]", bare) or any(OTHER_PERSON.search(words) for words in quoted):
        return None
    return bare
