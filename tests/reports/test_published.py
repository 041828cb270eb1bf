from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from stancebench.errors import UsageError
from stancebench.paths import CHECKOUT
from stancebench.reports.published import Compared, Figure, compare
from stancebench.runs.record import Record, ScoreEntry, read_record
from stancebench.runs.spec import RunSpec, spec_from_json

RESULTS = CHECKOUT / "results" / "baselines" / "records"


def figure(**changed: object) -> Figure:
    values = {"system": "theirs", "match": {"model": "m"}, "score": "f_avg_pooled", "value": "65.22", "source": "a"}
    return Figure(**{**values, **changed})  # type: ignore[arg-type]


def entry(value: float | None, low: float | None = None, high: float | None = None) -> ScoreEntry:
    return ScoreEntry(score="f_avg_pooled", value=value, low=low, high=high)


@pytest.mark.parametrize(
    ("printed", "ours", "bounds", "verdict", "difference"),
    [
        ("65.22", 0.65224, (0.6, 0.7), "equal", "0.00"),
        ("65.22", 0.65226, (0.6, 0.7), "inside", "+0.01"),
        ("40.30", 0.403, (0.4, 0.5), "equal", "0.00"),
        ("67.3", 0.6734, (0.6, 0.7), "equal", "0.0"),
        ("67.3", 0.6591, (0.6, 0.67), "outside", "-1.4"),
        ("67.3", 0.6591, (None, None), "no interval", "-1.4"),
        ("67", 0.6749, (0.6, 0.7), "equal", "0"),
        ("67.3", None, (None, None), "not finished", "-"),
    ],
)
def test_a_figure_is_equal_as_far_as_it_is_printed(
    printed: str, ours: float | None, bounds: tuple[float | None, float | None], verdict: str, difference: str
) -> None:
    compared = Compared(figure(value=printed), "corpus", None, entry(ours, *bounds))
    assert compared.verdict == verdict
    line = compared.line()
    assert line[4] == printed
    assert line[6] == difference
    assert line[8] == verdict


@pytest.fixture(scope="module")
def runs() -> list[tuple[RunSpec, Record | None]]:
    records = [read_record(path) for path in sorted(RESULTS.glob("*.json"))]
    # Of the variants of the holder prior one.
    prior = next(r for r in records if r.run["model"] == "holder_prior")
    chosen = [prior, *(r for r in records if r.run["model"] in {"majority", "stratified"})]
    return [(spec_from_json(r.run), r) for r in chosen]


def test_ours_is_that_of_the_run_it_names(runs: list[tuple[RunSpec, Record | None]]) -> None:
    figures = [
        figure(match={"model": "holder_prior", "corpus": "coverage"}, value="50.0"),
        figure(match={"model": "majority", "per_target": True}, score="f_avg.us", value="30.00"),
    ]
    comparison = compare("mine", "A title", figures, runs)
    for compared in comparison.lines:
        assert compared.record is not None
        assert compared.record.run["model"] == compared.figure.match["model"]
        score, _, target = compared.figure.score.partition(".")
        known = compared.record.value(score, target)
        assert known is not None
        assert compared.entry == known
        assert compared.corpus == "coverage"
    rows = list(csv.DictReader(io.StringIO(comparison.csv())))
    values = [json.loads(json.dumps(c.as_json())) for c in comparison.lines]
    assert [float(row["ours"]) for row in rows] == [v["ours"] for v in values]
    assert [row["run"] for row in rows] == ["holder_prior", "majority(per_target=True)"]
    assert comparison.markdown().count("\n") == 4


def test_a_run_that_is_not_finished_is_told_as_such(runs: list[tuple[RunSpec, Record | None]]) -> None:
    (line,) = compare("mine", "", [figure(match={"model": "holder_prior"})], [(s, None) for s, _ in runs]).lines
    assert line.verdict == "not finished"
    assert line.as_json()["ours"] is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"match": {"model": "stratified"}}, "match fits 5 runs, and one is expected"),
        ({"match": {"model": "majority", "per_target": "maybe"}}, "match fits 0 runs, and one is expected"),
        ({"value": "65,22"}, "it is no number. Write it as it is printed"),
        ({"score": "f_avg_poled"}, "There is no score 'f_avg_poled'. Did you mean 'f_avg_pooled'?"),
    ],
)
def test_a_figure_that_cannot_be_compared_is_refused(
    runs: list[tuple[RunSpec, Record | None]], changed: dict[str, object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as refused:
        compare("mine", "", [figure(**{"match": {"model": "holder_prior"}, **changed})], runs)
    assert message in str(refused.value)
    assert "'mine'" in str(refused.value)
