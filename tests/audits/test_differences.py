from __future__ import annotations

import json

import pytest

from stancebench.audits.audit import audit
from stancebench.audits.differences import best_committed
from stancebench.audits.readings import READINGS, readings_on_dev
from stancebench.corpora.load import load_corpus
from stancebench.paths import shipped
from stancebench.runs.evaluation import prepare
from stancebench.runs.spec import Scoring
from stancebench.scoring import Bootstrap
from stancebench.scoring.significance import holm
from stancebench.tasks import Task
from tests.audits.made import STANCES, prepared, rows

QUICK = Scoring("strict", Bootstrap(rounds=500))


def test_what_tells_is_above_the_majority_and_what_does_not_is_not() -> None:
    made = [row | {"holder": ("AAA", "BBB", "CCC")[STANCES.index(row["stance"])]} for row in rows()]
    findings = {f.name: f for f in audit(prepared(made), QUICK, ["holder_only", "length_only", "register_only"])}
    apart = {name: f.figures["differences"] for name, f in findings.items()}
    assert {tuple(d) for d in apart.values()} == {("majority",)}, "no committed results are of a made-up corpus"
    holder, length = apart["holder_only"]["majority"], apart["length_only"]["majority"]
    assert holder["score"] == "mcc"
    assert holder["value"] == findings["holder_only"].figures["scores"]["mcc"]["value"] == 1.0
    assert holder["p_adjusted"] < 0.05 < length["p_adjusted"]
    p = [d["majority"]["p"] for d in apart.values()]
    assert [d["majority"]["p_adjusted"] for d in apart.values()] == list(holm(p))


def test_the_best_committed_model_is_the_best_of_its_records() -> None:
    best = best_committed(prepare(load_corpus("coverage"), Task("attributed", "text")), "f_avg_macro")
    assert best is not None
    values = {}
    for path in (shipped("results") / "baselines" / "records").glob("*.json"):
        record = json.loads(path.read_bytes())
        values[record["score_key"]] = next(s["value"] for s in record["scores"] if s["score"] == "f_avg_macro")
    assert values[best.key] == max(values.values())
    assert len(best.stances) == 980


def test_no_committed_model_is_of_another_protocol_or_corpus() -> None:
    coverage = load_corpus("coverage")
    assert best_committed(prepare(coverage, Task("sentence", "text")), "f_avg_macro") is None
    assert best_committed(prepared(rows(60)), "f_avg_macro") is None


def test_dev_chooses_the_reading_by_which_unnamed_rows_are_neutral() -> None:
    made = rows(600)
    for i, row in enumerate(made):
        side, named = ("favor", "against")[i // 4 % 2], i % 4 > 0
        row["stance"] = side if named else "none"
        row["split"] = ("train", "dev", "test")[i % 3]
        # Every text has a longer word that begins as the target does, and names one of both: only whole words tell.
        other = {"sun": "moon", "moon": "sun"}[row["target"]]
        row["text"] += f" {'praised' if side == 'favor' else 'blamed'} {row['target']}beam"
        row["text"] += f" {row['target'] if named else other}"
    found = readings_on_dev(prepared(made, open_targets=True))
    assert list(found["readings"]) == list(READINGS)
    assert found["readings"]["content word as part of a word"]["dev"] < 0.8
    assert found["readings"]["content word"]["dev"] > 0.95
    assert found["readings"][found["chosen"]]["dev"] == max(r["dev"] for r in found["readings"].values())


def test_without_a_dev_nothing_is_chosen() -> None:
    assert readings_on_dev(prepared(rows(60), open_targets=True)) == {}


@pytest.mark.parametrize(
    ("reading", "named"),
    [
        ("content word", ["The charter is old.", "SCHOOLS close."]),
        ("content word, plurals stripped", ["The charter is old.", "SCHOOLS close.", "One school."]),
        ("any word", ["The charter is old.", "SCHOOLS close.", "Out of time."]),
        ("any word between white space", ["The charter is old.", "SCHOOLS close.", "Out of time."]),
        ("content word between white space", ["The charter is old.", "SCHOOLS close."]),
        ("word of four letters or more", ["The charter is old.", "SCHOOLS close."]),
        ("content word, case kept", ["The charter is old."]),
        ("every content word", []),
        ("content word as part of a word", ["The charter is old.", "SCHOOLS close.", "Preschools."]),
        ("whole topic", []),
    ],
)
def test_what_each_reading_finds(reading: str, named: list[str]) -> None:
    texts = ["The charter is old.", "SCHOOLS close.", "One school.", "Out of time.", "Preschools.", "Nothing."]
    assert [text for text in texts if READINGS[reading](text, "Schools of charter")] == named
