"""What was worked out of the latest objects is not worked out again, and never taken for another's."""

from __future__ import annotations

from itertools import count

from classifiers.latest import OfLatest


def test_same_object_is_worked_out_once() -> None:
    latest: OfLatest[tuple[int, ...], int] = OfLatest()
    page, numbers = (1, 2), count()

    answers = [latest.get(page, lambda: next(numbers)) for _ in range(3)]

    assert answers == [0, 0, 0]


def test_equal_objects_are_worked_out_each_for_itself() -> None:
    latest: OfLatest[list[int], int] = OfLatest()
    numbers = count()

    answers = [latest.get(page, lambda: next(numbers)) for page in ([1], [1])]

    assert answers == [0, 1]


def test_object_is_worked_out_anew_for_another_purpose() -> None:
    latest: OfLatest[tuple[int, ...], str] = OfLatest()
    page = (1, 2)

    answers = [latest.get(page, lambda: "as page 1", 1), latest.get(page, lambda: "as page 2", 2)]

    assert answers == ["as page 1", "as page 2"]


def test_only_the_latest_are_kept() -> None:
    latest: OfLatest[list[int], int] = OfLatest()
    first, numbers = [0], count()
    latest.get(first, lambda: next(numbers))

    for other in range(100):
        latest.get([other], lambda: next(numbers))

    assert latest.get(first, lambda: -1) == -1
