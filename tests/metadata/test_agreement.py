"""Whether a name, an address or a number on the page is a customer's: rather unreadable than wrongly yes or no."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.agreement import (
    Agreement,
    code_key,
    compare_address,
    compare_code,
    compare_name,
    name_key,
    registered_address,
    room_key,
)
from tests.metadata.samples import CUSTOMER

AGREES, DIFFERS, UNREADABLE, ABSENT = Agreement.AGREES, Agreement.DIFFERS, Agreement.UNREADABLE, Agreement.ABSENT
AT_HOME = replace(CUSTOMER, address="东州市河湾区杏林苑25号楼3单元1103室")


class TestNames:
    @pytest.mark.parametrize(
        ("text", "registered", "expected"),
        [
            ("王小明", "王小明", AGREES),
            ("王 小 明", "王小明", AGREES),
            ("Zhou  Minghui", "ZHOU MINGHUI", AGREES),
            ("东州市宏运餐饮（二）部", "东州市宏运餐饮(二)部", AGREES),
            ("王建国", "王建军", DIFFERS),
            ("刘小平", "王小明", DIFFERS),
            ("东州市宏运餐饮有限公司", "东州市宏远餐饮有限公司", UNREADABLE),
            ("王*明", "王小明", UNREADABLE),
            ("王小", "王小明", UNREADABLE),
            ("东州市宏运餐饮有限公司第二分公司", "东州市宏运餐饮有限公司", UNREADABLE),
            ("", "王小明", UNREADABLE),
            (None, "王小明", ABSENT),
            ("王小明", "", ABSENT),
        ],
    )
    def test_surely_read(self, text: str | None, registered: str, expected: Agreement) -> None:
        assert compare_name(text, True, registered) is expected

    @pytest.mark.parametrize(("text", "expected"), [("王小明", AGREES), ("刘小平", UNREADABLE), ("王小朋", UNREADABLE)])
    def test_not_surely_read_never_differs(self, text: str, expected: Agreement) -> None:
        assert compare_name(text, False, "王小明") is expected


class TestCodes:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("DR-2012-80138", AGREES),
            ("dr 2012 80138", AGREES),
            ("DR-2O12-8OI38", AGREES),
            ("DR-2012-80139", DIFFERS),
            (None, ABSENT),
        ],
    )
    def test_surely_read(self, text: str | None, expected: Agreement) -> None:
        assert compare_code(text, True, "DR-2012-80138") is expected

    def test_not_surely_read_never_differs(self) -> None:
        assert compare_code("DR-2012-80139", False, "DR-2012-80138") is UNREADABLE

    def test_register_without_one_says_nothing(self) -> None:
        assert compare_code("DR-2012-80139", True, "") is ABSENT


class TestAddresses:
    @pytest.mark.parametrize(
        "text",
        [
            "杏林苑25号楼3单元1103室",
            "杏林苑25#3单元1103",
            "河湾区杏林苑25-3-1103",
            "东州河湾区杏林苑25号楼3单元1103室",
            "东州市诃湾区杏林苑25号楼3单元1103室",
            "备注杏林苑25号楼3单元1103室",
        ],
        ids=["short", "signs", "dashes", "市 lost", "district misread", "words before it"],
    )
    def test_same_place_agrees(self, text: str) -> None:
        assert compare_address(text, True, AT_HOME) is AGREES

    @pytest.mark.parametrize(
        "text",
        ["杏林苑25号楼3单元1104室", "杏林苑26号楼3单元1103室", "杏林苑25号楼1单元1103室", "松涛院25号楼3单元1104室"],
    )
    def test_another_flat_differs_where_surely_read_and_is_unreadable_otherwise(self, text: str) -> None:
        assert compare_address(text, True, AT_HOME) is DIFFERS
        assert compare_address(text, False, AT_HOME) is UNREADABLE

    @pytest.mark.parametrize(
        "text", ["杏林苑25号楼", "杏林苑25号楼?3单元1108室", "以合同首部为准", "", "城北区杏林苑25号楼3单元1103室"]
    )
    def test_part_of_it_or_another_district_is_unreadable(self, text: str) -> None:
        assert compare_address(text, True, AT_HOME) is UNREADABLE

    def test_districts_of_two_directions_are_two(self) -> None:
        east = replace(CUSTOMER, address="东州市河东区杏林苑25号楼3单元1103室")

        assert compare_address("东州市河西区杏林苑25号楼3单元1103室", True, east) is UNREADABLE
        assert compare_address("东州市阿东区杏林苑25号楼3单元1103室", True, east) is AGREES

    def test_misread_sign_in_the_estate_agrees_only_where_the_reading_was_doubtful(self) -> None:
        assert compare_address("杏木苑25号楼3单元1103室", False, AT_HOME) is AGREES
        assert compare_address("杏木苑25号楼3单元1103室", True, AT_HOME) is UNREADABLE

    def test_estates_of_two_numbers_are_two(self) -> None:
        second = replace(CUSTOMER, address="工人二村16号楼3单元901室")

        assert compare_address("工人三村16号楼3单元901室", False, second) is UNREADABLE
        assert compare_address("工人絋村16号楼3单元901室", False, second) is AGREES

    def test_rest_of_the_district_before_the_estate_does_no_harm(self) -> None:
        north = replace(CUSTOMER, address="东州市城北区柳营里4号楼1单元502室")

        assert compare_address("东州市城北×柳营里4号楼1单元502室", False, north) is AGREES
        assert compare_address("北柳营里4号楼1单元502室", False, replace(north, address="柳营里4-1-502")) is UNREADABLE

    def test_nothing_to_compare_is_absent(self) -> None:
        nowhere = replace(CUSTOMER, address="", area="", building="", room="")

        assert compare_address(None, True, AT_HOME) is ABSENT
        assert compare_address("杏林苑25号楼3单元1103室", True, nowhere) is ABSENT

    def test_parts_stand_in_for_an_address_that_the_register_lacks(self) -> None:
        in_parts = replace(CUSTOMER, address="", area="杏林苑", building="25号楼", room="3单元1103室")

        assert compare_address("杏林苑25-3-1103", True, in_parts) is AGREES
        assert room_key(in_parts) == room_key(AT_HOME)
        assert registered_address(in_parts).numbers == ("25", "3", "1103")


@given(st.text(max_size=30), st.booleans())
def test_comparing_never_raises_and_doubt_never_contradicts(text: str, surely: bool) -> None:
    found = (
        compare_name(text, surely, "王小明"),
        compare_code(text, surely, "DR-2012-80138"),
        compare_address(text, surely, AT_HOME),
    )

    assert surely or DIFFERS not in found


@given(st.text(max_size=30))
def test_keys_are_stable(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
    assert code_key(code_key(text)) == code_key(text)
