from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancebench.corpora.corpus import Corpus
from stancebench.errors import RecordError, StancebenchError, UsageError
from stancebench.runs.evaluation import Prepared, prepare, score_predictions
from stancebench.runs.predictions import check_predictions, read_predictions_file
from stancebench.runs.spec import Scoring
from stancebench.scoring import SCORES, Bootstrap, ScoreId
from stancebench.scoring.tally import FALSE_CALLS
from stancebench.tasks import Task

P = ["p_favor", "p_against", "p_none"]
FEW_ROUNDS = Scoring(bootstrap=Bootstrap(rounds=50))

Save = Callable[[str, "str | bytes"], Path]


@pytest.fixture(scope="module")
def prepared(synthetic: Corpus) -> Prepared:
    return prepare(synthetic, Task("attributed", "text"), "official")


@pytest.fixture
def gold(prepared: Prepared) -> pd.DataFrame:
    """Gold as predictions, each stance with probability 0.8."""
    table = prepared.test[["sentence_id", "holder", "target", "stance"]].reset_index(drop=True)
    for column in P:
        table[column] = np.where(table["stance"] == column.removeprefix("p_"), 0.8, 0.1)
    return table


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def refusal(path: Path, form: str | None = None) -> str:
    with pytest.raises(StancebenchError) as caught:
        read_predictions_file(path, form)
    message = str(caught.value)
    assert "\n" not in message
    return message


def faults(predictions: pd.DataFrame, prepared: Prepared) -> str:
    with pytest.raises(RecordError) as caught:
        check_predictions(predictions, prepared, "mine.csv")
    message = str(caught.value)
    assert "\n" not in message
    return message


# Reading


def as_bytes(table: pd.DataFrame, form: str) -> bytes:
    if form == "parquet":
        buffer = io.BytesIO()
        table.to_parquet(buffer, index=False)
        return buffer.getvalue()
    if form == "jsonl":
        return table.to_json(orient="records", lines=True).encode()
    return table.to_csv(index=False, sep="\t" if form == "tsv" else ",").encode()


@pytest.mark.parametrize("form", ["csv", "tsv", "parquet", "jsonl"])
def test_every_format_gives_the_same_predictions(form: str, gold: pd.DataFrame, prepared: Prepared, save: Save) -> None:
    path = save(f"mine.{form}", as_bytes(gold, form))
    pd.testing.assert_frame_equal(
        check_predictions(read_predictions_file(path), prepared), check_predictions(gold, prepared)
    )
    other = save("mine.data", as_bytes(gold, form))
    pd.testing.assert_frame_equal(read_predictions_file(other, form), read_predictions_file(path))


@pytest.mark.parametrize("form", ["csv", "tsv", "parquet", "jsonl"])
def test_empty_probabilities_are_none_given(form: str, gold: pd.DataFrame, prepared: Prepared, save: Save) -> None:
    path = save(f"mine.{form}", as_bytes(gold.assign(**dict.fromkeys(P, np.nan)), form))
    assert check_predictions(read_predictions_file(path), prepared)[P].isna().all(axis=None)


def test_what_a_spreadsheet_saves_is_read(gold: pd.DataFrame, prepared: Prepared, save: Save) -> None:
    text = gold.to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n")
    path = save("mine.csv", b"\xef\xbb\xbf" + text.encode())
    pd.testing.assert_frame_equal(
        check_predictions(read_predictions_file(path), prepared), check_predictions(gold, prepared)
    )


def test_numbers_as_ids_are_strings(save: Save, tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"sentence_id": [7, 8], "holder": ["NA", "null"], "target": ["a", "b"], "stance": ["none"] * 2}
    )
    for form in ("csv", "parquet", "jsonl"):
        read = read_predictions_file(save(f"mine.{form}", as_bytes(table, form)))
        assert read["sentence_id"].tolist() == ["7", "8"]
        assert read["holder"].tolist() == ["NA", "null"]


def test_rows_keep_their_line(save: Save) -> None:
    csv = 'sentence_id,holder,target,stance,note\na,,t,none,"two\nlines"\n\nb,,t,none,\n'
    assert read_predictions_file(save("mine.csv", csv)).index.tolist() == [2, 5]
    lines = '\n{"sentence_id": "a", "target": "t", "stance": "none"}\n'
    assert read_predictions_file(save("mine.jsonl", lines)).index.tolist() == [2]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("mine.xlsx", "x", "ends in '.xlsx', which says no format. Known suffixes: .csv, .tsv, .parquet, .pq, .jsonl"),
        ("mine", "x", "has no suffix"),
        ("mine.csv", " \n", "is empty. A predictions file needs the columns sentence_id, holder, target, stance"),
        ("mine.csv", "sentence_id,holder,target,stance\n", "holds no row: only the names of its columns"),
        ("mine.csv", "a\tb\nc\td\n", "there is no column 'sentence_id'; there is no column 'target'"),
        (
            "mine.csv",
            "sentence_id, holder,Target,stance\na,b,c,none\n",
            "no column 'target' (rename the column 'Target')",
        ),
        ("mine.csv", "sentence_id, holder,Target,stance\na,b,c,none\n", "'holder' (rename the column ' holder')"),
        ("mine.csv", "Sentence ID,target,stance\na,c,none\n", "'sentence_id' (rename the column 'Sentence ID')"),
        ("mine.csv", "sentence_id,target,stanse\na,c,none\n", "'stance' (rename the column 'stanse')"),
        ("mine.csv", "sentence_id,target,stance,P_none\na,c,none,1\n", "'p_none' (rename the column 'P_none')"),
        ("mine.csv", "sentence_id,target,stance,stance\na,c,none,none\n", "the column 'stance' stands there 2 times"),
        (
            "mine.csv",
            "sentence_id\ttarget\tstance\na\tc\tnone\n",
            "separated by tabs, and commas are expected of CSV. Type --format tsv.",
        ),
        ("mine.csv", "sentence_id|target|stance\na|c|none\n", "separated by bars, and commas are expected"),
        (
            "mine.tsv",
            "sentence_id,target,stance\na,c,none\n",
            "separated by commas, and tabs are expected of TSV. Type --format csv.",
        ),
        (
            "mine.csv",
            "sentence_id,target,stance\na,c,none\na,c\n",
            "line 3: 2 values, but the first row names 3 columns",
        ),
        ("mine.csv", "sentence_id,target,stance\na,c,none,1\n", "line 2: 4 values"),
        ("mine.csv", 'sentence_id,target,stance\na,c,"none\n', "line 2: unexpected end of data"),
        ("mine.csv", b"sentence_id,target,stance\na,c\xe9,none\n", "line 2: byte 0xe9 is not UTF-8"),
        ("mine.csv", "sentence_id,target,stance\n".encode("utf-16"), "is UTF-16, as Excel saves `Unicode Text`"),
        ("mine.jsonl", '{"sentence_id": "a"}\n{"sentence_id": \n', "line 2 is not JSON: "),
        ("mine.jsonl", "[1]\n", "line 1: an object with the keys sentence_id, holder, target, stance is expected"),
        ("mine.jsonl", '{"sentence_id": "a", "target": "t"}\n', "there is no column 'stance'"),
        ("mine.parquet", "sentence_id,target,stance\na,c,none\n", "is no Parquet file"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, content: str | bytes, told: str, save: Save) -> None:
    assert told in refusal(save(name, content))


def test_a_file_that_is_missing_names_the_nearest(save: Save, tmp_path: Path) -> None:
    save("predictions.csv", "x")
    message = refusal(tmp_path / "prediction.csv")
    assert message.startswith("There is no predictions file")
    assert "predictions.csv'?" in message
    assert "There is no predictions file" in refusal(tmp_path / "no" / "x.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    assert "is a folder. Type the path of one predictions file in it." in refusal(tmp_path / "x.csv")


def test_an_unknown_format_is_refused(save: Save) -> None:
    path = save("mine.csv", "x")
    with pytest.raises(UsageError, match=r"There is no format 'jsnl'\. Did you mean 'jsonl'"):
        read_predictions_file(path, "jsnl")


# Checking


@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_count(synthetic: Corpus, seed: int) -> None:
    prepared = prepare(synthetic, Task("attributed", "text"), "official")
    predictions = prepared.test[["sentence_id", "holder", "target"]].assign(
        stance=np.random.default_rng(0).choice(["favor", "against", "none"], len(prepared.test))
    )
    shuffled = predictions.sample(frac=1, random_state=seed)
    one, other = (check_predictions(table, prepared) for table in (predictions, shuffled))
    pd.testing.assert_frame_equal(one, other)
    assert score_predictions(prepared, one, FEW_ROUNDS) == score_predictions(prepared, other, FEW_ROUNDS)


def test_gold_as_predictions_is_always_right(gold: pd.DataFrame, prepared: Prepared) -> None:
    scored = score_predictions(prepared, check_predictions(gold, prepared), FEW_ROUNDS)
    found = {which: value.value for which, value in scored.values.items()}
    gain = found.pop(ScoreId("gain_over_holder_prior"))
    assert gain is not None
    assert gain > 0
    assert found[ScoreId("log_loss")] == pytest.approx(-np.log(0.8))
    assert found[ScoreId("brier")] == pytest.approx(0.2**2 + 2 * 0.1**2)
    assert found[ScoreId("aurc")] == 0
    found = {which: value for which, value in found.items() if SCORES[which.score].basis == "counts"}
    false = {value for which, value in found.items() if which.score in FALSE_CALLS}
    assert false == {0.0}
    assert {value for which, value in found.items() if which.score not in FALSE_CALLS} == {1.0}


def test_missing_rows_are_counted_and_named(gold: pd.DataFrame, prepared: Prepared) -> None:
    message = faults(gold.iloc[7:], prepared)
    first = "/".join(gold.iloc[0][["sentence_id", "holder", "target"]].tolist())
    assert f"7 rows are missing: {first}, " in message
    assert "and 2 more." in message
    assert message.startswith("mine.csv cannot be scored on the 200 test rows of synthetic@0.1, task attributed, ")
    assert "1 row is missing" in faults(gold.iloc[1:], prepared)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("sentence_id", "t-00005", "(no sentence 't-00005', nearest 't-0005')"),
        ("sentence_id", " t-0005", "(no sentence ' t-0005', nearest 't-0005')"),
        ("sentence_id", "t-0000", "(the sentence is in train and not in test)"),
        ("target", "Sun", "(no target 'Sun', nearest 'sun')"),
        ("holder", "aaa", "(no holder 'aaa'"),
    ],
)
def test_foreign_rows_name_what_is_near(
    column: str, value: str, told: str, gold: pd.DataFrame, prepared: Prepared
) -> None:
    gold.loc[0, column] = value
    message = faults(gold, prepared)
    assert "1 row is not among the test rows: " in message
    assert "1 row is missing: " in message
    assert told in message


def test_a_holder_that_another_sentence_has_is_told_who_has_this_one(gold: pd.DataFrame, prepared: Prepared) -> None:
    holder = str(gold["holder"].iloc[0])
    gold.loc[0, "holder"] = "XYZ"
    assert f"this sentence has {holder})" in faults(gold, prepared)


def test_repeated_rows_name_their_lines(gold: pd.DataFrame, prepared: Prepared, save: Save) -> None:
    path = save("mine.csv", pd.concat([gold, gold.head(1), gold.head(1)]).to_csv(index=False))
    key = "/".join(str(gold.iloc[0][c]) for c in ("sentence_id", "holder", "target"))
    assert f"1 row is given more than once: {key} (line 2, line 202, line 203)." in faults(
        read_predictions_file(path), prepared
    )


def test_unknown_stances_are_counted(gold: pd.DataFrame, prepared: Prepared) -> None:
    gold.loc[0:2, "stance"] = "Favor"
    gold.loc[3:4, "stance"] = "neutral"
    gold.loc[5, "stance"] = "absent"
    gold.loc[6, "stance"] = ""
    message = faults(gold, prepared)
    assert "Unknown stances: 'Favor' in 3, nearest 'favor'; 'neutral' in 2; 'absent' in 1; empty in 1." in message
    assert "Allowed: against, favor, none, unknown." in message
    assert "neutral and absent are labels and not stances" in message
    assert "so type none." in message


def test_unknown_is_allowed_and_never_right(gold: pd.DataFrame, prepared: Prepared) -> None:
    checked = check_predictions(gold[["sentence_id", "holder", "target"]].assign(stance="unknown"), prepared)
    scored = score_predictions(prepared, checked, FEW_ROUNDS)
    assert {v.value for which, v in scored.values.items() if which.score in ("accuracy", "recall")} == {0.0}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["x", 0.1, 0.1], "Probabilities that are no numbers: p_favor 'x' on line 4."),
        (["inf", 0.1, 0.1], "Probabilities that are no numbers: p_favor 'inf' on line 4."),
        ([-0.1, 0.6, 0.5], "Probabilities under 0 or over 1: line 4."),
        ([1.5, -0.5, 0.0], "Probabilities under 0 or over 1: line 4."),
        ([0.5, 0.5, 0.5], "Probabilities that do not sum to 1 within 0.001: line 4 (1.5)."),
        (["", "", ""], "Probabilities are empty in line 4: fill every row or none."),
        (["", 0.5, 0.5], "Probabilities are empty in line 4: fill every row or none."),
    ],
)
def test_bad_probabilities_are_told(
    row: list[object], told: str, gold: pd.DataFrame, prepared: Prepared, save: Save
) -> None:
    for column, value in zip(P, row, strict=True):
        gold[column] = [*gold[column].tolist()[:2], value, *gold[column].tolist()[3:]]
    message = faults(read_predictions_file(save("mine.csv", gold.to_csv(index=False))), prepared)
    assert message.endswith(told)
    assert message.count("Probabilities") == 1


def test_probabilities_may_be_rounded(gold: pd.DataFrame, prepared: Prepared) -> None:
    gold[P] = [0.3335, 0.3335, 0.3335]
    assert check_predictions(gold, prepared)[P].sum(axis=1).max() > 1


def test_two_of_three_probabilities_are_refused(gold: pd.DataFrame, prepared: Prepared) -> None:
    message = faults(gold.drop(columns="p_none"), prepared)
    assert "There is p_favor, p_against without p_none: give all three or none." in message


def test_a_less_probable_stance_is_a_warning(gold: pd.DataFrame, prepared: Prepared) -> None:
    favor = gold.index[gold["stance"] == "favor"][:3]
    gold.loc[favor, "stance"] = "against"
    with pytest.warns(UserWarning, match="in 3 of 200 rows the stance is not the most probable one"):
        check_predictions(gold, prepared)


def test_other_columns_are_named_in_a_warning(gold: pd.DataFrame, prepared: Prepared) -> None:
    with pytest.warns(UserWarning, match=r"columns that are not read: 'note', 'seeds' \(did you mean 'seed'\?\)"):
        check_predictions(gold.assign(note="", seeds=1), prepared)


def test_a_column_of_one_s_own_is_no_misspelling(gold: pd.DataFrame, prepared: Prepared) -> None:
    with pytest.warns(UserWarning, match=r"^columns that are not read: 'note', 'pfavor' \(did you mean 'p_favor'\?\)$"):
        check_predictions(gold.drop(columns=P, errors="ignore").assign(note="", pfavor=1), prepared)


def test_known_extra_columns_are_checked(gold: pd.DataFrame, prepared: Prepared) -> None:
    fits: dict[str, Any] = {
        "corpus": "synthetic",
        "task": "attributed",
        "protocol": "official",
        "fold": "official",
        "seed": 3,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_predictions(gold.assign(**fits), prepared)
    message = faults(gold.assign(corpus="coverage", task="sentence", seed=range(len(gold))), prepared)
    assert (
        "The column corpus says 'coverage' in 200 of 200 rows, and 'synthetic' or 'synthetic@0.1' is scored." in message
    )
    assert "or type --corpus." in message
    assert "The column task says 'sentence' in 200 of 200 rows, and 'attributed' is scored." in message
    assert "The column seed holds 200 values (0, 1, 10, 100, 101 and 195 more): score one at a time." in message


def test_everything_wrong_is_told_at_once(gold: pd.DataFrame, prepared: Prepared) -> None:
    gold.loc[0, "sentence_id"] = "x"
    gold.loc[1, "stance"] = "pro"
    gold.loc[2, "p_none"] = 7
    message = faults(pd.concat([gold, gold.tail(1)], ignore_index=True).assign(task="sentence"), prepared)
    for part in ("is missing", "not among", "more than once", "Unknown stances", "over 1", "The column task"):
        assert part in message


def test_missing_columns_of_a_table_are_named(gold: pd.DataFrame, prepared: Prepared) -> None:
    with pytest.raises(RecordError, match=r"there is no column 'stance'\. Known columns: sentence_id, holder"):
        check_predictions(gold.drop(columns="stance"), prepared)
    assert "There is no column 'holder', and this task asks for" in faults(gold.drop(columns="holder"), prepared)


def test_the_principal_holder_need_not_be_given(synthetic: Corpus) -> None:
    prepared = prepare(synthetic, Task("sentence", "text"), "official")
    full = prepared.test[["sentence_id", "holder", "target", "stance"]]
    expected = check_predictions(full, prepared)
    pd.testing.assert_frame_equal(check_predictions(full.drop(columns="holder"), prepared), expected)
    pd.testing.assert_frame_equal(check_predictions(full.assign(holder=""), prepared), expected)
    wrong = full.assign(holder="ZZZ")
    with pytest.raises(RecordError, match="no holder 'ZZZ'"):
        check_predictions(wrong, prepared)


def test_a_corpus_without_holders_needs_none(synthetic: Corpus) -> None:
    table = synthetic.table.assign(holder="", bloc="")
    prepared = prepare(replace(synthetic, table=table), Task("attributed", "text"), "official")
    full = prepared.test[["sentence_id", "target", "stance"]]
    assert len(check_predictions(full, prepared)) == len(full)


def test_json_lines_may_leave_keys_out(gold: pd.DataFrame, prepared: Prepared, save: Save) -> None:
    rows = gold.to_dict(orient="records")
    del rows[3]["stance"]
    path = save("mine.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert "Unknown stances: empty in 1." in faults(read_predictions_file(path), prepared)
