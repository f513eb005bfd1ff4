"""Labels that no list has, put together of the words of the trade; and those of others, that are not."""

from __future__ import annotations

import pytest

from classifiers.fields import RulesExtractor
from classifiers.label_parts import ComposedLabels
from classifiers.labels import label_form
from tests.classifiers.forms import record_of
from tests.classifiers.schemes import example_scheme

SIGNS = example_scheme().signs
COMPOSED = ComposedLabels(SIGNS)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("取暖户名", SIGNS.name[0]),
        ("户主姓名", SIGNS.name[0]),
        ("热用户名称", SIGNS.name[0]),
        ("产权人姓名", SIGNS.name[0]),
        ("采暖房屋位置", SIGNS.address[0]),
        ("用户住址", SIGNS.address[0]),
        ("供热点地址", SIGNS.address[0]),
        ("房屋坐落地址", SIGNS.address[0]),
        ("用热合约号", SIGNS.contract_no[0]),
        ("供热协议书编号", SIGNS.contract_no[0]),
        ("热计量表出厂编号", SIGNS.meter_no[0]),
        ("原热用户名称", SIGNS.old_name[0]),
        ("现户名", SIGNS.new_name[0]),
        ("变更后户主姓名", SIGNS.new_name[0]),
    ],
)
def test_words_of_the_trade_make_a_label(text: str, label: str) -> None:
    assert COMPOSED.label(label_form(text)) == label


@pytest.mark.parametrize(
    "text",
    ["供热单位名称", "施工单位名称", "联系人姓名", "经办人姓名", "查阅人姓名", "换热站名称", "供热单位地址", "会议地点", "签订地点",
     "水表编号", "电表号", "劳动合同编号", "名称", "地址", "户名", "用户签名", "供热面积"],
)  # fmt: skip
def test_labels_of_others_and_plain_ones_are_not_put_together(text: str) -> None:
    assert COMPOSED.label(label_form(text)) is None


def test_nothing_is_put_together_for_a_sign_that_the_scheme_does_not_label() -> None:
    unlabelled = ComposedLabels(type(SIGNS)(*((),) * 9))

    assert unlabelled.label("取暖户名") is None


def test_composed_labels_give_the_customers_signs() -> None:
    record = record_of("热费账户移交书\n取暖户名：孔强  用热位置：杏林苑25号楼3单元1103室\n供热协议号：XY2017-13495")

    found = RulesExtractor(example_scheme()).signs(record, "repair")

    assert [fact and (fact.value, fact.surely_read) for fact in (found.name, found.address, found.contract_no)] == [
        ("孔强", True),
        ("杏林苑25号楼3单元1103室", True),
        ("XY2017-13495", True),
    ]


def test_label_goes_on_in_a_sentence_and_is_none() -> None:
    record = record_of("通知\n用户住址变更的须到营业厅办理登记手续")

    assert RulesExtractor(example_scheme()).signs(record, "repair").address is None


def test_title_is_no_name() -> None:
    record = record_of("供热用户名称变更备案表\n原户名：丁强芳")

    assert RulesExtractor(example_scheme()).signs(record, "repair").name is None
