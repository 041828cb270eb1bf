from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test, t

from stancebench.scoring import paired
from stancebench.scoring.cells import Cells
from stancebench.scoring.paired import HEADLINE, Difference, System, compare
from stancebench.scoring.randomisation import SETTLED, randomisation, rounds_needed
from stancebench.scoring.ranks import rank_bounds, sample_ranks
from stancebench.scoring.replicates import joint_replicates
from stancebench.scoring.resampling import Bootstrap
from stancebench.scoring.scores import Mode, ScoreId, score_arrays, score_values
from stancebench.scoring.seeds import departures
from stancebench.scoring.significance import SMALLEST, Error, against_errors
from stancebench.scoring.tally import ScoredRows, Tally, tally
from tests.scoring.rows import scored_rows

ACCURACY = ScoreId("accuracy")
ROUNDS = Bootstrap(rounds=200, seed=3)


def answers(n_clusters: int, right: float, seed: int, base: ScoredRows | None = None) -> ScoredRows:
    """Return four judgements a cluster, two targets, of which a share is predicted right."""
    rng = np.random.default_rng(seed)
    n = 4 * n_clusters
    gold = np.tile([0, 1, 2, 0, 1, 1, 0, 2], n_clusters)[:n] if base is None else base.gold
    hit = rng.random(n) < right
    return ScoredRows(
        gold=gold,
        predicted=np.where(hit, gold, (gold + rng.integers(1, 3, n)) % 3),
        target=np.tile([0, 1], n // 2),
        cluster=np.repeat(np.arange(n_clusters), 4),
        targets=("sun", "moon"),
        subsets={"neutral": gold == 2},
    )


@pytest.fixture(scope="module")
def systems() -> tuple[System, ...]:
    shares = {"good": 0.9, "fair": 0.7, "other fair": 0.7, "poor": 0.4}
    return tuple(System(name, (answers(60, share, i),)) for i, (name, share) in enumerate(shares.items()))


@pytest.mark.parametrize("mode", ["strict", "semeval"])
@settings(max_examples=40)
@given(rows=scored_rows(min_size=6, n_clusters=5))
def test_a_score_of_cells_is_that_of_all_scores(mode: Mode, rows: ScoredRows) -> None:
    counts = tally(rows)
    every = score_arrays(counts, mode, minimum=1)
    for which, expected in every.items():
        cells = Cells(which, mode, counts.targets, tuple(counts.hits), counts.blocs)
        mine = cells.score(cells.of_system(counts), cells.of_gold(counts), minimum=1)
        np.testing.assert_allclose(mine, expected, atol=1e-15, err_msg=str(which))


def by_exhaustion(first: ScoredRows, second: ScoredRows, which: ScoreId) -> float:
    """Return the share of all exchanges of clusters that are at least as far apart as observed."""

    def apart(exchanged: Sequence[bool]) -> float:
        swap = np.array(exchanged)[first.cluster]
        one = replace(first, predicted=np.where(swap, second.predicted, first.predicted))
        other = replace(second, predicted=np.where(swap, first.predicted, second.predicted))
        values = [score_values(tally(rows), "semeval")[which].value for rows in (one, other)]
        assert values[0] is not None
        assert values[1] is not None
        return abs(values[0] - values[1])

    n = int(first.cluster.max()) + 1
    every = [apart(exchanged) for exchanged in product((False, True), repeat=n)]
    return float(np.mean(np.array(every) >= every[0] - 1e-12))


@pytest.mark.parametrize("which", [HEADLINE, ACCURACY, ScoreId("f_avg", "moon"), ScoreId("precision", "", "favor")])
def test_randomisation_comes_to_what_all_exchanges_give(which: ScoreId) -> None:
    first, second = answers(8, 0.9, 1), answers(8, 0.5, 2)
    systems = [tally(first), tally(second)]
    cells = Cells(which, "semeval", first.targets, tuple(first.subsets))
    (outcome,) = randomisation(systems, [(0, 1)], cells, rounds=20_000, seed=0)
    exact = by_exhaustion(first, second, which)
    # Four standard errors of a share of 20,000.
    assert outcome.p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000) + 1e-4)


def test_exchanging_rows_is_scipy_s_permutation_test() -> None:
    first, second = (replace(answers(3, share, i), cluster=np.arange(12)) for i, share in enumerate((0.9, 0.3)))
    right = [(rows.gold == rows.predicted).astype(float) for rows in (first, second)]
    apart = permutation_test(
        right,
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        n_resamples=4096,
        vectorized=True,
    )
    cells = Cells(ACCURACY, "strict", first.targets, tuple(first.subsets))
    (outcome,) = randomisation([tally(first), tally(second)], [(0, 1)], cells, rounds=20_000, seed=0)
    assert outcome.p == pytest.approx(float(apart.pvalue), abs=0.012)


def test_pairs_that_are_not_settled_get_rounds_by_the_size_of_the_family() -> None:
    best, near, worst = (tally(answers(60, share, i)) for i, share in enumerate((0.95, 0.94, 0.2)))
    cells = Cells(HEADLINE, "strict", ("sun", "moon"), ("neutral",))
    close, far = randomisation([best, near, worst], [(0, 1), (0, 2)], cells, rounds=200, seed=0, family=50)
    assert (close.rounds, far.rounds) == (200, rounds_needed(50, 0.95))
    assert close.reached >= SETTLED
    assert far.reached == 0
    # What a family of 50 leaves of the smallest p is still below its level.
    assert 50 * far.p < 0.05


def test_the_tested_difference_can_stay_significant_among_many(systems: tuple[System, ...]) -> None:
    copies = tuple(
        System(f"{s.name} {i}", (answers(60, share, 10 * i + j),))
        for i in range(3)
        for j, (s, share) in enumerate(zip(systems, (0.9, 0.7, 0.7, 0.4), strict=True))
    )
    comparison = compare(copies, bootstrap=ROUNDS)
    assert comparison.family == 66
    by_name = {rank.name: rank for rank in comparison.ranks}
    assert by_name["good 0"].rank == 1
    assert by_name["poor 0"].rank == 10


def difference_of(differences: Sequence[Difference], a: str, b: str) -> Difference:
    return next(d for d in differences if (d.a, d.b) == (a, b))


def test_a_difference_turns_its_sign_with_its_systems(systems: tuple[System, ...]) -> None:
    there = compare(systems[:2], bootstrap=ROUNDS).differences[0]
    back = compare(systems[1::-1], bootstrap=ROUNDS).differences[0]
    assert there.value == -(back.value or 0)
    assert there.low == pytest.approx(-(back.high or 0))
    assert there.high == pytest.approx(-(back.low or 0))
    assert there.p == back.p
    assert there.mcnemar is not None
    assert back.mcnemar is not None
    assert (there.mcnemar.b, there.mcnemar.c, there.mcnemar.p) == (back.mcnemar.c, back.mcnemar.b, back.mcnemar.p)


def test_a_pair_s_own_figures_do_not_depend_on_who_else_is_compared(systems: tuple[System, ...]) -> None:
    alone = compare((systems[1], systems[3]), bootstrap=ROUNDS).differences[0]
    among = difference_of(compare(systems, bootstrap=ROUNDS).differences, "fair", "poor")
    assert (alone.value, alone.low, alone.high) == (among.value, among.low, among.high)
    assert among.p_adjusted is not None
    assert among.p is not None
    assert among.p_adjusted >= among.p


def test_bounds_are_those_of_scores_of_the_same_samples(systems: tuple[System, ...]) -> None:
    counts = [tally(s.rows[0]) for s in systems[:2]]
    cells = Cells(HEADLINE, "strict", ("sun", "moon"), ("neutral",))
    first, second = joint_replicates(["a", "b"], [[c] for c in counts], cells, ROUNDS).scores
    difference = compare(systems[:2], bootstrap=ROUNDS).differences[0]
    assert (difference.low, difference.high) == pytest.approx(np.percentile(first - second, [2.5, 97.5]))
    for replicates, one in zip((first, second), counts, strict=True):
        interval = ROUNDS.intervals(one)[HEADLINE]
        assert (interval.low, interval.high) == pytest.approx(np.percentile(replicates, [2.5, 97.5]))


def test_the_same_answers_do_not_differ(systems: tuple[System, ...]) -> None:
    comparison = compare((systems[0], System("again", systems[0].rows)), bootstrap=ROUNDS)
    (difference,) = comparison.differences
    assert (difference.value, difference.low, difference.high, difference.p) == (0, 0, 0, 1)
    assert [(rank.rank, rank.low, rank.high) for rank in comparison.ranks] == [(1, 1, 1), (1, 1, 1)]


@settings(max_examples=20)
@given(scored_rows(min_size=12, max_size=40), st.integers(0, 100))
def test_a_p_is_a_probability_and_bounds_hold_the_middle(rows: ScoredRows, seed: int) -> None:
    predicted = np.random.default_rng(seed).integers(0, 3, len(rows.gold))
    other = replace(rows, predicted=predicted)
    comparison = compare(
        (System("a", (rows,)), System("b", (other,))), bootstrap=Bootstrap(rounds=50), mode="semeval", scores=[ACCURACY]
    )
    (difference,) = comparison.differences
    if difference.p is not None:
        assert 0 < difference.p <= 1
    # Fewer than forty clusters: no interval, and why.
    assert difference.low is None
    assert "cluster" in difference.reason or "event" in difference.reason


def test_ranks_of_samples_by_hand() -> None:
    replicates = np.array([[3.0, 1.0, 2.0], [3.0, 2.0, 2.0], [1.0, 3.0, 5.0]])
    assert sample_ranks(replicates).tolist() == [[1, 3, 2], [1, 2, 2], [3, 1, 1]]
    assert rank_bounds(replicates, 0.95) == [(1, 3), (1, 2), (1, 3)]


def test_a_rank_is_one_more_than_those_significantly_better(systems: tuple[System, ...]) -> None:
    comparison = compare(systems, bootstrap=ROUNDS)
    ranks = {rank.name: rank for rank in comparison.ranks}
    assert {name: rank.rank for name, rank in ranks.items()} == {"good": 1, "fair": 2, "other fair": 2, "poor": 4}
    for rank in ranks.values():
        assert rank.low is not None
        assert rank.high is not None
        assert rank.low <= rank.high
    assert (ranks["good"].low, ranks["good"].high) == (1, 1)


def test_where_lower_is_better_the_lowest_ranks_first(systems: tuple[System, ...]) -> None:
    which = ScoreId("false_favor")
    rows = replace(systems[0].rows[0], bloc=np.zeros(240, dtype=np.int64), blocs=("west",))
    always = replace(rows, predicted=np.zeros(240, dtype=np.int64))
    judged = (System("always favor", (always,)), System("good", (rows,)))
    poor, good = compare(judged, scores=[which], bootstrap=ROUNDS).ranks
    assert (poor.value or 0) > (good.value or 0)
    assert (poor.rank, good.rank) == (2, 1)
    assert (poor.low, poor.high, good.low, good.high) == (2, 2, 1, 1)


def test_ranks_need_every_pair(systems: tuple[System, ...]) -> None:
    assert compare(systems, pairs=[(0, 1), (0, 2)], bootstrap=ROUNDS).ranks == ()


def test_the_family_is_every_score_of_every_pair(systems: tuple[System, ...]) -> None:
    scores = [HEADLINE, ACCURACY, ScoreId("f_avg", "sun")]
    comparison = compare(systems, scores=scores, bootstrap=ROUNDS)
    assert comparison.family == len(comparison.differences) == 3 * 6
    assert [d.score for d in comparison.differences[::6]] == scores
    one = compare(systems, bootstrap=ROUNDS).differences
    for alone, among in zip(one, comparison.differences, strict=False):
        assert among.p_adjusted is not None
        assert alone.p_adjusted is not None
        assert among.p_adjusted >= alone.p_adjusted - 0.02


def test_benjamini_hochberg_rejects_no_less(systems: tuple[System, ...]) -> None:
    strict, looser = (
        sum(d.significant for d in compare(systems, correction=c, bootstrap=ROUNDS).differences)
        for c in ("holm", "benjamini_hochberg")
    )
    assert looser >= strict > 0


def test_several_seeds_widen_an_interval_and_are_tested_with_their_spread() -> None:
    base = answers(60, 0.7, 0)
    # Two systems that agree but for two seeds far apart, whose mean is as good as the other system.
    spread = System("spread", tuple(answers(60, share, i, base) for i, share in enumerate((0.5, 0.9, 0.5, 0.9))))
    steady = System("steady", tuple(answers(60, 0.7, i, base) for i in range(4, 8)))
    single = System("single", (answers(60, 0.7, 9, base),))
    comparison = compare((spread, steady, single), bootstrap=ROUNDS)
    wide, narrow = (difference_of(comparison.differences, name, "single") for name in ("spread", "steady"))
    assert None not in (wide.high, wide.low, narrow.high, narrow.low)
    assert (wide.high or 0) - (wide.low or 0) > (narrow.high or 0) - (narrow.low or 0)
    assert wide.test == narrow.test == "bootstrap"
    assert wide.mcnemar is None
    assert not wide.significant


def test_seeds_of_one_system_do_not_move_another() -> None:
    base = answers(60, 0.7, 0)
    seeds = System("seeds", tuple(answers(60, 0.6, i, base) for i in range(3)))
    other = System("other", (answers(60, 0.8, 5, base),))
    third = System("third", tuple(answers(60, 0.4, i, base) for i in range(6, 9)))
    two = compare((seeds, other), bootstrap=ROUNDS).differences[0]
    three = difference_of(compare((seeds, third, other), bootstrap=ROUNDS).differences, "seeds", "other")
    assert (two.low, two.high, two.p) == (three.low, three.high, three.p)


def test_seeds_that_are_all_alike_do_not_differ_for_certain() -> None:
    base = answers(60, 0.7, 0)
    same = (answers(60, 0.7, 1, base),) * 2
    (difference,) = compare((System("a", same), System("b", same)), bootstrap=ROUNDS).differences
    assert (difference.value, difference.p) == (0, 1)


def test_a_constant_is_no_nearer_by_its_standard_error_than_by_exchange() -> None:
    rows = answers(60, 0.5, 5)
    constant = System("constant", (replace(rows, predicted=np.full_like(rows.gold, 2)),))
    which = ScoreId("mcc")
    by_error, by_exchange = (
        compare([System("a", (rows,)), constant], scores=(which,), bootstrap=ROUNDS, test=test).differences[0]
        for test in ("bootstrap", "randomisation")
    )
    assert (by_error.value, by_error.low, by_error.mcnemar) == (by_exchange.value, by_exchange.low, by_exchange.mcnemar)
    assert (by_error.test, by_exchange.test) == ("bootstrap", "randomisation")
    assert by_error.low is not None
    assert by_error.low > 0
    assert by_error.p is not None
    assert by_exchange.p is not None
    assert by_error.p < by_exchange.p


def test_what_differs_alike_in_every_sample_is_exchanged() -> None:
    rows = answers(60, 1.0, 5)
    wrong = replace(rows, predicted=(rows.gold + 1) % 3)
    systems = [System("right", (rows,)), System("wrong", (wrong,))]
    difference = compare(systems, scores=(ACCURACY,), bootstrap=ROUNDS, test="bootstrap").differences[0]
    assert (difference.value, difference.test, difference.reason) == (1.0, "randomisation", "")
    assert difference.p is not None
    assert difference.p < 0.05


@pytest.mark.parametrize("seeds", [2, 3, 5])
def test_a_pair_of_seeds_that_happen_to_lie_apart_is_no_finding_at_any_level(seeds: int) -> None:
    # Each seed is off by a normal error beside which that of the clusters is small: the null hypothesis is true.
    rng = np.random.default_rng(seeds)
    p = []
    for _ in range(500):
        scores = rng.normal(size=seeds)
        errors = [Error(0.01, 99), Error(float(scores.var(ddof=1)) / seeds, seeds - 1)]
        p.append(against_errors(float(scores.mean()), errors))
    for level in (0.05, 0.01):
        # Three standard errors of a share of 500.
        assert np.mean(np.array(p) <= level) <= level + 3 * np.sqrt(level / 500)


def test_one_error_is_student_s() -> None:
    assert against_errors(-2.0, [Error(0.5, 7)]) == pytest.approx(2 * float(t.sf(2 / np.sqrt(0.5), 7)))
    assert against_errors(0.0, [Error(0.0, 7)]) == 1
    assert np.isnan(against_errors(0.1, [Error(0.0, 7)]))
    assert against_errors(1.0, [Error(1e-9, 900)]) == pytest.approx(SMALLEST)


def test_a_difference_without_any_error_is_not_significant() -> None:
    base = replace(answers(60, 1.0, 0), subsets={})
    wrong = replace(base, predicted=np.full(len(base.gold), 3))
    right, never = System("right", (base, base)), System("never", (wrong, wrong))
    comparison = compare((right, never), scores=[ACCURACY], bootstrap=ROUNDS)
    (difference,) = comparison.differences
    assert (difference.value, difference.p, difference.significant) == (1, None, False)
    assert "error is unknown" in difference.reason
    assert [rank.rank for rank in comparison.ranks] == [None, None]


def test_a_stricter_level_gets_the_rounds_that_it_needs(systems: tuple[System, ...]) -> None:
    comparison = compare(systems, bootstrap=replace(ROUNDS, level=0.995))
    assert max(d.rounds for d in comparison.differences) == 6 * 2_000
    assert difference_of(comparison.differences, "good", "poor").significant


def test_seeds_spread_more_at_a_stricter_level() -> None:
    runs = np.array([[0.4], [0.6]]).repeat(400, axis=1)
    usual, strict = (np.ptp(departures("a", runs, replace(ROUNDS, level=level))) for level in (0.95, 0.99))
    # Student's two-sided points with one degree of freedom over the normal ones.
    assert strict / usual == pytest.approx((63.6567 / 2.5758) / (12.7062 / 1.9600), rel=1e-4)


def test_an_undefined_score_has_no_difference_and_no_rank(systems: tuple[System, ...]) -> None:
    def without_against(rows: ScoredRows) -> ScoredRows:
        return replace(rows, gold=np.where(rows.gold == 1, 0, rows.gold))

    bare = tuple(System(s.name, (without_against(s.rows[0]),)) for s in systems[:2])
    comparison = compare(bare, bootstrap=ROUNDS)
    (difference,) = comparison.differences
    assert (difference.value, difference.p, difference.p_adjusted) == (None, None, None)
    assert "0 against" in difference.reason
    assert comparison.family == 0
    assert [rank.rank for rank in comparison.ranks] == [None, None]


def test_one_cluster_is_neither_resampled_nor_exchanged() -> None:
    rows = [replace(answers(20, share, i), cluster=np.zeros(80, dtype=np.int64)) for i, share in enumerate((0.9, 0.5))]
    comparison = compare([System(str(i), (r,)) for i, r in enumerate(rows)], bootstrap=ROUNDS)
    (difference,) = comparison.differences
    assert difference.value is not None
    assert (difference.low, difference.p) == (None, None)
    assert "single event" in difference.reason
    assert (comparison.ranks[0].rank, comparison.ranks[0].low) == (None, None)
    assert "single event" in comparison.ranks[0].reason
    assert comparison.family == 0


def test_a_score_whose_interval_means_nothing_has_none(systems: tuple[System, ...]) -> None:
    comparison = compare(systems[:2], scores=[ScoreId("f_avg_worst")], bootstrap=ROUNDS)
    assert comparison.differences[0].low is None
    assert comparison.differences[0].p is not None
    assert comparison.ranks[0].low is None
    assert comparison.ranks[0].reason == comparison.differences[0].reason != ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"gold": np.zeros(240, dtype=np.int64)}, "not of the same judgements"),
        ({"subsets": {}}, "not of the same judgements"),
        ({"targets": ("sun", "stars")}, "not of the same judgements"),
        ({"bloc": np.arange(240) % 2, "blocs": ("east", "west")}, "not of the same judgements"),
    ],
)
def test_other_judgements_are_refused(systems: tuple[System, ...], change: dict[str, object], told: str) -> None:
    other = replace(systems[1].rows[0], **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=told):
        compare((systems[0], System("other", (other,))))


def test_what_cannot_be_compared_is_refused(systems: tuple[System, ...]) -> None:
    with pytest.raises(ValueError, match="at least two"):
        compare(systems[:1])
    with pytest.raises(ValueError, match="different names"):
        compare((systems[0], systems[0]))
    with pytest.raises(ValueError, match="nothing to compare"):
        compare(systems, pairs=[])
    with pytest.raises(ValueError, match="twice"):
        compare(systems, pairs=[(0, 1), (1, 0)])
    with pytest.raises(ValueError, match="twice"):
        compare(systems, scores=[HEADLINE, HEADLINE])
    with pytest.raises(ValueError, match="nobody has none"):
        compare((System("nobody", ()), systems[0]))
    with pytest.raises(ValueError, match="two positions"):
        compare(systems, pairs=[(0, 9)])
    with pytest.raises(ValueError, match=r"no score f_avg\.stars"):
        compare(systems, scores=[ScoreId("f_avg", "stars")])


def test_a_true_null_is_rejected_about_as_often_as_the_level() -> None:
    def null(i: int) -> tuple[Tally, Tally]:
        base = answers(40, 0.7, 3 * i)
        return tally(answers(40, 0.7, 3 * i + 1, base)), tally(answers(40, 0.7, 3 * i + 2, base))

    cells = Cells(HEADLINE, "strict", ("sun", "moon"), ("neutral",))
    p = [randomisation(null(i), [(0, 1)], cells, rounds=99, seed=i)[0].p for i in range(300)]
    # 0.05 and three standard errors of a share of 300.
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert np.mean(np.array(p) <= 0.5) == pytest.approx(0.5, abs=0.1)
    assert cells.which == paired.HEADLINE
