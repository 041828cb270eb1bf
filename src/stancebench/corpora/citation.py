"""How a corpus is cited: its own words, and a BibTeX entry."""

from __future__ import annotations

import re

from stancebench.corpora.schema import CorpusDeclaration

AUTHORS_AND_YEAR = re.compile(r"^(?P<authors>.+?) \((?P<year>\d{4})\)\.")


def bibtex(declaration: CorpusDeclaration) -> str:
    """Return a BibTeX entry of a corpus, of the ``misc`` kind, which every style knows.

    Authors and year are those that the citation begins with; one of another form is kept whole, as a note.

    Examples
    --------
    >>> from stancebench.corpora.files import read_declaration
    >>> from stancebench.corpora.load import corpus_folder
    >>> print(bibtex(read_declaration(corpus_folder("coverage@0.1"))))
    @misc{coverage_0_1,
      author = {{The stancebench authors}},
      title = {{Diplomatic Coverage, edition 0.1}},
      year = {2026},
      version = {0.1},
      license = {CC-BY-4.0},
      note = {Data set, name coverage@0.1 in stancebench}
    }
    """
    found = AUTHORS_AND_YEAR.match(declaration.citation)
    fields = {"title": "{" + declaration.title + "}"}
    if found:
        # Braces keep a body's name from being read as a person's.
        fields = {"author": "{" + found["authors"] + "}", **fields, "year": found["year"]}
    fields |= {"version": declaration.version, "license": declaration.licence}
    if declaration.url:
        fields["url"] = declaration.url
    fields["note"] = f"Data set, name {declaration.name}@{declaration.version} in stancebench"
    if not found:
        fields["note"] += f". {declaration.citation}"
    key = re.sub(r"\W+", "_", f"{declaration.name}_{declaration.version}")
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return "@misc{" + key + ",\n" + ",\n".join(lines) + "\n}"
