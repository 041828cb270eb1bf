from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stancebench.corpora.components import codes, components

LINKS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2), st.lists(st.sampled_from("tuvwxyz"), max_size=3), max_size=14
)


def naive_closure(links: dict[str, list[str]]) -> dict[str, str]:
    """Grow each sentence's set of companions until nothing is added; name it after its smallest member."""
    out = {}
    for sentence in links:
        reached = {sentence}
        while True:
            named = {link for s in reached for link in links[s]}
            grown = reached | {s for s in links if named & set(links[s])}
            if grown == reached:
                break
            reached = grown
        out[sentence] = min(reached)
    return out


@given(LINKS)
def test_components_equal_a_naive_closure(links: dict[str, list[str]]) -> None:
    assert components(links) == naive_closure(links)


@given(LINKS, st.randoms(use_true_random=False))
def test_components_do_not_depend_on_any_order(links: dict[str, list[str]], shuffler: Random) -> None:
    shuffled = list(links)
    shuffler.shuffle(shuffled)
    reordered = {s: links[s][::-1] for s in shuffled}
    assert components(reordered) == components(links)
    assert list(components(reordered)) == shuffled


def test_a_chain_is_one_component_named_after_its_smallest_member() -> None:
    chain = {"d": ["1", "2"], "c": ["2", "3"], "b": ["3", "4"], "a": ["4"], "e": []}
    assert components(chain) == {"d": "a", "c": "a", "b": "a", "a": "a", "e": "e"}


def test_nothing_has_no_components() -> None:
    assert components({}) == {}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3)))
def test_codes_are_positions_among_the_sorted_distinct_names(names: list[str]) -> None:
    distinct = sorted(set(names))
    assert codes(names).tolist() == [distinct.index(name) for name in names]
    assert codes(names).dtype == np.int64
