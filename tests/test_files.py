from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.errors import RecordError
from stancebench.files import cannot_write, sha256_of, write_whole
from stancebench.paths import HOME_VARIABLE, shown

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and modes are POSIX's")


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


@given(data=st.binary(max_size=200), before=st.none() | st.binary(max_size=200))
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, before: bytes | None
) -> None:
    path = tmp_path_factory.mktemp("files") / "a.json"
    if before is not None:
        path.write_bytes(before)
    write_whole(path, data)
    assert path.read_bytes() == data
    assert names(path.parent) == ["a.json"]


def test_folders_are_made_on_the_way(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b" / "c.txt", b"x")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"x"


@posix_only
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_file_is_as_readable_as_any_new_file(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "whole", b"x")
        (tmp_path / "plain").write_bytes(b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


def child(code: str, *arguments: object, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    command = [*before, sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


# The kernel ends the process at the very write that passes the limit: no handler, no clean-up runs.
DIES_WHILE_WRITING = """
import resource, signal, sys
from pathlib import Path
from stancebench.files import write_whole
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
write_whole(Path(sys.argv[1]), b"x" * 1_000_000)
"""


@posix_only
@pytest.mark.parametrize("old", [None, b"old and whole"])
def test_a_process_that_dies_while_writing_leaves_the_name_as_it_was(tmp_path: Path, old: bytes | None) -> None:
    path = tmp_path / "record.json"
    if old is not None:
        path.write_bytes(old)
    process = child(DIES_WHILE_WRITING, path)
    process.communicate()
    assert process.returncode == -signal.SIGXFSZ
    assert (path.read_bytes() if path.exists() else None) == old
    # The torn part lies there, hidden and under a name of its own: the death came in the middle.
    torn = [p for p in tmp_path.iterdir() if p != path]
    assert [p.stat().st_size for p in torn] == [100_000]
    assert all(p.name.startswith(".record.json.") and p.suffix == ".tmp" for p in torn)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


WRITES_ON_AND_ON = """
import sys
from itertools import cycle
from pathlib import Path
from stancebench.files import write_whole
for letter in cycle(b"abc"):
    write_whole(Path(sys.argv[1]), bytes([letter]) * 3_000_000)
"""


@posix_only
def test_a_reader_never_sees_half_a_file_and_kill_9_leaves_none(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    for moment in range(5):
        process = child(WRITES_ON_AND_ON, path)
        try:
            give_up = time.monotonic() + 60
            seen = 0
            while seen < 5 + moment and process.poll() is None and time.monotonic() < give_up:
                if path.exists():
                    data = path.read_bytes()
                    assert (len(data), len(set(data))) == (3_000_000, 1)
                    seen += 1
        finally:
            process.send_signal(signal.SIGKILL)
            _, said = process.communicate()
        assert process.returncode == -signal.SIGKILL, said
        data = path.read_bytes()
        assert (len(data), len(set(data))) == (3_000_000, 1)


LIMITED = """
import resource, sys
from pathlib import Path
from stancebench.errors import RecordError
from stancebench.files import write_whole
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_whole(Path(sys.argv[1]), b"x" * 1_000_000)
except RecordError as e:
    print(e)
"""


@posix_only
def test_a_write_that_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"old")
    said, wrong = child(LIMITED, path).communicate()
    assert wrong == ""
    assert said.startswith(f"Cannot write record.json in {shown(tmp_path)}: {os.strerror(errno.EFBIG)}. ")
    assert names(tmp_path) == ["record.json"]
    assert path.read_bytes() == b"old"


def private_mounts(folder: Path) -> tuple[str, ...] | None:
    """A command that runs another where it may mount what nobody else sees, or None where that is not allowed."""
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return None
    for command in (("unshare", "--mount"), ("unshare", "--map-root-user", "--mount")):
        mount = [*command, "mount", "-t", "tmpfs", "none", str(folder)]
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            return command
    return None


ON_A_TINY_DISK = """
import os, subprocess, sys
folder = sys.argv[1]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", folder], check=True)
from pathlib import Path
from stancebench.errors import RecordError
from stancebench.files import write_whole
path = Path(folder) / "record.json"
write_whole(path, b"old")
try:
    write_whole(path, b"x" * 1_000_000)
except RecordError as e:
    print(e)
print(os.listdir(folder), path.read_bytes())
"""


def test_a_full_disk_is_named_and_keeps_what_was_finished(tmp_path: Path) -> None:
    before = private_mounts(tmp_path)
    if before is None:
        pytest.skip("needs a private mount of a tiny disk, which this machine does not allow")
    said, wrong = child(ON_A_TINY_DISK, tmp_path, before=before).communicate()
    assert wrong == ""
    message, left = said.splitlines()
    assert message == (
        f"The disk that holds {shown(tmp_path)} is full: record.json was not written. What was finished before is "
        f"kept; free some space, or set {HOME_VARIABLE} to a folder elsewhere, and type the same command again."
    )
    assert left == "['record.json'] b'old'"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_no_space_and_no_quota_are_a_full_disk(tmp_path: Path, code: int) -> None:
    error = cannot_write(tmp_path / "a.json", OSError(code, os.strerror(code)))
    assert isinstance(error, RecordError)
    assert str(error).startswith(f"The disk that holds {shown(tmp_path)} is full: a.json was not written.")


def test_an_error_without_a_number_is_told_in_its_own_words(tmp_path: Path) -> None:
    assert f"Cannot write a.json in {shown(tmp_path)}: odd. " in str(cannot_write(tmp_path / "a.json", OSError("odd")))


@pytest.mark.parametrize("below", [("file", "a.json"), ("file", "folder", "a.json")])
def test_a_folder_that_cannot_be_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    monkeypatch.chdir(tmp_path)
    path = tmp_path.joinpath(*below)
    with pytest.raises(RecordError) as refused:
        write_whole(path, b"x")
    assert str(refused.value).startswith(f"Cannot write a.json in {Path(*below[:-1])}: ")
    assert str(refused.value).endswith(
        f". Make that folder writable, or set {HOME_VARIABLE} to one that is, and type the same command again."
    )
    assert isinstance(refused.value.__cause__, OSError)
    assert (tmp_path / "file").read_bytes() == b"in the way"


def test_a_name_that_is_a_folder_is_refused_and_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(RecordError, match=f"Cannot write taken in .*: {os.strerror(errno.EISDIR)}"):
        write_whole(tmp_path / "taken", b"x")
    assert names(tmp_path) == ["taken"]


def test_the_hash_is_the_standards() -> None:
    # FIPS 180-2, appendix B.1.
    assert sha256_of(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
