"""Checks of differences: against the commonest stance, against the holder prior, and between neighbours in a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from stancebench.checks.check import RULES, Check
from stancebench.checks.evidence import Evidence
from stancebench.checks.references import Reference, holder_prior, majority, no_holder_prior
from stancebench.reports.systems import SharedTest, System
from stancebench.runs.evaluation import scored_rows
from stancebench.scoring import SCORES, ScoreId, score_arrays, tally

if TYPE_CHECKING:
    from stancebench.scoring import paired


PAIRED = frozenset({"SB001", "SB002", "SB003"})


@dataclass(frozen=True)
class _Held:
    """The systems of one test, and the score by which they are held against each other."""

    where: str
    shared: SharedTest
    contenders: tuple[paired.System, ...]
    headline: ScoreId

    def differences(
        self, systems: Sequence[paired.System], pairs: Sequence[tuple[int, int]]
    ) -> tuple[paired.Difference, ...]:
        """Return the difference of each pair of systems; the family of the correction is these pairs."""
        from stancebench.scoring.paired import compare

        scoring = self.shared.scoring
        compared = compare(
            systems, scores=(self.headline,), mode=scoring.mode, bootstrap=scoring.bootstrap, pairs=list(pairs)
        )
        return compared.differences


def headline_of(columns: Sequence[str], known: Collection[ScoreId]) -> ScoreId | None:
    """Return the score that a table is ordered by: its first column that can be paired and is better when higher.

    Parameters
    ----------
    columns : sequence of str
        of the table, each ``score`` or ``score.target``
    known : collection of ScoreId
        scores that are made of counts

    Returns
    -------
    ScoreId or None
        None where no column is one

    Examples
    --------
    >>> str(headline_of(["drop", "log_loss", "f_avg.us"], [ScoreId("f_avg", "us")]))
    'f_avg.us'
    """
    by_name = {str(which): which for which in known if not which.stance and not which.bloc}
    paired_ = (by_name[c] for c in columns if c in by_name and SCORES[by_name[c].score].higher_is_better)
    return next(paired_, None)


def difference_checks(evidence: Evidence, codes: frozenset[str]) -> Iterator[Check]:
    """Yield findings of SB001, SB002 and SB003, as far as they are asked for."""
    if evidence.lacking:
        yield from (RULES[code].declined(evidence.lacking) for code in sorted(PAIRED))
        return
    compared, headlines = False, False
    for where, shared in evidence.tests():
        contenders = shared.contenders(shared.scoring.bootstrap.cluster)
        known = score_arrays(tally(contenders[0].rows[0]).total(), shared.scoring.mode)
        headline = headline_of(evidence.table.columns, known)
        if headline is None:
            reason = f"{where}: no column of the table is a score that can be paired"
            yield from (RULES[code].declined(reason) for code in sorted(PAIRED))
            continue
        headlines = True
        held = _Held(where, shared, contenders, headline)
        if "SB001" in codes:
            yield from _worse_than_majority(evidence, held)
        if "SB002" in codes:
            yield from _not_above_prior(evidence, held)
        if "SB003" in codes:
            pairs = _neighbours(held)
            compared = compared or bool(pairs)
            yield from _within_spread(held, pairs)
    if "SB003" in codes and not compared and headlines:
        yield RULES["SB003"].declined("no two systems of the same inputs stand in the table")


def _against(evidence: Evidence, held: _Held, reference: Reference, name: str) -> list[paired.Difference]:
    """Return the difference of each system to a reference that is fitted on the same train as the system."""
    from stancebench.scoring.paired import System as Contender

    prepared, cluster = held.shared.prepared, held.shared.scoring.bootstrap.cluster
    fitted: dict[str, paired.System] = {}
    systems, pairs = [*held.contenders], []
    places: dict[str, int] = {}
    for i, system in enumerate(held.shared.systems):
        trained = {evidence.prepared(r).data: evidence.prepared(r) for r in system.records}
        key = " ".join(trained)
        if key not in fitted:
            said = [scored_rows(prepared, reference(one), cluster) for one in trained.values()]
            label = name if not fitted else f"{name} ({len(fitted) + 1})"
            fitted[key] = Contender(label, tuple(said))
            places[key] = len(systems)
            systems.append(fitted[key])
        if not _same(held.contenders[i], fitted[key]):
            pairs.append((i, places[key]))
    return list(held.differences(systems, pairs)) if pairs else []


def _same(one: paired.System, other: paired.System) -> bool:
    """Return whether two systems answer alike; one is then the other by another name."""
    return len(one.rows) == len(other.rows) and all(
        (a.predicted == b.predicted).all() for a, b in zip(one.rows, other.rows, strict=True)
    )


def _worse_than_majority(evidence: Evidence, held: _Held) -> Iterator[Check]:
    for difference in _against(evidence, held, majority, "the commonest stance of train"):
        if difference.value is not None and difference.value <= 0:
            told = f"{_points(difference)} in {held.headline} than the commonest stance of each target"
            yield RULES["SB001"].warning(told, _figures(difference), difference.a)


def _not_above_prior(evidence: Evidence, held: _Held) -> Iterator[Check]:
    rule = RULES["SB002"]
    reason = no_holder_prior(held.shared.prepared)
    if reason:
        yield rule.declined(f"{held.where}: there is no holder prior, since {reason}")
        return
    for difference in _against(evidence, held, holder_prior, "the holder prior of train"):
        if difference.value is not None and not (difference.value > 0 and difference.significant):
            told = f"{_points(difference)} in {held.headline} than the holder prior"
            told += f": not significant, {_p(difference)}" if difference.value > 0 else ""
            yield rule.warning(told, _figures(difference), difference.a)


def _neighbours(held: _Held) -> list[tuple[int, int]]:
    """Return neighbours in the order of the headline, among systems of the same inputs."""
    means = {s.name: _mean(s, held.headline) for s in held.shared.systems}
    pairs: list[tuple[int, int]] = []
    for inputs in dict.fromkeys(s.inputs for s in held.shared.systems):
        cell = [(i, means[s.name]) for i, s in enumerate(held.shared.systems) if s.inputs == inputs]
        order = sorted((-v, i) for i, v in cell if v is not None)
        pairs += [(a, b) for (_, a), (_, b) in pairwise(order)]
    return pairs


def _within_spread(held: _Held, pairs: Sequence[tuple[int, int]]) -> Iterator[Check]:
    """Find neighbours that cannot be told apart."""
    if not pairs:
        return
    ranges = {s.name: _range(s, held.headline) for s in held.shared.systems}
    for difference in held.differences(held.contenders, pairs):
        if difference.value is None:
            continue
        spread = max(ranges[difference.a], ranges[difference.b])
        within = spread > 0 and difference.value <= spread
        if within or not difference.significant:
            told = f"{_points(difference)} in {held.headline} than the next, {difference.b}"
            told += f": seeds or draws range over {100 * spread:.1f}" if within else f": {_p(difference)}"
            yield RULES["SB003"].warning(told, {**_figures(difference), "range": spread}, difference.a)


def _values(system: System, headline: ScoreId) -> list[float]:
    entries = [record.value(headline.score, headline.target) for record in system.records]
    return [e.value for e in entries if e is not None and e.value is not None]


def _mean(system: System, headline: ScoreId) -> float | None:
    values = _values(system, headline)
    return sum(values) / len(values) if values and len(values) == len(system.records) else None


def _range(system: System, headline: ScoreId) -> float:
    values = _values(system, headline)
    return max(values) - min(values) if values else 0.0


def _points(difference: paired.Difference) -> str:
    assert difference.value is not None
    size = f"{100 * abs(difference.value):.1f} {'higher' if difference.value > 0 else 'lower'}"
    if difference.value == 0:
        size = "no higher"
    if difference.low is None or difference.high is None:
        return f"{size} (no interval: {difference.reason})"
    return f"{size} [{100 * difference.low:+.1f}, {100 * difference.high:+.1f}]"


def _p(difference: paired.Difference) -> str:
    if difference.p is None or difference.p_adjusted is None:
        return f"no test ({difference.reason})"
    return f"p {difference.p:.3f}, corrected {difference.p_adjusted:.3f}"


def _figures(difference: paired.Difference) -> dict[str, float | str | None]:
    return {
        "against": difference.b,
        "difference": difference.value,
        "low": difference.low,
        "high": difference.high,
        "p": difference.p,
        "p_adjusted": difference.p_adjusted,
    }
