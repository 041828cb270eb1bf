"""`stancebench run`: Hydra composes, this carries out, prints and mirrors."""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import hydra
from hydra.types import RunMode
from omegaconf import DictConfig

from stancebench.cli.printing import warnings_told
from stancebench.config.compose import CONFIG_NAME, experiment_names, hydra_at, start
from stancebench.config.explain import MULTIRUN, explained
from stancebench.config.refuse import refuse_additions, refuse_flags, refuse_several_experiments
from stancebench.config.spec import model_config, run_config, run_spec
from stancebench.config.table_schema import opened
from stancebench.errors import StancebenchError, TrackingError, unknown
from stancebench.paths import home, shipped, shown
from stancebench.runs.execute import Outcome, Runner
from stancebench.runs.store import RunStore

if TYPE_CHECKING:
    from stancebench.config.schemas import RunConfig
    from stancebench.runs.record import Record
    from stancebench.runs.spec import RunSpec
    from stancebench.tracking.mirror import Mirror

_state = {"strict": False}


def run(arguments: list[str]) -> int:
    """Run one experiment, or a sweep of them.

    Parameters
    ----------
    arguments : list of str
        what Hydra reads: overrides and Hydra's own flags

    Returns
    -------
    int
        exit code
    """
    refuse_flags(arguments)
    refuse_additions(arguments)
    refuse_several_experiments(arguments)
    _state["strict"] = False
    start()
    with explained(arguments), warnings_told() as told:
        _hydra(opened(arguments))
    return 1 if _state["strict"] and told else 0


def _hydra(arguments: list[str]) -> None:
    """Let Hydra compose and call `_one` or the launcher."""
    flags = {a for a in arguments if a.startswith("-")}
    overrides = [a for a in arguments if a not in flags]
    conf = str(shipped("conf").absolute())
    if flags - MULTIRUN:
        # Hydra's own door reads its other flags. It prints errors in its own words and exits; with this it raises.
        os.environ["HYDRA_FULL_ERROR"] = "1"
        sys.argv = ["stancebench run", *sorted(flags & MULTIRUN), *(a for a in arguments if a not in MULTIRUN)]
        hydra.main(version_base="1.3", config_path=conf, config_name=CONFIG_NAME)(_one)()
        return
    with hydra_at(conf) as loaded:
        # Hydra's own door composes once more to learn the mode, which only an experiment file can set.
        experiment = any(o.startswith("experiment=") for o in overrides)
        mode = loaded.get_mode(config_name=CONFIG_NAME, overrides=overrides) if experiment else None
        if flags or mode == RunMode.MULTIRUN:
            wanted = [] if mode == RunMode.MULTIRUN else ["hydra.mode=MULTIRUN"]
            loaded.multirun(config_name=CONFIG_NAME, task_function=_one, overrides=[*overrides, *wanted])
        else:
            loaded.run(config_name=CONFIG_NAME, task_function=_one, overrides=overrides)


def _one(composed: DictConfig) -> None:
    """Carry out one config: Hydra's task function, also under its other launchers."""
    _guard(lambda: _carry_out([composed], sweep=False))


def carry_out_sweep(composed: Sequence[DictConfig]) -> None:
    """Carry out the configs of a whole multirun."""
    _guard(lambda: _carry_out(composed, sweep=True))


def _guard(work: Callable[[], None]) -> None:
    # Hydra catches a job's exception, prints a line of its own and raises it again; SystemExit passes through.
    from stancebench.cli import INTERRUPTED

    try:
        work()
    except StancebenchError as e:
        print(f"stancebench: {e}", file=sys.stderr)
        raise SystemExit(e.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        # `stancebench run ... | head` has read enough; the records are written.
        sys.stderr.close()
        raise SystemExit(0) from None


def _carry_out(composed: Sequence[DictConfig], *, sweep: bool) -> None:
    configs = [run_config(c) for c in composed]
    specs = [run_spec(c) for c in configs]
    first = configs[0]
    _state["strict"] = first.strict
    store = RunStore(home())
    runner = Runner(store, model_config)
    name = _experiment_name()
    outcomes: list[Outcome] = []
    failed: TrackingError | None = None
    try:
        mirror, parent, there = _mirror(first, store, runner, specs, name if sweep else None)
        for outcome in _interruptible(_progress(runner, specs)):
            outcomes.append(outcome)
            _warn_of_undefined(outcome.record)
            if mirror and not failed and outcome.record.score_key not in there:
                there.add(outcome.record.score_key)
                try:
                    mirror.log(outcome.record, parent)
                except TrackingError as e:
                    # A mirror that breaks does not stop a sweep: `track sync` makes up for it.
                    failed = e
    except KeyboardInterrupt:
        print(
            f"stancebench: Interrupted. {len(outcomes)} of {len(specs)} runs are finished and kept in "
            f"{shown(store.folder)}; type the same command again and it does the rest.",
            file=sys.stderr,
        )
        raise
    _print(outcomes, first, runner, mirror, name, sweep=sweep)
    if failed:
        raise failed


def _interruptible(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Yield outcomes until Ctrl-C, also where a library swallows the exception (in a finalizer or a C callback)."""
    pressed = threading.Event()

    def interrupt(signum: int, frame: object) -> None:  # noqa: ARG001
        pressed.set()
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield from outcomes
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        for outcome in outcomes:
            yield outcome
            if pressed.is_set():
                raise KeyboardInterrupt
    finally:
        signal.signal(signal.SIGINT, before)


def _warn_of_undefined(record: Record) -> None:
    headline = record.value("f_avg_macro")
    if headline is not None and headline.value is None:
        warnings.warn(f"{record.run['model']}: f_avg_macro is undefined ({headline.reason})", stacklevel=2)


def _experiment_name() -> str:
    from hydra.core.hydra_config import HydraConfig

    choices = HydraConfig.get().runtime.choices if HydraConfig.initialized() else {}
    return str(choices.get("experiment") or "")


def _progress(runner: Runner, specs: Sequence[RunSpec]) -> Iterator[Outcome]:
    """Yield outcomes; a person at a terminal sees how far it is."""
    if not sys.stderr.isatty():
        yield from runner.run_all(specs)
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if len(specs) > 1:
        yield from track(runner.run_all(specs), "runs", total=len(specs), console=console, transient=True)
    else:
        with console.status(f"{specs[0].model} on {specs[0].corpus_name}"):
            outcomes = list(runner.run_all(specs))
        yield from outcomes


def _mirror(
    config: RunConfig, store: RunStore, runner: Runner, specs: Sequence[RunSpec], sweep: str | None
) -> tuple[Mirror | None, str, set[str]]:
    """Return the mirror, the sweep's parent run, and the score keys that are mirrored already."""
    key = runner.sweep_key(specs, sweep) if sweep is not None else ""
    if key:
        store.write_sweep(key, sweep or "sweep", [runner.keys(s)[1] for s in specs])
    tracking = config.tracking
    if tracking.name == "none":
        return None, "", set()
    if tracking.name != "mlflow":
        raise unknown("tracking", tracking.name, ["mlflow", "none"])
    from stancebench.tracking.mirror import Mirror

    mirror = Mirror(store, tracking.uri, tracking.experiment)
    if key:
        parent, there = mirror.sweep(key, sweep or "sweep", len(specs))
        return mirror, parent, there
    mirrored = mirror.mirrored(runner.keys(specs[0])[1])
    return mirror, "", mirrored


def _print(
    outcomes: list[Outcome],
    config: RunConfig,
    runner: Runner,
    mirror: Mirror | None,
    name: str,
    *,
    sweep: bool,
) -> None:
    from stancebench.cli.printing import checks_line, print_record, print_sweep

    store = runner.store
    look = "stancebench ui" if mirror and mirror.local else "its own pages"
    where = f"MLflow    {mirror.shown_uri}   (look: {look})" if mirror else ""
    if not sweep:
        outcome = outcomes[0]
        print_record(outcome.record, store.record_path(outcome.record.score_key), reused=outcome.reused)
        if where:
            print(where)
        return
    first: dict[str, bool] = {}
    for outcome in outcomes:
        first.setdefault(outcome.record.score_key, outcome.reused)
    repeated = f", {len(outcomes) - len(first)} repeated" if len(first) < len(outcomes) else ""
    table = print_sweep(outcomes, config.table, name, runner)
    print(f"Runs      {len(outcomes)}, of which {sum(first.values())} were finished before{repeated}")
    print(f"Records   {shown(store.records)}")
    if where:
        print(where)
    if name in experiment_names():
        print(f"Next      stancebench table {name}          the table again, also --json")
        print(f"          {checks_line(table)}")
    print("          stancebench ls runs              every record")
