from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.commands import Cli, environment


@pytest.mark.skipif(sys.platform == "win32", reason="a group of processes is ended by a POSIX signal")
def test_the_pages_are_served_on_localhost_only(cli: Cli, tracked: Path, synthetic_template: Path) -> None:
    assert cli("run", f"corpus.name={synthetic_template}", "model=majority").code == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "stancebench", "ui", "--port", str(port)],
        env=environment(tracked),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        for _ in range(600):
            assert process.poll() is None, process.communicate()[1]
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1) as page:
                    assert "MLflow" in page.read().decode()
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        else:
            raise AssertionError("nothing was served")
        listening = Path("/proc/net/tcp")
        if listening.exists():
            hosts = {line.split()[1] for line in listening.read_text().splitlines()[1:] if line.split()[3] == "0A"}
            mine = {host for host in hosts if int(host.split(":")[1], 16) == port}
            assert mine == {f"0100007F:{port:04X}"}
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
