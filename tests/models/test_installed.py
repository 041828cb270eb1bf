"""Names of third parties' models: found without importing them, and refused where they cannot be used."""

from __future__ import annotations

import sys

import pytest

from stancebench.errors import ModelError, UsageError
from stancebench.models.registry import BUILT_IN, conflicts, key_name, model_names, model_spec, origin
from tests.packages import Install


def test_a_third_party_s_name_stands_beside_the_built_in_ones_and_is_imported_when_asked_for(install: Install) -> None:
    install("third-party", "theirs")
    assert model_names() == sorted([*BUILT_IN, "theirs"])
    assert "third_party" not in sys.modules
    assert str(origin("theirs")) == "third-party 1.0"
    assert model_spec("theirs").summary == "a dummy"
    assert "third_party" in sys.modules


def test_a_built_in_model_comes_from_no_distribution(install: Install) -> None:
    install("third-party", "theirs")
    assert origin("majority") is None
    assert origin("no_model") is None
    assert key_name("majority") == "majority"


def test_a_key_tells_two_packages_of_one_name_apart(install: Install) -> None:
    install("third-party", "theirs")
    assert key_name("theirs") == "third-party:theirs"


@pytest.mark.parametrize(
    ("code", "value", "told"),
    [
        ("import nowhere_to_be_found", "", "ModuleNotFoundError: No module named 'nowhere_to_be_found'. Mend that"),
        ("raise ValueError('two\\nlines')", "", "ValueError: two. Mend that"),
        ("raise SystemExit", "", "SystemExit. Mend that"),
        ("MODEL = 3", "", "it is of type int, and a stancebench.models.ModelSpec is expected"),
        ("", "third_party:NOTHING", "AttributeError: module 'third_party' has no attribute 'NOTHING'"),
        ("def (", "", "SyntaxError: "),
    ],
)
def test_what_cannot_be_loaded_is_refused_by_name_and_the_rest_goes_on(
    install: Install, code: str, value: str, told: str
) -> None:
    install("third-party", "theirs", code, value)
    install("third-good", "good")
    with pytest.raises(ModelError) as refused:
        model_spec("theirs")
    assert f"The model 'theirs' of third-party 1.0 cannot be loaded from third_party:{value[12:] or 'MODEL'}: " in str(
        refused.value
    )
    assert told in str(refused.value)
    assert str(refused.value).endswith("or type: pip uninstall third-party")
    assert refused.value.exit_code == 1
    assert model_spec("good").name == "good"


def test_a_spec_of_another_name_is_refused(install: Install) -> None:
    install("third-party", "theirs")
    install("third-other", "yours", value="third_party:MODEL")
    with pytest.raises(ModelError, match="its ModelSpec has the name 'theirs'; give it the name of its entry point"):
        model_spec("yours")


def test_a_name_of_two_distributions_is_refused_and_the_others_go_on(install: Install) -> None:
    for distribution, name in (("third-a", "both"), ("third-b", "both"), ("third-c", "alone")):
        install(distribution, name)
    assert model_names() == sorted([*BUILT_IN, "alone"])
    with pytest.raises(ModelError) as refused:
        model_spec("both")
    told = str(refused.value)
    assert "third-a 1.0" in told
    assert "third-b 1.0" in told
    assert "pip uninstall third-" in told
    assert conflicts() == [told]
    assert model_spec("alone").name == "alone"
    assert not {m for m in sys.modules if m in ("third_a", "third_b")}


@pytest.mark.parametrize("name", ["tfidf_svm", "majority_per_target"])
def test_a_name_of_stancebench_s_own_is_refused_and_neither_silently_taken(install: Install, name: str) -> None:
    install("third-party", name)
    with pytest.raises(ModelError) as refused:
        model_spec(name)
    assert str(refused.value) == (
        f"The model name {name!r} is stancebench's own, and third-party 1.0 gives it to another model: it is not used "
        "for either. Type: pip uninstall third-party"
    )
    assert model_spec("majority").name == "majority"
    assert name not in model_names()


@pytest.mark.parametrize("name", ["a,b", "a b", "2nd", "a/b"])
def test_a_name_that_cannot_be_typed_is_refused(install: Install, name: str) -> None:
    install("third-party", name)
    with pytest.raises(ModelError, match=r"cannot be typed after model=.*third-party"):
        model_spec(name)


def test_a_misspelt_name_lists_third_parties_names_without_importing_them(install: Install) -> None:
    install("third-party", "theirs")
    with pytest.raises(UsageError, match=r"no model 'thiers'. Did you mean 'theirs'\? Allowed: .*, theirs"):
        model_spec("thiers")
    assert "third_party" not in sys.modules
