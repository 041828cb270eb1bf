from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from stancebench import evaluate, load_table, score
from stancebench.corpora.table_source import TableSource
from stancebench.errors import CorpusError, StancebenchError, UsageError

WORDS = {1: "praised", 0: "mentioned", -1: "blamed"}
MEANING = {1: "favor", 0: "none", -1: "against"}


def tweets(n: int = 120) -> pd.DataFrame:
    """Return rows as somebody keeps them: numbers for labels, a column that means nothing here, an odd index."""
    label = [(1, 0, -1)[i % 3] for i in range(n)]
    topic = ["pier" if i % 2 else "market" for i in range(n)]
    # No two texts may be near-duplicates: each has words of its own.
    own = [" ".join(f"w{i}{c}" for c in "abcdef") for i in range(n)]
    text = [f"{some} {WORDS[y]} the {t}" for some, y, t in zip(own, label, topic, strict=True)]
    frame = pd.DataFrame({"tweet": text, "topic": topic, "y": label, "likes": range(n)})
    return frame.set_index(frame.index + 1000)


def test_a_data_frame_goes_all_the_way() -> None:
    corpus = load_table(tweets(), text="tweet", target="topic", stance="y", labels=MEANING, name="tweets")
    assert repr(corpus) == "<Corpus tweets@1: 120 sentences, 120 judgements, targets market, pier>"
    estimator = make_pipeline(make_column_transformer((TfidfVectorizer(), "text")), LogisticRegression())
    result = evaluate(estimator, corpus, protocol="cross_validated", rounds=100)
    assert result["accuracy"] > 0.9
    assert (result.inputs, result.cluster, len(result.test)) == ("text", "sentence", 120)
    again = score(result.predictions, corpus, protocol="cross_validated", rounds=100)
    pd.testing.assert_frame_equal(again.scores, result.scores)
    assert evaluate("tfidf_svm", corpus, protocol="cross_validated", rounds=100)["accuracy"] > 0.9


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet"])
def test_a_file_and_its_data_frame_are_one_corpus(tmp_path: Path, suffix: str) -> None:
    frame = tweets().assign(y=lambda t: t["y"].map({1: "PRO", 0: "NONE", -1: "CON"}))
    path = tmp_path / f"mine.{suffix}"
    write: dict[str, Any] = {
        "csv": lambda: frame.to_csv(path, index=False),
        "tsv": lambda: frame.to_csv(path, index=False, sep="\t"),
        "jsonl": lambda: frame.to_json(path, orient="records", lines=True),
        "parquet": lambda: frame.to_parquet(path),
    }
    write[suffix]()
    how: dict[str, Any] = {
        "text": "tweet",
        "target": "topic",
        "stance": "y",
        "labels": {"PRO": "favor", "CON": "against"},
    }
    from_file, from_frame = load_table(path, **how), load_table(frame.sample(frac=1, random_state=0), **how)
    assert from_file.content_hash == from_frame.content_hash
    assert (from_file.name, from_frame.name) == ("mine", "table")
    pd.testing.assert_frame_equal(from_file.table, from_frame.table)


def test_null_cells_are_empty_ones() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a b", "c d"],
            "target": "t",
            "stance": ["favor", "against"],
            "who": ["X", None],
            "day": [pd.NaT, None],
        }
    )
    corpus = load_table(frame, holder="who", date="day")
    assert sorted(corpus.table["holder"]) == ["", "X"]
    assert set(corpus.table["date"]) == {""}


def test_dates_and_categories_are_read_as_text() -> None:
    days = pd.to_datetime(["2024-01-02", "2024-01-03"])
    frame = pd.DataFrame({"text": ["a", "b"], "stance": pd.Categorical(["favor", "none"]), "day": days})
    corpus = load_table(frame, date="day", one_target="pier", targets=[{"id": "pier", "explicit": ["pier", "jetty"]}])
    assert set(corpus.table["date"]) == {"2024-01-02", "2024-01-03"}
    assert corpus.targets[0].explicit == ("pier", "jetty")


@pytest.mark.parametrize(
    ("change", "how", "told"),
    [
        ({}, {"text": "twet"}, "DataFrame has no column 'twet'. Did you mean 'tweet'?"),
        ({}, {"labels": {}}, "DataFrame row 1000, column y: 3 words are not known: '-1' (40, first on row 1002), "),
        ({"tweet": ""}, {}, "DataFrame row 1000, column tweet: the text is empty (119 more)."),
        (
            {},
            {"targets": ["pier"]},
            "DataFrame row 1000, column topic: not declared: 'market' (60, first on row 1000).",
        ),
    ],
)
def test_faults_name_the_row_of_the_frame(change: dict[str, Any], how: dict[str, Any], told: str) -> None:
    called: dict[str, Any] = {"text": "tweet", "target": "topic", "stance": "y", "labels": MEANING, **how}
    with pytest.raises(CorpusError) as e:
        load_table(tweets().assign(**change), **called)
    assert str(e.value).startswith(told)


def test_a_frame_without_rows_is_refused() -> None:
    with pytest.raises(CorpusError, match=r"^DataFrame holds no row\.$"):
        load_table(tweets().head(0), text="tweet", target="topic", stance="y")


def test_a_value_that_is_not_allowed_is_told() -> None:
    with pytest.raises(UsageError, match="Did you mean 'favor'"):
        load_table(tweets(), text="tweet", target="topic", stance="y", labels={1: "favour"})


def test_a_whole_declaration_stands_alone(tmp_path: Path) -> None:
    frame = tweets().rename(columns={"tweet": "text", "topic": "target"}).assign(stance="favor")
    frame.to_csv(tmp_path / "mine.csv", index=False)
    source = TableSource(name="mine", folder=str(tmp_path), files=("mine.csv",), title="Mine")
    assert load_table(source).titles["title"] == "Mine"
    with pytest.raises(UsageError, match=r"and remove is given beside it"):
        load_table(source, remove="#x")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("text,target,stance\n")
    with pytest.raises(CorpusError, match=r"Did you mean 'mine\.csv'"):
        load_table(tmp_path / "mime.csv")


@pytest.mark.parametrize(
    ("content", "how", "told"),
    [
        (
            "text,target,stance\na,b,PRO\nc,b,CON\nd,b,no way!\n",
            {},
            """Type labels={"CON": "STANCE", "PRO": "STANCE", "no way!": "STANCE"} with""",
        ),
        ("text,target,stance\na,b,-1\n", {}, """Type labels={"-1": "STANCE"} with"""),
        ("text,target,stance\nna\xefve,b,none\n", {}, """say how it was saved: encoding="cp1252"."""),
        ("text;target;stance\na;b;none\n", {}, """semicolons in it. Type delimiter=";"."""),
        ("text\ttarget\tstance\na\tb\tnone\n", {}, """tabs in it. Type delimiter="tab"."""),
        ("txt,target,stance\na,b,none\n", {}, "Say which column is which: text=..., target=..., stance=..."),
        ('text,target,stance\n"a,b,none\n', {}, "or type quoting=False if quotes are ordinary"),
        (
            "text,target,stance\na,b,none\na,b,favor\n",
            {},
            """(id="COLUMN"), or keep somebody's published file as it is (published_split=True)""",
        ),
        ("", {"format": "xls"}, "format: Input should be"),
        ("", {"format": "xls"}, "See help(stancebench.load_table)."),
        ("", {"targets": [{"id": "b", "nam": "B"}]}, "There is no key 'targets.0.nam'"),
    ],
)
def test_messages_say_what_to_write_in_python(tmp_path: Path, content: str, how: dict[str, Any], told: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content.encode("cp1252"))
    with pytest.raises(StancebenchError) as e:
        load_table(path, **how)
    message = str(e.value)
    assert told in message
    assert "corpus." not in message


def test_what_a_message_tells_to_write_works(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes("text;target;stance\nna\xefve;b;-1\n".encode("cp1252"))
    corpus = load_table(path, delimiter=";", encoding="cp1252", labels={"-1": "favor"})
    assert corpus.table["text"].tolist() == ["na\xefve"]
