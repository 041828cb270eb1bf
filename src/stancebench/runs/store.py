"""Where records and predictions lie; what is half written is never believed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from stancebench.errors import RecordError
from stancebench.files import sha256_of, write_whole
from stancebench.paths import shown
from stancebench.runs.record import Record, read_record

SHORT = 16
"""hexadecimal digits of a key that make a file name"""


@dataclass(frozen=True)
class StoredPredictions:
    """Predictions of a finished fit, with what the fit took."""

    table: pd.DataFrame
    file: str
    sha256: str
    fit_s: float
    predict_s: float


class RunStore:
    """Records, predictions and sweeps under one folder.

    Parameters
    ----------
    folder : pathlib.Path
        ``outputs`` or ``STANCEBENCH_HOME``, or a folder of committed results
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records = folder / "records"
        self.predictions = folder / "predictions"
        self.sweeps = folder / "sweeps"
        self.near_duplicates_folder = folder / "near_duplicates"

    def record_path(self, score_key: str) -> Path:
        """Return where the record of a score key lies."""
        return self.records / f"{score_key[:SHORT]}.json"

    def record(self, score_key: str) -> Record | None:
        """Return the finished record of a key, or None: missing, half written, or of another key."""
        path = self.record_path(score_key)
        if not path.exists():
            return None
        try:
            record = read_record(path)
        except RecordError:
            return None
        return record if record.score_key == score_key else None

    def write_record(self, record: Record) -> Path:
        """Write a record whole and return its path."""
        path = self.record_path(record.score_key)
        write_whole(path, record.to_bytes())
        return path

    def all_records(self) -> Iterator[Record]:
        """Yield every readable record, by file name."""
        for path in sorted(self.records.glob("*.json")):
            try:
                yield read_record(path)
            except RecordError:
                continue

    def find(self, prefix: str) -> Record:
        """Return the record whose score key starts with ``prefix``.

        Raises
        ------
        RecordError
            when none does, or more than one
        """
        found = [p for p in sorted(self.records.glob("*.json")) if p.stem.startswith(prefix[:SHORT])]
        if len(found) == 1:
            return read_record(found[0])
        if found:
            raise RecordError(f"{len(found)} records start with {prefix!r}: type more of the key.")
        raise RecordError(
            f"No record in {shown(self.records)} starts with {prefix!r}. Type `stancebench ls runs` to see them."
        )

    def write_predictions(self, key: str, table: pd.DataFrame, fit_s: float, predict_s: float) -> StoredPredictions:
        """Write predictions, then the note that says they are whole."""
        data = table.to_csv(index=False, lineterminator="\n").encode()
        name = f"{key[:SHORT]}.csv"
        sha256 = sha256_of(data)
        write_whole(self.predictions / name, data)
        note = {"prediction_key": key, "sha256": sha256, "rows": len(table), "fit_s": fit_s, "predict_s": predict_s}
        write_whole((self.predictions / name).with_suffix(".json"), (json.dumps(note, indent=1) + "\n").encode())
        return StoredPredictions(table, name, sha256, fit_s, predict_s)

    def stored_predictions(self, key: str) -> StoredPredictions | None:
        """Return finished predictions of a key, or None: missing, half written, or changed since."""
        path = self.predictions / f"{key[:SHORT]}.csv"
        try:
            note = json.loads(path.with_suffix(".json").read_bytes())
            data = path.read_bytes()
        except (OSError, ValueError):
            return None
        if note.get("prediction_key") != key or note.get("sha256") != sha256_of(data):
            return None
        return StoredPredictions(read_predictions(data), path.name, note["sha256"], note["fit_s"], note["predict_s"])

    def near_duplicates(self, content_hash: str) -> list[tuple[str, str, float]] | None:
        """Return the near-duplicates found before in a corpus of this content, or None."""
        try:
            found = json.loads(self._near_duplicates_path(content_hash).read_bytes())
            if found["content_hash"] == content_hash:
                return [(a, b, cosine) for a, b, cosine in found["near_duplicates"]]
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return None

    def write_near_duplicates(self, content_hash: str, pairs: Sequence[tuple[str, str, float]]) -> None:
        """Keep the near-duplicates of a corpus: the search costs as much as a model."""
        found = {"content_hash": content_hash, "near_duplicates": pairs}
        write_whole(self._near_duplicates_path(content_hash), (json.dumps(found) + "\n").encode())

    def _near_duplicates_path(self, content_hash: str) -> Path:
        return self.near_duplicates_folder / f"{content_hash[:SHORT]}.json"

    def write_sweep(self, key: str, name: str, score_keys: Sequence[str]) -> Path:
        """Write which records belong to a sweep."""
        path = self.sweeps / f"{key[:SHORT]}.json"
        values = {"sweep_key": key, "name": name, "score_keys": list(score_keys)}
        write_whole(path, (json.dumps(values, indent=1) + "\n").encode())
        return path

    def all_sweeps(self) -> Iterator[dict[str, Any]]:
        """Yield every readable sweep."""
        for path in sorted(self.sweeps.glob("*.json")):
            try:
                yield json.loads(path.read_bytes())
            except (OSError, ValueError):
                continue


class FirstOf(RunStore):
    """Records of several stores as one; of a key that several have, the first one's counts.

    Parameters
    ----------
    stores : sequence of RunStore
        what is missing in the first is looked for in the next
    """

    def __init__(self, stores: Sequence[RunStore]) -> None:
        super().__init__(stores[0].folder)
        self.stores = tuple(stores)

    def record_path(self, score_key: str) -> Path:
        """Return where the record of a score key lies: in the first store that has it whole, else in the first."""
        holding = (store for store in self.stores if store.record(score_key) is not None)
        return next(holding, self.stores[0]).record_path(score_key)

    def record(self, score_key: str) -> Record | None:
        """Return the finished record of a key from the first store that has it, or None."""
        return next((r for store in self.stores if (r := store.record(score_key)) is not None), None)

    def all_records(self) -> Iterator[Record]:
        """Yield every readable record once, those of the first store first."""
        seen: set[str] = set()
        for store in self.stores:
            for record in store.all_records():
                if record.score_key not in seen:
                    seen.add(record.score_key)
                    yield record


def read_predictions(data: bytes) -> pd.DataFrame:
    """Return predictions from the bytes of their CSV; ``NA`` and the like are ordinary text there."""
    table = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    for column in table.columns[table.columns.str.startswith("p_")]:
        # Python's own reading of a float gives back exactly the number that was written.
        table[column] = [float(text or "nan") for text in table[column]]
    return table
