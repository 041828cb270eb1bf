from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stancebench.config.spec import model_config
from stancebench.errors import MissingExtraError, UsageError
from stancebench.protocols import Protocol
from stancebench.reports.drops import Drops
from stancebench.reports.picture import draw, points
from stancebench.reports.table import Table, build, expand
from stancebench.runs.evaluation import scored_rows
from stancebench.runs.execute import Runner
from stancebench.runs.record import Record
from stancebench.runs.recorded import in_order
from stancebench.runs.spec import RunSpec, Scoring
from stancebench.runs.store import RunStore
from stancebench.scoring import Bootstrap, ScoreId
from stancebench.scoring.resampling import cluster_weights
from stancebench.scoring.scores import score_arrays
from stancebench.scoring.tally import tally
from stancebench.tasks import Task
from tests.corpus_files import write_corpus

Runs = list[tuple[RunSpec, Record | None]]
MakeRuns = Callable[..., Runs]

COLUMNS = ("f_avg_macro", "f_avg.*", "neutral_recall")


@pytest.fixture
def make_runs(tmp_path: Path, synthetic_template: Path) -> MakeRuns:
    runner = Runner(RunStore(tmp_path), model_config)

    def run(*chosen: tuple[str, dict[str, object], str, int]) -> Runs:
        specs = [
            RunSpec(
                corpus=str(synthetic_template),
                task=Task("sentence" if inputs == "none" else "attributed", "text" if inputs == "none" else inputs),
                protocol=Protocol(),
                model=model,
                model_config=config,
                seed=seed,
                scoring=Scoring(bootstrap=Bootstrap(rounds=200)),
            )
            for model, config, inputs, seed in chosen
        ]
        return [(spec, runner.run(spec).record) for spec in specs]

    return run


def test_settings_that_differ_are_columns_and_seeds_one_row(make_runs: MakeRuns) -> None:
    runs = make_runs(
        ("majority", {"per_target": False}, "text", 0),
        ("majority", {"per_target": True}, "text", 0),
        ("stratified", {}, "text", 0),
        ("stratified", {}, "text", 1),
    )
    table = build("t", "A title", runs, COLUMNS)
    assert table.header() == ["model", "per_target", "f_avg_macro", "f_avg.sun", "f_avg.moon", "neutral_recall"]
    assert [line[:2] for line in table.lines()] == [
        ["majority", "False"],
        ["majority", "True"],
        ["stratified (2 seeds)", ""],
    ]
    seeds = [r.value("f_avg_macro") for spec, r in runs if r is not None and spec.model == "stratified"]
    values = [e.value for e in seeds if e is not None and e.value is not None]
    cell = table.rows[2].cells[0]
    assert cell.value == pytest.approx(sum(values) / 2)
    assert (cell.low, cell.high) == (min(values), max(values))


def test_a_number_is_that_of_its_record(make_runs: MakeRuns) -> None:
    runs = make_runs(("holder_prior", {"level": "holder", "gated": True}, "text+holder", 0))
    table = build("t", "", runs, COLUMNS)
    ((_, record),) = runs
    assert record is not None
    entry = record.value("f_avg", "moon")
    assert entry is not None
    lines = list(csv.DictReader(io.StringIO(table.csv())))
    (line,) = (row for row in lines if row["score"] == "f_avg.moon")
    assert float(line["value"]) == entry.value
    assert float(line["low"]) == entry.low
    assert line["records"] == record.score_key[:16]
    assert table.as_json()["rows"][0]["scores"]["f_avg.moon"]["high"] == entry.high


def test_a_model_that_declined_has_no_number(make_runs: MakeRuns) -> None:
    runs = make_runs(("holder_prior", {"level": "holder", "gated": True}, "none", 0))
    table = build("t", "", runs, COLUMNS)
    assert table.lines() == [
        ["holder_prior (declined)", "-", "-"],
    ]


def test_missing_runs_are_counted(make_runs: MakeRuns) -> None:
    runs = make_runs(("majority", {"per_target": False}, "text", 0), ("majority", {"per_target": True}, "text", 0))
    table = build("t", "", [runs[0], (runs[1][0], None)], COLUMNS)
    assert table.missing == 1
    assert len(table.rows) == 1


def test_columns_are_checked() -> None:
    assert expand(["f_avg.*", "mcc"], ["a", "b"]) == ("f_avg.a", "f_avg.b", "mcc")
    with pytest.raises(UsageError, match=r"no score 'f_avgg'. Did you mean 'f_avg'"):
        expand(["f_avgg"], ["a"])
    with pytest.raises(UsageError, match=r"no target 'suns'. Did you mean 'sun'.*Write f_avg\.\* for all"):
        expand(["f_avg.suns"], ["sun"])


def test_markdown_has_a_line_per_system(make_runs: MakeRuns) -> None:
    table = build("t", "", make_runs(("majority", {"per_target": False}, "text", 0)), COLUMNS)
    lines = [line for line in table.markdown().splitlines() if line.startswith("|")]
    assert len(lines) == 3
    assert lines[0] == "| model | f_avg_macro | f_avg.sun | f_avg.moon | neutral_recall |"
    assert set(lines[1]) <= set("|-: ")


@pytest.fixture
def table(make_runs: MakeRuns) -> Table:
    runs = make_runs(
        ("majority", {"per_target": False}, "text+holder", 0),
        ("holder_prior", {"level": "holder", "gated": True}, "text+holder", 0),
    )
    return build("t", "A title", runs, COLUMNS)


def test_a_picture_shows_every_system_best_first(table: Table) -> None:
    drawn = points(table, "f_avg_macro")
    assert [p["system"] for p in drawn] == ["holder_prior", "majority"]
    assert [p["kind"] for p in drawn] == ["reference", "system"]
    svg = draw(table, "f_avg_macro", "svg").decode()
    assert svg.startswith("<svg")
    for text in ("A title", "holder_prior", "majority", "with 95% interval"):
        assert text in svg
    assert draw(table, "f_avg_macro", "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("absent", ["vl_convert", "altair"])
def test_a_picture_without_its_packages_says_what_to_install(
    table: Table, monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(MissingExtraError, match=r"A picture needs packages.*pip install 'stancebench\[pictures\]'"):
        draw(table, "f_avg_macro", "svg")


def spec_of(path: Path, protocol: Protocol) -> RunSpec:
    return RunSpec(
        corpus=str(path),
        task=Task("attributed", "text"),
        protocol=protocol,
        model="tfidf_svm",
        model_config={"conditioning": {"name": "marked"}, "char_ngrams": []},
        scoring=Scoring(bootstrap=Bootstrap(rounds=200)),
    )


def test_a_drop_is_the_official_score_less_this_one_on_the_same_judgements(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "larger", n=400)
    runner = Runner(RunStore(tmp_path), model_config)
    protocols = [Protocol(), Protocol("cross_target"), *(Protocol("few_shot", k=4, draw=d) for d in range(2))]
    runs: Runs = [(s, runner.run(s).record) for s in (spec_of(corpus, p) for p in protocols)]
    table = build("t", "", runs, ["f_avg_macro", "drop", "drop.sun"])
    assert [(row.settings["protocol"], row.note) for row in table.rows] == [
        ("official", ""),
        ("cross_target", ""),
        ("few_shot k=4", "2 draws"),
    ]
    headlines = [r.value("f_avg_macro") for _, r in runs if r is not None]
    official, cross, *shots = [e.value for e in headlines if e is not None and e.value is not None]
    drops = [row.cells[1] for row in table.rows]
    assert [c.value for c in drops] == [0, official - cross, pytest.approx(official - sum(shots) / 2)]
    assert drops[2].low is not None
    assert drops[2].high is not None
    assert drops[2].low == pytest.approx(official - max(shots))
    assert drops[2].high == pytest.approx(official - min(shots))


def test_the_interval_of_a_drop_is_that_of_the_paired_difference(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "larger", n=400)
    runner = Runner(RunStore(tmp_path), model_config)
    specs = [spec_of(corpus, p) for p in (Protocol(), Protocol("cross_target"))]
    runs: Runs = [(spec, runner.run(spec).record) for spec in specs]
    drops = Drops(runner, runner.store, {r.score_key: spec for spec, r in runs if r is not None})
    unpaired, (official, cross) = build("t", "", runs, ["drop"]), build("t", "", runs, ["drop", "drop.sun"], drops).rows
    assert [row.cells[0].reason for row in unpaired.rows] == [
        "this is the official run",
        "its interval needs predictions",
    ]
    assert (official.cells[0].value, official.cells[0].low) == (0, None)
    low, high = brute_force_drop(runner, specs)
    assert cross.cells[0].low == pytest.approx(low)
    assert cross.cells[0].high == pytest.approx(high)
    assert cross.cells[1].low is not None
    assert cross.cells[1].text() != cross.cells[1].text(interval=False)


def brute_force_drop(runner: Runner, specs: list[RunSpec]) -> tuple[float, float]:
    """Return percentiles of the drop of f_avg_macro in samples that are scored one by one."""
    scores = []
    for spec in specs:
        prepared = runner.prepared(spec)
        stored = runner.store.stored_predictions(runner.keys(spec)[0])
        assert stored is not None
        counts = tally(scored_rows(prepared, in_order(stored.table, prepared)["stance"], "event"))
        weights = cluster_weights(counts.n_units, 200, np.random.default_rng(0))
        samples = (score_arrays(counts.weighted(w[:, None]), minimum=1)[ScoreId("f_avg_macro")] for w in weights.T)
        scores.append(np.concatenate(list(samples)))
    low, high = np.nanpercentile(scores[0] - scores[1], [2.5, 97.5])
    return float(low), float(high)


def test_a_drop_whose_predictions_are_gone_has_no_interval(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "larger", n=400)
    runner = Runner(RunStore(tmp_path), model_config)
    specs = [spec_of(corpus, p) for p in (Protocol(), Protocol("cross_target"))]
    runs: Runs = [(spec, runner.run(spec).record) for spec in specs]
    record = runs[1][1]
    assert record is not None
    assert record.predictions is not None
    (runner.store.predictions / record.predictions.file).unlink()
    drops = Drops(runner, runner.store, {r.score_key: spec for spec, r in runs if r is not None})
    cell = build("t", "", runs, ["drop"], drops).rows[1].cells[0]
    assert cell.value is not None
    assert cell.low is None
    assert "its interval needs predictions: The predictions of the record" in cell.reason
    table = build("t", "", runs, ["drop"], drops)
    assert table.without_interval() == [f"drop: {cell.reason}"]
    assert f"Without an interval: drop: {cell.reason}\n" in table.markdown()


def test_a_drop_without_an_official_run_beside_it_is_no_number(tmp_path: Path) -> None:
    spec = spec_of(write_corpus(tmp_path / "larger", n=400), Protocol("cross_target"))
    record = Runner(RunStore(tmp_path), model_config).run(spec).record
    (row,) = build("t", "", [(spec, record)], ["drop"]).rows
    assert (row.cells[0].value, row.cells[0].reason) == (None, "the table has no official run of this system")


def test_where_targets_are_an_open_class_no_column_is_of_one(make_runs: MakeRuns) -> None:
    ((spec, record),) = make_runs(("majority", {"per_target": False}, "text", 0))
    assert record is not None
    together = record.model_copy(
        update={"confusion": {"all": [[0] * 4] * 3}, "scores": [s for s in record.scores if not s.target]}
    )
    table = build("t", "", [(spec, together)], COLUMNS)
    assert table.columns == ("f_avg_macro", "neutral_recall")
