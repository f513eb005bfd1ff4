"""Names of organisations that go on in the next row, and persons' names that never do."""

from __future__ import annotations

import pytest

from classifiers.fields import RulesExtractor
from tests.classifiers.forms import record_of
from tests.classifiers.number_schemes import SURELY, example_scheme


def name_on(text: str) -> object:
    """Return the customer's name that the extractor finds on a page, None where it finds none."""
    found = RulesExtractor(example_scheme(), SURELY).signs(record_of(text), "contract").name
    return found.value if found is not None else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("合同\n用户名称：东州市宏运餐饮有限公司\n第二分公司  户号：", "东州市宏运餐饮有限公司第二分公司"),
        ("合同\n用户名称：东州市农村商业银行江滨支行(四)\n部", "东州市农村商业银行江滨支行(四)部"),
        ("合同\n用户名称：东州市天成养老服务中心  户号：\n(二)部", "东州市天成养老服务中心(二)部"),
        ("合同\n用户名称：东州市宏运餐饮有限\n公司", "东州市宏运餐饮有限公司"),
    ],
)
def test_end_of_a_name_is_taken_from_the_next_row(text: str, name: str) -> None:
    assert name_on(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("合同\n户名：周明辉\n部", "周明辉"),
        ("合同\n用户名称：东州市宏运餐饮有限公司\n房屋地址：杏林苑25-3-1103", "东州市宏运餐饮有限公司"),
        ("合同\n用户名称：东州市宏运餐饮有限公司\n一、供热面积与用途", "东州市宏运餐饮有限公司"),
        ("合同\n用户名称：东州市宏运餐饮有限公司\n说明：无\n第二分公司的锅炉", "东州市宏运餐饮有限公司"),
    ],
    ids=["a person", "another label", "a heading", "a sentence farther down"],
)
def test_other_rows_are_not(text: str, name: str) -> None:
    assert name_on(text) == name
