from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from stancebench.config.spec import model_config
from stancebench.corpora.load import load_corpus
from stancebench.errors import ModelError
from stancebench.paths import CHECKOUT
from stancebench.probes.catalogue import PROBES
from stancebench.probes.run import Changed, Changes, ProbeResult, _predictions, probe_systems
from stancebench.protocols import Protocol
from stancebench.runs.evaluation import prepare
from stancebench.runs.execute import Runner
from stancebench.runs.record import read_record
from stancebench.runs.spec import RunSpec, Scoring
from stancebench.runs.store import RunStore
from stancebench.scoring import Bootstrap
from stancebench.tasks import Task
from tests.api.estimators import Says
from tests.commands import Cli

SCORING = Scoring(bootstrap=Bootstrap(rounds=200))
MAJORITY = RunSpec("coverage@0.1", Task("attributed", "text"), Protocol(), "majority", {}, scoring=SCORING)
LEXICON = replace(MAJORITY, model="lexicon")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], ProbeResult]:
    """Two models that nobody has to wait for, by system and probe."""
    runner = Runner(RunStore(tmp_path_factory.mktemp("home")), model_config)
    told = Task("attributed", "text+holder")
    systems = [("majority", MAJORITY), ("lexicon", LEXICON), ("told", replace(MAJORITY, task=told))]
    found = {(r.system, r.probe): r for r in probe_systems(runner, systems)}
    assert not runner.store.records.exists()
    return found


def test_the_majority_never_changes_its_mind(results: dict[tuple[str, str], ProbeResult]) -> None:
    for probe in PROBES:
        result = results["majority", probe]
        assert (result.consistency, result.changed, result.polar) == (1.0, 0, 0)
        assert result.accuracy_before == result.accuracy_after
        assert result.low is None
        assert re.search(r"an interval needs", result.reason)


@pytest.mark.parametrize(("what", "form"), [("neutral", "array"), ("none", "short"), ("none", "column")])
def test_what_is_no_stance_for_each_row_is_refused(what: str, form: str) -> None:
    prepared = prepare(load_corpus("coverage@0.1"), MAJORITY.task)
    with pytest.raises(ModelError, match="Says"):
        _predictions(lambda: Says(what, form), prepared, [Changed(prepared.test, np.ones(980, dtype=bool))])


def test_counts_agree_with_the_share_and_a_lexicon_trips_over_misspelt_words(
    results: dict[tuple[str, str], ProbeResult],
) -> None:
    result = results["lexicon", "typos"]
    assert result.changed > 0
    assert result.consistency == pytest.approx(1 - result.changed / result.compared)
    assert result.changed <= result.polar <= result.compared <= 980
    casing = results["lexicon", "casing"]
    assert casing.compared == 980


def test_another_holder_is_no_probe_of_a_model_that_is_told_the_holder(
    results: dict[tuple[str, str], ProbeResult],
) -> None:
    result = results["told", "holder_replaced"]
    assert result.consistency is None
    assert result.declined.startswith("inputs 'text+holder' say who the holder is")
    assert results["majority", "holder_replaced"].compared > 300


def test_a_mask_finds_names_by_their_capitals_so_that_their_loss_is_no_probe_of_it() -> None:
    told = {task: PROBES["casing"].declines(Task("attributed", task)) for task in ("text", "text+holder", "masked")}
    assert told["text"] == told["text+holder"] == ""
    assert told["masked"].startswith("inputs 'masked' hide names, which are found by their capitals")


def test_a_result_is_numbers_and_names_and_no_text(results: dict[tuple[str, str], ProbeResult]) -> None:
    corpus = load_corpus("coverage@0.1")
    printed = json.dumps([r.as_json() for r in results.values()])
    assert not any(text[:40] in printed for text in corpus.table["text"].unique())


def test_what_a_mask_hides_is_not_compared() -> None:
    prepared = prepare(load_corpus("coverage@0.1"), Task("attributed", "masked"))
    changed = Changes().of(prepared, PROBES["target_alias_swapped"])
    plain = Changes().of(prepare(prepared.corpus, Task("attributed", "text")), PROBES["target_alias_swapped"])
    assert 0 < changed.where.sum() < plain.where.sum()
    hidden = prepared.test["text"][plain.where & ~changed.where]
    assert hidden.str.contains("TARGET").all()
    assert isinstance(changed.rows, pd.DataFrame)


def test_the_command_prints_a_line_for_each_probe(cli: Cli) -> None:
    result = cli(
        "probe",
        "majority",
        "--corpus",
        "coverage@0.1",
        "--inputs",
        "text",
        "--only",
        "typos",
        "--only",
        "casing",
        "--rounds",
        "100",
    )
    assert result.code == 0, result.err
    first, _, *lines = result.out.splitlines()
    assert first == "majority: coverage@0.1, attributed (text), official; shares as fractions of 1"
    assert [line.split()[:2] for line in lines] == [["typos", "1.000"], ["casing", "1.000"]]
    assert "no interval: changed predictions in 0 of 163 clusters, and an interval needs 5" in lines[1]


def test_a_committed_record_is_probed_with_its_own_choices(cli: Cli) -> None:
    records = {path: read_record(path) for path in sorted((CHECKOUT / "results" / "baselines" / "records").glob("*"))}
    (path,) = [p for p, r in records.items() if r.run["model"] == "lexicon" and r.run["task"]["inputs"] == "text"]
    values = json.loads(cli("probe", str(path), "--only", "holder_replaced", "--rounds", "100", "--json").out)
    (system,) = values["systems"]
    assert [system[k] for k in ("system", "corpus", "task", "inputs")] == ["lexicon", "coverage", "attributed", "text"]
    assert system["bootstrap"]["rounds"] == 100
    (result,) = system["probes"]
    assert result["compared"] > 300
    assert result["declined"] == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Name what is probed: a model or a record."),
        (("majority", "majority"), "majority is named twice: name each system once."),
        (("majority", "--only", "typo"), "There is no probe 'typo'. Did you mean 'typos'?"),
        (("majority", "--rounds", "0"), "--rounds: rounds must be at least 1, got 0."),
        (("majorty",), "There is no model 'majorty', and no record has such a key. Did you mean 'majority'?"),
        (("baselines:lexicn",), "There is no system 'lexicn' in baselines. Did you mean 'lexicon'?"),
        (("majority", "--corpus", "covrage"), "There is no corpus 'covrage'. Did you mean 'coverage'?"),
        (("majority", "--protocol", "oficial"), "Did you mean 'official'?"),
        (("majority", "--inputs", "texts"), "There is no choice of inputs 'texts'. Did you mean 'text'?"),
        (("said.csv", "--inputs", "text"), "--inputs is for a model that is named by itself"),
        (("said.csv",), "said.csv is a file of predictions, and a probe asks the model for more of them."),
    ],
)
def test_a_probe_that_cannot_be_is_refused_in_one_message(cli: Cli, arguments: tuple[str, ...], told: str) -> None:
    result = cli("probe", *arguments)
    assert result.code == 2
    assert told in result.message
    assert "Traceback" not in result.err
