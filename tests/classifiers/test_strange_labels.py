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
    assert facts("维修单\n末端形式：散热器 地板辐射") == {}


def test_choice_that_fills_the_cell_of_a_strange_label_is_taken_where_no_other_does() -> None:
    assert facts("维修单\n末端形式：散热器") == {"form": "散热器"}
    assert facts("维修单\n末端形式\t散热器") == {"form": "散热器"}
    assert facts("维修单\n末端形式：散热器\n备用形式：地板辐射") == {}
    assert facts("维修单\n末端形式：散热器已坏") == {}


STATIONS = small_scheme(
    kind("link", fields=["station", "builder", "size", "warmth", "order"]),
    kind("other", fields=["done"]),
    fields=(
        field("station", "text", "换热站", pattern="[\\u4e00-\\u9fff]{2,8}站"),
        field("builder", "name", "施工单位", pattern=".{2,}公司"),
        field("size", "code", "管径", pattern="D[NE][0-9]{2,3}"),
        field("warmth", "temperature", "平均室温"),
        field("order", "code", "工单号", pattern="[A-Z]{2}[0-9]{6}"),
        field("done", "date", "修复日期"),
    ),
)


def link_facts(page: str) -> dict[str, object]:
    return {fact.name: fact.value for fact in RulesExtractor(STATIONS).facts(record_of(page), "link")}


def test_text_and_company_under_strange_labels_are_known_by_the_pattern_of_the_field() -> None:
    assert link_facts("登记单\n供热机组\t城南换热站") == {"station": "城南换热站"}
    assert link_facts("登记单\n承揽单位：安泰暖通工程有限公司") == {"builder": "安泰暖通工程有限公司"}


@pytest.mark.parametrize(
    "page",
    [
        "登记单\n供热机组\t城南换热站\n备用机组\t城北换热站",
        "登记单\n供热机组\t城南换热站已换泵",
        "登记单\n监理单位：安泰暖通工程有限公司",
        "登记单\n委托人：安泰暖通工程有限公司",
        "登记单\n室外温度：-3.5℃",
        "登记单\n派票\tGD240103",
        "登记单\n户管\tDN25\n支管\tDN32",
    ],
)
def test_two_that_fit_or_what_belongs_to_something_else_is_no_fact(page: str) -> None:
    assert link_facts(page) == {}


def test_code_that_is_like_no_other_is_found_anywhere() -> None:
    assert link_facts("登记单\n户管规格 DN25") == {"size": "DN25"}


def test_mean_temperature_under_a_strange_label_is_taken() -> None:
    assert link_facts("登记单\n屋内均温\t18.5℃") == {"warmth": 18.5}


def test_label_that_nearly_reads_as_one_of_another_kind_is_strange() -> None:
    scheme = small_scheme(
        kind("complaint", fields=["closed"]),
        kind("repair", fields=["done"]),
        fields=(field("closed", "date", "办结日期"), field("done", "date", "修复日期")),
    )
    facts = RulesExtractor(scheme).facts(record_of("投诉单\n回复日期：2024-01-05"), "complaint")

    assert [(fact.name, fact.value) for fact in facts] == [("closed", date(2024, 1, 5))]


def test_label_of_the_scheme_is_not_strange() -> None:
    assert facts("维修单\n收费面积：121.48㎡\n结算面积：98.20㎡") == {"area": 121.48}
