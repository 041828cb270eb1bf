"""`stancebench score` on 9,800 predictions against a script that reads two CSV files and calls the scoring room."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from enlarged import enlarge
from paired import ratio, report, whole_process
from stancebench.corpora.load import load_corpus
from stancebench.runs.subsets import counter_prior_rows

SCRIPT = str(Path(__file__).with_name("score_script.py").absolute())
COPIES = 10
"""980 test judgements times this"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        corpus = load_corpus(str(enlarge(here / "corpus", COPIES)))
        corpus.table.assign(counter_prior=counter_prior_rows(corpus)).to_csv(here / "table.csv", index=False)
        test = corpus.table[corpus.table["split"] == "test"]
        rng = np.random.default_rng(0)
        drawn = rng.choice(["favor", "against", "none"], len(test))
        stance = np.where(rng.random(len(test)) < 0.7, test["stance"], drawn)
        predictions = test[["sentence_id", "holder", "target"]].assign(stance=stance)
        predictions.to_csv(here / "predictions.csv", index=False)
        ours = [str(Path(sys.executable).with_name("stancebench")), "score", "predictions.csv", "--corpus", "corpus"]
        plain = [sys.executable, SCRIPT, "table.csv", "predictions.csv"]
        figures = ratio(lambda: whole_process(ours, here), lambda: whole_process(plain, here), rounds=15)
    report(f"score of {len(test)} predictions / script on two CSV files", "at most 1.5", figures)


if __name__ == "__main__":
    main()
