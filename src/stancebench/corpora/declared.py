"""Tables that ``conf/corpus`` declares: corpora without a folder laid out as one."""

from __future__ import annotations

from collections.abc import Sequence

from stancebench.errors import UsageError, unknown
from stancebench.paths import shipped

OWN_FOLDER = "A folder of your own is given by its path: corpus.name=PATH, or `stancebench corpus check PATH`."


def declared_tables() -> list[str]:
    """Return the names of the declared tables, sorted; the user's own, ``table``, is none."""
    names = (path.stem for path in (shipped("conf") / "corpus").glob("*.yaml"))
    return sorted(n for n in names if n != "table" and not (shipped("corpora") / n / "corpus.yaml").is_file())


def no_folder(name: str, folders: Sequence[str]) -> UsageError:
    """Return the refusal of a name that is no corpus folder's, given the names of those that are."""
    tables = declared_tables()
    if name in tables:
        return UsageError(
            f"The corpus {name!r} is a declared table, and this is for corpus folders: {', '.join(folders)}. "
            f"Type `stancebench run corpus={name}`, or --corpus {name} with `stancebench score`."
        )
    then = f"Type `stancebench ls corpora` to see them. {OWN_FOLDER}"
    return unknown("corpus", name, [*folders, *tables], then)
