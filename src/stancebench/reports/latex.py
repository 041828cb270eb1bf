"""Tables for papers: LaTeX with the rules of the package booktabs."""

from __future__ import annotations

from collections.abc import Sequence

ESCAPES = str.maketrans(
    {
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
    }
)


def escaped(text: str) -> str:
    r"""Return text as LaTeX prints it.

    Examples
    --------
    >>> escaped("f_avg, 5%")
    'f\\_avg, 5\\%'
    """
    return text.translate(ESCAPES)


def booktabs(header: Sequence[str], lines: Sequence[Sequence[str]], *, words: int = 1, caption: str = "") -> str:
    r"""Return a table as LaTeX; its preamble needs ``\usepackage{booktabs}``.

    Parameters
    ----------
    header : sequence of str
        names of the columns
    lines : sequence of sequence of str
        cells of each row
    words : int, default=1
        how many columns, from the left, hold words; the others are aligned right
    caption : str, default=""
        where there is one, the table floats

    Returns
    -------
    str
        ending in a line break

    Examples
    --------
    >>> print(booktabs(["model", "f_avg"], [["lexicon", "50.7"]]), end="")
    \begin{tabular}{lr}
    \toprule
    model & f\_avg \\
    \midrule
    lexicon & 50.7 \\
    \bottomrule
    \end{tabular}
    """
    columns = "l" * words + "r" * (len(header) - words)
    rows = [" & ".join(map(escaped, line)) + r" \\" for line in (header, *lines)]
    body = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", rows[0], r"\midrule", *rows[1:], r"\bottomrule"]
    table = "\n".join([*body, r"\end{tabular}"]) + "\n"
    if not caption:
        return table
    return f"\\begin{{table}}\n\\centering\n\\caption{{{escaped(caption)}}}\n{table}\\end{{table}}\n"
