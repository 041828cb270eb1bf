"""Changed sentences are answered beside the test rows, and only the contrast pairs score them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import stancebench
from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from stancebench.errors import RecordError
from stancebench.runs.prepared import Prepared, prepare
from stancebench.tasks import Task
from tests.corpus_files import write_contrasts, write_corpus

TEXT = Task("attributed", "text")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = write_corpus(tmp_path_factory.mktemp("corpora") / "changed")
    write_contrasts(folder, n=40)
    return load_corpus(str(folder))


@pytest.fixture(scope="module")
def plain(corpus: Corpus) -> Corpus:
    """The same corpus without its contrast folder."""
    return replace(corpus, constructed=corpus.constructed.iloc[:0], contrast_pairs=())


def answers(prepared: Prepared, rows: pd.DataFrame) -> pd.DataFrame:
    """What reads the word that carries the stance, and no more."""
    stance = ["favor" if "praised" in t else "against" if "blamed" in t else "none" for t in rows["text"]]
    named = [target.title() in text for target, text in zip(rows["target"], rows["text"], strict=True)]
    return rows[["sentence_id", "holder", "target"]].assign(
        stance=[s if n else "none" for s, n in zip(stance, named, strict=True)]
    )


def test_a_run_answers_them_and_every_other_score_stays(corpus: Corpus, plain: Corpus) -> None:
    with_pairs = stancebench.evaluate("tfidf_svm", corpus, inputs="text", rounds=50)
    without = stancebench.evaluate("tfidf_svm", plain, inputs="text", rounds=50)
    assert len(with_pairs.predictions) == len(without.predictions) + len(corpus.constructed)
    assert len(with_pairs.test) == len(without.test)
    assert with_pairs["f_avg_macro"] == without["f_avg_macro"]
    assert 0 <= with_pairs["contrast_consistency"] <= 1
    assert all(with_pairs.confusion[t].equals(without.confusion[t]) for t in without.confusion)


def test_who_reads_is_consistent_and_who_asks_the_speaker_is_not(corpus: Corpus) -> None:
    prepared = prepare(corpus, TEXT)
    reader = stancebench.score(answers(prepared, prepared.asked), corpus, rounds=50)
    assert reader["contrast_consistency"] == 1
    prior = stancebench.evaluate("holder_prior", corpus, rounds=50)
    assert prior["contrast_consistency"] == 0


def test_predictions_without_them_are_scored_without_that_score(corpus: Corpus) -> None:
    prepared = prepare(corpus, TEXT)
    scored = stancebench.score(answers(prepared, prepared.test), corpus, rounds=50)
    assert scored["f_avg_macro"] == 1
    assert "contrast_consistency" not in set(scored.scores["score"])


def test_half_of_them_are_refused(corpus: Corpus) -> None:
    prepared = prepare(corpus, TEXT)
    with pytest.raises(RecordError, match=r"2 rows are missing: t-\d{4}c/"):
        stancebench.score(answers(prepared, prepared.asked).iloc[:-2], corpus, rounds=50)


def test_systems_are_compared_on_test_rows_alone(corpus: Corpus) -> None:
    prepared = prepare(corpus, TEXT)
    reader = answers(prepared, prepared.asked)
    nobody = reader.iloc[: len(prepared.test)].assign(stance="none")
    found = stancebench.compare({"reader": reader, "nobody": nobody}, corpus=corpus, rounds=50)
    assert len(found.differences) > 0


def test_they_are_part_of_both_keys(corpus: Corpus, plain: Corpus) -> None:
    one, other = prepare(corpus, TEXT), prepare(plain, TEXT)
    assert one.data != other.data
    assert one.gold != other.gold


@pytest.mark.parametrize("protocol", ["cross_target", "cross_holder"])
def test_protocols_of_several_folds_ask_none(corpus: Corpus, protocol: str) -> None:
    assert prepare(corpus, TEXT, protocol).constructed.empty


def test_the_task_sentence_asks_of_their_principal_holders(corpus: Corpus) -> None:
    prepared = prepare(corpus, Task("sentence", "text"))
    assert set(prepared.constructed["principal"]) == {"yes"}
    assert len(prepared.asked) == len(prepared.test) + len(prepared.constructed)
