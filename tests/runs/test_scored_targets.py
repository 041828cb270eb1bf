from __future__ import annotations

from pathlib import Path

import pandas as pd

from stancebench.corpora.table import load_table
from stancebench.corpora.table_source import read_source
from stancebench.runs.evaluation import prepare, score_predictions
from stancebench.runs.spec import Scoring
from stancebench.scoring import ScoreId
from stancebench.tasks import Task


def test_a_target_that_is_learnt_from_and_never_asked_for_has_no_score(tmp_path: Path) -> None:
    rows = [
        {
            "text": f"{split} {target} {i}",
            "target": target,
            "split": split,
            "stance": ("favor", "against", "none")[i % 3],
        }
        for target, split in (("pier", "train"), ("market", "test"))
        for i in range(60)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "mine.csv", index=False)
    source = read_source({"name": "mine", "files": [str(tmp_path / "mine.csv")], "columns": {"split": "split"}})
    prepared = prepare(load_table(source), Task("attributed", "text"))
    scored = score_predictions(prepared, prepared.test.assign(stance="against"), Scoring("semeval"))
    assert list(scored.confusion) == ["market"]
    assert scored.values[ScoreId("f_avg_macro")] == scored.values[ScoreId("f_avg", "market")]
    assert ScoreId("f_avg", "pier") not in scored.values


def test_scores_of_all_topics_together_are_under_a_key_of_their_own(tmp_path: Path) -> None:
    pd.DataFrame(
        [
            {"text": f"{word} {i}", "target": "pier", "stance": word}
            for word in ("favor", "against", "none")
            for i in range(9)
        ]
    ).to_csv(tmp_path / "mine.csv", index=False)
    declared = {"name": "mine", "files": [str(tmp_path / "mine.csv")]}
    one_by_one, together = (
        prepare(
            load_table(read_source({**declared, "open_targets": opened})), Task("attributed", "text"), "cross_validated"
        )
        for opened in (False, True)
    )
    assert one_by_one.data == together.data
    assert one_by_one.gold != together.gold
