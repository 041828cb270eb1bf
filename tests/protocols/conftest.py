from __future__ import annotations

import pytest

from stancebench.corpora.corpus import Corpus
from tests.protocols.corpora import Shape, in_memory, make


@pytest.fixture(scope="session")
def made() -> Corpus:
    """A corpus with a split in which every protocol for one takes part."""
    return in_memory(make())


@pytest.fixture(scope="session")
def unsplit() -> Corpus:
    """The same sentences without a split."""
    return in_memory(make(Shape(split={})))
