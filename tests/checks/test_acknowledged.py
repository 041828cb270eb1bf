from __future__ import annotations

from pathlib import Path

import pytest

from stancebench.checks.acknowledged import Acknowledgement, acknowledge, read_acknowledgements
from stancebench.checks.check import RULES
from stancebench.errors import UsageError

MODELS = {"svm, text": "svm", "svm, masked": "svm", "majority": "majority"}
FOUND = [
    RULES["SB006"].warning("never predicts favor", {}, "svm, text"),
    RULES["SB006"].warning("never predicts favor", {}, "majority"),
    RULES["SB009"].declined("nothing is here"),
]


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> str:
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("stancebench.checks.acknowledged.shipped", lambda _: folder)
    return "mine"


@pytest.mark.parametrize(("system", "known"), [("", [0, 1]), ("svm", [0]), ("svm, text", [0]), ("majority", [1])])
def test_a_code_a_model_or_one_system_is_acknowledged(system: str, known: list[int]) -> None:
    checks = acknowledge(FOUND, [Acknowledgement("SB006", "known", system)], MODELS)
    assert [i for i, check in enumerate(checks) if check.acknowledged == "known"] == known
    assert [check.open for check in checks] == [i not in known and i < 2 for i in range(3)]


@pytest.mark.parametrize(
    ("system", "told"),
    [
        ("svm, masked", "SB006 of svm, masked is acknowledged and not found"),
        ("svn", "SB006 of svn is acknowledged and not found: there is no system 'svn', did you mean 'svm'?"),
    ],
)
def test_what_is_not_found_is_told(system: str, told: str) -> None:
    *_, unused = acknowledge(FOUND, [Acknowledgement("SB006", "known", system)], MODELS)
    assert (unused.code, unused.told) == ("SB014", told)


def test_a_declined_check_may_be_acknowledged() -> None:
    assert acknowledge(FOUND, [Acknowledgement("SB009", "known")], MODELS) == tuple(FOUND)


def test_an_experiment_acknowledges_nothing_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_acknowledgements(written(tmp_path, monkeypatch, "table: {title: Mine}\n")) == ()


def test_an_acknowledgement_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = written(tmp_path, monkeypatch, "acknowledged:\n  - {code: SB006, system: svm, reason: ' so it is '}\n")
    assert read_acknowledgements(name) == (Acknowledgement("SB006", "so it is", "svm"),)


def test_one_reason_may_hold_for_several_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = written(tmp_path, monkeypatch, "acknowledged:\n  - {code: SB006, system: [svm, majority], reason: so}\n")
    assert [one.system for one in read_acknowledgements(name)] == ["svm", "majority"]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{code: SB006}", "experiments/mine.yaml, acknowledged[0]: SB006 is acknowledged without a reason."),
        ("{code: SB006, reason: ' '}", "is acknowledged without a reason. Write `reason:` and why it stays."),
        ("{code: SB066, reason: so}", "There is no check 'SB066'. Did you mean 'SB006'? Allowed: SB0"),
        ("{reason: so}", "There is no check ''."),
        ("{code: SB006, resaon: so}", "There is no key 'experiments/mine.yaml, acknowledged[0].resaon'."),
        ("SB006", "a mapping with code and reason is expected, got 'SB006'."),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_acknowledgements(written(tmp_path, monkeypatch, f"acknowledged:\n  - {entry}\n"))
    assert told in str(refused.value)


def test_a_list_is_expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="must be a list"):
        read_acknowledgements(written(tmp_path, monkeypatch, "acknowledged: {code: SB006}\n"))
