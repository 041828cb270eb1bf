"""The content of a corpus as one hash, column by column."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stancebench.corpora.corpus import KEY
from stancebench.corpora.schema import Target


def content_hash(
    table: pd.DataFrame, targets: Iterable[Target], actors: Mapping[str, tuple[str, ...]] | None = None
) -> str:
    """Return the sha256 of a judgement table, its targets and its actors; the order of rows does not count.

    Where no actors are declared they leave no trace.
    """
    ordered = table.sort_values(list(KEY), kind="stable")
    columns = {name: pa.array(ordered[name], type=pa.large_string()) for name in table.columns}
    return hash_of_columns(pa.table(columns), targets, actors)


def hash_of_columns(table: Any, targets: Iterable[Target], actors: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """Return the hash of rows that are sorted by their key, each column as its lengths and its bytes.

    Parameters
    ----------
    table : pyarrow.Table
        of large strings
    targets : iterable of Target
        in declared order
    actors : mapping of str to tuple of str, default=None
        surface names of each holder code

    Returns
    -------
    str
    """
    digest = hashlib.sha256()
    digest.update(json.dumps([t.model_dump() for t in targets], sort_keys=True).encode())
    for name in table.column_names:
        # Combining one chunk copies it.
        column = table[name].chunk(0) if table[name].num_chunks == 1 else table[name].combine_chunks()
        offsets = np.frombuffer(column.buffers()[1], dtype=np.int64)[column.offset : column.offset + len(column) + 1]
        digest.update(f"\n{name} {offsets[-1] - offsets[0]}\n".encode())
        if offsets[-1] > offsets[0]:
            digest.update(np.diff(offsets).astype("<i4").data)
            digest.update(memoryview(column.buffers()[2])[offsets[0] : offsets[-1]])
    if actors:
        digest.update(json.dumps({code: sorted(names) for code, names in actors.items()}, sort_keys=True).encode())
    return digest.hexdigest()


def hash_with(content: str, more: str) -> str:
    """Return the hash of a corpus's content and of the content of sentences that stand beside it."""
    return hashlib.sha256(f"{content}\n{more}".encode()).hexdigest()
