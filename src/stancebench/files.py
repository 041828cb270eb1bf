"""Files are written whole, then renamed; what is half written is never seen under its name."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from pathlib import Path

from stancebench.errors import RecordError
from stancebench.paths import HOME_VARIABLE, shown


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is either absent or complete, even when the process is killed.

    Parameters
    ----------
    path : pathlib.Path
        final name; its folder is made
    data : bytes
        the whole content

    Raises
    ------
    RecordError
        when the folder cannot be written or the disk is full; nothing is left behind
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as e:
        raise cannot_write(path, e) from e
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; a result is as readable as any other new file.
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as e:
        raise cannot_write(path, e) from e
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def cannot_write(path: Path, error: OSError) -> RecordError:
    """Return the error for a file that could not be written, with what to do."""
    folder = shown(path.parent)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RecordError(
            f"The disk that holds {folder} is full: {path.name} was not written. What was finished before is kept; "
            f"free some space, or set {HOME_VARIABLE} to a folder elsewhere, and type the same command again."
        )
    return RecordError(
        f"Cannot write {path.name} in {folder}: {error.strerror or error}. "
        f"Make that folder writable, or set {HOME_VARIABLE} to one that is, and type the same command again."
    )


def sha256_of(data: bytes) -> str:
    """Return the sha256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
