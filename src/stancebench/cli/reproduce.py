"""`stancebench reproduce`: a record, or a whole committed table, run again and compared."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

from stancebench.config.compose import experiment, start
from stancebench.config.spec import model_config
from stancebench.errors import RecordError, UsageError
from stancebench.paths import home, shipped, shown
from stancebench.runs.execute import Runner
from stancebench.runs.record import Record, read_record
from stancebench.runs.reproduce import (
    PROBABILITY_TOLERANCE,
    SCORE_TOLERANCE,
    SHARE,
    Difference,
    Reproduction,
    reproduce,
)
from stancebench.runs.store import RunStore


def reproduce_command(record: str | None, name: str | None, corpus: str | None, *, as_json: bool) -> int:
    """Reproduce one record or a committed experiment and return the exit code: 0 the same, 1 different.

    Raises
    ------
    UsageError
        when neither or both are given
    """
    if bool(record) == bool(name):
        raise UsageError("Give a record, or --experiment NAME. Type `stancebench ls runs` to see the keys of records.")
    start()
    pairs = [_found(record)] if record else list(_published(str(name)))
    done = []
    for found, store in pairs:
        predictions = store.predictions / found.predictions.file if found.predictions else None
        done.append(reproduce(found, predictions, model_config, corpus))
        if not as_json:
            _print(found, done[-1], alone=bool(record))
    if as_json:
        results = [r.as_json() for r in done]
        print(json.dumps(results[0] if record else results, indent=1))
    elif name:
        same = sum(r.same for r in done)
        print(f"{same} of {len(done)} records of {name} reproduce.")
    return 0 if all(r.same for r in done) else 1


def _found(given: str) -> tuple[Record, RunStore]:
    """Return a record by its path, or by the first characters of its key in your runs or the committed results."""
    path = Path(given)
    if path.suffix == ".json" or path.is_file():
        return read_record(path), RunStore(path.resolve().parent.parent)
    stores = [RunStore(home()), *(RunStore(p) for p in sorted(shipped("results").glob("*/")))]
    for store in stores:
        if any(store.records.glob(f"{given[:16]}*.json")):
            return store.find(given), store
    raise RecordError(
        f"No record in {shown(home() / 'records')} or in the committed results starts with {given!r}. "
        "Type `stancebench ls runs` to see yours, or give the path of a record."
    )


def _published(name: str) -> Iterator[tuple[Record, RunStore]]:
    specs, _ = experiment(name)
    store = RunStore(shipped("results") / name)
    runner = Runner(store, model_config)
    committed = {r.score_key: r for r in map(read_record, sorted(store.records.glob("*.json")))}
    if not committed:
        raise RecordError(
            f"No results of {name!r} are committed. Type `stancebench run experiment={name}`, "
            "then `stancebench reproduce RECORD` with one of its records."
        )
    asked = dict.fromkeys(runner.keys(spec)[1] for spec in specs)
    for key in [*(k for k in asked if k in committed), *(k for k in committed if k not in asked)]:
        yield committed[key], store


def _print(record: Record, result: Reproduction, *, alone: bool) -> None:
    from stancebench.cli.printing import describe_run

    verdict = "same" if result.same else "DIFFERS"
    print(f"{verdict:<8} {record.score_key[:12]}  {describe_run(record)}")
    if alone:
        kind = (
            "the surroundings are those of the record: everything must be equal"
            if result.exact
            else f"other surroundings (below): {100 * SHARE:g}% of stances equal, probabilities to "
            f"{PROBABILITY_TOLERANCE:g} and scores to {SCORE_TOLERANCE:g} are enough"
        )
        print(f"Compared  {_compared(result)}; {kind}")
    if not result.same:
        first = result.differences[0]
        print(f"First     {first.what}: {first.recorded} recorded, {first.now} now")
        print(f"Cause     {first.cause}")
    if alone:
        for other in result.differences[0 if result.same else 1 :]:
            print(f"differs   {_line(other)}")


def _line(difference: Difference) -> str:
    return f"{difference.what}: {difference.recorded} recorded, {difference.now} now ({difference.cause})"


def _compared(result: Reproduction) -> str:
    parts = []
    if result.equal is None:
        parts.append("no predictions (the record's file is not beside it)")
    else:
        parts.append(f"{result.rows} predictions, {100 * result.equal:.2f}% equal")
    if result.probability_difference is not None:
        parts.append(f"probabilities at most {result.probability_difference:.1e} apart")
    apart = "not comparable" if math.isinf(result.score_difference) else f"at most {result.score_difference:.1e} apart"
    return ", ".join([*parts, f"scores {apart}"])
