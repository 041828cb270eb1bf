from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from stancebench import load_runs, score
from stancebench.errors import RecordError
from stancebench.runs.store import RunStore
from tests.commands import Cli


def test_each_record_is_a_row(cli: Cli, home: Path, synthetic_template: Path) -> None:
    corpus = f"corpus.name={synthetic_template}"
    for arguments in (
        ["model=tfidf_svm", "model/conditioning=marked", "task.inputs=text"],
        ["model=tfidf_svm", "protocol=cross_target"],
    ):
        assert cli("run", corpus, "tracking=none", "scoring.rounds=100", *arguments).code == 0
    for runs in (load_runs(), load_runs(home), load_runs(str(home))):
        assert len(runs) == 2
        finished, declined = runs.sort_values("status", ascending=False).to_dict("records")
        record = RunStore(home).record(finished["key"])
        assert record is not None
        headline = record.value("f_avg", "sun")
        assert headline is not None
        got = tuple(finished[f"f_avg.sun{end}"] for end in ("", ".low", ".high"))
        bounds = (math.nan if bound is None else bound for bound in (headline.low, headline.high))
        assert got == pytest.approx((headline.value, *bounds), abs=0, nan_ok=True)
        assert finished["settings"] | {"conditioning": "marked", "C": 1.0} == finished["settings"]
        assert (finished["protocol"], finished["inputs"], finished["corpus"]) == ("official", "text", "synthetic")
        assert (declined["status"], declined["protocol"]) == ("declined", "cross_target")
        assert "is too small" in declined["reason"]
        assert np.isnan(declined["f_avg_macro"])
        assert declined["predictions"] == ""
        again = score(finished["predictions"], synthetic_template, rounds=100)
        assert again["f_avg.sun"] == finished["f_avg.sun"]


@pytest.mark.parametrize("named", [False, True])
def test_nothing_has_run_yet(home: Path, *, named: bool) -> None:
    if named:
        (home / "records").mkdir(parents=True)
    with pytest.warns(UserWarning, match=r"^No runs are in .*home/records\. Name another folder") as told:
        runs = load_runs(home if named else None)
    assert [Path(w.filename).name for w in told] == ["test_records.py"]
    assert runs.empty
    assert {"model", "f_avg_macro", "f_avg_macro.low"} <= set(runs.columns)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_committed_results_have_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool) -> None:
    if elsewhere:
        monkeypatch.chdir(tmp_path)
    runs = load_runs("baselines")
    assert set(runs["corpus"]) == {"coverage"}
    assert runs["f_avg_macro"].between(0, 1).all()


def test_a_folder_without_records_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"There are no records in .*nowhere\. A folder that runs went to"):
        load_runs(tmp_path / "nowhere")
    with pytest.raises(RecordError, match="Did you mean 'baselines'"):
        load_runs("baseline")
