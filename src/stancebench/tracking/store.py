"""The MLflow store: made once, by one process at a time, and never half made."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from filelock import FileLock, Timeout

from stancebench.errors import TrackingError
from stancebench.files import cannot_write
from stancebench.paths import shown

STORE = "mlflow.db"
ARTIFACTS = "mlartifacts"

ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ASYNC_LOGGING": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    # By default an unreachable server blocks for minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER": "0",
}
"""set where the user has not: no telemetry, no long silence"""

CREATION_S = 120
"""seconds to wait for another process that is making the store; its migrations take 1 to 6"""


def prepare_environment() -> None:
    """Set MLflow's environment variables; must be called before it is imported."""
    # What MLflow would log with a traceback is told by us, in one message.
    for name, value in (ENVIRONMENT | {"MLFLOW_LOGGING_LEVEL": "CRITICAL"}).items():
        os.environ.setdefault(name, value)


def sqlite_uri(home: Path) -> str:
    """Return the URI of the store in a home folder, made if there is none.

    Raises
    ------
    TrackingError
        when the file is no SQLite database
    RecordError
        when the folder cannot be written
    """
    path = (home / STORE).absolute()
    if not path.exists():
        _create(path)
    _check(path)
    return f"sqlite:///{path.as_posix()}"


def _create(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=CREATION_S):
            if path.exists():
                return
            # Processes that meet on a new store fail in its migrations: it is made under another name, then renamed.
            building = path.with_name(f".{path.name}.building")
            building.unlink(missing_ok=True)
            _migrate(building)
            os.replace(building, path)
    except Timeout:
        raise TrackingError(
            f"Another process has been making {shown(path)} for {CREATION_S} seconds. "
            f"If none is running, delete {shown(path.with_suffix('.lock'))} and type the same command again."
        ) from None
    except OSError as e:
        raise cannot_write(path, e) from e


def _migrate(path: Path) -> None:
    prepare_environment()
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    SqlAlchemyStore(f"sqlite:///{path.as_posix()}", (path.parent / ARTIFACTS).as_uri()).engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        # Readers and one writer at a time do not wait for each other; the mode stays with the file.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _check(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as e:
        raise broken(path, e) from None


def broken(path: Path, error: Exception) -> TrackingError:
    """Return the error for a store that is damaged: it is a mirror, so it can go."""
    return TrackingError(
        f"The MLflow store {shown(path)} is damaged or no MLflow store ({error}). Records do not depend on it: "
        f"move it away (mv {shown(path)} {path.name}.broken) and type `stancebench track sync` to rebuild it."
    )
