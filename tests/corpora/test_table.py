"""A labelled file of anybody's becomes the corpus it says, whatever its format and the order of its rows."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancebench.corpora.corpus import KEY, TABLE_COLUMNS, Corpus
from stancebench.corpora.table import load_table
from stancebench.corpora.table_source import TableColumns, TableFile, TableSource, read_source
from stancebench.paths import DATA_VARIABLE
from tests.corpora.tables import load, write_table

ROWS = [
    {"text": "The pier must stay.", "target": "pier", "stance": "favor"},
    {"text": 'Tear the pier down; now, "please".', "target": "pier", "stance": "against"},
    {"text": "The market opens at nine.", "target": "market", "stance": "none"},
    {"text": "The pier must stay.", "target": "market", "stance": "neutral"},
    {"text": "NA", "target": "market", "stance": "absent"},
]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(DATA_VARIABLE, raising=False)


def test_three_columns_are_a_corpus(tmp_path: Path, synthetic: Corpus) -> None:
    corpus = load(write_table(tmp_path / "mine.csv", ROWS), title="Mine", licence="CC0-1.0")
    table = corpus.table
    assert list(table.columns) == list(dict.fromkeys((*TABLE_COLUMNS, "source")))
    assert set(map(str, table.dtypes)) == set(map(str, synthetic.table.dtypes))
    assert len(table) == 5
    assert table["sentence_id"].nunique() == 4
    assert corpus.target_ids == ("market", "pier")
    assert corpus.targets[0].model_dump() == {
        "id": "market", "name": "market", "definition": "market", "explicit": ("market",), "implicit": ()
    }  # fmt: skip
    assert (corpus.name, corpus.version, corpus.near_duplicates) == ("mine", "1", None)
    assert corpus.titles == {"title": "Mine", "licence": "CC0-1.0", "citation": ""}
    assert not corpus.published_split
    assert not corpus.open_targets
    assert table.equals(table.sort_values(list(KEY), ignore_index=True))
    stay = "s-" + hashlib.sha256(b"The pier must stay.").hexdigest()[:12]
    assert set(table["sentence_id"][table["text"] == "The pier must stay."]) == {stay}
    by_label = table.set_index("label")
    assert dict(by_label["stance"]) == {
        "favor": "favor", "against": "against", "none": "none", "neutral": "none", "absent": "none"
    }  # fmt: skip
    assert set(by_label["explicitness"].drop("absent")) == {"explicit"}
    assert by_label["explicitness"]["absent"] == ""
    assert by_label["text"]["absent"] == "NA"
    assert set(table["principal"]) == {"yes"}
    for column in ("group", "event", "document"):
        assert (table[column] == table["sentence_id"]).all()
    for column in ("holder", "bloc", "split", "date", "source", "register", "batch", "regime"):
        assert set(table[column]) == {""}


def test_every_optional_column_is_read(tmp_path: Path) -> None:
    rows = [
        {
            "no": "1",
            "who": "AAA",
            "side": "W",
            "thread": "t",
            "part": "Validation",
            "day": "2021-05-01 12:00",
            "from": "x",
        },
        {"no": "1", "who": "BBB", "side": "", "thread": "t", "part": "Validation", "day": "2021-05-01", "from": "x"},
        {"no": "2", "who": "AAA", "side": "W", "thread": "", "part": "train", "day": "2021", "from": "y"},
        {"no": "3", "who": "AAA", "side": "W", "thread": "t", "part": "Held", "day": "", "from": ""},
    ]
    texts = ["one", "one", "two", "three"]
    full = [{**row, "tweet": text, "topic": "pier", "y": "favor"} for row, text in zip(rows, texts, strict=True)]
    columns = {
        "text": "tweet", "target": "topic", "stance": "y", "id": "no", "holder": "who", "bloc": "side",
        "group": "thread", "split": "part", "date": "day", "source": "from",
    }  # fmt: skip
    table = load(write_table(tmp_path / "mine.csv", full), columns=columns, splits={"Held": "test"}).table
    assert table["sentence_id"].to_list() == ["1", "1", "2", "3"]
    assert table["holder"].to_list() == ["AAA", "BBB", "AAA", "AAA"]
    assert table["bloc"].to_list() == ["W", "", "W", "W"]
    assert table["principal"].to_list() == ["no", "no", "yes", "yes"]
    assert table["group"].to_list() == ["t", "t", "2", "t"]
    assert table["split"].to_list() == ["dev", "dev", "train", "test"]
    assert table["date"].to_list() == ["2021-05-01", "2021-05-01", "2021", ""]
    assert table["source"].to_list() == ["x", "x", "y", ""]


@pytest.mark.parametrize("name", ["mine.tsv", "mine.jsonl", "mine.parquet"])
def test_the_format_does_not_count(tmp_path: Path, name: str) -> None:
    corpus = load(write_table(tmp_path / "mine.csv", ROWS))
    same = load(write_table(tmp_path / name, ROWS))
    assert same.table.equals(corpus.table)
    assert same.content_hash == corpus.content_hash


CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12).map(str.strip).filter(bool)
LONG = st.text(st.sampled_from("ab\"',;\t |\n\u2028é#"), min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=40)
@given(
    texts=st.lists(CELL | LONG, min_size=1, max_size=8, unique=True),
    shuffler=st.randoms(use_true_random=False),
    name=st.sampled_from(["b.csv", "b.tsv", "b.jsonl", "b.parquet"]),
)
def test_neither_the_order_of_rows_nor_the_format_counts(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], shuffler: Random, name: str
) -> None:
    folder = tmp_path_factory.mktemp("orders")
    rows = [
        {"text": text, "target": target, "stance": stance, "who": who, "part": part}
        for i, text in enumerate(texts)
        for target in ("pier", "market")[: 1 + i % 2]
        for who, stance in (("AAA", "favor"), ("BBB", "none"))[: 1 + i % 3 % 2]
        for part in (("train", "test")[i % 2],)
    ]
    columns = {"holder": "who", "split": "part"}
    corpus = load(write_table(folder / "a.csv", rows), columns=columns)
    shuffler.shuffle(rows)
    same = load(write_table(folder / name, rows), columns=columns)
    assert same.table.equals(corpus.table)
    assert same.content_hash == corpus.content_hash
    assert len(corpus.table) == len(rows)
    assert set(corpus.table["text"]) == set(texts)


@pytest.mark.parametrize(
    ("change", "declared"),
    [
        ({"text": "The pier may stay."}, {}),
        ({"target": "market2"}, {}),
        ({"stance": "against"}, {}),
        ({"who": "BBB"}, {}),
        ({"side": "E"}, {}),
        ({"part": "test"}, {}),
        ({"thread": "t"}, {}),
        ({"day": "2020"}, {}),
        ({"from": "z"}, {}),
        ({}, {"targets": [{"id": "pier", "explicit": ["the pier"]}, {"id": "market"}]}),
    ],
)
def test_what_a_run_could_read_changes_the_hash(
    tmp_path: Path, change: dict[str, str], declared: dict[str, Any]
) -> None:
    optional = {"who": "AAA", "side": "W", "part": "train", "thread": "", "day": "2021", "from": "x"}
    rows = [{**row, **optional} for row in ROWS]
    columns = {"holder": "who", "bloc": "side", "split": "part", "group": "thread", "date": "day", "source": "from"}
    before = load(write_table(tmp_path / "mine.csv", rows), columns=columns)
    again = load(write_table(tmp_path / "mine.csv", [*rows[:-1], {**rows[-1], **change}]), columns=columns, **declared)
    assert again.content_hash != before.content_hash


def test_a_source_is_one_word_for_protocols_read_several_families_apart(tmp_path: Path) -> None:
    rows = [row | {"source": "Town  Gazette"} for row in ROWS]
    assert set(load(write_table(tmp_path / "mine.csv", rows), columns={"source": "source"}).table["source"]) == {
        "Town_Gazette"
    }


def test_labels_splits_and_targets_are_mapped(tmp_path: Path) -> None:
    rows = [
        {"text": "a", "target": "The Old Pier", "stance": "0"},
        {"text": "b", "target": "The Old Pier", "stance": " 1 "},
        {"text": "c", "target": "market", "stance": "Favor"},
    ]
    corpus = load(
        write_table(tmp_path / "mine.csv", rows),
        labels={"0": "none", "1": "against"},
        target_names={"The Old Pier": "pier"},
        targets=[{"id": "pier", "name": "the old pier"}, {"id": "market"}, {"id": "harbour"}],
        published_split=True,
        open_targets=True,
    )
    assert corpus.table.set_index("text")["label"].to_dict() == {"a": "none", "b": "against", "c": "favor"}
    assert corpus.target_ids == ("pier", "market", "harbour")
    assert (corpus.targets[0].name, corpus.targets[0].definition) == ("the old pier", "the old pier")
    assert corpus.published_split
    assert corpus.open_targets


def test_a_target_may_stand_in_another_column_for_some_rows(tmp_path: Path) -> None:
    rows = [
        {"text": "a", "target": "pier", "stance": "favor", "kind": "1", "other": "x"},
        {"text": "b", "target": "pier", "stance": "none", "kind": "4", "other": "market"},
    ]
    corpus = load(write_table(tmp_path / "mine.csv", rows), columns={"target_where": {"kind=4": "other"}})
    assert corpus.table.set_index("text")["target"].to_dict() == {"a": "pier", "b": "market"}


def test_files_of_lines_with_constant_split_and_target(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "pier"
    folder.mkdir(parents=True)
    (folder / "train_text.txt").write_text('so "good #SemST \nbad\u2028still one line #SemST\n', encoding="utf-8")
    (folder / "train_labels.txt").write_text("2\n1\n", encoding="utf-8")
    (folder / "test_text.txt").write_bytes("caf\xe9\r\n".encode("cp1252"))
    (folder / "test_labels.txt").write_text("0", encoding="utf-8")
    files = [
        {"path": "pier/train_text.txt", "stances": "train_labels.txt", "split": "train", "target": "pier"},
        {
            "path": "pier/test_text.txt",
            "stances": "test_labels.txt",
            "split": "test",
            "target": "pier",
            "encoding": "cp1252",
        },
    ]
    corpus = load(files, labels={"0": "none", "1": "against", "2": "favor"}, remove=r"\s*#SemST\s*$")
    rows = corpus.table.set_index("text")[["stance", "split"]].agg(list, axis=1).to_dict()
    assert rows == {
        'so "good': ["favor", "train"], "bad\u2028still one line": ["against", "train"], "café": ["none", "test"]
    }  # fmt: skip


@pytest.mark.parametrize("packed", ["mine.csv.zip", "mine.csv.gz", "mine.zip"])
def test_a_packed_file_is_read(tmp_path: Path, packed: str) -> None:
    plain = write_table(tmp_path / "mine.csv", ROWS)
    if packed.endswith("gz"):
        (tmp_path / packed).write_bytes(gzip.compress(plain.read_bytes()))
    else:
        with zipfile.ZipFile(tmp_path / packed, "w") as archive:
            archive.write(plain, "mine.csv")
            archive.writestr("__MACOSX/._mine.csv", "x")
    assert load(packed).content_hash == load("mine.csv").content_hash


def test_stray_quotes_are_text_without_quoting(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text('text\ttarget\tstance\n"so it goes\tpier\tFAVOR\nno" more\tpier\tNONE\n')
    assert set(load("t.txt", quoting=False).table["text"]) == {'"so it goes', 'no" more'}


def test_another_delimiter_encoding_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = "text;target;stance\ncafé;pier;favor\n"
    (tmp_path / "a.csv").write_bytes(text.encode("cp1252"))
    (tmp_path / "b.csv").write_bytes(text.encode("utf-8-sig"))
    (tmp_path / "c.csv").write_bytes(text.encode("utf-16"))
    first = load("a.csv", delimiter=";", encoding="cp1252")
    assert first.content_hash == load("b.csv", delimiter=";").content_hash
    assert first.content_hash == load("c.csv", delimiter=";", encoding="utf-16").content_hash


def test_values_that_are_no_strings_are_read_as_written(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"text": "a", "target": 7, "stance": 1}\n\n{"text": "b", "target": 7, "stance": true}\n'
    )
    corpus = load("a.jsonl", labels={"1": "favor", "true": "against"})
    assert corpus.target_ids == ("7",)
    assert corpus.table["stance"].to_list() == ["against", "favor"] or corpus.table["stance"].nunique() == 2
    (tmp_path / "b.csv").write_text("text,target,stance\n007,1e3,favor\n")
    assert load("b.csv").table[["text", "target"]].iloc[0].to_list() == ["007", "1e3"]


def test_the_data_folder_is_the_second_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere" / "set"
    elsewhere.mkdir(parents=True)
    write_table(elsewhere / "mine.csv", ROWS)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "elsewhere"))
    assert len(load("mine.csv", folder="set").table) == 5


COPIES = [
    {"text": "go", "target": "pier", "stance": "favor", "part": "train"},
    {"text": "go", "target": "pier", "stance": "favor", "part": "test"},
    {"text": "go", "target": "pier", "stance": "against", "part": "train"},
    {"text": "stop", "target": "pier", "stance": "against", "part": "train"},
]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]])
def test_a_published_file_keeps_a_text_that_stands_twice(tmp_path: Path, order: list[int]) -> None:
    path = write_table(tmp_path / "mine.csv", [COPIES[i] for i in order])
    table = load(path, columns={"split": "part"}, published_split=True).table
    go = "s-" + hashlib.sha256(b"go").hexdigest()[:12]
    rows = table[table["text"] == "go"]
    assert rows["sentence_id"].to_list() == [go, f"{go}-2", f"{go}-3"]
    assert rows[["label", "split"]].agg(" ".join, axis=1).to_list() == ["against train", "favor test", "favor train"]
    assert set(rows["group"]) == {go}


def test_a_declaration_is_json_and_comes_back() -> None:
    source = read_source({"name": "mine", "files": ["a.csv", {"path": "b.csv", "split": "test"}], "delimiter": "tab"})
    assert TableSource.model_validate(source.model_dump(mode="json")) == source
    assert source.delimiter == "\t"
    assert hash(source.files[0])


def test_a_file_of_several_places_reads_its_own_rows(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", ROWS[:2])
    write_table(tmp_path / "b.jsonl", ROWS[2:])
    whole = load_table(read_source({"name": "mine", "files": ["a.csv", "b.jsonl"]}))
    assert whole.content_hash == load(write_table(tmp_path / "c.csv", ROWS)).content_hash


def test_what_is_resampled_is_said_as_the_file_has_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("text,target,stance,thread\none,t,favor,a\ntwo,t,against,a\n", encoding="utf-8")
    units = []
    for group in ("", "thread"):
        columns = TableColumns(group=group)
        units.append(load_table(TableSource(name="m", files=(TableFile(path=str(path)),), columns=columns)).unit)
    assert units == ["sentence", "group"]
