from __future__ import annotations

import numpy as np
import pytest

from stancebench.scoring.contrast import Contrasts, contrast_consistency, contrast_scores, contrast_sums
from stancebench.scoring.declared import ScoreId
from stancebench.scoring.resampling import Bootstrap

RIGHT = np.array([True, True, True, False, False, False])
PAIRS = [np.array([0, 1]), np.array([2, 3]), np.array([4, 5]), np.array([0, 2])]


def test_a_pair_counts_only_where_both_its_sentences_are_right() -> None:
    assert contrast_consistency(Contrasts(RIGHT, PAIRS, np.array([0, 0, 1, 1, 2, 2]))) == 2 / 4


def test_without_a_pair_there_is_no_value() -> None:
    assert np.isnan(contrast_consistency(Contrasts(RIGHT, [], np.arange(6))))


def test_pairs_are_resampled_with_their_cluster() -> None:
    sums = contrast_sums(Contrasts(RIGHT, PAIRS, np.array([0, 0, 1, 1, 2, 2])))
    np.testing.assert_array_equal(sums, [[2, 0, 0], [2, 1, 1]])
    interval = Bootstrap(rounds=200).intervals_of_sums(sums, contrast_scores)[ScoreId("contrast_consistency")]
    assert (interval.low, interval.high) == (0, 1)


def test_a_pair_of_one_judgement_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two judgements"):
        Contrasts(RIGHT, [np.array([0])], np.arange(6))
    with pytest.raises(ValueError, match="one length"):
        Contrasts(RIGHT, [], np.arange(5))
