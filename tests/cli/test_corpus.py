from __future__ import annotations

import json
import re
from pathlib import Path

from stancebench.paths import CHECKOUT
from tests.commands import Cli

COVERAGE = CHECKOUT / "corpora" / "coverage"


def test_the_bundled_corpus_breaks_no_rule(cli: Cli) -> None:
    result = cli("corpus", "check", "coverage", "--strict")
    assert result.code == 0, result.out
    assert "coverage: 0 errors, 0 warnings; largest split unit cov-0001" in result.out


def test_a_fault_is_named_with_file_line_column_and_rule(cli: Cli, corpus_dir: Path) -> None:
    judgements = corpus_dir / "judgements.csv"
    judgements.write_text(judgements.read_text().replace(",favor,", ",favour,", 1))
    result = cli("corpus", "check", str(corpus_dir))
    assert result.code == 1
    assert "error [schema]" in result.out
    assert "judgements.csv line" in result.out
    assert "column label" in result.out
    assert "'favour'" in result.out
    said = json.loads(cli("corpus", "check", str(corpus_dir), "--json").out)
    assert [finding["rule"] for finding in said["findings"]] == ["schema"]
    assert said["audits"] == []


def test_what_its_audits_say_stands_below_each_with_code_and_figure(cli: Cli, synthetic_template: Path) -> None:
    lines = cli("corpus", "check", str(synthetic_template)).out.splitlines()
    assert [line[:4] for line in lines[:-1]] == [f"AU{n:02d}" for n in range(1, 15)]
    assert re.match(r"AU01  WARNING  holder_only: who speaks.*\(f_avg_macro \d\.\d{3}\)$", lines[0])
    said = json.loads(cli("corpus", "check", str(synthetic_template), "--json").out)
    assert [audit["code"] for audit in said["audits"]] == [line[:4] for line in lines[:-1]]


def test_a_change_that_is_meant_is_written(cli: Cli, corpus_dir: Path) -> None:
    sentences = corpus_dir / "sentences.jsonl"
    sentences.write_text(sentences.read_text().replace("praised the", "praised and praised the", 1))
    assert "error [checksum]" in cli("corpus", "check", str(corpus_dir)).out
    assert cli("corpus", "check", str(corpus_dir), "--write").code == 0
    assert cli("corpus", "check", str(corpus_dir)).code == 0


def test_a_warning_counts_when_strict(cli: Cli, corpus_dir: Path) -> None:
    sentences = corpus_dir / "sentences.jsonl"
    sentences.write_text(
        sentences.read_text().replace("number 0 ", 'number 0 \\"one two three four five six seven eight\\" ')
    )
    cli("corpus", "check", str(corpus_dir), "--write")
    assert cli("corpus", "check", str(corpus_dir)).code == 0
    result = cli("corpus", "check", str(corpus_dir), "--strict")
    assert result.code == 1
    assert "a quotation of over 7 words" in result.out


def test_statistics_are_those_committed(cli: Cli) -> None:
    values = json.loads(cli("corpus", "stats", "coverage", "--json").out)
    assert values == json.loads((COVERAGE / "statistics.json").read_text())
    assert {"sentences", "judgements", "multi_holder_sentences", "passages", "contrast_pairs", "alpha"} <= set(values)
    text = cli("corpus", "stats", "coverage").out
    assert str(values["sentences"]) in text
    assert "consistency, not truth" in text


def test_a_corpus_without_layers_has_no_agreement(cli: Cli, synthetic_template: Path) -> None:
    assert "Agreement" not in cli("corpus", "stats", str(synthetic_template)).out


def test_a_corpus_and_its_sentences_are_shown(cli: Cli) -> None:
    assert "Diplomatic Coverage" in cli("corpus", "show", "coverage").out
    assert json.loads(cli("corpus", "show", "coverage", "--json").out)["licence"] == "CC-BY-4.0"
    rows = json.loads(cli("corpus", "show", "coverage", "cov-0001", "--json").out)
    shown = cli("corpus", "show", "coverage", "cov-0001").out
    assert rows[0]["text"] in shown
    assert all(row["holder"] in shown for row in rows)
    assert "principal" in shown


def test_test_holds_enough_of_every_target() -> None:
    split = json.loads((COVERAGE / "statistics.json").read_text())["labels_by_split"]["test"]
    for target in ("us", "nato", "sanctions", "ukraine"):
        assert split[target]["favor"] >= 10
        assert split[target]["against"] >= 10


def test_folders_and_declared_tables_are_listed(cli: Cli) -> None:
    lines = json.loads(cli("ls", "corpora", "--json").out)
    kinds = {line["name"]: line["kind"] for line in lines}
    assert kinds == {
        "coverage": "folder",
        "coverage@0.1": "folder",
        "semeval2016_a": "declared table",
        "semeval2016_b": "declared table",
        "tweeteval_stance": "declared table",
        "vast_zero": "declared table",
        "table": "your file",
    }
    assert all(line["about"] for line in lines)
    assert f"Allowed: {', '.join(sorted(kinds))}." in cli("run", "corpus=x").message


def test_a_corpus_is_cited_in_words_and_as_bibtex(cli: Cli, synthetic_template: Path) -> None:
    lines = cli("cite", "coverage@0.1").out.splitlines()
    assert lines[0].startswith("The stancebench authors (2026). Diplomatic Coverage, edition 0.1.")
    assert lines[2] == "@misc{coverage_0_1,"
    assert "  author = {{The stancebench authors}}," in lines
    note = "  note = {Data set, name synthetic@0.1 in stancebench. none}"
    assert note in cli("cite", str(synthetic_template)).out.splitlines()


def test_a_declared_table_is_cited_as_its_authors_ask(cli: Cli) -> None:
    assert "Mohammad" in cli("cite", "semeval2016_a").out
    assert "Did you mean 'coverage'" in cli("cite", "coverag").message
