"""`stancebench ui` and `stancebench track sync`."""

from __future__ import annotations

import os
import subprocess
import sys

from stancebench.errors import TrackingError
from stancebench.paths import home
from stancebench.runs.store import RunStore
from stancebench.tracking.store import ARTIFACTS, ENVIRONMENT, sqlite_uri


def serve(port: int, uri: str | None) -> int:
    """Serve MLflow's pages on localhost until interrupted; return the server's exit code."""
    where = uri or sqlite_uri(home())
    command = [sys.executable, "-m", "mlflow", "ui", "--backend-store-uri", where, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1"]
    if uri is None:
        command += ["--default-artifact-root", (home().absolute() / ARTIFACTS).as_uri()]
    print(f"Open http://127.0.0.1:{port} (Ctrl-C ends it)", file=sys.stderr)
    try:
        return subprocess.run(command, env={**ENVIRONMENT, **os.environ}, check=False).returncode
    except KeyboardInterrupt:
        return 0


def sync(uri: str | None, experiment: str) -> None:
    """Mirror every record that is not in MLflow yet.

    Raises
    ------
    TrackingError
        when there is nothing to mirror, or MLflow fails
    """
    store = RunStore(home())
    records = list(store.all_records())
    if not records:
        raise TrackingError(f"No records in {store.records}. Type `stancebench run experiment=baselines`.")
    from stancebench.tracking.mirror import Mirror

    mirror = Mirror(store, uri, experiment)
    added = mirror.sync(records, store.all_sweeps())
    print(f"{added} runs added for {len(records)} records in {mirror.shown_uri}")
