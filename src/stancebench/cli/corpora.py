"""`stancebench corpus`: check, stats, show."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancebench.corpora.files import read_files
from stancebench.corpora.joined import join
from stancebench.corpora.load import corpus_folder, load_corpus
from stancebench.errors import unknown

if TYPE_CHECKING:
    from stancebench.audits.finding import Finding as Audited
    from stancebench.corpora.corpus import Corpus


def check(name: str, passages: Path | None, *, write: bool, strict: bool, as_json: bool) -> int:
    """Print every broken rule of a corpus, and what its audits say where no error is among them.

    Returns
    -------
    int
        1 when there is an error (or, if strict, a warning); what an audit says is no failure
    """
    from stancebench.corpora.check import check_corpus, write_generated
    from stancebench.corpora.passages import against_passages

    folder = corpus_folder(name)
    if write:
        write_generated(folder)
    findings = check_corpus(folder)
    errors = sum(f.level == "error" for f in findings)
    if passages is not None and not any(f.rule == "schema" for f in findings):
        more = list(against_passages(read_files(folder), passages))
        findings += more
        errors += sum(f.level == "error" for f in more)
    audited = [] if errors else audits_of(load_corpus(name))
    if as_json:
        values = {"findings": [asdict(f) for f in findings], "audits": [f.as_json() for f in audited]}
        print(json.dumps(values, indent=1, ensure_ascii=False))
        return 1 if errors or (strict and findings) else 0
    for f in findings:
        print(f"{f.level} [{f.rule}] {f.message}")
    for audit in audited:
        figure = next(iter(audit.figures.get("scores", {}).items()), None)
        score = f" ({figure[0]} {figure[1]['value']:.3f})" if figure and figure[1]["value"] is not None else ""
        print(f"{audit.code}  {MARKS[audit.level]:<9}{audit.name}: {audit.told}{score}")
    unit = _largest_unit(name) if not errors else ""
    print(f"{name}: {errors} errors, {len(findings) - errors} warnings{unit}")
    return 1 if errors or (strict and findings) else 0


MARKS = {"ok": "ok", "warning": "WARNING", "declined": "declined"}
"""how the level of an audit is printed"""


def audits_of(corpus: Corpus) -> list[Audited]:
    """Return what each audit finds; nothing where the corpus has no train and test."""
    from stancebench.audits.audit import audit
    from stancebench.runs.prepared import prepare
    from stancebench.tasks import Task

    # An audit may see every column, whatever a model is shown.
    prepared = prepare(corpus, Task("attributed", "text"))
    if prepared.declined or any(not len(part) for fold in prepared.folds for part in (fold.train, fold.test)):
        return []
    return list(audit(prepared))


def _largest_unit(name: str) -> str:
    table = load_corpus(name).table.drop_duplicates("sentence_id")
    sizes = table.groupby("group").size().sort_values(ascending=False)
    return f"; largest split unit {sizes.index[0]}: {sizes.iloc[0]} sentences ({sizes.iloc[0] / len(table):.1%})"


def stats(name: str, *, as_json: bool) -> None:
    """Print the statistics of a corpus."""
    from stancebench.corpora.stats import statistics

    files = read_files(corpus_folder(name))
    values = statistics(join(files), files)
    if as_json:
        print(json.dumps(values, indent=1, ensure_ascii=False))
        return
    for key in ("corpus", "sentences", "judgements", "multi_holder_sentences", "opposed_sentences", "passages"):
        print(f"{key:<24}{values[key]}")
    for key in ("holders", "events", "split_units"):
        print(f"{key:<24}{values[key]}")
    print(f"{'splits':<24}" + ", ".join(f"{k} {v}" for k, v in values["sentences_by_split"].items()))
    _print_counts("labels", values["labels_by_target"])
    for split, counts in values["labels_by_split"].items():
        _print_counts(split, counts)
    if values["agreement"]:
        _print_agreement(values["agreement"])
    if mirror := values.get("mirror"):
        rate = "{flip_rate:.1%} [{low:.1%}, {high:.1%}]".format(**mirror)
        told = f"{mirror['flips']} of {mirror['judgements']} stances flip ({rate})"
        print(f"\nMirror set: with the actors of {mirror['sentences']} sentences exchanged, {told}")
    for person, agreed in values.get("human", {}).items():
        a = agreed["all"]
        told = "undefined" if a["value"] is None else f"{a['value']:.3f}  [{a['low']:.3f}, {a['high']:.3f}]"
        print(f"\nJudged by {person}: alpha with the published labels {told}  n={a['units']}")


def _print_counts(title: str, counts: dict[str, dict[str, int]]) -> None:
    columns = list(next(iter(counts.values())))
    print(f"\n{title:<12}" + "".join(f"{c:>9}" for c in columns))
    for name, row in counts.items():
        print(f"{name:<12}" + "".join(f"{row[c]:>9}" for c in columns))


def _print_agreement(values: dict[str, Any]) -> None:
    print("\nAgreement of the first two annotators (language models: consistency, not truth)")
    for title, name in (("principal holder", "principal_holder"), ("holder-set F1", "holder_set_f1")):
        if values[name] is not None:
            print(f"{title:<24}{values[name]:.3f}")
    for name in ("alpha_labels", "alpha_stances", "alpha_stances_addressed"):
        for target, a in values[name].items():
            if a["value"] is not None:
                print(f"{name + ' ' + target:<36}{a['value']:.3f}  [{a['low']:.3f}, {a['high']:.3f}]  n={a['units']}")


def show(name: str, sentence: str | None, *, as_json: bool) -> None:
    """Print what a corpus is, or one sentence with its judgements.

    Raises
    ------
    UsageError
        when the corpus has no such sentence
    """
    corpus = load_corpus(name)
    if sentence is None:
        values = {"name": corpus.name, "version": corpus.version, **corpus.titles, "content_hash": corpus.content_hash}
        print(json.dumps(values, indent=1) if as_json else "\n".join(f"{k:<14}{v}" for k, v in values.items()))
        return
    rows = corpus.table[corpus.table["sentence_id"] == sentence]
    if rows.empty:
        raise unknown("sentence", sentence, corpus.table["sentence_id"].unique())
    if as_json:
        json.dump(rows.to_dict(orient="records"), sys.stdout, indent=1, ensure_ascii=False)
        print()
        return
    first = rows.iloc[0]
    print(first["text"])
    print(f"{first['date']}, {first['register']}, {first['attribution']}, {first['split']}, event {first['event']}")
    for row in rows.itertuples():
        mark = "principal" if row.principal == "yes" else ""
        more = " ".join(str(part) for part in (mark, row.judgement_tags, row.regime) if part)
        print(f"  {row.holder:<24}{row.target:<11}{row.label:<9}{row.explicitness:<9} {more}".rstrip())


def cite(name: str) -> None:
    """Print how a corpus is cited: of a folder with its BibTeX entry, of a declared table as its config says.

    Raises
    ------
    UsageError
        when there is no such corpus
    """
    from stancebench.config.choices import read_config
    from stancebench.corpora.citation import bibtex
    from stancebench.corpora.declared import declared_tables
    from stancebench.corpora.files import read_declaration

    if name in declared_tables():
        print(read_config("corpus", name)["citation"])
        return
    declaration = read_declaration(corpus_folder(name))
    print(declaration.citation)
    print()
    print(bibtex(declaration))
