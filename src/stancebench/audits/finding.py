"""What an audit says: a code, a level, a sentence and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Level = Literal["ok", "warning", "declined"]


@dataclass(frozen=True)
class Finding:
    """One answer of an audit.

    Attributes
    ----------
    code : str
        such as ``AU01``; docs/audits.md has a section for each
    name : str
        of the audit
    level : {"ok", "warning", "declined"}
        declined where the corpus lacks what the audit needs; it then has no figure
    told : str
        what was found, in one line
    figures : mapping
        numbers behind it, by name
    """

    code: str
    name: str
    level: Level
    told: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as JSON has it."""
        return asdict(self)
