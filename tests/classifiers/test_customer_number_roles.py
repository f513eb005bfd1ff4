"""Forms with two customers: which number is the old one's and which the new one's, by label, heading or column."""

from __future__ import annotations

import pytest

from classifiers.values import NumberRole
from tests.classifiers.forms import record_of
from tests.classifiers.number_schemes import ten_digits

OLD, NEW = "1300552048", "1300559912"


def roles(text: str) -> dict[str, NumberRole]:
    """Return the role of each number of a page."""
    return {candidate.number: candidate.role for candidate in ten_digits().candidates(record_of(text))}


@pytest.mark.parametrize(
    "text",
    [
        f"过户申请表\n原客户编号：{OLD}  原户名：赵大年\n新客户编号：{NEW}  新户名：汪志强",
        f"过户申请表\n原户号 {OLD}\n新户号 {NEW}",
        f"过户申请表\n过户前户号：{OLD}\n过户后户号：{NEW}",
        f"过户申请表\n原用户信息\n户号：{OLD}  户名：赵大年\n新用户信息\n户号：{NEW}  户名：汪志强",
        f"过户申请表\n转出方  户名 赵大年  户号 {OLD}\n转入方  户名 汪志强  户号 {NEW}",
        f"过户申请表\n项目内容  原用户  新用户\n户号：  {OLD}  {NEW}",
        f"Change of customer\nPrevious customer  Zhao\nCustomer No. {OLD}\nNew customer  Wang\nCustomer No. {NEW}",
        f"Change of customer\nOld Account No. {OLD}  New Account No. {NEW}",
    ],
    ids=[
        "labels",
        "short labels",
        "before and after",
        "headings",
        "in the row",
        "columns",
        "English",
        "English labels",
    ],
)
def test_both_numbers_have_their_roles(text: str) -> None:
    assert roles(text) == {OLD: NumberRole.OLD, NEW: NumberRole.NEW}


@pytest.mark.parametrize(
    "text",
    [f"开户登记表\n新用户须知\n户号：{NEW}", f"收据\n户号：{NEW}", f"报修单\n原用户已搬离\n户号：{NEW}"],
    ids=["new alone", "no heading", "old alone"],
)
def test_headings_of_one_sort_alone_give_no_role(text: str) -> None:
    assert roles(text) == {NEW: NumberRole.CUSTOMER}


def test_each_role_without_a_sure_number_gets_its_second_look() -> None:
    record = record_of(f"过户申请表\n原客户编号：{OLD}  原户名：赵大年\n新客户编号：1300559913  新户名：汪志强")

    requests = ten_digits().rereads(record)

    assert [request.role for request in requests] == [NumberRole.NEW]
