"""A record run again, and what is different: predictions, then scores, with the likely cause."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import KEY
from stancebench.errors import RecordError
from stancebench.files import sha256_of
from stancebench.runs.evaluation import PROBABILITIES
from stancebench.runs.execute import BuildConfig, Runner
from stancebench.runs.record import Provenance, Record
from stancebench.runs.spec import RunSpec, spec_from_json
from stancebench.runs.store import RunStore, read_predictions

PROBABILITY_TOLERANCE = 1e-6
"""absolute, on probabilities under another lock, Python or platform"""

SHARE = 0.99
"""of predicted stances that must be equal under another lock, Python or platform"""

SCORE_TOLERANCE = 0.02
"""absolute, on scores and bounds under another lock, Python or platform"""

EXACT = 1e-12
"""absolute, on scores under the same lock, Python and platform: the order of a sum may differ between processors"""


@dataclass(frozen=True)
class Difference:
    """One thing that is not as recorded.

    Attributes
    ----------
    what : str
        what differs: ``corpus``, ``split``, ``model_version``, ``predictions``, ``probabilities``, ``scores`` ...
    recorded, now : str
        the two values
    cause : str
        the likely cause
    """

    what: str
    recorded: str
    now: str
    cause: str


@dataclass(frozen=True)
class Reproduction:
    """What came of running a record again.

    Attributes
    ----------
    score_key, model : str
        of the record
    same : bool
        whether it reproduced
    exact : bool
        whether lock, Python, platform, linear algebra and threads are those of the record, so that everything had to
        be equal
    rows : int
        predictions compared; 0 where the record's predictions are not at hand
    equal : float or None
        share of predicted stances that are equal
    probability_difference : float or None
        largest absolute difference of a probability; None where there are none
    score_difference : float
        largest absolute difference of a score or a bound; infinite where one is missing
    differences : tuple of Difference
        what is not as recorded, the first first; also those that change no number
    """

    score_key: str
    model: str
    same: bool
    exact: bool
    rows: int
    equal: float | None
    probability_difference: float | None
    score_difference: float
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        first = self.differences[0] if self.differences and not self.same else None
        # JSON knows no infinity: scores that cannot be compared differ without bound.
        apart = None if math.isinf(self.score_difference) else self.score_difference
        return {**asdict(self), "score_difference": apart, "first_difference": first and asdict(first)}


def reproduce(
    record: Record, predictions: Path | None, build_config: BuildConfig, corpus: str | None = None
) -> Reproduction:
    """Run a record's resolved choices again and compare.

    Nothing is taken from a store and nothing is kept: the run is made afresh in a temporary folder. The model is the
    one that is registered here under the record's name; no code of the record's commit is fetched or run.

    Parameters
    ----------
    record : Record
        what was run
    predictions : pathlib.Path or None
        the record's predictions; None compares scores only
    build_config : callable
        from plain values to a model's config dataclass
    corpus : str, default=None
        where the record's corpus lies, if not under its name

    Returns
    -------
    Reproduction

    Raises
    ------
    UsageError
        when the model or corpus is not known here
    RecordError
        when the predictions are not those that the record names
    """
    spec = _elsewhere(spec_from_json(record.run), corpus)
    recorded = _recorded_predictions(record, predictions)
    with tempfile.TemporaryDirectory(prefix="stancebench-") as folder:
        store = RunStore(Path(folder))
        again = Runner(store, build_config).run(spec).record
        table = None
        if again.predictions:
            table = read_predictions((store.predictions / again.predictions.file).read_bytes())
    return _compare(record, again, recorded, table)


def _elsewhere(spec: RunSpec, corpus: str | None) -> RunSpec:
    """Return the spec with its corpus where it lies now: a folder of its own, or the folder of a table's files."""
    if corpus is None:
        return spec
    if isinstance(spec.corpus, str):
        return replace(spec, corpus=corpus)
    return replace(spec, corpus=spec.corpus.model_copy(update={"folder": corpus}))


def _recorded_predictions(record: Record, path: Path | None) -> pd.DataFrame | None:
    if path is None or record.predictions is None or not path.is_file():
        return None
    data = path.read_bytes()
    if sha256_of(data) != record.predictions.sha256:
        raise RecordError(
            f"{path.name} is not the predictions file that the record names: its sha256 is {sha256_of(data)[:16]}..., "
            f"the record says {record.predictions.sha256[:16]}... Restore it, or remove it to compare scores only."
        )
    return read_predictions(data)


def _compare(record: Record, again: Record, before: pd.DataFrame | None, after: pd.DataFrame | None) -> Reproduction:
    exact = not any(_surroundings(record.provenance, again.provenance))
    tolerance = EXACT if exact else SCORE_TOLERANCE
    inputs = tuple(_inputs(record, again))
    cause = _cause(record, again, inputs)
    faults: list[Difference] = []
    if (record.status, record.reason) != (again.status, again.reason):
        faults.append(Difference("status", f"{record.status} {record.reason}", f"{again.status} {again.reason}", cause))
    equal = probability = None
    rows = 0
    if before is not None and after is not None:
        compared = _predictions(before, after)
        rows, equal, probability = compared.rows, compared.equal, compared.probability
        faults += _prediction_faults(compared, exact=exact, cause=cause)
    worst, difference = _scores(record, again, cause)
    if difference > tolerance:
        faults.append(worst)
    return Reproduction(
        score_key=record.score_key,
        model=record.run["model"],
        same=not faults,
        exact=exact,
        rows=rows,
        equal=equal,
        probability_difference=probability,
        score_difference=difference,
        differences=(*faults, *inputs, *_surroundings(record.provenance, again.provenance)),
    )


def _inputs(record: Record, again: Record) -> Iterator[Difference]:
    """Yield what went in and is not as recorded, nearest to the corpus first."""
    pairs: list[tuple[str, object, object, str]] = [
        (
            "corpus",
            f"{record.corpus.name}@{record.corpus.version} {record.corpus.content_hash[:16]}",
            f"{again.corpus.name}@{again.corpus.version} {again.corpus.content_hash[:16]}",
            "the corpus is another edition, or its files were changed",
        ),
        ("data", record.data_hash[:16], again.data_hash[:16], "what the model sees of the corpus has changed"),
        ("split", record.split_hash[:16], again.split_hash[:16], "the split or the protocol's folds have changed"),
        ("gold", record.gold_hash[:16], again.gold_hash[:16], "test labels, events or subsets have changed"),
        ("model_version", record.model_version, again.model_version, "the model was changed on purpose since"),
        ("scoring_version", record.scoring_version, again.scoring_version, "scores are defined otherwise since"),
    ]
    for what, was, now, cause in pairs:
        if was != now:
            yield Difference(what, str(was), str(now), cause)


def _surroundings(was: Provenance, now: Provenance) -> Iterator[Difference]:
    """Yield differences of lock, Python, platform and threads."""
    for name in sorted(set(was.packages) & set(now.packages)):
        if was.packages[name] != now.packages[name]:
            yield Difference(name, was.packages[name], now.packages[name], f"another version of {name}")
    pairs = (
        ("python", was.python, now.python, "another Python"),
        ("platform", was.platform, now.platform, "another platform"),
        ("blas", was.blas, now.blas, "sums in another order: linear algebra for other processors"),
        ("threads", str(was.threads), str(now.threads), "sums in another order: another number of threads"),
    )
    for what, before, after, cause in pairs:
        if before != after:
            yield Difference(what, before, after, cause)


def _cause(record: Record, again: Record, inputs: tuple[Difference, ...]) -> str:
    for difference in (*inputs, *_surroundings(record.provenance, again.provenance)):
        return f"{difference.what}: {difference.cause} ({difference.recorded} recorded, {difference.now} now)"
    was, now = record.provenance, again.provenance
    if was.git_commit != now.git_commit:
        commits = [made.git_commit[:10] or "none" for made in (was, now)]
        return f"commit: the code is another ({commits[0]} recorded, {commits[1]} now)"
    if was.git_dirty or now.git_dirty:
        return "commit: files were changed and not committed"
    return "none is known: the same corpus, versions, threads and commit; the model may draw without its seed"


@dataclass(frozen=True)
class _Compared:
    rows: int
    equal: float
    probability: float | None
    first: tuple[str, str, str] | None


def _predictions(before: pd.DataFrame, after: pd.DataFrame) -> _Compared:
    key = list(KEY)
    joined = before.merge(after, on=key, how="outer", suffixes=("", "_now"), indicator=True).sort_values(key)
    same = (joined["_merge"] == "both") & (joined["stance"] == joined["stance_now"])
    unequal = joined[~same]
    first = None
    if len(unequal):
        row = unequal.iloc[0]
        first = ("/".join(str(row[k]) for k in KEY), _shown(row["stance"]), _shown(row["stance_now"]))
    was = joined[PROBABILITIES].to_numpy(dtype=float)
    now = joined[[f"{p}_now" for p in PROBABILITIES]].to_numpy(dtype=float)
    both = ~np.isnan(was) & ~np.isnan(now)
    apart = np.where(both, np.abs(was - now), np.where(np.isnan(was) & np.isnan(now), 0.0, 1.0))
    probability = float(apart.max()) if (~np.isnan(was)).any() or (~np.isnan(now)).any() else None
    return _Compared(len(joined), float(same.mean()), probability, first)


def _shown(stance: object) -> str:
    return stance if isinstance(stance, str) else "no prediction"


def _prediction_faults(compared: _Compared, *, exact: bool, cause: str) -> Iterator[Difference]:
    if compared.first and (exact or compared.equal < SHARE):
        where, was, now = compared.first
        yield Difference("predictions", f"{where} {was}", f"{where} {now}", cause)
    allowed = 0.0 if exact else PROBABILITY_TOLERANCE
    if compared.probability is not None and compared.probability > allowed and compared.equal == 1.0:
        yield Difference("probabilities", "0", f"{compared.probability:.3g} apart, {allowed:g} allowed", cause)


def _scores(record: Record, again: Record, cause: str) -> tuple[Difference, float]:
    """Return the score or bound that differs most, and by how much; a missing one differs without bound."""
    now = {(s.score, s.target, s.stance): s for s in again.scores}
    worst, largest = Difference("scores", "", "", cause), 0.0
    if {(s.score, s.target, s.stance) for s in record.scores} != set(now):
        return Difference("scores", f"{len(record.scores)} scores", f"{len(again.scores)} scores", cause), math.inf
    for entry in record.scores:
        other = now[entry.score, entry.target, entry.stance]
        name = ".".join(part for part in (entry.score, entry.target, entry.stance) if part)
        for bound in ("value", "low", "high"):
            difference = _apart(getattr(entry, bound), getattr(other, bound))
            if difference > largest:
                title = name if bound == "value" else f"{name} {bound}"
                was, is_now = (f"{title} {getattr(which, bound)}" for which in (entry, other))
                worst, largest = Difference("scores", was, is_now, cause), difference
    return worst, largest


def _apart(was: float | None, now: float | None) -> float:
    if was is None or now is None:
        return 0.0 if was is now else math.inf
    return abs(was - now)
