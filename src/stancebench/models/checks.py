"""The single checks of `stancebench.models.conformance`: each returns what was seen, or raises `Unmet`."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from omegaconf import OmegaConf
from sklearn.base import clone

from stancebench.models.made_up import ODD_TEXTS, TARGETS, made_up_rows
from stancebench.models.spec import ModelConfig, ModelContext, ModelSpec, asked_for
from stancebench.tasks import INPUTS
from stancebench.vocabulary import STANCES

DEV = 8
"""training rows that stand in for dev"""


class Unmet(Exception):  # noqa: N818 -- a finding about a model, not an error of this program
    """What was seen where a check does not hold."""


@dataclass(frozen=True)
class Subject:
    """The model under examination, with its config."""

    spec: ModelSpec
    config: Any = None

    @cached_property
    def rows(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Training and test rows."""
        return made_up_rows()

    def context(self, inputs: str = "", seed: int = 0, protocol: str = "") -> ModelContext:
        """Return what the model is told; inputs and protocol that are not given are those it takes."""
        return ModelContext(TARGETS, INPUTS[inputs or self.takes[0]], seed, protocol or self.takes[1])

    def declines(self, context: ModelContext) -> str:
        """Return why the model does not take part."""
        return self.spec.declines(self.config, context)

    @cached_property
    def takes(self) -> tuple[str, str]:
        """The richest inputs the model takes, and the protocol: the official one, if it takes any under that."""
        reasons = []
        for protocol in ("official", "cross_target"):
            for inputs in ("text+holder", "text"):
                reason = self.declines(self.context(inputs, protocol=protocol))
                if not reason:
                    return inputs, protocol
                reasons.append(f"it declines {inputs} under {protocol}: {reason}")
        raise Unmet("; ".join(reasons))

    def build(self, context: ModelContext | None = None) -> Any:
        """Return a fresh estimator."""
        return self.spec.build(self.config, context or self.context())

    def fitted(self, train: pd.DataFrame | None = None, context: ModelContext | None = None) -> Any:
        """Return an estimator fitted on rows, by default the training rows."""
        context = context or self.context()
        return fit(self.build(context), self.rows[0] if train is None else train, context.columns)

    def said(self, estimator: Any, rows: pd.DataFrame | None = None) -> list[str]:
        """Return the stances an estimator gives to rows, by default the test rows."""
        rows = self.rows[1] if rows is None else rows
        return stances(estimator, rows[list(self.context().columns)])


def fit(estimator: Any, rows: pd.DataFrame, columns: Sequence[str]) -> Any:
    """Fit as a run does; return the estimator itself, whatever ``fit`` returns."""
    y = rows["stance"].to_numpy(dtype=object)
    estimator.fit(rows[list(columns)], y, **asked_for(estimator, rows, rows[:DEV], columns))
    return estimator


def stances(estimator: Any, X: pd.DataFrame) -> list[str]:
    """Return an estimator's predictions, each a known stance.

    Raises
    ------
    Unmet
        when they are not
    """
    said = np.asarray(estimator.predict(X), dtype=object)
    if said.shape != (len(X),):
        raise Unmet(f"predictions of shape {said.shape} for {len(X)} rows")
    strange = [s for s in said if not isinstance(s, str) or s not in STANCES]
    if strange:
        raise Unmet(f"a prediction {strange[0]!r} of type {type(strange[0]).__name__}")
    return [str(s) for s in said]


def _differ(ours: Sequence[str], others: Sequence[str], when: str) -> None:
    n = sum(a != b for a, b in zip(ours, others, strict=True))
    if n:
        raise Unmet(f"{n} of {len(ours)} predictions changed {when}")


def told_of_itself(m: Subject) -> str:
    """Look at version, stochastic and summary."""
    spec = m.spec
    if not isinstance(spec.version, int) or spec.version < 1:
        raise Unmet(f"version {spec.version!r}")
    if not isinstance(spec.stochastic, bool):
        raise Unmet(f"stochastic {spec.stochastic!r}")
    if not spec.summary.strip() or "\n" in spec.summary:
        raise Unmet(f"summary {spec.summary!r}")
    return f"version {spec.version}, {'stochastic' if spec.stochastic else 'not stochastic'}"


def config_class(m: Subject) -> str:
    """Look at the config dataclass."""
    config = m.spec.config
    if not (isinstance(config, type) and issubclass(config, ModelConfig)):
        raise Unmet(f"{config!r}")
    if not (is_dataclass(config) and "__dataclass_fields__" in vars(config)):
        raise Unmet(f"{config.__name__} has no @dataclass above it")
    OmegaConf.structured(config(name=m.spec.name))
    return f"{config.__name__}: {', '.join(config.__dataclass_fields__)}"


def config_survives_json(m: Subject) -> str:
    """Write the config as JSON, as a record does, and read it again."""
    written = json.loads(json.dumps(asdict(m.config), default=lambda value: value.value))
    read = OmegaConf.to_object(OmegaConf.merge(OmegaConf.structured(m.spec.config), written))
    if read != m.config:
        raise Unmet(f"{m.config} came back as {read}")
    return ""


def declines_in_words(m: Subject) -> str:
    """Ask under some protocols."""
    for protocol in ("official", "cross_target", "cross_holder", "few_shot"):
        for inputs in ("text", "text+holder"):
            reason: Any = m.declines(m.context(inputs, protocol=protocol))
            if not isinstance(reason, str):
                raise Unmet(f"{reason!r} for {inputs} under {protocol}")
    return ""


def builds(m: Subject) -> str:
    """Build once."""
    estimator = m.build()
    lacking = [name for name in ("fit", "predict", "get_params", "set_params") if not hasattr(estimator, name)]
    if lacking:
        raise Unmet(f"a {type(estimator).__name__} without {', '.join(lacking)}")
    inputs, protocol = m.takes
    return f"{type(estimator).__name__} from {inputs}" + (f" under {protocol}" if protocol != "official" else "")


def fit_returns_itself(m: Subject) -> str:
    """Fit once."""
    columns, (train, _) = list(m.context().columns), m.rows
    estimator = m.build()
    y = train["stance"].to_numpy(dtype=object)
    returned = estimator.fit(train[columns], y, **asked_for(estimator, train, train[:DEV], columns))
    if returned is not estimator:
        raise Unmet(f"fit returned {type(returned).__name__}")
    return ""


def one_stance_a_row(m: Subject) -> str:
    """Predict once."""
    said = m.said(m.fitted())
    return ", ".join(f"{said.count(s)} {s}" for s in STANCES)


def probabilities(m: Subject) -> str:
    """Look at probabilities, where there are any."""
    estimator = m.fitted()
    if not hasattr(estimator, "predict_proba"):
        return "it has no predict_proba"
    test = m.rows[1]
    p: npt.NDArray[np.float64] = np.asarray(estimator.predict_proba(test[list(m.context().columns)]), dtype=np.float64)
    classes = list(getattr(estimator, "classes_", []))
    if not classes or not set(classes) <= set(STANCES):
        raise Unmet(f"classes_ {classes}")
    if p.shape != (len(test), len(classes)):
        raise Unmet(f"shape {p.shape} for {len(test)} rows and {len(classes)} classes_")
    if not np.isfinite(p).all() or p.min() < 0:
        raise Unmet(f"a value {p.min()}")
    if not np.allclose(p.sum(axis=1), 1):
        sums = p.sum(axis=1)
        raise Unmet(f"a row that sums to {sums[np.abs(sums - 1).argmax()]:.4g}")
    return ""


def clones(m: Subject) -> str:
    """Compare a model with its clone."""
    estimator = m.build()
    again = clone(estimator)
    if str(again.get_params()) != str(estimator.get_params()):
        raise Unmet(f"{estimator.get_params()} became {again.get_params()}")
    if estimator.set_params(**estimator.get_params(deep=False)) is not estimator:
        raise Unmet("set_params does not return the estimator")
    _differ(m.said(m.fitted()), m.said(fit(again, m.rows[0], m.context().columns)), "in a clone")
    return ""


def fresh(m: Subject) -> str:
    """Build again after a fit."""
    first = m.fitted()
    second = m.build()
    if second is first:
        raise Unmet("the same object twice")
    for part in (second, *second.get_params(deep=True).values()):
        if hasattr(part, "fit") and not isinstance(part, type):
            learned = [name for name in vars(part) if name.endswith("_") and not name.startswith("_")]
            if learned:
                raise Unmet(f"after another was fitted, a new {type(part).__name__} has {', '.join(learned)}")
    return ""


def no_memory(m: Subject) -> str:
    """Fit on other rows and compare with a model that saw only those."""
    train = m.rows[0]
    swapped = {"favor": "against", "against": "none", "none": "favor"}
    other = train.iloc[: len(train) // 2].assign(stance=lambda rows: rows["stance"].map(swapped))
    used = fit(m.fitted(), other, m.context().columns)
    _differ(m.said(m.fitted(other)), m.said(used), "because it was fitted on other rows before")
    return ""


def order_of_test_rows(m: Subject) -> str:
    """Shuffle the test rows."""
    estimator, test = m.fitted(), m.rows[1]
    order = np.random.default_rng(0).permutation(len(test))
    there = m.said(estimator, test.iloc[order])
    _differ([m.said(estimator)[i] for i in order], there, "with the order of the test rows")
    return ""


def one_at_a_time(m: Subject) -> str:
    """Predict some rows one by one."""
    estimator, some = m.fitted(), m.rows[1].iloc[::3]
    alone = [m.said(estimator, some.iloc[[i]])[0] for i in range(len(some))]
    _differ(m.said(estimator, some), alone, "when rows were predicted one at a time")
    return ""


def order_of_train_rows(m: Subject) -> str:
    """Shuffle the training rows."""
    train = m.rows[0]
    shuffled = train.iloc[np.random.default_rng(0).permutation(len(train))]
    _differ(m.said(m.fitted()), m.said(m.fitted(shuffled)), "with the order of the training rows")
    return ""


def same_seed(m: Subject) -> str:
    """Fit twice."""
    _differ(m.said(m.fitted()), m.said(m.fitted()), "from one fit to the next with the same seed")
    return ""


def seed_as_declared(m: Subject) -> str:
    """Compare seeds; the seed is part of a key exactly when it is declared to count."""
    first = m.said(m.fitted())
    others = [m.said(m.fitted(context=m.context(seed=seed))) for seed in (1, 2, 3)]
    if not m.spec.stochastic:
        for other in others:
            _differ(first, other, "with the seed, and stochastic is False")
    elif all(other == first for other in others):
        return "declared stochastic, and four seeds gave the same predictions here"
    return ""


def leaves_its_rows_alone(m: Subject) -> str:
    """Compare what was handed over with what it was."""
    columns, (train, test) = list(m.context().columns), m.rows
    X, y, X_test = train[columns].copy(), train["stance"].to_numpy(dtype=object).copy(), test[columns].copy()
    estimator = m.build()
    estimator.fit(X, y, **asked_for(estimator, train, train[:DEV], columns))
    stances(estimator, X_test)
    for name, now, before in (("X of fit", X, train[columns]), ("X of predict", X_test, test[columns])):
        if not now.equals(before):
            raise Unmet(f"{name} was changed in place")
    if list(y) != list(train["stance"]):
        raise Unmet("y was changed in place")
    return ""


def unseen_target(m: Subject) -> str:
    """Learn one target and predict the other."""
    context = m.context(protocol="cross_target")
    reason = m.declines(context)
    if reason:
        return f"declines: {reason}"
    train, test = m.rows
    seen, unseen = (t.id for t in TARGETS)
    m.said(m.fitted(train[train["target"] == seen], context), test[test["target"] == unseen])
    return "predicts"


def unseen_holder(m: Subject) -> str:
    """Learn the holders of one bloc and predict those of another."""
    if m.takes[0] == "text":
        return "it does not see the holder"
    train, test = m.rows
    known = train[train["bloc"] == "EAST"]
    m.said(m.fitted(known), test[test["bloc"] == "WEST"])
    return ""


def one_stance_in_train(m: Subject) -> str:
    """Learn from rows of one stance."""
    train, told = m.rows[0], []
    for stance in STANCES:
        said = m.said(m.fitted(train[train["stance"] == stance]))
        told += [f"trained on {stance} only, it says {s}" for s in sorted({*said} - {stance})]
    return "; ".join(told)


def odd_texts(m: Subject) -> str:
    """Try texts no author thinks of, one after another, and then in train."""
    train, test = m.rows
    odd = {name: test.iloc[:2].assign(text=text) for name, text in ODD_TEXTS.items()}
    plain = m.fitted()
    for name, rows in odd.items():
        with _named(name):
            m.said(plain, rows)
    with _named("trained on them"):
        taught = m.fitted(pd.concat([train, *odd.values()], ignore_index=True))
        m.said(taught, pd.concat(list(odd.values()), ignore_index=True))
    return ""


@contextmanager
def _named(what: str) -> Iterator[None]:
    """Name what a crash or a finding came from."""
    try:
        yield
    except Exception as e:
        e.add_note(what)
        raise


def without_dev(m: Subject) -> str:
    """Fit without a dev row, where ``fit`` takes dev rows."""
    estimator, train, columns = m.build(), m.rows[0], m.context().columns
    more = asked_for(estimator, train, train[:0], columns)
    if "X_dev" not in more:
        return "fit does not take them"
    estimator.fit(train[list(columns)], train["stance"].to_numpy(dtype=object), **more)
    m.said(estimator)
    return ""


def both_inputs(m: Subject) -> str:
    """Fit on the columns of either choice of inputs."""
    told = []
    for inputs in ("text", "text+holder"):
        context = m.context(inputs)
        reason = m.declines(context)
        if reason:
            told.append(f"declines {inputs}: {reason}")
        else:
            stances(m.fitted(context=context), m.rows[1][list(context.columns)])
            told.append(f"takes {inputs}")
    return "; ".join(told)


def pickles(m: Subject) -> str:
    """Pickle a fitted model."""
    estimator = m.fitted()
    _differ(m.said(estimator), m.said(pickle.loads(pickle.dumps(estimator))), "after pickling")  # noqa: S301 -- its own
    return ""
