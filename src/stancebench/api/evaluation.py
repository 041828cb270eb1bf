"""What an evaluation says: scores, predictions and confusion tables, as data frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape

import pandas as pd

from stancebench.corpora.corpus import KEY, Corpus
from stancebench.errors import unknown
from stancebench.protocols import Protocol
from stancebench.reports.text import intervals_line, score_lines, shown_scores
from stancebench.runs.evaluation import Prepared, Scored
from stancebench.runs.record import ScoreEntry, score_entries
from stancebench.runs.spec import Scoring
from stancebench.vocabulary import STANCES, UNKNOWN

SCORE_COLUMNS = list(ScoreEntry.model_fields)


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """Scores of a set of predictions, and what they are of.

    Attributes
    ----------
    model : str
        what predicted: a registered name, the class of an estimator, or the name of a file
    corpus : Corpus
        whose gold was scored against
    task : {"attributed", "sentence"}
        what was asked
    inputs : str
        what the estimator saw; empty where predictions were given
    protocol : Protocol
        how the corpus became train and test
    scoring : Scoring
        mode and intervals
    predictions : pandas.DataFrame
        one row for each test judgement: ``sentence_id, holder, target, stance`` and ``p_favor, p_against, p_none``, NaN
        where there are none; behind them those of changed sentences, where the corpus has contrast pairs
    scores : pandas.DataFrame
        one row a score: ``score, target, stance, bloc, value, low, high, undefined_replicates, reason``; ``target``,
        ``stance`` and ``bloc`` are empty where a score is of all of them, numbers are NaN where they are undefined
    confusion : mapping of str to pandas.DataFrame
        by target: gold (rows) by predicted (columns), as counts
    test : pandas.DataFrame
        one row for each test judgement: ``sentence_id, holder, target, text, label, gold, predicted``
    clusters : int
        how many clusters were resampled
    cluster : str
        what a cluster is: ``event``, ``document``, ``row``, or ``sentence`` where a corpus declares no events
    """

    model: str
    corpus: Corpus
    task: str
    inputs: str
    protocol: Protocol
    scoring: Scoring
    predictions: pd.DataFrame
    scores: pd.DataFrame
    confusion: Mapping[str, pd.DataFrame]
    test: pd.DataFrame
    clusters: int
    cluster: str

    def value(self, score: str, target: str = "", stance: str = "", bloc: str = "") -> float:
        """Return the value of a score.

        Parameters
        ----------
        score : str
            its name, such as ``"f_avg_macro"``; or with target and stance, as ``"f_avg.nato"`` or ``"f1.nato.favor"``
        target : str, default=""
            empty for all targets
        stance : str, default=""
            empty for all stances
        bloc : str, default=""
            empty for the holders of all blocs

        Returns
        -------
        float
            NaN where it is undefined

        Raises
        ------
        UsageError
            when there is no such score
        """
        return float(self._row(score, target, stance, bloc)["value"])

    def interval(self, score: str, target: str = "", stance: str = "", bloc: str = "") -> tuple[float, float]:
        """Return the bounds of a score, NaN where it has none; parameters as for `value`."""
        row = self._row(score, target, stance, bloc)
        return float(row["low"]), float(row["high"])

    def __getitem__(self, score: str) -> float:
        return self.value(score)

    def _row(self, score: str, target: str, stance: str, bloc: str) -> pd.Series:
        name = ".".join(part for part in (score, target, stance, bloc) if part)
        names = self._names()
        if name not in names:
            raise unknown("score", name, names, "The data frame `scores` has them all.")
        return self.scores.iloc[names.index(name)]

    def _names(self) -> list[str]:
        parts = zip(*(self.scores[c] for c in ("score", "target", "stance", "bloc")), strict=True)
        return [".".join(filter(None, row)) for row in parts]

    def _entries(self) -> list[ScoreEntry]:
        rows = self.scores.astype(object).where(self.scores.notna(), None)
        return [ScoreEntry.model_validate(row) for row in rows.to_dict("records")]

    def _header(self) -> tuple[str, str]:
        corpus = f"{self.corpus.name}@{self.corpus.version}"
        made = intervals_line(asdict(self.scoring.bootstrap), self.cluster)
        asked = f"{self.task} from {self.inputs}" if self.inputs else self.task
        return (
            f"{self.model} on {corpus}, {asked}, {self.protocol}",
            f"{len(self.test)} test judgements in {self.clusters} clusters; {made}",
        )

    def __str__(self) -> str:
        return "\n".join([*self._header(), *score_lines(self._entries(), self.confusion)])

    def __repr__(self) -> str:
        return f"<Evaluation: {self._header()[0]}; f_avg_macro {self._headline()}>"

    def _headline(self) -> str:
        return next((line.split(maxsplit=1)[1] for line in score_lines(self._entries(), ())), "-")

    def _repr_html_(self) -> str:
        shown = [(name, entry) for name, entry in shown_scores(self._entries(), self.confusion) if entry]
        table = pd.DataFrame(
            [(entry.value, entry.low, entry.high, entry.reason) for _, entry in shown],
            index=[name for name, _ in shown],
            columns=["value", "low", "high", "reason"],
        )
        head = "<br>".join(map(escape, self._header()))
        body = table.to_html(float_format="{:.4f}".format, na_rep="")
        return f"<p>{head}</p>\n{body}"


def evaluation(
    model: str,
    inputs: str,
    *,
    prepared: Prepared,
    predictions: pd.DataFrame,
    scored: Scored,
    scoring: Scoring,
) -> Evaluation:
    """Return an evaluation from what the runs room gives.

    Parameters
    ----------
    model : str
        what predicted
    inputs : str
        what it saw; empty where that is not known
    prepared : Prepared
        gold
    predictions : pandas.DataFrame
        one row for each test row, in their order
    scored : Scored
        their scores
    scoring : Scoring
        how they were made
    """
    entries = score_entries(scored.values, scored.intervals)
    scores = pd.DataFrame([entry.model_dump() for entry in entries], columns=SCORE_COLUMNS)
    scores = scores.astype({"value": float, "low": float, "high": float, "undefined_replicates": int})
    classes = (*STANCES, UNKNOWN)
    gold_axis, predicted_axis = (pd.Index(classes, name=name, dtype=object) for name in ("gold", "predicted"))
    gold = prepared.test[[*KEY, "text", "label", "stance"]].rename(columns={"stance": "gold"}).reset_index(drop=True)
    return Evaluation(
        model=model,
        corpus=prepared.corpus,
        task=prepared.task.name,
        inputs=inputs,
        protocol=prepared.protocol,
        scoring=scoring,
        predictions=predictions,
        scores=scores,
        confusion={
            target: pd.DataFrame(counts, gold_axis, predicted_axis) for target, counts in scored.confusion.items()
        },
        test=gold.assign(predicted=prepared.tested(predictions)["stance"].to_numpy(dtype=object)),
        clusters=scored.clusters,
        cluster=scored.cluster,
    )
