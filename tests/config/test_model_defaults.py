"""A model has the same defaults from Python, where nothing is composed, as from its file under ``conf/model``."""

from __future__ import annotations

from dataclasses import asdict

import pytest
import yaml

from stancebench.config.spec import plain
from stancebench.errors import UsageError
from stancebench.models import model_names, model_spec
from stancebench.models.configs import CONFIGS, build_config
from tests.commands import Cli


@pytest.mark.parametrize("name", sorted(set(CONFIGS) & set(model_names())))
def test_the_defaults_are_those_of_the_file(cli: Cli, name: str) -> None:
    composed = yaml.safe_load(cli("run", "--cfg", "job", f"model={name}").out)["model"]
    assert plain(asdict(build_config(model_spec(name), {}))) == composed


def test_a_choice_of_a_group_may_be_its_name_alone() -> None:
    model = model_spec("tfidf_svm")
    short, long = (build_config(model, {"conditioning": c}) for c in ("crossed", {"name": "crossed"}))
    assert short == long != build_config(model, {})


def test_what_does_not_fit_is_told_with_what_does() -> None:
    with pytest.raises(UsageError, match=r"The config of model 'tfidf_svm' does not fit: .* It takes: C, balanced, "):
        build_config(model_spec("tfidf_svm"), {"C": "much"})
