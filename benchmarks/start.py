"""`stancebench --help` against a typer hello-world's."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from paired import ratio, report, whole_process

HELLO = """
import typer

app = typer.Typer()


@app.command()
def hello(name: str = "you") -> None:
    print(name)


app()
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "hello.py").write_text(HELLO)
        ours = [str(Path(sys.executable).with_name("stancebench")), "--help"]
        plain = [sys.executable, "hello.py", "--help"]
        figures = ratio(lambda: whole_process(ours, here), lambda: whole_process(plain, here), rounds=15)
    report("stancebench --help / typer hello-world --help", "at most 1.5", figures)


if __name__ == "__main__":
    main()
