"""A labelled file or data frame of one's own as a corpus, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from stancebench.api.wording import told_in_python
from stancebench.corpora import table
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.table_frame import FRAME
from stancebench.corpora.table_source import TableSource, read_source
from stancebench.errors import UsageError


def load_table(
    data: str | Path | pd.DataFrame | TableSource,
    *,
    text: str = "text",
    target: str = "target",
    stance: str = "stance",
    holder: str = "",
    bloc: str = "",
    group: str = "",
    split: str = "",
    id: str = "",  # noqa: A002
    date: str = "",
    source: str = "",
    labels: Mapping[Any, str] | None = None,
    splits: Mapping[Any, str] | None = None,
    target_names: Mapping[Any, str] | None = None,
    targets: Sequence[str | Mapping[str, Any]] = (),
    one_target: str = "",
    name: str = "",
    version: str = "1",
    format: str = "",  # noqa: A002
    delimiter: str = "",
    quoting: bool = True,
    encoding: str = "utf-8",
    remove: str = "",
    published_split: bool = False,
    open_targets: bool = False,
) -> Corpus:
    r"""Load a labelled file or data frame as a corpus: one row a judgement.

    Without a column of ids, rows of one text are one sentence; without a column of groups, every sentence is a split
    unit of its own. A corpus without a split takes part in the protocol ``cross_validated``.

    Parameters
    ----------
    data : str, pathlib.Path, pandas.DataFrame or TableSource
        a file (CSV, TSV, JSON lines or Parquet; ``.gz`` and ``.zip`` are unpacked), a data frame, or a whole
        declaration, as for several files, beside which nothing else is given
    text, target, stance : str
        names of the columns of the text, its target, and the stance taken to it
    holder, bloc, group, split, id, date, source : str, default=""
        names of the columns, where there are any, of who takes the side, their bloc, what must not be torn apart, the
        split, a name of the sentence, its day and its family of sources
    labels : mapping, optional
        what each label means: ``favor``, ``against``, ``none``, or where they are told apart ``neutral`` and
        ``absent``; these words themselves need no entry
    splits : mapping, optional
        what each split word means: ``train``, ``dev`` or ``test``
    target_names : mapping, optional
        given target to the name it has here
    targets : sequence of str or mapping, default=()
        the targets there may be, in order: an id, or a mapping with ``id`` and any of ``name``, ``definition``,
        ``explicit`` and ``implicit`` (its aliases); empty: those found, sorted
    one_target : str, default=""
        target of all rows, where no column gives it
    name : str, default=""
        of the corpus; empty: the file's name without its ending, or ``table``
    version : str, default="1"
        of the corpus
    format : {"", "csv", "tsv", "jsonl", "parquet"}, default=""
        of the file; empty: by its ending
    delimiter : str, default=""
        one character between cells; empty: a comma for csv, a tab for tsv
    quoting : bool, default=True
        whether a double quote opens a cell
    encoding : str, default="utf-8"
        of the file
    remove : str, default=""
        regular expression of what is removed from every text, such as ``\s*#SemST\s*$``
    published_split : bool, default=False
        whether the split is somebody's published one, kept as it is
    open_targets : bool, default=False
        whether targets are too many to be scored one by one

    Returns
    -------
    Corpus
        the same, content hash included, from a file and from a data frame of the same rows in any order

    Raises
    ------
    UsageError
        when a value is not allowed
    CorpusError
        when the file is missing or broken, or a row breaks a rule; names file, line and column

    Examples
    --------
    >>> import pandas as pd
    >>> import stancebench
    >>> tweets = pd.DataFrame({"tweet": ["Keep it open", "Tear it down"], "topic": "pier", "y": [1, 0]})
    >>> meaning = {1: "favor", 0: "against"}
    >>> corpus = stancebench.load_table(tweets, text="tweet", target="topic", stance="y", labels=meaning)
    >>> corpus.table["stance"].value_counts().to_dict()
    {'favor': 1, 'against': 1}
    """
    values: dict[str, Any] = {
        "columns": {
            "text": text,
            "target": target,
            "stance": stance,
            "holder": holder,
            "bloc": bloc,
            "group": group,
            "split": split,
            "id": id,
            "date": date,
            "source": source,
        },
        "labels": _words(labels),
        "splits": _words(splits),
        "target_names": _words(target_names),
        "targets": tuple({"id": t} if isinstance(t, str) else t for t in targets),
        "target": one_target,
        "version": version,
        "format": format,
        "delimiter": delimiter,
        "quoting": quoting,
        "encoding": encoding,
        "remove": remove,
        "published_split": published_split,
        "open_targets": open_targets,
    }
    with told_in_python():
        return _loaded(data, name, values)


def _loaded(data: str | Path | pd.DataFrame | TableSource, name: str, values: Mapping[str, Any]) -> Corpus:
    if isinstance(data, TableSource):
        _refuse_beside(data, name, values)
        return table.load_table(data)
    if isinstance(data, pd.DataFrame):
        return table.load_table(read_source({"name": name or "table", "files": (FRAME,), **values}), data)
    file = Path(data).expanduser()
    called = name or file.name.partition(".")[0]
    return table.load_table(read_source({"name": called, "files": (str(file),), **values}))


def _words(given: Mapping[Any, str] | None) -> dict[str, str]:
    # Cells are compared as text, so that 1 in a data frame is "1" in its file.
    return {str(word): meaning for word, meaning in (given or {}).items()}


def _refuse_beside(source: TableSource, name: str, values: Mapping[str, Any]) -> None:
    """Refuse what is given beside a whole declaration."""
    plain = TableSource(name=source.name, files=source.files)
    given = read_source({"name": name or source.name, "files": source.files, **values})
    beside = [key for key in TableSource.model_fields if getattr(given, key) != getattr(plain, key)]
    if beside:
        raise UsageError(
            f"A TableSource says everything itself, and {', '.join(beside)} is given beside it. "
            "Put it there: source.model_copy(update={...})."
        )
