"""What every model must do, tried on a few rows made in memory; each fault is told with what was expected."""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stancebench.models import checks
from stancebench.models.checks import Subject, Unmet
from stancebench.models.spec import ModelConfig, ModelSpec
from stancebench.vocabulary import STANCES

Status = Literal["ok", "warning", "failed", "skipped"]


@dataclass(frozen=True)
class Result:
    """What came of one check.

    Attributes
    ----------
    check : str
        what was checked, as a statement that should hold
    status : {"ok", "warning", "failed", "skipped"}
        skipped where an earlier failure leaves nothing to try
    seen : str
        what was seen; empty where there is nothing to say
    expected : str
        what the statement asks for
    trace : str
        the traceback of a crash
    """

    check: str
    status: Status
    seen: str = ""
    expected: str = ""
    trace: str = ""


Severity = Literal["fails", "warns", "warns if stochastic"]


@dataclass(frozen=True)
class Check:
    """A statement about a model, and how it is tried: ``look`` returns what was seen or raises `Unmet`."""

    name: str
    expected: str
    look: Callable[[Subject], str]
    severity: Severity = "fails"
    needed: bool = False
    """whether nothing else can be tried without it"""


OF_THE_DECLARATION = (
    Check(
        "says what it is",
        "version a whole number from 1 on, stochastic True or False, summary one line",
        checks.told_of_itself,
    ),
    Check(
        "config extends ModelConfig",
        "a dataclass that extends stancebench.models.ModelConfig, each field annotated and with a default",
        checks.config_class,
        needed=True,
    ),
)

OF_THE_MODEL = (
    Check(
        "config survives JSON",
        "numbers, text, booleans, enums whose names are their values, and lists, dicts and dataclasses of them",
        checks.config_survives_json,
    ),
    Check(
        "declines in words", "declines() returns a reason, or an empty string to take part", checks.declines_in_words
    ),
    Check(
        "builds", "build(config, context) returns a scikit-learn estimator for some inputs", checks.builds, needed=True
    ),
    Check("fits", "fit(X, y) returns the estimator itself", checks.fit_returns_itself, needed=True),
    Check(
        "predicts one stance a row",
        f"predict(X) returns one of {', '.join(STANCES)} a row",
        checks.one_stance_a_row,
        needed=True,
    ),
    Check(
        "probabilities are some",
        "predict_proba(X), if there: a column for each of classes_, no negative value, rows that sum to 1",
        checks.probabilities,
    ),
    Check(
        "can be cloned",
        "__init__ only stores its parameters, under their own names",
        checks.clones,
        "warns if stochastic",
    ),
    Check(
        "builds afresh", "build returns a new, unfitted estimator each time, sharing no part with another", checks.fresh
    ),
    Check("forgets an earlier fit", "fit starts from nothing", checks.no_memory, "warns if stochastic"),
    Check("same seed, same predictions", "nothing is drawn but from context.seed", checks.same_seed),
    Check("seed as declared", "stochastic=True in the ModelSpec if the seed changes anything", checks.seed_as_declared),
    Check(
        "order of test rows", "a row's prediction depends on that row", checks.order_of_test_rows, "warns if stochastic"
    ),
    Check("one row at a time", "a row's prediction depends on that row", checks.one_at_a_time, "warns if stochastic"),
    Check(
        "order of training rows",
        "the order of training rows changes nothing",
        checks.order_of_train_rows,
        "warns if stochastic",
    ),
    Check("leaves X and y alone", "fit and predict work on copies", checks.leaves_its_rows_alone),
    Check("takes or declines each input", "columns text and target, or also holder and bloc", checks.both_inputs),
    Check(
        "unseen target",
        "a prediction for a target without training rows, or declines() says why not under the protocol cross_target",
        checks.unseen_target,
    ),
    Check("unseen holder", "a prediction for a holder without training rows", checks.unseen_holder),
    Check(
        "one stance in train", "a prediction also where all training rows have one stance", checks.one_stance_in_train
    ),
    Check("no dev rows", "a corpus or protocol may have none: X_dev and y_dev are then empty", checks.without_dev),
    Check("odd texts", "a prediction for empty, very long and non-Latin text, also in training", checks.odd_texts),
    Check("can be pickled", "a fitted estimator can be sent to another process", checks.pickles, "warns"),
)


def check_declaration(spec: ModelSpec) -> list[Result]:
    """Check what a model says of itself, before it is built."""
    return _examine(Subject(spec), OF_THE_DECLARATION)


def check_model(spec: ModelSpec, config: ModelConfig) -> list[Result]:
    """Check that a model behaves: built, fitted and asked many times on a few rows made in memory.

    Parameters
    ----------
    spec : ModelSpec
        the model
    config : ModelConfig
        its config, complete

    Returns
    -------
    list of Result
        one a check, in order
    """
    return _examine(Subject(spec, config), OF_THE_MODEL)


def _examine(model: Subject, which: Sequence[Check]) -> list[Result]:
    results: list[Result] = []
    broken = ""
    for check in which:
        if broken:
            results.append(Result(check.name, "skipped", f"not tried: {broken!r} failed", check.expected))
            continue
        results.append(_carried_out(check, model))
        if check.needed and results[-1].status == "failed":
            broken = check.name
    return results


def _carried_out(check: Check, model: Subject) -> Result:
    warns = check.severity == "warns" or (check.severity == "warns if stochastic" and model.spec.stochastic)
    status: Status = "warning" if warns else "failed"
    try:
        with warnings.catch_warnings():
            # A solver that has not converged on a few rows says nothing of the model.
            warnings.simplefilter("ignore")
            return Result(check.name, "ok", check.look(model), check.expected)
    except Unmet as e:
        return Result(check.name, status, _noted(e, str(e)), check.expected)
    except Exception as e:  # noqa: BLE001 -- whatever a model raises is a finding
        return Result(check.name, status, crash(e, model.spec), check.expected, "".join(traceback.format_exception(e)))


def crash(error: BaseException, spec: ModelSpec) -> str:
    """Return an exception in one line: type, message, and the last line of the model's own code it passed."""
    lines = str(error).strip().splitlines()
    told = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    own = _own_code(spec)
    ours = {Path(__file__), Path(str(checks.__file__))}
    mine = [f for f in frames if _within(Path(f.filename), own) and Path(f.filename) not in ours]
    last = f" ({Path(mine[-1].filename).name}, line {mine[-1].lineno}: {mine[-1].line})" if mine else ""
    return _noted(error, f"{told}{last}")


def _noted(error: BaseException, told: str) -> str:
    return "".join(f"{note}: " for note in getattr(error, "__notes__", [])) + told


def _own_code(spec: ModelSpec) -> Path:
    """Return the file of a model's top-level module, or the folder of its package."""
    top = sys.modules.get(getattr(spec.build, "__module__", "").split(".")[0])
    path = Path(getattr(top, "__file__", None) or "nowhere")
    return path.parent if path.name == "__init__.py" else path


def _within(path: Path, own: Path) -> bool:
    return path == own or own in path.parents
