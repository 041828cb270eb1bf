"""Pictures of a corpus: what stands in them, and that a command draws them."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancebench.audits.finding import Finding
from stancebench.corpora.files import read_files
from stancebench.corpora.joined import join
from stancebench.corpora.stats import statistics
from stancebench.reports.corpus_pictures import agreement_marks, audit_marks, corpus_pictures
from stancebench.reports.drawing import PNG
from tests.commands import Cli
from tests.corpora.handmade import write_handmade


def scored(code: str, level: str, value: float | None) -> Finding:
    figures = {"scores": {"f_avg_macro": {"value": value, "low": None, "high": None}}}
    return Finding(code, "some", "warning" if level == "warning" else "ok", "", figures)


def test_alpha_is_drawn_of_all_and_of_addressed_judgements(tmp_path: Path) -> None:
    files = read_files(write_handmade(tmp_path / "mine"))
    agreed = statistics(join(files), files)["agreement"]
    marks = agreement_marks(agreed)
    assert [m.name for m in marks[:3]] == [
        "all targets, all judgements",
        "sun, all judgements",
        "moon, all judgements",
    ]
    assert {m.kind for m in marks} == {"system", "reference"}
    assert all(m.value <= 1 for m in marks)


def test_audits_without_a_score_are_not_drawn() -> None:
    findings = [scored("AU01", "warning", 0.3), scored("AU06", "ok", 0.1), scored("AU09", "ok", None)]
    leak = Finding("AU11", "exact_duplicates", "ok", "")
    marks = audit_marks([*findings, leak])
    assert [(m.name, m.kind) for m in marks] == [("AU01 some", "reference"), ("AU06 some", "system")]


def test_what_a_corpus_has_nothing_for_is_left_out(tmp_path: Path) -> None:
    files = read_files(write_handmade(tmp_path / "mine"))
    counted = statistics(join(files), files)
    names = [p.name for p in corpus_pictures("mine 0.1", counted, [scored("AU01", "ok", 0.2)], ("a model", 0.5))]
    assert names == ["labels", "agreement", "audits"]
    assert [p.name for p in corpus_pictures("mine 0.1", counted | {"agreement": {}}, [])] == ["labels"]


@pytest.mark.parametrize("name", ["labels", "agreement", "audits"])
def test_the_command_draws_the_bundled_corpus(cli: Cli, tmp_path: Path, name: str) -> None:
    if not (drawn := list(DRAWN)):
        out = tmp_path / "pictures"
        assert cli("corpus", "draw", "coverage@0.1", "--out", str(out)).code == 0
        drawn = [(p.name, p.read_bytes()) for p in sorted(out.iterdir())]
        DRAWN.extend(drawn)
    files = dict(drawn)
    assert files[f"{name}.png"].startswith(PNG)
    words = files[f"{name}.svg"].decode()
    expected = {"labels": "OTHER_STATE", "agreement": "all targets, addressed", "audits": "AU05 prior_where_mentioned"}
    assert expected[name] in words


DRAWN: list[tuple[str, bytes]] = []
"""files of one call: drawing takes seconds"""
