"""A data frame read as a file of a table is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from stancebench.corpora.table_reading import Part, refuse_columns, strings
from stancebench.errors import CorpusError

FRAME = "DataFrame"
"""what stands for the file's name"""


def frame_part(frame: pd.DataFrame, wanted: Sequence[str]) -> Part:
    """Read the columns of a data frame as text; what is null is empty.

    Parameters
    ----------
    frame : pandas.DataFrame
        of any types
    wanted : sequence of str
        names of the columns; each must be there

    Raises
    ------
    CorpusError
        when a column is missing, or there is no row
    """
    path = Path(FRAME)
    header = [str(c) for c in frame.columns]
    refuse_columns(path, header, wanted)
    if frame.empty:
        raise CorpusError(f"{FRAME} holds no row.")
    columns = {name: strings([_text(cell) for cell in frame[name].tolist()]) for name in wanted}
    labels = frame.index.tolist()
    return Part(path, columns, len(frame), header, lambda row: f"row {labels[row]}")


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    # None, NaN, NaT and pandas.NA; a list is no scalar, and becomes a text that no rule takes for a label.
    return "" if pd.api.types.is_scalar(cell) and pd.isna(cell) else str(cell)  # type: ignore[call-overload]
