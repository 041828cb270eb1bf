"""What a researcher would write by hand with the scoring room: two CSV files joined, every score with its interval.

Arguments: the judgement table as CSV (with the columns split, label, group, and counter_prior worked out beforehand),
and the predictions as CSV. Nothing is checked beyond one row for each judgement, and the corpus is not loaded.
"""

import sys

import pandas as pd

from stancebench.scoring import Bootstrap, ScoredRows, score_values, tally
from stancebench.vocabulary import STANCES

KEY = ["sentence_id", "holder", "target"]

table = pd.read_csv(sys.argv[1], keep_default_na=False)
predictions = pd.read_csv(sys.argv[2], keep_default_na=False)
rows = table[table["split"] == "test"].merge(predictions, on=KEY, suffixes=("", "_predicted"), validate="one_to_one")
targets = tuple(sorted(rows["target"].unique()))
stances = {stance: i for i, stance in enumerate(STANCES)}
counts = tally(
    ScoredRows(
        gold=rows["stance"].map(stances).to_numpy(),
        predicted=rows["stance_predicted"].map(stances).to_numpy(),
        target=rows["target"].map({t: i for i, t in enumerate(targets)}).to_numpy(),
        cluster=pd.factorize(rows["group"], sort=True)[0],
        targets=targets,
        subsets={"neutral": (rows["label"] == "neutral").to_numpy(), "counter_prior": rows["counter_prior"].to_numpy()},
    )
)
intervals = Bootstrap().intervals(counts)
for which, value in score_values(counts).items():
    print(which, value.value, intervals[which].low, intervals[which].high)
