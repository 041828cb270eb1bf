"""`corpus=table` composes, and becomes the declaration that was typed."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hydra.types import RunMode
from omegaconf import OmegaConf

from stancebench.config.compose import hydra_at, start
from stancebench.config.table_schema import (
    TableColumnsConfig,
    TableCorpusConfig,
    TableFileConfig,
    opened,
    table_source,
)
from stancebench.corpora.table_source import TableColumns, TableFile, TableSource
from stancebench.errors import UsageError
from stancebench.paths import shipped
from tests.commands import Cli

TYPED = ["corpus=table", "corpus.name=mine", "corpus.files=[x.csv]"]


def composed(*overrides: str) -> TableSource:
    start()
    with hydra_at(str(shipped("conf").absolute())) as hydra:
        config = hydra.compose_config("config", opened([*TYPED, *overrides]), RunMode.RUN, with_log_configuration=False)
        corpus: Any = OmegaConf.to_object(config.corpus)
    assert isinstance(corpus, TableCorpusConfig)
    return table_source(corpus)


def test_the_defaults_of_the_config_are_those_of_the_declaration() -> None:
    assert composed() == TableSource(name="mine", files=(TableFile(path="x.csv"),))


@pytest.mark.parametrize(
    ("config", "model"),
    [(TableCorpusConfig, TableSource), (TableColumnsConfig, TableColumns), (TableFileConfig, TableFile)],
)
def test_config_and_declaration_have_the_same_keys(config: Any, model: Any) -> None:
    assert set(config.__dataclass_fields__) == set(model.model_fields)


def test_the_file_of_options_has_every_key() -> None:
    options = yaml.safe_load((shipped("conf") / "corpus" / "table.yaml").read_text(encoding="utf-8"))
    assert set(options) - {"defaults"} == set(TableSource.model_fields)
    assert set(options["columns"]) == set(TableColumns.model_fields)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("corpus.columns.text=tweet", {"columns": {"text": "tweet"}}),
        ("corpus.labels.PRO=favor", {"labels": {"PRO": "favor"}}),
        ("corpus.labels.1=favor", {"labels": {"1": "favor"}}),
        ("corpus.labels={-1: against, pro it: favor}", {"labels": {"-1": "against", "pro it": "favor"}}),
        ("corpus.splits.eval=test", {"splits": {"eval": "test"}}),
        ("corpus.target_names={The Old Pier: pier}", {"target_names": {"The Old Pier": "pier"}}),
        (r"corpus.columns.target_where={kind\=4: other}", {"columns": {"target_where": {"kind=4": "other"}}}),
        ('corpus.delimiter=";"', {"delimiter": ";"}),
        ("corpus.delimiter=tab", {"delimiter": "\t"}),
        (r'corpus.remove="\s*#SemST\s*$"', {"remove": r"\s*#SemST\s*$"}),
        ("corpus.targets=[{id: pier}]", {"targets": ({"id": "pier"},)}),
    ],
)
def test_what_is_typed_is_declared(typed: str, read: dict[str, Any]) -> None:
    declared = composed(typed).model_dump(exclude_defaults=True)
    assert {k: v for k, v in declared.items() if k not in {"name", "files"}} == read


def test_a_file_may_be_a_path_or_a_mapping() -> None:
    source = composed("corpus.files=[a.csv,{path: b.csv, split: test}]")
    assert source.files == (TableFile(path="a.csv"), TableFile(path="b.csv", split="test"))


def test_a_faulty_value_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"corpus\.labels\.1: 'favour' is not what a label can mean"):
        composed("corpus.labels.1=favour")
    with pytest.raises(UsageError, match=r"corpus\.name: a name is needed, got ''\. Type corpus\.name=mine"):
        composed("corpus.name=''")
    with pytest.raises(UsageError, match=r"corpus\.labels: YAML reads true, and also yes.*quotes"):
        table_source(TableCorpusConfig(name="mine", files=["a.csv"], labels={True: "favor"}))


def test_the_command_line_composes_a_table(cli: Cli) -> None:
    result = cli("run", "--cfg", "job", *TYPED, "corpus.columns.text=tweet", "corpus.labels.PRO=favor")
    assert result.code == 0
    job = yaml.safe_load(result.out)
    assert job["corpus"]["columns"]["text"] == "tweet"
    assert job["corpus"]["labels"] == {"PRO": "favor"}
    refused = cli("run", *TYPED, "corpus.columns.tekst=tweet")
    assert refused.code == 2
    assert "no key 'corpus.columns.tekst'" in refused.message
    assert "Did you mean 'corpus.columns.text'" in refused.message
