"""How each file of a corpus folder is read: encodings, broken syntax, columns and values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.files import read_files, read_sentences
from stancebench.corpora.load import load_corpus
from stancebench.corpora.reading import read_csv_rows, read_text
from stancebench.corpora.schema import HolderRow, Judgement, SplitRow
from stancebench.errors import CorpusError
from stancebench.paths import shown
from tests.corpora.editing import edit, refusal, replace, rows_of, sentences_of, write_rows, write_sentences

FILES = ("corpus.yaml", "targets.yaml", "sentences.jsonl", "judgements.csv", "holders.csv", "splits/official.csv")
ROW = "the row"


@pytest.mark.parametrize("name", FILES[1:5])
def test_a_missing_file_is_named_with_where_to_read_on(corpus_dir: Path, name: str) -> None:
    (corpus_dir / name).unlink()
    assert refusal(corpus_dir) == (
        f"{shown(corpus_dir / name)} is missing. A corpus folder must hold it; see docs/corpus.md."
    )


def test_a_folder_in_the_place_of_a_file_is_refused(corpus_dir: Path) -> None:
    path = corpus_dir / "holders.csv"
    path.unlink()
    path.mkdir()
    assert refusal(corpus_dir).startswith(f"{shown(path)} cannot be read: ")


@pytest.mark.parametrize("name", FILES)
def test_old_windows_encodings_are_refused_with_line_byte_and_remedy(corpus_dir: Path, name: str) -> None:
    path = corpus_dir / name
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = b"caf\xe9" + lines[2]
    path.write_bytes(b"".join(lines))
    assert refusal(corpus_dir) == (
        f"{shown(path)} line 3: byte 0xe9 is not UTF-8. "
        "Save the file as UTF-8 (`iconv -f WINDOWS-1252 -t UTF-8` if it came from an old Windows program)."
    )


def test_a_byte_order_mark_does_not_move_the_byte_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "holders.csv"
    path.write_bytes(b"\xef\xbb\xbfcode\n\xe9cole\n")
    with pytest.raises(CorpusError, match="line 2: byte 0xe9 is not UTF-8"):
        read_text(path)


@pytest.mark.parametrize("change", [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n")])
def test_what_windows_programs_write_as_utf_8_is_read_alike(corpus_dir: Path, synthetic: Corpus, change: Any) -> None:
    for name in FILES:
        (corpus_dir / name).write_bytes(change((corpus_dir / name).read_bytes()))
    assert load_corpus(str(corpus_dir), verify=False).content_hash == synthetic.content_hash


@pytest.mark.parametrize("separator", ["\u2028", "\u0085"])
def test_other_line_separators_are_part_of_a_text(corpus_dir: Path, separator: str) -> None:
    text = f"Aaa praised{separator}the Sun near Bamba."
    replace(corpus_dir / "sentences.jsonl", sentences_of(corpus_dir)[0]["text"], text)
    assert read_sentences(corpus_dir / "sentences.jsonl")[0].text == text


@pytest.mark.parametrize(
    ("name", "line", "values", "column", "told"),
    [
        ("judgements.csv", 2, {"label": "favour"}, "label", ["'favour'", "'favor', 'against', 'neutral' or 'absent'"]),
        ("judgements.csv", 2, {"explicitness": "hidden"}, "explicitness", ["'hidden'", "'explicit' or 'implicit'"]),
        ("judgements.csv", 3, {"principal": "Yes"}, "principal", ["'Yes'", "'yes' or 'no'"]),
        ("judgements.csv", 9, {"holder": "usa"}, "holder", ["'usa'", "NARRATOR|OTHER:"]),
        ("judgements.csv", 9, {"target": ""}, "target", ["at least 1 character"]),
        ("judgements.csv", 9, {"label": "absent", "explicitness": "explicit"}, ROW, ["explicitness must be empty"]),
        ("judgements.csv", 9, {"label": "favor", "explicitness": ""}, ROW, ["explicitness must be empty for absent"]),
        ("holders.csv", 3, {"valid_from": "1 May 2004"}, "valid_from", ["'1 May 2004'"]),
        ("holders.csv", 4, {"bloc": ""}, "bloc", ["at least 1 character"]),
        ("splits/official.csv", 7, {"split": "valid"}, "split", ["'valid'", "'train', 'dev' or 'test'"]),
        ("sentences.jsonl", 3, {"register": "tweet"}, "register", ["'tweet'", "'wire', 'headline'", "'analysis'"]),
        ("sentences.jsonl", 3, {"attribution": "rumour"}, "attribution", ["'rumour'", "'narrated_act'"]),
        ("sentences.jsonl", 3, {"date": "01.02.2024"}, "date", ["'01.02.2024'"]),
        ("sentences.jsonl", 3, {"tags": ["irony", "ironi"]}, "tags", ["['ironi']", "contested_fact"]),
        ("sentences.jsonl", 3, {"passage_ids": "p1"}, "passage_ids", ["'p1'"]),
        ("sentences.jsonl", 3, {"colour": "red"}, "colour", ["not permitted", "'red'"]),
        ("sentences.jsonl", 3, {"id": 17}, "id", ["valid string", "17"]),
    ],
)
def test_a_wrong_value_is_named_with_file_line_and_column_and_what_is_allowed(
    corpus_dir: Path, name: str, line: int, values: dict[str, object], column: str, told: list[str]
) -> None:
    edit(corpus_dir / name, line, **values)
    message = refusal(corpus_dir)
    assert message.startswith(f"{shown(corpus_dir / name)} line {line}, column {column}: ")
    for part in told:
        assert part in message.removeprefix(f"{shown(corpus_dir / name)} line {line}, column {column}: ")


def test_more_faults_on_a_line_are_counted(corpus_dir: Path) -> None:
    edit(corpus_dir / "sentences.jsonl", 2, register="tweet", attribution="rumour", batch="")
    message = refusal(corpus_dir)
    assert "line 2, column register: " in message
    assert message.endswith(" (2 more on this line)")


@pytest.mark.parametrize(
    ("name", "columns", "told"),
    [
        ("judgements.csv", {"label": None}, "column 'label' is missing"),
        ("judgements.csv", {"colour": "red"}, "column 'colour' is not known"),
        ("holders.csv", {"bloc": None, "block": "EAST"}, "column 'bloc' is missing; column 'block' is not known"),
        ("splits/official.csv", {"sentence_id": None}, "column 'sentence_id' is missing"),
    ],
)
def test_missing_and_foreign_columns_are_named_with_all_that_must_be(
    corpus_dir: Path, name: str, columns: dict[str, str | None], told: str
) -> None:
    path = corpus_dir / name
    wanted = list(rows_of(path)[0])
    rows = [row | {c: v for c, v in columns.items() if v is not None} for row in rows_of(path)]
    write_rows(path, [{c: v for c, v in row.items() if columns.get(c, v) is not None} for row in rows])
    assert refusal(corpus_dir) == f"{shown(path)} line 1: {told}. The columns must be: {', '.join(wanted)}."


def test_an_empty_table_misses_every_column(corpus_dir: Path) -> None:
    (corpus_dir / "splits" / "official.csv").write_bytes(b"")
    assert "line 1: column 'sentence_id' is missing; column 'split' is missing. " in refusal(corpus_dir)


def test_a_column_given_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "official.csv"
    path.write_text("sentence_id,split,split\ns1,train,test\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"line 1: .*'split'"):
        read_csv_rows(path, SplitRow)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('sentence_id,split\ns1,"train"x\n', 2),
        ('sentence_id,split\ns1,train\ns2,"train\n', 3),
        ('"sentence_id"x,split\ns1,train\n', 1),
    ],
)
def test_broken_quoting_is_refused_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    path = tmp_path / "official.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=rf"official\.csv line {line}: "):
        read_csv_rows(path, SplitRow)


def test_a_row_with_too_few_values_names_the_first_column_without_one(corpus_dir: Path) -> None:
    path = corpus_dir / "splits" / "official.csv"
    replace(path, "t-0001,train", "t-0001")
    assert refusal(corpus_dir).startswith(f"{shown(path)} line 3, column split: ")


def test_a_row_with_too_many_values_is_refused_for_that(corpus_dir: Path) -> None:
    path = corpus_dir / "splits" / "official.csv"
    replace(path, "t-0001,train", "t-0001,train,surplus")
    message = refusal(corpus_dir)
    assert message.startswith(f"{shown(path)} line 3")
    assert "column None" not in message
    assert "'surplus'" in message


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ('AAA,Aaa,EAST,,,"by\ndefinition"\nBBB,Bbb,,,,x\n', {4}),
        ("AAA,Aaa,EAST,,,x\n\nBBB,Bbb,,,,x\n", {3, 4}),
    ],
    ids=["a cell of two lines before", "an empty line before"],
)
def test_the_line_named_is_the_line_in_the_file(tmp_path: Path, content: str, lines: set[int]) -> None:
    path = tmp_path / "holders.csv"
    path.write_text("code,name,bloc,valid_from,valid_to,basis\n" + content, encoding="utf-8")
    with pytest.raises(CorpusError) as refused:
        read_csv_rows(path, HolderRow)
    assert any(f"holders.csv line {line}" in str(refused.value) for line in lines)


def test_the_line_named_for_a_broken_reference_is_the_line_in_the_file(handmade_dir: Path) -> None:
    path = handmade_dir / "judgements.csv"
    replace(path, "s1,AAA,moon,absent,,yes,,\n", "s1,AAA,moon,absent,,yes,,\n\n")
    replace(path, "s2,AAA,sun", "s2,ZZZ,sun")
    message = refusal(handmade_dir)
    assert any(f"judgements.csv line {line}" in message for line in (4, 5))


def test_quoted_cells_may_hold_commas_quotes_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "holders.csv"
    path.write_text('code,name,bloc,valid_from,valid_to,basis\nAAA,"A, ""a""",EAST,,,"one\ntwo"\n', encoding="utf-8")
    assert [(r.name, r.basis) for r in read_csv_rows(path, HolderRow)] == [('A, "a"', "one\ntwo")]


def test_the_order_of_columns_does_not_count(corpus_dir: Path) -> None:
    path = corpus_dir / "judgements.csv"
    before = read_csv_rows(path, Judgement)
    write_rows(path, [dict(reversed(row.items())) for row in rows_of(path)])
    assert read_csv_rows(path, Judgement) == before


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "x",', "column 12: not JSON (Expecting property name enclosed in double quotes)."),
        ("", "column 1: not JSON (Expecting value)."),
        ('["id"]', "column the row: "),
        ("null", "column the row: "),
        ('{"id": "x"}', "column text: Field required"),
    ],
)
def test_a_line_that_is_no_sentence_is_refused(corpus_dir: Path, line: str, told: str) -> None:
    path = corpus_dir / "sentences.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:4], line, *lines[4:]]), encoding="utf-8")
    assert refusal(corpus_dir).startswith(f"{shown(path)} line 5, {told}")


def test_an_id_given_twice_is_refused_with_both_lines(corpus_dir: Path) -> None:
    path = corpus_dir / "sentences.jsonl"
    edit(path, 6, id="t-0001")
    assert refusal(corpus_dir) == (
        f"{shown(path)} line 6, column id: 't-0001' stands on line 2 already. It must stand once."
    )


def test_a_corpus_without_sentences_is_refused(corpus_dir: Path) -> None:
    write_sentences(corpus_dir, [])
    assert refusal(corpus_dir) == f"{shown(corpus_dir / 'sentences.jsonl')} holds no sentence."


def test_broken_yaml_is_refused_with_its_line(corpus_dir: Path) -> None:
    path = corpus_dir / "targets.yaml"
    replace(path, "id: moon", "id: moon: sun")
    assert refusal(corpus_dir).startswith(f"{shown(path)} line 9: not YAML (")


def test_yaml_with_control_characters_is_refused(corpus_dir: Path) -> None:
    path = corpus_dir / "corpus.yaml"
    replace(path, "CC0-1.0", "CC0\x01")
    assert refusal(corpus_dir).startswith(f"{shown(path)}: not YAML (")


@pytest.mark.parametrize("content", ["", "[]", "id: sun", "sun"])
def test_targets_must_be_a_list(corpus_dir: Path, content: str) -> None:
    path = corpus_dir / "targets.yaml"
    path.write_text(content, encoding="utf-8")
    assert refusal(corpus_dir) == f"{shown(path)}: a list of targets is expected."


def test_a_wrong_target_is_named_on_a_line_of_its_own(corpus_dir: Path) -> None:
    path = corpus_dir / "targets.yaml"
    replace(path, "id: moon", "id: moon\n  colour: red")
    message = refusal(corpus_dir)
    first = path.read_text(encoding="utf-8").splitlines().index("- definition: the Moon") + 1
    assert any(message.startswith(f"{shown(path)} line {line}, column colour: ") for line in range(first, first + 6))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("licence:", "license:", ["column licence: Field required"]),
        ("version: '0.1'", "version: 0.1", ["column version: ", "valid string", "0.1"]),
        ("version: '0.1'", "version: 2024-12-01", ["column version: ", "valid string", "2024-12-01"]),
        ("version: '0.1'", "version: 2024-13-01", ["not YAML", "month"]),
        ("title: A synthetic corpus", "title: ''", ["column title: ", "at least 1 character"]),
    ],
)
def test_a_wrong_declaration_names_the_field(corpus_dir: Path, old: str, new: str, told: list[str]) -> None:
    path = corpus_dir / "corpus.yaml"
    replace(path, old, new)
    message = refusal(corpus_dir)
    assert message.startswith(shown(path))
    for part in told:
        assert part in message


def test_an_empty_declaration_is_refused(corpus_dir: Path) -> None:
    (corpus_dir / "corpus.yaml").write_bytes(b"")
    assert refusal(corpus_dir).startswith(shown(corpus_dir / "corpus.yaml"))


def test_files_are_read_as_stored(handmade_template: Path) -> None:
    files = read_files(handmade_template)
    assert files.folder == handmade_template
    assert files.declaration.default_split == "official"
    assert [t.implicit for t in files.targets] == [("daylight",), ()]
    assert [s.id for s in files.sentences] == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert len(files.judgements) == 14
    assert [h.code for h in files.holders] == ["AAA", "BBB", "BBB", "CCC", "OTHER"]
    assert [(s.passage_id, s.document) for s in files.sources] == [("p1", "d1"), ("p2", "d1"), ("p3", "d2")]
    assert files.splits == {
        "official": {"s1": "train", "s2": "train", "s3": "train", "s4": "dev", "s5": "test", "s6": "test"}
    }
