"""Systems of one test compared in pairs: which scores, which pairs, how corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

from stancebench.errors import UsageError, listed, nearest, unknown
from stancebench.reports.compared import Compared
from stancebench.reports.systems import SharedTest
from stancebench.runs.evaluation import OVER_TARGETS
from stancebench.scoring import Bootstrap
from stancebench.scoring.paired import System, compare
from stancebench.scoring.scores import SCORES, ScoreId, score_arrays
from stancebench.scoring.significance import Correction
from stancebench.scoring.tally import tally

HEADLINE = "f_avg_macro"
POOLED = "f_avg_pooled"
"""the headline where targets are an open class"""


def pair(
    shared: SharedTest,
    scores: Sequence[str] = (),
    bootstrap: Bootstrap | None = None,
    correction: str = "holm",
    against: str = "",
) -> Compared:
    """Compare systems of one test.

    Parameters
    ----------
    shared : SharedTest
        two systems or more; its scoring says the mode
    scores : sequence of str, default=()
        each as ``f_avg_macro``, ``f_avg.nato`` or ``f_avg.*``; empty for the headline
    bootstrap : Bootstrap, optional
        rounds, level, cluster and seed; by default those of the scoring
    correction : {"holm", "benjamini_hochberg", "none"}, default="holm"
        over all differences that are shown
    against : str, default=""
        name of a system: only pairs with it are compared; empty for all pairs

    Returns
    -------
    Compared

    Raises
    ------
    UsageError
        when there are fewer than two systems, or a score, correction or system does not exist
    """
    bootstrap = bootstrap or shared.scoring.bootstrap
    _refuse_single(shared)
    if correction not in get_args(Correction):
        raise unknown("correction", correction, get_args(Correction), "Type for example --correction holm.")
    systems = shared.contenders(bootstrap.cluster)
    made = compare(
        systems,
        scores=score_ids(scores, systems, shared),
        mode=shared.scoring.mode,
        bootstrap=bootstrap,
        pairs=_pairs(shared, against) if against else None,
        correction=cast("Correction", correction),
    )
    return Compared(shared, made)


def _refuse_single(shared: SharedTest) -> None:
    if len(shared.systems) < 2:
        named = f"only {shared.systems[0].name} is named" if shared.systems else "none is named"
        raise UsageError(
            f"A comparison needs two systems or more, and {named}. Records that differ in nothing but their seed are "
            "one system. Name another: a record's key or path, a file of predictions, or EXPERIMENT:SYSTEM."
        )


def score_ids(typed: Sequence[str], systems: Sequence[System], shared: SharedTest) -> tuple[ScoreId, ...]:
    """Return the scores that were typed, ``score.*`` written out for each target.

    Raises
    ------
    UsageError
        when there is no such score, it is of one target or stance and none is typed, or it is not of counts
    """
    arrays = score_arrays(tally(systems[0].rows[0]).total(), shared.scoring.mode)
    is_open = shared.prepared.corpus.open_targets
    known = {str(which): which for which in arrays if not (is_open and which.score in OVER_TARGETS)}
    if not typed:
        return (known[POOLED if is_open else HEADLINE],)
    return tuple(dict.fromkeys(which for name in typed for which in _score_ids(name, known)))


def _score_ids(name: str, known: dict[str, ScoreId]) -> list[ScoreId]:
    if name in known:
        return [known[name]]
    score, _, rest = name.partition(".")
    mine = [text for text in known if text.startswith(f"{score}.")]
    if rest == "*" and mine:
        targets = [known[text] for text in mine if known[text].target and not known[text].stance]
        return targets or [known[text] for text in mine]
    if score in OVER_TARGETS and score not in known and not mine:
        raise UsageError(
            f"{score!r} averages over targets, and those of this corpus are an open class. Type --score {POOLED}."
        )
    if score in SCORES and not mine and score not in known:
        counts = sorted({which.score for which in known.values()})
        raise UsageError(
            f"The score {score!r} cannot be paired on this test: it is not made of counts, or no judgement here is of "
            f"it. Allowed: {listed(counts)}. Type for example --score accuracy."
        )
    if mine:
        close = nearest(name, mine)
        hint = f" Did you mean {close!r}?" if close else ""
        raise UsageError(f"There is no score {name!r}.{hint} Of {score!r} there are: {listed(mine)}.")
    raise unknown("score", name, [text for text in known if "." not in text], "Of one target: --score f_avg.TARGET.")


def _pairs(shared: SharedTest, against: str) -> list[tuple[int, int]]:
    names = [s.name for s in shared.systems]
    if against not in names:
        matching = [name for name in names if against in name]
        if len(matching) != 1:
            raise unknown("system", against, names, "Type after --against what one of them is called here.")
        (against,) = matching
    at = names.index(against)
    return [(i, at) for i in range(len(names)) if i != at]
