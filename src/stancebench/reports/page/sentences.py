"""The sentences that systems get wrong most confidently, with every system's vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from stancebench.reports.page.material import Material
from stancebench.reports.page.parts import Example, Section, Vote
from stancebench.reports.systems import SharedTest, System
from stancebench.vocabulary import PROBABILITIES, STANCES

TITLE = "Surest errors"

SHOWN = 12
"""judgements on the page"""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """What a system said of every test judgement; the mean of its seeds.

    Attributes
    ----------
    stances : ndarray of str, shape (n,)
        of the first seed
    wrong : ndarray, shape (n,)
        probability that it gives to a wrong stance it chose, 0 where it is right; NaN where it gives none
    chosen : ndarray, shape (n,)
        probability of the stance it chose; NaN where it gives none
    """

    stances: npt.NDArray[np.object_]
    wrong: FloatArray
    chosen: FloatArray


def sentences(material: Material) -> Section:
    """Return the section of judgements that systems are most sure of and wrong about.

    They are ordered by the probability given to the wrong stance, as a mean over the systems that give probabilities
    (0 for a system that is right). At most one judgement of a sentence is shown.
    """
    lead = (
        f"The {SHOWN} judgements that the systems are surest of and wrong about: ordered by the probability that they "
        "give to the wrong stance they chose, as a mean over the systems that give probabilities (0 for one that is "
        "right). One judgement a sentence. All systems vote."
    )
    shared = material.main
    if shared is None:
        return Section("wrong", TITLE, lead, missing=material.unpaired)
    corpus = shared.prepared.corpus
    if not corpus.own_words:
        why = f"{corpus.name} does not declare that its texts are its own words, so none is shown here."
        return Section("wrong", TITLE, lead, missing=why)
    said = {system.name: said_by(system, shared.prepared.test) for system in shared.systems}
    sure = [s.wrong for s in said.values() if not np.isnan(s.wrong).all()]
    if not sure:
        return Section("wrong", TITLE, lead, missing="No system gives probabilities.")
    mean = np.nanmean(np.stack(sure), axis=0)
    return Section("wrong", TITLE, lead, examples=tuple(_examples(shared, said, mean)))


def said_by(system: System, test: pd.DataFrame) -> Said:
    """Return what a system said of the test rows, in their order."""
    gold = test["stance"].to_numpy(dtype=object)
    codes = {stance: i for i, stance in enumerate(STANCES)}
    wrong, chosen = [], []
    for predictions in system.predictions:
        stances = predictions["stance"].to_numpy(dtype=object)
        p = predictions[list(PROBABILITIES)].to_numpy(dtype=float)
        at = np.array([codes.get(stance, -1) for stance in stances])
        of_chosen = np.where(at < 0, np.nan, p[np.arange(len(p)), at])
        chosen.append(of_chosen)
        wrong.append(np.where(stances == gold, np.where(np.isnan(of_chosen), np.nan, 0.0), of_chosen))
    first = system.predictions[0]["stance"].to_numpy(dtype=object)
    return Said(first, np.mean(wrong, axis=0), np.mean(chosen, axis=0))


def _examples(shared: SharedTest, said: Mapping[str, Said], mean: FloatArray) -> list[Example]:
    test = shared.prepared.test
    names = {target.id: target.name for target in shared.prepared.corpus.targets}
    found: dict[str, Example] = {}
    for i in np.argsort(-mean, kind="stable"):
        row = test.iloc[int(i)]
        if mean[i] == 0 or len(found) == SHOWN:
            break
        if row["sentence_id"] not in found:
            asked = f"{row['holder'] or 'the sentence'} on {names[row['target']]}"
            votes = tuple(Vote(name, str(s.stances[i]), _percent(s.chosen[i])) for name, s in said.items())
            found[row["sentence_id"]] = Example(
                str(row["sentence_id"]), str(row["text"]), asked, str(row["stance"]), str(row["label"]), votes
            )
    return list(found.values())


def _percent(p: float) -> str:
    return "" if np.isnan(p) else f"{100 * p:.0f}%"
