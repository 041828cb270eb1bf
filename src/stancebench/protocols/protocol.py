"""Which protocol, with its options; names and what each asks stand in one table."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from stancebench.errors import UsageError, unknown

PROTOCOLS = {
    "official": "fixed train, dev and test",
    "cross_target": "one target out of train and dev at a time, tested on it",
    "cross_holder": "one bloc out of train and dev at a time, tested on its holders",
    "cross_source": "one family of sources out of train and dev at a time, tested on it",
    "few_shot": "k judgements of each stance and target in train; draw says which",
    "temporal": "train before a date, test after it, in one source; control is random in time",
    "cross_validated": "grouped cross-validation, for a corpus without a split",
}

OPTIONS: dict[str, tuple[str, ...]] = {
    "few_shot": ("k", "draw"),
    "temporal": ("source", "date", "control"),
    "cross_validated": ("n_folds",),
}

DRAWS = 10
"""drawn trains of each k"""


@dataclass(frozen=True)
class Protocol:
    """A protocol with its options; those of other protocols are ignored and are no part of a key.

    Attributes
    ----------
    name : str
        one of ``PROTOCOLS``
    k : int, default=4
        few_shot: judgements of each stance and target
    draw : int, default=0
        few_shot: which of the ten trains
    source : str, default="ungdc"
        temporal: the one family of sources
    date : str, default="2022-02-24"
        temporal: first day of test
    control : bool, default=False
        temporal: whether train and test are random in time, equal in size and mix
    n_folds : int, default=5
        cross_validated: number of folds
    """

    name: str = "official"
    k: int = 4
    draw: int = 0
    source: str = "ungdc"
    date: str = "2022-02-24"
    control: bool = False
    n_folds: int = 5

    def __post_init__(self) -> None:
        # As families of sources are named: one family, one key.
        object.__setattr__(self, "source", "_".join(self.source.split()))
        if self.name not in PROTOCOLS:
            raise unknown("protocol", self.name, PROTOCOLS, "Type `stancebench ls protocols` to see them.")
        if self.k < 1:
            raise UsageError(f"protocol.k: a whole number from 1 on is expected, got {self.k}. Type protocol.k=4.")
        if not 0 <= self.draw < DRAWS:
            raise UsageError(
                f"protocol.draw: there are {DRAWS} draws, 0 to {DRAWS - 1}; got {self.draw}. "
                f"Type -m 'protocol.draw=range({DRAWS})' for all of them."
            )
        if not _is_day(self.date):
            raise UsageError(
                f"protocol.date: a day is expected, as YYYY-MM-DD, got {self.date!r}. Type protocol.date=2022-02-24."
            )
        if self.n_folds < 2:
            raise UsageError(f"protocol.n_folds: at least 2 are needed, got {self.n_folds}. Type protocol.n_folds=5.")

    def as_json(self) -> dict[str, Any]:
        """Return the name and the options that count, as a record and a key hold them."""
        return {"name": self.name, **{option: getattr(self, option) for option in OPTIONS.get(self.name, ())}}

    @property
    def title(self) -> str:
        """Name and options that differ from the defaults, without the draw: ``few_shot k=4``, ``temporal control``."""
        plain = Protocol(self.name)
        shown = [self.name]
        for option in OPTIONS.get(self.name, ()):
            value = getattr(self, option)
            if option == "k" or (option != "draw" and value != getattr(plain, option)):
                shown.append(option if value is True else f"{option}={value}")
        return " ".join(shown)

    def __str__(self) -> str:
        options = ", ".join(f"{option}={getattr(self, option)}" for option in OPTIONS.get(self.name, ()))
        return f"{self.name}({options})" if options else self.name


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def as_protocol(protocol: Protocol | str) -> Protocol:
    """Return a protocol given by name with its default options, or as it is."""
    return Protocol(protocol) if isinstance(protocol, str) else protocol
