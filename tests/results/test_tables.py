from __future__ import annotations

import pytest

from stancebench.config.compose import experiment
from stancebench.config.spec import model_config
from stancebench.paths import shipped
from stancebench.reports.experiment import Experiment
from stancebench.runs.execute import Runner
from stancebench.runs.lookup import Lookup
from stancebench.runs.store import RunStore

PUBLISHED = sorted(p.parent.name for p in shipped("results").glob("*/table.csv"))


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_committed_table_is_that_of_its_records(name: str) -> None:
    specs, config = experiment(name)
    store = RunStore(shipped("results") / name)
    lookup = Lookup(specs, Runner(store, model_config))
    runs = lookup.find(store)
    table = Experiment(name, config, runs, store, True, lookup.runner, lookup.missing).table()
    assert not table.missing
    assert (store.folder / "table.csv").read_text(encoding="utf-8") == table.csv()
    assert table.markdown() in (store.folder / "table.md").read_text(encoding="utf-8")
