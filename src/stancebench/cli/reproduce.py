"""`stancebench reproduce`: records, or a whole committed table, run again and compared."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stancebench.cli.printing import describe_run, warnings_told
from stancebench.config.compose import experiment, start
from stancebench.config.spec import model_config
from stancebench.errors import RecordError, StancebenchError, UsageError
from stancebench.paths import home, shipped, shown
from stancebench.runs.comparison import PROBABILITY_TOLERANCE, SCORE_TOLERANCE, SHARE, Reproduction
from stancebench.runs.record import Record, read_record
from stancebench.runs.reproduce import Reproducer, predictions_beside
from stancebench.runs.spec import RunSpec
from stancebench.runs.store import RunStore

VERDICT = 9
"""width of the verdict before a record, and of the label before a line about it"""


def reproduce_command(given: Sequence[str], name: str | None, corpus: str | None, *, as_json: bool) -> int:
    """Reproduce records or a committed experiment and return the exit code: 0 the same, 1 different.

    Raises
    ------
    UsageError
        when neither or both are given
    """
    if bool(given) == bool(name):
        raise UsageError(
            "Type either records or --experiment NAME: `stancebench reproduce RECORD`. "
            "`stancebench ls runs` shows the keys of records."
        )
    start()
    with warnings_told(), Reproducer(model_config, RunStore(home())) as reproducer:
        if len(given) == 1:
            return _one(reproducer, _found(given[0]), corpus, as_json=as_json)
        if given:
            paths = list(dict.fromkeys(map(_found, given)))
            _refuse_one_corpus(corpus, paths, "these records are")
            return _all(reproducer, paths, "records reproduce.", corpus, as_json=as_json)
        paths = _published(str(name), corpus)
        return _all(reproducer, paths, f"records of {name} reproduce.", corpus, as_json=as_json)


def _one(reproducer: Reproducer, path: Path, corpus: str | None, *, as_json: bool) -> int:
    record = read_record(path)
    predictions = predictions_beside(record, path)
    with _waiting(f"record {record.score_key[:12]}"):
        result = reproducer.reproduce(record, predictions, corpus)
    if as_json:
        print(json.dumps(result.as_json(), indent=1))
    else:
        _print(record, result)
        print("\n".join(_details(record, result, predictions)))
    return 0 if result.same else 1


def _all(reproducer: Reproducer, paths: Sequence[Path], summary: str, corpus: str | None, *, as_json: bool) -> int:
    done: list[dict[str, Any]] = []
    also: Counter[str] = Counter()
    for i, path in enumerate(paths, 1):
        key, model = path.stem, None
        try:
            record = read_record(path)
            key, model = record.score_key, record.run.get("model")
            with _waiting(f"record {key[:12]}, {i} of {len(paths)}"):
                result = reproducer.reproduce(record, predictions_beside(record, path), corpus)
        except StancebenchError as e:
            # One spoilt file does not hide what becomes of the others.
            done.append({"score_key": key, "model": model, "same": False, "refused": str(e)})
            if not as_json:
                print(f"{'REFUSED':<{VERDICT}}{key[:12]}\n{'Why':<{VERDICT}}{e}")
            continue
        done.append(result.as_json())
        also.update(_also(result))
        if not as_json:
            _print(record, result)
    same = sum(r["same"] for r in done)
    if as_json:
        print(json.dumps(done, indent=1))
    else:
        for line, n in also.items():
            print(f"{line}, in {n} of {len(done)}")
        print(f"{same} of {len(done)} {summary}")
    return 0 if same == len(done) else 1


def _refuse_one_corpus(corpus: str | None, paths: Sequence[Path], what: str) -> None:
    """Refuse one place of a corpus for records on several."""
    if corpus is not None and len({read_record(path).corpus.name for path in paths}) > 1:
        raise UsageError(f"--corpus is one corpus, and {what} on several. Type `stancebench reproduce RECORD`.")


def _found(given: str) -> Path:
    """Return a record by its path, or by the first characters of its key in your runs or the committed results."""
    path = Path(given)
    if path.is_dir():
        inside = path / "records" if (path / "records").is_dir() else path
        raise RecordError(
            f"{shown(path)} is a folder. Type the path of a record in it, or of several: "
            f"`stancebench reproduce {shown(inside)}/*.json`."
        )
    if path.suffix == ".json" or path.is_file():
        return path
    folders = [home() / "records", *(p / "records" for p in sorted(shipped("results").glob("*/")))]
    for folder in folders:
        start_of = [p for p in sorted(folder.glob("*.json")) if p.stem.startswith(given[:16])]
        if len(start_of) > 1:
            raise RecordError(f"{len(start_of)} records in {shown(folder)} start with {given!r}: type more of the key.")
        if start_of:
            return start_of[0]
    raise RecordError(
        f"No record in {shown(home() / 'records')} or in the committed results starts with {given!r}. "
        "Type `stancebench ls runs` to see yours, or give the path of a record."
    )


def _published(name: str, corpus: str | None) -> list[Path]:
    """Return the committed records of an experiment, in its order."""
    specs, _ = experiment(name)
    paths = sorted(RunStore(shipped("results") / name).records.glob("*.json"))
    if not paths:
        raise RecordError(
            f"No results of {name!r} are committed. Type `stancebench run experiment={name}`, "
            "then `stancebench reproduce RECORD` with one of its records."
        )
    # A torn record is told before minutes are spent on the others.
    records = {path: read_record(path) for path in paths}
    _refuse_one_corpus(corpus, paths, f"{name!r} is")
    asked = [_without_corpus(spec.as_json()) for spec in specs]
    return sorted(paths, key=lambda path: _place(asked, records[path], specs))


def _without_corpus(run: dict[str, Any]) -> dict[str, Any]:
    # A record holds a table's files with their checksums, an experiment without.
    return {key: value for key, value in run.items() if key != "corpus"}


def _place(asked: list[dict[str, Any]], record: Record, specs: Sequence[RunSpec]) -> int:
    run = _without_corpus(record.run)
    return asked.index(run) if run in asked else len(specs)


def _print(record: Record, result: Reproduction) -> None:
    verdict = "same" if result.same else "DIFFERS"
    print(f"{verdict:<{VERDICT}}{record.score_key[:12]}  {describe_run(record)}")
    if first := result.first_difference:
        print(f"{'First':<{VERDICT}}{first}")
        print(f"{'Cause':<{VERDICT}}{first.cause}")


def _details(record: Record, result: Reproduction, predictions: Path | None) -> Iterator[str]:
    yield f"{'Compared':<{VERDICT}}{_compared(record, result, predictions)}"
    yield f"{'Asked':<{VERDICT}}{_asked(result)}"
    yield from _also(result)


def _also(result: Reproduction) -> Iterator[str]:
    for other in result.differences[0 if result.same else 1 :]:
        if result.same or f"{other}: {other.cause}" != result.differences[0].cause:
            yield f"{'Also':<{VERDICT}}{other} ({other.cause})"


def _compared(record: Record, result: Reproduction, predictions: Path | None) -> str:
    parts = []
    if record.status == "declined":
        return "status: there are no predictions of a declined run, and no scores"
    if result.equal is not None:
        parts.append(f"{result.rows} predictions, {100 * result.equal:.2f}% equal")
    elif predictions is not None and not predictions.is_file():
        parts.append(f"no predictions: {shown(predictions)} is not there")
    else:
        parts.append("no predictions: there are none")
    if result.probability_difference is not None:
        parts.append(f"probabilities {_apart(result.probability_difference)}")
    return ", ".join([*parts, f"scores {_apart(result.score_difference)}"])


def _apart(difference: float) -> str:
    if math.isinf(difference):
        return "not comparable"
    return f"at most {difference:.1e} apart" if difference else "equal"


def _asked(result: Reproduction) -> str:
    if not result.exact:
        return (
            f"another lock, Python or platform: {100 * SHARE:g}% of stances equal, probabilities to "
            f"{PROBABILITY_TOLERANCE:g}, scores to {SCORE_TOLERANCE:g}"
        )
    if not result.bitwise:
        return (
            "the record's lock, Python and platform, but other threads or linear algebra: every stance equal, "
            f"probabilities to {PROBABILITY_TOLERANCE:g}"
        )
    return "the record's lock, Python, platform, linear algebra and threads: everything equal"


@contextmanager
def _waiting(text: str) -> Iterator[None]:
    """Show what is run to a person at a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield
