"""Shortcut models: each sees one thing that is no reading, and is scored as a real model is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd
from sklearn.base import BaseEstimator

from stancebench.audits.estimators import (
    Cues,
    UnnamedIsNeutral,
    categorical,
    columns,
    from_cues,
    lengths,
    numeric,
    target_blind,
    verbs_in,
)
from stancebench.audits.reporting_verbs import REPORTING_VERBS
from stancebench.audits.topic_words import is_named
from stancebench.corpora.corpus import Corpus
from stancebench.models.holder_prior import HolderPrior
from stancebench.runs.evaluation import Prepared


@dataclass(frozen=True)
class Shortcut:
    """A model that does not read.

    Attributes
    ----------
    name : str
        as it is asked for
    meaning : str
        what it does, in one line
    reads : tuple of str
        columns of the judgement table it sees; some of them no model may see
    high : str
        what it means when it scores well above chance
    build : callable
        from a corpus to an unfitted estimator over rows of the table
    """

    name: str
    meaning: str
    reads: tuple[str, ...]
    high: str
    build: Callable[[Corpus], BaseEstimator]

    def declines(self, prepared: Prepared) -> str:
        """Return why a corpus cannot tell this, or an empty string."""
        if prepared.declined:
            return prepared.declined
        # Targets are declared, texts are always there: only what a corpus may leave empty is asked for.
        asked = [column for column in self.reads if column not in ("text", "target")]
        for column in asked:
            values = prepared.rows[column]
            if (values == "").any():
                return f"{int((values == '').sum())} of {len(values)} judgements have no {column}"
        if asked and len(prepared.rows[asked].drop_duplicates()) < 2:
            return f"every judgement has the same {asked[0]}, {prepared.rows[asked[0]].iloc[0]!r}"
        if self.name == "target_only" and prepared.corpus.open_targets:
            return "targets are an open class, and those of test are not in train"
        if self.name in NEED_TARGETS and prepared.protocol.name == "cross_target":
            return "it counts stances per target, and the target left out has no training rows"
        return ""


NEED_TARGETS = frozenset({"target_only", "prior_where_mentioned"})


def _cues(cues: Cues, _: Corpus) -> BaseEstimator:
    return from_cues(cues, categorical())


def _mention(corpus: Corpus) -> BaseEstimator:
    return from_cues(partial(mentions, corpus=corpus), categorical())


def mentions(rows: pd.DataFrame, corpus: Corpus) -> list[dict[str, str | float]]:
    """Return whether the target is named, and which; where targets are an open class, only whether."""
    which = ["topic"] * len(rows) if corpus.open_targets else list(rows["target"])
    return [
        {"mention": f"{t} {'named' if n else 'not named'}"} for t, n in zip(which, is_named(rows, corpus), strict=True)
    ]


def _unnamed(corpus: Corpus) -> BaseEstimator:
    return UnnamedIsNeutral(target_blind(corpus), partial(is_named, corpus=corpus))


SHORTCUTS = {
    s.name: s
    for s in (
        Shortcut(
            "holder_only",
            "who speaks, and nothing else",
            ("holder", "bloc"),
            "stances follow the speaker: a model that knows holders need not read",
            partial(_cues, columns("holder", "bloc")),
        ),
        Shortcut(
            "target_only",
            "which target is asked, and nothing else",
            ("target",),
            "targets differ in how often they are favoured: compare models within a target",
            partial(_cues, columns("target")),
        ),
        Shortcut(
            "mention_only",
            "whether the target is named in the text, and which target",
            ("text", "target"),
            "naming a target is nearly taking a side: neutral mentions are too few",
            _mention,
        ),
        Shortcut(
            "length_only",
            "how many characters and words the text has",
            ("text",),
            "texts of one stance are longer or shorter: something of how they were collected shows",
            lambda _: from_cues(lengths, numeric()),
        ),
        Shortcut(
            "prior_where_mentioned",
            "the holder prior where the target is named, none elsewhere",
            ("text", "target", "holder", "bloc"),
            "who speaks and what is named are enough: a model must beat this before it is said to read",
            lambda corpus: HolderPrior(corpus.targets),
        ),
        Shortcut(
            "target_blind",
            "words of the text, without the target that is asked",
            ("text",),
            "texts tell their stance whatever is asked: few texts judge two targets differently",
            target_blind,
        ),
        Shortcut(
            "reporting_verb_only",
            "which verbs of reporting stand in the text",
            ("text",),
            "said, warned or praised give the stance away",
            partial(_cues, verbs_in(REPORTING_VERBS)),
        ),
        Shortcut(
            "register_only",
            "the register of the text, such as wire or headline",
            ("register",),
            "registers differ in their stances: the kind of text gives them away",
            partial(_cues, columns("register")),
        ),
        Shortcut(
            "unnamed_is_neutral",
            "target_blind, and none where no word of the target is in the text",
            ("text", "target"),
            "whether the topic is named tells neutral from the rest: neutral rows were made in another way",
            _unnamed,
        ),
    )
}
