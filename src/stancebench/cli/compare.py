"""`stancebench compare`: systems compared in pairs on the same test judgements; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stancebench.cli.printing import warnings_told
from stancebench.cli.score import Choices, given_corpus
from stancebench.errors import UsageError
from stancebench.reports.pairing import pair
from stancebench.reports.systems import named_systems
from stancebench.runs.spec import Scoring


@dataclass(frozen=True)
class Asked:
    """What was typed; what is None is that of the records."""

    names: Sequence[str]
    scores: Sequence[str] = ()
    correction: str = "holm"
    against: str = ""
    corpus: str | None = None
    task: str | None = None
    protocol: str | None = None
    mode: str | None = None
    rounds: int = 10_000
    level: float = 0.95
    cluster: str = "event"
    seed: int = 0


def compare_command(asked: Asked, form: str) -> int:
    """Print a comparison and return the exit code.

    Parameters
    ----------
    asked : Asked
        what was typed
    form : {"text", "json", "csv", "markdown", "latex"}
        how it is printed

    Raises
    ------
    UsageError
        when a name, score or option does not exist
    RecordError
        when the systems are not of the same test rows, or predictions are not here
    """
    scoring = _scoring(asked)
    if not asked.names:
        raise UsageError(
            "Say which systems: `stancebench compare A B`, each a record's key or path, a file of predictions, or "
            "EXPERIMENT:SYSTEM. Type for example `stancebench compare 'baselines:lexicon, text' 'baselines:stacked'`."
        )
    corpus = given_corpus(asked.corpus) if asked.corpus else None
    with warnings_told():
        shared = named_systems(asked.names, corpus=corpus, task=asked.task, protocol=asked.protocol)
    mode = scoring.mode if asked.mode else shared.scoring.mode
    shared = replace(shared, scoring=Scoring(mode, scoring.bootstrap))
    compared = pair(shared, asked.scores, correction=asked.correction, against=asked.against)
    if form == "json":
        print(json.dumps(compared.as_json(), indent=1, ensure_ascii=False))
    elif form == "text":
        print(compared.text())
    else:
        print({"csv": compared.csv, "markdown": compared.markdown, "latex": compared.latex}[form](), end="")
    return 0


def _scoring(asked: Asked) -> Scoring:
    """Return how is scored, options refused as `stancebench score` refuses them."""
    choices = Choices(mode=asked.mode or "strict", rounds=asked.rounds, cluster=asked.cluster, seed=asked.seed)
    scoring = choices.scoring()
    try:
        return replace(scoring, bootstrap=replace(scoring.bootstrap, level=asked.level))
    except ValueError as e:
        raise UsageError(f"--level: {e}. Type for example --level 0.95.") from None
