"""Addresses whose label could not be read: found by their looks, never surely read."""

from __future__ import annotations

import pytest

from classifiers.fields import RulesExtractor
from classifiers.loose_address import looks_like_address
from classifiers.values import Fact
from tests.classifiers.forms import record_of
from tests.classifiers.number_schemes import SURELY, example_scheme


def address_on(text: str) -> Fact | None:
    """Return the address that the extractor finds on a page."""
    return RulesExtractor(example_scheme(), SURELY).signs(record_of(text), "receipt").address


@pytest.mark.parametrize(
    "text",
    [
        "杏林苑25号楼3单元1103室",
        "东州市河湾区杏林苑25号楼3单元1103",
        "杏林苑 25# 3单元 1103",
        "杏林苑25-3-1103",
        "江滨广场3号楼C座12层",
        "科技园8号楼2号门市",
        "杏林苑25弓楼3单元1103室",
    ],
)
def test_building_with_a_room_looks_like_an_address(text: str) -> None:
    assert looks_like_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "采暖期2020-2021",
        "日期2019-12-09",
        "东州市建设路67号0418-7829637",
        "自3号楼换热站引入",
        "杏林苑25号楼",
        "第3层平面图",
    ],
)
def test_other_texts_do_not(text: str) -> None:
    assert not looks_like_address(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("收据\n用址|杏林苑25号楼3单元1103室  面积 64.22", "用址杏林苑25号楼3单元1103室"),
        ("收据\n备注 杏林苑25号楼3单元1103室", "备注杏林苑25号楼3单元1103室"),
        ("收据\n地址、电话：杏林苑25#3单元1103 12330501309", "杏林苑25#3单元1103"),
        ("收据\n地址、电话：杏林苑25号楼3单元1103室12330501309", "杏林苑25号楼3单元1103室"),
        ("收据\n用热地址：以合同首部为准\n户名：周明辉\n位于 杏林苑25-3-1103", "位于杏林苑25-3-1103"),
    ],
)
def test_address_without_its_label_is_found_and_not_surely_read(text: str, address: str) -> None:
    found = address_on(text)

    assert found is not None
    assert (found.value, found.surely_read) == (address, False)
    assert found.evidence is not None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("发票\n供热季 2024  杏林苑25号楼3单元\n2025  1103室", None),
        ("复印件\n杏林苑25号\n楼3单元1103室", "杏林苑25号楼3单元1103室"),
        ("发票\n东州市河湾区杏林苑25号楼3单元\n1103室", "东州市河湾区杏林苑25号楼3单元1103室"),
        ("发票\n东州市河湾区杏林苑25号楼3单元1103\n室", "东州市河湾区杏林苑25号楼3单元1103室"),
        ("发票\n销方  东州市河湾区杏林苑25号楼3单元1103室", "东州市河湾区杏林苑25号楼3单元1103室"),
    ],
    ids=[
        "below another cell",
        "cut in its building",
        "cut before its room",
        "cut before its last sign",
        "beside a head",
    ],
)
def test_address_goes_on_in_the_cell_right_below(text: str, address: str | None) -> None:
    found = address_on(text)

    assert (found.value if found is not None else None) == address


def test_labelled_address_wins() -> None:
    found = address_on("收据\n春晖园13号楼1单元1703室\n用热地址：杏林苑25号楼3单元1103室")

    assert found is not None
    assert (found.value, found.surely_read) == ("杏林苑25号楼3单元1103室", True)


def test_page_without_an_address_has_none() -> None:
    assert address_on("收据\n户名：周明辉  面积：64.22\n采暖期 2020-2021") is None


def test_heading_is_no_name() -> None:
    extractor = RulesExtractor(example_scheme(), SURELY)

    assert extractor.signs(record_of("收据\n用户  信息\n面积：64.22"), "receipt").name is None


@pytest.mark.parametrize("cut", ["杏林苑25号楼3", "杏林苑25号楼3单元"])
def test_address_cut_before_its_unit_or_room_is_not_surely_read(cut: str) -> None:
    found = address_on(f"收据\n用热地址：{cut}\n户名：周明辉")

    assert found is not None
    assert not found.surely_read
