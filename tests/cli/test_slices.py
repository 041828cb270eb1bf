from __future__ import annotations

import json
from pathlib import Path

import pytest

from stancebench.corpora.load import load_corpus
from tests.commands import Cli


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of predictions that says none of everything."""
    table = load_corpus("coverage").table
    path = tmp_path_factory.mktemp("said") / "said.csv"
    test = table[table["split"] == "test"]
    test[["sentence_id", "holder", "target"]].assign(stance="none").to_csv(path, index=False)
    return str(path)


def test_a_file_of_predictions_is_sliced(cli: Cli, said: str) -> None:
    result = cli("slices", said, "--by", "bloc", "--by", "counter_prior", "--rounds", "200")
    assert result.code == 0, result.err
    first, method, *rest = result.out.splitlines()
    assert first == "accuracy on slices of coverage@0.1, attributed, official: 980 test judgements"
    assert "200 bootstraps by event" in method
    assert "said.csv" in rest
    assert any(line.split()[:3] == ["counter_prior", "yes", "52"] for line in rest)
    assert any(line.startswith("too few: bloc CHN (20 in 4)") for line in rest)
    assert any(
        line.startswith("missing: counter_prior yes; counter_prior no: a right answer stands in") for line in rest
    )


@pytest.mark.parametrize("form", ["--json", "--csv", "--markdown", "--latex"])
def test_other_forms(cli: Cli, said: str, form: str) -> None:
    result = cli("slices", said, "--by", "target", "--rounds", "200", "--score", "macro_f1", "--cluster", "row", form)
    assert result.code == 0, result.err
    if form == "--json":
        found = json.loads(result.out)
        assert (found["score"], found["bootstrap"]["cluster"], found["bootstrap"]["rounds"]) == ("macro_f1", "row", 200)
    else:
        begin = {"--csv": "system,slicing,name", "--markdown": "macro_f1 on slices", "--latex": "% macro_f1 on slices"}
        assert result.out.startswith(begin[form])


def test_of_an_experiment_a_system_or_its_best(cli: Cli, home: Path) -> None:
    best = cli("slices", "baselines", "--by", "target", "--rounds", "200", "--json")
    assert best.code == 0, best.err
    (system,) = json.loads(best.out)["systems"]
    assert system["name"] == "tfidf_logreg, text+holder, marked"
    chosen = cli("slices", "baselines", "--system", "stacked", "--by", "target", "--rounds", "200", "--json")
    assert [one["name"] for one in json.loads(chosen.out)["systems"]] == ["stacked, text+holder, marked"]
    assert not home.exists() or not any(home.iterdir())


def test_refusals_say_what_to_type(cli: Cli, said: str) -> None:
    for arguments, message in (
        ([], "Type for example `stancebench slices baselines`."),
        (["baselines", said], "'baselines' is an experiment: name it alone"),
        ([said, "--system", "stacked"], "--system chooses among the systems of an experiment"),
        (["baselnes"], "There is no experiment 'baselnes'. Did you mean 'baselines'?"),
        ([said, "--by", "blok"], "There is no slicing 'blok'. Did you mean 'bloc'?"),
        ([said, "--score", "acuracy"], "There is no score of a slice 'acuracy'. Did you mean 'accuracy'?"),
        ([said, "--correction", "hol"], "There is no correction 'hol'. Did you mean 'holm'?"),
        ([said, "--csv", "--json"], "are two forms: type one of them."),
        ([said, "--rounds", "0"], "rounds"),
    ):
        result = cli("slices", *arguments)
        assert result.code == 2, arguments
        assert message in result.message


def test_where_no_slice_can_be_tested_no_correction_is_told(cli: Cli, said: str) -> None:
    out = cli("slices", said, "--by", "contested", "--rounds", "200").out
    assert "; no slice could be tested; nothing is claimed below" in out.splitlines()[1]
