"""Near numbers: every pair of at most two different signs, and no other, however many there are."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.near_numbers import is_alike, near_pairs

NUMBERS = st.lists(st.text("0158AB", min_size=3, max_size=6), max_size=25)


def by_hand(numbers: list[str]) -> set[tuple[str, str]]:
    return {
        (one, other)
        for one, other in combinations(sorted(set(numbers)), 2)
        if len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 2
    }


@given(NUMBERS)
def test_pairs_are_those_found_by_hand_each_once(numbers: list[str]) -> None:
    found = list(near_pairs(numbers))

    assert {(min(pair), max(pair)) for pair in found} == by_hand(numbers)
    assert len(found) == len(set(found))


def test_short_numbers_and_lonely_ones_have_no_pairs() -> None:
    assert list(near_pairs([])) == []
    assert list(near_pairs(["12", "13", "123"])) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("1136250642", "1136256042", True),  # neighbours changed places
        ("1136250642", "1186250642", True),
        ("1136250642", "1136250648", False),
        ("1136250642", "4136250642", False),
        ("1136250645", "1136250646", True),
        ("1330000000", "1880000000", True),
        ("R1234567O0", "R1234567Q0", False),
        ("R12345670X", "R1234567OX", True),
        ("1240077319", "1040070319", False),
    ],
)
def test_signs_that_are_easily_confused_are_known(one: str, other: str, alike: bool) -> None:
    assert is_alike(one, other) is alike
