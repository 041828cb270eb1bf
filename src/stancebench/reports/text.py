"""Choices and scores as text, in a terminal and in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stancebench.runs.record import Record, ScoreEntry

HEADLINE = ("f_avg_macro", "f_avg_worst", "f_avg_pooled", "macro_f1", "accuracy", "mcc")
BESIDE = ("neutral_recall", "counter_prior_accuracy")


def shown_scores(scores: Sequence[ScoreEntry], targets: Iterable[str]) -> list[tuple[str, ScoreEntry | None]]:
    """Return the headline, the score of each target, and what stands beside the headline, by name."""
    known = {(entry.score, entry.target): entry for entry in scores if not entry.stance and not entry.bloc}
    wanted = [
        *((s, "") for s in HEADLINE),
        *(("f_avg", t) for t in targets if ("f_avg", t) in known),
        *((s, "") for s in BESIDE),
    ]
    return [(f"{score}.{target}" if target else score, known.get((score, target))) for score, target in wanted]


def score_lines(scores: Sequence[ScoreEntry], targets: Iterable[str]) -> list[str]:
    """Return a line for each of `shown_scores`."""
    return [f"  {name:<24}{entry_text(entry)}" for name, entry in shown_scores(scores, targets)]


def entry_text(entry: ScoreEntry | None) -> str:
    """Return a score with its interval, or why there is none."""
    if entry is None:
        return "-"
    if entry.value is None:
        return f"undefined: {entry.reason}"
    bounds = f"  [{entry.low:.4f}, {entry.high:.4f}]" if entry.low is not None else f"  (no interval: {entry.reason})"
    return f"{entry.value:.4f}{bounds}"


def intervals_line(made: Mapping[str, Any], cluster: str) -> str:
    """Return how intervals were made, from a bootstrap's fields and what was resampled."""
    why = "" if cluster == made["cluster"] else f" (the corpus declares no {made['cluster']}s)"
    return f"{100 * made['level']:g}% intervals, {made['rounds']} {made['method']} bootstraps by {cluster}{why}"


def left_out_line(n: int) -> str:
    """Return how many sentences the task does not ask about; empty for none."""
    return f"{n} sentences left out: no holder of theirs is the principal one" if n else ""


def protocol_text(record: Record) -> str:
    """Return a run's protocol with its options, as `Protocol` writes itself, whatever they are."""
    name, *options = record.run["protocol"].items()
    return f"{name[1]}({', '.join(f'{key}={value}' for key, value in options)})" if options else str(name[1])


def plain_settings(record: Record) -> dict[str, Any]:
    """Return a run's model settings; ``conditioning: {name: marked}`` is ``conditioning: marked``."""
    config: dict[str, Any] = record.run["model_config"]
    return {k: v["name"] if isinstance(v, dict) and set(v) == {"name"} else v for k, v in config.items()}
