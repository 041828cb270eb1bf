from __future__ import annotations

import json
from pathlib import Path

import pytest

from stancebench.errors import RecordError
from stancebench.paths import CHECKOUT
from stancebench.runs.record import SCHEMA_FILE, Record, read_record, record_schema

VERSION_1 = Path(__file__).parent / "records" / "version_1.json"
COMMITTED = sorted((CHECKOUT / "results" / "baselines" / "records").glob("*.json"))


def test_the_committed_schema_is_that_of_the_record() -> None:
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == record_schema()


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    record = read_record(COMMITTED[0])
    path = tmp_path / "record.json"
    path.write_bytes(record.to_bytes())
    assert read_record(path) == record
    assert read_record(path).to_bytes() == path.read_bytes()


def test_a_record_of_an_older_schema_version_is_read_as_one_of_this(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    record = read_record(COMMITTED[0])
    without_bloc = [{k: v for k, v in s.items() if k != "bloc"} for s in record.model_dump(mode="json")["scores"]]
    path.write_bytes(spoilt(schema_version=2, scores=without_bloc))
    older = read_record(path)
    assert older.schema_version == 3
    assert older == record.model_copy(update={"scores": older.scores})
    assert {s.bloc for s in older.scores} == {""}


def test_a_record_of_the_first_schema_version_is_read_as_one_of_this() -> None:
    old = json.loads(VERSION_1.read_bytes())
    assert (old["schema_version"], old["run"]["protocol"]) == (1, "official")
    record = read_record(VERSION_1)
    assert record.schema_version == 3
    assert record.run == old["run"] | {"protocol": {"name": "official"}}
    assert record.counts.folds == 1
    assert [s.value for s in record.scores] == [s["value"] for s in old["scores"]]


@pytest.mark.parametrize("missing", ["run", "counts", "scores"])
def test_a_torn_record_of_the_first_version_is_refused(missing: str, tmp_path: Path) -> None:
    old = json.loads(VERSION_1.read_bytes())
    del old[missing]
    path = tmp_path / "record.json"
    path.write_text(json.dumps(old), encoding="utf-8")
    with pytest.raises(RecordError, match=f"is not a whole record.*{missing}"):
        read_record(path)


def spoilt(**changes: object) -> bytes:
    return json.dumps(json.loads(COMMITTED[0].read_bytes()) | changes).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (COMMITTED[0].read_bytes()[:500], "it is half written or no JSON"),
        (b"", "it is half written or no JSON"),
        (b"[]", "its schema version is None, this stancebench reads 1, 2, 3"),
        (spoilt(schema_version=4), "its schema version is 4, this stancebench reads 1, 2, 3"),
        (spoilt(status="started"), "status: Input should be 'finished' or 'declined'"),
        (spoilt(colour="red"), "colour: Extra inputs are not permitted"),
    ],
)
def test_what_is_no_whole_record_is_refused_with_why(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(data)
    with pytest.raises(RecordError, match="is not a whole record") as refused:
        read_record(path)
    assert told in str(refused.value)


def test_a_record_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"Cannot read the record .*nothing\.json"):
        read_record(tmp_path / "nothing.json")


def test_scores_are_found_by_name_target_and_stance() -> None:
    record: Record = read_record(COMMITTED[0])
    entry = record.value("f1", "us", "favor")
    assert entry is not None
    assert (entry.score, entry.target, entry.stance) == ("f1", "us", "favor")
    assert record.value("f1", "us", "sideways") is None
