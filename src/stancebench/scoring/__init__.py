"""Scores, intervals and agreement: arrays in, values out. No I/O, no Hydra, no MLflow."""

from stancebench.scoring.resampling import Bootstrap, cluster_weights
from stancebench.scoring.scores import SCORES, Score, ScoreId, ScoreValue, score_arrays, score_values
from stancebench.scoring.tally import ScoredRows, Tally, tally

__all__ = [
    "SCORES",
    "Bootstrap",
    "Score",
    "ScoreId",
    "ScoreValue",
    "ScoredRows",
    "Tally",
    "cluster_weights",
    "score_arrays",
    "score_values",
    "tally",
]
