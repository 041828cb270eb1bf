"""Corpora found by name or path, loaded whole, and held to the checksums they state."""

from __future__ import annotations

import json
from pathlib import Path

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.declared import no_folder
from stancebench.corpora.files import read_declaration, read_files
from stancebench.corpora.joined import join
from stancebench.corpora.reading import read_text
from stancebench.errors import CorpusError
from stancebench.files import sha256_of
from stancebench.paths import shipped, shown

CHECKSUMS = "checksums.json"


def corpus_names() -> list[str]:
    """Return the names of the bundled corpora, sorted."""
    return sorted(p.parent.name for p in shipped("corpora").glob("*/corpus.yaml"))


def corpus_folder(name: str) -> Path:
    """Return the folder of a bundled corpus, or of a path that holds one.

    An edition may be named, as in ``coverage@0.1``: earlier ones stand in folders of that name, and the current edition
    in the folder without one.

    Raises
    ------
    UsageError
        when there is neither, also where a declared table has the name
    """
    # With a separator it is a path from here, not from the bundled corpora: ./coverage is a folder of the user's.
    if not {"/", "\\"} & set(name):
        bundled = shipped("corpora") / name
        if (bundled / "corpus.yaml").is_file():
            return bundled
        base, _, version = name.partition("@")
        current = shipped("corpora") / base
        if version and (current / "corpus.yaml").is_file() and read_declaration(current).version == version:
            return current
    if (Path(name) / "corpus.yaml").is_file():
        return Path(name)
    raise no_folder(name, corpus_names())


def typed(folder: Path) -> str:
    """Return how a corpus folder is named on the command line: bundled ones by name, others by path."""
    if folder == shipped("corpora") / folder.name:
        return folder.name
    path = shown(folder)
    return f"./{path}" if path in corpus_names() else path


def load_corpus(name: str = "coverage", *, verify: bool = True) -> Corpus:
    """Load a bundled corpus by name, or a corpus folder by path.

    Parameters
    ----------
    name : str, default="coverage"
        name of a bundled corpus, or path of a folder laid out like one
    verify : bool, default=True
        whether each file must have the checksum that ``checksums.json`` states

    Returns
    -------
    Corpus

    Raises
    ------
    UsageError
        when there is no such corpus
    CorpusError
        when a file is missing, broken or changed, or a row breaks a rule; names file, line, column

    Examples
    --------
    >>> corpus = load_corpus("coverage")
    >>> corpus.target_ids
    ('us', 'nato', 'sanctions', 'ukraine')
    """
    folder = corpus_folder(name)
    if verify:
        verify_checksums(folder)
    return join(read_files(folder))


def verify_checksums(folder: Path) -> None:
    """Refuse a corpus whose files are not those that ``checksums.json`` states.

    Raises
    ------
    CorpusError
        names the file, both checksums and what to do
    """
    for name, expected in stated_checksums(folder).items():
        path = folder / name
        try:
            found = sha256_of(path.read_bytes())
        except FileNotFoundError:
            raise CorpusError(f"{shown(path)} is missing, though {CHECKSUMS} lists it.") from None
        except OSError as e:
            raise CorpusError(f"{shown(path)} cannot be read, though {CHECKSUMS} lists it: {e.strerror}.") from e
        if found != expected:
            raise CorpusError(
                f"{shown(path)} has changed: its sha256 is {found[:16]}..., {CHECKSUMS} states {expected[:16]}... "
                "Restore the file, or, if the change is meant, type "
                f"`stancebench corpus check {typed(folder)} --write`."
            )


def stated_checksums(folder: Path) -> dict[str, str]:
    """Return what ``checksums.json`` states: sha256 by file name.

    Raises
    ------
    CorpusError
        when it is missing or no such object
    """
    path = folder / CHECKSUMS
    try:
        stated = json.loads(read_text(path))
    except ValueError:
        stated = None
    if not isinstance(stated, dict) or not all(isinstance(v, str) for v in stated.values()):
        raise CorpusError(
            f"{shown(path)}: an object of file names and sha256 is expected. "
            f"Type `stancebench corpus check {typed(folder)} --write` to write it afresh."
        )
    return stated
