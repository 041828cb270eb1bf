"""Agreement between annotators, from the raw layers of a corpus; nobody's file is ever edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from stancebench.corpora.reading import located_rows, read_csv_rows
from stancebench.corpora.schema import Name
from stancebench.errors import CorpusError
from stancebench.paths import shown
from stancebench.vocabulary import LABELS, STANCES, Explicitness, Label, stance_of

FloatArray = npt.NDArray[np.float64]

HUMAN = "human"
"""folder of ``layers/`` for people's judgements of a sample"""

ROUNDS = 2_000
LEVEL = 0.95


class HolderLayerRow(BaseModel):
    """One row of ``layers/holders/<annotator>.csv``: a holder that an annotator found."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sentence_id: Name
    holder: Name
    principal: Literal["yes", "no"]


class StanceLayerRow(BaseModel):
    """One row of ``layers/stances/<annotator>.csv``: a label that an annotator gave."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sentence_id: Name
    holder: Name
    target: Name
    label: Label
    explicitness: Explicitness | Literal[""]
    tags: str
    regime: str


class Alpha(NamedTuple):
    """Krippendorff's alpha with a bootstrap interval over sentences."""

    value: float | None
    low: float | None
    high: float | None
    units: int


Key = tuple[str, str, str]


def stance_layer(folder: Path, annotator: str, kind: str = "stances") -> dict[Key, Label]:
    """Return the labels an annotator gave, by sentence, holder and target; ``kind`` is a folder of ``layers/``."""
    path = folder / "layers" / kind / f"{annotator}.csv"
    labels: dict[Key, Label] = {}
    for line, row in located_rows(path, StanceLayerRow):
        key = (row.sentence_id, row.holder, row.target)
        if key in labels:
            raise CorpusError(f"{shown(path)} line {line}, column sentence_id: {' / '.join(key)} is judged twice.")
        labels[key] = row.label
    return labels


def holder_layer(folder: Path, annotator: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Return the principal holder and the set of holders an annotator found in each sentence."""
    out: dict[str, tuple[str, set[str]]] = {}
    for row in read_csv_rows(folder / "layers" / "holders" / f"{annotator}.csv", HolderLayerRow):
        principal, found = out.get(row.sentence_id, ("", set()))
        found.add(row.holder)
        out[row.sentence_id] = (row.holder if row.principal == "yes" else principal, found)
    return {sentence: (principal, frozenset(found)) for sentence, (principal, found) in out.items()}


def alpha(values: Sequence[Sequence[str]], domain: Sequence[str]) -> float | None:
    """Return Krippendorff's alpha for nominal values of two or more annotators without gaps.

    Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"; undefined (None) when only one value occurs.

    Parameters
    ----------
    values : sequence of sequence of str
        one sequence per annotator, the same units in the same order
    domain : sequence of str
        every value there is

    Returns
    -------
    float or None
    """
    import krippendorff

    codes = np.array([[domain.index(v) for v in one] for one in values], dtype=float)
    if codes.size == 0 or len(np.unique(codes)) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=codes, level_of_measurement="nominal"))


def _alpha_of_counts(coincidences: FloatArray) -> FloatArray:
    """Return alpha of two annotators from tables of value pairs, shape (..., V, V); NaN where undefined."""
    both = coincidences + np.swapaxes(coincidences, -1, -2)
    n_c = both.sum(axis=-1)
    n = n_c.sum(axis=-1)
    observed = 1 - np.trace(both, axis1=-2, axis2=-1) / n
    expected = 1 - ((n_c * (n_c - 1)).sum(axis=-1)) / (n * (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - observed / expected)


def alpha_interval(first: Sequence[str], second: Sequence[str], units: Sequence[str], domain: Sequence[str]) -> Alpha:
    """Return alpha of two annotators with a percentile bootstrap over units (sentences).

    Parameters
    ----------
    first, second : sequence of str
        values of the same judgements
    units : sequence of str
        the sentence each judgement belongs to; sentences are resampled whole
    domain : sequence of str
        every value there is

    Returns
    -------
    Alpha
    """
    point = alpha([first, second], domain)
    if point is None:
        return Alpha(None, None, None, len(first))
    names, unit = np.unique(np.asarray(units), return_inverse=True)
    pair = np.array([domain.index(a) * len(domain) + domain.index(b) for a, b in zip(first, second, strict=True)])
    tables = np.zeros((len(names), len(domain) ** 2))
    np.add.at(tables, (unit, pair), 1)
    drawn = np.random.default_rng(0).multinomial(len(names), np.full(len(names), 1 / len(names)), size=ROUNDS)
    replicates = _alpha_of_counts((drawn @ tables).reshape(ROUNDS, len(domain), len(domain)))
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.nanpercentile(replicates, [tail, 100 - tail])
    return Alpha(round(point, 4), round(float(low), 4), round(float(high), 4), len(first))


def agreement(folder: Path, targets: Sequence[str]) -> dict[str, Any]:
    """Return the agreement of the first two annotators of a corpus.

    On the first judgement of every frozen sentence: holders by pass A, stances by pass B.

    Parameters
    ----------
    folder : pathlib.Path
        of the corpus
    targets : sequence of str
        its targets

    Returns
    -------
    dict
        ``principal_holder`` (share), ``holder_set_f1``, and alpha over four labels and over three stances, for all
        judgements and for those that both annotators found addressed; empty when the corpus keeps no layers
    """
    if not (folder / "layers" / "stances" / "a1.csv").is_file():
        return {}
    first, second = stance_layer(folder, "a1"), stance_layer(folder, "a2")
    shared = sorted(set(first) & set(second))
    addressed = [k for k in shared if "absent" not in (first[k], second[k])]

    def over(keys: Sequence[Key], fold: Callable[[Any], str], domain: Sequence[str]) -> dict[str, Alpha]:
        out = {}
        for name in ("all", *targets):
            mine = [k for k in keys if name in ("all", k[2])]
            a, b = [fold(first[k]) for k in mine], [fold(second[k]) for k in mine]
            out[name] = alpha_interval(a, b, [k[0] for k in mine], domain)
        return out

    def as_is(label: str) -> str:
        return label

    return {
        **_holder_agreement(holder_layer(folder, "a1"), holder_layer(folder, "a2")),
        "judgements": len(shared),
        "differing": sum(first[k] != second[k] for k in shared),
        "alpha_labels": over(shared, as_is, LABELS),
        "alpha_stances": over(shared, stance_of, STANCES),
        "alpha_stances_addressed": over(addressed, stance_of, STANCES),
    }


Holders = dict[str, tuple[str, frozenset[str]]]


def _holder_agreement(first: Holders, second: Holders) -> dict[str, float | None]:
    shared = sorted(set(first) & set(second))
    if not shared:
        return {"principal_holder": None, "holder_set_f1": None}
    same = sum(first[s][0] == second[s][0] for s in shared)
    both = sum(len(first[s][1] & second[s][1]) for s in shared)
    either = sum(len(first[s][1]) + len(second[s][1]) for s in shared)
    return {"principal_holder": round(same / len(shared), 4), "holder_set_f1": round(2 * both / either, 4)}


def human_layers(folder: Path) -> list[str]:
    """Return the people whose judgements a corpus keeps, by the names of their files, sorted."""
    return sorted(path.stem for path in (folder / "layers" / HUMAN).glob("*.csv"))


def human_agreement(
    folder: Path, published: Mapping[Key, Label], targets: Sequence[str]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return how far each person agrees with the published labels, in alpha over the three stances.

    Parameters
    ----------
    folder : pathlib.Path
        of the corpus
    published : mapping of (sentence, holder, target) to str
        its labels
    targets : sequence of str
        its targets

    Returns
    -------
    dict
        by person, and then for all targets and each: value, low, high and units, as of `Alpha`
    """
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for person in human_layers(folder):
        said = stance_layer(folder, person, HUMAN)
        shared = sorted(set(said) & set(published))
        found[person] = {}
        for name in ("all", *targets):
            keys = [k for k in shared if name in ("all", k[2])]
            theirs, ours = ([stance_of(layer[k]) for k in keys] for layer in (said, published))
            found[person][name] = alpha_interval(theirs, ours, [k[0] for k in keys], STANCES)._asdict()
    return found
