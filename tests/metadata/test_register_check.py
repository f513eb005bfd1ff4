"""What is wrong or dangerous in the register is found, named by customer numbers, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from metadata.register_check import check_customers
from metadata.register_import import import_register
from metadata.values import RegisterFault
from tests.metadata.register_rows import NOW, number_scheme

HEAD = "客户编号,户名,地址,合同编号,热表号,状态,过户至"


def found(engine: Engine, folder: Path, *rows: str) -> dict[RegisterFault, tuple[tuple[str, ...], ...]]:
    path = folder / "customers.csv"
    path.write_text("\n".join((HEAD, *rows)), encoding="utf-8")
    report = import_register(engine, path, {}, number_scheme(), NOW)
    return {one.fault: one.groups for one in check_customers(engine, number_scheme(), report.doubles)}


def place(
    number: str, name: str = "甲", address: str = "", contract: str = "", meter: str = "", more: str = ","
) -> str:
    return f"{number},{name},{address},{contract},{meter},{more}"


def test_nothing_is_found_where_all_is_well(engine: Engine, tmp_path: Path) -> None:
    rows = [
        place("1136250642", "周明辉", "杏林苑25号楼3单元1103室"),
        place("1405003323", "何晓燕", "春晖园13号楼1单元1703室"),
    ]

    assert found(engine, tmp_path, *rows) == {}


def test_empty_register_is_well(engine: Engine) -> None:
    assert list(check_customers(engine, number_scheme(), ())) == []


def test_number_that_came_twice_is_named_once(engine: Engine, tmp_path: Path) -> None:
    rows = [place("1136250642", address="杏林苑25号楼3单元1103室")] * 3

    assert found(engine, tmp_path, *rows) == {RegisterFault.TWICE: (("1136250642",),)}


def test_wrong_check_digit_and_foreign_form_are_told_apart(engine: Engine, tmp_path: Path) -> None:
    rows = [place("1136250643", meter="1"), place("OLD-7", meter="2")]

    faults = found(engine, tmp_path, *rows)

    assert faults[RegisterFault.BAD_CHECK] == (("1136250643",),)
    assert faults[RegisterFault.NO_FORM] == (("OLD-7",),)


def test_one_person_with_two_numbers_in_use(engine: Engine, tmp_path: Path) -> None:
    rows = [
        place("1136250642", "周 明辉", "东州市杏林苑25号楼3单元1103室"),
        place("1405003323", "周明辉", "杏林苑25号楼3单元1103室"),
        place("1178131418", "周明辉", "杏林苑25号楼3单元1104室"),
    ]

    assert found(engine, tmp_path, *rows) == {RegisterFault.SAME_PERSON: (("1136250642", "1405003323"),)}


def test_closed_account_may_share_everything_with_its_successor(engine: Engine, tmp_path: Path) -> None:
    rows = [
        place("1300552048", "赵大年", "柳营里4号楼1单元502室", "HT1", "M1", "已过户,1405003323"),
        place("1405003323", "赵大年", "柳营里4号楼1单元502室", "HT1", "M1"),
    ]

    assert found(engine, tmp_path, *rows) == {}


def test_shared_meters_and_contracts_are_grouped(engine: Engine, tmp_path: Path) -> None:
    rows = [
        place("1136250642", "甲", "杏林苑1号楼1单元101室", "HT1", "M1"),
        place("1405003323", "乙", "杏林苑1号楼1单元102室", "HT1", "M1"),
        place("1178131418", "丙", "杏林苑1号楼1单元103室", "HT2", "M1"),
    ]

    assert found(engine, tmp_path, *rows) == {
        RegisterFault.SAME_METER: (("1136250642", "1178131418", "1405003323"),),
        RegisterFault.SAME_CONTRACT: (("1136250642", "1405003323"),),
    }


@pytest.mark.parametrize(
    ("more", "group"), [("已过户,", ("1300552048",)), ("已过户,1405003323", ("1300552048", "1405003323"))]
)
def test_closed_account_without_a_known_successor(
    engine: Engine, tmp_path: Path, more: str, group: tuple[str, ...]
) -> None:
    rows = [place("1300552048", "赵大年", "柳营里4号楼1单元502室", more=more)]

    assert found(engine, tmp_path, *rows) == {RegisterFault.NO_SUCCESSOR: (group,)}


def test_customer_whose_number_only_the_name_can_confirm(engine: Engine, tmp_path: Path) -> None:
    assert found(engine, tmp_path, place("1136250642")) == {RegisterFault.NO_PLACE: (("1136250642",),)}


def test_near_numbers_are_found_and_those_that_look_alike_come_apart(engine: Engine, tmp_path: Path) -> None:
    rows = [
        place("1136250642", address="杏林苑1号楼1单元101室"),
        place("1136250659", address="杏林苑1号楼1单元102室"),
        place("1240077319", address="杏林苑1号楼1单元103室"),
        place("1240071179", address="杏林苑1号楼1单元104室"),
    ]

    faults = found(engine, tmp_path, *rows)

    assert faults[RegisterFault.NEAR] == (("1136250642", "1136250659"),)
    assert RegisterFault.NEAR_ALIKE not in faults
