"""`guidang customers check`: what people and programs are told, from a file and from a database; and what the configuration refuses."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.assembly import build
from connector.commands.customers import _FAULTS
from connector.commands.main import guidang
from connector.commands.session import Session
from connector.config import load
from connector.config_errors import ConfigWrong
from metadata.values import RegisterFault
from tests.connector.example_config import written

HEAD = "客户编号,户名,地址,合同编号,热表号,状态,过户至"
GOOD = "1136250642,周明辉,杏林苑25号楼3单元1103室,,,在用,"
BAD = "1405003324,何晓燕,春晖园13号楼1单元1703室,,,在用,"
NEAR = "1136250659,许雅静,春晖园13号楼1单元1704室,,,在用,"
FROM_VIEW = ('path = "customers.csv"\n', 'url = "sqlite:///crm.db"\nview = "heating"\n')


def check(config_path: Path, *options: str) -> Result:
    with closing(build(load(config_path), {})) as connector:
        connector.look()
        return CliRunner().invoke(guidang, ["customers", "check", *options], obj=Session(application=connector))


def customers(folder: Path, *rows: str) -> Path:
    (folder / "customers.csv").write_text("\n".join((HEAD, *rows)), encoding="utf-8")
    path = written(folder)
    for inbox in load(path).inboxes:
        inbox.path.mkdir(parents=True, exist_ok=True)
    return path


def test_every_fault_has_its_sentences() -> None:
    assert set(_FAULTS) == set(RegisterFault)


def test_sound_register_is_said_to_be_so(tmp_path: Path) -> None:
    said = check(customers(tmp_path, GOOD))

    assert said.exit_code == 0
    assert said.stdout == ""
    assert "Nothing is wrong with the 1 customers" in said.stderr


def test_fault_that_keeps_records_from_being_filed_is_an_error(tmp_path: Path) -> None:
    path = customers(tmp_path, GOOD, BAD, GOOD)

    said = check(path)
    lines = [json.loads(line) for line in check(path, "--json").stdout.splitlines()]

    assert said.exit_code == 3
    assert "1405003324" in said.stdout
    assert "wrong check digit" in said.stdout
    assert [(line["fault"], line["wrong"], line["count"], line["customers"]) for line in lines] == [
        ("twice", True, 1, [["1136250642"]]),
        ("bad_check", True, 1, [["1405003324"]]),
    ]
    assert all(line["sentence"] and line["remedy"] for line in lines)


def test_danger_alone_is_no_error(tmp_path: Path) -> None:
    said = check(customers(tmp_path, GOOD, NEAR), "--json")

    assert said.exit_code == 0
    line = json.loads(said.stdout)
    assert (line["fault"], line["wrong"], line["customers"]) == ("near", False, [["1136250642", "1136250659"]])


def test_file_that_is_wrong_is_said(tmp_path: Path) -> None:
    path = customers(tmp_path, "1136250642,周明辉,,,,不知道,")
    with closing(build(load(path), {})) as connector:
        said = CliRunner().invoke(
            guidang, ["customers", "check"], obj=Session(application=connector), standalone_mode=True
        )

    assert said.exit_code == 3
    assert "不知道" in said.stderr


def test_customers_come_from_a_view_beside_the_configuration(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "crm.db")) as company:
        company.execute("CREATE TABLE heating (customer_no TEXT, name TEXT, address TEXT)")
        company.execute("INSERT INTO heating VALUES ('1136250642', '周明辉', '杏林苑25号楼3单元1103室')")
        company.commit()
    config_path = written(tmp_path, FROM_VIEW)
    with closing(build(load(config_path), {})) as connector:
        connector.look()
        count = connector.register.count()
        findings = {one.severity for one in connector.check() if "register knows" in str(one.subject)}
        refused = CliRunner().invoke(
            guidang,
            ["customers", "import", "other.csv"],
            obj=Session(application=connector),
            standalone_mode=True,
        )

    assert count == 1
    assert {severity.value for severity in findings} == {"ok"}
    assert refused.exit_code == 3
    assert "come from a database" in refused.stderr


def test_view_that_is_away_keeps_the_register_and_is_said_by_check(tmp_path: Path) -> None:
    config_path = written(tmp_path, FROM_VIEW)
    with closing(build(load(config_path), {})) as connector:
        connector.look()
        (finding,) = [one for one in connector.check() if "heating" in str(one.subject)]

    assert finding.severity.value == "error"
    assert finding.remedy is not None


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('path = "customers.csv"\n', ""), "register.path"),
        (('path = "customers.csv"\n', 'url = "sqlite:///crm.db"\n'), "register.view"),
        (('path = "customers.csv"\n', 'path = "customers.csv"\nrefresh_seconds = 0\n'), "refresh_seconds"),
    ],
)
def test_register_that_comes_from_nowhere_is_refused(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    with pytest.raises(ConfigWrong, match=key):
        load(written(tmp_path, change))
