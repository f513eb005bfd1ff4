"""Dates as printed on forms."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.dates import dates_in

FORMS = (
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y-%m-%d}",
    "{0.year}/{0.month}/{0.day}",
    "{0:%Y.%m.%d}",
    "{0:%d %b %Y}",
    "{0:%B %d, %Y}",
)


@given(st.dates(date(1985, 1, 1), date(2040, 12, 31)), st.sampled_from(FORMS))
def test_every_usual_form_reads_back(day: date, form: str) -> None:
    found = dates_in("日期: " + form.format(day) + " 11:20")

    assert [f.value for f in found] == [day]
    assert found[0].is_clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二一年三月十五日", date(2021, 3, 15)),
        ("二〇一九年十二月三十一日", date(2019, 12, 31)),
        ("2O19-05-l6", date(2019, 5, 16)),
        ("2021年10月28晶", date(2021, 10, 28)),
        ("20210305", date(2021, 3, 5)),
        ("25/12/2020", date(2020, 12, 25)),
        ("2021-12-1518: 24", date(2021, 12, 15)),  # the time of day, its blank not seen
        ("2022.06.0516:40", date(2022, 6, 5)),
    ],
)
def test_other_writings(text: str, expected: date) -> None:
    assert [f.value for f in dates_in(text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-30",
        "3021-01-01",
        "03/04/2021",
        "WX201905165931",
        "202-05-16",
        "2021年13月1日",
        "65.2021.03.04",
        "2021-12-1518",
        "2021-1-516:24",
    ],
)
def test_what_is_no_sure_date_is_left_out(text: str) -> None:
    assert dates_in(text) == ()
