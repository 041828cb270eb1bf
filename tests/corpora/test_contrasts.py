from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from stancebench.corpora.check import check_corpus, write_generated
from stancebench.corpora.load import load_corpus
from stancebench.errors import CorpusError
from tests.corpus_files import write_corpus


@pytest.fixture
def declare(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "mine", n=20)


def paired(folder: Path, *pairs: list[str]) -> None:
    path = folder / "corpus.yaml"
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**values, "contrast_pairs": list(pairs)}), encoding="utf-8")


def test_a_corpus_declares_contrast_pairs(declare: Path) -> None:
    paired(declare, ["t-0005", "t-0006"])
    assert write_generated(declare)["contrast_pairs"] == 1
    assert load_corpus(str(declare)).contrast_pairs == (("t-0005", "t-0006"),)
    assert check_corpus(declare) == []


def test_a_pair_in_two_splits_is_found(declare: Path) -> None:
    paired(declare, ["t-0003", "t-0006"])
    write_generated(declare)
    (finding,) = check_corpus(declare)
    assert "the contrast pair t-0003 and t-0006 stands in train and test" in str(finding)


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        (["t-0005", "t-0066"], r"contrast_pairs: There is no sentence 't-0066'\. Did you mean 't-00"),
        (["t-0005", "t-0005"], "contrast_pairs: t-0005 is paired with itself"),
        (["t-0005"], r"corpus\.yaml"),
    ],
)
def test_a_pair_that_is_none_is_refused(declare: Path, pair: list[str], told: str) -> None:
    paired(declare, pair)
    with pytest.raises(CorpusError, match=told):
        load_corpus(str(declare), verify=False)
