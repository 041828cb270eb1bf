"""What a page is made of: sections of words, drawings and sheets, each of which is also a file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stancebench.reports.drawing import Drawing
from stancebench.reports.latex import booktabs

SHADES = 9
"""steps of a shaded cell, 0 being the paper"""


@dataclass(frozen=True)
class Value:
    """One cell of a sheet.

    Attributes
    ----------
    text : str
        as it is read
    number : float or None
        as it is sorted, and written with full precision; None for words
    low, high : float or None
        bounds of the number
    bounds : str
        the bounds as they are read
    note : str
        why there is no number, or no interval
    shade : int or None
        0 to ``SHADES - 1``
    """

    text: str
    number: float | None = None
    low: float | None = None
    high: float | None = None
    bounds: str = ""
    note: str = ""
    shade: int | None = None

    @property
    def whole(self) -> str:
        """Text and bounds together."""
        return f"{self.text} {self.bounds}".rstrip()


def hundredths(value: float | None, low: float | None = None, high: float | None = None, *, note: str = "") -> Value:
    """Return a score as a cell: in hundredths with one decimal, and why where there is none."""
    if value is None:
        return Value("undefined" if note else "-", note=note)
    bounds = "" if low is None or high is None else f"[{100 * low:.1f}, {100 * high:.1f}]"
    return Value(f"{100 * value:.1f}", value, low, high, bounds, note)


def signed(value: float | None, low: float | None = None, high: float | None = None, *, note: str = "") -> Value:
    """Return a difference as a cell: in hundredths with its sign."""
    cell = hundredths(value, low, high, note=note)
    if value is None:
        return cell
    bounds = "" if low is None or high is None else f"[{100 * low:+.1f}, {100 * high:+.1f}]"
    return Value(f"{100 * value:+.1f}", value, low, high, bounds, note)


def probability(p: float | None) -> Value:
    """Return a p value as a cell."""
    return Value("-") if p is None else Value("<0.0001" if p < 0.00005 else f"{p:.4f}", p)


def shade(share: float) -> int:
    """Return the step of a share from 0 to 1."""
    return min(SHADES - 1, int(SHADES * share))


@dataclass(frozen=True)
class Heading:
    """Name of a column, and what it means."""

    name: str
    meaning: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table of the page, which is also written as Markdown, CSV and LaTeX.

    Attributes
    ----------
    name : str
        of its files
    caption : str
        what it holds
    headings : tuple of Heading
        its columns
    lines : tuple of tuple of Value
        its rows
    words : int
        how many columns, from the left, hold words
    folded : bool
        whether the page shows it only when asked
    """

    name: str
    caption: str
    headings: tuple[Heading, ...]
    lines: tuple[tuple[Value, ...], ...]
    words: int = 1
    folded: bool = False

    @property
    def header(self) -> list[str]:
        """Names of the columns."""
        return [h.name for h in self.headings]

    @property
    def prose(self) -> bool:
        """Whether it holds words only; on a phone its rows are paragraphs."""
        return self.words == len(self.headings)

    @property
    def notes(self) -> list[str]:
        """Why cells hold no number or no interval, each reason once."""
        return list(dict.fromkeys(f"{v.text}: {v.note}" for line in self.lines for v in line if v.note))

    def markdown(self) -> str:
        """Return the sheet as Markdown."""
        rule = ["---"] * self.words + ["---:"] * (len(self.headings) - self.words)
        lines = [self.header, rule, *([v.whole.replace("|", r"\|") for v in line] for line in self.lines)]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"

    def csv(self) -> str:
        """Return the sheet with full precision; a column with bounds makes three."""
        bounded = [any(line[i].low is not None for line in self.lines) for i in range(len(self.headings))]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([name for h, b in zip(self.headings, bounded, strict=True) for name in _names(h.name, b)])
        for line in self.lines:
            writer.writerow([text for v, b in zip(line, bounded, strict=True) for text in _texts(v, b)])
        return out.getvalue()

    def latex(self) -> str:
        """Return the sheet as LaTeX with booktabs."""
        return booktabs(self.header, [[v.whole for v in line] for line in self.lines], words=self.words)

    def files(self) -> dict[str, bytes]:
        """Return the files of it, by name."""
        texts = {"md": self.markdown(), "csv": self.csv(), "tex": self.latex()}
        return {f"{self.name}.{ending}": text.encode() for ending, text in texts.items()}


def _names(name: str, bounded: bool) -> list[str]:  # noqa: FBT001 -- a pair with the column's name
    return [name, f"{name} low", f"{name} high"] if bounded else [name]


def _texts(value: Value, bounded: bool) -> list[str]:  # noqa: FBT001 -- as above
    text = value.text if value.number is None else repr(value.number)
    return [text, *("" if b is None else repr(b) for b in (value.low, value.high))] if bounded else [text]


@dataclass(frozen=True)
class Choice:
    """One of several bodies of a section, of which a page shows the chosen one."""

    name: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Vote:
    """What one system says of a judgement, and how sure it is; empty where it does not say."""

    system: str
    stance: str
    sure: str = ""


@dataclass(frozen=True)
class Example:
    """A sentence with one of its judgements and every system's vote on it.

    Attributes
    ----------
    sentence : str
        its id
    text : str
        its words
    asked : str
        whose stance toward what
    stance, label : str
        gold, as scored and as annotated
    votes : tuple of Vote
        one for each system
    """

    sentence: str
    text: str
    asked: str
    stance: str
    label: str
    votes: tuple[Vote, ...]

    def counted(self) -> list[tuple[str, int]]:
        """Return the stances said with how often, the commonest first."""
        return Counter(vote.stance for vote in self.votes).most_common()


@dataclass(frozen=True)
class Section:
    """A part of the page under one heading.

    Attributes
    ----------
    id : str
        its anchor
    title : str
        its heading
    lead : str
        what it shows and how to read it
    drawings : tuple of Drawing
        its charts
    printed : tuple of Drawing
        charts that are files only, since the page has them as tables
    sheets : tuple of Sheet
        its tables
    choices : tuple of Choice
        bodies of which one is seen at a time
    chosen_by : str
        what a choice is of
    examples : tuple of Example
        sentences
    commands : tuple of str
        command lines
    missing : str
        why there is nothing else in it
    """

    id: str
    title: str
    lead: str
    drawings: tuple[Drawing, ...] = ()
    printed: tuple[Drawing, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    choices: tuple[Choice, ...] = ()
    chosen_by: str = ""
    examples: tuple[Example, ...] = ()
    commands: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class Fact:
    """A line at the head of the page."""

    name: str
    told: str


@dataclass(frozen=True)
class Report:
    """A page, before it is written."""

    name: str
    title: str
    facts: tuple[Fact, ...]
    summary: tuple[str, ...]
    sections: tuple[Section, ...]

    def drawings(self) -> Sequence[Drawing]:
        """Return every chart that becomes a file, in the order of the page."""
        return [d for section in self.sections for d in (*section.drawings, *section.printed)]

    def sheets(self) -> Sequence[Sheet]:
        """Return every sheet that becomes a file, in the order of the page."""
        return [s for section in self.sections for s in section.sheets]
