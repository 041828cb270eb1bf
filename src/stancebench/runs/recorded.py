"""The predictions that a record names, in the order of the test rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from stancebench.corpora.corpus import KEY
from stancebench.errors import RecordError
from stancebench.paths import shown
from stancebench.runs.evaluation import Prepared
from stancebench.runs.record import Record
from stancebench.runs.reproduce import predictions_beside, recorded_predictions


def predictions_of(record: Record, path: Path) -> pd.DataFrame:
    """Return the predictions of the record at a path.

    Raises
    ------
    RecordError
        when they are not here, or not those that the record names
    """
    beside = predictions_beside(record, path)
    table = recorded_predictions(record, beside, "Run it again.")
    if table is None:
        where = f"{shown(beside)} is not there" if beside else "it names none"
        raise RecordError(
            f"The predictions of the record {record.score_key[:12]} ({record.run['model']}) are not here: {where}. "
            "What is paired needs them: run it again, or fetch the file."
        )
    return table


def in_order(predictions: pd.DataFrame, prepared: Prepared) -> pd.DataFrame:
    """Return predictions in the order of the test rows, each of which has one."""
    wanted = pd.MultiIndex.from_frame(prepared.test[list(KEY)])
    return predictions.set_index(list(KEY)).loc[wanted].reset_index()
