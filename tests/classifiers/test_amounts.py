"""Amounts in digits and capitals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.amounts import amount_of_capitals, amounts_in, capitals_of_amount, measures_in, temperatures_in


@given(st.integers(1, 10**9 * 100))
def test_every_amount_written_in_capitals_reads_back(cents: int) -> None:
    amount = cents / 100

    assert amount_of_capitals(capitals_of_amount(amount)) == pytest.approx(amount)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("贰仟零叁拾伍元肆角柒分", 2035.47),
        ("壹拾壹万叁仟肆佰伍拾肆元肆角贰分", 113454.42),
        ("贰拾万零玖拾元整", 200090.0),
        ("贰仟零贰拾元零陆分", 2020.06),
        ("叁仟壹佰肆拾元整", 3140.0),
        ("拾元整", 10.0),
    ],
)
def test_usual_writings_are_read(text: str, expected: float) -> None:
    assert amount_of_capitals(text) == expected


@pytest.mark.parametrize("text", ["贰仟叁仟元整", "贰叁元整", "仟元整", "贰仟佰元整", "贰仟元角", "整", "元整"])
def test_a_broken_writing_is_no_amount(text: str) -> None:
    assert amount_of_capitals(text) is None


def test_amounts_say_whether_they_stand_whole() -> None:
    found = [(n.value, n.is_marked) for n in amounts_in("欠费本金 600 违约金278.38元 ¥1,234.5 CNY 88")]

    assert found == [(600.0, False), (278.38, True), (1234.5, True), (88.0, True)]


def test_a_number_with_broken_grouping_is_not_cut() -> None:
    assert [n.value for n in amounts_in("6,0412.52元")] == []


def test_areas_and_temperatures() -> None:
    assert [n.value for n in measures_in("115.89 m²")] == [115.89]
    assert [n.value for n in temperatures_in("22.1℃ 18度 16:28 20. 7 C")] == [22.1, 18.0, 20.7]
