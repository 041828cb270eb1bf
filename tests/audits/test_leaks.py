from __future__ import annotations

from typing import Any

from stancebench.audits.audit import audit
from stancebench.audits.finding import Finding
from tests.audits.made import prepared, rows

LEAKS = ("exact_duplicates", "near_duplicates", "group_leakage", "contradictory_labels")


def told(made: list[dict[str, Any]]) -> dict[str, Finding]:
    return {f.name: f for f in audit(prepared(made), only=LEAKS)}


def warned(made: list[dict[str, Any]]) -> list[str]:
    return [name for name, f in told(made).items() if f.level == "warning"]


def test_a_clean_corpus_leaks_nothing() -> None:
    findings = told(rows(90))
    assert [f.code for f in findings.values()] == ["AU11", "AU12", "AU13", "AU14"]
    assert {f.level for f in findings.values()} == {"ok"}


def test_an_equal_text_across_a_fold_is_told() -> None:
    made = rows(90)
    made[80] |= {"text": made[3]["text"], "holder": "AAA"}
    made[3]["holder"] = "BBB"
    finding = told(made)["exact_duplicates"]
    assert warned(made) == ["exact_duplicates"]
    assert finding.figures["texts_across_parts"] == 1
    assert "such as s0003 (train) and s0080 (test)" in finding.told


def test_an_equal_text_within_train_is_counted_and_no_leak() -> None:
    made = rows(90)
    made[4] |= {"text": made[3]["text"], "holder": "AAA"}
    made[3]["holder"] = "BBB"
    finding = told(made)["exact_duplicates"]
    assert finding.level == "ok"
    assert finding.figures["texts_repeated"] == 1


def test_a_nearly_equal_text_across_a_fold_is_told() -> None:
    made = rows(90)
    made[80]["text"] = made[3]["text"] + "s"
    finding = told(made)["near_duplicates"]
    assert warned(made) == ["near_duplicates"]
    assert finding.figures["pairs_across_parts"] == 1
    assert "s0003 (train) and s0080 (test)" in finding.told


def test_a_shared_event_or_document_across_a_fold_is_told() -> None:
    made = rows(90)
    made[80]["event"] = made[3]["event"]
    made[81]["document"] = made[4]["document"]
    finding = told(made)["group_leakage"]
    assert warned(made) == ["group_leakage"]
    assert finding.told.startswith("1 event, 1 document, 0 split units in several parts of a fold, such as")


def test_one_text_judged_both_ways_is_told() -> None:
    made = rows(90)
    made[4] = made[3] | {"sentence_id": "s0004", "stance": "favor"}
    made[3]["stance"] = "against"
    finding = told(made)["contradictory_labels"]
    assert warned(made) == ["contradictory_labels"]
    assert finding.figures["contradicted"] == 1
    assert "s0003 (against) and s0004 (favor)" in finding.told
