"""Facts that no single label points to: classes by words, amounts in capitals, sums, closing dates; and what proves what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.amounts import capitals_of_amount
from classifiers.fields import RulesExtractor
from classifiers.found import Form, form_of
from classifiers.labels import LabelFinder
from classifiers.values import Fact, FieldValue
from classifiers.whole_page import line_items, plain_areas
from tests.classifiers.forms import record_of
from tests.classifiers.schemes import field, kind, small_scheme

FINDER = LabelFinder(["合计", "单价"])


def form(*pages: str) -> Form:
    return form_of(record_of(*pages), FINDER)


def facts(fields: list[dict[str, Any]], *pages: str, **more: Any) -> dict[str, Fact]:
    scheme = small_scheme(kind("paper", fields=[f["name"] for f in fields], **more), fields=tuple(fields))
    return {fact.name: fact for fact in RulesExtractor(scheme).facts(record_of(*pages), "paper")}


def values(fields: list[dict[str, Any]], *pages: str) -> dict[str, FieldValue]:
    return {name: fact.value for name, fact in facts(fields, *pages).items()}


RESULT = [
    field(
        "result",
        "class",
        "验收结论",
        choices=[
            {"value": "整改后复验", "words": ["需整改", "限期 & 复验"]},
            {"value": "合格", "words": ["验收合格"]},
        ],
    )
]


DEED = [field("deed", "code", "产权证号", pattern="[\\u4e00-\\u9fff][(（][0-9]{4}[)）].{2,6}不动产权第[0-9]{7}号")]


def test_code_whose_pattern_names_it_needs_no_label() -> None:
    assert values(DEED, "一二三\n云 (2018) 北城 不动产权第7443802号") == {"deed": "云（2018）北城不动产权第7443802号"}


def test_two_codes_without_a_label_are_left_out() -> None:
    two = "云(2018)北城不动产权第7443802号\n云(2018)北城不动产权第7443803号"

    assert values(DEED, two) == {}


def test_code_of_mere_digits_is_not_taken_without_its_label() -> None:
    assert values([field("number", "code", "票号", pattern="[0-9]{8}")], "一二三\n12345678") == {}


def test_class_is_chosen_by_a_word_anywhere() -> None:
    assert values(RESULT, "一二三\n经检查验收合格，可以使用") == {"result": "合格"}


def test_first_class_one_of_whose_words_stands_there_wins() -> None:
    assert values(RESULT, "验收合格\n需整改") == {"result": "整改后复验"}


def test_words_beside_the_label_are_looked_at_first() -> None:
    assert values(RESULT, "注：不合格的需整改\n验收结论：验收合格") == {"result": "合格"}


def test_class_named_in_the_title_wins_over_what_the_text_speaks_of() -> None:
    action = [
        field(
            "action",
            "class",
            choices=[{"value": "复热", "words": ["恢复用热"]}, {"value": "停热", "words": ["停止用热"]}],
        )
    ]

    assert values(action, "停止用热协议\n一、恢复用热须提前一个月办理申请，逾期不再受理。") == {"action": "停热"}


def test_page_that_shows_two_things_is_of_both_though_a_title_names_one() -> None:
    shown = [
        field(
            "shown",
            "class",
            choices=[{"value": "both", "words": ["居民身份证 & 不动产权第"]}, {"value": "id", "words": ["居民身份证"]}],
        )
    ]

    assert values(shown, "居民身份证\n云(2022)东州市不动产权第1829249号") == {"shown": "both"}
    assert values(shown, "居民身份证\n有效期限 长期") == {"shown": "id"}


def test_words_joined_must_all_stand_there() -> None:
    assert values(RESULT, "限期三日内完成后复验") == {"result": "整改后复验"}
    assert values(RESULT, "限期三日内完成") == {}


def test_value_of_a_class_is_one_of_its_words() -> None:
    assert values(RESULT, "结果为合格") == {"result": "合格"}


MONEY = [field("amount", "amount", "小写"), field("amount_cn", "amount_words", "大写")]


def test_amount_in_capitals_is_read_after_its_label() -> None:
    found = values(MONEY, "合计  大写：贰仟肆佰陆拾伍元整  小写：2465.00")

    assert found == {"amount": 2465.0, "amount_cn": "贰仟肆佰陆拾伍元整"}


def test_capitals_and_digits_that_contradict_each_other_are_both_left_out() -> None:
    found = values(MONEY, "大写：叁仟肆佰陆拾伍元整  小写：2465.00")

    assert found == {}


def test_second_place_of_the_capitals_may_agree_with_the_digits() -> None:
    found = values(MONEY, "大写：叁仟肆佰陆拾伍元整\n大写：贰仟肆佰陆拾伍元整  小写：2465.00")

    assert found["amount"] == 2465.0


def test_capitals_with_signs_misread_are_those_that_the_digits_say() -> None:
    found = facts(MONEY, "大写：侍仟肆佰陆拾伍元整  小写：2465.00")

    assert found["amount_cn"].value == "贰仟肆佰陆拾伍元整"
    assert found["amount_cn"].evidence is not None
    assert "侍" in found["amount_cn"].evidence.text


def test_capitals_alone_must_be_read_whole() -> None:
    assert values(MONEY, "大写：贰仟肆佰陆拾伍元整") == {"amount_cn": "贰仟肆佰陆拾伍元整"}
    assert values(MONEY, "大写：贰仟肆佰陆拾拾元整") == {}


@given(st.integers(100, 10**8))
def test_capitals_and_digits_of_one_amount_always_agree(cents: int) -> None:
    amount = cents / 100
    written = capitals_of_amount(amount)

    found = values(MONEY, f"大写：{written}  小写：{amount:.2f}")

    assert found == {"amount": pytest.approx(amount), "amount_cn": written}


CLOSING = [field("day", "date", "填表日期", date_of_paper=True)]


def test_date_that_closes_the_paper_is_its_date_where_no_label_gives_one() -> None:
    assert values(CLOSING, "情况说明\n一二三\n四五六\n说明人 王小明\n2024年1月3日") == {"day": date(2024, 1, 3)}


def test_two_dates_at_the_end_are_neither_of_them_the_date() -> None:
    assert values(CLOSING, "情况说明\n一二三\n四五六\n2024年1月3日\n2024年1月9日") == {}


def test_date_in_the_head_of_the_paper_is_not_its_closing_date() -> None:
    assert values(CLOSING, "2024年1月3日\n情况说明\n一二三\n四五六\n七八九") == {}


def test_date_beside_its_label_wins_over_the_closing_one() -> None:
    page = "填表日期：2024年1月3日\n一二三\n四五六\n七八九\n2024年1月9日"

    assert values(CLOSING, page) == {"day": date(2024, 1, 3)}


def test_only_a_date_of_paper_is_looked_for_at_the_end() -> None:
    plain = [field("day", "date", "填表日期")]

    assert values(plain, "情况说明\n一二三\n四五六\n说明人 王小明\n2024年1月3日") == {}


def test_row_of_a_bill_proves_itself() -> None:
    (item,) = line_items(form("采暖费  98.60  25.00  2465.00"))

    assert (item.quantity_value, item.amount_value, item.tax) == (98.6, 2465.0, None)
    assert (item.quantity.text, item.amount.text) == ("98.60", "2465.00")


def test_tax_of_a_row_is_proven_by_its_rate() -> None:
    (item,) = line_items(form("*供热*采暖费 平方米 98.60 22.94 2261.88 9% 203.57"))

    assert item.tax_value == 203.57


@pytest.mark.parametrize(
    "row", ["采暖费  98.60  25.00  2466.00", "2024.01.03  25.00", "98.60  25.00", "采暖费 0.00 25.00 0.00"]
)
def test_row_that_does_not_come_out_is_no_item(row: str) -> None:
    assert list(line_items(form(row))) == []


def test_every_number_with_a_unit_of_area_is_an_area() -> None:
    found = list(plain_areas(form("建筑面积98.60平方米  其中地下12.5㎡", "阳台 3.2 m2  单价25.00元")))

    assert [(value, span.text) for value, span in found] == [(98.6, "98.60"), (12.5, "12.5"), (3.2, "3.2")]


BILL = [
    field("area_m2", "area", "面积"),
    field("amount", "amount", "合计"),
    field("fee", "amount", "热费"),
    field("late_fee", "amount", "违约金"),
    field("tax", "amount", "税额"),
]


def test_bill_that_comes_out_gives_area_and_makes_the_total_sure() -> None:
    found = facts(BILL, "项目 数量 价格 金额\n采暖费  98.60  25.00  2465.00\n合计：2465.00")

    assert {name: fact.value for name, fact in found.items()} == {"area_m2": 98.6, "amount": 2465.0}
    assert all(fact.confidence > 0.9 for fact in found.values())


def test_bill_with_a_late_fee_gives_the_fee_too() -> None:
    found = values(BILL, "采暖费  98.60  25.00  2465.00\n违约金：35.00\n合计：2500.00")

    assert found == {"area_m2": 98.6, "fee": 2465.0, "late_fee": 35.0, "amount": 2500.0}


def test_late_fee_in_the_row_of_a_table_is_taken_where_the_sum_proves_it() -> None:
    table = "项目 数量 价格 金额\n热费 2023-2024 98.60 25.00 2465.00\n违约金 2023-2024 35.00\n合计：{total}"

    proven = values(BILL, table.format(total="2500.00"))
    unproven = values(BILL, table.format(total="2600.00"))

    assert (proven["fee"], proven["late_fee"], proven["amount"]) == (2465.0, 35.0, 2500.0)
    assert "late_fee" not in unproven


def test_bill_gives_the_tax_that_its_rate_proves() -> None:
    assert values(BILL, "采暖费 98.60 22.94 2261.88 9% 203.57")["tax"] == 203.57


ROOMS = [field("rooms", "temperatures", "室温"), field("mean", "temperature", "平均温度")]


def test_column_and_its_mean_prove_each_other() -> None:
    table = "测点  室温\n客厅  20.0\n主卧  19.0\n次卧  18.0\n平均温度：19.0℃"

    found = facts(ROOMS, table)

    assert {name: fact.value for name, fact in found.items()} == {"rooms": (20.0, 19.0, 18.0), "mean": 19.0}
    assert all(fact.confidence > 0.85 for fact in found.values())


def test_proven_values_are_given_however_badly_their_signs_were_read() -> None:
    table = "测点  室温\n客厅  20.0\n主卧  19.0\n次卧  18.0\n平均温度：{mean}℃"
    scheme = small_scheme(kind("paper", fields=["rooms", "mean"]), fields=tuple(ROOMS))
    extractor = RulesExtractor(scheme)

    proven = extractor.facts(record_of(table.format(mean="19.0"), confidence=0.4), "paper")
    unproven = extractor.facts(record_of(table.format(mean="19.5"), confidence=0.4), "paper")

    assert [fact.value for fact in proven] == [(20.0, 19.0, 18.0), 19.0]
    assert not any(fact.surely_read for fact in proven)
    assert unproven == ()


def test_column_whose_mean_differs_is_left_out() -> None:
    table = "测点  室温\n客厅  20.0\n主卧  19.0\n次卧  13.0\n平均温度：19.0℃"

    assert values(ROOMS, table) == {"mean": 19.0}


STEPS = [field("report_date", "date", "报修日期"), field("done_date", "date", "完成日期")]


def test_steps_in_their_order_are_both_given() -> None:
    found = values(STEPS, "报修日期：2024-01-03  完成日期：2024-01-05")

    assert found == {"report_date": date(2024, 1, 3), "done_date": date(2024, 1, 5)}


@pytest.mark.parametrize("done", ["2023-01-05", "2026-01-05"])
def test_steps_that_cannot_be_make_both_dates_doubtful(done: str) -> None:
    assert values(STEPS, f"报修日期：2024-01-03  完成日期：{done}") == {}
