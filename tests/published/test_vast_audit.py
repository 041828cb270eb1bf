"""VAST zero-shot: no topic word in the text, so neutral, is worth 26 points of macro-F1."""

from __future__ import annotations

import pytest

from stancebench.audits.audit import audit
from stancebench.runs.evaluation import prepare
from stancebench.runs.spec import Scoring
from stancebench.scoring import Bootstrap
from stancebench.tasks import Task
from tests.published.conftest import Fetched, read


def test_the_rule_lifts_a_model_that_is_not_told_the_topic(fetched: Fetched) -> None:
    fetched("vast_zero")
    prepared = prepare(read("vast_zero"), Task("attributed", "text"))
    scoring = Scoring("strict", Bootstrap(rounds=200))
    blind, rule = audit(prepared, scoring, ["target_blind", "unnamed_is_neutral"])
    figures = [100 * f.figures["scores"]["macro_f1"]["value"] for f in (blind, rule)]
    assert figures == pytest.approx([29.3, 55.9], abs=2)
    assert rule.level == "warning"
    naming = rule.figures["naming"]
    assert naming["chosen"] == "any word"
    assert 100 * naming["readings"]["any word"]["test"] == pytest.approx(58.3, abs=0.2)
    assert naming["readings"]["content word"]["test"] == pytest.approx(rule.figures["scores"]["macro_f1"]["value"])
