"""`stancebench power`: what difference between two systems a corpus's test judgements can show."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from stancebench.cli.printing import warnings_told
from stancebench.cli.score import given_corpus
from stancebench.errors import UsageError, unknown
from stancebench.reports.systems import named_systems
from stancebench.runs.evaluation import OVER_TARGETS, Prepared, prepare, resampled, scored_rows
from stancebench.scoring import Bootstrap, ScoredRows, ScoreId, score_values, tally
from stancebench.scoring.population import Judgements, answers_of
from stancebench.scoring.power import (
    ALIKE,
    CORPORA,
    RECALL,
    Pair,
    PairPower,
    detectable,
    detectable_difference,
    pair_power,
    power_of,
)
from stancebench.scoring.support import MINIMUM_CLUSTERS, withheld
from stancebench.tasks import Task

VARIANTS_ALIKE = 0.7
"""correlation between whether two variants of one system are right, in the second line of a corpus"""

CLUSTER = "event"


@dataclass(frozen=True)
class Asked:
    """What was typed.

    Attributes
    ----------
    score : str
        as it is printed: ``f_avg_macro``, ``f_avg.nato``
    power, level : float
        how often a difference is to be found, and the level of the interval that corresponds to the test
    alike : float or None
        correlation between whether the two assumed systems are right
    recall : str
        how often the weaker assumed system answers favor, against and none by themselves, with commas
    """

    score: str = "f_avg_macro"
    power: float = 0.8
    level: float = 0.95
    alike: float | None = None
    recall: str = ",".join(map(str, RECALL))

    def recalls(self) -> tuple[float, ...]:
        """Return the three recalls.

        Raises
        ------
        UsageError
            when they are not three numbers from 0 to 1
        """
        try:
            given = tuple(float(part) for part in self.recall.split(","))
        except ValueError:
            given = ()
        if len(given) != 3 or not all(0 <= part <= 1 for part in given):
            raise UsageError(
                f"--recall must be three numbers from 0 to 1, of favor, against and none, got {self.recall!r}. "
                f"Type for example --recall {Asked.recall}."
            )
        return given

    def check(self) -> None:
        """Refuse numbers out of their range.

        Raises
        ------
        UsageError
            which names the option
        """
        if not 0 < self.level < 1:
            raise UsageError(f"--level must lie between 0 and 1, got {self.level}. Type for example --level 0.95.")
        if not 1 - self.level < self.power < 1:
            raise UsageError(
                f"--power must lie between {1 - self.level:.2g} (what chance finds) and 1, got {self.power}. "
                "Type for example --power 0.8."
            )
        if self.alike is not None and not 0 <= self.alike <= 1:
            raise UsageError(f"--alike must lie between 0 and 1, got {self.alike}. Type for example --alike 0.3.")
        self.recalls()


def power_command(what: Sequence[str], task: str, protocol: str, asked: Asked, *, as_json: bool) -> int:
    """Print what a corpus, or a pair of systems, can show, and return the exit code.

    Parameters
    ----------
    what : sequence of str
        a corpus, or two systems
    task, protocol : str
        what is asked of the corpus, and how it becomes train and test; two systems bring their own
    asked : Asked
        score, power and what is assumed
    as_json : bool
        whether to print JSON

    Raises
    ------
    UsageError
        when there are more than two names, or a value is not allowed
    Declined
        when the corpus cannot take part in the task or protocol
    """
    asked.check()
    if len(what) > 2:
        raise UsageError(f"One corpus or two systems are expected, got {len(what)} names: {', '.join(what)}.")
    if len(what) == 2:
        return _of_systems(what, asked, as_json=as_json)
    prepared = prepare(given_corpus(what[0] if what else "coverage"), Task(task, "text"), protocol)
    prepared.refuse_declined()
    return _of_corpus(prepared, asked, as_json=as_json)


def _of_corpus(prepared: Prepared, asked: Asked, *, as_json: bool) -> int:
    # Gold in the place of predictions: only gold is looked at.
    rows = scored_rows(prepared, prepared.test["stance"], CLUSTER)
    # Simulated answers have no holder, and so no bloc.
    rows = replace(rows, bloc=None, blocs=("",))
    which = _score(asked.score, rows, prepared)
    judgements = Judgements(rows.gold, rows.target, rows.cluster, rows.targets, rows.subsets)
    answers = answers_of(asked.recalls())
    reason = _undefined(rows, which)
    values: dict[str, Any] = {**_head(prepared, rows, which, asked), "recall": asked.recalls(), "reason": reason}
    alikes = (ALIKE, VARIANTS_ALIKE) if asked.alike is None else (asked.alike,)
    values["detectable"] = []
    for alike in () if reason else alikes:
        found = detectable_difference(judgements, Pair(answers, alike), which, power=asked.power, level=asked.level)
        values["detectable"].append({"alike": alike, **asdict(found)})
    if as_json:
        print(json.dumps(values, indent=1, ensure_ascii=False))
        return 0
    _print_head(prepared, values)
    for line in values["detectable"]:
        kind = {ALIKE: "two different systems", VARIANTS_ALIKE: "two variants of one"}.get(line["alike"], "two systems")
        told = "none: not even a system that is always right is as much better"
        if line["difference"] is not None:
            share = f"found in {100 * line['found']:.0f}% of {CORPORA} drawn corpora"
            told = f"{100 * line['difference']:5.1f} points   {share}"
        print(f"  {kind:<22} (errors correlate by {line['alike']:g})  {told}")
    assumed = ", ".join(
        f"{100 * r:.0f}% of {s}" for r, s in zip(asked.recalls(), ("favor", "against", "none"), strict=True)
    )
    print(f"Assumed: the weaker of the two is right on {assumed}.")
    return 0


def _of_systems(names: Sequence[str], asked: Asked, *, as_json: bool) -> int:
    with warnings_told():
        shared = named_systems(names)
    one, other = (scored_rows(shared.prepared, s.predictions[0]["stance"], CLUSTER) for s in shared.systems)
    which = _score(asked.score, one, shared.prepared)
    known = pair_power(one, other, which, Bootstrap(level=asked.level), shared.scoring.mode)
    reason = _undefined(one, which) if math.isnan(known.difference) or math.isnan(known.error) else ""
    if not reason and known.error == 0:
        reason = "the two systems have the same score in every bootstrap sample"
    values = {
        **_head(shared.prepared, one, which, asked),
        "systems": [s.name for s in shared.systems],
        "reason": reason,
        **({} if reason else _of_pair(known, asked, int(one.cluster.max()) + 1)),
    }
    if as_json:
        print(json.dumps(values, indent=1, ensure_ascii=False))
        return 0
    _print_head(shared.prepared, values)
    print(f"  {values['systems'][0]} less {values['systems'][1]}")
    if not reason:
        print(
            f"  difference {100 * known.difference:+.1f} points, standard error {100 * known.error:.1f}: "
            f"found in {100 * values['found']:.0f}% of such corpora"
        )
        print(f"  detectable {100 * values['detectable']:6.1f} points with power {100 * asked.power:g}%")
        if values["clusters_needed"] is not None:
            needed = values["clusters_needed"]
            least = ", fewer of which have no interval" if needed == MINIMUM_CLUSTERS else ""
            print(f"  a difference of this size needs about {needed} {values['cluster']}s{least}")
    return 0


def _of_pair(known: PairPower, asked: Asked, clusters: int) -> dict[str, Any]:
    smallest = detectable(known.error, asked.power, asked.level)
    # A standard error falls with the root of the number of clusters.
    enough = math.ceil(clusters * (smallest / known.difference) ** 2) if known.difference else None
    # Below the minimum the error that this is reckoned with means nothing.
    needed = None if enough is None else max(enough, MINIMUM_CLUSTERS)
    return {
        **asdict(known),
        "found": power_of(known.difference, known.error, asked.level),
        "detectable": smallest,
        "clusters_needed": needed,
    }


def _head(prepared: Prepared, rows: ScoredRows, which: ScoreId, asked: Asked) -> dict[str, Any]:
    corpus = prepared.corpus
    cluster = resampled(corpus, CLUSTER)
    return {
        "corpus": {"name": corpus.name, "version": corpus.version, "content_hash": corpus.content_hash},
        "task": prepared.task.name,
        "protocol": prepared.protocol.as_json(),
        "score": str(which),
        "power": asked.power,
        "level": asked.level,
        "test": len(rows.gold),
        "cluster": cluster,
        "clusters": int(rows.cluster.max()) + 1,
        "interval_withheld": withheld(tally(rows), which, cluster),
    }


def _print_head(prepared: Prepared, values: dict[str, Any]) -> None:
    title = f"{prepared.corpus.name}@{prepared.corpus.version}, {prepared.task.name}, {prepared.protocol}"
    print(f"{title}: {values['test']} test judgements in {values['clusters']} {values['cluster']}s")
    print(
        f"{values['score']}: the difference that a two-sided test at {100 * (1 - values['level']):.2g}% finds with "
        f"power {100 * values['power']:g}%"
    )
    if values["reason"]:
        print(f"  undefined: {values['reason']}")
    if values["interval_withheld"]:
        print(f"  The interval of a difference is withheld here: {values['interval_withheld']}.")


def _score(given: str, rows: ScoredRows, prepared: Prepared) -> ScoreId:
    names = {str(which): which for which in score_values(tally(rows))}
    if prepared.corpus.open_targets:
        names = {name: which for name, which in names.items() if which.score not in OVER_TARGETS}
    if given not in names:
        raise unknown("score", given, names, "Type for example --score f_avg_macro.")
    return names[given]


def _undefined(rows: ScoredRows, which: ScoreId) -> str:
    return score_values(tally(rows))[which].reason
