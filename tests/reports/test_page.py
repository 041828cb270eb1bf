"""The page of a report: what stands on it, and that nothing else can."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stancebench.checks.check import Check
from stancebench.config.schemas import TableConfig
from stancebench.config.spec import model_config
from stancebench.protocols import Protocol
from stancebench.reports.drawing import packed
from stancebench.reports.experiment import Experiment
from stancebench.reports.figures import Curve, Mark, interval_plot, line_plot
from stancebench.reports.latex import booktabs
from stancebench.reports.page.checked import checks
from stancebench.reports.page.differences import towards, turned
from stancebench.reports.page.material import Material, material_of
from stancebench.reports.page.pairing import Pairing
from stancebench.reports.page.parts import (
    Heading,
    Report,
    Section,
    Sheet,
    Value,
    hundredths,
    probability,
    shade,
    signed,
)
from stancebench.reports.page.probabilities import abstention, calibration, risk_curve, stated_by
from stancebench.reports.page.render import files, html
from stancebench.reports.page.report import build_report
from stancebench.reports.page.sentences import said_by, sentences
from stancebench.reports.page.sliced import best_first, slices
from stancebench.reports.picture import row_label
from stancebench.runs.execute import Runner
from stancebench.runs.lookup import Runs
from stancebench.runs.spec import RunSpec, Scoring
from stancebench.runs.store import RunStore
from stancebench.scoring import Bootstrap, ScoreId
from stancebench.scoring.abstention import Answers
from stancebench.scoring.paired import Difference
from stancebench.scoring.significance import McNemar
from stancebench.tasks import Task
from stancebench.vocabulary import PROBABILITIES, STANCES

COLUMNS = ("f_avg_macro", "f_avg.*", "neutral_recall")


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory, synthetic_template: Path) -> Material:
    """A small experiment whose title is an attack; under the name of one that acknowledges nothing."""
    runner = Runner(RunStore(tmp_path_factory.mktemp("store")), model_config)
    chosen: list[tuple[str, dict[str, Any], str, int]] = [
        ("majority", {"per_target": False}, "text+holder", 0),
        ("holder_prior", {"level": "holder", "gated": True}, "text+holder", 0),
        ("stratified", {}, "text", 0),
        ("stratified", {}, "text", 1),
        ("tfidf_logreg", {"conditioning": {"name": "marked"}}, "text", 0),
    ]
    specs = [
        RunSpec(
            corpus=str(synthetic_template),
            task=Task("attributed", inputs),
            protocol=Protocol(),
            model=model,
            model_config=config,
            seed=seed,
            scoring=Scoring(bootstrap=Bootstrap(rounds=200)),
        )
        for model, config, inputs, seed in chosen
    ]
    runs: Runs = [(spec, runner.run(spec).record) for spec in specs]
    config = TableConfig(title="<script>alert(1)</script>", columns=list(COLUMNS))
    return material_of(Experiment("vast", config, runs, runner.store, False, runner, None), probed=True)


@pytest.fixture(scope="module")
def report(material: Material) -> Report:
    return build_report(material)


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return html(report)


def test_every_number_of_the_table_is_on_the_page(material: Material, page: str) -> None:
    for row in material.table.rows:
        for cell in row.cells:
            if cell.value is not None:
                assert f">{100 * cell.value:.1f}" in page
                assert cell.low is None or f"[{100 * cell.low:.1f}, " in page


def test_what_a_user_wrote_is_text(page: str) -> None:
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_refers_to_nothing_outside_itself(page: str) -> None:
    assert set(re.findall(r"[a-z]+://[^\"' )<]*", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.findall(r"<(?:link|img|iframe|object|embed|base)\b|\bsrc=|@import|url\(", page)
    assert not re.findall(r"\bstyle=|\bon[a-z]+=\"", page), "the policy would refuse it"


def test_its_policy_allows_its_own_style_and_script_only(page: str) -> None:
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (inner,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_same_records_give_the_same_files(material: Material, report: Report) -> None:
    assert files(build_report(material)) == files(report)


def test_figures_and_tables_are_files_too(report: Report) -> None:
    written = files(report)
    assert "report.html" in written
    for drawing in report.drawings():
        assert written[f"figures/{drawing.name}.svg"].startswith(b"<svg")
        assert written[f"figures/{drawing.name}.png"].startswith(b"\x89PNG")
    for sheet in report.sheets():
        assert {f"tables/{sheet.name}.{ending}" for ending in ("md", "csv", "tex")} <= set(written)


def test_a_figure_of_a_file_has_the_colours_that_a_page_replaces(report: Report) -> None:
    drawing = report.drawings()[0]
    assert "#2b5b84" in drawing.wide
    assert "var(--" not in drawing.wide
    assert "var(--system)" in drawing.on_page()
    assert not re.search(r"#[0-9a-f]{6}", drawing.on_page()), "a colour that no theme changes"


SHEET = Sheet(
    "scores",
    "Scores",
    (Heading("system"), Heading("f_avg", "mean F1")),
    (
        (Value("a|b_c"), hundredths(1 / 3, 0.25, 0.5)),
        (Value("d"), hundredths(None, note="gold has 3 favor")),
    ),
)


def test_a_sheet_as_markdown_csv_and_latex() -> None:
    assert SHEET.markdown().splitlines()[2] == r"| a\|b_c | 33.3 [25.0, 50.0] |"
    first, second = csv.DictReader(io.StringIO(SHEET.csv()))
    assert first == {"system": "a|b_c", "f_avg": repr(1 / 3), "f_avg low": "0.25", "f_avg high": "0.5"}
    assert second["f_avg"] == "undefined"
    assert r"a|b\_c & 33.3 [25.0, 50.0] \\" in SHEET.latex()
    assert SHEET.notes == ["undefined: gold has 3 favor"]


def test_a_table_that_floats_has_its_caption() -> None:
    table = booktabs(["a", "b"], [["1", "2"]], words=2, caption="50% & more")
    assert table.startswith("\\begin{table}\n\\centering\n\\caption{50\\% \\& more}\n\\begin{tabular}{ll}\n")
    assert table.endswith("\\end{tabular}\n\\end{table}\n")


def test_cells() -> None:
    assert hundredths(None).text == "-"
    assert signed(-0.0512, -0.1, 0.02).whole == "-5.1 [-10.0, +2.0]"
    assert signed(None, note="why").text == "undefined"
    assert [shade(s) for s in (0, 0.5, 1)] == [0, 4, 8]


def test_lines_that_no_colour_is_left_for_are_refused() -> None:
    curves = [Curve(str(i), (0, 1), (0, 1)) for i in range(7)]
    with pytest.raises(ValueError, match="at most 6 lines"):
        line_plot(curves, "x", "y")


def section(report: Report, name: str) -> Section:
    return next(s for s in report.sections if s.id == name)


def test_sentences_that_are_not_the_corpus_s_own_are_not_shown(report: Report, material: Material, page: str) -> None:
    assert "does not declare that its texts are its own words" in section(report, "wrong").missing
    assert material.main is not None
    assert not any(text in page for text in material.main.prepared.test["text"])


def test_the_surest_and_wrong_come_first_with_every_vote(material: Material) -> None:
    shared = material.main
    assert shared is not None
    corpus = replace(shared.prepared.corpus, own_words=True)
    own = replace(shared, prepared=replace(shared.prepared, corpus=corpus))
    shown = sentences(replace(material, shared=(own,)))
    first = shown.examples[0]
    assert {vote.system for vote in first.votes} == {system.name for system in shared.systems}
    said = [said_by(system, shared.prepared.test) for system in shared.systems]
    mean = np.nanmean([s.wrong for s in said if not np.isnan(s.wrong).all()], axis=0)
    top = shared.prepared.test.iloc[int(np.argmax(mean))]
    assert (first.sentence, first.text, first.stance) == (top["sentence_id"], top["text"], top["stance"])
    assert len({e.sentence for e in shown.examples}) == len(shown.examples)


def test_nobody_is_surely_wrong_where_all_are_right_or_unsure(material: Material) -> None:
    assert material.main is not None
    test = material.main.prepared.test
    system = material.main.systems[0]
    right = system.predictions[0].assign(
        stance=test["stance"].to_numpy(), p_favor=np.nan, p_against=np.nan, p_none=np.nan
    )
    assert np.isnan(said_by(replace(system, predictions=(right,)), test).wrong).all()
    sure = right.assign(p_favor=1.0, p_against=0.0, p_none=0.0)
    assert not said_by(replace(system, predictions=(sure,)), test).wrong.any()


def test_a_section_without_its_data_says_why(report: Report) -> None:
    assert "stancebench run experiment=protocols" in section(report, "learning").missing


def test_where_the_corpus_is_not_here_what_needs_it_says_so(material: Material) -> None:
    bare = build_report(replace(material, shared=(), unpaired="The file is not here."))
    missing = {s.id: s.missing for s in bare.sections if s.missing}
    assert missing["audits"] == missing["wrong"] == "The file is not here."
    assert section(bare, "results").sheets


def test_every_system_is_held_against_the_prior_and_the_best(report: Report, material: Material) -> None:
    assert material.main is not None
    pairing = Pairing(material, material.main)
    names = list(pairing.contenders)
    assert names == [row_label(row) for row in material.ranked]
    assert pairing.against is not None
    for what, name in pairing.anchors.items():
        found = {d.a: d for d in towards(pairing.against, name)}
        assert set(found) == set(names) - {name}, what
    shown = [d.name for d in section(report, "differences").drawings]
    assert shown == ["difference_to_prior", "difference_to_best"]


def test_a_pair_taken_the_other_way_says_the_same() -> None:
    d = Difference("a", "b", ScoreId("accuracy"), 0.1, -0.05, 0.2, p=0.3, mcnemar=McNemar(4, 2, 0.7), reason="why")
    other = turned(d)
    assert (other.a, other.b, other.value, other.low, other.high) == ("b", "a", -0.1, -0.2, 0.05)
    assert other.mcnemar == McNemar(2, 4, 0.7)
    assert turned(other) == d
    assert turned(replace(d, value=None, low=None, high=None)).value is None


@pytest.mark.parametrize(("n", "ticks"), [(3, [1, 2, 3]), (9, [1, 3, 5, 7, 9]), (40, [1, 6, 11, 16, 21, 26, 31, 36])])
def test_ranks_are_counted_from_one(n: int, ticks: list[int]) -> None:
    marks = [Mark("first", 1, 1, 2), Mark("last", n, n, n)]
    spec = interval_plot(marks, "rank", ranks=n).to_dict()
    axes = [layer["encoding"]["x"] for layer in spec["layer"]]
    assert {tuple(x["axis"]["values"]) for x in axes} == {tuple(ticks)}
    assert {tuple(x["scale"]["domain"]) for x in axes} == {(0.5, n + 0.5)}
    # A range that is a point has ends to be seen by.
    assert [layer["encoding"]["x"]["field"] for layer in spec["layer"] if layer["mark"]["type"] == "tick"] == [
        "low",
        "high",
    ]


def test_ranks_are_within_a_cell_of_inputs(report: Report, material: Material) -> None:
    assert material.main is not None
    cells = Pairing(material, material.main).cells
    inputs = {system.name: system.inputs for system in material.main.systems}
    for cell, found in cells.items():
        assert {inputs[rank.name] for rank in found.ranks} == {cell}
    (sheet,) = section(report, "ranks").sheets
    assert len(sheet.lines) == sum(len(found.ranks) for found in cells.values())


def test_one_system_alone_has_no_difference_and_no_rank(material: Material) -> None:
    one = replace(material, table=replace(material.table, rows=material.table.rows[1:2]))
    page = build_report(one)
    for name in ("differences", "ranks"):
        assert section(page, name).missing.startswith("There is nothing to compare")


def test_a_small_p_is_not_zero() -> None:
    assert [probability(p).text for p in (None, 0.00001, 0.03)] == ["-", "<0.0001", "0.0300"]


def test_checks_are_open_acknowledged_or_fine(material: Material) -> None:
    found = (
        Check("SB006", "class_never_predicted", "warning", "never predicts favor", system="majority"),
        Check("SB007", "calibration_worse_than_prior", "warning", "Brier score", acknowledged="It is a constant."),
        Check("SB013", "unfinished", "ok", "every run is finished"),
    )
    shown = checks(replace(material, checks=found))
    assert "1 findings are open; 1 are acknowledged" in shown.lead
    assert [(s.name, s.folded, len(s.lines)) for s in shown.sheets] == [
        ("checks", False, 1),
        ("checks_acknowledged", True, 1),
        ("checks_fine", True, 1),
    ]
    assert shown.sheets[1].lines[0][-1].text == "Brier score. Acknowledged: It is a constant."
    assert checks(replace(material, checks=())).missing


def test_the_best_system_is_probed_where_it_is_asked_for(report: Report, material: Material) -> None:
    shown = section(report, "probes")
    assert {result.system for result in material.probes} == {row_label(material.ranked[0])}
    assert [d.name for d in shown.drawings] == ["probes"]
    assert len(shown.sheets[0].lines) == len(material.probes)
    assert "stancebench report vast --probes" in section(report, "commands").commands
    unasked = build_report(replace(material, probes=()))
    assert "Type stancebench report vast --probes" in section(unasked, "probes").missing


def test_slices_are_drawn_for_all_and_told_of_the_best(material: Material) -> None:
    assert material.main is not None
    ordered = best_first(material, material.main)
    assert [system.name for system in ordered.systems] == [row_label(row) for row in material.ordered]
    shown = slices(material)
    assert [d.name for d in shown.drawings] == ["slices"]
    assert row_label(material.ranked[0]) in shown.sheets[0].caption


def test_scores_of_probabilities_are_those_of_the_predictions(material: Material, report: Report) -> None:
    assert material.main is not None
    stated = stated_by(material)
    gold = [STANCES.index(s) for s in material.main.prepared.test["stance"]]
    system = next(s for s in material.main.systems if s.model == "tfidf_logreg")
    p = system.predictions[0][list(PROBABILITIES)].to_numpy()
    (line,) = (line for line in section(report, "reliability").sheets[0].lines if line[0].text == system.name)
    assert line[1].number == pytest.approx(-np.mean(np.log(p[np.arange(len(p)), gold])))
    right = (system.predictions[0]["stance"].to_numpy() == material.main.prepared.test["stance"].to_numpy()).mean()
    assert risk_of(stated[system.name].answers)[-1] == pytest.approx(1 - right)
    assert [d.name for d in section(report, "reliability").drawings] == [f"reliability_{s}" for s in STANCES]
    assert [d.name for d in section(report, "risk").drawings] == ["risk_coverage"]


def risk_of(answers: Answers) -> list[float]:
    return list(risk_curve("any", answers).y)


def test_where_nobody_gives_probabilities_it_is_said(material: Material) -> None:
    for made in (calibration(material, {}), abstention(material, {})):
        assert made.missing == "No system of this test gives probabilities."


def test_a_picture_is_packed_without_another_pixel(report: Report) -> None:
    from vl_convert import svg_to_png

    drawn = svg_to_png(report.drawings()[0].wide, scale=2)
    small = packed(drawn)
    assert len(small) < len(drawn) / 2
    assert pixels(small) == pixels(drawn)
    assert packed(small) == small


def pixels(picture: bytes) -> tuple[bytes, bytes]:
    """Return the header and the pixels of a PNG, each chunk held against its checksum."""
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(picture):
        size, kind = struct.unpack_from(">I4s", picture, at)
        body = picture[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", picture, at + 8 + size) == (zlib.crc32(kind + body),)
        chunks[kind] = chunks.get(kind, b"") + body
        at += size + 12
    return chunks[b"IHDR"], zlib.decompress(chunks[b"IDAT"])
