from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stancebench.audits.audit import audit
from stancebench.audits.finding import Finding
from stancebench.audits.shortcuts import SHORTCUTS
from stancebench.runs.evaluation import Prepared
from stancebench.runs.spec import Scoring
from stancebench.scoring import Bootstrap
from tests.audits.made import STANCES, prepared, rows

Row = dict[str, Any]
Made = list[dict[str, Any]]
QUICK = Scoring("strict", Bootstrap(rounds=500))


def told(of: Prepared, *only: str) -> dict[str, Finding]:
    return {f.name: f for f in audit(of, QUICK, only)}


def each(change: Callable[[dict[str, Any], int], Row], n: int = 300) -> Made:
    return [row | change(row, STANCES.index(row["stance"])) for row in rows(n)]


TELLING: dict[str, Callable[[dict[str, Any], int], Row]] = {
    "holder_only": lambda _, s: {"holder": ("AAA", "BBB", "CCC")[s]},
    "target_only": lambda _, s: {"target": ("sun", "moon", "moon")[s]},
    "mention_only": lambda row, s: {"text": row["text"] + (f" {row['target'].title()}" if s < 2 else "")},
    "length_only": lambda row, s: {"text": row["text"][: 30 * (s + 1)]},
    "target_blind": lambda row, s: {"text": f"{row['text']} {('praised', 'blamed', 'met')[s]}"},
    "reporting_verb_only": lambda row, s: {"text": f"{row['text']} {('praised', 'blamed', 'met')[s]}"},
    "register_only": lambda _, s: {"register": ("wire", "headline", "briefing")[s]},
}


@pytest.mark.parametrize("name", TELLING)
def test_a_shortcut_that_tells_is_a_warning(name: str) -> None:
    finding = told(prepared(each(TELLING[name])), name)[name]
    assert finding.level == "warning"
    assert SHORTCUTS[name].high in finding.told
    scores, majority = finding.figures["scores"]["macro_f1"], finding.figures["majority"]["macro_f1"]
    assert scores["value"] > majority["value"]
    # A shortcut that is never wrong has no interval.
    assert (scores["low"] or scores["value"]) > majority["value"]


@pytest.mark.parametrize("name", ["holder_only", "target_only", "register_only"])
def test_length_tells_nothing_where_a_column_does(name: str) -> None:
    lengths = told(prepared(each(TELLING[name])), "length_only")["length_only"]
    assert lengths.level == "ok"
    assert lengths.told.endswith("no better than chance")


def test_who_speaks_tells_only_where_the_target_is_named() -> None:
    made = rows(600)
    for i, row in enumerate(made):
        named = i % 2 == 0
        row["stance"] = {"AAA": "favor", "BBB": "against", "CCC": "none"}[row["holder"]] if named else "none"
        row["text"] += f" {row['target'].title()}" if named else ""
    findings = told(prepared(made), "prior_where_mentioned", "holder_only")
    value = {name: f.figures["scores"]["f_avg_macro"]["value"] for name, f in findings.items()}
    assert value["prior_where_mentioned"] == 1.0
    assert value["holder_only"] < 0.9


def test_unnamed_is_neutral_mends_a_model_that_knows_the_side_alone() -> None:
    made = rows(600)
    for i, row in enumerate(made):
        side, named = ("favor", "against")[i // 4 % 2], i % 4 > 0
        row["stance"] = side if named else "none"
        # An unnamed row names the other target: the words alone do not tell.
        other = {"sun": "moon", "moon": "sun"}[row["target"]]
        row["text"] += f" {'praised' if side == 'favor' else 'blamed'} {row['target'] if named else other}"
    findings = told(prepared(made, open_targets=True), "AU06", "unnamed_is_neutral")
    rule, blind = (findings[n].figures["scores"]["macro_f1"]["value"] for n in ("unnamed_is_neutral", "target_blind"))
    assert rule > 0.95
    assert blind < 0.8


def test_nothing_tells_where_stances_are_drawn() -> None:
    findings = told(prepared(rows(600, seed=4)))
    # Each interval lies above 0 by chance one time in forty.
    warned = [f for f in findings.values() if f.level == "warning"]
    assert len(warned) <= 1
    assert all(f.figures["scores"]["mcc"]["low"] < 0.05 for f in warned)


def test_a_text_that_names_its_batch_betrays_it() -> None:
    made = [row | {"text": f"{row['text']} {'zebra' if row['batch'] == '1' else 'lion'}"} for row in rows()]
    finding = told(prepared(made), "batch_from_text")["batch_from_text"]
    assert finding.level == "warning"
    assert finding.figures["accuracy"] == 1.0
    assert "texts betray when they were written" in finding.told
    assert told(prepared(rows()), "AU10")["batch_from_text"].level == "ok"


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        ({"holder": ""}, "holder_only", "300 of 300 judgements have no holder"),
        ({"holder": ""}, "prior_where_mentioned", "300 of 300 judgements have no holder"),
        ({"register": ""}, "register_only", "300 of 300 judgements have no register"),
        ({"register": "wire"}, "register_only", "every judgement has the same register, 'wire'"),
        ({"batch": ""}, "batch_from_text", "some rows have no batch"),
        ({"batch": "1"}, "batch_from_text", "there is one batch"),
    ],
)
def test_what_a_corpus_lacks_is_declined_and_never_a_number(change: Row, name: str, reason: str) -> None:
    finding = told(prepared([row | change for row in rows()]), name)[name]
    assert finding.level == "declined"
    assert finding.told == f"not scored: {reason}"
    assert not finding.figures
