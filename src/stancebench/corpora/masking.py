"""Inputs ``masked``: who speaks, and about what, becomes words that name nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.schema import Target
from stancebench.errors import Declined

HOLDER = "HOLDER"
TARGET = "TARGET"
SELF = f"{HOLDER}-{TARGET}"
"""a name of the holder that is the target as well: two words to a model, so that it can read a judgement of oneself"""

APOSTROPHE = "\u2019"
"""the curly one, which a text may hold where a name has the plain one"""

DOTTED = re.compile(r"\w\.\w$")
"""an abbreviation listed without its last full stop, such as ``U.S``"""


class Mask:
    """The names of a corpus, compiled once for each target.

    A name is replaced by what it is in a row: `SELF`, ``HOLDER``, ``TARGET``, or ``ACTOR_n`` for any other actor,
    numbered by first appearance in the text. The longest name is replaced first, as whole words; a possessive ``'s``
    stays behind the mask. The target's aliases keep the case rule of `Target`; an actor's name is found as written or
    in capitals, for a ``polish`` that is no nation.

    An actor that bears the target's own name is the target by all its names. Whoever is both holder and target becomes
    `SELF`: as ``HOLDER`` alone the text would not say whether the target is named, as ``TARGET`` alone not who speaks.

    Parameters
    ----------
    targets : iterable of Target
        the corpus's targets
    actors : mapping of str to tuple of str
        names of each holder code
    """

    def __init__(self, targets: Iterable[Target], actors: Mapping[str, tuple[str, ...]]) -> None:
        self._actors = actors
        self._code = {way: code for code, names in actors.items() for name in names for way in _ways(name)}
        self._targets = {t.id: t for t in targets}
        self._actor_of_target = {t.id: self._code.get(t.name.removeprefix("the ")) for t in self._targets.values()}
        self._pattern: dict[str, re.Pattern[str]] = {}
        self._own_pattern: dict[str, re.Pattern[str]] = {}

    def masked(self, text: str, holder: str, target: str) -> str:
        """Return a text with its actors and its target masked.

        Parameters
        ----------
        text : str
            as in the corpus
        holder : str
            code of the row's holder; empty where the task does not give it
        target : str
            id of the row's target
        """
        if holder.startswith("OTHER:") and holder not in self._actors:
            text = self._own_name(holder).sub(HOLDER, text)
        numbers: dict[str, str] = {}

        def word(match: re.Match[str]) -> str:
            name = match[1].replace(APOSTROPHE, "'")
            possessive = match[1][-2:] if name.lower().endswith("'s") else ""
            stop = "" if DOTTED.search(name) else match[2]
            code = self._code.get(name) or self._code.get(name[: len(name) - len(possessive)], "")
            if self._is_target(name, code, target):
                return (SELF if code and code == holder else TARGET) + possessive + stop
            if code == holder:
                return HOLDER + possessive + stop
            return numbers.setdefault(code, f"ACTOR_{len(numbers) + 1}") + possessive + stop

        return self._names(target).sub(word, text)

    def _is_target(self, name: str, code: str, target: str) -> bool:
        # What is found is an actor's name or one of the target's aliases.
        if not code or code == self._actor_of_target.get(target):
            return True
        return target in self._targets and self._targets[target].pattern.fullmatch(name) is not None

    def _names(self, target: str) -> re.Pattern[str]:
        if target not in self._pattern:
            ways = dict.fromkeys(self._code, False)
            if target in self._targets:
                ways |= {alias: not alias.isupper() for alias in self._targets[target].aliases}
            self._pattern[target] = _whole_words(ways)
        return self._pattern[target]

    def _own_name(self, holder: str) -> re.Pattern[str]:
        if holder not in self._own_pattern:
            ways = _ways(holder.removeprefix("OTHER:"))
            self._own_pattern[holder] = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ways)) + r")(?!\w)")
        return self._own_pattern[holder]


def _ways(name: str) -> tuple[str, ...]:
    """Return the ways a name may be written: as listed, at the start of a sentence, in capitals."""
    return tuple(dict.fromkeys((name, name[0].upper() + name[1:], name.upper())))


def _whole_words(ways: Mapping[str, bool]) -> re.Pattern[str]:
    """Return what finds any of the names, longest first; each tells whether its case is free.

    Group 1 is the name, group 2 a full stop behind it that does not end the text.
    """
    by_initial: dict[str, list[str]] = {}
    for name in sorted(ways, key=lambda name: (-len(name), name)):
        part = re.escape(name).replace("'", f"['{APOSTROPHE}]")
        by_initial.setdefault(name[0].lower(), []).append(f"(?i:{part})" if ways[name] else part)
    # Thousands of names are tried at every word: one look at its initial leaves few of them.
    groups = [f"(?=(?i:{re.escape(initial)}))(?:{'|'.join(parts)})" for initial, parts in by_initial.items()]
    return re.compile(r"(?<!\w)(" + "|".join(groups) + r")(?!\w)((?:\.(?!\s*$))?)")


def masked_rows(rows: pd.DataFrame, corpus: Corpus, *, holder_given: bool = True) -> list[str]:
    """Return the masked text of each row.

    Parameters
    ----------
    rows : pandas.DataFrame
        rows of the corpus's table
    corpus : Corpus
        whose targets and actors are named
    holder_given : bool, default=True
        whether the holder may be told from other actors; if not, every actor is ``ACTOR_n``

    Returns
    -------
    list of str

    Raises
    ------
    Declined
        when the corpus names no actors

    Examples
    --------
    >>> from stancebench.corpora.load import load_corpus
    >>> corpus = load_corpus("coverage")
    >>> row = corpus.table.query("sentence_id == 'cov-0024' and holder == 'RUS' and target == 'sanctions'")
    >>> row["text"].item()
    'China now coming under Western sanctions policy too, Lavrov warns'
    >>> masked_rows(row, corpus)
    ['ACTOR_1 now coming under ACTOR_2 TARGET policy too, HOLDER warns']
    """
    if not corpus.actors:
        raise Declined(
            "inputs 'masked' need the names of the actors, and this corpus has no actors.yaml (docs/corpus.md): "
            "task.inputs=text"
        )
    mask = Mask(corpus.targets, corpus.actors)
    holders = rows["holder"] if holder_given else [""] * len(rows)
    return [mask.masked(*row) for row in zip(rows["text"], holders, rows["target"], strict=True)]


def with_mask(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Return targets that are also named by the word ``TARGET``, as a masked text names them."""
    return tuple(t.model_copy(update={"explicit": (*t.explicit, TARGET)}) for t in targets)
