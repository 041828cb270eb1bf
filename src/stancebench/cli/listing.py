"""`stancebench ls` and `show`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from stancebench.cli.printing import settings
from stancebench.errors import UsageError, unknown
from stancebench.paths import home, shown
from stancebench.reports.text import protocol_text
from stancebench.runs.store import RunStore

Lines = list[dict[str, str]]

NEWEST = 5
"""how many runs are named where none was chosen"""


def _corpora() -> Lines:
    from stancebench.config.choices import TABLE, read_config
    from stancebench.corpora.declared import declared_tables
    from stancebench.corpora.files import read_declaration
    from stancebench.corpora.load import corpus_folder, corpus_names

    lines = []
    for name in corpus_names():
        d = read_declaration(corpus_folder(name))
        lines.append({"name": name, "kind": "folder", "version": d.version, "about": d.title})
    for name in declared_tables():
        config = read_config("corpus", name)
        version = str(config.get("version", "1"))
        lines.append({"name": name, "kind": "declared table", "version": version, "about": str(config["title"])})
    return [*lines, {"name": TABLE, "kind": "your file", "version": "", "about": "a labelled file of your own"}]


def _tasks() -> Lines:
    from stancebench.tasks import TASKS

    return [{"name": name, "about": about} for name, about in TASKS.items()]


def _protocols() -> Lines:
    from stancebench.protocols import PROTOCOLS

    return [{"name": name, "about": about} for name, about in PROTOCOLS.items()]


def _models() -> Lines:
    from stancebench.config.choices import model_choices, variants
    from stancebench.errors import ModelError
    from stancebench.models.registry import conflicts, model_spec, origin

    lines = []
    others = variants()
    for told in conflicts():
        print(f"warning: {told}", file=sys.stderr)
    for name in model_choices():
        model, settings = others.get(name, (name, {}))
        try:
            about = model_spec(model).summary
        except ModelError as e:
            print(f"warning: {e}", file=sys.stderr)
            continue
        if settings:
            about = f"{model} with {', '.join(f'{key}={value}'.lower() for key, value in settings.items())}: {about}"
        lines.append({"name": name, "from": str(origin(name) or "stancebench"), "about": about})
    return lines


def _experiments() -> Lines:
    from stancebench.config.compose import experiment_names
    from stancebench.paths import shipped

    lines = []
    for name in experiment_names():
        comments = [
            line.lstrip("# ")
            for line in (shipped("experiments") / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
            if line.startswith("#") and "@package" not in line
        ]
        lines.append({"name": name, "about": comments[0] if comments else ""})
    return lines


def _runs() -> Lines:
    lines = []
    for record in RunStore(home()).all_records():
        entry = record.value("f_avg_macro")
        value = (
            "declined" if record.status == "declined" else "undefined" if entry is None or entry.value is None else ""
        )
        lines.append(
            {
                "key": record.score_key[:12],
                "finished": record.times.finished,
                "corpus": f"{record.corpus.name}@{record.corpus.version}",
                "content": record.corpus.content_hash[:8],
                "task": record.run["task"]["name"],
                "inputs": record.run["task"]["inputs"],
                "protocol": protocol_text(record),
                "model": record.run["model"],
                "f_avg_macro": value or f"{entry.value:.4f}" if entry else value,
                "settings": ", ".join(settings(record)),
            }
        )
    return sorted(lines, key=lambda line: (line["finished"], line["key"]))


THINGS: dict[str, Callable[[], Lines]] = {
    "corpora": _corpora,
    "tasks": _tasks,
    "protocols": _protocols,
    "models": _models,
    "experiments": _experiments,
    "runs": _runs,
}


def list_things(what: str | None, *, as_json: bool) -> None:
    """Print what can be chosen, or the finished runs.

    Raises
    ------
    UsageError
        when nothing, or nothing of that name, is there to list
    """
    if what is None:
        raise UsageError(f"Say what to list: {', '.join(THINGS)}. Type for example `stancebench ls models`.")
    if what not in THINGS:
        raise unknown("list of", what, THINGS)
    lines = THINGS[what]()
    if as_json:
        print(json.dumps(lines, indent=1, ensure_ascii=False))
        return
    if not lines:
        print(f"No {what} in {shown(home())}. Type `stancebench run experiment=baselines`.")
        return
    widths = {key: max(len(key), *(len(line[key]) for line in lines)) for key in lines[0]}
    for line in [{key: key for key in lines[0]}, *lines]:
        print("  ".join(f"{line[key]:<{width}}" for key, width in widths.items()).rstrip())


def show_record(prefix: str | None, *, as_json: bool) -> None:
    """Print one record, by the first characters of its key.

    Raises
    ------
    UsageError
        when no key is given
    """
    store = RunStore(home())
    if prefix is None:
        newest = sorted(store.all_records(), key=lambda r: (r.times.finished, r.score_key), reverse=True)
        if not newest:
            raise UsageError(f"No runs in {shown(home())} to show. Type `stancebench run experiment=baselines`.")
        keys = ", ".join(f"{r.score_key[:12]} ({r.run['model']})" for r in newest[:NEWEST])
        raise UsageError(
            f"Say which run to show, by its key; the newest are {keys}. "
            f"Type `stancebench show {newest[0].score_key[:12]}`, or `stancebench ls runs` to see all."
        )
    # The path that a run prints will do as well.
    record = store.find(Path(prefix).stem)
    if as_json:
        print(record.model_dump_json(indent=1))
        return
    from stancebench.cli.printing import print_record

    print_record(record, store.record_path(record.score_key), reused=False)
    made = record.provenance
    dirty = {True: ", changed", False: "", None: ""}[made.git_dirty]
    print(
        f"Made by   stancebench {made.stancebench} ({made.git_commit[:10] or 'no commit'}{dirty}), Python {made.python}"
    )
    print("          " + ", ".join(f"{name} {version}" for name, version in made.packages.items()))
    print(f"          {made.platform}, {made.threads or 'unknown'} threads, {made.blas or 'unknown linear algebra'}")
    print(
        f"Corpus    {record.corpus.content_hash[:16]}   split {record.split_hash[:16]}   gold {record.gold_hash[:16]}"
    )
    for target, table in record.confusion.items():
        print(f"Confusion {target}: rows gold, columns predicted (favor, against, none)")
        for name, row in zip(("favor", "against", "none"), table, strict=False):
            print(f"  {name:<9}" + "".join(f"{n:6d}" for n in row[:3]))
