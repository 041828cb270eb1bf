"""`stancebench corpus wording`: how varied texts are, beside the passages that they report."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from stancebench.audits.wording import Wording, stance_of_verbs
from stancebench.audits.wording import wording as worded
from stancebench.corpora.files import read_files
from stancebench.corpora.joined import join
from stancebench.corpora.load import corpus_folder
from stancebench.corpora.passages import reported


def wording(name: str, passages: Path | None, *, as_json: bool) -> None:
    """Print how the texts of a corpus are worded, and its passages where these are at hand.

    Raises
    ------
    CorpusError
        when the corpus or the passages cannot be read
    """
    files = read_files(corpus_folder(name))
    columns = {"sentences": worded(_shuffled([s.text for s in files.sentences]))}
    if passages is not None:
        known = reported(files, passages)
        columns["passages"] = worded(_shuffled([known[i].text for i in sorted(known)]))
    verbs = stance_of_verbs(join(files).table)
    if as_json:
        values = {**{what: one.as_json() for what, one in columns.items()}, "stance_of_verbs": verbs}
        print(json.dumps(values, indent=1, ensure_ascii=False))
        return
    for what, one in columns.items():
        _print(what, one)
    told = f"{verbs['accuracy']:.3f}" if "accuracy" in verbs else "too few units"
    print(f"Stance from the reporting verbs alone: {told}; commonest stance: {verbs['majority']:.3f}")
    print(f"  accuracy over {verbs['judgements']:.0f} addressed judgements, three stances, grouped cross-validation")


def _shuffled(texts: list[str]) -> list[str]:
    """Return texts in an order of no meaning, the same each time: files are ordered by batch and source."""
    return [texts[i] for i in np.random.default_rng(0).permutation(len(texts))]


def _print(what: str, one: Wording) -> None:
    print(f"{one.texts} {what}, {one.words} words")
    print("  words of a text, by percentile   " + ", ".join(f"{k} {v:g}" for k, v in one.lengths.items()))
    print("  distinct words among the first   " + ", ".join(f"{int(k):,}: {v:,}" for k, v in one.vocabulary.items()))
    print(f"  distinct runs of four words      {one.distinct_4grams:.1%}")
    for title, shares in (("reporting verbs", one.verbs), ("opening words", one.openings)):
        listed = ", ".join(f"{word} {share:.1%}" for word, share in shares.items())
        print(f"  {f'{title}, share of texts':<33}{listed}")
