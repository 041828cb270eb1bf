"""`stancebench corpus export` and `import`: a sample for people to judge, and what they return."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from stancebench.corpora.agreement import HUMAN, human_agreement, human_layers
from stancebench.corpora.files import read_files
from stancebench.corpora.label_studio import judged, labelling_config, layer, tasks
from stancebench.corpora.load import corpus_folder, load_corpus, typed
from stancebench.errors import UsageError
from stancebench.files import write_whole
from stancebench.paths import shown

CONTRIBUTORS = "contributors.csv"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def export(name: str, folder: Path, n: int, seed: int) -> None:
    """Write a sample of a corpus as Label Studio tasks, with the labelling config and the guidelines.

    Raises
    ------
    UsageError
        when the folder is there and holds something
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{shown(folder)} is there already. Type --out with the name of a new folder.")
    if n < 1:
        raise UsageError(f"--n: a whole number from 1 on is expected, got {n}.")
    corpus = load_corpus(name)
    drawn = tasks(corpus, n, seed)
    write_whole(folder / "tasks.json", (json.dumps(drawn, indent=1, ensure_ascii=False) + "\n").encode())
    write_whole(folder / "config.xml", labelling_config(corpus).encode())
    guidelines = corpus_folder(name) / "guidelines.md"
    if guidelines.is_file():
        write_whole(folder / "guidelines.md", guidelines.read_bytes())
    print(f"{len(drawn)} tasks of {corpus.name}@{corpus.version} in {shown(folder)}")
    print("Next  make a project in Label Studio, paste config.xml as its labelling interface, import tasks.json,")
    print("      judge by guidelines.md, export as JSON, and type")
    print(f"      stancebench corpus import EXPORT.json --by NAME --corpus {name}")


def bring_in(file: Path, by: str, name: str) -> None:
    """Add a person's judgements to the layers of a corpus, list the person, and print the agreement.

    Raises
    ------
    UsageError
        when the name is none, or that person's judgements are there already
    CorpusError
        when the file is no finished task set of this corpus; says which
    """
    person = "-".join(re.findall(r"[a-z0-9]+", by.lower()))
    if not SLUG.fullmatch(person) or any(ord(c) < ord(" ") for c in by):
        raise UsageError(f"--by: a name with letters is expected, got {by!r}.")
    corpus, folder = load_corpus(name), corpus_folder(name)
    if person in human_layers(folder):
        raise UsageError(f"There are judgements by {by!r} already. Type another name: nobody's file is ever edited.")
    labels = judged(file, corpus)
    path = folder / "layers" / HUMAN / f"{person}.csv"
    write_whole(path, layer(labels).to_csv(index=False, lineterminator="\n").encode())
    _list(folder / CONTRIBUTORS, person, by, f"{corpus.name}@{corpus.version}", len(labels))
    files = read_files(folder)
    published = {(row.sentence_id, row.holder, row.target): row.label for row in files.judgements}
    print(f"{len(labels)} judgements by {by} in {shown(path)}; {by} is listed in {shown(folder / CONTRIBUTORS)}")
    print("Agreement with the published labels (Krippendorff's alpha over the three stances)")
    for target, a in human_agreement(folder, published, corpus.target_ids)[person].items():
        told = "undefined" if a["value"] is None else f"{a['value']:.3f}  [{a['low']:.3f}, {a['high']:.3f}]"
        print(f"  {target:<12}{told}  n={a['units']}")
    print(f"Next  stancebench corpus check {typed(folder)} --write")


def _list(path: Path, person: str, name: str, edition: str, n: int) -> None:
    """Append a contributor to the list of those whose judgements a corpus keeps."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if path.is_file():
        out.write(path.read_text(encoding="utf-8"))
    else:
        writer.writerow(["layer", "name", "edition", "judgements"])
    # A spreadsheet would read such a cell as a formula.
    writer.writerow([person, name.lstrip("=+-@"), edition, n])
    write_whole(path, out.getvalue().encode())
