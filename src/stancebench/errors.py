"""What a user can cause, as one message each; everything else is a bug and keeps its traceback."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 20
"""how many allowed values a message lists before it is cut"""


class StancebenchError(Exception):
    """A refusal that its reader can act on; shown without a traceback.

    Attributes
    ----------
    exit_code : int
        1 for data or a machine that is refused, 2 for something mistyped
    """

    exit_code = 1


class UsageError(StancebenchError):
    """A name, key or value that does not exist: a typing mistake."""

    exit_code = 2


class CorpusError(StancebenchError):
    """A corpus folder or file that cannot be used as it is."""


class MissingFileError(CorpusError):
    """A file of somebody else's that is declared and not here: it must be fetched."""


class Declined(StancebenchError):  # noqa: N818 -- it is an answer, not an error
    """A corpus or a model that cannot take part; a run is recorded as declined, with this reason."""


class ModelError(StancebenchError):
    """A third party's model that cannot be used as it is installed."""


class RecordError(StancebenchError):
    """A record, predictions file or home folder that cannot be read or written."""


class TrackingError(StancebenchError):
    """An MLflow store that cannot be opened or written."""


class MissingExtraError(StancebenchError):
    """A feature whose optional packages are not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs packages that are not installed. Type: pip install 'stancebench[{extra}]'")


def nearest(given: str, allowed: Iterable[str], cutoff: float = 0.5) -> str | None:
    """Return the allowed name closest to what was given, or None when none is as close as the cutoff, from 0 to 1."""
    names = {name.lower(): name for name in allowed}
    matches = get_close_matches(given.lower(), names, n=1, cutoff=cutoff)
    return names[matches[0]] if matches else None


def listed(allowed: Iterable[str]) -> str:
    """Return the allowed names sorted, cut at ``SHOWN``."""
    names = sorted(allowed)
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def unknown(kind: str, given: str, allowed: Iterable[str], then: str = "", also: Iterable[str] = ()) -> UsageError:
    """Build the error for a name that does not exist.

    Parameters
    ----------
    kind : str
        what the name names, such as ``"model"``
    given : str
        what was typed
    allowed : iterable of str
        every name that exists
    then : str, default=""
        the command to type next
    also : iterable of str
        names that exist too, such as codes: suggested, not listed

    Returns
    -------
    UsageError
    """
    names = list(allowed)
    close = nearest(given, [*names, *also])
    hint = f" Did you mean {close!r}?" if close else ""
    after = f" {then}" if then else ""
    return UsageError(f"There is no {kind} {given!r}.{hint} Allowed: {listed(names)}.{after}")
