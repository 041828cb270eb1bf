"""A sample of a corpus as Label Studio tasks for people, and what comes back from there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.errors import SHOWN, CorpusError, unknown
from stancebench.paths import shown
from stancebench.vocabulary import LABELS

SAMPLE = 200
"""tasks of a sample; a task is one holder of one sentence"""

Key = tuple[str, str, str]


def sample(corpus: Corpus, n: int = SAMPLE, seed: int = 0) -> list[tuple[str, str]]:
    """Return holders of sentences, so drawn that every label of every target is there about as often.

    Parameters
    ----------
    corpus : Corpus
        what is sampled
    n : int, default=200
        how many; all of them where there are fewer
    seed : int, default=0
        of the order they are drawn in; the same corpus and seed give the same sample

    Returns
    -------
    list of (sentence id, holder)
        sorted
    """
    labels: dict[tuple[str, str], set[tuple[str, str]]] = {}
    columns = (corpus.table[name].tolist() for name in ("sentence_id", "holder", "target", "label"))
    for sentence, holder, target, label in zip(*columns, strict=True):
        labels.setdefault((sentence, holder), set()).add((target, label))
    order = sorted(labels)
    np.random.default_rng(seed).shuffle(order)
    drawn: dict[tuple[str, str], None] = {}
    held: Counter[tuple[str, str]] = Counter()
    strata = [(target, label) for target in corpus.target_ids for label in LABELS if label != "absent"]
    of_stratum = {s: [unit for unit in order if s in labels[unit]] for s in strata}
    # Each draw goes to the stratum that holds fewest; what has no target at all comes in with the rest.
    while len(drawn) < min(n, len(order)):
        waiting = [s for s in strata if any(unit not in drawn for unit in of_stratum[s])]
        pool = of_stratum[min(waiting, key=lambda s: (held[s], strata.index(s)))] if waiting else order
        unit = next(unit for unit in pool if unit not in drawn)
        drawn[unit] = None
        held.update(labels[unit])
    return sorted(drawn)


def tasks(corpus: Corpus, n: int = SAMPLE, seed: int = 0) -> list[dict[str, Any]]:
    """Return Label Studio tasks of a sample; they carry the corpus's edition and content, and no label."""
    text = dict(zip(corpus.table["sentence_id"], corpus.table["text"], strict=True))
    edition = {"corpus": f"{corpus.name}@{corpus.version}", "content_hash": corpus.content_hash}
    return [
        {"data": {"sentence_id": sentence, "holder": holder, "text": text[sentence], **edition}}
        for sentence, holder in sample(corpus, n, seed)
    ]


def labelling_config(corpus: Corpus) -> str:
    """Return the XML that tells Label Studio what to ask: one choice of a label for each target."""
    choices = "".join(f"\n    <Choice value={quoteattr(label)}/>" for label in LABELS)
    asked = "".join(
        f'\n  <Header size="5" value={quoteattr(f"{target.name}: {target.definition}")}/>'
        f'\n  <Choices name={quoteattr(target.id)} toName="text" choice="single" showInline="true" '
        f'required="true">{choices}\n  </Choices>'
        for target in corpus.targets
    )
    return (
        '<View>\n  <Header size="4" value="What does the sentence convey of this holder\'s position?"/>\n'
        '  <Text name="text" value="$text"/>\n  <Text name="holder" value="$holder"/>' + asked + "\n</View>\n"
    )


def judged(path: Path, corpus: Corpus) -> dict[Key, str]:
    """Return the labels of a finished Label Studio export (JSON), by sentence, holder and target.

    Tasks that were skipped are left out.

    Raises
    ------
    CorpusError
        when the file is no such export, its tasks are of another corpus or edition, or a task is judged badly; says
        which
    """
    exported = _tasks_in(path)
    _refuse_foreign(path, exported, corpus)
    asked = set(zip(corpus.table["sentence_id"], corpus.table["holder"], strict=True))
    labels: dict[Key, str] = {}
    for place, task in enumerate(exported, 1):
        where = f"{shown(path)} task {place}"
        unit = tuple(str(task["data"].get(name, "")) for name in ("sentence_id", "holder"))
        if unit not in asked:
            raise CorpusError(f"{where}: {corpus.name} has no holder {unit[1]!r} in a sentence {unit[0]!r}.")
        if (*unit, corpus.target_ids[0]) in labels:
            raise CorpusError(f"{where}: {' / '.join(unit)} is there twice. Export one task set at a time.")
        done = [a for a in task.get("annotations") or () if isinstance(a, dict) and not a.get("was_cancelled")]
        if len(done) > 1:
            raise CorpusError(f"{where} was judged {len(done)} times. Export the annotations of one person.")
        for annotation in done:
            labels |= {(*unit, target): label for target, label in _choices(where, annotation, corpus)}
    if not labels:
        raise CorpusError(f"{shown(path)} holds no finished task.")
    return labels


def _tasks_in(path: Path) -> list[dict[str, Any]]:
    try:
        exported = json.loads(path.read_bytes())
    except OSError as e:
        raise CorpusError(f"{shown(path)} cannot be read: {e.strerror}.") from e
    except (ValueError, RecursionError):
        exported = None
    if not isinstance(exported, list) or not all(
        isinstance(t, dict) and isinstance(t.get("data"), dict) for t in exported
    ):
        raise CorpusError(f"{shown(path)} is no Label Studio export in the form JSON: a list of tasks is expected.")
    return exported


def _refuse_foreign(path: Path, exported: Sequence[Mapping[str, Any]], corpus: Corpus) -> None:
    """Refuse tasks that were made from another corpus, another edition, or other texts of this one."""
    mine = f"{corpus.name}@{corpus.version}"
    for place, task in enumerate(exported, 1):
        data = task["data"]
        given = data.get("corpus")
        then = f"Type `stancebench corpus export {corpus.name} --to label-studio` for a task set of {mine}."
        if given != mine:
            what = f"is of {given!r}" if given else "names no corpus"
            raise CorpusError(f"{shown(path)} task {place} {what}, and this is {mine!r}. {then}")
        if data.get("content_hash") != corpus.content_hash:
            made, here = str(data.get("content_hash"))[:12], corpus.content_hash[:12]
            raise CorpusError(
                f"{shown(path)} is outdated: task {place} was made from {mine} with content {made}, "
                f"and that is {here} now. {then}"
            )


def _choices(where: str, annotation: Mapping[str, Any], corpus: Corpus) -> Iterator[tuple[str, str]]:
    """Yield target and label of one annotation, which must have one for each target."""
    given: dict[str, str] = {}
    for result in annotation.get("result") or ():
        target = str(result.get("from_name"))
        if target not in corpus.target_ids:
            raise CorpusError(f"{where}: {unknown('target', target, corpus.target_ids)}")
        value = result.get("value")
        chosen = value.get("choices") if isinstance(value, dict) else None
        if not isinstance(chosen, list) or len(chosen) != 1 or chosen[0] not in LABELS:
            raise CorpusError(f"{where}, {target}: {chosen!r} is no label. Allowed: {', '.join(LABELS)}.")
        given[target] = chosen[0]
    missing = [target for target in corpus.target_ids if target not in given]
    if missing:
        raise CorpusError(f"{where} has no label for {', '.join(missing[:SHOWN])}.")
    yield from given.items()


def layer(labels: Mapping[Key, str]) -> pd.DataFrame:
    """Return labels as a layer of stances, sorted; people are not asked for explicitness, tags or regime."""
    rows = [(*key, label, "", "", "") for key, label in sorted(labels.items())]
    return pd.DataFrame(
        rows, columns=["sentence_id", "holder", "target", "label", "explicitness", "tags", "regime"], dtype=object
    )
