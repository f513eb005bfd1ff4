"""Values under labels that no list has: taken one to one by their type, never chosen between two."""

from __future__ import annotations

from datetime import date

import pytest

from classifiers.fields import RulesExtractor
from tests.classifiers.forms import record_of
from tests.classifiers.schemes import field, kind, small_scheme

CHOICES = [{"value": "散热器"}, {"value": "地板辐射"}, {"value": "风机盘管"}]
SCHEME = small_scheme(
    kind("paper", fields=["reported", "done", "area", "form"]),
    fields=(
        field("reported", "date", "报修日期"),
        field("done", "date", "完成日期"),
        field("area", "area", "收费面积"),
        {**field("form", "choice", "采暖方式"), "choices": CHOICES},
    ),
    signs={"other": ["备注"]},
)


def facts(page: str) -> dict[str, object]:
    return {fact.name: fact.value for fact in RulesExtractor(SCHEME).facts(record_of(page), "paper")}


def test_dates_under_strange_labels_are_the_fields_in_the_order_of_events() -> None:
    page = "维修单\n办毕时间：2024年1月5日\n来电时间  2024年1月3日"

    assert facts(page) == {"reported": date(2024, 1, 3), "done": date(2024, 1, 5)}


def test_one_strange_date_is_the_one_that_is_still_missing() -> None:
    assert facts("维修单\n报修日期：2024-01-03  修妥日期：2024-01-05") == {
        "reported": date(2024, 1, 3),
        "done": date(2024, 1, 5),
    }


@pytest.mark.parametrize(
    "page",
    [
        "维修单\n来电时间：2024年1月3日",
        "维修单\n来电时间：2024-01-03\n派工时间：2024-01-04\n办毕时间：2024-01-05",
        "维修单\n报修日期：2024-01-03\n派工时间：2024-01-04\n办毕时间：2024-01-05",
    ],
    ids=["one of two", "three for two", "two for one"],
)
def test_another_count_of_dates_than_of_fields_is_no_fact(page: str) -> None:
    assert set(facts(page)) <= {"reported"}
    assert "来电时间" not in page or not facts(page)


@pytest.mark.parametrize("label", ["出生日期", "有效日期", "打印时间", "检定日期"])
def test_date_of_something_else_is_not_taken(label: str) -> None:
    assert "done" not in facts(f"维修单\n报修日期：2024-01-03\n{label}：2024-01-05")


def test_date_inside_a_sentence_is_not_taken() -> None:
    assert "done" not in facts("维修单\n报修日期：2024-01-03\n师傅定于上门时间2024-01-05再来")


def test_area_under_a_strange_label_is_taken_where_there_is_one() -> None:
    assert facts("维修单\n结算面积：121.48㎡") == {"area": 121.48}
    assert facts("维修单\n结算面积：121.48㎡\n登记建筑面积：98.20㎡") == {}
    assert facts("维修单\n使用面积：98.20㎡") == {}


def test_choices_are_known_by_their_boxes() -> None:
    assert facts("维修单\n末端形式：☑散热器 □地板辐射 □风机盘管") == {"form": "散热器"}
    assert facts("维修单\n末端形式：散热器") == {}


def test_label_of_the_scheme_is_not_strange() -> None:
    assert facts("维修单\n收费面积：121.48㎡\n结算面积：98.20㎡") == {"area": 121.48}
