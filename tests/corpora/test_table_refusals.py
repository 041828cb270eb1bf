"""Every refusal of a labelled file: the file, the line and column, what is wrong, and what to type next."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stancebench.errors import CorpusError, UsageError
from stancebench.paths import DATA_VARIABLE
from tests.corpora.tables import load, write_table

HEAD = "text,target,stance\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(DATA_VARIABLE, raising=False)


SPLIT: dict[str, Any] = {"columns": {"split": "part"}}
ID: dict[str, Any] = {"columns": {"id": "no"}}


@pytest.mark.parametrize(
    ("content", "declared", "told"),
    [
        (HEAD + "a,p,favor\n\n ,p,favor\n,p,none\n", {}, ["m.csv line 4, column text: the text is empty (1 more)"]),
        (HEAD + '"a\nb",p,favor\nc,,favor\n', {}, ["m.csv line 4, column target: the target is empty."]),
        (HEAD + "a,p,favor\n#x,p,favor\n", {"remove": "#x"}, ["line 3, column text: nothing", "'#x' is removed"]),
        (
            HEAD + "a,p,favor\nb,p,PRO\nc,p,2\nd,p,2\n",
            {},
            [
                "m.csv line 3, column stance: 2 words are not known: '2' (2, first on line 4), 'PRO' (1, on line 3).",
                "Say what each means: favor, against, none, neutral or absent.",
                "Type corpus.labels.2=STANCE corpus.labels.PRO=STANCE with one of them in place of STANCE.",
            ],
        ),
        (
            HEAD + "a,p,pro it\n",
            {},
            ["one word is not known: 'pro it' (1, on line 2)", "'corpus.labels={pro it: STANCE}'"],
        ),
        (HEAD + "a,p,-1\n", {}, ["'corpus.labels={-1: STANCE}'"]),
        (HEAD + 'a,p,"x{y"\n', {}, ['labels: {"x{y": STANCE} in a file']),
        (
            HEAD + "".join(f"t{i},p,l{i}\n" for i in range(30)),
            {},
            ["30 words", "'l0' (1, on line 2)", "'l26' (1, on line 28) and 10 more", "labels.l26=STANCE ... with"],
        ),
        (
            HEAD + "a,p,CON\nb,p,con\nc,p,NIETHER\nd,p,disfavor\ne,p,non-e\n",
            {"labels": {"CON": "against", "NEITHER": "none"}},
            [
                "Are 'NIETHER' meant as 'NEITHER' and 'con' meant as 'CON' and 'non-e' meant as 'none'?",
                "If so, type corpus.labels.NIETHER=none corpus.labels.con=against 'corpus.labels={non-e: none}'.",
                "Type corpus.labels.disfavor=STANCE with",
            ],
        ),
        (
            HEAD + "a,p,Favour\n",
            {},
            ["none, neutral or absent. Is 'Favour' meant as 'favor'? If so, type corpus.labels.Favour=favor."],
        ),
        (
            HEAD + "a,p,agree\nb,p,\nc,p,10\n",
            {"labels": {"disagree": "against", "1": "favor", "100": "none"}},
            [
                "2 faults: (1) m.csv line 3, column stance: the stance is empty. Fill it in, or leave the row out.",
                "(2) m.csv line 2, column stance: 2 words are not known",
                "Type corpus.labels.10=STANCE corpus.labels.agree=STANCE with",
            ],
        ),
        (
            HEAD + ",p,PRO\nb,p,\n",
            {},
            ["3 faults: (1) m.csv line 2, column text", "(2) m.csv line 3, column stance", "(3) m.csv line 2, column"],
        ),
        (
            "text,part,target,stance,d\n,train,p,favor,2020\nb,,p,PRO,x\n",
            {"columns": {"split": "part", "date": "d"}},
            [
                "4 faults: (1) m.csv line 2, column text: the text is empty",
                "(2) m.csv line 3, column stance: one word",
                "(3) m.csv line 3, column part: 1 of 2 rows have no split",
                "(4) m.csv line 3, column d: 'x' is no date",
            ],
        ),
        (
            HEAD + "a,p,favor\nb,p,none\na,p,against\n",
            {},
            [
                "line 4, column text",
                "on 'p' on line 2 already",
                "with different labels, favor there, against here. Keep the row that is right",
                "corpus.columns.id=COLUMN",
                "corpus.published_split=true",
            ],
        ),
        (
            HEAD + "a,p,favor\na,p,favor\na,p,favor\n",
            {},
            [
                "line 3, column text: the same text is judged on 'p' on line 2 already, favor both times (1 more such",
                "such row). Keep one of them",
                "Keep one of them (in pandas: frame.drop_duplicates(['text', 'target', 'stance'])), name a column",
                "corpus.columns.id=COLUMN",
                "corpus.published_split=true",
            ],
        ),
        (
            HEAD.replace("target,", "") + "a,favor\na,favor\nb,none\nb,favor\nb,none\na,favor\n",
            {"target": "pier"},
            [
                "2 faults: (1) m.csv line 5, column text: the same text",
                "none there, favor here (1 more such row)",
                "(2) m.csv line 3",
                "drop_duplicates(['text', 'stance'])",
            ],
        ),
        (
            "no,text,target,stance,who\n1,a,p,favor,X\n1,a,p,favor,Y\n1,a,p,favor,X\n",
            {"columns": {"id": "no", "holder": "who"}},
            ["line 4, column no: '1' is judged on 'p' of 'X' on line 2 already", "stance'])).", "Keep one of them (in"],
        ),
        (
            "no,text,target,stance\n1,a,p,favor\n2,b,p,none\n1,c,p,favor\n",
            ID,
            ["line 4, column no: '1' has another text on line 2"],
        ),
        ("no,text,target,stance\n1,a,p,favor\n,b,p,none\n", ID, ["line 3, column no: the id is empty"]),
        (
            "text,target,stance,g\na,p,favor,x\na,q,favor,y\n",
            {"columns": {"group": "g"}},
            ["line 3, column g: one sentence stands in group 'x' (line 2) and in 'y'"],
        ),
        (
            HEAD + "a,tax,favor\nb,taxes,none\nc,taxes,none\n",
            {"targets": [{"id": "tax"}]},
            [
                "m.csv line 3, column target: not declared: 'taxes' (2, first on line 3)",
                "Declared: tax.",
                "corpus.target_names.taxes=tax",
            ],
        ),
        (
            "text,part,target,stance\na,train,p,favor\nb,,p,favor\n",
            SPLIT,
            ["line 3, column part: 1 of 2 rows have no split", "cross_validated"],
        ),
        (
            "text,part,target,stance\na,train,p,favor\nb,eval,p,favor\n",
            SPLIT,
            [
                "line 3, column part: one word is not known: 'eval' (1, on line 3)",
                "train, dev or test",
                "corpus.splits.eval=SPLIT",
            ],
        ),
        (
            "text,d,target,stance\na,2021-02-30,p,favor\n",
            {"columns": {"date": "d"}},
            ["line 2, column d: '2021-02-30' is no date", "YYYY-MM-DD"],
        ),
        (
            "text,targt,stance\na,p,favor\n",
            {},
            [
                "m.csv has no column 'target'",
                "Did you mean 'targt'",
                "Its columns: stance, targt, text",
                "corpus.columns.text=... corpus.columns.target=... corpus.columns.stance=...",
            ],
        ),
        (
            "text;target;stance\na;p;favor\n",
            {},
            ["one column, 'text;target;stance'", "semicolons", """'corpus.delimiter=";"'"""],
        ),
        ("text\ttarget\tstance\na\tp\tfavor\n", {}, ["tabs", "'corpus.delimiter=tab'"]),
        ("text|target|stance\na|p|favor\n", {}, ["bars", """'corpus.delimiter="|"'"""]),
        ("text,target,stance,text\na,p,favor,b\n", {}, ["line 1: the column 'text' stands twice"]),
        (",".join(f"c{i}" for i in range(10_000)) + "\n", {}, ["has 10,000 columns, at most 1,000 are read"]),
        (
            HEAD + "a,p,favor\nb, c,p,none\n",
            {},
            ["m.csv line 3: 4 cells, the header has 3 (delimiter ',')", "double quotes"],
        ),
        (HEAD + "b, c,p,none\n", {}, ["m.csv line 2: 4 cells"]),
        (HEAD + 'a,p,favor\n"b, c",p,none\n', {"quoting": False}, ["line 3: 4 cells", "corpus.quoting=true"]),
        (HEAD + '"a\nb",p,favor\nb,p\n', {}, ["m.csv line 4: 2 cells, the header has 3", "corpus.quoting=false"]),
        (
            HEAD + 'a,p,favor\n"b,p,none\nc,p,none\n',
            {},
            ["m.csv line 3: a double quote is opened and never closed", "corpus.quoting=false"],
        ),
        ("", {}, ["m.csv is empty"]),
        (" \n\n", {}, ["m.csv is empty"]),
        (HEAD, {}, ["m.csv holds a header and no row"]),
        (HEAD + "a\0b,p,favor\n", {}, ["m.csv line 2: a null byte", "corpus.encoding=utf-16"]),
        (HEAD + "a" * 200_000 + ",p,PRO\n", {}, ["row 1, column stance"]),
        (HEAD + "a" * 200_000 + ",p,PRO\nb,p\n", {}, ["m.csv is not a table: some row does not have the 3 cells"]),
        ("x" * 200_000, {}, ["m.csv line 1: field larger than field limit"]),
        ("not Parquet, surely", {"format": "parquet"}, ["m.csv is not Parquet", "corpus.format=csv"]),
        ('{"text": "a"}\n{"text": \n', {"format": "jsonl"}, ["m.csv line 2, character 10: not JSON"]),
        ("1\n", {"format": "jsonl"}, ["m.csv line 1: an object"]),
        (
            '\n[{"text": "a"}]',
            {"format": "jsonl"},
            ["m.csv holds a JSON array, which is not read: one object a line is (JSONL). Convert it: python -c "],
        ),
        ('{\n"text": "a"}', {"format": "jsonl"}, ["line 1, character 2: not JSON", "One object a line is read"]),
        (
            HEAD + "a,p,favor\n",
            {"target": "pier"},
            [
                "m.csv: both corpus.target=pier and the column 'target' (corpus.columns.target) say the target",
                "'corpus.files=[{path: m.csv, target: pier}]'",
            ],
        ),
        (
            '\n{"text": ["a"], "target": "p", "stance": "favor"}\n',
            {"format": "jsonl"},
            ["line 2, column text: a list or an object"],
        ),
        ('\n{"text": "a", "target": "p", "stance": "pro"}\n', {"format": "jsonl"}, ["m.csv line 2, column stance"]),
        ('{"text": "a", "target": "p"}\n', {"format": "jsonl"}, ["no column 'stance'"]),
    ],
)
def test_a_faulty_table_gets_one_message(
    tmp_path: Path, content: str, declared: dict[str, Any], told: list[str]
) -> None:
    (tmp_path / "m.csv").write_text(content, encoding="utf-8", newline="")
    with pytest.raises(CorpusError) as refused:
        load("m.csv", **declared)
    for part in told:
        assert part in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "encoding", "told"),
    [
        (
            HEAD.encode() + b"ok,p,favor\ncaf\xe9,p,favor\n",
            "utf-8",
            ["m.csv line 3, byte 4: 0xe9 is not utf-8", "corpus.encoding=cp1252"],
        ),
        (HEAD.encode("utf-16"), "utf-8", ["line 1, byte 1: 0xff is not utf-8", "corpus.encoding=utf-16"]),
        (HEAD.encode() + "é,p,favor".encode(), "ascii", ["line 2, byte 1: 0xc3 is not ascii", "corpus.encoding=utf-8"]),
        (b"abc", "utf-16", ["m.csv", "is not utf-16"]),
    ],
)
def test_a_wrong_encoding_names_line_and_byte(tmp_path: Path, data: bytes, encoding: str, told: list[str]) -> None:
    (tmp_path / "m.csv").write_bytes(data)
    with pytest.raises(CorpusError) as refused:
        load("m.csv", encoding=encoding)
    for part in told:
        assert part in str(refused.value)


@pytest.mark.parametrize(
    ("text", "saved", "encoding", "told"),
    [
        (
            "don\u2019t \u2013 stop",
            "cp1252",
            "latin-1",
            r"m\.csv line 3: read as latin-1, 0x92 .* \(1 more\)\. .*=cp1252\.$",
        ),
        ("don\u2019t", "utf-8", "iso-8859-1", r"read as iso-8859-1, 0x80 .* \(1 more\)\. .* corpus\.encoding=utf-8\.$"),
        ("5 €", "cp1252", "iso-8859-15", r"0x80 is a control character\. The file looks saved as cp1252"),
    ],
)
def test_control_characters_tell_another_encoding(
    tmp_path: Path, text: str, saved: str, encoding: str, told: str
) -> None:
    (tmp_path / "m.csv").write_bytes(f"{HEAD}café,p,favor\n{text},p,none\n".encode(saved))
    with pytest.warns(UserWarning, match=told):
        load("m.csv", encoding=encoding)
    load("m.csv", encoding=saved)


def test_a_json_file_of_an_array_is_converted_as_the_message_says(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text('[{"text": "é", "target": "p",\n "stance": "favor"}]', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"m\.json holds a JSON array") as refused:
        load("m.json")
    script = re.findall(r'python -c "(.*)" > m\.jsonl', str(refused.value))[0]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    (tmp_path / "m.json").write_bytes(done.stdout)
    assert load("m.json").table["text"].to_list() == ["é"]
    (tmp_path / "m.json.gz").write_bytes(gzip.compress(b"[]"))
    with pytest.raises(CorpusError, match=r"one object a line is \(JSONL\)\.$"):
        load("m.json.gz")


def test_a_target_beside_a_path_stands_over_the_column(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(HEAD + "a,7,favor\n")
    assert load({"path": "m.csv", "target": "pier"}).target_ids == ("pier",)


def test_the_encoding_of_one_file_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes(b"caf\xe9")
    with pytest.raises(CorpusError, match="encoding=cp1252 beside its path"):
        load({"path": "m.csv", "encoding": "utf-8"})


def test_a_parquet_without_rows_or_with_cells_of_no_text(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    nothing = pa.array([], pa.string())
    parquet.write_table(pa.table({"text": nothing, "target": nothing, "stance": nothing}), tmp_path / "m.parquet")
    with pytest.raises(CorpusError, match=r"m\.parquet holds no row"):
        load("m.parquet")
    parquet.write_table(pa.table({"text": [["a"]], "target": ["p"], "stance": ["favor"]}), tmp_path / "m.parquet")
    with pytest.raises(CorpusError, match=r"m\.parquet, column text: list<.*> cells, text is expected"):
        load("m.parquet")
    parquet.write_table(pa.table({"text": ["a"], "target": ["p"], "stance": ["pro"]}), tmp_path / "m.parquet")
    with pytest.raises(CorpusError, match=r"m\.parquet row 1, column stance"):
        load("m.parquet")
    parquet.write_table(pa.table({"text": ["a"]}), tmp_path / "m.parquet")
    with pytest.raises(CorpusError, match=r"m\.parquet has no column 'target', 'stance'"):
        load("m.parquet")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(HEAD)
    with pytest.raises(CorpusError) as refused:
        load("mien.csv")
    for part in ("mien.csv is not there, nor is data/mien.csv", "Did you mean 'mine.csv'", "STANCEBENCH_DATA"):
        assert part in str(refused.value)
    pinned = {"path": "a.csv", "url": "https://example.org/a.csv", "sha256": "0" * 64}
    with pytest.raises(CorpusError) as refused:
        load(pinned, folder="set")
    for part in (
        "set/a.csv is not there, nor is data/set/a.csv",
        "Fetch https://example.org/a.csv",
        "0" * 64,
        "put it",
    ):
        assert part in str(refused.value)
    with pytest.raises(CorpusError, match=rf"Its sha256 is {'0' * 64}\. Put it there"):
        load({"path": "a.csv", "sha256": "0" * 64})
    with pytest.raises(CorpusError, match=r"a\.csv is not there\.$"):
        load("a.csv", folder=str(tmp_path / "nowhere"))


def test_a_file_that_is_not_the_declared_one(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(HEAD)
    with pytest.raises(
        CorpusError, match=r"m\.csv is not the file that is declared: its sha256 is .*0000\.\.\. is stated"
    ):
        load({"path": "m.csv", "sha256": "0" * 64})
    (tmp_path / "l.txt").write_text("favor\n")
    with pytest.raises(CorpusError, match=r"l\.txt is not the file"):
        load({"path": "m.csv", "stances": "l.txt", "stances_sha256": "0" * 64}, target="p")


def test_a_folder_cannot_be_read_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "m.csv").mkdir()
    with pytest.raises(CorpusError, match=r"m\.csv cannot be read: Is a directory"):
        load("m.csv")


def test_texts_and_labels_of_different_numbers(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("a\nb\n")
    (tmp_path / "l.txt").write_text("favor\n")
    with pytest.raises(CorpusError, match=r"t\.txt has 2 lines, l\.txt has 1: one label a text"):
        load({"path": "t.txt", "stances": "l.txt"}, target="p")


def test_packed_files_that_cannot_be_unpacked(tmp_path: Path) -> None:
    for name in ("m.zip", "m.csv.gz"):
        (tmp_path / name).write_bytes(b"no archive")
        with pytest.raises(CorpusError, match=rf"{name} cannot be unpacked"):
            load(name)
    # A deflate block of the type that is reserved.
    (tmp_path / "torn.csv.gz").write_bytes(gzip.compress(HEAD.encode())[:10] + b"\x07" + bytes(8))
    with pytest.raises(CorpusError, match=r"torn\.csv\.gz cannot be unpacked: .*invalid block type"):
        load("torn.csv.gz")
    with zipfile.ZipFile(tmp_path / "locked.zip", "w") as archive:
        archive.writestr("a.csv", HEAD)
    packed = bytearray((tmp_path / "locked.zip").read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + flags] |= 1
    (tmp_path / "locked.zip").write_bytes(packed)
    with pytest.raises(CorpusError, match=r"locked\.zip cannot be unpacked: .*encrypted"):
        load("locked.zip")
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr("a.csv", HEAD)
        archive.writestr("b.csv", HEAD)
    with pytest.raises(CorpusError, match=r"m\.zip: one file in it is expected, found 2: a\.csv, b\.csv"):
        load("m.zip")


def test_a_row_of_the_second_file_is_named_there(tmp_path: Path) -> None:
    rows = [{"text": "a", "target": "p", "stance": "favor"}]
    write_table(tmp_path / "a.csv", rows)
    write_table(tmp_path / "b.csv", rows)
    with pytest.raises(CorpusError, match=r"b\.csv line 2, column text: the same text .* on a\.csv line 2 already"):
        load(["a.csv", "b.csv"])
    with pytest.raises(CorpusError, match=r"b\.csv line 2, column split: 1 of 2 rows have no split"):
        load([{"path": "a.csv", "split": "train"}, "b.csv"])


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (
            {"labels": {"1": "favour"}},
            ["corpus.labels.1: 'favour'", "Did you mean 'favor'", "favor, against, none, neutral, absent"],
        ),
        ({"splits": {"1": "trian"}}, ["corpus.splits.1", "'trian'", "'train', 'dev' or 'test'"]),
        ({"remove": "("}, ["corpus.remove: not a regular expression", "got '('"]),
        ({"files": []}, ["corpus.files: at least one file is needed", "corpus.files=[mine.csv]"]),
        ({"files": [{"pth": "a.csv"}]}, ["no key 'corpus.files.0.pth'", "Did you mean 'path'", "stances"]),
        ({"files": [1]}, ["corpus.files.0", "got 1"]),
        ({"files": ["a.csv", "a.csv"]}, ["the file 'a.csv' is named twice"]),
        ({"files": [{"path": "a.csv", "sha256": "xyz"}]}, ["corpus.files.0.sha256", "'xyz'"]),
        ({"files": [{"path": "a.csv", "encoding": "utf9"}]}, ["corpus.files.0.encoding", "did you mean utf-8"]),
        ({"name": ""}, ["corpus.name: a name is needed", "corpus.name=mine"]),
        ({"format": "xls"}, ["corpus.format", "'parquet'", "'xls'"]),
        ({"format": "lines"}, ["the file 'm.csv' holds one text a line, so it needs stances"]),
        ({"files": [{"path": "m.csv", "stances": "l.txt"}]}, ["holds texts alone, so it needs a target"]),
        (
            {"files": [{"path": "m.csv", "stances": "l.txt"}], "target": "p", "format": "csv"},
            ["the format is lines, not csv"],
        ),
        ({"files": ["m.xls"]}, ["corpus.format", "'m.xls' does not tell it", ".csv", "Type corpus.format=csv"]),
        (
            {"target": "pier", "columns": {"target": "topic"}},
            ["both corpus.target=pier and corpus.columns.target=topic say the target; leave one out"],
        ),
        (
            {"target": "pier", "columns": {"target_where": {"a=1": "b"}}},
            ["both corpus.target=pier and corpus.columns.target_where say"],
        ),
        ({"delimiter": "::"}, ["corpus.delimiter: one character is expected, or tab", "'::'"]),
        ({"encoding": "utf9"}, ["corpus.encoding", "did you mean utf-8", "'utf9'"]),
        ({"encoding": "hex"}, ["corpus.encoding", "there is no encoding of this name", "'hex'"]),
        ({"columns": {"text": ""}}, ["corpus.columns.text"]),
        ({"columns": {"tekst": "a"}}, ["no key 'corpus.columns.tekst'", "Did you mean 'text'"]),
        (
            {"columns": {"target_where": {"a": "b"}}},
            ["corpus.columns.target_where: 'a' is no condition", "column=value"],
        ),
        ({"targets": [{}]}, ["corpus.targets.0.id"]),
        ({"targets": [{"id": "a"}, {"id": "a"}]}, ["the target 'a' is declared twice"]),
        ({"licens": "x"}, ["no key 'corpus.licens'", "Did you mean 'licence'"]),
    ],
)
def test_a_faulty_declaration_gets_one_message(tmp_path: Path, declared: dict[str, Any], told: list[str]) -> None:
    (tmp_path / "m.xls").write_text(HEAD)
    with pytest.raises(UsageError) as refused:
        load(declared.get("files", ["m.csv"]), **{k: v for k, v in declared.items() if k != "files"})
    for part in told:
        assert part in str(refused.value)
    assert "\n" not in str(refused.value)
