from __future__ import annotations

import json
from pathlib import Path

from stancebench.corpora.agreement import agreement
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.files import read_files, statistics_file
from stancebench.corpora.joined import join
from stancebench.corpora.stats import statistics
from tests.corpora.editing import drop, rows_of, write_rows


def labels(favor: int = 0, against: int = 0, neutral: int = 0, absent: int = 0) -> dict[str, int]:
    return {"favor": favor, "against": against, "neutral": neutral, "absent": absent}


def test_the_handmade_corpus_counted_by_hand(handmade: Corpus, handmade_template: Path) -> None:
    stats = statistics(handmade, read_files(handmade_template))
    agreed = stats.pop("agreement")
    assert stats == {
        "corpus": "handmade@0.1",
        "content_hash": handmade.content_hash,
        "sentences": 6,
        "judgements": 14,
        "multi_holder_sentences": 1,
        "opposed_sentences": 1,
        "passages": 3,
        "contrast_pairs": 0,
        "alpha": 0.7621,
        "holders": 4,
        "events": 5,
        "split_units": 4,
        "largest_split_unit": {"group": "s1", "sentences": 3, "share": 0.5},
        "near_duplicates": [],
        # 9, 11, 10, 9, 10 and 8 words.
        "words": {"min": 8, "median": 9.5, "max": 11},
        "labels_by_target": {"sun": labels(2, 3, 1, 1), "moon": labels(1, 1, 1, 4)},
        "labels_by_split": {
            "train": {"sun": labels(1, 2), "moon": labels(neutral=1, absent=2)},
            "dev": {"sun": labels(neutral=1), "moon": labels(favor=1)},
            "test": {"sun": labels(1, 1, absent=1), "moon": labels(against=1, absent=2)},
        },
        "sentences_by_split": {"train": 3, "dev": 1, "test": 2},
        "labels_by_bloc_and_target": {
            "sun": {"EAST": labels(2, 2), "WEST": labels(against=1, neutral=1), "OTHER": labels(absent=1)},
            "moon": {
                "EAST": labels(neutral=1, absent=3),
                "WEST": labels(favor=1, absent=1),
                "OTHER": labels(against=1),
            },
        },
        "registers": {"briefing": 1, "headline": 1, "wire": 4},
        "attributions": {"headline": 1, "indirect": 4, "narrated_act": 1},
        "batches": {"1": 6},
    }
    assert (
        agreed["alpha_labels"]["all"] == agreement(handmade_template, ("sun", "moon"))["alpha_labels"]["all"]._asdict()
    )
    assert agreed["judgements"] == 14


def test_statistics_are_plain_json(handmade: Corpus, handmade_template: Path) -> None:
    stats = statistics(handmade, read_files(handmade_template))
    assert json.loads(json.dumps(stats)) == stats


def test_statistics_do_not_depend_on_the_order_of_rows(
    handmade: Corpus, handmade_template: Path, handmade_dir: Path
) -> None:
    for path in handmade_dir.rglob("*.csv"):
        write_rows(path, rows_of(path)[::-1])
    files = read_files(handmade_dir)
    assert statistics(join(files), files) == statistics(handmade, read_files(handmade_template))


def test_without_layers_there_is_no_agreement(synthetic: Corpus, synthetic_template: Path) -> None:
    stats = statistics(synthetic, read_files(synthetic_template))
    assert stats["alpha"] is None
    assert stats["agreement"] == {}
    assert (stats["sentences"], stats["judgements"], stats["events"], stats["split_units"]) == (200, 400, 200, 200)
    assert stats["sentences_by_split"] == {"train": 80, "dev": 20, "test": 100}


def test_a_corpus_without_split_has_no_counts_by_split(handmade_dir: Path) -> None:
    (handmade_dir / "splits" / "official.csv").unlink()
    files = read_files(handmade_dir)
    stats = statistics(join(files), files)
    assert stats["labels_by_split"] == {}
    assert stats["sentences_by_split"] == {}


def test_a_target_that_nobody_is_judged_on_counts_nought(handmade_dir: Path) -> None:
    path = handmade_dir / "judgements.csv"
    drop(path, *(line for line, row in enumerate(rows_of(path), 2) if row["target"] == "sun"))
    files = read_files(handmade_dir)
    assert statistics(join(files), files)["labels_by_target"] == {"sun": labels(), "moon": labels(1, 1, 1, 4)}


def test_statistics_stand_in_the_folder(handmade_template: Path, handmade: Corpus) -> None:
    stored = json.loads(statistics_file(handmade_template).read_text(encoding="utf-8"))
    assert stored["content_hash"] == handmade.content_hash
