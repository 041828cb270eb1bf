"""The paired test on simulated pairs of systems: how often it rejects what is true, and finds what is there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from simulations_cells import CLASSES
from stancebench.corpora.load import load_corpus
from stancebench.runs.evaluation import prepare, scored_rows
from stancebench.scoring import ScoredRows, ScoreId, score_arrays, tally
from stancebench.scoring.cells import Cells
from stancebench.scoring.population import Judgements, Population, answers_of, erring_alike
from stancebench.scoring.power import ALIKE, EFFECT, RECALL, improved, power_of
from stancebench.scoring.randomisation import randomisation
from stancebench.scoring.tally import FloatArray
from stancebench.tasks import Task

HEADLINE = ScoreId("f_avg_macro")

ROUNDS = 499
"""of the paired test: with the +1 correction, p of 0.05 is one of its values"""

LEVEL = 0.05

FAVOR, AGAINST, NONE = range(3)


def balanced_by(population: Population, start: FloatArray, changes: Mapping[int, float]) -> FloatArray:
    """Return answers whose recalls are changed, and whose recall of none makes the headline the same again."""
    recall = np.diagonal(start).copy()
    for stance, by in changes.items():
        recall[stance] += by
    wanted = population.truth(start)[HEADLINE]
    low, high = 0.3, 1.0
    for _ in range(40):
        recall[NONE] = (low + high) / 2
        if population.truth(answers_of(recall))[HEADLINE] < wanted:
            low = recall[NONE]
        else:
            high = recall[NONE]
    return answers_of(recall)


NULLS: Mapping[str, tuple[Mapping[int, float], float]] = {
    "same answers": ({}, ALIKE),
    "same answers, errors unrelated": ({}, 0.0),
    "one finds more favor": ({FAVOR: 0.15}, ALIKE),
    "one calls sides more often": ({FAVOR: 0.1, AGAINST: 0.1}, ALIKE),
}
"""how recalls of the second system differ from those of the first, whose headline is the same; how alike both are"""


NULL_CELLS = ((80, "as in coverage"), *((160, classes) for classes in CLASSES), (320, "as in coverage"))
"""events, and balance of classes"""


def null_cells(corpora: int) -> Iterator[list[object]]:
    """Yield how often the test of a true null has p at most 0.05, by event and by judgement."""
    start = answers_of(RECALL)
    for (clusters, classes), (systems, (changes, alike)) in itertools.product(NULL_CELLS, NULLS.items()):
        population = Population(clusters, (CLASSES[classes],) * 4)
        other = balanced_by(population, start, changes)
        tests = {"by event": _p_by_event}
        if clusters == 160 and not changes:
            tests["by judgement"] = _p_by_judgement
        rng = np.random.default_rng([clusters, *classes.encode(), *systems.encode()])
        found: dict[str, list[float]] = {test: [] for test in tests}
        for seed in range(corpora):
            # A cell in which the headline is hardly ever defined is given up early.
            if seed == corpora // 20 and len(found["by event"]) < seed / 2:
                break
            pair = _pair(population.draw(rng), (start, other), alike, rng)
            for test, p_of in tests.items():
                p = p_of(*pair, seed)
                if p is not None:
                    found[test].append(p)
        for test, ps in found.items():
            line = [clusters, classes, systems, test, len(ps), _share(ps)]
            print(line, flush=True)
            # Where a class is rare, few corpora of few events have enough of it in every target.
            if len(ps) >= corpora / 2:
                yield line


def power_cells(corpora: int) -> Iterator[list[object]]:
    """Yield how often a difference is found, and how often `stancebench power` expects it to be."""
    bundled = _bundled()
    places: dict[str, Callable[[np.random.Generator], Judgements]] = {"163, of coverage": bundled.resampled}
    truths: dict[str, Population | Judgements] = {"163, of coverage": bundled}
    for clusters in (160, 320):
        population = Population(clusters)
        places[str(clusters)], truths[str(clusters)] = population.draw, population
    start = answers_of(RECALL)
    for (events, draw), hundredths in itertools.product(places.items(), (0, 2, 4, 6, 8, 10, 12, 15)):
        better = improved(truths[events], start, HEADLINE, hundredths / 100)
        if better is None:
            continue
        rng = np.random.default_rng([*events.encode(), hundredths])
        ps, differences = [], []
        for seed in range(corpora):
            pair = _pair(draw(rng), (start, better), ALIKE, rng)
            p = _p_by_event(*pair, seed)
            if p is not None:
                ps.append(p)
                one, other = (score_arrays(tally(rows).total(), minimum=1)[HEADLINE][0] for rows in pair)
                differences.append(other - one)
        expected = power_of(hundredths / 100, float(np.std(differences)))
        line = [events, hundredths, len(ps), _share(ps), f"{100 * expected:.1f}"]
        print(line, flush=True)
        yield line


def _share(ps: list[float]) -> str:
    return f"{100 * np.mean(np.array(ps) <= LEVEL + 1e-9):.1f}" if ps else ""


def _pair(
    judgements: Judgements, answers: tuple[FloatArray, FloatArray], alike: float, rng: np.random.Generator
) -> tuple[ScoredRows, ScoredRows]:
    one, two = erring_alike(judgements.cluster, EFFECT, alike, 2, rng)
    return judgements.answered(answers[0], one), judgements.answered(answers[1], two)


def _p_by_event(one: ScoredRows, other: ScoredRows, seed: int) -> float | None:
    counts = [tally(rows) for rows in (one, other)]
    # Gold of a class in fewer than ten judgements of a target leaves the headline undefined: nothing is tested.
    if np.isnan(score_arrays(counts[0].total())[HEADLINE][0]):
        return None
    cells = Cells(HEADLINE, "strict", one.targets, tuple(one.subsets))
    (tested,) = randomisation(counts, [(0, 1)], cells, rounds=ROUNDS, seed=seed)
    return tested.p


def _p_by_judgement(one: ScoredRows, other: ScoredRows, seed: int) -> float | None:
    alone = np.arange(len(one.gold))
    pair = [ScoredRows(r.gold, r.predicted, r.target, alone, r.targets, r.subsets) for r in (one, other)]
    return _p_by_event(*pair, seed)


def _bundled() -> Judgements:
    prepared = prepare(load_corpus("coverage"), Task("attributed", "text"))
    rows = scored_rows(prepared, prepared.test["stance"], "event")
    return Judgements(rows.gold, rows.target, rows.cluster, rows.targets, rows.subsets)
