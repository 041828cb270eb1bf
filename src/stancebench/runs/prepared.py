"""Rows and folds of a corpus under a task and a protocol, made once for every run that asks for them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import KEY, Corpus
from stancebench.errors import Declined
from stancebench.models.spec import ModelContext
from stancebench.protocols import Fold, Protocol, as_protocol, check_fold, make_folds
from stancebench.protocols.folds import first_leak, refuse_empty
from stancebench.runs.keys import data_hash, digest
from stancebench.runs.reference import Reference, holder_prior_reference
from stancebench.runs.subsets import counter_prior_rows, overcall_rows
from stancebench.scoring.tally import BoolArray, IntArray
from stancebench.tasks import Task


@dataclass(frozen=True, eq=False)
class Prepared:
    """Rows and folds of one corpus, task and protocol; shared by every run of a sweep that asks for them."""

    corpus: Corpus
    task: Task
    protocol: Protocol
    rows: pd.DataFrame
    folds: list[Fold]
    declined: str = ""

    @cached_property
    def data(self) -> str:
        """Hash of all that a model sees; scoring alone does not need it."""
        if self.declined:
            # The content stands in for what a model would have seen: two corpora that decline alike are not one.
            return digest({"declined": self.declined, "content": self.corpus.content_hash})
        return data_hash(self.rows, self.folds, self.task.columns, self.constructed)

    @cached_property
    def test(self) -> pd.DataFrame:
        """Test rows of all folds, in the corpus's order."""
        nothing = np.array([], dtype=np.int64)
        return self.rows.iloc[np.sort(np.concatenate([nothing, *(f.test for f in self.folds)]))]

    @cached_property
    def constructed(self) -> pd.DataFrame:
        """Judgements of changed sentences, which are asked beside the test rows and are none of them.

        They go with the one fold that tests all their originals; protocols of several folds ask none.
        """
        table = self.corpus.constructed
        if table.empty or len(self.folds) != 1:
            return self.rows.iloc[:0]
        tested = set(self.test["sentence_id"])
        asked = {changed for original, changed in self.corpus.contrast_pairs if original in tested}
        beside = replace(self.corpus, table=table[table["sentence_id"].isin(asked)].reset_index(drop=True))
        return self.task.view(beside, self.task.rows(beside))

    @cached_property
    def asked(self) -> pd.DataFrame:
        """Every row that a model answers: the test rows, then those of changed sentences."""
        return pd.concat([self.test, self.constructed], ignore_index=True)

    def tested(self, predictions: pd.DataFrame) -> pd.DataFrame:
        """Return those of checked predictions that are of test rows: what is compared, sliced and ranked."""
        return predictions.iloc[: len(self.test)]

    @cached_property
    def subsets(self) -> dict[str, BoolArray]:
        """Test rows of each subset that is scored apart."""
        test = self.test
        subsets = {"neutral": (test["label"] == "neutral").to_numpy()}
        for name, rows in (
            ("counter_prior", counter_prior_rows(self.corpus)),
            ("overcall", overcall_rows(self.corpus)),
        ):
            if rows is not None:
                marked = set(map(tuple, self.corpus.table.loc[rows, list(KEY)].to_numpy()))
                keys = zip(*(test[c].tolist() for c in KEY), strict=True)
                subsets[name] = np.array([key in marked for key in keys], dtype=bool)
        return subsets

    @cached_property
    def reference(self) -> Reference | None:
        """What the best variant of the holder prior answers to the test rows."""
        return holder_prior_reference(self.corpus, self.rows, self.folds)

    @cached_property
    def contrasts(self) -> list[IntArray]:
        """Positions in the rows asked of the judgements of each contrast pair.

        Of a pair of sentences these are the judgements of one holder on one target in both, where the stances differ;
        a pair that has none, or is not whole in them, is left out.
        """
        place: dict[str, dict[tuple[str, str], int]] = {}
        for i, (sentence, *of) in enumerate(zip(*(self.asked[c].tolist() for c in KEY), strict=True)):
            place.setdefault(sentence, {})[of[0], of[1]] = i
        gold = self.asked["stance"].tolist()
        members = []
        for one, other in self.corpus.contrast_pairs:
            mine, theirs = place.get(one, {}), place.get(other, {})
            both = [(mine[k], theirs[k]) for k in mine if k in theirs and gold[mine[k]] != gold[theirs[k]]]
            if both:
                members.append(np.array(both, dtype=np.int64).ravel())
        return members

    @cached_property
    def gold(self) -> str:
        """Hash of all that a score reads besides predictions."""
        test = self.test
        columns = {c: list(test[c]) for c in (*KEY, "stance", "group", "document")}
        # The same rows have other scores where their targets are an open class.
        pooled = {"open_targets": True} if self.corpus.open_targets else {}
        pairs: dict[str, Any] = {"contrasts": [rows.tolist() for rows in self.contrasts]} if self.contrasts else {}
        if len(self.constructed):
            pairs["constructed"] = [list(self.constructed[c]) for c in (*KEY, "stance")]
        subsets = {name: rows.tolist() for name, rows in self.subsets.items()}
        # Of all that the gain's yardstick reads, only this is in no prediction key.
        blocs = {"bloc": list(self.rows["bloc"])}
        return digest({**columns, **pooled, **subsets, **pairs, **blocs})

    @cached_property
    def targets(self) -> str:
        """Hash of the alias table, which gates, marks and masks."""
        return digest({"targets": [json.loads(t.model_dump_json()) for t in self.corpus.targets]})

    def context(self, seed: int = 0) -> ModelContext:
        """Return what a model may know before it sees a row."""
        return ModelContext(
            self.task.targets(self.corpus), tuple(self.task.columns), seed=seed, protocol=self.protocol.name
        )

    def refuse_declined(self) -> None:
        """Refuse to go on where the corpus declines.

        Raises
        ------
        Declined
            with the reason
        """
        if self.declined:
            raise Declined(
                f"{self.corpus.name} declines task {self.task.name} under protocol {self.protocol}: {self.declined}."
            )

    @property
    def split_hash(self) -> str:
        """Hash of which judgement stands where."""
        keys = ["\x1f".join(key) for key in zip(*(self.rows[c] for c in KEY), strict=True)]
        parts = ("train", "dev", "test")
        return digest({f.name: {p: sorted(keys[i] for i in getattr(f, p)) for p in parts} for f in self.folds})


def prepare(corpus: Corpus, task: Task, protocol: Protocol | str = "official") -> Prepared:
    """Return the rows and folds of a corpus under a task and a protocol.

    Parameters
    ----------
    corpus : Corpus
        what is read
    task : Task
        what is asked
    protocol : Protocol or str, default="official"
        how rows become train and test

    Returns
    -------
    Prepared
        without folds, and with the reason, where the corpus declines the task's inputs or the protocol
    """
    protocol = as_protocol(protocol)
    rows = task.rows(corpus)
    try:
        rows = task.view(corpus, rows)
        return Prepared(corpus, task, protocol, rows, make_folds(protocol, corpus, rows))
    except Declined as e:
        return Prepared(corpus, task, protocol, rows, [], declined=str(e))


def contradicted(corpus: Corpus) -> int:
    """Return how often one text is judged on one target, for one holder, with different labels."""
    judgement = ["text", "holder", "target"]
    labels = corpus.table.drop_duplicates([*judgement, "label"])
    return len(labels[labels.duplicated(judgement)].drop_duplicates(judgement))


def check_folds(prepared: Prepared, near_duplicates: Sequence[tuple[str, str, float]]) -> None:
    """Refuse folds that leak; where the split is somebody's published one, warn, also of labels that contradict.

    Parameters
    ----------
    prepared : Prepared
        rows and folds
    near_duplicates : sequence of (sentence id, sentence id, similarity)
        of the corpus

    Raises
    ------
    CorpusError
        when a fold has no train or no test; names two sentences, what they share and where they stand
    """
    if prepared.corpus.published_split and (n := contradicted(prepared.corpus)):
        what = "pairs of a text and a target have" if n > 1 else "pair of a text and a target has"
        warnings.warn(
            f"{prepared.corpus.name}: {n:,} {what} rows with different labels. All are kept, as published.",
            stacklevel=2,
        )
    for fold in prepared.folds:
        if not prepared.corpus.published_split:
            check_fold(prepared.rows, fold, near_duplicates)
            continue
        refuse_empty(fold)
        leak = first_leak(prepared.rows, fold, near_duplicates)
        if leak is not None:
            warnings.warn(f"{prepared.corpus.name}: {leak.told} The published split stays as it is.", stacklevel=2)
