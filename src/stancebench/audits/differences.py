"""Shortcuts held against the majority and the best committed model, pair by pair on the same test rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import KEY
from stancebench.paths import shipped
from stancebench.runs.evaluation import Prepared, scored_rows
from stancebench.runs.record import Record
from stancebench.runs.spec import Scoring
from stancebench.runs.store import RunStore, read_predictions
from stancebench.scoring import ScoreId
from stancebench.scoring.paired import Difference, System, compare
from stancebench.scoring.significance import holm

HEADLINE = {False: "f_avg_macro", True: "macro_f1"}
"""the score that audits compare by, where targets are an open class and where not"""


@dataclass(frozen=True)
class Committed:
    """A model of the committed results, with its predictions of the test rows."""

    name: str
    key: str
    stances: Sequence[str]
    value: float


def best_committed(prepared: Prepared, score: str) -> Committed | None:
    """Return the model with the highest score among committed results of the same corpus, task and protocol, if any.

    Parameters
    ----------
    prepared : Prepared
        rows and folds; inputs do not matter
    score : str
        by which models are compared, over all targets
    """
    best: tuple[float, RunStore, Record] | None = None
    for folder in sorted(shipped("results").glob("*")):
        store = RunStore(folder)
        for record in store.all_records():
            entry = record.value(score)
            if _asks_the_same(record, prepared) and entry is not None and entry.value is not None:
                path = record.predictions and store.predictions / record.predictions.file
                if path and path.is_file() and (best is None or entry.value > best[0]):
                    best = (entry.value, store, record)
    if best is None:
        return None
    _, store, record = best
    assert record.predictions is not None
    predicted = read_predictions((store.predictions / record.predictions.file).read_bytes())
    stances = in_order(prepared, predicted)
    name = f"{record.run['model']} from {record.run['task']['inputs']}"
    return Committed(name, record.score_key, stances, best[0])


def in_order(prepared: Prepared, predictions: pd.DataFrame) -> list[str]:
    """Return predicted stances in the order of the test rows."""
    wanted = pd.MultiIndex.from_frame(prepared.test[list(KEY)])
    return list(predictions.set_index(list(KEY))["stance"].loc[wanted])


def _asks_the_same(record: Record, prepared: Prepared) -> bool:
    return (
        record.corpus.content_hash == prepared.corpus.content_hash
        and record.run["task"]["name"] == prepared.task.name
        and record.run["protocol"] == prepared.protocol.as_json()
    )


@dataclass(frozen=True)
class Reference:
    """What shortcuts are held against, and by which score.

    Attributes
    ----------
    name : str
        what it is called
    stances : sequence of str
        predicted, in the order of the test rows
    score : str
        by which the difference is measured
    constant : bool
        whether it says the same whatever is asked: exchanging its answers then tells nothing
    """

    name: str
    stances: Sequence[str]
    score: str
    constant: bool = False


def paired_differences(
    prepared: Prepared, scoring: Scoring, stances: Mapping[str, Sequence[str]], references: Sequence[Reference]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return how much each shortcut scores above each reference, on the same test rows.

    Parameters
    ----------
    prepared : Prepared
        gold
    scoring : Scoring
        mode and intervals
    stances : mapping of str to sequence of str
        predicted by each shortcut, in the order of the test rows
    references : sequence of Reference
        what they are held against

    Returns
    -------
    dict
        shortcut to reference to ``score``, ``value``, ``low``, ``high``, ``p``, ``test`` and ``p_adjusted``: against a
        constant by the standard error over clusters, else approximate randomisation by cluster; Holm over all of these
    """
    cluster = scoring.bootstrap.cluster
    shortcuts = [System(name, (scored_rows(prepared, said, cluster),)) for name, said in stances.items()]
    found: list[Difference] = []
    for reference in references:
        systems = [*shortcuts, System(reference.name, (scored_rows(prepared, reference.stances, cluster),))]
        compared = compare(
            systems,
            scores=(ScoreId(reference.score),),
            mode=scoring.mode,
            bootstrap=scoring.bootstrap,
            pairs=[(i, len(shortcuts)) for i in range(len(shortcuts))],
            correction="none",
            test="bootstrap" if reference.constant else "randomisation",
        )
        found += compared.differences
    corrected = holm([np.nan if d.p is None else d.p for d in found])
    out: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in stances}
    for difference, p in zip(found, corrected, strict=True):
        out[difference.a][difference.b] = _figures(difference, None if np.isnan(p) else float(p))
    return out


def _figures(difference: Difference, p_adjusted: float | None) -> dict[str, Any]:
    kept = {name: getattr(difference, name) for name in ("value", "low", "high", "p", "test", "reason")}
    return {"score": str(difference.score), **kept, "p_adjusted": p_adjusted}
