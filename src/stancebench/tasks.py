"""What is asked: which judgements are predicted, and which columns a model may see."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.masking import masked_rows, with_mask
from stancebench.corpora.schema import Target
from stancebench.errors import Declined, UsageError, unknown

INPUTS: dict[str, tuple[str, ...]] = {
    "text": ("text", "target"),
    "text+holder": ("text", "target", "holder", "bloc"),
    "masked": ("text", "target"),
}
"""columns each choice of inputs gives a model; the bloc is a mechanical reading of holder and date, and ``masked``
hides holder, actors and target in the text (`stancebench.corpora.masking`)"""

TASKS = {
    "attributed": "(text, holder, target) -> stance, for every holder of a sentence: the headline",
    "sentence": "(text, target) -> stance of the principal holder, who is not given",
}


@dataclass(frozen=True)
class Task:
    """A task with its inputs.

    Attributes
    ----------
    name : {"attributed", "sentence"}
        what is asked
    inputs : {"text", "text+holder", "masked"}
        what a model may see
    """

    name: str = "attributed"
    inputs: str = "text+holder"

    def __post_init__(self) -> None:
        if self.name not in TASKS:
            raise unknown("task", self.name, TASKS, "Type `stancebench ls tasks` to see them.")
        if self.inputs not in INPUTS:
            choices = "Type task.inputs=text, task.inputs=text+holder or task.inputs=masked."
            raise unknown("choice of inputs", self.inputs, INPUTS, choices)
        if self.name == "sentence" and "holder" in INPUTS[self.inputs]:
            raise UsageError(
                f"The task 'sentence' does not give the holder, so inputs {self.inputs!r} do not fit it. "
                "Type task.inputs=text or task.inputs=masked, or task=attributed."
            )

    @property
    def columns(self) -> list[str]:
        """Columns a model is handed."""
        return list(INPUTS[self.inputs])

    def rows(self, corpus: Corpus) -> pd.DataFrame:
        """Return the judgements asked, in the corpus's order.

        For ``sentence`` those of the principal holder; a sentence without one has none.
        """
        table = corpus.table
        return table if self.name == "attributed" else table[table["principal"] == "yes"].reset_index(drop=True)

    def view(self, corpus: Corpus, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows of the corpus as a model may see them.

        Raises
        ------
        Declined
            when the corpus lacks what the inputs need
        """
        if "holder" in self.columns and (rows["holder"] == "").any():
            raise Declined(
                f"inputs {self.inputs!r} need the holder of every row, and this corpus has none: task.inputs=text"
            )
        if self.inputs == "masked":
            return rows.assign(text=masked_rows(rows, corpus, holder_given=self.name == "attributed"))
        return rows

    def targets(self, corpus: Corpus) -> tuple[Target, ...]:
        """Return the corpus's targets as the texts that a model sees name them."""
        return with_mask(corpus.targets) if self.inputs == "masked" else corpus.targets

    def left_out(self, corpus: Corpus) -> int:
        """Return how many sentences of the corpus the task does not ask about."""
        asked = self.rows(corpus)["sentence_id"].nunique()
        return int(corpus.table["sentence_id"].nunique()) - asked
