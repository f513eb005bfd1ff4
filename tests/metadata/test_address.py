"""Addresses taken apart: one place has one key, however paper or register write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.address import parsed


@pytest.mark.parametrize(
    "text",
    [
        "东州市河湾区杏林苑25号楼3单元1103室",
        "河湾区杏林苑25号楼3单元1103室",
        "杏林苑25号楼3单元1103室",
        "杏林苑25#3单元1103",
        "杏林苑25-3-1103",
        "杏林苑 25 号楼 3 单元 1103 室",
        "杏林苑２５号楼３单元１１０３室",
        "杏林苑25栋3单元1103",
        "杏林苑25幢3门1103室",
        "杏林苑025号楼03单元1103室",
        "杏林苑二十五号楼三单元1103室",
        "某某省东州市河湾区杏林苑25号楼3单元1103室",
        "杏林苑25号楼3单元11O3室",
        "杏林苑25号楼3单元1l03室",
        "杏林苑25—3—1103",
    ],
)
def test_one_flat_has_one_key(text: str) -> None:
    assert parsed(text).key == "杏林苑|25-3-1103"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("江滨广场3号楼C座12层", ("3", "C", "12")),
        ("科技园8号楼2号门市", ("8", "M2")),
        ("创业大厦D座8层", ("D", "8")),
        ("工人新村16号楼A座", ("16", "A")),
        ("白桦里7号楼2单元301A室", ("7", "2", "301A")),
    ],
)
def test_blocks_floors_and_shops_are_numbers_too(text: str, numbers: tuple[str, ...]) -> None:
    assert parsed(text).numbers == numbers


@pytest.mark.parametrize(
    ("text", "district", "area"),
    [
        ("东州市河湾区杏林苑25号楼", "河湾区", "杏林苑"),
        ("东州市城北区北苑小区1号楼", "城北区", "北苑小区"),
        ("北苑小区1号楼", "", "北苑小区"),
        ("东州市安平县柳营里4号楼", "安平县", "柳营里"),
        ("城北区柳营里4号楼", "城北区", "柳营里"),
    ],
)
def test_city_is_left_out_and_the_district_kept_beside(text: str, district: str, area: str) -> None:
    found = parsed(text)

    assert (found.district, found.area) == (district, area)


@pytest.mark.parametrize("text", ["杏林苑25号楼?3单元1103室", "杏林苑25号楼3单元1103室建筑面积"])
def test_signs_that_are_no_address_make_it_unclean(text: str) -> None:
    assert not parsed(text).is_clean


@pytest.mark.parametrize("text", ["", "杏林苑", "12345", "以本合同首部为准"])
def test_text_without_estate_or_numbers_has_no_key(text: str) -> None:
    assert parsed(text).key == ""


@given(st.text(max_size=60))
def test_any_text_can_be_taken_apart(text: str) -> None:
    found = parsed(text)

    assert bool(found.key) == bool(found.area and found.numbers)
    assert found.area == parsed(text).area


@given(
    st.sampled_from(["杏林苑", "北苑小区", "柳营里", "江滨广场", "工人新村"]),
    st.integers(1, 99),
    st.integers(1, 9),
    st.integers(101, 3399),
)
def test_long_and_short_form_are_one_place(estate: str, building: int, unit: int, room: int) -> None:
    long = parsed(f"东州市城北区{estate}{building}号楼{unit}单元{room}室")
    short = parsed(f"{estate}{building}-{unit}-{room}")

    assert long.key == short.key
    assert long.is_clean
    assert short.is_clean
