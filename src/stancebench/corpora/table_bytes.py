"""The bytes of a table's file: checked, unpacked, and decoded."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import re
import warnings
import zipfile
import zlib
from pathlib import Path

from stancebench.corpora.reading import BYTE_ORDER_MARK
from stancebench.errors import CorpusError, listed
from stancebench.files import sha256_of
from stancebench.paths import shown


def file_bytes(path: Path, sha256: str) -> bytes:
    """Return a file's bytes; refused when its sha256 is not the one stated."""
    try:
        data = path.read_bytes()
    except OSError as e:
        raise CorpusError(f"{shown(path)} cannot be read: {e.strerror}.") from e
    if sha256 and (found := sha256_of(data)) != sha256:
        raise CorpusError(
            f"{shown(path)} is not the file that is declared: its sha256 is {found[:16]}..., "
            f"{sha256[:16]}... is stated. Fetch it again, or, if the change is meant, state its sha256."
        )
    return data


def unpacked(path: Path, data: bytes) -> tuple[bytes, str]:
    """Return what a ``.gz`` or ``.zip`` holds, and its name; any other file as it is."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".gz":
            return gzip.decompress(data), path.stem
        if suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                # macOS adds a folder of its own to what it packs.
                names = [n for n in archive.namelist() if not n.endswith("/") and not n.startswith("__MACOSX/")]
                if len(names) != 1:
                    raise CorpusError(
                        f"{shown(path)}: one file in it is expected, found {len(names)}: {listed(names)}."
                    )
                return archive.read(names[0]), os.path.basename(names[0])  # noqa: PTH119 -- a name inside an archive
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as e:
        # zipfile raises RuntimeError where a password or an unknown compression is asked for.
        raise CorpusError(f"{shown(path)} cannot be unpacked: {str(e).removesuffix('.')}.") from None
    return data, path.name


def utf8(path: Path, data: bytes, encoding: str, *, per_file: bool) -> bytes:
    """Return a file's bytes in UTF-8; they must be what their encoding says, without null bytes."""
    data = data.removeprefix(BYTE_ORDER_MARK)
    is_utf8 = codecs.lookup(encoding).name == "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as e:
        data = e.object if isinstance(e.object, bytes) else data
        line = data.count(b"\n", 0, e.start) + 1
        column = e.start - data.rfind(b"\n", 0, e.start)
        marked = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        other = "utf-16" if marked else "cp1252" if is_utf8 else "utf-8"
        raise CorpusError(
            f"{shown(path)} line {line}, byte {column}: 0x{data[e.start]:02x} is not {encoding}. "
            f"Save the file as UTF-8, or say how it was saved: {_key(other, per_file=per_file)}."
        ) from None
    except UnicodeError as e:
        raise CorpusError(f"{shown(path)} is not {encoding}: {e}.") from None
    _warn_of_controls(path, data, text, encoding, per_file=per_file)
    recoded = data if is_utf8 else text.encode()
    if b"\0" in recoded:
        line = recoded.count(b"\n", 0, recoded.index(b"\0")) + 1
        raise CorpusError(
            f"{shown(path)} line {line}: a null byte. It is no text, or saved as UTF-16: type corpus.encoding=utf-16."
        )
    return recoded


def _key(encoding: str, *, per_file: bool) -> str:
    return f"encoding={encoding} beside its path" if per_file else f"corpus.encoding={encoding}"


CONTROLS = re.compile(r"[\x80-\x9f]")
"""characters that nobody types, where cp1252 has quotes, dashes and the euro sign"""


def _warn_of_controls(path: Path, data: bytes, text: str, encoding: str, *, per_file: bool) -> None:
    """Warn of control characters, which any byte is in ISO 8859, so that a wrong encoding is never refused."""
    if not codecs.lookup(encoding).name.startswith("iso8859") or not (found := CONTROLS.search(text)):
        return
    try:
        data.decode("utf-8")
        other = "utf-8"
    except UnicodeDecodeError:
        other = "cp1252"
    line, n = text.count("\n", 0, found.start()) + 1, len(CONTROLS.findall(text))
    warnings.warn(
        f"{shown(path)} line {line}: read as {encoding}, 0x{ord(found[0]):02x} is a control character"
        f"{f' ({n - 1:,} more)' if n > 1 else ''}. The file looks saved as {other}: {_key(other, per_file=per_file)}.",
        stacklevel=2,
    )
