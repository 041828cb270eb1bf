from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from stancebench.models.configs import ConstantConfig, ConstantStance, MajorityConfig, StratifiedConfig
from stancebench.models.constant import CONSTANT, MAJORITY, STRATIFIED
from stancebench.models.spec import ModelContext

CONTEXT = ModelContext((), ("text", "target"))
X = pd.DataFrame({"text": [f"text {i}" for i in range(7)], "target": ["sun"] * 4 + ["moon"] * 3})
Y = np.array(["favor", "favor", "favor", "none", "against", "against", "none"], dtype=object)


@pytest.mark.parametrize("stance", list(ConstantStance))
def test_the_constant_says_the_same_even_what_train_never_says(stance: ConstantStance) -> None:
    model = CONSTANT.build(ConstantConfig(name="constant", stance=stance), CONTEXT)
    for y in (Y, np.full(7, "none", dtype=object)):
        assert model.fit(X, y).predict(X).tolist() == [stance.value] * 7
    assert not hasattr(model, "predict_proba")


def test_the_majority_is_the_commonest_stance_of_all_targets() -> None:
    model = MAJORITY.build(MajorityConfig(name="majority"), CONTEXT).fit(X, Y)
    assert model.predict(X).tolist() == ["favor"] * 7
    assert dict(zip(model.classes_, model.predict_proba(X)[0], strict=True)) == {
        "against": 2 / 7,
        "favor": 3 / 7,
        "none": 2 / 7,
    }


def test_the_majority_per_target_is_each_targets_own() -> None:
    model = MAJORITY.build(MajorityConfig(name="majority", per_target=True), CONTEXT).fit(X, Y)
    assert model.predict(X).tolist() == ["favor"] * 4 + ["against"] * 3
    assert dict(zip(model.classes_, model.predict_proba(X)[0], strict=True)) == {
        "against": 0,
        "favor": 3 / 4,
        "none": 1 / 4,
    }


def test_stratified_guesses_follow_trains_frequencies_and_the_seed() -> None:
    many = pd.concat([X] * 2000)

    def said(seed: int) -> list[str]:
        model = STRATIFIED.build(StratifiedConfig(name="stratified"), ModelContext((), ("text", "target"), seed))
        return [str(s) for s in model.fit(X, Y).predict(many)]

    counts = Counter(said(0))
    # The standard error of a share is at most sqrt(0.25 / 14000), 0.0042.
    for stance, share in {"favor": 3 / 7, "against": 2 / 7, "none": 2 / 7}.items():
        assert abs(counts[stance] / len(many) - share) < 0.02
    assert said(0) == said(0) != said(1)
    assert STRATIFIED.stochastic
