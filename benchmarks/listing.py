"""`stancebench ls runs` over 5,000 records: seconds beyond the start of the program."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from paired import whole_process
from stancebench.paths import CHECKOUT

RECORDS = 5_000
ROUNDS = 9


def fill(folder: Path) -> None:
    """Copy the committed records under as many keys."""
    sources = [json.loads(p.read_bytes()) for p in sorted((CHECKOUT / "results/baselines/records").glob("*.json"))]
    (folder / "records").mkdir()
    for i in range(RECORDS):
        key = hashlib.sha256(str(i).encode()).hexdigest()
        record = {**sources[i % len(sources)], "score_key": key}
        (folder / "records" / f"{key[:16]}.json").write_text(json.dumps(record, indent=1))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        os.environ["STANCEBENCH_HOME"] = name
        program = str(Path(sys.executable).with_name("stancebench"))
        beyond = []
        for _ in range(ROUNDS):
            listed = whole_process([program, "ls", "runs"], folder)
            beyond.append(listed - whole_process([program, "ls", "tasks"], folder))
    spread = f"{min(beyond):.2f} to {max(beyond):.2f}"
    print(f"ls runs over {RECORDS:,} records, beyond start-up (under 1 s): {median(beyond):.2f} s ({spread})")


if __name__ == "__main__":
    main()
