"""What messages say to type, in Python's words instead of the command line's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from stancebench.errors import StancebenchError

MAPPINGS = ("labels", "splits", "target_names")
SWITCHES = ("quoting", "published_split", "open_targets")
TEXTS = ("encoding", "format", "delimiter", "name")

_KEYS = "|".join((*MAPPINGS, *SWITCHES, *TEXTS, "columns", "files", "target", "targets", "remove"))
_MAPPING = "|".join(MAPPINGS)

WORDS = (
    (r"corpus\.name=PATH", "corpus=PATH"),
    (r"corpus\.columns\.(\w+)=\.\.\. (?=corpus)", r"\1=..., "),
    (r"corpus\.columns\.(\w+)=\.\.\.", r"\1=..."),
    (r"corpus\.columns\.(\w+)=(\w+)", r'\1="\2"'),
    (rf"corpus\.({_MAPPING})\.(\w+)=(\w+)", r'\1={"\2": "\3"}'),
    (rf"'corpus\.({_MAPPING})=\{{([^{{}}]+): (\w+)\}}'", r'\1={"\2": "\3"}'),
    (rf'\b({_MAPPING}): \{{("(?:[^"\\]|\\.)*"): (\w+)\}} in a file conf/corpus/NAME\.yaml', r'\1={\2: "\3"}'),
    # One keyword is given once, with all its words.
    (rf"\}} (?:{_MAPPING})=\{{", ", "),
    (rf"corpus\.({'|'.join(SWITCHES)})=true", r"\1=True"),
    (rf"corpus\.({'|'.join(SWITCHES)})=false", r"\1=False"),
    (r"""'corpus\.delimiter="?([^"']+)"?'""", r'delimiter="\1"'),
    (rf"corpus\.({'|'.join(TEXTS)})=([\w-]+)", r'\1="\2"'),
    (rf"\bcorpus\.(?=(?:{_KEYS})\b)", ""),
    (r"Type `stancebench run corpus=table --cfg job` to see every key\.", "See help(stancebench.load_table)."),
    (r"\btask\.inputs=([\w+]+)", r'inputs="\1"'),
    (r"Type for example --(correction) (\w+)", r'Write for example \1="\2"'),
    (r"Type for example --score (\w+)", r'Write for example scores="\1"'),
    (r"Of one target: --score f_avg\.TARGET", 'Of one target: scores="f_avg.TARGET"'),
    (r"Type after --against what one of them is called here", "Write against= what one of them is called here"),
    (r"\b(task|protocol)=(\w+)", r'\1="\2"'),
)
"""expressions of the command line, in the order they are replaced, each with Python's"""


def in_python(message: str) -> str:
    """Return a message with Python's keyword arguments in place of what is typed on the command line.

    Examples
    --------
    >>> in_python("say how it was saved: corpus.encoding=cp1252.")
    'say how it was saved: encoding="cp1252".'
    >>> in_python("corpus.labels.PRO=favor corpus.labels.CON=favor")
    'labels={"PRO": "favor", "CON": "favor"}'
    """
    for typed, written in WORDS:
        message = re.sub(typed, written, message)
    return message


@contextmanager
def told_in_python() -> Iterator[None]:
    """Let refusals within say what to write in Python."""
    try:
        yield
    except StancebenchError as e:
        e.args = (in_python(str(e)),)
        raise
