"""What a user declares of a labelled file of their own: where it is, what its columns and labels mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from stancebench.corpora.schema import Name, SplitName, Target
from stancebench.errors import UsageError, listed, nearest
from stancebench.vocabulary import LABELS

TableLabel = Literal["favor", "against", "none", "neutral", "absent"]
"""what a given label may mean; ``none`` where a corpus does not tell neutral from absent"""

TABLE_LABELS: tuple[str, ...] = (*LABELS[:2], "none", *LABELS[2:])

Format = Literal["", "csv", "tsv", "jsonl", "parquet", "lines"]

SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
"""format of a file by the end of its name, where none is declared"""

SPLIT_WORDS: dict[str, SplitName] = {
    "train": "train",
    "dev": "dev",
    "val": "dev",
    "valid": "dev",
    "validation": "dev",
    "test": "test",
}
"""split words that need no mapping, in any case"""


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class TableFile(_Declared):
    """One file of a table.

    Attributes
    ----------
    path : str
        under the table's folder
    split, target : str
        of every row of this file; empty where a column says it
    stances : str
        name of a file beside ``path`` with one label a line, where ``path`` holds one text a line
    sha256, stances_sha256 : str
        what the files must have; empty for any
    url : str
        where to fetch the file, told when it is missing
    encoding : str
        empty for the table's
    """

    path: Name
    split: str = ""
    target: str = ""
    stances: str = ""
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    stances_sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    url: str = ""
    encoding: str = ""

    @field_validator("encoding")
    @classmethod
    def _known(cls, encoding: str) -> str:
        return _known_encoding(encoding)


class TableColumns(_Declared):
    """Names of the columns; an optional one that is empty is not there.

    Attributes
    ----------
    text, target, stance : str
        what every table has
    holder, bloc, group, split, id, date, source : str
        who takes the side and their bloc, rows that must not be torn apart, the split, a name of the sentence, its day,
        its family of sources
    target_where : mapping of str to str
        ``{"kind=4": "topic"}``: rows whose column ``kind`` is 4 take their target from the column ``topic``
    """

    text: Name = "text"
    target: Name = "target"
    stance: Name = "stance"
    holder: str = ""
    bloc: str = ""
    group: str = ""
    split: str = ""
    id: str = ""
    date: str = ""
    source: str = ""
    target_where: dict[str, str] = Field(default_factory=dict)

    @field_validator("target_where")
    @classmethod
    def _is_a_condition(cls, where: dict[str, str]) -> dict[str, str]:
        for condition in where:
            if not all(condition.partition("=")):
                raise ValueError(f"{condition!r} is no condition; write column=value")
        return where

    def conditions(self) -> list[tuple[str, str, str]]:
        """Return (column, value, column of the target) for each exception of where the target stands."""
        return [(*k.split("=", 1), v) for k, v in self.target_where.items()]  # type: ignore[misc]


class TableTarget(_Declared):
    """A target of a table; what is not given is its id."""

    id: Name
    name: str = ""
    definition: str = ""
    explicit: tuple[Name, ...] = ()
    implicit: tuple[Name, ...] = ()

    def target(self) -> Target:
        """Return the target as a corpus has it."""
        name = self.name or self.id
        return Target(
            id=self.id,
            name=name,
            definition=self.definition or name,
            explicit=self.explicit or (self.id,),
            implicit=self.implicit,
        )


class TableSource(_Declared):
    r"""A labelled file, or several, declared as a corpus.

    Attributes
    ----------
    name, version, title, licence, citation : str
        of the corpus
    folder : str
        where the files are: under the working directory, or else under the data folder, which ``STANCEBENCH_DATA``
        names (else ``data``)
    files : tuple of TableFile
        at least one; a bare string is a path
    format : {"", "csv", "tsv", "jsonl", "parquet", "lines"}
        empty: by the end of each file's name
    delimiter : str
        one character between cells; empty: a comma for csv, a tab for tsv
    quoting : bool
        whether a double quote opens a cell; False where it is an ordinary character
    encoding : str
        of the files
    columns : TableColumns
        their names
    labels : mapping of str to str
        given label to favor, against, none, neutral or absent; these words themselves need no mapping
    splits : mapping of str to str
        given split word to train, dev or test; see ``SPLIT_WORDS`` for those that need no mapping
    target : str
        target of all rows, where no column gives it
    target_names : mapping of str to str
        given target to target id
    targets : tuple of TableTarget
        the targets there may be; empty: those found, sorted
    remove : str
        regular expression of what is removed from every text, such as ``\s*#SemST\s*$``
    published_split : bool
        whether the split is somebody's published one, kept as it is: leaks are warned of, and a text that stands twice
        is kept twice
    open_targets : bool
        whether targets are too many to be scored one by one
    """

    name: Name
    version: Name = "1"
    title: str = ""
    licence: str = ""
    citation: str = ""
    folder: Name = "."
    files: tuple[TableFile, ...] = Field(min_length=1)
    format: Format = ""
    delimiter: str = ""
    quoting: bool = True
    encoding: Name = "utf-8"
    columns: TableColumns = Field(default_factory=TableColumns)
    labels: dict[str, TableLabel] = Field(default_factory=dict)
    splits: dict[str, SplitName] = Field(default_factory=dict)
    target: str = ""
    target_names: dict[str, Name] = Field(default_factory=dict)
    targets: tuple[TableTarget, ...] = ()
    remove: str = ""
    published_split: bool = False
    open_targets: bool = False

    @field_validator("files", mode="before")
    @classmethod
    def _paths_are_files(cls, files: Any) -> Any:
        if isinstance(files, list | tuple):
            return tuple({"path": f} if isinstance(f, str) else f for f in files)
        return ({"path": files},) if isinstance(files, str) else files

    @field_validator("delimiter")
    @classmethod
    def _is_one_character(cls, delimiter: str) -> str:
        delimiter = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
        if len(delimiter) > 1 or delimiter in {'"', "\n", "\r"}:
            raise ValueError("one character is expected, or tab")
        return delimiter

    @field_validator("encoding")
    @classmethod
    def _known(cls, encoding: str) -> str:
        return _known_encoding(encoding)

    @field_validator("remove")
    @classmethod
    def _is_a_pattern(cls, remove: str) -> str:
        try:
            re.compile(remove)
        except re.error as e:
            raise ValueError(f"not a regular expression ({e})") from None
        return remove

    @model_validator(mode="after")
    def _fits_together(self) -> TableSource:
        ids = [t.id for t in self.targets]
        for target in ids:
            if ids.count(target) > 1:
                raise ValueError(f"the target {target!r} is declared twice")
        paths = [f.path for f in self.files]
        for path in paths:
            if paths.count(path) > 1:
                raise ValueError(f"the file {path!r} is named twice")
        if self.target and (self.columns.target_where or self.columns.target != "target"):
            column = "columns.target_where" if self.columns.target_where else f"columns.target={self.columns.target}"
            raise ValueError(f"both corpus.target={self.target} and corpus.{column} say the target; leave one out")
        for file in self.files:
            if self.format == "lines" and not file.stances:
                raise ValueError(f"the file {file.path!r} holds one text a line, so it needs stances, a file of labels")
            if file.stances and not (file.target or self.target):
                raise ValueError(f"the file {file.path!r} holds texts alone, so it needs a target: corpus.target=NAME")
            if file.stances and self.format not in {"", "lines"}:
                raise ValueError(f"the file {file.path!r} has stances, so the format is lines, not {self.format}")
        return self

    def format_of(self, file: TableFile, name: str) -> Format:
        """Return the format of one file.

        Parameters
        ----------
        file : TableFile
            as declared
        name : str
            of the file as it is unpacked

        Raises
        ------
        UsageError
            when neither the declaration nor the name tells
        """
        suffix = "." + name.rpartition(".")[2].lower()
        found = self.format or ("lines" if file.stances else SUFFIXES.get(suffix, ""))
        if not found:
            raise UsageError(
                f"corpus.format: the name {name!r} does not tell it. Known endings: {listed(SUFFIXES)}. "
                "Type corpus.format=csv (or tsv, jsonl, parquet, lines)."
            )
        return found


def _known_encoding(encoding: str) -> str:
    try:
        # Python has codecs of other things than text, such as hex, and finds them too.
        "".encode(encoding or "utf-8")
    except LookupError:
        close = nearest(encoding, ["utf-8", "utf-16", "cp1252", "latin-1", "ascii"])
        hint = f"; did you mean {close}?" if close else ""
        raise ValueError(f"there is no encoding of this name, such as utf-8, cp1252, latin-1, utf-16{hint}") from None
    return encoding


def read_source(values: Mapping[str, Any]) -> TableSource:
    """Return a declaration from plain values, as a config or a record gives them.

    Raises
    ------
    UsageError
        names the key, what was given and what is allowed
    """
    try:
        return TableSource.model_validate(values)
    except ValidationError as e:
        raise UsageError(_told(e)) from None


def _told(error: ValidationError) -> str:
    # A misspelt key is told before the one it leaves missing.
    first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    # Behind the key of a mapping pydantic puts a marker where the key itself is at fault.
    location = [str(part) for part in first["loc"] if part != "[key]"]
    key = ".".join(["corpus", *location])
    given = first["input"]
    said = first["msg"].removeprefix("Value error, ")
    got = f", got {given!r}" if isinstance(given, str | int | float) else ""
    if first["type"] == "extra_forbidden":
        known = _known_keys(location[:-1])
        close = nearest(location[-1], known)
        hint = f" Did you mean {close!r}?" if close else ""
        return f"There is no key {key!r}.{hint} Allowed: {listed(known)}."
    if location == ["files"] and first["type"] == "too_short":
        return "corpus.files: at least one file is needed. Type corpus.files=[mine.csv]."
    if location[0:1] == ["name"]:
        return f"corpus.name: a name is needed{got}. Type corpus.name=mine."
    if location[0:1] == ["labels"]:
        close = nearest(str(given), TABLE_LABELS)
        hint = f" Did you mean {close!r}?" if close else ""
        return f"{key}: {given!r} is not what a label can mean.{hint} Allowed: {', '.join(TABLE_LABELS)}."
    more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{key}: {said}{got}.{more} Type `stancebench run corpus=table --cfg job` to see every key."


def _known_keys(location: list[str]) -> list[str]:
    models: dict[str, type[BaseModel]] = {"files": TableFile, "columns": TableColumns, "targets": TableTarget}
    return list((models[location[0]] if location else TableSource).model_fields)
