"""Runs of signs: the same for the same print, whatever was filled in and however it is spaced."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import grams
from classifiers.grams import LONGEST_SIGNS, grams_of, placed_grams, plain

SINGLE = [489331797, 2986873365]
LONGER = [1375315272, 1556262796, 2173642412, 2826505576, 3483481150]
"""The runs of 供热 heat."""

TEXTS = st.text(st.characters(codec="utf-8"), max_size=80) | st.text("热力供暖abcXYZ 12-·。", max_size=60)


def test_hashes_are_those_that_models_on_disk_were_made_of() -> None:
    """Whoever changes these raises `grams.VERSION`."""
    found = grams_of("供热 heat")

    assert grams.VERSION == 2
    assert [int(one) for one in found.single] == SINGLE
    assert [int(one) for one in found.longer] == LONGER


@given(TEXTS)
def test_blanks_width_case_digits_and_punctuation_do_not_matter(text: str) -> None:
    spaced = " ".join(f"{sign}。7" for sign in plain(text)).upper()

    assert plain(spaced) == plain(plain(text).upper())
    assert np.array_equal(grams_of(spaced).all, grams_of(plain(text).upper()).all)


@given(TEXTS)
def test_every_run_of_a_text_stands_in_its_place(text: str) -> None:
    signs = plain(text)
    placed = placed_grams(signs)

    assert set(placed.hashes.tolist()) == set(grams_of(text).all.tolist())
    assert all(
        start >= 0 and start + length <= len(signs) for start, length in zip(placed.starts, placed.lengths, strict=True)
    )


@given(TEXTS, TEXTS)
def test_longer_text_has_the_runs_of_its_beginning(text: str, more: str) -> None:
    beginning = plain(text)
    if not plain(beginning + more).startswith(beginning):  # signs that combine with those before
        return

    assert set(grams_of(beginning).all.tolist()) <= set(grams_of(beginning + more).all.tolist())


def test_runs_of_han_are_short_and_of_latin_letters_long() -> None:
    han, latin = placed_grams("供热合同"), placed_grams("contract")

    assert sorted(set(han.lengths.tolist())) == [1, 2, 3]
    assert sorted(set(latin.lengths.tolist())) == [4, 6]


def test_mixed_runs_hold_at_least_one_han_sign() -> None:
    placed = placed_grams("热ab")

    assert sorted(zip(placed.starts.tolist(), placed.lengths.tolist(), strict=True)) == [(0, 1), (0, 2), (0, 3)]


@pytest.mark.parametrize("text", ["", " \n\t", "2024-11-03 ¥1,234.50", "___"])
def test_text_without_letters_has_no_runs(text: str) -> None:
    assert len(grams_of(text).all) == 0


def test_only_the_beginning_of_a_long_record_counts() -> None:
    assert len(plain("热力" * LONGEST_SIGNS)) == LONGEST_SIGNS
