"""Forms printed in traditional Chinese: understood as the same forms in simplified Chinese, and quoted as printed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from opencc import OpenCC

from classifiers.amounts import amount_of_capitals, amounts_in, capitals_in
from classifiers.boxes import ticked
from classifiers.fields import RulesExtractor
from classifiers.loose_address import looks_like_address
from classifiers.page_counts import PageCount, page_count_of
from classifiers.rules import RulesClassifier
from classifiers.scheme import Choice
from classifiers.split import ContentSplitter
from ingest.normalise import simplified
from tests.classifiers.forms import page_of, record_of
from tests.classifiers.other_forms import OTHER_FORMS
from tests.classifiers.schemes import example_scheme
from tests.metadata.register_rows import number_scheme

_SIGNS = OpenCC("s2t").convert
RULES = RulesClassifier(example_scheme())
EXTRACTOR = RulesExtractor(example_scheme(), 0.8)
RECEIPT = """云州热力有限公司
热费缴费收据
户名：张伟    客户编号：3644010284
用热地址：百合园21号楼3单元104室
缴费日期：2023年10月9日
金额大写：贰仟零叁拾伍元肆角柒分    金额：2035.47元"""

DEED = """身份证产权证复印件
户名：张伟    客户编号：3644010284
不动产权证号：云(2018)云州市不动产权第0012345号
复印日期：2023年10月9日"""


def traditional(text: str) -> str:
    return "".join(map(_SIGNS, text))


FORMS = [(kind, form) for kind, forms in OTHER_FORMS.items() for form in forms]


@pytest.mark.parametrize(("kind", "form"), FORMS, ids=[f"{kind}-{number}" for number, (kind, _) in enumerate(FORMS)])
def test_kind_is_told_as_from_the_same_form_in_simplified_chinese(kind: str, form: str) -> None:
    simple, other = RULES.classify(record_of(form)), RULES.classify(record_of(traditional(form)))

    assert (other.verdict, other.kind) == (simple.verdict, simple.kind)
    assert abs(other.confidence - simple.confidence) < 0.01


@pytest.mark.parametrize(("kind", "form"), [("receipt", RECEIPT), ("id_copy", DEED), *FORMS])
def test_facts_are_the_same_and_texts_are_kept_as_printed(kind: str, form: str) -> None:
    facts = {fact.name: fact.value for fact in EXTRACTOR.facts(record_of(traditional(form)), kind)}
    wanted = {fact.name: fact.value for fact in EXTRACTOR.facts(record_of(form), kind)}

    assert facts.keys() == wanted.keys()
    assert {name: simplified(v) if isinstance(v, str) else v for name, v in facts.items()} == wanted


def test_code_that_names_itself_is_kept_as_printed() -> None:
    facts = {fact.name: fact.value for fact in EXTRACTOR.facts(record_of(traditional(DEED)), "id_copy")}

    assert facts["deed_no"] == "雲（2018）雲州市不動產權第0012345號"


def test_signs_of_the_customer_are_found_and_kept_as_printed() -> None:
    found = EXTRACTOR.signs(record_of(traditional(RECEIPT)), "receipt")

    assert found.name is not None
    assert found.name.value == "張偉"
    assert found.address is not None
    assert found.address.value == "百合園21號樓3單元104室"


def test_customer_number_is_found_under_its_traditional_label() -> None:
    (candidate,) = number_scheme().candidates(record_of(traditional(RECEIPT)))

    assert (candidate.number, candidate.labelled, candidate.surely_read) == ("3644010284", True, True)


def test_amounts_in_traditional_capitals_are_read_and_quoted_as_printed() -> None:
    assert amount_of_capitals("貳仟零參拾伍圓肆角柒分") == 2035.47
    assert list(capitals_in("計貳萬零玖拾圓整")) == [("貳萬零玖拾圓整", 20090.0, 1, 8)]
    assert [found.is_marked for found in amounts_in("合計 600 圓")] == [True]


def test_ticked_choice_is_found() -> None:
    choices = (Choice("floor", ("地暖",)), Choice("radiator", ("散热器",)))

    found = ticked("□地暖 ☑散熱器", choices)

    assert found is not None
    assert found.option.value == "radiator"


def test_address_without_a_label_and_page_counts_are_found() -> None:
    assert looks_like_address("百合園21號樓3單元104室")
    assert page_count_of(["第 2 頁 共 3 頁"]) == PageCount(2, 3)


def test_clause_goes_on_with_the_contract_before_it() -> None:
    splitter = ContentSplitter(example_scheme(), number_scheme())
    contract = "供用热合同\n客户编号：3644010284\n" + "甲方应当按照约定向乙方供热\n" * 4
    clauses = "第五條 違約責任\n乙方逾期交費的，應當支付違約金\n" * 4

    (beginning,) = splitter.beginnings((page_of(contract), replace(page_of(clauses), page_number=2)))

    assert beginning.confidence < 0.2
