"""`stancebench probe`: how often a model's prediction stays when a sentence changes and its stance does not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancebench.cli.score import TABLE_FILES, Choices
from stancebench.config.spec import model_config, plain
from stancebench.errors import UsageError, nearest
from stancebench.models import model_names
from stancebench.paths import home
from stancebench.probes.catalogue import chosen
from stancebench.probes.run import ProbeResult, probe_systems
from stancebench.protocols import as_protocol
from stancebench.runs.execute import Runner
from stancebench.runs.spec import RunSpec
from stancebench.runs.store import RunStore
from stancebench.tasks import Task

if TYPE_CHECKING:
    from stancebench.corpora.table_source import TableSource


@dataclass(frozen=True)
class Asked:
    """What a model that is named by itself is fitted on; a record has choices of its own."""

    corpus: str | None = None
    task: str | None = None
    inputs: str | None = None
    protocol: str | None = None

    @property
    def typed(self) -> list[str]:
        """Options that were typed."""
        return [f"--{name}" for name, value in asdict(self).items() if value is not None]


def probe_command(names: Sequence[str], only: Sequence[str], asked: Asked, rounds: int, *, as_json: bool) -> int:
    """Print what each probe finds of each system and return the exit code.

    Parameters
    ----------
    names : sequence of str
        models, or what names a record: see `stancebench.reports.naming.named`
    only : sequence of str
        names of probes; empty for all
    asked : Asked
        what models are fitted on
    rounds : int
        bootstrap samples
    as_json : bool
        whether to print JSON

    Returns
    -------
    int
        0: a prediction that changes is no failure

    Raises
    ------
    UsageError
        when nothing is named, a name stands for no model and no record, or an option does not fit
    """
    chosen(only)
    if not names:
        raise UsageError("Name what is probed: a model or a record. Type for example: stancebench probe tfidf_svm")
    bootstrap = Choices(rounds=rounds).scoring().bootstrap
    systems = []
    for name, spec in _systems(names, asked):
        scoring = replace(spec.scoring, bootstrap=replace(spec.scoring.bootstrap, rounds=bootstrap.rounds))
        systems.append((name, replace(spec, scoring=scoring)))
    results = probe_systems(Runner(RunStore(home()), model_config), systems, only)
    if as_json:
        values = [_json(name, spec, [r for r in results if r.system == name]) for name, spec in systems]
        print(json.dumps({"systems": values}, indent=1, ensure_ascii=False))
        return 0
    for name, spec in systems:
        _print(name, spec, [r for r in results if r.system == name])
    return 0


def _systems(names: Sequence[str], asked: Asked) -> Iterator[tuple[str, RunSpec]]:
    models = model_names()
    seen = set()
    for name in names:
        if name in seen:
            raise UsageError(f"{name} is named twice: name each system once.")
        seen.add(name)
    if asked.typed and not set(names) & set(models):
        raise UsageError(f"{asked.typed[0]} is for a model that is named by itself; a record has its own choices.")
    for name in names:
        if name in models:
            yield name, _of_model(name, asked)
        else:
            yield from _of_records(name)


def _of_model(name: str, asked: Asked) -> RunSpec:
    from stancebench.config.compose import model_choice

    task = asked.task or "attributed"
    values = plain(asdict(model_choice(name, ())))
    values.pop("name")
    return RunSpec(
        corpus=_source(asked.corpus or "coverage"),
        task=Task(task, asked.inputs or ("text" if task == "sentence" else "text+holder")),
        protocol=as_protocol(asked.protocol or "official"),
        model=name,
        model_config=values,
    )


def _source(given: str) -> str | TableSource:
    path = Path(given)
    if path.suffix in TABLE_FILES:
        from stancebench.corpora.table_file import read_table_file

        return read_table_file(path)
    from stancebench.config.compose import corpus_source

    return corpus_source(given)


def _of_records(name: str) -> Iterator[tuple[str, RunSpec]]:
    from stancebench.reports.naming import UnknownSystemError, named
    from stancebench.runs.reproduce import choices_here

    try:
        found = named([name])
    except UnknownSystemError:
        close = nearest(name, model_names())
        hint = f" Did you mean {close!r}?" if close else ""
        raise UsageError(
            f"There is no model {name!r}, and no record has such a key.{hint} Allowed: a model's name, a record's key "
            "or path, or EXPERIMENT:SYSTEM. A model is probed by its name: `stancebench ls models`."
        ) from None
    for one in found:
        if not one.records:
            raise UsageError(
                f"{one} is a file of predictions, and a probe asks the model for more of them. "
                "Name a model, or a record: `stancebench ls runs`."
            )
        # Another seed is another fit of the same model: one of them is probed.
        yield one.label, choices_here(one.records[0])


def _json(name: str, spec: RunSpec, results: Sequence[ProbeResult]) -> dict[str, Any]:
    return {
        "system": name,
        "model": spec.model,
        "corpus": spec.corpus_name,
        "task": spec.task.name,
        "inputs": spec.task.inputs,
        "protocol": spec.protocol.as_json(),
        "bootstrap": asdict(spec.scoring.bootstrap),
        "probes": [r.as_json() for r in results],
    }


def _print(name: str, spec: RunSpec, results: Sequence[ProbeResult]) -> None:
    where = f"{spec.corpus_name}, {spec.task.name} ({spec.task.inputs}), {spec.protocol.title}"
    print(f"{name}: {where}; shares as fractions of 1")
    width = max(len(r.probe) for r in results)
    print(f"  {'probe':<{width}}  consistency               changed of polar of all   accuracy before, after")
    for r in results:
        if r.consistency is None:
            print(f"  {r.probe:<{width}}      -  {f'declined: {r.declined}' if r.declined else r.reason}")
            continue
        bounds = f"[{r.low:.3f}, {r.high:.3f}]" if r.low is not None else "[no interval]"
        counts = f"{r.changed:>7} {r.polar:>8} {r.compared:>6}"
        told = f"   no interval: {r.reason}" if r.reason else ""
        print(
            f"  {r.probe:<{width}}  {r.consistency:.3f}  {bounds:<16}  {counts}           "
            f"{r.accuracy_before:.3f}  {r.accuracy_after:.3f}{told}"
        )
