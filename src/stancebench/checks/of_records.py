"""Checks that records alone can tell: no corpus file and no prediction is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from stancebench.checks.check import RULES, Check
from stancebench.reports.picture import row_label
from stancebench.reports.table import Row, Table, flat_settings
from stancebench.runs.record import Record
from stancebench.runs.spec import spec_from_json
from stancebench.scoring.scores import MINIMUM_SUPPORT
from stancebench.scoring.slices import MINIMUM_ROWS
from stancebench.vocabulary import AGAINST, FAVOR, STANCES

NO_HYPERPARAMETERS = {"corpus", "inputs", "task", "protocol", "draw", "seed"}
"""settings that ask another question or repeat it, and are not chosen to score high"""


def record_checks(table: Table) -> Iterator[Check]:
    """Yield what the records of an experiment's table tell.

    Parameters
    ----------
    table : Table
        systems with their records

    Yields
    ------
    Check
        in the order of their codes and of the table: findings, and what one system is too few for
    """
    rows = [row for row in table.rows if not row.declined]
    records = [record for row in rows for record in row.records]
    if len(rows) == 1:
        yield RULES["SB004"].declined("there is one system")
    yield from _selected_on_test(rows, table.columns[0])
    yield from _never_predicted(rows)
    yield from _small_targets(records)
    yield from _changed_code(records)
    yield from _mixed_versions(records)
    yield from _undefined(rows)
    yield from _one_seed(rows)
    if table.missing:
        told = f"{table.missing} runs are not finished: the table is not the whole experiment"
        yield RULES["SB013"].warning(told, {"missing": table.missing})


def _selected_on_test(rows: Sequence[Row], headline: str) -> Iterator[Check]:
    """Find models that stand in several settings with the same inputs and the same test."""
    asked: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        flat = flat_settings(spec_from_json(row.records[0].run))
        question = [flat[k] for k in ("corpus", "task", "protocol", "inputs")]
        asked.setdefault((row.model, *question), []).append(row)
    found: dict[str, list[list[Row]]] = {}
    for (model, *_), same in asked.items():
        if len(same) > 1 and _differing(same):
            found.setdefault(model, []).append(same)
    for model, groups in found.items():
        keys = sorted({key for same in groups for key in _differing(same)})
        most = max(groups, key=lambda same: (len(same), max(_headlines(same), default=0.0)))
        values = _headlines(most)
        span = f", from {min(values):.1f} to {max(values):.1f} in {headline}" if len(values) > 1 else ""
        told = (
            f"{len(most)} settings ({', '.join(keys)}) stand side by side with test scores alone{span}: "
            "the best of them is flattered"
        )
        figures = {"settings": keys, "compared": len(most), "lowest": min(values, default=None)}
        yield RULES["SB004"].warning(told, {**figures, "highest": max(values, default=None)}, model)


def _differing(rows: Sequence[Row]) -> list[str]:
    flats = [flat_settings(spec_from_json(row.records[0].run)) for row in rows]
    keys = dict.fromkeys(key for flat in flats for key in flat if key not in NO_HYPERPARAMETERS)
    return [key for key in keys if len({flat.get(key) for flat in flats}) > 1]


def _headlines(rows: Sequence[Row]) -> list[float]:
    return [100 * row.cells[0].value for row in rows if row.cells[0].value is not None]


def _never_predicted(rows: Sequence[Row]) -> Iterator[Check]:
    for row in rows:
        tables = {t: np.sum([r.confusion[t] for r in row.records], axis=0) for t in row.records[0].confusion}
        lacking: dict[str, list[str]] = {}
        for target, table in tables.items():
            for code, stance in enumerate(STANCES):
                if table[code].sum() and not table[:, code].sum():
                    lacking.setdefault(stance, []).append(target)
        if not lacking:
            continue
        parts: list[str] = []
        for name, targets in lacking.items():
            everywhere = len(targets) == len(tables)
            parts.append(name if everywhere else f"{name} ({', '.join(targets)})")
        yield RULES["SB006"].warning(f"never predicts {' or '.join(parts)}", {"never": lacking}, row_label(row))


def _small_targets(records: Sequence[Record]) -> Iterator[Check]:
    """Find targets with too few judgements, once for each test they stand in."""
    tests = {record.gold_hash: record for record in records if record.confusion}
    for record in tests.values():
        for target, table in record.confusion.items():
            gold = np.array(table).sum(axis=1)
            rows, favor, against = int(gold.sum()), int(gold[FAVOR]), int(gold[AGAINST])
            if rows < MINIMUM_ROWS or min(favor, against) < MINIMUM_SUPPORT:
                told = (
                    f"{record.corpus.name}, target {target}: {rows} test judgements, {favor} favor and {against} "
                    f"against; {MINIMUM_ROWS} and {MINIMUM_SUPPORT} of each are needed to claim anything"
                )
                figures = {"target": target, "judgements": rows, "favor": favor, "against": against}
                yield RULES["SB008"].warning(told, figures)


def _changed_code(records: Sequence[Record]) -> Iterator[Check]:
    dirty = [record.score_key for record in records if record.provenance.git_dirty]
    if dirty:
        told = f"{len(dirty)} of {len(records)} records were made by code that was changed since its commit"
        yield RULES["SB009"].warning(told, {"records": dirty})


def _mixed_versions(records: Sequence[Record]) -> Iterator[Check]:
    made: dict[str, dict[str, int]] = {}
    for record in records:
        versions = {
            "python": record.provenance.python,
            "stancebench": record.provenance.stancebench,
            "scoring": str(record.scoring_version),
            "schema": str(record.schema_version),
            **record.provenance.packages,
        }
        for name, version in versions.items():
            counts = made.setdefault(name, {})
            counts[version] = counts.get(version, 0) + 1
    mixed = {name: counts for name, counts in made.items() if len(counts) > 1}
    if mixed:
        told = "; ".join(f"{name} {_counted(counts)}" for name, counts in mixed.items())
        yield RULES["SB010"].warning(f"records of different versions: {told}", {"versions": mixed})


def _counted(counts: dict[str, int]) -> str:
    return " and ".join(f"{version} ({n})" for version, n in counts.items())


def _undefined(rows: Sequence[Row]) -> Iterator[Check]:
    for row in rows:
        cell = row.cells[0]
        label = row_label(row)
        if cell.value is None:
            yield RULES["SB011"].warning(f"no value: {cell.reason or 'these records do not have it'}", {}, label)
        elif cell.low is None or cell.high is None:
            told = f"{100 * cell.value:.1f} without an interval: {cell.reason or 'none is recorded'}"
            yield RULES["SB011"].warning(told, {"value": cell.value}, label)


def _one_seed(rows: Sequence[Row]) -> Iterator[Check]:
    for row in rows:
        if len(row.records) == 1 and row.records[0].stochastic:
            seed = row.records[0].run["seed"]
            told = f"draws at random and was run with seed {seed} alone: its spread is not known"
            yield RULES["SB012"].warning(told, {"seed": seed}, row_label(row))
