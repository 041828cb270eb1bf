"""One run of `tfidf_svm`, untracked and tracked, against a bare script with the same pipeline and scores."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from paired import ratio, report, whole_process
from stancebench.corpora.load import load_corpus
from stancebench.tracking.store import ENVIRONMENT, sqlite_uri

BARE = str(Path(__file__).with_name("bare_script.py").absolute())


def main() -> None:
    stancebench = str(Path(sys.executable).with_name("stancebench"))
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        load_corpus("coverage").table.to_csv(here / "table.csv", index=False)
        store = sqlite_uri(here / "template")
        home = here / "home"

        def ours(*more: str, tracked: bool) -> float:
            shutil.rmtree(home, ignore_errors=True)
            if tracked:
                home.mkdir()
                shutil.copy(here / "template" / "mlflow.db", home)
            return whole_process([stancebench, "run", "model=tfidf_svm", *more], here, {"STANCEBENCH_HOME": str(home)})

        def bare(*more: str) -> float:
            return whole_process([sys.executable, BARE, "table.csv", *more], here, ENVIRONMENT)

        untracked = ratio(lambda: ours("tracking=none", tracked=False), bare, rounds=9)
        report("run tracking=none / bare script", "at most 1.3", untracked)
        tracked = ratio(lambda: ours(tracked=True), lambda: bare("client", store), rounds=9)
        report("run tracked / bare script + import mlflow + one query", "at most 1.25", tracked)


if __name__ == "__main__":
    main()
