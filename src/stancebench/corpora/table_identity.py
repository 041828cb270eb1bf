"""A declared table as a record keeps it: files by name and sha256, no path of one machine."""

from __future__ import annotations

from pathlib import Path, PurePath

from stancebench.corpora.table_reading import find
from stancebench.corpora.table_source import TableFile, TableSource
from stancebench.files import sha256_of


def identified(source: TableSource) -> TableSource:
    """Return a table with the sha256 of every file, and no folder or path that leads out of the working directory.

    Parameters
    ----------
    source : TableSource
        whose files are there

    Returns
    -------
    TableSource
    """
    files = tuple(_identified(source, file) for file in source.files)
    folder = source.folder if inside(source.folder) else "."
    return source.model_copy(update={"files": files, "folder": folder})


def _identified(source: TableSource, file: TableFile) -> TableFile:
    path = find(source, file.path, file.url, file.sha256)
    changed = {"path": _portable(file.path), "sha256": file.sha256 or sha256_of(path.read_bytes())}
    if file.stances:
        beside = find(source, str(Path(file.path).parent / file.stances), "", file.stances_sha256)
        changed |= {"stances_sha256": file.stances_sha256 or sha256_of(beside.read_bytes())}
    return file.model_copy(update=changed)


def inside(path: str) -> bool:
    """Return whether a path leads nowhere but into the folder it starts from."""
    return not path.startswith("~") and not PurePath(path).is_absolute() and ".." not in PurePath(path).parts


def _portable(path: str) -> str:
    return PurePath(path).as_posix() if inside(path) else PurePath(path).name
