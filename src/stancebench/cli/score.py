"""`stancebench score`: a file of predictions, scored by the code that scores a run; nothing is written."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from stancebench.cli.printing import print_scores, warnings_told
from stancebench.cli.score_arguments import read
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.declared import declared_tables
from stancebench.corpora.load import corpus_names, load_corpus
from stancebench.errors import Declined, StancebenchError, UsageError, unknown
from stancebench.files import sha256_of
from stancebench.reports.text import intervals_line, left_out_line
from stancebench.runs.evaluation import CLUSTERS, Prepared, Scored, prepare, score_predictions
from stancebench.runs.keys import SCORING_VERSION
from stancebench.runs.predictions import check_predictions
from stancebench.runs.predictions_file import file_format, parsed, read_bytes
from stancebench.runs.record import ScoreEntry, score_entries
from stancebench.runs.spec import Scoring
from stancebench.scoring import Bootstrap
from stancebench.scoring.scores import Mode
from stancebench.tasks import Task
from stancebench.vocabulary import PROBABILITIES

if TYPE_CHECKING:
    import pandas as pd

OFFICIAL = "official"

TABLE_FILES = (".yaml", ".yml")
"""suffixes of a file that declares a table"""

CSV_COLUMNS = ("score", "target", "stance", "value", "low", "high", "undefined_replicates", "reason")


@dataclass(frozen=True)
class Choices:
    """What predictions are scored on, and how."""

    corpus: str = "coverage"
    task: str = "attributed"
    protocol: str = "official"
    format: str | None = None
    mode: str = "strict"
    rounds: int = 10_000
    cluster: str = "event"
    seed: int = 0

    def scoring(self) -> Scoring:
        """Return how predictions are scored.

        Raises
        ------
        UsageError
            when a value is not allowed
        """
        if self.mode not in get_args(Mode):
            raise unknown("mode", self.mode, get_args(Mode), "Type --mode strict or --mode semeval.")
        if self.cluster not in CLUSTERS:
            raise unknown("cluster", self.cluster, CLUSTERS, "Type for example --cluster event.")
        if self.seed < 0:
            raise UsageError(f"--seed must not be negative, got {self.seed}. Type for example --seed 0.")
        try:
            bootstrap = Bootstrap(rounds=self.rounds, seed=self.seed, cluster=self.cluster)
        except ValueError as e:
            raise UsageError(f"--rounds: {e}. Type for example --rounds 10000.") from None
        return Scoring(cast("Mode", self.mode), bootstrap)


@dataclass(frozen=True)
class Result:
    """Scores of a file, and all that they depend on."""

    prepared: Prepared
    scoring: Scoring
    scored: Scored
    entries: list[ScoreEntry]
    file: dict[str, Any]


def score_command(arguments: Sequence[str]) -> int:
    """Carry out what was typed after `stancebench score` and return the exit code."""
    typed = read(arguments)
    choices = Choices(**{f.name: getattr(typed, f.name) for f in fields(Choices)})
    score(typed.predictions, choices, "json" if typed.json else "csv" if typed.csv else "text")
    return 0


def score(predictions: str, choices: Choices, form: str) -> None:
    """Print the scores of a predictions file.

    Parameters
    ----------
    predictions : str
        path of the file
    choices : Choices
        what is scored on, and how
    form : {"text", "json", "csv"}
        how it is printed

    Raises
    ------
    UsageError
        when an option has a value that is not allowed
    Declined
        when the corpus cannot take part in the task or protocol
    RecordError
        when the file cannot be read, or is not of exactly the test rows
    CorpusError
        when the corpus is faulty
    """
    scoring = choices.scoring()
    # The holder and the text are no matter here: a task's inputs are what a model sees.
    task = Task(choices.task, "text")
    path = Path(predictions)
    kind = file_format(path, choices.format)
    data = read_bytes(path)
    table = parsed(data, path, kind)
    prepared = prepare(given_corpus(choices.corpus), task, choices.protocol)
    with warnings_told() as told:
        checked = _checked(table, prepared, path.name)
    scored = score_predictions(prepared, checked, scoring)
    file = {
        "file": path.name,
        "format": kind,
        "sha256": sha256_of(data),
        "rows": len(checked),
        "rows_with_probabilities": int(checked[list(PROBABILITIES)].notna().all(axis=1).sum()),
        "warnings": told,
    }
    result = Result(prepared, scoring, scored, score_entries(scored.values, scored.intervals), file)
    {"text": _print_text, "json": _print_json, "csv": _print_csv}[form](result)


def given_corpus(given: str) -> Corpus:
    """Return a corpus by name, folder, declared table, or file that declares one.

    Raises
    ------
    UsageError
        when there is none of that name
    """
    path = Path(given)
    if path.suffix in TABLE_FILES:
        from stancebench.corpora.table import load_table
        from stancebench.corpora.table_file import read_table_file

        return load_table(read_table_file(path))
    if (path / "corpus.yaml").is_file() or given in corpus_names():
        return load_corpus(given)
    declared = declared_tables()
    if given not in declared:
        if path.is_file():
            raise UsageError(
                f"{path.name} is a file of rows, and what its columns mean is not said. Give NAME.yaml, a "
                "file that declares it: docs/table.md."
            )
        raise unknown(
            "corpus",
            given,
            {*corpus_names(), *declared},
            "One of your own is given by its path: FOLDER, or NAME.yaml, which declares a table.",
        )
    # Only what a config declares needs Hydra, which costs as much as scoring.
    from stancebench.config.compose import corpus_source
    from stancebench.runs.execute import load_source

    return load_source(corpus_source(given))


def _checked(table: pd.DataFrame, prepared: Prepared, name: str) -> pd.DataFrame:
    try:
        return check_predictions(table, prepared, name)
    except Declined as e:
        told = re.sub(r"\bprotocol=(\w+)", r"--protocol \1", str(e))
        if prepared.protocol.name != OFFICIAL and _are_official(table, prepared):
            told += f" The rows of {name} are those of the official test: type --protocol {OFFICIAL}."
        raise Declined(told) from None


def _are_official(table: pd.DataFrame, prepared: Prepared) -> bool:
    """Return whether predictions could be scored under the official protocol."""
    table = table.drop(columns=["protocol", "fold"], errors="ignore")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            check_predictions(table, prepare(prepared.corpus, prepared.task, OFFICIAL))
        except StancebenchError:
            return False
    return True


def _print_text(result: Result) -> None:

    prepared, file = result.prepared, result.file
    corpus = prepared.corpus
    print(f"{file['file']} on {corpus.name}@{corpus.version}, {prepared.task.name}, {prepared.protocol}")
    print(
        f"{file['rows']} test judgements in {result.scored.clusters} clusters; "
        f"{intervals_line(asdict(result.scoring.bootstrap), result.scored.cluster)}"
    )
    if left_out := left_out_line(prepared.task.left_out(corpus)):
        print(left_out)
    print_scores(result.entries, result.scored.confusion)
    given = file["rows_with_probabilities"]
    print(f"Probabilities  {'in all rows; no score reads them' if given else 'none given'}")
    hashes = f"sha256 {file['sha256'][:16]}   corpus {corpus.content_hash[:16]}"
    print(f"File           {hashes}   scoring version {SCORING_VERSION}")


def _print_json(result: Result) -> None:
    import json

    prepared = result.prepared
    corpus = prepared.corpus
    values = {
        "predictions": result.file,
        "corpus": {"name": corpus.name, "version": corpus.version, "content_hash": corpus.content_hash},
        "task": prepared.task.name,
        "protocol": prepared.protocol.as_json(),
        "gold_hash": prepared.gold,
        "scoring": asdict(result.scoring),
        "scoring_version": SCORING_VERSION,
        "counts": {
            "test": len(prepared.test),
            "clusters": result.scored.clusters,
            "cluster": result.scored.cluster,
            "sentences_left_out": prepared.task.left_out(corpus),
        },
        "scores": [entry.model_dump() for entry in result.entries],
        "confusion": dict(result.scored.confusion),
    }
    print(json.dumps(values, indent=1, ensure_ascii=False))


def _print_csv(result: Result) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for entry in result.entries:
        writer.writerow([getattr(entry, column) for column in CSV_COLUMNS])
