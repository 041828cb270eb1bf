"""20 configurations in one multirun against the plain way; their scores are compared too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from enlarged import enlarge
from paired import ratio, report
from stancebench.corpora.load import load_corpus
from stancebench.runs.store import RunStore
from stancebench.tracking.store import ENVIRONMENT, sqlite_uri

PLAIN = str(Path(__file__).with_name("plain_sweep.py").absolute())
STRENGTHS = "0.01,0.03,0.1,0.2,0.5,1,2,5,10,30"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        sqlite_uri(here / "template")
        compare(here, "coverage", "the bundled corpus (383 sentences)", rounds=3)
        compare(here, str(enlarge(here / "enlarged")), "edition 1.0's size (2,298 sentences)", rounds=1)


def compare(here: Path, corpus: str, what: str, rounds: int) -> None:
    """Time both ways on one corpus, and compare their scores."""
    stancebench = str(Path(sys.executable).with_name("stancebench"))
    load_corpus(corpus).table.to_csv(here / "table.csv", index=False)
    scores: dict[str, dict[tuple[float, bool], float]] = {"ours": {}, "plain": {}}
    environment = {**os.environ, **ENVIRONMENT}

    def timed(command: list[str], more: dict[str, str]) -> tuple[float, str]:
        start = time.perf_counter()
        done = subprocess.run(command, cwd=here, env=environment | more, capture_output=True, text=True, check=True)
        return time.perf_counter() - start, done.stdout

    def fresh(place: Path) -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        shutil.copy(here / "template" / "mlflow.db", place)

    def ours() -> float:
        fresh(here / "home")
        sweep = ["-m", f"corpus.name={corpus}", "model=tfidf_svm", f"model.C={STRENGTHS}", "model.balanced=true,false"]
        seconds, _ = timed([stancebench, "run", *sweep], {"STANCEBENCH_HOME": str(here / "home")})
        for record in RunStore(here / "home").all_records():
            entry, config = record.value("f_avg_macro"), record.run["model_config"]
            assert entry is not None
            assert entry.value is not None
            scores["ours"][config["C"], config["balanced"]] = entry.value
        return seconds

    def plain() -> float:
        fresh(here / "plain")
        store = f"store=sqlite:///{here}/plain/mlflow.db"
        sweep = ["-m", f"C={STRENGTHS}", "balanced=true,false", "table=table.csv", store, "hydra.sweep.dir=multirun"]
        seconds, out = timed([sys.executable, PLAIN, *sweep], {})
        for strength, balanced, value in re.findall(r"^([\d.]+) (True|False) ([\d.e-]+)$", out, re.MULTILINE):
            scores["plain"][float(strength), balanced == "True"] = float(value)
        return seconds

    figures = ratio(ours, plain, rounds=rounds)
    gap = max(abs(scores["ours"][key] - value) for key, value in scores["plain"].items())
    assert len(scores["plain"]) == len(scores["ours"]) == 20
    report(f"20 configurations / the plain way, {what}", "at most 0.2", {**figures, "largest_score_difference": gap})


if __name__ == "__main__":
    main()
