from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as of_statsmodels
from statsmodels.stats.multitest import multipletests

from stancebench.scoring.significance import CORRECTIONS, Correction, adjusted, holm, mcnemar

PROBABILITIES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@pytest.mark.parametrize(("correction", "theirs"), [("holm", "holm"), ("benjamini_hochberg", "fdr_bh")])
@given(p=PROBABILITIES)
def test_adjusted_p_are_those_of_statsmodels(correction: Correction, theirs: str, p: list[float]) -> None:
    assert adjusted(p, correction) == pytest.approx(multipletests(p, method=theirs)[1], abs=1e-12)


@given(PROBABILITIES)
def test_holm_keeps_the_order_and_never_lowers_a_p(p: list[float]) -> None:
    corrected = holm(p)
    assert (corrected >= np.array(p)).all()
    assert (np.diff(corrected[np.argsort(p, kind="stable")]) >= 0).all()


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_what_is_undefined_is_no_member_of_the_family(correction: Correction) -> None:
    with_gap = adjusted([0.01, np.nan, 0.04], correction)
    assert np.isnan(with_gap[1])
    assert with_gap[[0, 2]].tolist() == adjusted([0.01, 0.04], correction).tolist()


def test_no_correction_leaves_each_p() -> None:
    assert adjusted([0.5, 0.01], "none").tolist() == [0.5, 0.01]


def test_a_p_outside_0_and_1_and_an_unknown_correction_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([1.2])
    with pytest.raises(ValueError, match="one of"):
        adjusted([0.5], "bonferroni")  # type: ignore[arg-type]


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_is_that_of_statsmodels_and_has_no_side(b: int, c: int) -> None:
    theirs = float(of_statsmodels([[0, b], [c, 0]], exact=True).pvalue)
    # statsmodels counts the middle of an even split twice.
    assert mcnemar(b, c) == pytest.approx(min(1.0, theirs), rel=1e-9, abs=1e-12)
    assert mcnemar(b, c) == mcnemar(c, b)


def test_mcnemar_by_hand() -> None:
    # Of 5 coins, none or all heads: 2 of 32.
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    assert mcnemar(0, 0) == 1.0
    with pytest.raises(ValueError, match="negative"):
        mcnemar(-1, 2)
