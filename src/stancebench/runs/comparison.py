"""Two runs of the same choices compared: predictions, then scores, and the likely cause of what differs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import KEY
from stancebench.runs.provenance import OWN_PACKAGES
from stancebench.runs.record import Provenance, Record, ScoreEntry
from stancebench.vocabulary import PROBABILITIES

PROBABILITY_TOLERANCE = 1e-6
"""absolute, on probabilities; none where also threads and linear algebra are the record's"""

SHARE = 0.99
"""of predicted stances that must be equal under another lock, Python or platform"""

SCORE_TOLERANCE = 0.02
"""absolute, on scores and bounds under another lock, Python or platform"""

EXACT = 1e-12
"""absolute, on scores and bounds under the same: the order of a sum may differ between processors"""

OF_PREDICTIONS = ("corpus", "data", "split", "model_version", "choices")
OF_SCORES = ("corpus", "gold", "scoring_version", "choices")
"""what goes into predictions, and into the scores of given predictions"""

UNRECORDED = "not recorded"
"""as in a record of an older schema version"""

UNKNOWN_CAUSE = "none is known: corpus, versions, threads and commit are the record's; does the model use its seed?"

EDITED = (
    "the scores are not those of the recorded predictions: the record was edited, or scoring changed and its version "
    "was not raised"
)


UNTOLD = "the record was edited, or its model does not use its seed: only its predictions, which are not here, can tell"


@dataclass(frozen=True)
class Difference:
    """One thing that is not as recorded.

    Attributes
    ----------
    what : str
        what differs: ``status``, ``predictions``, ``probabilities``, ``scores``, ``confusion``; what may cause it:
        ``corpus``, ``data``, ``split``, ``gold``, ``model_version``, ``scoring_version``, ``choices``, the name of a
        package, ``python``, ``platform``, ``blas``, ``threads``, ``stancebench``, ``commit``
    recorded, now : str
        the two values
    cause : str
        the likely cause
    """

    what: str
    recorded: str
    now: str
    cause: str

    def __str__(self) -> str:
        was = self.recorded if self.recorded == UNRECORDED else f"{self.recorded} recorded"
        return f"{self.what}: {was}, {self.now} now"


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
        whether lock, Python and platform are those of the record, so that every stance had to be equal
    bitwise : bool
        whether threads and linear algebra are too, so that probabilities had to be equal to the last digit
    rows : int
        predictions compared; 0 where the record's predictions are not at hand
    equal : float or None
        share of predicted stances that are equal
    probability_difference : float or None
        largest absolute difference of a probability; None where there are none
    score_difference : float
        largest absolute difference of a score or a bound; infinite where one is missing
    differences : tuple of Difference
        what did not reproduce, the first first, then what else is not as recorded
    """

    score_key: str
    model: str
    same: bool
    exact: bool
    bitwise: bool
    rows: int
    equal: float | None
    probability_difference: float | None
    score_difference: float
    differences: tuple[Difference, ...]

    @property
    def first_difference(self) -> Difference | None:
        """What did not reproduce first, or None."""
        return None if self.same else self.differences[0]

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        # JSON knows no infinity: scores that cannot be compared differ without bound.
        apart = None if math.isinf(self.score_difference) else self.score_difference
        first = self.first_difference
        return {**asdict(self), "score_difference": apart, "first_difference": first and asdict(first)}


def compare(record: Record, again: Record, before: pd.DataFrame | None, after: pd.DataFrame | None) -> Reproduction:
    """Compare a record with that of the same choices run again.

    Parameters
    ----------
    record, again : Record
        as recorded, and now
    before, after : pandas.DataFrame or None
        their predictions; without both only scores are compared

    Returns
    -------
    Reproduction
    """
    inputs = list(_inputs(record, again))
    versions = list(_versions(record.provenance, again.provenance))
    machine = list(_machine(record.provenance, again.provenance))
    code = list(_code(record.provenance, again.provenance))
    exact = not versions
    bitwise = exact and not machine
    outer = [*versions, *machine, *code]
    changed = _among(inputs, OF_PREDICTIONS) if record.prediction_key != again.prediction_key else []
    cause = _first_cause([*changed, *outer])

    faults: list[Difference] = []
    if record.status != again.status:
        faults.append(Difference("status", _status(record), _status(again), _first_cause([*inputs, *outer])))
    compared = None if before is None or after is None else _predictions(before, after)
    if compared is not None:
        faults += _prediction_faults(compared, exact=exact, bitwise=bitwise, cause=cause)
    if compared is None:
        nearer = [*inputs, *versions, *machine]
        of_scores = _first_cause(nearer) if nearer else _code_or(UNTOLD, code)
    elif compared.first:
        of_scores = cause
    else:
        scored = _among(inputs, OF_SCORES) if record.score_key != again.score_key else []
        of_scores = _first_cause([*scored, *versions]) if scored or versions else _code_or(EDITED, code)
    worst, apart = _scores(record, again, EXACT if exact else SCORE_TOLERANCE, of_scores)
    if worst:
        faults.append(worst)
    elif exact and not faults and record.confusion != again.confusion:
        faults.append(_confusion(record.confusion, again.confusion, of_scores))
    return Reproduction(
        score_key=record.score_key,
        model=str(record.run["model"]),
        same=not faults,
        exact=exact,
        bitwise=bitwise,
        rows=compared.rows if compared else 0,
        equal=compared.equal if compared else None,
        probability_difference=compared.apart if compared else None,
        score_difference=apart,
        differences=(*faults, *inputs, *outer),
    )


def _status(record: Record) -> str:
    return f"{record.status} ({record.reason})" if record.reason else record.status


def _among(differences: Iterable[Difference], names: Iterable[str]) -> list[Difference]:
    return [d for d in differences if d.what in names]


def _first_cause(candidates: Iterable[Difference]) -> str:
    for difference in candidates:
        return f"{difference}: {difference.cause}"
    return UNKNOWN_CAUSE


def _code_or(cause: str, code: list[Difference]) -> str:
    return f"{cause} ({code[0]})" if code else cause


def _inputs(record: Record, again: Record) -> Iterator[Difference]:
    """Yield what went in and is not as recorded, nearest to the corpus first."""
    data, split, gold = (
        Difference(what, was[:16], now[:16], cause)
        for what, was, now, cause in (
            ("data", record.data_hash, again.data_hash, "texts, holders or train labels have changed"),
            ("split", record.split_hash, again.split_hash, "the split, or the protocol's folds, have changed"),
            ("gold", record.gold_hash, again.gold_hash, "test labels, events or subsets have changed"),
        )
    )
    parts = [part for part in (data, split, gold) if part.recorded != part.now]
    content = record.corpus.content_hash == again.corpus.content_hash
    was, now = (f"{c.name}@{c.version} {c.content_hash[:16]}" for c in (record.corpus, again.corpus))
    if was != now:
        yield Difference(
            "corpus", was, now, "another name or version only" if content else _other_corpus(record, again, parts)
        )
    yield from parts
    versions = (
        ("model_version", record.model_version, again.model_version, "the model was changed on purpose since"),
        ("scoring_version", record.scoring_version, again.scoring_version, "scores are defined otherwise since"),
    )
    for what, before, after, cause in versions:
        if before != after:
            yield Difference(what, str(before), str(after), cause)
    if content and _chosen_otherwise(record, again):
        was, now = (f"key {r.prediction_key[:8]}/{r.score_key[:8]}" for r in (record, again))
        yield Difference("choices", was, now, "the record's choices were edited, or keys are made otherwise since")


def _other_corpus(record: Record, again: Record, parts: list[Difference]) -> str:
    changed = [part.cause for part in parts]
    if record.prediction_key != again.prediction_key and _chosen_otherwise(record, again):
        # Of all that a prediction key is made of, only this is not in the record by itself.
        changed = ["aliases of targets have changed", *changed]
    told = "; ".join(changed) or "actors, or what no model and no score reads"
    return f"another edition, changed files, or another corpus of that name: {told}"


def _chosen_otherwise(record: Record, again: Record) -> bool:
    """Return whether a key differs though all that went in, but the choices, is the same."""
    if record.prediction_key != again.prediction_key:
        return (record.data_hash, record.model_version) == (again.data_hash, again.model_version)
    scored = (record.gold_hash, record.scoring_version) == (again.gold_hash, again.scoring_version)
    return scored and record.score_key != again.score_key


def _versions(was: Provenance, now: Provenance) -> Iterator[Difference]:
    """Yield differences of lock, Python and platform; a package of ours that one run did not load is not compared."""
    for name in sorted((set(was.packages) ^ set(now.packages)) - OWN_PACKAGES):
        before, after = (p.packages.get(name, "not there") for p in (was, now))
        yield Difference(name, before, after, "the model comes from another package")
    for name in sorted(set(was.packages) & set(now.packages)):
        if was.packages[name] != now.packages[name]:
            yield Difference(name, was.packages[name], now.packages[name], f"another version of {name}")
    if was.python != now.python:
        yield Difference("python", was.python, now.python, "another Python")
    if was.platform != now.platform:
        yield Difference("platform", was.platform, now.platform, "another platform")


def _machine(was: Provenance, now: Provenance) -> Iterator[Difference]:
    """Yield differences of linear algebra and threads, which change the order of sums."""
    before, after = ({*p.blas.split(", ")} for p in (was, now))
    # Which libraries are loaded depends on what ran before in the process.
    if not (before <= after or after <= before) or not (was.blas and now.blas):
        yield Difference("blas", was.blas or UNRECORDED, now.blas or UNRECORDED, "sums in another order")
    if was.threads != now.threads:
        then = f"; set OMP_NUM_THREADS={was.threads}" if was.threads else ""
        yield Difference("threads", str(was.threads or UNRECORDED), str(now.threads), f"sums in another order{then}")


def _code(was: Provenance, now: Provenance) -> Iterator[Difference]:
    if was.stancebench != now.stancebench:
        yield Difference("stancebench", was.stancebench, now.stancebench, "another release")
    before, after = (
        (p.git_commit[:10] or "none") + (" with uncommitted changes" if p.git_dirty else "") for p in (was, now)
    )
    if before != after:
        yield Difference("commit", before, after, "the code is another")
    elif was.git_dirty:
        yield Difference("commit", before, after, "what was changed is not known")


@dataclass(frozen=True)
class _Compared:
    rows: int
    equal: float
    n_unequal: int
    first: tuple[str, str, str] | None
    apart: float | None
    furthest: tuple[str, str]


def _predictions(before: pd.DataFrame, after: pd.DataFrame) -> _Compared:
    key = list(KEY)
    joined = before.merge(after, on=key, how="outer", suffixes=("", "_now"), indicator=True).sort_values(key)
    same = ((joined["_merge"] == "both") & (joined["stance"] == joined["stance_now"])).to_numpy()
    names = ["/".join(row) for row in zip(*(joined[k] for k in KEY), strict=True)]
    first = None
    if not same.all():
        i = int(np.argmin(same))
        first = (names[i], _shown(joined["stance"].iloc[i]), _shown(joined["stance_now"].iloc[i]))
    was = joined[list(PROBABILITIES)].to_numpy(dtype=float)
    now = joined[[f"{p}_now" for p in PROBABILITIES]].to_numpy(dtype=float)
    one, other = np.isnan(was), np.isnan(now)
    distance = np.where(one & other, 0.0, np.where(one | other, 1.0, np.abs(was - now)))
    furthest = ("", "")
    apart = None
    if not (one & other).all():
        row, column = np.unravel_index(int(distance.argmax()), distance.shape)
        apart = float(distance[row, column])
        where = f"{names[row]} {PROBABILITIES[column]}"
        furthest = (f"{where} {was[row, column]:.17g}", f"{where} {now[row, column]:.17g}")
    return _Compared(len(joined), float(same.mean()), int((~same).sum()), first, apart, furthest)


def _shown(stance: object) -> str:
    return stance if isinstance(stance, str) else "no prediction"


def _prediction_faults(compared: _Compared, *, exact: bool, bitwise: bool, cause: str) -> Iterator[Difference]:
    if compared.first and (exact or compared.equal < SHARE):
        where, was, now = compared.first
        more = f" ({compared.n_unequal} of {compared.rows} differ)"
        yield Difference("predictions", f"{where} {was}", f"{now}{more}", cause)
    allowed = 0.0 if bitwise else PROBABILITY_TOLERANCE
    if compared.apart is not None and compared.apart > allowed:
        was, now = compared.furthest
        yield Difference("probabilities", was, f"{now} ({compared.apart:.1e} apart, {allowed:g} allowed)", cause)


def _scores(record: Record, again: Record, tolerance: float, cause: str) -> tuple[Difference | None, float]:
    """Return what differs most beyond tolerance, a score before a bound, and the largest difference.

    One that is missing differs without bound, and so does a bound; between two versions of scoring only what both have
    is compared, since scores are added and bounds withheld on purpose.
    """
    was, now = ({_name(s): s for s in r.scores} for r in (record, again))
    redefined = record.scoring_version != again.scoring_version
    if redefined:
        was, now = ({n: s for n, s in mine.items() if n in other} for mine, other in ((was, now), (now, was)))
    for name in (*(n for n in was if n not in now), *(n for n in now if n not in was)):
        there = [name if name in scores else f"no {name}" for scores in (was, now)]
        return Difference("scores", there[0], there[1], cause), math.inf

    def furthest(*parts: str) -> tuple[float, str, float | None, float | None]:
        names = [n for n in was if parts == ("value",) or not (redefined and _one_withholds(was[n], now[n]))]
        pairs = [(f"{n} {p}", getattr(was[n], p), getattr(now[n], p)) for n in names for p in parts]
        apart = [(_apart(before, after), name, before, after) for name, before, after in pairs]
        return max(apart, key=itemgetter(0), default=(0.0, "", None, None))

    value, bound = furthest("value"), furthest("low", "high")
    largest, name, before, after = value if value[0] > tolerance else bound
    worst = Difference("scores", f"{name.removesuffix(' value')} {_value(before)}", _value(after), cause)
    return worst if largest > tolerance else None, max(value[0], bound[0])


def _one_withholds(was: ScoreEntry, now: ScoreEntry) -> bool:
    return (was.low is None) != (now.low is None)


def _name(entry: ScoreEntry) -> str:
    return ".".join(part for part in (entry.score, entry.target, entry.stance, entry.bloc) if part)


def _value(value: float | None) -> str:
    return "undefined" if value is None else repr(value)


def _apart(was: float | None, now: float | None) -> float:
    if was is None or now is None:
        return 0.0 if was is now else math.inf
    apart = abs(was - now)
    return math.inf if math.isnan(apart) else apart


def _confusion(was: dict[str, list[list[int]]], now: dict[str, list[list[int]]], cause: str) -> Difference:
    target = next(t for t in (*was, *now) if was.get(t) != now.get(t))
    return Difference("confusion", f"{target} {was.get(target)}", str(now.get(target)), cause)
