from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from stancebench.corpora.check import Finding, check_corpus, write_generated
from stancebench.errors import CorpusError
from stancebench.files import sha256_of
from stancebench.paths import shown
from tests.corpora.editing import add, drop, edit, replace, rows_of, sentences_of, write_rows

Spoil = Callable[[Path], object]


def messages(folder: Path, rule: str) -> list[str]:
    """Return what a rule finds once statistics and checksums are those of the spoilt corpus."""
    write_generated(folder)
    found = check_corpus(folder)
    assert {f.rule for f in found} <= {rule}, "only the rule under test is broken"
    return [f.message for f in found]


def only_of(folder: Path, rule: str) -> list[Finding]:
    return [f for f in check_corpus(folder) if f.rule == rule]


def judgements(folder: Path) -> Path:
    return folder / "judgements.csv"


def splits(folder: Path) -> Path:
    return folder / "splits" / "official.csv"


def text(folder: Path, line: int, words: str) -> None:
    edit(folder / "sentences.jsonl", line, text=words)


def two_principals(folder: Path) -> None:
    for line in (12, 13):
        edit(judgements(folder), line, principal="yes")


def test_sound_corpora_have_no_finding(synthetic_template: Path, handmade_template: Path) -> None:
    assert check_corpus(synthetic_template) == []
    assert check_corpus(handmade_template) == []


def test_a_file_that_cannot_be_read_is_the_one_finding(corpus_dir: Path) -> None:
    edit(judgements(corpus_dir), 3, label="favour")
    splits(corpus_dir).write_bytes(splits(corpus_dir).read_bytes() + b"t-0000,train\n")
    (found,) = check_corpus(corpus_dir)
    assert (found.level, found.rule) == ("error", "schema")
    assert found.message.startswith(f"{shown(judgements(corpus_dir))} line 3, column label: ")


def test_a_changed_file_is_found_and_the_rest_is_still_checked(corpus_dir: Path) -> None:
    text(corpus_dir, 1, "Too short.")
    checksum, prose, statistics = check_corpus(corpus_dir)
    assert (checksum.level, checksum.rule) == ("error", "checksum")
    assert f"{shown(corpus_dir / 'sentences.jsonl')} has changed" in checksum.message
    assert (prose.level, prose.rule) == ("warning", "prose")
    assert (statistics.level, statistics.rule) == ("error", "statistics")


def test_every_broken_reference_is_found_and_nothing_is_joined(corpus_dir: Path) -> None:
    path = judgements(corpus_dir)
    edit(path, 2, target="mars")
    edit(path, 5, holder="ZZZ")
    line = add(path, like=2, sentence_id="t-9999")
    drop(splits(corpus_dir), 2)
    found = check_corpus(corpus_dir)
    assert [f.message for f in found if f.rule == "reference"] == [
        f"{shown(path)} line 2, column target: 'mars' is not declared in targets.yaml (moon, sun)",
        f"{shown(path)} line 5, column holder: 'ZZZ' has no bloc in holders.csv on 2024-01-01",
        f"{shown(path)} line {line}, column sentence_id: no sentence 't-9999' in sentences.jsonl",
    ]
    assert {f.rule for f in found} <= {"checksum", "reference", "judgement", "split"}


def test_a_judgement_three_times_is_told_once(handmade_dir: Path) -> None:
    path = judgements(handmade_dir)
    line = add(path, like=4)
    add(path, like=4)
    (found,) = only_of(handmade_dir, "reference")
    assert found.message == f"{shown(path)} line {line}, column sentence_id: s2 / AAA / sun is judged twice"


def test_a_target_that_a_holder_is_not_judged_on_is_named(corpus_dir: Path) -> None:
    path = judgements(corpus_dir)
    gone = rows_of(path)[2]
    drop(path, 4)
    (message,) = messages(corpus_dir, "judgement")
    assert message.startswith(shown(path))
    assert message.endswith(f": t-0001 / {gone['holder']} is not judged on {gone['target']}")


def test_a_sentence_without_judgement_is_named(corpus_dir: Path) -> None:
    path = judgements(corpus_dir)
    drop(path, 4, 5)
    (message,) = messages(corpus_dir, "judgement")
    assert message.endswith(": t-0001 has no judgement")


def test_two_principal_holders_are_named(handmade_dir: Path) -> None:
    two_principals(handmade_dir)
    (message,) = (f.message for f in only_of(handmade_dir, "judgement"))
    where = f"{shown(judgements(handmade_dir))} line 12, column principal"
    assert message == f"{where}: s5 has 2 principal holders: AAA, CCC"


def test_a_holder_who_is_principal_for_one_target_only_is_found(handmade_dir: Path) -> None:
    edit(judgements(handmade_dir), 5, principal="no")
    (message,) = messages(handmade_dir, "judgement")
    assert "s2 / AAA" in message


def test_a_judgement_on_an_undeclared_target_is_told_as_that_alone(corpus_dir: Path) -> None:
    add(judgements(corpus_dir), like=2, target="mars")
    assert [f.rule for f in check_corpus(corpus_dir)] == ["checksum", "reference"]


def test_no_judgement_at_all_is_found(corpus_dir: Path) -> None:
    path = judgements(corpus_dir)
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert len(only_of(corpus_dir, "judgement")) == 200


LAYER = "s4 / BBB / moon"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            lambda layers: drop(layers / "stances" / "a3.csv", 3),
            [f"line 9, column label: a1 and a2 differ on {LAYER} and nobody adjudicated it"],
        ),
        (
            lambda layers: (layers / "stances" / "a3.csv").unlink(),
            [
                "line 4, column label: a1 and a2 differ on s2 / AAA / sun and nobody adjudicated it",
                f"line 9, column label: a1 and a2 differ on {LAYER} and nobody adjudicated it",
            ],
        ),
        (
            lambda layers: edit(layers / "stances" / "a3.csv", 3, label="neutral"),
            [f"line 9, column label: {LAYER} is 'favor', the layers say 'neutral'"],
        ),
        (
            lambda layers: edit(layers.parent / "judgements.csv", 2, label="against"),
            ["line 2, column label: s1 / AAA / sun is 'against', the layers say 'favor'"],
        ),
        (
            lambda layers: drop(layers / "stances" / "a1.csv", 9),
            [f"line 9, column label: {LAYER} was not judged by both annotators"],
        ),
        (
            lambda layers: drop(layers / "stances" / "a2.csv", 2),
            ["line 2, column label: s1 / AAA / sun was not judged by both annotators"],
        ),
        (
            lambda layers: drop(layers / "holders" / "adjudicated.csv", 5),
            ["line 8, column holder: s4 / BBB is not an adjudicated holder"],
        ),
        (
            lambda layers: edit(layers / "holders" / "adjudicated.csv", 5, principal="no"),
            ["line 8, column principal: the layers say '' for s4"],
        ),
    ],
    ids=[
        "undecided",
        "no third",
        "third says else",
        "both say else",
        "not by a1",
        "not by a2",
        "foreign holder",
        "other principal",
    ],
)
def test_labels_must_follow_from_the_layers(handmade_dir: Path, spoil: Spoil, told: list[str]) -> None:
    spoil(handmade_dir / "layers")
    assert messages(handmade_dir, "adjudication") == [f"{shown(judgements(handmade_dir))} {part}" for part in told]


def test_an_adjudicated_holder_who_is_not_judged_is_found(handmade_dir: Path) -> None:
    add(handmade_dir / "layers" / "holders" / "adjudicated.csv", like=5, holder="CCC", principal="no")
    where = f"{shown(handmade_dir / 'sentences.jsonl')} line 4, column id"
    assert messages(handmade_dir, "adjudication") == [f"{where}: s4 / CCC was adjudicated and is not judged"]


@pytest.mark.parametrize(
    ("name", "spoil", "told"),
    [
        ("stances/a2.csv", Path.unlink, " is missing."),
        ("holders/adjudicated.csv", Path.unlink, " is missing."),
        ("holders/a1.csv", Path.unlink, " is missing."),
        ("stances/a1.csv", lambda path: edit(path, 4, label="favour"), " line 4, column label: "),
        ("stances/a2.csv", lambda path: add(path, like=4, label="favor"), " line 16, column sentence_id: "),
        ("holders/a1.csv", lambda path: edit(path, 3, principal="Yes"), " line 3, column principal: "),
    ],
    ids=[
        "no second annotator",
        "no adjudicated holders",
        "no holders",
        "unknown label",
        "judged twice",
        "neither yes nor no",
    ],
)
def test_a_layer_that_cannot_be_read_is_a_finding(handmade_dir: Path, name: str, spoil: Spoil, told: str) -> None:
    path = handmade_dir / "layers" / name
    spoil(path)
    found = check_corpus(handmade_dir)
    assert [f.level for f in found if f.message.startswith(f"{shown(path)}{told}")] == ["error"]


@pytest.mark.parametrize("n", [5, 60])
def test_as_many_words_as_are_expected(corpus_dir: Path, n: int) -> None:
    text(corpus_dir, 3, " ".join(["word"] * n))
    assert messages(corpus_dir, "prose") == []


@pytest.mark.parametrize("n", [4, 61])
def test_too_few_or_too_many_words_are_warned_of(corpus_dir: Path, n: int) -> None:
    text(corpus_dir, 3, " ".join(["word"] * n))
    where = f"{shown(corpus_dir / 'sentences.jsonl')} line 3, column text"
    write_generated(corpus_dir)
    assert check_corpus(corpus_dir) == [Finding("warning", "prose", f"{where}: {n} words, 5 to 60 are expected")]


SEVEN = "one two three four five six seven"


@pytest.mark.parametrize(
    ("quoted", "warned"),
    [
        (f'Ccc said "{SEVEN}" there.', False),
        (f'Ccc said "{SEVEN} eight" there.', True),
        (f'Ccc said "one" and {SEVEN} eight and "two" there.', False),
        (f'Ccc said "one" and "{SEVEN} eight" there.', True),
        (f"Ccc said {SEVEN} eight there.", False),
        (f"Ccc said “{SEVEN}” there.", False),
        (f"Ccc said “{SEVEN} eight” there.", True),
    ],
)
def test_a_quotation_of_over_seven_words_is_warned_of(corpus_dir: Path, quoted: str, warned: bool) -> None:
    text(corpus_dir, 3, quoted)
    where = f"{shown(corpus_dir / 'sentences.jsonl')} line 3, column text"
    assert messages(corpus_dir, "prose") == ([f"{where}: a quotation of over 7 words"] if warned else [])


def test_a_sentence_without_split_is_found(corpus_dir: Path) -> None:
    drop(splits(corpus_dir), 4)
    (found,) = only_of(corpus_dir, "split")
    assert found.level == "error"
    assert found.message.endswith("no split for sentence 't-0002'.")


def test_an_event_across_splits_is_found(handmade_dir: Path) -> None:
    edit(splits(handmade_dir), 3, split="test")
    event, group = messages(handmade_dir, "leak")
    assert event.endswith("event 'e1' stands in test (s2) and train (s1)")
    assert group.endswith("group 's1' stands in test (s2) and train (s1)")


def test_a_document_across_splits_is_found(handmade_dir: Path) -> None:
    edit(splits(handmade_dir), 4, split="dev")
    document, group = messages(handmade_dir, "leak")
    assert document.endswith("document 'd1' stands in dev (s3) and train (s1)")
    assert group.endswith("group 's1' stands in dev (s3) and train (s1)")


def test_a_split_unit_across_splits_is_found_though_no_event_or_document_is(handmade_dir: Path) -> None:
    # Of its documents, a sentence is resampled with the first: the second is what joins it to s5.
    edit(handmade_dir / "sentences.jsonl", 3, passage_ids=["p2", "p3"], event_id="e9")
    edit(handmade_dir / "sentences.jsonl", 1, passage_ids=[])
    (group,) = messages(handmade_dir, "leak")
    assert group.endswith("group 's3' stands in test (s5) and train (s3)")


@pytest.mark.parametrize(("split", "across"), [("test", "train and test"), ("train", "both train")])
def test_nearly_the_same_sentence_is_found_within_and_across_splits(corpus_dir: Path, split: str, across: str) -> None:
    text(corpus_dir, 1, "The envoy of Aaa praised the Sun on Monday, number 17.")
    text(corpus_dir, 2, "The envoy of Aaa praised the Sun on Monday, number 18.")
    edit(splits(corpus_dir), 3, split=split)
    (message,) = messages(corpus_dir, "leak")
    assert re.search(rf"t-0000 and t-0001 are nearly the same sentence \(cosine 0\.[89]\d; {across}\)$", message)


def test_without_splits_nearly_the_same_sentences_are_told_without_one(corpus_dir: Path) -> None:
    shutil.rmtree(corpus_dir / "splits")
    text(corpus_dir, 2, sentences_of(corpus_dir)[0]["text"])
    (message,) = messages(corpus_dir, "leak")
    assert message.endswith("t-0000 and t-0001 are nearly the same sentence (cosine 1.00)")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: drop(judgements(folder), 4),
        lambda folder: drop(judgements(folder), 4, 5),
        two_principals,
        lambda folder: edit(splits(folder), 3, split="test"),
        lambda folder: edit(splits(folder), 4, split="dev"),
        lambda folder: text(folder, 2, sentences_of(folder)[0]["text"]),
        lambda folder: drop(splits(folder), 4),
    ],
    ids=["incomplete", "no judgement", "two principals", "event", "document", "near-duplicate", "no split"],
)
def test_a_fault_of_a_sentence_is_told_with_file_line_and_column(handmade_dir: Path, spoil: Spoil) -> None:
    spoil(handmade_dir)
    found = [f for f in check_corpus(handmade_dir) if f.rule not in ("checksum", "statistics")]
    assert found
    for finding in found:
        assert re.match(rf"{re.escape(shown(handmade_dir))}\S* line \d+, column \w+: ", finding.message)


def test_missing_and_stale_statistics_are_found_with_what_to_type(corpus_dir: Path) -> None:
    path = corpus_dir / "statistics.json"
    told = f"{shown(path)} is missing or stale: type `stancebench corpus check {shown(corpus_dir)} --write`"
    path.write_text(path.read_text(encoding="utf-8").replace('"sentences": 200', '"sentences": 199'), encoding="utf-8")
    assert only_of(corpus_dir, "statistics") == [Finding("error", "statistics", told)]
    path.unlink()
    assert only_of(corpus_dir, "statistics") == [Finding("error", "statistics", told)]


@pytest.mark.parametrize("content", [b"", b"{", b"caf\xe9"])
def test_statistics_that_cannot_be_read_count_as_stale(corpus_dir: Path, content: bytes) -> None:
    (corpus_dir / "statistics.json").write_bytes(content)
    assert len(only_of(corpus_dir, "statistics")) == 1


def test_a_large_split_unit_is_refused_from_edition_1_on(handmade_dir: Path) -> None:
    replace(handmade_dir / "corpus.yaml", "0.1", "1.0")
    assert messages(handmade_dir, "unit") == [
        "split unit s1 holds 3 sentences (50.0%)",
    ]


def test_small_split_units_pass_edition_1(corpus_dir: Path) -> None:
    replace(corpus_dir / "corpus.yaml", "0.1", "1.0")
    assert messages(corpus_dir, "unit") == []


def test_write_generated_makes_a_changed_corpus_sound_and_is_stable(corpus_dir: Path) -> None:
    edit(corpus_dir / "sentences.jsonl", 1, batch="2")
    assert {f.rule for f in check_corpus(corpus_dir)} == {"checksum", "statistics"}
    stats = write_generated(corpus_dir)
    assert stats["batches"] == {"1": 199, "2": 1}
    assert check_corpus(corpus_dir) == []
    before = {path: path.read_bytes() for path in corpus_dir.rglob("*.json")}
    write_generated(corpus_dir)
    assert {path: path.read_bytes() for path in corpus_dir.rglob("*.json")} == before


def test_checksums_cover_every_other_file(handmade_template: Path) -> None:
    stated = json.loads((handmade_template / "checksums.json").read_text(encoding="utf-8"))
    files = [p for p in handmade_template.rglob("*") if p.is_file() and p.name != "checksums.json"]
    assert stated == {p.relative_to(handmade_template).as_posix(): sha256_of(p.read_bytes()) for p in files}
    assert {"statistics.json", "layers/holders/a1.csv", "splits/official.csv", "corpus.yaml"} <= set(stated)


def test_a_file_that_the_checksums_do_not_list_is_found(corpus_dir: Path) -> None:
    write_rows(corpus_dir / "splits" / "second.csv", rows_of(splits(corpus_dir)))
    (found,) = only_of(corpus_dir, "checksum")
    assert "splits/second.csv" in found.message.replace("\\", "/")


def test_write_generated_refuses_what_cannot_be_joined_and_writes_nothing(corpus_dir: Path) -> None:
    edit(judgements(corpus_dir), 2, target="mars")
    before = {path: path.read_bytes() for path in corpus_dir.rglob("*.json")}
    with pytest.raises(CorpusError, match="'mars' is not declared"):
        write_generated(corpus_dir)
    assert {path: path.read_bytes() for path in corpus_dir.rglob("*.json")} == before
