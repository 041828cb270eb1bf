from __future__ import annotations

from pathlib import Path

import pytest

from stancebench.paths import shown
from tests.commands import Cli


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["model=tfidf_svn"], ["no model 'tfidf_svn'", "Did you mean 'tfidf_svm'", "holder_prior", "ls models"]),
        (["modle=tfidf_svm"], ["no key 'modle'", "Did you mean 'model'", "Allowed: corpus, model", "--cfg job"]),
        (["model.c=2"], ["no key 'model.c'", "Did you mean 'model.C'", "balanced"]),
        (["model.C=abc"], ["model.C", "'abc'", "Float"]),
        (["seed=abc"], ["seed", "'abc'", "Integer"]),
        (["+unknown=1"], ["'+unknown=1' would add a key", "every key is declared"]),
        (["+modl=1"], ["'+modl=1' would add a key", "Did you mean 'model'"]),
        (["~model"], ["'~model' would remove a key"]),
        (["model.conditioning.name=x"], ["model.conditioning.name", "'x'", "per_target, crossed, marked"]),
        (["model/conditioning=crosed"], ["no model/conditioning 'crosed'", "Did you mean 'crossed'", "marked"]),
        (["model=majority", "model/conditioning=marked"], ["'model/conditioning' cannot be chosen here"]),
        (["experiment=baselinse"], ["no experiment 'baselinse'", "Did you mean 'baselines'", "ls experiments"]),
        (["task=atributed"], ["no task 'atributed'", "Did you mean 'attributed'", "sentence", "ls tasks"]),
        (["task.name=atributed"], ["no task 'atributed'", "Did you mean 'attributed'"]),
        (["task.inputs=txt"], ["no choice of inputs 'txt'", "Did you mean 'text'", "text+holder"]),
        (["task=sentence", "task.inputs=text+holder"], ["does not give the holder", "task.inputs=text"]),
        (["protocol=oficial"], ["no protocol 'oficial'", "Did you mean 'official'", "ls protocols"]),
        (["protocol.name=oficial"], ["no protocol 'oficial'", "Did you mean 'official'"]),
        (["corpus=covrage"], ["no corpus 'covrage'", "Did you mean 'coverage'", "ls corpora", "corpus.name=PATH"]),
        (["corpus.name=covrage"], ["no corpus 'covrage'", "Did you mean 'coverage'"]),
        (["scoring.mode=strickt"], ["scoring.mode", "'strickt'", "strict, semeval"]),
        (["scoring.level=2"], ["level must lie between 0 and 1, got 2.0"]),
        (["scoring.rounds=0"], ["rounds must be at least 1, got 0"]),
        (["model.word_ngrams=[2,1]"], ["model.word_ngrams", "1 <= shortest <= longest", "[2, 1]"]),
        (["model.char_ngrams=[1,2,3]"], ["model.char_ngrams", "two numbers", "[1, 2, 3]"]),
        (["model.word_ngrams=[]", "model.char_ngrams=[]"], ["are both []", "Set one of them"]),
        (["model.C=-1"], ["model.C", "greater than 0", "got -1.0"]),
        (["model.min_df=0"], ["model.min_df", "greater than 0", "got 0"]),
        (["tracking=mlfow"], ["no tracking 'mlfow'", "Did you mean 'mlflow'"]),
        (["tracking.name=mlfow"], ["no tracking 'mlfow'", "none"]),
        (
            ["model=majority,stratified"],
            ["'model=majority,stratified' has several values", "run -m model=majority,stratified tracking=none`"],
        ),
        (["--model", "tfidf_svm"], ["no flag '--model'", "key=value, without dashes", "run --help"]),
        (["-m", "experiment=baselines,other"], ["one experiment at a time", "run experiment=baselines; "]),
        (["experiment=baselines", "model=majority"], ["cannot be chosen here", "every run of it"]),
        (["a b"], ["Cannot read 'a b'", "Write key=value"]),
        (["-m", "model.C=1,x"], ["model.C", "'x'", "Float"]),
        (["-m", "model=majority,tfidf_svn"], ["no model 'tfidf_svn'", "Did you mean 'tfidf_svm'"]),
        (["-m", "model=majority,holder_prior", "table.columns=[f_avg.uss]"], ["no target 'uss'", "Did you mean 'us'"]),
        (
            ["-m", "model=majority,holder_prior", "table.columns=[f_avgg]"],
            ["no score 'f_avgg'", "Did you mean 'f_avg'"],
        ),
    ],
)
def test_a_mistyped_run_gets_one_message(cli: Cli, arguments: list[str], told: list[str]) -> None:
    tracking = [] if any("tracking" in a for a in arguments) else ["tracking=none"]
    result = cli("run", *arguments, *tracking)
    assert result.code == 2
    assert result.message.startswith("stancebench: ")
    for part in told:
        assert part in result.message


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["model.C=1,2", "corpus.name=my corpus"],
            (
                "'model.C=1,2' has several values: a sweep needs -m. "
                "Type `stancebench run -m model.C=1,2 'corpus.name=my corpus'`."
            ),
        ),
        (
            ["corpus=table", "corpus.labels.PRO=favor,none"],
            (
                "'corpus.labels.PRO=favor,none' has several values: a sweep needs -m. "
                "Type `stancebench run -m corpus=table corpus.labels.PRO=favor,none`."
            ),
        ),
        (
            ["corpus=table", "corpus.labels={up;: favor}"],
            (
                "Cannot read 'corpus.labels={up;: favor}'. In [] and {}, a value that is more than plain words goes in "
                "double quotes; a key of {} takes none, but a backslash before each comma, colon, = and bracket. "
                "Type `stancebench run --cfg job` to see every key."
            ),
        ),
        (
            ["corpus=table", "corpus.files=my.jsonl"],
            (
                "corpus.files: Invalid value assigned: str is not a ListConfig, list or tuple. "
                "It is a list: type 'corpus.files=[my.jsonl]'."
            ),
        ),
        (
            ["corpus=table", "corpus.delimiter=;"],
            "Cannot read 'corpus.delimiter=;': its value must be quoted. Type 'corpus.delimiter=\";\"'.",
        ),
        (
            ["inputs=masked"],
            (
                "There is no key 'inputs'. Did you mean 'task.inputs'? Type task.inputs=masked. "
                "Type `stancebench run --cfg job` to see every key."
            ),
        ),
        (
            ["C=2"],
            (
                "There is no key 'C'. Did you mean 'model.C'? Type model.C=2. "
                "Type `stancebench run --cfg job` to see every key."
            ),
        ),
        (
            ["conditioning=marked"],
            (
                "There is no key 'conditioning'. Did you mean 'model/conditioning'? Type model/conditioning=marked. "
                "Type `stancebench run --cfg job` to see every key."
            ),
        ),
        (
            ["model.conditioning=marked"],
            (
                "model.conditioning: Invalid type assigned: str is not a subclass of ConditioningConfig. "
                "value: marked. It is a choice: type model/conditioning=marked."
            ),
        ),
        (
            ["model=majority", "model.conditioning=marked"],
            (
                "There is no key 'model.conditioning' in the model chosen. What has it: model=complement_nb, "
                "model=nearest_centroid, model=presence_svm, model=stacked, model=tfidf_logreg, model=tfidf_svm. "
                "Type for example model=tfidf_svm model/conditioning=marked."
            ),
        ),
        (
            ["protocol.k=3"],
            (
                "There is no key 'protocol.k' in the protocol chosen. What has it: protocol=few_shot. "
                "Type protocol=few_shot protocol.k=3."
            ),
        ),
        (
            ["corpus.columns.text=tweet"],
            (
                "There is no key 'corpus.columns.text' in the corpus chosen. What has it: corpus=table. "
                "Type corpus=table corpus.columns.text=tweet."
            ),
        ),
        (
            ["corpus.labels={PRO: favor}"],
            (
                "There is no key 'corpus.labels' in the corpus chosen. What has it: corpus=table. "
                "Type corpus=table beside it."
            ),
        ),
        (
            ["experiment=baselines", "model.C=2"],
            (
                "There is no key 'model.C' in some model of the experiment, and what is typed beside an experiment "
                "holds for every run of it. What has it: model=copy_other_target, model=presence_svm, model=stacked, "
                "model=tfidf_logreg, model=tfidf_svm. Type `stancebench run --cfg job` to see every key."
            ),
        ),
        (
            ["protocol=few_shot", "protocol.draw=0-9"],
            (
                "protocol.draw: Value '0-9' of type 'str' could not be converted to Integer. "
                "For several values type `stancebench run -m protocol=few_shot 'protocol.draw=range(10)'`."
            ),
        ),
    ],
)
def test_a_refusal_says_what_to_type(cli: Cli, arguments: list[str], told: str) -> None:
    result = cli("run", *arguments)
    assert result.code == 2
    assert result.message == f"stancebench: {told}"


def test_hydra_s_own_keys_may_be_added_to(cli: Cli) -> None:
    assert cli("run", "model=majority", "tracking=none", "+hydra.job.env_set.X=1").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["frobnicate"], ["no command 'frobnicate'", "Allowed: audit, check, ", "--help"]),
        (["tabel"], ["no command 'tabel'", "Did you mean 'table'"]),
        (["corpus", "chek"], ["no command 'corpus chek'", "Did you mean 'corpus check'"]),
        (["ls", "modls"], ["no list of 'modls'", "Did you mean 'models'"]),
        (["table", "baselinse"], ["no experiment 'baselinse'", "Did you mean 'baselines'"]),
        (["corpus", "check", "covrage"], ["no corpus 'covrage'", "Did you mean 'coverage'"]),
        (["corpus", "show", "coverage", "cov-001"], ["no sentence 'cov-001'", "and 363 more"]),
    ],
)
def test_a_mistyped_command_gets_one_message(cli: Cli, arguments: list[str], told: list[str]) -> None:
    result = cli(*arguments)
    assert result.code == 2
    for part in told:
        assert part in result.message


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["ls"],
            (
                "Say what to list: corpora, tasks, protocols, models, experiments, runs. "
                "Type for example `stancebench ls models`."
            ),
        ),
        (
            ["table"],
            (
                "Say of which experiment: baselines, protocols, semeval2016, tweeteval, vast. "
                "Type for example `stancebench table baselines`."
            ),
        ),
        (["table", "baselines", "--csv", "--json"], "--json and --csv are two forms: type one of them."),
        (
            ["table", "baselines", "--csv", "--json", "--markdown"],
            "--json, --csv and --markdown are three forms: type one of them.",
        ),
        (
            ["corpus", "check", "vast_zero"],
            (
                "The corpus 'vast_zero' is a declared table, and this is for corpus folders: coverage, coverage@0.1. "
                "Type `stancebench run corpus=vast_zero`, or --corpus vast_zero with `stancebench score`."
            ),
        ),
        (
            ["corpus", "check", "vast_zer"],
            (
                "There is no corpus 'vast_zer'. Did you mean 'vast_zero'? "
                "Allowed: coverage, coverage@0.1, semeval2016_a, semeval2016_b, tweeteval_stance, vast_zero. "
                "Type `stancebench ls corpora` to see them. A folder of your own is given by its path: "
                "corpus.name=PATH, or `stancebench corpus check PATH`."
            ),
        ),
    ],
)
def test_a_command_without_its_choice_says_what_there_is(cli: Cli, arguments: list[str], told: str) -> None:
    result = cli(*arguments)
    assert result.code == 2
    assert result.message == f"stancebench: {told}"


def test_show_without_a_key_names_the_newest_runs(cli: Cli, home: Path, synthetic_template: Path) -> None:
    assert cli("show").message == (
        f"stancebench: No runs in {shown(home)} to show. Type `stancebench run experiment=baselines`."
    )
    assert cli("run", f"corpus.name={synthetic_template}", "model=majority", "tracking=none").code == 0
    (path,) = (home / "records").glob("*.json")
    key = path.stem[:12]
    result = cli("show")
    assert result.code == 2
    assert result.message == (
        f"stancebench: Say which run to show, by its key; the newest are {key} (majority). "
        f"Type `stancebench show {key}`, or `stancebench ls runs` to see all."
    )


def test_an_unknown_option_is_a_usage_error(cli: Cli) -> None:
    result = cli("ls", "models", "--jsn")
    assert result.code == 2
    assert "--jsn" in result.err
    assert "Traceback" not in result.err


def test_a_faulty_corpus_is_refused(cli: Cli, corpus_dir: Path) -> None:
    judgements = corpus_dir / "judgements.csv"
    judgements.write_text(judgements.read_text().replace(",favor,", ",favour,", 1))
    result = cli("run", f"corpus.name={corpus_dir}", "model=majority", "tracking=none")
    assert result.code == 1
    assert "judgements.csv has changed" in result.message
    assert "corpus check" in result.message


def test_a_leaking_split_fails_the_run(cli: Cli, corpus_dir: Path) -> None:
    sentences = corpus_dir / "sentences.jsonl"
    # Sentences 0 (train) and 5 (test) become one event.
    sentences.write_text(sentences.read_text().replace('"e0005"', '"e0000"'))
    assert cli("corpus", "check", str(corpus_dir), "--write").code == 1
    result = cli("run", f"corpus.name={corpus_dir}", "model=majority", "tracking=none")
    assert result.code == 1
    assert "t-0000 (train)" in result.message
    assert "t-0005 (test)" in result.message
    assert "share the event 'e0000'" in result.message


def test_a_bug_keeps_its_traceback(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("stancebench.cli.listing.THINGS", {"models": broken})
    with pytest.raises(ZeroDivisionError, match="a bug"):
        cli("ls", "models")
