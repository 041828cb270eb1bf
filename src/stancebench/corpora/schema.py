"""Rows of a corpus folder, checked at the border: unknown columns, codes and labels are refused with their place."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from stancebench.vocabulary import Explicitness, Label

DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
"""a day, or as much of it as the source gives"""

HOLDER = r"^([A-Z]{3}|EU|NATO|UN|NARRATOR|OTHER:\S.*)$"

Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


@lru_cache(maxsize=10_000)
def _is_a_day(date: str) -> str:
    year, month, day = [*map(int, date.split("-")), 1, 1][:3]
    try:
        datetime.date(year, month, day)
    except ValueError as e:
        raise ValueError(f"no date ({e})") from None
    return date


PartialDate = Annotated[str, StringConstraints(pattern=DATE), AfterValidator(_is_a_day)]

Register = Literal["wire", "headline", "readout", "live_update", "briefing", "analysis"]
Attribution = Literal["indirect", "narrated_act", "quotation", "headline"]
SplitName = Literal["train", "dev", "test"]

SENTENCE_TAGS = (
    "irony",
    "scare_quotes",
    "negation",
    "quotation",
    "concession",
    "conditional",
    "alleged",
    "implicit",
    "west",
    "contested",
    "contested_fact",
)


def _known_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    foreign = set(tags) - set(SENTENCE_TAGS)
    if foreign:
        raise ValueError(f"unknown tag {sorted(foreign)}, allowed: {', '.join(SENTENCE_TAGS)}")
    return tags


SentenceTags = Annotated[tuple[str, ...], AfterValidator(_known_tags)]


class _Row(BaseModel):
    # Built when the first row is checked: most commands read few of the files.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Sentence(_Row):
    """One line of ``sentences.jsonl``."""

    id: Name
    text: Name
    event_id: str = ""
    passage_ids: tuple[str, ...] = ()
    date: PartialDate
    register_: Register = Field(alias="register")
    attribution: Attribution
    batch: Name
    tags: SentenceTags = ()


class Changed(_Row):
    """One line of ``contrast/sentences.jsonl``: a sentence of the corpus after a change of few words.

    Its date, event, register and attribution are those of its original.
    """

    id: Name
    text: Name
    original: Name
    change: Literal["negation", "roles", "attribution", "scope"]
    batch: Name
    tags: SentenceTags = ()


class Mirrored(_Row):
    """One line of ``mirror/sentences.jsonl``: a sentence of the corpus with its actors exchanged."""

    id: Name
    text: Name
    original: Name
    exchange: Mapping[str, str]
    """holder codes of the original, and those that stand in their places"""
    batch: Name


class Judgement(_Row):
    """One row of ``judgements.csv``: what a sentence conveys of one holder's position toward one target."""

    sentence_id: Name
    holder: Annotated[str, StringConstraints(pattern=HOLDER)]
    target: Name
    label: Label
    explicitness: Explicitness | Literal[""]
    principal: Literal["yes", "no"]
    tags: str = ""
    regime: str = ""

    @model_validator(mode="after")
    def _absent_is_bare(self) -> Judgement:
        if (self.label == "absent") != (self.explicitness == ""):
            raise ValueError("explicitness must be empty for absent, and explicit or implicit for every other label")
        if self.label == "absent" and (self.regime or set(self.tags.split()) - {"contested"}):
            raise ValueError(
                "an absent judgement has no regime, and no tag but contested: there is no position to describe"
            )
        return self


class HolderRow(_Row):
    """One row of ``holders.csv``: the bloc of a holder during a time."""

    code: Name
    name: Name
    bloc: Name
    valid_from: PartialDate | Literal[""]
    valid_to: PartialDate | Literal[""]
    basis: Name


class ActorRow(_Row):
    """One entry of ``actors.yaml``: the names a holder goes by."""

    code: Annotated[str, StringConstraints(pattern=HOLDER)]
    names: Annotated[tuple[Name, ...], Field(min_length=1)]


class SourceRow(_Row):
    """One row of ``sources.csv``: what a passage id is; no text."""

    passage_id: Name
    source: Name
    document: Name
    date: PartialDate
    speaker: str
    url: str
    repository: str
    commit: str
    path: str
    sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
    char_start: str
    char_end: str


class SplitRow(_Row):
    """One row of ``splits/<name>.csv``."""

    sentence_id: Name
    split: SplitName


def alias_pattern(aliases: Iterable[str]) -> re.Pattern[str]:
    """Return the regular expression that finds any of some aliases as whole words."""
    parts = [re.escape(a) if a.isupper() else f"(?i:{re.escape(a)})" for a in aliases]
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)")


class Target(_Row):
    """A target a corpus declares, with the one alias table that gate, masking and probes share.

    An alias in capitals (``NATO``, ``US``) is matched as written; any other also in lower or upper case.
    """

    id: Name
    name: Name
    definition: Name
    explicit: tuple[Name, ...]
    implicit: tuple[Name, ...] = ()

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every alias, longest first, so that ``the United States`` is found before ``States``."""
        return tuple(sorted((*self.explicit, *self.implicit), key=lambda a: (-len(a), a)))

    @property
    def pattern(self) -> re.Pattern[str]:
        """Regular expression that finds any alias as whole words."""
        return alias_pattern(self.aliases)


class CorpusDeclaration(_Row):
    """``corpus.yaml``: what a corpus is, who made it, and how to cite it."""

    name: Name
    version: Name
    title: Name
    description: Name
    licence: Name
    language: Name
    citation: Name
    annotation: Name
    reference: str = ""
    default_split: str = "official"
    own_words: bool = False
    """whether the texts are the corpus's own, so that anybody may show them"""
    url: str = ""
    """where it is published; then joined tables and Croissant metadata are generated too"""
    creator: str = ""
    canary: str = ""
    """a string that marks its texts, so that they can be found in what a model was trained on"""
    contrast_pairs: tuple[tuple[Name, Name], ...] = ()
    """ids of sentences that differ little and whose stances differ"""
