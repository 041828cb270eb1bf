"""``actors.yaml``: read where it is, refused with file and line where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from stancebench.corpora.check import check_corpus, write_generated
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.files import read_files
from stancebench.corpora.joined import join
from stancebench.corpora.load import corpus_folder, load_corpus
from stancebench.paths import shown
from tests.corpora.editing import refusal, rows_of

ACTORS = """\
AAA: [Aaa, Aaan]
BBB: [Bbb]
CCC:
  - Ccc
  - the Ccc
OTHER:guild: [fishing guild]
"""


def write(folder: Path, text: str = ACTORS) -> Path:
    path = folder / "actors.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_are_read_by_code_in_their_order(handmade_dir: Path) -> None:
    write(handmade_dir)
    assert load_corpus(str(handmade_dir)).actors == {
        "AAA": ("Aaa", "Aaan"),
        "BBB": ("Bbb",),
        "CCC": ("Ccc", "the Ccc"),
        "OTHER:guild": ("fishing guild",),
    }


def test_a_corpus_without_the_file_names_no_actors_and_keeps_its_hash(handmade_dir: Path, handmade: Corpus) -> None:
    assert handmade.actors == {}
    write(handmade_dir)
    with_actors = join(read_files(handmade_dir))
    assert with_actors.content_hash != handmade.content_hash
    assert with_actors.table.equals(handmade.table)


def test_another_name_gives_another_hash_and_another_order_does_not(handmade_dir: Path) -> None:
    hashes = []
    for text in (ACTORS, ACTORS.replace("[Aaa, Aaan]", "[Aaan, Aaa]"), ACTORS.replace("Aaan", "Aaans")):
        write(handmade_dir, text)
        hashes.append(join(read_files(handmade_dir)).content_hash)
    lines = ACTORS.splitlines(keepends=True)
    write(handmade_dir, "".join([*lines[1:], lines[0]]))
    hashes.append(join(read_files(handmade_dir)).content_hash)
    assert hashes[0] == hashes[1] == hashes[3] != hashes[2]


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("CCC:", "CCD:", 3, "column code: 'CCD' is not a code of holders.csv. Did you mean 'CCC'?"),
        ("[Bbb]", "[Bbb, Aaan]", 2, "column names: 'Aaan' is a name of 'AAA' on line 1 already."),
        ("[Bbb]", "[Bbb, AAAN]", 2, "column names: 'AAAN' is a name of 'AAA' on line 1 already."),
        ("OTHER:guild", "NARRATOR", 6, "column code: NARRATOR is the sentence's own voice and has no name."),
        ("BBB:", "AAA:", 2, "column code: 'AAA' stands on line 1 already. It must stand once."),
        ("[Bbb]", "[]", 2, "column names: Tuple should have at least 1 item after validation, not 0."),
        ("[Bbb]", "", 2, "column names: Input should be a valid tuple."),
        ("[Bbb]", "Bbb", 2, "column names: Input should be a valid tuple, got 'Bbb'."),
        ("[Bbb]", "[Bbb, 7]", 2, "column names: Input should be a valid string, got 7."),
        ("[Bbb]", "[Bbb, no]", 2, "column names: Input should be a valid string, got False."),
        ("[Bbb]", "[Bbb, '']", 2, "column names: String should have at least 1 character, got ''."),
        ("OTHER:guild", "OTHER", 6, "column code: String should match pattern"),
        ("BBB:", "1:", 2, "column code: Input should be a valid string, got 1."),
    ],
)
def test_a_wrong_entry_is_refused_with_file_line_and_column(
    handmade_dir: Path, old: str, new: str, line: int, told: str
) -> None:
    path = write(handmade_dir, ACTORS.replace(old, new, 1))
    assert refusal(handmade_dir).startswith(f"{shown(path)} line {line}, {told}")


def test_a_holder_that_is_judged_must_have_a_name(handmade_dir: Path) -> None:
    write(handmade_dir, ACTORS.replace("BBB: [Bbb]\n", "").replace("OTHER:guild: [fishing guild]\n", ""))
    line = next(i for i, row in enumerate(rows_of(handmade_dir / "judgements.csv"), 2) if row["holder"] == "BBB")
    assert refusal(handmade_dir) == (
        f"{shown(handmade_dir / 'judgements.csv')} line {line}, column holder: 'BBB' has no name in actors.yaml."
    )


@pytest.mark.parametrize("text", ["", "- AAA\n", "AAA\n", "# nothing\n"])
def test_a_file_that_is_no_mapping_is_refused(handmade_dir: Path, text: str) -> None:
    path = write(handmade_dir, text)
    assert refusal(handmade_dir) == f"{shown(path)}: a mapping of holder codes to lists of names is expected."


def test_broken_yaml_is_refused_with_its_line(handmade_dir: Path) -> None:
    path = write(handmade_dir, "AAA: [Aaa\nBBB: [Bbb]\n")
    assert refusal(handmade_dir).startswith(f"{shown(path)} line 2: not YAML (")


def test_the_check_covers_the_file(handmade_dir: Path) -> None:
    path = write(handmade_dir)
    assert [f.rule for f in check_corpus(handmade_dir)] == ["checksum", "statistics"]
    write_generated(handmade_dir)
    assert check_corpus(handmade_dir) == []
    write(handmade_dir, ACTORS.replace("CCC:", "CCD:"))
    (found,) = check_corpus(handmade_dir)
    assert (found.level, found.rule) == ("error", "schema")
    assert found.message.startswith(f"{shown(path)} line 3, ")


def test_coverage_names_every_code_of_its_holders_in_the_order_of_codes() -> None:
    files = read_files(corpus_folder("coverage"))
    assert list(files.actors) == sorted(files.actors)
    codes = {row.code for row in files.holders} - {"NARRATOR", "OTHER"}
    assert {code for code in files.actors if not code.startswith("OTHER:")} == codes


def test_what_targets_of_coverage_are_named_their_actors_are_named() -> None:
    folder = corpus_folder("coverage")
    actors = read_files(folder).actors
    targets = {t["id"]: t for t in yaml.safe_load((folder / "targets.yaml").read_text(encoding="utf-8"))}
    for target, code in (("us", "USA"), ("ukraine", "UKR")):
        assert {alias.removesuffix("'s") for alias in targets[target]["explicit"]} <= set(actors[code])
