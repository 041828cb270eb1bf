"""The two keys: a finished prediction is never computed twice, and a scoring fix never re-fits a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from stancebench.corpora.corpus import KEY
from stancebench.protocols import Fold

SCORING_VERSION = 2
"""raised whenever the same predictions and gold give other scores"""


def digest(values: Mapping[str, Any]) -> str:
    """Return the sha256 of canonical JSON: sorted keys, no spaces; the order of a mapping does not count."""
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _rows_digest(rows: pd.DataFrame, columns: Iterable[str]) -> str:
    ordered = rows.sort_values(list(KEY), kind="stable")
    # A field separator that cannot stand in a JSON-clean text keeps ("ab", "c") apart from ("a", "bc").
    text = "\x1e".join("\x1f".join(row) for row in zip(*(ordered[c].astype(str) for c in columns), strict=True))
    return hashlib.sha256(text.encode()).hexdigest()


def data_hash(
    rows: pd.DataFrame, folds: Iterable[Fold], columns: Iterable[str], beside: pd.DataFrame | None = None
) -> str:
    """Return the hash of all that a model sees: its inputs everywhere, and stances in train and dev.

    A corrected test label therefore changes scores, not predictions.

    Parameters
    ----------
    rows : pandas.DataFrame
        the task's rows
    folds : iterable of Fold
        positions in ``rows``
    columns : iterable of str
        the task's inputs
    beside : pandas.DataFrame, default=None
        rows that are answered beside the test rows; where there are none they leave no trace

    Returns
    -------
    str
    """
    inputs = [*KEY, *(c for c in columns if c not in KEY)]
    seen: dict[str, Any] = {}
    if beside is not None and len(beside):
        seen["beside"] = _rows_digest(beside, inputs)
    for fold in folds:
        labelled = [*inputs, "stance", "group"]
        seen[fold.name] = {
            "train": _rows_digest(rows.iloc[fold.train], labelled),
            "dev": _rows_digest(rows.iloc[fold.dev], labelled),
            "test": _rows_digest(rows.iloc[fold.test], inputs),
        }
    return digest(seen)


def prediction_key(
    *,
    data: str,
    targets: str,
    task: Mapping[str, Any],
    protocol: Mapping[str, Any],
    model: str,
    model_version: int,
    model_config: Mapping[str, Any],
    seed: int | None,
) -> str:
    """Return the key of a set of predictions; ``seed`` is None for a model that does not use it."""
    return digest(
        {
            "data": data,
            "targets": targets,
            "task": dict(task),
            "protocol": dict(protocol),
            "model": model,
            "model_version": model_version,
            "model_config": dict(model_config),
            "seed": seed,
        }
    )


def score_key(prediction: str, gold: str, scoring: Mapping[str, Any]) -> str:
    """Return the key of the scores of a set of predictions."""
    return digest(
        {"prediction": prediction, "gold": gold, "scoring": dict(scoring), "scoring_version": SCORING_VERSION}
    )
