"""Verbs and their options; each command imports its own room when it is called."""

from __future__ import annotations

from typing import Annotated

import typer

from stancebench.cli.corpus_app import Json, corpus_app

app = typer.Typer(
    name="stancebench",
    help="A benchmark of stance detection in diplomatic coverage.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
track_app = typer.Typer(help="The MLflow mirror of the records.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(corpus_app, name="corpus")
app.add_typer(track_app, name="track")


def _form(**wanted: bool) -> str:
    """Return the one form that was asked for, by default text."""
    asked = [name for name, typed in wanted.items() if typed]
    if len(asked) > 1:
        from stancebench.errors import UsageError

        flags = [f"--{name}" for name in asked]
        number = {2: "two", 3: "three", 4: "four", 5: "five"}[len(asked)]
        raise UsageError(f"{', '.join(flags[:-1])} and {flags[-1]} are {number} forms: type one of them.")
    return asked[0] if asked else "text"


def _version(wanted: bool) -> None:
    if wanted:
        from stancebench import __version__

        print(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _complete_override(incomplete: str) -> list[str]:
    from stancebench.cli.completion import overrides

    return overrides(incomplete)


@app.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "allow_extra_args": True},
)
def run(
    ctx: typer.Context,
    override: Annotated[
        list[str] | None, typer.Argument(autocompletion=_complete_override, help="key=value, or -m key=a,b,c")
    ] = None,
) -> None:
    """Run an experiment or a sweep: stancebench run model=tfidf_svm; -m for several."""
    from stancebench.cli.run import run as carry_out

    raise typer.Exit(carry_out([*(override or []), *ctx.args]))


@app.command("ls")
def ls(
    what: Annotated[str | None, typer.Argument(help="corpora, tasks, protocols, models, experiments or runs")] = None,
    *,
    json: Json = False,
) -> None:
    """List what can be chosen, or the finished runs."""
    from stancebench.cli.listing import list_things

    list_things(what, as_json=json)


@app.command("check-model")
def check_model(
    name: Annotated[str, typer.Argument(help="a registered name")],
    setting: Annotated[list[str] | None, typer.Argument(help="key=value of the model's config")] = None,
    *,
    json: Json = False,
    traceback: Annotated[bool, typer.Option("--traceback", help="Print the traceback of each crash.")] = False,
) -> None:
    """Try a model on rows made in memory: what is wrong with it, one line a check."""
    from stancebench.cli.models import check

    raise typer.Exit(check(name, setting or [], as_json=json, with_traceback=traceback))


@app.command()
def show(
    record: Annotated[str | None, typer.Argument(help="first characters of a record's key")] = None,
    *,
    json: Json = False,
) -> None:
    """Show one run: choices, scores, confusion, provenance."""
    from stancebench.cli.listing import show_record

    show_record(record, as_json=json)


@app.command()
def table(
    experiment: Annotated[str | None, typer.Argument(help="name of an experiment")] = None,
    *,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Write table and records to results/ of this checkout.")
    ] = False,
) -> None:
    """Show the table of an experiment from its finished runs."""
    from stancebench.cli.tables import show_table

    show_table(experiment, _form(json=json, csv=csv, markdown=markdown), publish=publish)


@app.command()
def report(
    experiment: Annotated[str | None, typer.Argument(help="name of an experiment")] = None,
    *,
    out: Annotated[str | None, typer.Option(help="Folder to write to; by default outputs/reports/EXPERIMENT.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Write it to results/ of this checkout.")] = False,
    probes: Annotated[bool, typer.Option("--probes", help="Also fit the best system again and probe it.")] = False,
) -> None:
    """Write the report of an experiment: one page that opens anywhere, its figures and tables."""
    from stancebench.cli.report import write_report

    write_report(experiment, out, publish=publish, probes=probes)


@app.command()
def reproduce(
    records: Annotated[
        list[str] | None, typer.Argument(help="paths of records, or first characters of their keys", metavar="RECORDS")
    ] = None,
    *,
    experiment: Annotated[str | None, typer.Option(help="Every record of a committed experiment.")] = None,
    corpus: Annotated[str | None, typer.Option(help="Where the record's corpus lies, if not under its name.")] = None,
    json: Json = False,
) -> None:
    """Run records again and compare: exit 0 if each is the same, 1 if one differs."""
    from stancebench.cli.reproduce import reproduce_command

    raise typer.Exit(reproduce_command(records or [], experiment, corpus, as_json=json))


@app.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "allow_extra_args": True},
)
def score(ctx: typer.Context, predictions: Annotated[str, typer.Argument(help="a file of predictions")] = "") -> None:
    """Score anybody's predictions of the test rows, as a run is scored."""
    from stancebench.cli.score import score_command

    raise typer.Exit(score_command([*filter(None, [predictions]), *ctx.args]))


@app.command()
def compare(
    systems: Annotated[
        list[str] | None,
        typer.Argument(help="record key or path, predictions file, or EXPERIMENT:SYSTEM", metavar="SYSTEMS"),
    ] = None,
    *,
    score: Annotated[
        list[str] | None, typer.Option(help="f_avg_macro, f_avg.nato, f_avg.* ...; may be given again.")
    ] = None,
    correction: Annotated[str, typer.Option(help="holm, benjamini_hochberg or none, over what is shown")] = "holm",
    against: Annotated[str, typer.Option(help="Only pairs with this one of the systems.")] = "",
    rounds: Annotated[int, typer.Option(help="of the bootstrap and of the randomisation")] = 10_000,
    level: Annotated[float, typer.Option(help="nominal coverage of intervals")] = 0.95,
    cluster: Annotated[str, typer.Option(help="what is resampled: event, document or row")] = "event",
    seed: Annotated[int, typer.Option(help="of the resampling")] = 0,
    corpus: Annotated[str | None, typer.Option(help="of files; by default that of the records, or coverage")] = None,
    task: Annotated[str | None, typer.Option(help="of files; by default that of the records, or attributed")] = None,
    protocol: Annotated[str | None, typer.Option(help="of files; by default that of the records, or official")] = None,
    mode: Annotated[str | None, typer.Option(help="strict or semeval; by default that of the records")] = None,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX for booktabs.")] = False,
) -> None:
    """Compare systems in pairs on the same judgements: differences, tests, ranks."""
    from stancebench.cli.compare import Asked, compare_command

    form = _form(json=json, csv=csv, markdown=markdown, latex=latex)
    asked = Asked(
        names=systems or [],
        scores=score or [],
        correction=correction,
        against=against,
        corpus=corpus,
        task=task,
        protocol=protocol,
        mode=mode,
        rounds=rounds,
        level=level,
        cluster=cluster,
        seed=seed,
    )
    raise typer.Exit(compare_command(asked, form))


@app.command()
def audit(
    corpus: Annotated[str, typer.Argument(help="name, folder, or NAME.yaml that declares a table")] = "coverage",
    *,
    task: Annotated[str, typer.Option(help="attributed or sentence")] = "attributed",
    protocol: Annotated[str, typer.Option(help="how the corpus becomes train and test")] = "official",
    only: Annotated[list[str] | None, typer.Option(help="Code or name of an audit; may be given again.")] = None,
    json: Json = False,
) -> None:
    """Audit a corpus: what scores without reading, and what leaks from train to test."""
    from stancebench.cli.audit import audit_command

    raise typer.Exit(audit_command(corpus, task, protocol, only or [], as_json=json))


@app.command("check")
def check_results(
    experiment: Annotated[str | None, typer.Argument(help="name of an experiment")] = None,
    *,
    only: Annotated[list[str] | None, typer.Option(help="Code or name of a check; may be given again.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Print every finding, not the first of each code.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on warnings that are not acknowledged.")] = False,
    json: Json = False,
) -> None:
    """Check the results of an experiment: what is doubtful about them, by codes."""
    from stancebench.cli.check import check_command

    raise typer.Exit(check_command(experiment, only or [], every=every, strict=strict, as_json=json))


@app.command()
def slices(
    names: Annotated[
        list[str] | None, typer.Argument(help="an experiment, or systems as `stancebench compare` takes them")
    ] = None,
    *,
    by: Annotated[list[str] | None, typer.Option(help="A slicing, such as bloc; may be given again.")] = None,
    system: Annotated[
        list[str] | None, typer.Option(help="A row of the experiment; by default its best. May be given again.")
    ] = None,
    score: Annotated[str, typer.Option(help="accuracy, f_avg, macro_f1 or mcc")] = "accuracy",
    correction: Annotated[str, typer.Option(help="holm, benjamini_hochberg or none")] = "holm",
    rounds: Annotated[int, typer.Option(help="Bootstrap samples.")] = 10_000,
    cluster: Annotated[str, typer.Option(help="event, document or row: what is resampled")] = "event",
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX.")] = False,
) -> None:
    """Score parts of a test, by bloc, target, register ...: where a system is better or worse than on the rest."""
    from stancebench.cli.slices import Asked, slices_command

    asked = Asked(names or [], system or [], by or [], score, correction, rounds, cluster)
    slices_command(asked, _form(json=json, csv=csv, markdown=markdown, latex=latex))


@app.command()
def power(
    what: Annotated[
        list[str] | None,
        typer.Argument(help="a corpus, or two systems: keys or paths of records, files, EXPERIMENT:ROW"),
    ] = None,
    *,
    task: Annotated[str, typer.Option(help="attributed or sentence")] = "attributed",
    protocol: Annotated[str, typer.Option(help="how the corpus becomes train and test")] = "official",
    score: Annotated[str, typer.Option(help="as it is printed: f_avg_macro, f_avg.nato")] = "f_avg_macro",
    power: Annotated[float, typer.Option(help="How often the difference is to be found.")] = 0.8,
    level: Annotated[float, typer.Option(help="Level of the interval that corresponds to the test.")] = 0.95,
    alike: Annotated[float | None, typer.Option(help="Correlation of the errors of the assumed systems.")] = None,
    recall: Annotated[str, typer.Option(help="Of the assumed system: favor, against, none.")] = "0.6,0.65,0.87",
    json: Json = False,
) -> None:
    """Say what difference between two systems a corpus can show."""
    from stancebench.cli.power import Asked, power_command

    asked = Asked(score, power, level, alike, recall)
    raise typer.Exit(power_command(what or [], task, protocol, asked, as_json=json))


@app.command()
def probe(
    names: Annotated[
        list[str] | None, typer.Argument(help="models, or records by key, path or EXPERIMENT:SYSTEM")
    ] = None,
    *,
    only: Annotated[list[str] | None, typer.Option(help="Name of a probe; may be given again.")] = None,
    corpus: Annotated[str | None, typer.Option(help="What a model is fitted on; by default coverage.")] = None,
    task: Annotated[str | None, typer.Option(help="attributed or sentence")] = None,
    inputs: Annotated[str | None, typer.Option(help="text, text+holder or masked")] = None,
    protocol: Annotated[str | None, typer.Option(help="by default official")] = None,
    rounds: Annotated[int, typer.Option(help="Bootstrap samples.")] = 10_000,
    json: Json = False,
) -> None:
    """Probe models: how often a prediction stays when a sentence changes and its stance does not."""
    from stancebench.cli.probe import Asked, probe_command

    raise typer.Exit(
        probe_command(names or [], only or [], Asked(corpus, task, inputs, protocol), rounds, as_json=json)
    )


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on localhost.")] = 5000,
    uri: Annotated[str | None, typer.Option(help="Tracking URI; by default the store in outputs/.")] = None,
) -> None:
    """Open MLflow's pages on the tracked runs, on localhost only."""
    from stancebench.cli.ui import serve

    raise typer.Exit(serve(port, uri))


@track_app.command("sync")
def track_sync(
    uri: Annotated[str | None, typer.Option(help="Tracking URI; by default the store in outputs/.")] = None,
    experiment: Annotated[str, typer.Option(help="MLflow experiment.")] = "stancebench",
) -> None:
    """Mirror every record that is not in MLflow yet; rebuilds a store that was deleted."""
    from stancebench.cli.ui import sync

    sync(uri, experiment)


@app.command()
def cite(
    corpus: Annotated[str, typer.Argument(help="name, or path of a corpus folder")] = "coverage",
) -> None:
    """Print how a corpus is cited, and its BibTeX entry."""
    from stancebench.cli.corpora import cite as cite_corpus

    cite_corpus(corpus)
