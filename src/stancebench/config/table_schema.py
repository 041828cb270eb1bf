"""Dataclasses of ``corpus=table``: a labelled file of the user's own, declared without code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from stancebench.config.schemas import CorpusConfig

if TYPE_CHECKING:
    from stancebench.corpora.table_source import TableSource


@dataclass
class TableColumnsConfig:
    """Names of the columns; an empty one is not there."""

    text: str = "text"
    target: str = "target"
    stance: str = "stance"
    holder: str = ""
    bloc: str = ""
    group: str = ""
    split: str = ""
    id: str = ""
    date: str = ""
    source: str = ""
    target_where: dict[str, str] = field(default_factory=dict)
    """column=value: the column that holds the target of those rows"""


@dataclass
class TableFileConfig:
    """One file; in ``files`` a bare path is one too, and keys may be left out."""

    path: str = ""
    split: str = ""
    target: str = ""
    stances: str = ""
    sha256: str = ""
    stances_sha256: str = ""
    url: str = ""
    encoding: str = ""


@dataclass
class TableCorpusConfig(CorpusConfig):
    """A labelled file, or several, as a corpus."""

    version: str = "1"
    title: str = ""
    licence: str = ""
    citation: str = ""
    folder: str = "."
    files: list[Any] = field(default_factory=list)
    """paths, or mappings with the keys of `TableFileConfig`"""
    format: str = ""
    delimiter: str = ""
    quoting: bool = True
    encoding: str = "utf-8"
    columns: TableColumnsConfig = field(default_factory=TableColumnsConfig)
    labels: dict[Any, str] = field(default_factory=dict)
    """labels are often numbers, which YAML does not read as text"""
    splits: dict[Any, str] = field(default_factory=dict)
    target: str = ""
    target_names: dict[Any, str] = field(default_factory=dict)
    targets: list[Any] = field(default_factory=list)
    """mappings with id, and optional name, definition, explicit, implicit"""
    remove: str = ""
    published_split: bool = False
    open_targets: bool = False


MAPPING = re.compile(r"corpus\.(labels|splits|target_names|columns\.target_where)(\.[^=]*)?=")


def opened(overrides: Sequence[str]) -> list[str]:
    """Return overrides with ``++`` before those that fill a mapping whose keys are the user's own.

    Hydra closes every mapping, typed ones with free keys too.

    Examples
    --------
    >>> opened(["corpus=table", "corpus.labels.PRO=favor"])
    ['corpus=table', '++corpus.labels.PRO=favor']
    """
    return [f"++{text}" if MAPPING.match(text) else text for text in overrides]


def table_source(config: TableCorpusConfig) -> TableSource:
    """Return the declaration that a config makes.

    Raises
    ------
    UsageError
        names the key, what was given and what is allowed
    """
    from stancebench.corpora.table_file import with_text_keys
    from stancebench.corpora.table_source import read_source

    return read_source(with_text_keys(asdict(config)))
