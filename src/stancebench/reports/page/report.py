"""The report of an experiment, put together from its sections."""

from __future__ import annotations

from collections.abc import Iterator

from stancebench.reports.page.audited import audits
from stancebench.reports.page.checked import checks
from stancebench.reports.page.commands import commands
from stancebench.reports.page.confusion import confusion
from stancebench.reports.page.differences import differences, ranked, ranks, towards
from stancebench.reports.page.learning import learning
from stancebench.reports.page.material import Material
from stancebench.reports.page.pairing import PRIOR, Pairing
from stancebench.reports.page.parts import Fact, Report
from stancebench.reports.page.probabilities import abstention, calibration, stated_by
from stancebench.reports.page.probed import probes
from stancebench.reports.page.results import headline, results
from stancebench.reports.page.sentences import sentences
from stancebench.reports.page.sliced import slices
from stancebench.reports.picture import row_label
from stancebench.reports.text import intervals_line
from stancebench.runs.record import Record


def build_report(material: Material) -> Report:
    """Return the report of an experiment.

    Parameters
    ----------
    material : Material
        its finished runs and its table

    Returns
    -------
    Report
        the same for the same records

    Raises
    ------
    MissingExtraError
        when the packages that draw are not installed
    """
    pairing = Pairing(material, material.main) if material.main else None
    stated = stated_by(material)
    sections = (
        headline(material),
        results(material),
        differences(material, pairing),
        ranks(material, pairing),
        confusion(material),
        slices(material),
        calibration(material, stated),
        abstention(material, stated),
        learning(material),
        probes(material),
        sentences(material),
        audits(material),
        checks(material),
        commands(material),
    )
    title = material.table.title or f"Experiment {material.name}"
    return Report(material.name, title, tuple(_facts(material)), tuple(_summary(material, pairing)), sections)


def _facts(material: Material) -> Iterator[Fact]:
    records = material.finished
    yield Fact("Corpus", _distinct(f"{r.corpus.name} {r.corpus.version}" for r in records))
    yield Fact("Task", _distinct(str(r.run["task"]["name"]) for r in records))
    yield Fact("Protocol", _distinct(str(r.run["protocol"]["name"]) for r in records))
    yield Fact("Test", _distinct(_size(r) for r in records))
    yield Fact("Intervals", _distinct(intervals_line(r.run["scoring"]["bootstrap"], r.counts.cluster) for r in records))
    yield Fact("Systems", f"{len(material.table.rows)} from {len(records)} records" + _missing(material))


def _size(record: Record) -> str:
    return f"{record.counts.test:,} judgements in {record.counts.clusters:,} {record.counts.cluster}s"


def _missing(material: Material) -> str:
    return f"; {material.table.missing} runs are not finished" if material.table.missing else ""


def _distinct(told: Iterator[str]) -> str:
    return "; ".join(dict.fromkeys(told)) or "none finished"


def _summary(material: Material, pairing: Pairing | None) -> Iterator[str]:
    if not material.ranked:
        return
    best, reference = material.ranked[0], material.reference
    yield f"Best {material.headline}: {row_label(best)}, {best.cells[0].text()}."
    if reference and reference is not best:
        yield f"The best holder prior, which reads nothing but who speaks and of what, has {reference.cells[0].text()}."
    if pairing and pairing.against and PRIOR in pairing.anchors:
        found = towards(pairing.against, pairing.anchors[PRIOR])
        better = [d.a for d in found if d.significant and (d.value or 0.0) > 0]
        named = f": {'; '.join(better)}" if better else ""
        yield f"{len(better)} of {len(found)} other systems are significantly better than this holder prior{named}."
    if pairing and pairing.cells:
        seeds = {row_label(row) for row in material.ranked if len(row.records) > 1}
        tops = {cell: {r.name for r in ranked(found) if r.rank == 1} for cell, found in pairing.cells.items()}
        told = "; ".join(f"{cell}: {len(names - seeds)}" for cell, names in tops.items())
        several = "; those of several seeds, whose test has little power, are not counted" if seeds else ""
        yield f"Systems of rank 1, than which none is significantly better, by inputs: {told}{several}."
