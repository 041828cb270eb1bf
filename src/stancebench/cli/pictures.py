"""`stancebench corpus draw`: a corpus in pictures."""

from __future__ import annotations

from pathlib import Path

from stancebench.audits.differences import best_committed
from stancebench.cli.corpora import audits_of
from stancebench.corpora.files import read_files
from stancebench.corpora.joined import join
from stancebench.corpora.load import corpus_folder
from stancebench.corpora.stats import statistics
from stancebench.files import write_whole
from stancebench.paths import shown
from stancebench.reports.corpus_pictures import corpus_pictures
from stancebench.runs.prepared import prepare
from stancebench.tasks import Task

HEADLINE = "f_avg_macro"


def draw(name: str, out: Path) -> None:
    """Write the pictures of a corpus.

    Raises
    ------
    CorpusError
        when the corpus cannot be read
    MissingExtraError
        when the packages that draw are not installed
    """
    files = read_files(corpus_folder(name))
    corpus = join(files)
    prepared = prepare(corpus, Task("attributed", "text"))
    best = None if prepared.declined else best_committed(prepared, HEADLINE)
    beside = (best.name, best.value) if best else None
    title = f"{corpus.name} {corpus.version}"
    for picture in corpus_pictures(title, statistics(corpus, files), audits_of(corpus), beside):
        for file, data in picture.files().items():
            write_whole(out / file, data)
            print(shown(out / file))
