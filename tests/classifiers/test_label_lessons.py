"""Which words a value's record teaches to be its label, and which it does not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.label_lessons import GIVEN, SHOWN, lessons_of
from classifiers.scheme import Kind
from classifiers.values import Example, FieldValue, ToldFact
from tests.classifiers.schemes import field, kind, small_scheme

RATINGS = [{"value": "满意"}, {"value": "一般"}, {"value": "不满意"}]
SCHEME = small_scheme(
    kind("repair", fields=["reported", "done", "fitter", "order", "fee", "area", "warmth", "fault", "rating", "place"]),
    fields=(
        field("reported", "date", "报修日期"),
        field("done", "date", "完成日期"),
        field("fitter", "name", "维修人员"),
        field("order", "code", "工单号", pattern="[A-Z]{2}[0-9]{6,12}"),
        field("fee", "amount", "费用"),
        field("area", "area", "面积"),
        field("warmth", "temperature", "室温"),
        field("fault", "text", "故障"),
        {**field("rating", "choice", "满意度"), "choices": RATINGS},
        field("place", "address", "地址"),
    ),
)
REPAIR: Kind = SCHEME.kinds[0]
SCHEME_LABELS = {"报修日期": frozenset({"reported"})}
DAY = date(2024, 1, 3)


Facts = dict[str, FieldValue | None]


def taught(
    text: str, facts: Facts, never: frozenset[str] = frozenset(), names: tuple[str, ...] = ()
) -> dict[str, float]:
    """Return "field label" with its weight for everything that speaks for a label, where a person gave these facts."""
    told = tuple(ToldFact(name, value, is_given=True) for name, value in facts.items())
    lessons = lessons_of(Example("r1", "repair", text, told, names), REPAIR, never, SCHEME_LABELS)
    return {f"{one.field} {one.label}": one.weight for one in lessons if one.weight > 0}


def denied(text: str, **facts: FieldValue | None) -> set[str]:
    told = tuple(ToldFact(name, value, is_given=True) for name, value in facts.items())
    lessons = lessons_of(Example("r1", "repair", text, told), REPAIR, frozenset(), SCHEME_LABELS)
    return {f"{one.field} {one.form}" for one in lessons if one.weight < 0}


@pytest.mark.parametrize(
    ("text", "facts", "lesson"),
    [
        ("热力公司\n检修单\n来电时间：2024年1月3日", {"reported": DAY}, "reported 来电时间"),
        ("热力公司\n检修单\n来电时间\t2024.01.03\t上门师傅\t王强", {"fitter": "王强"}, "fitter 上门师傅"),
        ("热力公司\n检修单\n派修票号GD20240103", {"order": "GD20240103"}, "order 派修票号"),
        ("热力公司\n检修单\n应付款\tCNY 1,250.50", {"fee": 1250.5}, "fee 应付款"),
        ("热力公司\n检修单\n应付款\t人民币1250.50元", {"fee": 1250.5}, "fee 应付款"),
        ("热力公司\n检修单\n核定大小：98.60㎡", {"area": 98.6}, "area 核定大小"),
        ("热力公司\n检修单\n屋内冷热  18.5℃", {"warmth": 18.5}, "warmth 屋内冷热"),
        ("热力公司\n检修单\n求助事由\t暖气片不热", {"fault": "暖气片不热"}, "fault 求助事由"),
        ("热力公司\n检修单\n用户感受\t□不满意\t☑满意\t□一般", {"rating": "满意"}, "rating 用户感受"),
        ("热力公司\n检修单\n用户感受：□不满意 ☑满意 □一般", {"rating": "满意"}, "rating 用户感受"),
        ("Heat Co.\nRepair\nAttended by\tJohn Miller", {"fitter": "John Miller"}, "fitter Attended by"),
        ("热力公司\n检修单\n来电时间\t上门师傅\n2024-01-03\t王强", {"fitter": "王强"}, "fitter 上门师傅"),
        ("熱力公司\n檢修單\n來電時間：2024年1月3日", {"reported": DAY}, "reported 來電時間"),
    ],
)  # fmt: skip
def test_words_before_or_above_a_value_are_its_label(text: str, facts: Facts, lesson: str) -> None:
    assert taught(text, facts) == {lesson: GIVEN}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("热力公司\n检修单\n第2次来电：2024年1月3日", {"reported": DAY}),
        ("热力公司\n检修单\n2024年1月3日", {"reported": DAY}),
        ("热力公司\n检修单\n王强\t2024年1月3日", {"reported": DAY, "fitter": "王强"}),
        ("热力公司\n检修单\n李秀英\t2024年1月3日", {"reported": DAY}),
        ("热力公司\n检修单\n票\t2024年1月3日", {"reported": DAY}),
        ("热力公司\n检修单\n用户承诺按时缴费并爱护设施请留意\t2024年1月3日", {"reported": DAY}),
        ("热力公司\n检修单\n来电时间：2024年1月4日", {"reported": DAY}),
        ("热力公司\n检修单\n派修票号\tGD202401034", {"order": "GD20240103"}),
        ("热力公司\n检修单\n派修票号\tXGD20240103", {"order": "GD20240103"}),
        ("热力公司\n检修单\n客户登记码\tGD20240103", {"order": "GD20240103"}),
        ("热力公司\n检修单\n来电时间\t2024年1月3日", {"reported": None}),
        ("热力公司\n检修单\n处所\t百合园3号楼2单元501室", {"place": "百合园3号楼2单元501室"}),
    ],
    ids=["digits", "none", "another value", "customer's name", "too short", "a sentence", "another date", "cut", "cut before",
         "number label", "taken away", "address"],
)  # fmt: skip
def test_what_is_no_label_teaches_nothing(text: str, facts: Facts) -> None:
    assert taught(text, facts, frozenset({"客户登记码"}), ("李秀英",)) == {}


def test_value_in_two_places_teaches_half_of_each_label() -> None:
    text = "热力公司\n检修单\n来电时间：2024年1月3日\n办毕时间：2024年1月3日"

    assert taught(text, {"reported": DAY}) == {"reported 来电时间": GIVEN / 2, "reported 办毕时间": GIVEN / 2}


def test_value_that_the_scheme_finds_anyhow_teaches_no_other_label() -> None:
    text = "热力公司\n检修单\n报修日期：2024年1月3日\n打印时间：2024年1月3日"

    assert taught(text, {"reported": DAY}) == {"reported 报修日期": GIVEN}


def test_cell_below_heads_that_may_as_well_belong_to_the_one_beside_it_teaches_half_of_each() -> None:
    text = "热力公司\n检修单\n来电人员\t上门师傅\n张三丰\t暖气不热"

    assert taught(text, {"fault": "暖气不热"}) == {"fault 上门师傅": GIVEN / 2, "fault 张三丰": GIVEN / 2}


def test_label_of_something_else_beside_a_value_keeps_it_from_a_head_above() -> None:
    text = "热力公司\n检修单\n查验结论\t验收合格\n客户登记码\tGD20240103"

    assert taught(text, {"order": "GD20240103"}, frozenset({"客户登记码"})) == {}


def test_fact_that_was_let_stand_counts_less_than_one_that_was_given() -> None:
    shown = (ToldFact("reported", DAY, is_given=False),)

    lessons = lessons_of(Example("r1", "repair", "公司\n检修单\n来电时间：2024-01-03", shown), REPAIR, frozenset(), {})

    assert [(one.label, one.weight) for one in lessons] == [("来电时间", SHOWN)]


def test_words_before_another_value_of_the_type_do_not_name_the_field() -> None:
    text = "热力公司\n检修单\n来电时间：2024-01-03\n办毕时间：2024-01-05\n派修票号：GD20240103"

    assert denied(text, reported=DAY) == {"reported 办毕时间"}
    assert denied(text, order="GD99990000") == {"order 派修票号"}
    assert denied(text, done=None) == {"done 来电时间", "done 办毕时间"}


def test_value_misread_by_a_sign_denies_nothing() -> None:
    assert denied("热力公司\n检修单\n来电时间：2024-01-08", reported=DAY) == set()
    assert denied("热力公司\n检修单\n应付款：1250.60元", fee=1250.5) == set()


def test_fact_that_was_let_stand_denies_nothing() -> None:
    told = (ToldFact("reported", DAY, is_given=False),)
    text = "热力公司\n检修单\n来电时间：2024-01-03\n办毕时间：2024-01-05"

    lessons = lessons_of(Example("r1", "repair", text, told), REPAIR, frozenset(), {})

    assert all(one.weight > 0 for one in lessons)


@given(
    st.text(alphabet="王强来电时间：:\t\n |丨2024-01-03年月日GD0123456789¥.元□☑满意ＡÜİß", max_size=120),
    st.sampled_from(["王强", "满意", "GD012345", "İß"]),
)
def test_no_text_and_no_value_upsets_it(text: str, value: str) -> None:
    facts = tuple(ToldFact(name, value, is_given=True) for name in ("fitter", "rating", "order", "fault"))
    dated = ToldFact("reported", DAY, is_given=True)

    lessons = lessons_of(Example("r1", "repair", text, (*facts, dated)), REPAIR, frozenset(), SCHEME_LABELS)

    assert all(one.weight <= GIVEN and not any(sign.isdigit() for sign in one.label) for one in lessons)
