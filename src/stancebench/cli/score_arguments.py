"""What is typed after `stancebench score`, read by argparse: typer alone costs a tenth of a scoring."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from stancebench.errors import UsageError, unknown


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}. Type `stancebench score --help`.")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments."""
    found = _Parser(
        prog="stancebench score",
        description="Score anybody's predictions of the test rows, as a run is scored.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        allow_abbrev=False,
    )
    found.add_argument("predictions", help="a file of predictions: CSV, TSV, Parquet or JSON lines")
    found.add_argument("--corpus", default="coverage", help="name, or path of a corpus folder or of a table's YAML")
    found.add_argument("--task", default="attributed", help="attributed or sentence")
    found.add_argument("--protocol", default="official", help="whose test rows are predicted")
    found.add_argument("--format", help="csv, tsv, parquet or jsonl; by default the suffix")
    found.add_argument("--mode", default="strict", help="strict or semeval")
    found.add_argument("--rounds", type=int, default=10_000, help="bootstrap samples")
    found.add_argument("--cluster", default="event", help="what is resampled: event, document or row")
    found.add_argument("--seed", type=int, default=0, help="of the bootstrap")
    found.add_argument("--json", action="store_true", help="print JSON")
    found.add_argument("--csv", action="store_true", help="print CSV")
    return found


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the arguments as they are typed.

    Raises
    ------
    UsageError
        names what is missing, unknown or no number
    """
    reader = parser()
    values, rest = reader.parse_known_args(arguments)
    if rest:
        options = [o for action in reader._actions for o in action.option_strings]  # noqa: SLF001 -- there is no other list
        if rest[0].startswith("-"):
            raise unknown("option", rest[0].split("=")[0], options, "Type `stancebench score --help`.")
        raise UsageError(f"One file is scored at a time; {rest[0]!r} is one too many. Type `stancebench score --help`.")
    if values.json and values.csv:
        raise UsageError("--json and --csv are two forms: type one of them.")
    return values
