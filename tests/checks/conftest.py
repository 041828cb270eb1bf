from __future__ import annotations

from pathlib import Path

import pytest

from stancebench.reports.experiment import Experiment
from tests.checks.made import make_experiment


@pytest.fixture(scope="package")
def experiment(tmp_path_factory: pytest.TempPathFactory, synthetic_template: Path) -> Experiment:
    """Six systems on the synthetic corpus."""
    return make_experiment(
        synthetic_template,
        tmp_path_factory.mktemp("checked"),
        ("majority", {"per_target": True}, "text+holder", 0),
        ("holder_prior", {"level": "holder", "gated": True}, "text+holder", 0),
        ("stratified", {}, "text+holder", 0),
        ("stratified", {}, "text+holder", 1),
        ("tfidf_svm", {"conditioning": {"name": "marked"}}, "text+holder", 0),
        ("tfidf_svm", {"conditioning": {"name": "per_target"}}, "text+holder", 0),
        ("tfidf_logreg", {"conditioning": {"name": "marked"}}, "text+holder", 0),
    )
