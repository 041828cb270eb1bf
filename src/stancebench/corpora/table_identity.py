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
        whose files are there, or declared with their sha256

    Returns
    -------
    TableSource
    """
    files = tuple(_identified(source, file) for file in source.files)
    folder = source.folder if inside(source.folder) else "."
    return source.model_copy(update={"files": files, "folder": folder})


def _identified(source: TableSource, file: TableFile) -> TableFile:
    changed = {"path": _portable(file.path), "sha256": file.sha256 or _sha256(source, file.path)}
    if file.stances:
        beside = str(Path(file.path).parent / file.stances)
        changed |= {"stances_sha256": file.stances_sha256 or _sha256(source, beside)}
    return file.model_copy(update=changed)


def _sha256(source: TableSource, path: str) -> str:
    return sha256_of(find(source, path, "", "").read_bytes())


def inside(path: str) -> bool:
    """Return whether a path leads nowhere but into the folder it starts from."""
    return not path.startswith("~") and not PurePath(path).is_absolute() and ".." not in PurePath(path).parts


def _portable(path: str) -> str:
    return PurePath(path).as_posix() if inside(path) else PurePath(path).name
