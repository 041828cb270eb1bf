from __future__ import annotations

from pathlib import Path

import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from tests.protocols.corpora import make, on_disk


def test_the_corpus_in_memory_is_the_one_that_its_files_give(made: Corpus, tmp_path: Path) -> None:
    loaded = load_corpus(str(on_disk(tmp_path / "made", make())))
    pd.testing.assert_frame_equal(loaded.table, made.table)
    assert loaded.content_hash == made.content_hash
    assert loaded.near_duplicates == ()
