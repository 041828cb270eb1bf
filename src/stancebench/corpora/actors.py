"""``actors.yaml``: the names that holders go by, checked."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from stancebench.corpora.reading import Located, checked, read_yaml_mapping, refuse_repeated
from stancebench.corpora.schema import ActorRow
from stancebench.errors import CorpusError, nearest
from stancebench.paths import shown

NARRATOR = "NARRATOR"
"""the sentence's own voice, which has no name"""


def read_actors(path: Path, codes: Set[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of each code; none where there is no file.

    Parameters
    ----------
    path : pathlib.Path
        ``actors.yaml`` of a corpus folder
    codes : set of str
        the codes of ``holders.csv``

    Raises
    ------
    CorpusError
        names file and line: a code that is not declared or stands twice, a code without a name, a name of two codes
    """
    if not path.exists():
        return {}
    rows = [
        Located(line, checked(ActorRow, {"code": code, "names": names}, path, line))
        for line, (code, names) in read_yaml_mapping(path, "holder codes to lists of names")
    ]
    refuse_repeated(path, "code", [Located(line, row.code) for line, row in rows])
    first: dict[str, tuple[str, int]] = {}
    for line, row in rows:
        where = f"{shown(path)} line {line}, column"
        if row.code == NARRATOR:
            raise CorpusError(f"{where} code: {NARRATOR} is the sentence's own voice and has no name.")
        if ("OTHER" if row.code.startswith("OTHER:") else row.code) not in codes:
            close = nearest(row.code, codes)
            hint = f" Did you mean {close!r}?" if close else ""
            raise CorpusError(f"{where} code: {row.code!r} is not a code of holders.csv.{hint}")
        for name in row.names:
            # A name is also found in capitals, so that two codes must differ by more than case.
            code, at = first.setdefault(name.upper(), (row.code, line))
            if code != row.code:
                raise CorpusError(f"{where} names: {name!r} is a name of {code!r} on line {at} already.")
    return {row.code: row.names for _, row in rows}
