"""`stancebench corpus` and its own commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

corpus_app = typer.Typer(help="Check, describe and read a corpus.", no_args_is_help=True, rich_markup_mode=None)


@corpus_app.command("check")
def corpus_check(
    corpus: Annotated[str, typer.Argument(help="name, or path of a corpus folder")] = "coverage",
    *,
    passages: Annotated[
        Path | None, typer.Option(help="JSONL of the passages reported: id, text, before, after")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write checksums.json and statistics.json afresh.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on warnings too.")] = False,
    json: Json = False,
) -> None:
    """Check every rule of a corpus; names file, line, column and rule."""
    from stancebench.cli.corpora import check

    raise typer.Exit(check(corpus, passages, write=write, strict=strict, as_json=json))


@corpus_app.command("stats")
def corpus_stats(
    corpus: Annotated[str, typer.Argument(help="name, or path of a corpus folder")] = "coverage", *, json: Json = False
) -> None:
    """Count sentences, judgements, stances, holders; agreement between annotators."""
    from stancebench.cli.corpora import stats

    stats(corpus, as_json=json)


@corpus_app.command("wording")
def corpus_wording(
    corpus: Annotated[str, typer.Argument(help="name, or path of a corpus folder")] = "coverage",
    *,
    passages: Annotated[Path | None, typer.Option(help="JSONL of the passages: their wording stands beside")] = None,
    json: Json = False,
) -> None:
    """Say how varied the texts are, and whether a reporting verb gives a stance away."""
    from stancebench.cli.wording import wording

    wording(corpus, passages, as_json=json)


@corpus_app.command("draw")
def corpus_draw(
    corpus: Annotated[str, typer.Argument(help="name, or path of a corpus folder")] = "coverage",
    *,
    out: Annotated[Path, typer.Option(help="folder of the pictures")] = Path("pictures"),
) -> None:
    """Draw the stances by target and bloc, the agreement, and what the audits score, as SVG and PNG."""
    from stancebench.cli.pictures import draw

    draw(corpus, out)


@corpus_app.command("show")
def corpus_show(
    corpus: Annotated[str, typer.Argument(help="name, or path of a corpus folder")],
    sentence: Annotated[str | None, typer.Argument(help="a sentence id; by default what the corpus is")] = None,
    *,
    json: Json = False,
) -> None:
    """Show what a corpus is, or one sentence with its judgements."""
    from stancebench.cli.corpora import show as show_corpus

    show_corpus(corpus, sentence, as_json=json)


@corpus_app.command("export")
def corpus_export(
    corpus: Annotated[str, typer.Argument(help="name, or path of a corpus folder")] = "coverage",
    *,
    to: Annotated[str, typer.Option(help="the tool it is for: label-studio")] = "label-studio",
    out: Annotated[Path, typer.Option(help="a new folder")] = Path("label-studio"),
    n: Annotated[int, typer.Option("--n", help="tasks: holders of sentences")] = 200,
    seed: Annotated[int, typer.Option(help="of the sample")] = 0,
) -> None:
    """Write a stratified sample for people to judge, without labels, with the guidelines."""
    from stancebench.cli.people import export
    from stancebench.errors import unknown

    if to != "label-studio":
        raise unknown("tool", to, ["label-studio"], "Type --to label-studio.")
    export(corpus, out, n, seed)


@corpus_app.command("import")
def corpus_import(
    file: Annotated[Path, typer.Argument(help="a Label Studio export, in the form JSON")],
    *,
    by: Annotated[str, typer.Option(help="who judged; becomes a listed contributor")],
    corpus: Annotated[str, typer.Option(help="name, or path of a corpus folder")] = "coverage",
) -> None:
    """Add a person's judgements of a sample to a corpus and recompute the agreement."""
    from stancebench.cli.people import bring_in

    bring_in(file, by, corpus)
