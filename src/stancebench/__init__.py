"""A benchmark of stance detection in diplomatic coverage."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stancebench.api.compared import PairedComparison, compare
    from stancebench.api.evaluation import Evaluation
    from stancebench.api.records import load_runs
    from stancebench.api.scored import evaluate, score
    from stancebench.api.tables import load_table
    from stancebench.corpora.corpus import Corpus
    from stancebench.corpora.load import load_corpus
    from stancebench.errors import Declined, StancebenchError
    from stancebench.protocols.protocol import Protocol

__version__ = "0.1.0"

__all__ = [
    "Corpus",
    "Declined",
    "Evaluation",
    "PairedComparison",
    "Protocol",
    "StancebenchError",
    "__version__",
    "compare",
    "evaluate",
    "load_corpus",
    "load_runs",
    "load_table",
    "score",
]

_HOMES = {
    "Corpus": "corpora.corpus",
    "Declined": "errors",
    "Evaluation": "api.evaluation",
    "PairedComparison": "api.compared",
    "Protocol": "protocols.protocol",
    "StancebenchError": "errors",
    "compare": "api.compared",
    "evaluate": "api.scored",
    "load_corpus": "corpora.load",
    "load_runs": "api.records",
    "load_table": "api.tables",
    "score": "api.scored",
}

if not TYPE_CHECKING:
    # pandas and scikit-learn take a second: a name brings them when it is asked for, not the package. A type checker
    # that saw this would take every mistyped name for one of them.
    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
