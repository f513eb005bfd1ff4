"""Digits above and below an empty label of customer numbers: a number by hand that was read in pieces, and may contradict."""

from __future__ import annotations

import pytest

from tests.classifiers.forms import placed
from tests.classifiers.number_schemes import ten_digits


def announced(*cells: tuple[str, float, float]) -> list[str]:
    """Return the signs that are announced as a customer number's on a page whose label has nothing behind it."""
    record = placed(("客户编号", 600, 350), *cells)
    return [candidate.number for candidate in ten_digits().candidates(record) if candidate.labelled]


def test_digits_above_and_below_an_empty_label_are_announced() -> None:
    assert announced(("8 37 8 5982", 900, 305), ("0263", 900, 395)) == ["83785982", "0263"]


@pytest.mark.parametrize(
    "cells",
    [
        (("412", 900, 305),),
        (("83785982", 900, 600),),
        (("83785982", 200, 305),),
        (("电话 83785982", 900, 305),),
    ],
    ids=["too few", "far away", "left of the label", "behind a word"],
)
def test_other_digits_are_not(cells: tuple[tuple[str, float, float], ...]) -> None:
    assert announced(*cells) == []
