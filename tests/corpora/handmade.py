"""A corpus small enough to count by hand: a shared event, a shared document, two holders at odds, layers."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from stancebench.corpora.check import write_generated
from stancebench.corpora.schema import SourceRow
from tests.corpus_files import JUDGEMENT_COLUMNS, write_csv

HOLDERS = (
    ("AAA", "Aaa", "EAST", "", "", "by definition"),
    ("BBB", "Bbb", "EAST", "", "2023-12-31", "by definition"),
    ("BBB", "Bbb", "WEST", "2024-01-01", "", "by treaty"),
    ("CCC", "Ccc", "WEST", "", "", "by definition"),
    ("OTHER", "anyone else", "OTHER", "", "", "the rest"),
)
TEXTS = {
    "s1": "An envoy of Aaa praised the Sun at dawn.",
    "s2": "Later the minister of Aaa cursed it and named the Moon.",
    "s3": "Bbb blamed scorching daylight for ruined crops, said its farmers.",
    "s4": "Officials from Bbb thanked moonlit tides while mentioning sunrise.",
    "s5": "Aaa toasted solar power, which Ccc called an utter menace.",
    "s6": "A fishing guild rejected every lunar calendar yesterday.",
}
# id, event, passages, date, register, attribution, tags, split
SENTENCES: tuple[tuple[str, str, list[str], str, str, str, list[str], str], ...] = (
    ("s1", "e1", ["p1"], "2024-01-01", "wire", "indirect", [], "train"),
    ("s2", "e1", [], "2024-01-01", "wire", "indirect", [], "train"),
    ("s3", "e2", ["p2"], "2023-12-31", "headline", "headline", [], "train"),
    ("s4", "", [], "2024-01-01", "briefing", "indirect", [], "dev"),
    ("s5", "e3", ["p3"], "2024-02", "wire", "indirect", ["contested"], "test"),
    ("s6", "e4", [], "2024", "wire", "narrated_act", [], "test"),
)
PASSAGES = (("p1", "d1"), ("p2", "d1"), ("p3", "d2"))
# sentence, holder, target, label, explicitness, principal: judgements.csv holds them from line 2 on
JUDGEMENTS = (
    ("s1", "AAA", "sun", "favor", "explicit", "yes"),
    ("s1", "AAA", "moon", "absent", "", "yes"),
    ("s2", "AAA", "sun", "against", "implicit", "yes"),
    ("s2", "AAA", "moon", "neutral", "explicit", "yes"),
    ("s3", "BBB", "sun", "against", "explicit", "yes"),
    ("s3", "BBB", "moon", "absent", "", "yes"),
    ("s4", "BBB", "sun", "neutral", "explicit", "yes"),
    ("s4", "BBB", "moon", "favor", "explicit", "yes"),
    ("s5", "AAA", "sun", "favor", "explicit", "yes"),
    ("s5", "AAA", "moon", "absent", "", "yes"),
    ("s5", "CCC", "sun", "against", "explicit", "no"),
    ("s5", "CCC", "moon", "absent", "", "no"),
    ("s6", "OTHER:guild", "sun", "absent", "", "no"),
    ("s6", "OTHER:guild", "moon", "against", "explicit", "no"),
)
SECOND_SAID = {("s2", "AAA", "sun"): "neutral", ("s4", "BBB", "moon"): "neutral"}
"""where the second annotator differed from the first; a third sided with the first"""


def write_handmade(folder: Path) -> Path:
    """Write the corpus with its layers; return the folder."""
    folder.mkdir(parents=True)
    words = ("title", "description", "licence", "citation", "annotation")
    declaration = {"name": folder.name, "version": "0.1", "language": "en"} | {word: f"some {word}" for word in words}
    (folder / "corpus.yaml").write_text(yaml.safe_dump(declaration), encoding="utf-8")
    targets = [
        {"id": "sun", "name": "the Sun", "definition": "a star", "explicit": ["Sun"], "implicit": ["daylight"]},
        {"id": "moon", "name": "the Moon", "definition": "a moon", "explicit": ["Moon"]},
    ]
    (folder / "targets.yaml").write_text(yaml.safe_dump(targets), encoding="utf-8")
    write_csv(folder / "holders.csv", ("code", "name", "bloc", "valid_from", "valid_to", "basis"), HOLDERS)
    fields = ("id", "event_id", "passage_ids", "date", "register", "attribution", "tags")
    lines = [
        json.dumps(dict(zip(fields, s, strict=False)) | {"text": TEXTS[s[0]], "batch": "1"}) + "\n" for s in SENTENCES
    ]
    (folder / "sentences.jsonl").write_text("".join(lines), encoding="utf-8")
    write_csv(folder / "splits" / "official.csv", ("sentence_id", "split"), [(s[0], s[-1]) for s in SENTENCES])
    write_csv(folder / "judgements.csv", JUDGEMENT_COLUMNS, [(*j, "", "") for j in JUDGEMENTS])
    write_csv(
        folder / "sources.csv",
        tuple(SourceRow.model_fields),
        [(p, "archive", document, "2023", "", "", "", "", "", "", "", "") for p, document in PASSAGES],
    )
    _write_layers(folder / "layers")
    write_generated(folder)
    return folder


def _write_layers(folder: Path) -> None:
    columns = ("sentence_id", "holder", "target", "label", "explicitness", "tags", "regime")
    first = [(*j[:5], "", "") for j in JUDGEMENTS]
    second = [(*j[:3], SECOND_SAID.get(j[:3], j[3]), j[4], "", "") for j in JUDGEMENTS]
    write_csv(folder / "stances" / "a1.csv", columns, first)
    write_csv(folder / "stances" / "a2.csv", columns, second)
    write_csv(folder / "stances" / "a3.csv", columns, [row for row in first if row[:3] in SECOND_SAID])
    found = sorted({(sentence, holder, principal) for sentence, holder, _, _, _, principal in JUDGEMENTS})
    # The second annotator misses one of the two holders of s5, and so takes the other for the principal.
    other = [(s, h, "yes" if h == "CCC" else p) for s, h, p in found if (s, h) != ("s5", "AAA")]
    for name, rows in (("a1", found), ("a2", other), ("adjudicated", found)):
        write_csv(folder / "holders" / f"{name}.csv", ("sentence_id", "holder", "principal"), rows)
