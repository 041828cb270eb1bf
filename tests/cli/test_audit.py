from __future__ import annotations

import json

from tests.commands import Cli


def test_findings_are_printed_with_intervals_beside_the_majority(cli: Cli) -> None:
    result = cli("audit", "coverage", "--only", "AU05", "--only", "group_leakage")
    assert result.code == 0, result.err
    first, second, *rest = result.out.splitlines()
    assert first == "coverage@0.1, attributed, official; scores as fractions of 1"
    assert second.startswith("AU05  WARNING  prior_where_mentioned: ")
    assert rest[0].split()[0] == "f_avg_macro"
    assert rest[0].split()[-2:] == ["majority", "0.000"]
    assert rest[-1].startswith("AU13  ok       group_leakage: 0 events, 0 documents, 0 split units")


def test_json_has_the_same_findings(cli: Cli) -> None:
    values = json.loads(cli("audit", "coverage", "--json", "--only", "register_only").out)
    assert values["corpus"]["name"] == "coverage"
    (finding,) = values["findings"]
    assert finding["code"] == "AU08"
    assert set(finding["figures"]) == {"scores", "majority", "clusters", "differences"}


def test_an_audit_that_does_not_exist(cli: Cli) -> None:
    result = cli("audit", "coverage", "--only", "holder_onyl")
    assert result.code == 2
    assert "There is no audit 'holder_onyl'. Did you mean 'holder_only'? Allowed: batch_from_text, " in result.err
    assert result.err.strip().endswith("Type for example --only holder_only, or its code AU01.")


def test_a_corpus_that_does_not_exist(cli: Cli) -> None:
    result = cli("audit", "covrage")
    assert result.code == 2
    assert "There is no corpus 'covrage'. Did you mean 'coverage'?" in result.err
