from __future__ import annotations

import dataclasses

import pytest

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.load import load_corpus
from stancebench.errors import UsageError
from stancebench.tasks import INPUTS, TASKS, Task
from tests.corpora.handmade import write_handmade


@pytest.fixture(scope="module")
def handmade(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Six sentences, one with two holders, one without a principal holder."""
    return load_corpus(str(write_handmade(tmp_path_factory.mktemp("corpora") / "handmade")))


def test_the_default_task_gives_the_holder() -> None:
    assert Task() == Task("attributed", "text+holder")


@pytest.mark.parametrize(
    ("task", "columns"),
    [
        (Task("attributed", "text+holder"), ["text", "target", "holder", "bloc"]),
        (Task("attributed", "text"), ["text", "target"]),
        (Task("sentence", "text"), ["text", "target"]),
        (Task("attributed", "masked"), ["text", "target"]),
        (Task("sentence", "masked"), ["text", "target"]),
    ],
)
def test_a_model_is_handed_the_columns_of_the_inputs_and_never_the_answer(
    task: Task, columns: list[str], handmade: Corpus
) -> None:
    assert task.columns == columns
    assert set(columns) <= set(task.rows(handmade).columns)
    assert not {"label", "stance", "explicitness", "split"} & set(columns)


def test_columns_cannot_be_changed_through_what_is_handed_out() -> None:
    Task().columns.append("stance")
    assert Task().columns == list(INPUTS["text+holder"])


@pytest.mark.parametrize("name", ["atributed", "Attributed", "attribute"])
def test_a_misspelt_task_is_refused_with_the_nearest_and_what_to_type(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        Task(name)
    assert str(refused.value) == (
        f"There is no task {name!r}. Did you mean 'attributed'? Allowed: attributed, sentence. "
        "Type `stancebench ls tasks` to see them."
    )


def test_misspelt_inputs_are_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError) as refused:
        Task(inputs="text+holders")
    assert str(refused.value) == (
        "There is no choice of inputs 'text+holders'. Did you mean 'text+holder'? Allowed: masked, text, text+holder. "
        "Type task.inputs=text, task.inputs=text+holder or task.inputs=masked."
    )


def test_the_task_sentence_refuses_the_holder_with_both_ways_out() -> None:
    with pytest.raises(UsageError) as refused:
        Task("sentence")
    assert str(refused.value) == (
        "The task 'sentence' does not give the holder, so inputs 'text+holder' do not fit it. "
        "Type task.inputs=text or task.inputs=masked, or task=attributed."
    )


def test_attributed_asks_every_judgement_in_the_order_of_the_corpus(handmade: Corpus) -> None:
    task = Task()
    assert task.rows(handmade).equals(handmade.table)
    assert task.left_out(handmade) == 0


def test_sentence_asks_the_principal_holder_alone_and_counts_what_has_none(handmade: Corpus) -> None:
    task = Task("sentence", "text")
    rows = task.rows(handmade)
    assert rows[["sentence_id", "holder", "target"]].to_numpy().tolist() == [
        ["s1", "AAA", "moon"],
        ["s1", "AAA", "sun"],
        ["s2", "AAA", "moon"],
        ["s2", "AAA", "sun"],
        ["s3", "BBB", "moon"],
        ["s3", "BBB", "sun"],
        ["s4", "BBB", "moon"],
        ["s4", "BBB", "sun"],
        ["s5", "AAA", "moon"],
        ["s5", "AAA", "sun"],
    ]
    assert list(rows.index) == list(range(10))
    assert task.left_out(handmade) == 1


def test_rows_are_numbered_afresh_wherever_the_left_out_ones_stood(handmade: Corpus) -> None:
    backwards = dataclasses.replace(handmade, table=handmade.table.iloc[::-1].reset_index(drop=True))
    rows = Task("sentence", "text").rows(backwards)
    assert list(rows.index) == list(range(10))
    assert list(rows["sentence_id"].unique()) == ["s5", "s4", "s3", "s2", "s1"]


def test_where_every_sentence_has_one_principal_holder_both_tasks_ask_the_same(synthetic: Corpus) -> None:
    task = Task("sentence", "text")
    assert task.rows(synthetic).equals(synthetic.table)
    assert task.left_out(synthetic) == 0


def test_every_task_can_be_asked_with_the_text_alone() -> None:
    assert [Task(name, "text").name for name in TASKS] == list(TASKS)
