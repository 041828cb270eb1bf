"""Anybody's predictions held against the test rows: everything that is wrong with them is told at once."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from stancebench.corpora.corpus import KEY
from stancebench.errors import RecordError, nearest
from stancebench.runs.fitting import PREDICTION_COLUMNS, SUM_TOLERANCE
from stancebench.runs.predictions_file import KNOWN, read_predictions_file
from stancebench.runs.prepared import Prepared
from stancebench.vocabulary import LABELS, PROBABILITIES, STANCES, UNKNOWN

__all__ = ["SUM_TOLERANCE", "check_predictions", "read_predictions_file"]

FloatArray = npt.NDArray[np.float64]
Key = tuple[str, str, str]

FEW = 5
"""rows a message names before it only counts"""

MISSPELT = 0.75
"""how near an unread column must be to a known one, since it may well be meant as it is"""


@dataclass(frozen=True)
class _File:
    """The columns of a predictions file that are read, as lists, and what its rows are called."""

    places: list[str]
    keys: list[Key]
    stance: list[str]


def check_predictions(predictions: pd.DataFrame, prepared: Prepared, name: str = "The predictions") -> pd.DataFrame:
    """Return predictions as a run keeps them, or refuse them.

    Warns of columns that are not read, and of stances that are not the most probable one.

    Parameters
    ----------
    predictions : pandas.DataFrame
        with the columns ``sentence_id, holder, target, stance``, and ``p_favor, p_against, p_none`` or none of them;
        ``holder`` may be left out or empty where the task does not give it. Ids are compared as strings. A column
        ``corpus``, ``task``, ``protocol`` or ``fold`` must hold what is scored; ``seed`` one value
    prepared : Prepared
        whose test rows the predictions are of; the rows of its changed sentences may be with them, all or none
    name : str, default="The predictions"
        what the message calls them

    Returns
    -------
    pandas.DataFrame
        one row for each test row, in their order, and then those of changed sentences if they are given; probabilities
        are NaN where none are given

    Raises
    ------
    Declined
        when the corpus cannot take part in the task or protocol
    RecordError
        one message with every fault: rows that are missing, foreign or twice there, unknown stances, bad probabilities
    """
    prepared.refuse_declined()
    columns = set(predictions.columns)
    if absent := [c for c in ("sentence_id", "target", "stance") if c not in columns]:
        raise RecordError(
            f"{name}: there is no column {', '.join(map(repr, absent))}. Known columns: {', '.join(KNOWN)}."
        )
    changed = set(prepared.constructed["sentence_id"])
    rows = prepared.asked if changed & set(_strings(predictions["sentence_id"])) else prepared.test
    gold = list(zip(*(rows[c].tolist() for c in KEY), strict=True))
    unit = predictions.index.name or "row"
    file = _File(
        [f"{unit} {i}" for i in predictions.index], _keys(predictions, prepared, gold), _strings(predictions["stance"])
    )
    p, faults_of_p = _probabilities(predictions, file)
    if "holder" not in columns and prepared.task.name != "sentence" and any(holder for _, holder, _ in gold):
        faults = ["There is no column 'holder', and this task asks for the stance of each holder."]
    else:
        faults = [*_key_faults(file, gold, prepared)]
    faults += [*_option_faults(predictions, prepared), *_stance_faults(file), *faults_of_p]
    if faults:
        raise RecordError(f"{name} cannot be scored on {_asked(prepared)}: {' '.join(faults)}")
    _warn(predictions, file, p)
    place = {key: i for i, key in enumerate(file.keys)}
    order = [place[key] for key in gold]
    table = rows[list(KEY)].reset_index(drop=True)
    table["stance"] = pd.Series([file.stance[i] for i in order], dtype=object)
    for column, values in zip(PROBABILITIES, p[order].T, strict=True):
        table[column] = values
    return table[PREDICTION_COLUMNS]


def _asked(prepared: Prepared) -> str:
    corpus = prepared.corpus
    return (
        f"the {len(prepared.test)} test rows of {corpus.name}@{corpus.version}, task {prepared.task.name}, "
        f"protocol {prepared.protocol}"
    )


def _strings(column: pd.Series) -> list[str]:
    """Return a column as strings; what is null is empty."""
    return [v if isinstance(v, str) else "" if v is None or v != v else str(v) for v in column.tolist()]  # noqa: PLR0124


def _keys(predictions: pd.DataFrame, prepared: Prepared, gold: Sequence[Key]) -> list[Key]:
    """Return the key of each row; an empty holder is filled in where the task does not give it."""
    sentences, targets = _strings(predictions["sentence_id"]), _strings(predictions["target"])
    holders = _strings(predictions["holder"]) if "holder" in predictions else [""] * len(predictions)
    if prepared.task.name == "sentence" and not all(holders):
        principal = {(sentence, target): holder for sentence, holder, target in gold}
        rows = zip(sentences, holders, targets, strict=True)
        holders = [holder or principal.get((sentence, target), "") for sentence, holder, target in rows]
    return list(zip(sentences, holders, targets, strict=True))


def _few(parts: Iterable[str], n: int) -> str:
    """Return the first parts of n, and how many more there are."""
    shown = [part for part, _ in zip(parts, range(FEW), strict=False)]
    return ", ".join(shown) + (f" and {n - len(shown)} more" if n > len(shown) else "")


def _rows(n: int, verb: tuple[str, str] = ("is", "are")) -> str:
    return f"{n} row {verb[0]}" if n == 1 else f"{n} rows {verb[1]}"


def _key_faults(file: _File, gold: Sequence[Key], prepared: Prepared) -> Iterator[str]:
    """Yield a sentence each on rows that are missing, foreign, and twice there."""
    given, asked = Counter(file.keys), set(gold)
    missing = [key for key in gold if key not in given]
    foreign = [key for key in given if key not in asked]
    repeated = [key for key, n in given.items() if n > 1]
    if missing:
        yield f"{_rows(len(missing))} missing: {_few(map('/'.join, missing), len(missing))}."
    if foreign:
        why = _why_foreign(gold, prepared)
        told = (f"{'/'.join(key)} ({why(key)})" for key in foreign)
        yield f"{_rows(len(foreign))} not among the test rows: {_few(told, len(foreign))}."
    if repeated:
        places: dict[Key, list[str]] = {key: [] for key in repeated}
        for key, place in zip(file.keys, file.places, strict=True):
            if key in places:
                places[key].append(place)
        told = (f"{'/'.join(key)} ({_few(where, len(where))})" for key, where in places.items())
        yield f"{_rows(len(repeated))} given more than once: {_few(told, len(repeated))}."


def _why_foreign(gold: Sequence[Key], prepared: Prepared) -> Callable[[Key], str]:
    """Return a function that says which part of a key is not known, and the nearest one that is."""
    holders: dict[str, set[str]] = {}
    for sentence, holder, _ in gold:
        holders.setdefault(sentence, set()).add(holder)
    targets = {target for _, _, target in gold}
    table = prepared.corpus.table
    elsewhere = dict(zip(table["sentence_id"].tolist(), table["split"].tolist(), strict=True))

    def near(kind: str, part: str, allowed: Iterable[str]) -> str:
        close = nearest(part, allowed)
        return f"no {kind} {part!r}" + (f", nearest {close!r}" if close else "")

    def why(key: Key) -> str:
        sentence, holder, target = key
        if sentence not in holders:
            if sentence in elsewhere:
                return f"the sentence is in {elsewhere[sentence] or 'the corpus'} and not in test"
            return near("sentence", sentence, holders)
        if target not in targets:
            return near("target", target, targets)
        if holder not in holders[sentence]:
            known = ", ".join(sorted(filter(None, holders[sentence])))
            return near("holder", holder, holders[sentence]) + (f", this sentence has {known}" if known else "")
        return "this holder and target are not asked of this sentence"

    return why


def _option_faults(predictions: pd.DataFrame, prepared: Prepared) -> Iterator[str]:
    """Yield a sentence on each column that says the rows are of something else than what is scored."""
    corpus = prepared.corpus
    allowed = {
        "corpus": {corpus.name, f"{corpus.name}@{corpus.version}"},
        "task": {prepared.task.name},
        "protocol": {prepared.protocol.name, str(prepared.protocol)},
        "fold": {fold.name for fold in prepared.folds},
    }
    for column in predictions.columns.intersection([*allowed, "seed"]):
        found = Counter(_strings(predictions[column]))
        if column == "seed":
            if len(found) > 1:
                seeds = _few(sorted(found), len(found))
                yield f"The column seed holds {len(found)} values ({seeds}): score one at a time."
            continue
        other = {value: n for value, n in found.items() if value not in allowed[column]}
        if other:
            told = _few((f"{value!r} in {n}" for value, n in other.items()), len(other))
            wanted = " or ".join(map(repr, sorted(allowed[column])))
            then = "Keep the rows of one" if column == "fold" else f"Keep those rows, or type --{column}"
            yield f"The column {column} says {told} of {len(predictions)} rows, and {wanted} is scored. {then}."


def _stance_faults(file: _File) -> Iterator[str]:
    allowed = (*STANCES, UNKNOWN)
    foreign = {s: n for s, n in Counter(file.stance).items() if s not in allowed}
    if not foreign:
        return
    told = []
    for stance, n in list(foreign.items())[:FEW]:
        close = None if stance in LABELS else nearest(stance.strip(), allowed)
        hint = f", nearest {close!r}" if close else ""
        told.append(f"{stance!r} in {n}{hint}" if stance else f"empty in {n}")
    more = f" and {len(foreign) - FEW} more" if len(foreign) > FEW else ""
    labels = [s for s in foreign if s in LABELS]
    are = "is a label and not a stance" if len(labels) == 1 else "are labels and not stances"
    then = (
        f" {' and '.join(labels)} {are}: gold that is neutral or absent is scored as none, so type none."
        if labels
        else ""
    )
    yield f"Unknown stances: {'; '.join(told)}{more}. Allowed: {', '.join(sorted(allowed))}.{then}"


def _probabilities(predictions: pd.DataFrame, file: _File) -> tuple[FloatArray, list[str]]:
    """Return the probabilities, shape (n, 3), NaN where none are given, and a sentence on each fault."""
    p = np.full((len(predictions), len(PROBABILITIES)), np.nan)
    there = [c for c in PROBABILITIES if c in predictions]
    if not there:
        return p, []
    if len(there) < len(PROBABILITIES):
        absent = ", ".join(c for c in PROBABILITIES if c not in there)
        return p, [f"There is {', '.join(there)} without {absent}: give all three or none."]
    empty = np.zeros(p.shape, dtype=bool)
    bad: list[str] = []
    n_bad = 0
    for c, column in enumerate(PROBABILITIES):
        for i, value in enumerate(predictions[column].tolist()):
            number = _number(value)
            if number is None:
                n_bad += 1
                bad += [f"{column} {value!r} on {file.places[i]}"] if n_bad <= FEW else []
            else:
                p[i, c] = number
                empty[i, c] = math.isnan(number)
    faults = [f"Probabilities that are no numbers: {_few(bad, n_bad)}."] if bad else []
    filled = ~empty.any(axis=1)
    if empty.any() and not empty.all():
        places = [file.places[i] for i in np.flatnonzero(~filled)]
        faults.append(f"Probabilities are empty in {_few(places, len(places))}: fill every row or none.")
    whole = filled & ~np.isnan(p).any(axis=1)
    out = np.flatnonzero(whole & ((p < 0) | (p > 1)).any(axis=1))
    if len(out):
        faults.append(f"Probabilities under 0 or over 1: {_few((file.places[i] for i in out), len(out))}.")
    off = np.flatnonzero(whole & (np.abs(p.sum(axis=1) - 1) > SUM_TOLERANCE))
    if len(off):
        told = (f"{file.places[i]} ({p[i].sum():.6g})" for i in off)
        faults.append(f"Probabilities that do not sum to 1 within {SUM_TOLERANCE:g}: {_few(told, len(off))}.")
    return p, faults


def _number(value: object) -> float | None:
    """Return a probability as a number, NaN for an empty one, None for what is no number."""
    if value is None or value == "":
        return math.nan
    if isinstance(value, float):
        return None if math.isinf(value) else value
    try:
        # Python's own reading of a float gives back exactly the number that was written.
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _warn(predictions: pd.DataFrame, file: _File, p: FloatArray) -> None:
    extra = [str(c) for c in predictions.columns if c not in KNOWN]
    if extra:
        told = []
        for column in extra[:FEW]:
            close = nearest(column, (c for c in KNOWN if c not in predictions), MISSPELT)
            told.append(f"{column!r}" + (f" (did you mean {close!r}?)" if close else ""))
        more = f" and {len(extra) - FEW} more" if len(extra) > FEW else ""
        warnings.warn(f"columns that are not read: {', '.join(told)}{more}", UserWarning, stacklevel=3)
    given = np.asarray(~np.isnan(p).any(axis=1))
    code = np.array([STANCES.index(s) if s in STANCES else -1 for s in file.stance])
    asked = np.flatnonzero(given & (code >= 0))
    other = int((p[asked, code[asked]] < p[asked].max(axis=1, initial=0)).sum())
    if other:
        warnings.warn(
            f"in {other} of {len(p)} rows the stance is not the most probable one; the stance is what is scored",
            UserWarning,
            stacklevel=3,
        )
