"""A mirror set: what it must hold, and how flips are counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stancebench.corpora.check import check_corpus, write_generated
from stancebench.corpora.files import read_files
from stancebench.corpora.mirror import Pair, flip_rate, pairs, read_mirror
from stancebench.errors import CorpusError
from tests.commands import Cli
from tests.corpora.editing import edit
from tests.corpora.handmade import write_handmade
from tests.corpus_files import JUDGEMENT_COLUMNS, write_csv

SENTENCES = [
    {
        "id": "m1",
        "text": "Ccc toasted solar power, which Aaa called an utter menace.",
        "original": "s5",
        "exchange": {"AAA": "CCC", "CCC": "AAA"},
        "batch": "mirror",
    },
    {
        "id": "m2",
        "text": "A farming guild rejected every lunar calendar yesterday.",
        "original": "s6",
        "exchange": {"OTHER:guild": "OTHER:farming guild"},
        "batch": "mirror",
    },
]
JUDGEMENTS = [
    ("m1", "CCC", "sun", "favor", "explicit", "yes", "", ""),
    ("m1", "CCC", "moon", "absent", "", "yes", "", ""),
    ("m1", "AAA", "sun", "neutral", "explicit", "no", "", ""),
    ("m1", "AAA", "moon", "absent", "", "no", "", ""),
    ("m2", "OTHER:farming guild", "sun", "absent", "", "yes", "", ""),
    ("m2", "OTHER:farming guild", "moon", "against", "explicit", "yes", "", ""),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_handmade(tmp_path / "mine")
    (folder / "mirror").mkdir()
    lines = "".join(json.dumps(s) + "\n" for s in SENTENCES)
    (folder / "mirror" / "sentences.jsonl").write_text(lines, encoding="utf-8")
    write_csv(folder / "mirror" / "judgements.csv", JUDGEMENT_COLUMNS, JUDGEMENTS)
    write_generated(folder)
    return folder


def test_each_addressed_judgement_has_its_image(folder: Path) -> None:
    files = read_files(folder)
    mirror = read_mirror(files)
    assert mirror is not None
    assert list(pairs(files, mirror)) == [
        Pair("s5", "AAA", "sun", "favor", "favor"),
        Pair("s5", "CCC", "sun", "against", "none"),
        Pair("s6", "OTHER:guild", "moon", "against", "against"),
    ]
    found = flip_rate(files, mirror)
    assert {k: found[k] for k in ("sentences", "judgements", "flips", "flip_rate")} == {
        "sentences": 2,
        "judgements": 3,
        "flips": 1,
        "flip_rate": 0.3333,
    }
    assert found["low"] < found["flip_rate"] < found["high"]


def test_an_image_without_its_holder_is_no_stance(folder: Path) -> None:
    for line in (6, 7):
        edit(folder / "mirror" / "judgements.csv", line, holder="OTHER:fishers")
    files = read_files(folder)
    mirror = read_mirror(files)
    assert mirror is not None
    assert [pair.mirrored for pair in pairs(files, mirror)] == ["favor", "none", "none"]


def test_the_rate_stands_in_the_statistics(cli: Cli, folder: Path) -> None:
    assert check_corpus(folder) == []
    assert json.loads((folder / "statistics.json").read_text(encoding="utf-8"))["mirror"]["flips"] == 1
    assert "1 of 3 stances flip (33.3% [" in cli("corpus", "stats", str(folder)).out


def test_a_corpus_without_one_says_nothing_of_it(tmp_path: Path) -> None:
    folder = write_handmade(tmp_path / "plain")
    assert read_mirror(read_files(folder)) is None
    assert "mirror" not in json.loads((folder / "statistics.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("sentences.jsonl", {"original": "s9"}, r"sentences\.jsonl line 1, column original: There is no sentence 's9'"),
        ("sentences.jsonl", {"id": "m2"}, r"sentences\.jsonl line 2, column id: 'm2' stands on line 1 already"),
        ("judgements.csv", {"sentence_id": "m7"}, r"judgements\.csv line 2, column sentence_id: no sentence 'm7'"),
    ],
)
def test_a_broken_one_is_refused(folder: Path, name: str, values: dict[str, str], told: str) -> None:
    edit(folder / "mirror" / name, 2 if name.endswith("csv") else 1, **values)
    with pytest.raises(CorpusError, match=told):
        read_mirror(read_files(folder))


def test_one_that_addresses_nothing_has_no_rate(folder: Path) -> None:
    files = read_files(folder)
    mirror = read_mirror(files)
    assert mirror is not None
    empty = flip_rate(files, type(mirror)(mirror.folder, (), ()))
    assert empty == {"sentences": 0, "judgements": 0, "flips": 0, "flip_rate": None, "low": None, "high": None}
