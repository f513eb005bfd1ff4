"""Customer numbers that a narrow cell broke at a hyphen and went on with in the next row."""

from __future__ import annotations

import pytest

from classifiers.values import FoundBy, NumberCandidate
from tests.classifiers.forms import placed
from tests.classifiers.number_schemes import ten_digits

GOOD = "1136250642"


def found(*cells: tuple[str, float, float]) -> list[NumberCandidate]:
    """Return the candidates on a page with these cells."""
    return list(ten_digits().candidates(placed(*cells)))


def test_number_that_goes_on_below_is_one_number_surely_read() -> None:
    [candidate] = found(("客户编号", 200, 300), ("1136-2506-", 600, 300), ("户名", 1200, 300), ("42", 600, 350))

    assert candidate.number == GOOD
    assert candidate.labelled
    assert candidate.surely_read
    assert candidate.is_valid
    assert candidate.found_by is FoundBy.PRINTED
    assert candidate.evidence.box.bottom >= 370


def test_row_of_a_taller_cell_between_is_passed_over() -> None:
    [candidate] = found(
        ("客户编号", 200, 300), ("1136-2506-", 600, 300), ("杏林苑25号楼", 1200, 322), ("42", 600, 350)
    )  # fmt: skip

    assert candidate.number == GOOD


@pytest.mark.parametrize(
    "cells",
    [
        (("1136-2506", 600, 300), ("42", 600, 350)),
        (("1136-2506-", 600, 300), ("42", 900, 350)),
        (("1136-2506-", 600, 300), ("42", 600, 460)),
        (("1136-2506-", 600, 300), ("42号", 600, 350)),
        (("1136-2506-", 600, 300), ("4299", 600, 350)),
    ],
    ids=["no hyphen", "another column", "far below", "more than signs of a number", "too many signs"],
)
def test_nothing_else_is_joined(cells: tuple[tuple[str, float, float], ...]) -> None:
    candidates = found(("客户编号", 200, 300), *cells)

    assert [candidate.number for candidate in candidates if candidate.is_valid] == []
