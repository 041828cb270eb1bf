"""What a loaded corpus is: a name, its targets, and the judgement table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from stancebench.corpora.schema import Target

TABLE_COLUMNS = (
    "sentence_id",
    "holder",
    "target",
    "text",
    "label",
    "stance",
    "explicitness",
    "principal",
    "bloc",
    "split",
    "group",
    "event",
    "document",
    "date",
    "register",
    "attribution",
    "source",
    "batch",
    "sentence_tags",
    "judgement_tags",
    "regime",
)
"""columns of the judgement table, one row a judgement, sorted by the first three"""

KEY = ("sentence_id", "holder", "target")
"""what identifies a judgement"""

FEW = 10
"""targets that are named where a corpus is shown"""


@dataclass(frozen=True, eq=False, repr=False)
class Corpus:
    """A corpus as every other room sees it.

    Attributes
    ----------
    name, version : str
        as declared
    targets : tuple of Target
        in declared order
    table : pandas.DataFrame
        the judgement table, see ``TABLE_COLUMNS``; ``group`` is the split unit (a connected component over events and
        documents), ``event`` and ``document`` are resampling units
    content_hash : str
        sha256 over the table's rows, the targets and the actors, independent of file order
    titles : mapping of str to str
        declared title, licence and citation
    near_duplicates : tuple of (sentence id, sentence id, similarity), or None
        from the generated statistics, where these are of this very content; None when they have to be searched
    published_split : bool
        whether the split is somebody's published one: its leaks are told and not refused
    open_targets : bool
        whether targets are an open class (a topic a sentence): scores are of all rows together, none is of one target
    unit : {"event", "group", "sentence"}
        what is resampled together: events and documents, groups of the user's own, or each sentence by itself
    actors : mapping of str to tuple of str
        surface names of each holder code, for masking; empty where the corpus declares none
    own_words : bool
        whether its texts are its own, so that a report may show them
    contrast_pairs : tuple of (sentence id, sentence id)
        sentences that differ little and whose stances differ
    constructed : pandas.DataFrame
        judgements of sentences that are others of the corpus after a change of few words, with the columns of
        ``table``; they are no part of it, and only the contrast pairs score them
    """

    name: str
    version: str
    targets: tuple[Target, ...]
    table: pd.DataFrame
    content_hash: str
    titles: Mapping[str, str]
    near_duplicates: tuple[tuple[str, str, float], ...] | None = None
    published_split: bool = False
    open_targets: bool = False
    unit: str = "event"
    actors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_words: bool = False
    contrast_pairs: tuple[tuple[str, str], ...] = ()
    constructed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TABLE_COLUMNS)))

    def __repr__(self) -> str:
        n_sentences = self.table["sentence_id"].nunique()
        of = f"{len(self.targets)} targets" if len(self.targets) > FEW else f"targets {', '.join(self.target_ids)}"
        return f"<Corpus {self.name}@{self.version}: {n_sentences} sentences, {len(self.table)} judgements, {of}>"

    @property
    def target_ids(self) -> tuple[str, ...]:
        """Identifiers of the targets, in declared order."""
        return tuple(t.id for t in self.targets)

    @cached_property
    def all_near_duplicates(self) -> tuple[tuple[str, str, float], ...]:
        """Near-duplicates as they are stated, or else searched, once."""
        if self.near_duplicates is not None:
            return self.near_duplicates
        # The search is scikit-learn's neighbourhood; who only scores does not pay for its import.
        from stancebench.corpora.duplicates import near_duplicates

        sentences = self.table.drop_duplicates("sentence_id")
        return tuple(near_duplicates(list(sentences["sentence_id"]), list(sentences["text"])))
