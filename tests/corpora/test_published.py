"""What a published corpus carries, read by the tools that strangers will read it with."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from stancebench.corpora.check import check_corpus, write_generated
from stancebench.corpora.load import load_corpus
from stancebench.corpora.published import COLUMNS, table_of
from tests.corpus_files import write_corpus

HEADER = """---
license: cc0-1.0
configs:
- config_name: default
  data_files:
  - {split: train, path: table/train.parquet}
  - {split: validation, path: table/dev.parquet}
  - {split: test, path: table/test.parquet}
---
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_corpus(tmp_path / "mine", n=40)
    path = folder / "corpus.yaml"
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    more = {"url": "https://example.org/mine", "creator": "Somebody", "canary": "canary 1234"}
    path.write_text(yaml.safe_dump(declared | more), encoding="utf-8")
    (folder / "README.md").write_text(HEADER, encoding="utf-8")
    write_generated(folder)
    return folder


def test_its_tables_hold_every_judgement_with_its_text(folder: Path) -> None:
    corpus = load_corpus(str(folder))
    parts = [pd.read_parquet(folder / "table" / f"{split}.parquet") for split in ("train", "dev", "test")]
    assert [len(part) for part in parts] == [(corpus.table["split"] == s).sum() for s in ("train", "dev", "test")]
    assert list(parts[0].columns) == list(COLUMNS)
    assert parts[2].equals(table_of(corpus, "test"))
    assert check_corpus(folder) == []


def test_a_stale_table_is_found(folder: Path) -> None:
    path = folder / "table" / "test.parquet"
    pd.read_parquet(path).iloc[1:].to_parquet(path)
    assert {"checksum", "table"} == {f.rule for f in check_corpus(folder)}
    path.unlink()
    assert any(f.rule == "table" and "missing or stale" in f.message for f in check_corpus(folder))


# mlcroissant 1.1 reads with a keyword that pandas 3.1 deprecates.
@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_its_metadata_are_valid_croissant_and_lead_to_the_rows(folder: Path) -> None:
    mlc = pytest.importorskip("mlcroissant")
    dataset = mlc.Dataset(jsonld=folder / "croissant.json")
    assert dataset.metadata.name == "mine"
    assert "canary 1234" in dataset.metadata.description
    rows = list(dataset.records(record_set="test"))
    stated = pd.read_parquet(folder / "table" / "test.parquet")
    assert len(rows) == len(stated)
    assert rows[0]["test/text"].decode() == stated["text"][0]


def test_the_folder_is_a_hugging_face_data_set(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    loaded = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 32, "validation": 8, "test": 40}
    assert set(loaded["test"].column_names) == set(COLUMNS)


def test_checksums_cover_what_is_generated(folder: Path) -> None:
    stated = json.loads((folder / "checksums.json").read_text(encoding="utf-8"))
    assert {"croissant.json", "table/train.parquet", "table/dev.parquet", "table/test.parquet"} <= set(stated)
