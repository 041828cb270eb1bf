from __future__ import annotations

from collections.abc import Mapping

import pytest

from stancebench.corpora.corpus import KEY
from stancebench.corpora.load import load_corpus
from stancebench.probes.catalogue import PROBES
from stancebench.probes.run import items
from stancebench.probes.sentence import Item, Names

Judgements = Mapping[tuple[str, str, str], Item]


@pytest.fixture(scope="session")
def judgements() -> Judgements:
    """Every judgement of the bundled corpus, by its key."""
    table = load_corpus("coverage@0.1").table
    return dict(zip(map(tuple, table[list(KEY)].to_numpy()), items(table), strict=True))


@pytest.fixture(scope="session")
def names() -> Names:
    """The names of the bundled corpus."""
    return Names.of(load_corpus("coverage@0.1"))


@pytest.fixture(scope="session")
def changed(judgements: Judgements, names: Names) -> dict[str, list[tuple[Item, str]]]:
    """Every judgement that a probe changes, with the changed text, by probe."""
    return {
        name: [(item, text) for item in judgements.values() if (text := probe.change(item, names)) is not None]
        for name, probe in PROBES.items()
    }
