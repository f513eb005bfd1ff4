"""Where a new record begins in a stack without separator sheets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifiers.customer_number import NumberScheme
from classifiers.number_forms import forms_from
from classifiers.split import ContentSplitter
from ingest.values import PageText
from tests.classifiers.forms import page_of
from tests.classifiers.schemes import example_scheme

FORMS = {
    "labels": ["客户编号"],
    "forms": [{"name": "standard", "pattern": "[0-9]{10}", "separators": " -", "check": "iso7064.mod_11_10"}],
}
FORM = "供热维修单\n客户编号：{number}\n户名：王小明\n用热地址：百合园3号楼2单元301室\n故障：暖气不热"
CLAUSES = "第五条 设施的产权与维护\n甲方负责换热站，乙方负责室内设施。\n第六条 停热与恢复\n乙方应提前提出申请。"
LETTER = (
    "云州市恒暖热力有限责任公司领导：\n"
    + "今年冬天家中无人居住，水管冻裂，给邻居带来了麻烦，现已修好，请予谅解并免收部分费用。\n" * 3
)
SURE, SURELY_NOT = 0.85, 0.2


@pytest.fixture(scope="module")
def splitter() -> ContentSplitter:
    scheme = example_scheme()
    return ContentSplitter(scheme, NumberScheme(forms_from(FORMS), 0.8, scheme))


def stack(*texts: str) -> tuple[PageText, ...]:
    pages = (page_of(text) for text in texts)
    return tuple(replace(one, page_number=number) for number, one in enumerate(pages, start=1))


def confidences(splitter: ContentSplitter, *texts: str) -> dict[int, float]:
    return {one.page_number: one.confidence for one in splitter.beginnings(stack(*texts))}


def test_form_with_its_own_title_begins_a_record(splitter: ContentSplitter) -> None:
    found = confidences(splitter, FORM.format(number="1687189159"), FORM.format(number="3640219835"))

    assert found[2] >= SURE


def test_second_form_of_one_customer_begins_a_record_too(splitter: ContentSplitter) -> None:
    found = confidences(splitter, FORM.format(number="1687189159"), FORM.format(number="1687189159"))

    assert found[2] >= SURE


def test_page_of_clauses_goes_on(splitter: ContentSplitter) -> None:
    contract = "供用热合同\n客户编号：1687189159\n用热人：王小明"

    found = confidences(splitter, contract, CLAUSES)

    assert found[2] <= SURELY_NOT


def test_annex_goes_on(splitter: ContentSplitter) -> None:
    found = confidences(splitter, FORM.format(number="1687189159"), "附：现场照片")

    assert found[2] <= SURELY_NOT


@pytest.mark.parametrize("count", ["第2页 共3页", "Page 2 of 3", "FROM:0418 2020-01-02 P.02/03"])
def test_page_that_counts_itself_as_a_later_one_goes_on(splitter: ContentSplitter, count: str) -> None:
    found = confidences(splitter, FORM.format(number="1687189159"), f"{count}\n处理情况：更换阀门。")

    assert found[2] <= SURELY_NOT


def test_letter_that_nothing_ties_to_the_page_before_is_doubtful(splitter: ContentSplitter) -> None:
    found = confidences(splitter, FORM.format(number="1687189159"), LETTER)

    assert SURELY_NOT < found[2] < SURE


def test_blank_backs_are_not_spoken_of(splitter: ContentSplitter) -> None:
    found = confidences(splitter, FORM.format(number="1687189159"), "", FORM.format(number="3640219835"), "")

    assert list(found) == [3]


def test_one_page_has_no_beginning_after_it(splitter: ContentSplitter) -> None:
    assert confidences(splitter, FORM.format(number="1687189159")) == {}
