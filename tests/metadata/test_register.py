"""The register: imported whole or not at all, refreshed when the file changes, and looked up by everything paper says."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from sqlalchemy import Engine
from zope.interface.verify import verifyObject

from metadata.interfaces import IRegister, RegisterWrong
from metadata.register import Register, thirds
from metadata.register_import import import_register, refresh_register
from metadata.values import Customer, CustomerState, CustomerType
from tests.metadata.register_rows import NOW, ROWS, number_scheme, register_in

HEAD = "客户编号,户名,地址,合同编号,热表号,状态,过户至"


@pytest.fixture
def register(engine: Engine, tmp_path: Path) -> Register:
    """Return the invented register."""
    return register_in(engine, tmp_path)


def numbers(customers: Sequence[Customer]) -> list[str]:
    """Return the numbers, in order."""
    return sorted(customer.number for customer in customers)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a customer file and return its path."""
    path = folder / "kunden.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_register_keeps_its_interface(register: Register) -> None:
    assert verifyObject(IRegister, register)


class TestLookUps:
    def test_by_number(self, register: Register) -> None:
        customer = register.by_number("1300552048")

        assert customer is not None
        assert (customer.name, customer.state, customer.transferred_to) == (
            "赵大年",
            CustomerState.TRANSFERRED,
            "1300559912",
        )
        assert register.by_number("1300552049") is None

    @pytest.mark.parametrize("name", ["王建国", " 王 建 国 ", "王建国。"])
    def test_by_name_finds_all_namesakes(self, register: Register, name: str) -> None:
        assert numbers(register.by_name(name)) == ["1240077319", "1240081122"]

    @pytest.mark.parametrize(
        "address",
        ["东州市城北区柳营里4号楼1单元502室", "柳营里4-1-502", "城北区柳营里4#1单元502", "柳营里 4号楼 1单元 502"],
    )
    def test_by_address_finds_all_who_live_there(self, register: Register, address: str) -> None:
        assert numbers(register.by_address(address)) == ["1300552048", "1300559912"]

    def test_by_address_of_another_district_finds_nobody(self, register: Register) -> None:
        assert register.by_address("河湾区柳营里4号楼1单元502室") == ()

    def test_by_contract_and_meter(self, register: Register) -> None:
        assert numbers(register.by_contract_no("dr201280138")) == ["1136250642"]
        assert numbers(register.by_meter_no("CR 42998207")) == ["1300552048", "1300559912"]

    @pytest.mark.parametrize("nothing", ["", " ", "，。", "???"])
    def test_nothing_finds_nobody(self, register: Register, nothing: str) -> None:
        found = (
            register.by_name(nothing),
            register.by_address(nothing),
            register.by_contract_no(nothing),
            register.by_meter_no(nothing),
            register.predecessors(nothing),
            register.near(nothing),
        )

        assert found == ((), (), (), (), (), ())

    def test_predecessors_are_the_closed_accounts_that_went_there(self, register: Register) -> None:
        assert numbers(register.predecessors("1300559912")) == ["1300552048"]
        assert register.predecessors("1136250642") == ()

    def test_count(self, register: Register) -> None:
        assert register.count() == len(ROWS.splitlines()) - 1


class TestNear:
    @pytest.mark.parametrize(
        "number",
        [
            "1136250643",
            "1136250624",
            "113625064",
            "11362506422",
            "1186250642",
            "1136250842",
            "9136250649",
            "1316250642",
        ],
        ids=["wrong", "swapped", "lost", "added", "wrong early", "wrong late", "two wrong", "swapped early"],
    )
    def test_number_up_to_two_signs_away_is_found(self, register: Register, number: str) -> None:
        assert register.near(number)[0].number == "1136250642"

    def test_nearest_comes_first_and_no_more_than_asked(self, register: Register) -> None:
        assert [c.number for c in register.near("1136250649")] == ["1136250642", "1136250659"]
        assert [c.number for c in register.near("1136250649", limit=1)] == ["1136250642"]

    def test_farther_is_not_found(self, register: Register) -> None:
        assert register.near("9999999999") == ()
        assert register.near("11") == ()

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        number=st.sampled_from([line.split(",")[0] for line in ROWS.splitlines()[1:]]),
        places=st.tuples(st.integers(0, 9), st.integers(0, 9)),
        signs=st.tuples(st.sampled_from("0123456789"), st.sampled_from("0123456789")),
    )
    def test_any_two_wrong_signs_are_near(
        self, register: Register, number: str, places: tuple[int, int], signs: tuple[str, str]
    ) -> None:
        read = list(number)
        for place, sign in zip(places, signs, strict=True):
            read[place] = sign
        misread = "".join(read)

        near = [customer.number for customer in register.near(misread)]

        assert number in near
        distances = [OSA.distance(misread, other) for other in near]
        assert distances == sorted(distances)
        assert max(distances) <= 2


def test_thirds_make_the_whole_again() -> None:
    assert "".join(thirds("1136250642")) == "1136250642"
    assert thirds("12") == ("", "", "12")


class TestImport:
    def test_reports_what_was_added_changed_and_removed(self, engine: Engine, tmp_path: Path) -> None:
        first = written(tmp_path, f"{HEAD}\n1136250642,周明辉,,,,,\n1178131418,许雅静,,,,,\n")
        added = import_register(engine, first, {}, number_scheme(), NOW)
        second = written(tmp_path, f"{HEAD}\n1136250642,周明晖,,,,,\n1240077319,王建国,,,,,\n")

        changed = import_register(engine, second, {}, number_scheme(), NOW)

        assert (added.customers, added.added, added.changed, added.removed) == (2, 2, 0, 0)
        assert (changed.customers, changed.added, changed.changed, changed.removed) == (2, 1, 1, 1)
        assert Register(engine).by_number("1178131418") is None
        assert numbers(Register(engine).by_name("周明晖")) == ["1136250642"]

    def test_dry_run_changes_nothing(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path, f"{HEAD}\n1136250642,周明辉,,,,,\n")

        report = import_register(engine, path, {}, number_scheme(), NOW, dry_run=True)

        assert report.added == 1
        assert Register(engine).count() == 0

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_usual_encodings_are_read(self, engine: Engine, tmp_path: Path, encoding: str) -> None:
        path = written(tmp_path, f"{HEAD}\n1136250642,周明辉,杏林苑25-3-1103,,,,\n", encoding)

        import_register(engine, path, {}, number_scheme(), NOW)

        assert numbers(Register(engine).by_name("周明辉")) == ["1136250642"]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_usual_delimiters_are_read(self, engine: Engine, tmp_path: Path, delimiter: str) -> None:
        text = f"{HEAD}\n1136250642,周明辉,,,,,\n".replace(",", delimiter)

        report = import_register(engine, written(tmp_path, text), {}, number_scheme(), NOW)

        assert report.customers == 1

    def test_english_headings_and_words_are_known(self, engine: Engine, tmp_path: Path) -> None:
        text = (
            "customer_no,name,type,heated_area_m2,status\n"
            '11 3625 0642,Zhou Minghui,residential,"1,064.22",in use\n'
            "1405003323,Hongyun Catering,non-residential,120,in use\n"
        )

        import_register(engine, written(tmp_path, text), {}, number_scheme(), NOW)

        zhou, company = (Register(engine).by_number(number) for number in ("1136250642", "1405003323"))
        assert zhou is not None
        assert zhou.heated_area_m2 == 1064.22
        assert company is not None
        assert company.customer_type is CustomerType.NON_RESIDENTIAL

    def test_own_headings_come_from_the_configuration(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path, "Konto,Wer\n1136250642,周明辉\n")

        import_register(engine, path, {"number": "Konto", "name": "Wer"}, number_scheme(), NOW)

        assert Register(engine).count() == 1

    def test_doubles_and_bad_checks_are_reported_and_the_first_row_kept(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path, f"{HEAD}\n1136250642,周明辉,,,,,\n11-3625-0642,何晓燕,,,,,\n1136250643,许雅静,,,,,\n")

        report = import_register(engine, path, {}, number_scheme(), NOW)

        assert report.doubles == ("1136250642",)
        assert report.bad_checks == ("1136250643",)
        assert numbers(Register(engine).by_name("周明辉")) == ["1136250642"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "empty"),
            ("户名,地址\n周明辉,x\n", "no column"),
            (f"{HEAD}\n,周明辉,,,,,\n", "row 2"),
            (f"{HEAD}\n1136250642,周明辉,,,,不知道,\n", "不知道"),
            ("客户编号,户名,供热面积\n1136250642,周明辉,many\n", "many"),
        ],
        ids=["empty", "no number", "row without number", "unknown state", "area"],
    )
    def test_wrong_file_says_what_is_wrong_and_changes_nothing(
        self, register: Register, engine: Engine, tmp_path: Path, text: str, said: str
    ) -> None:
        before = register.count()

        with pytest.raises(RegisterWrong) as caught:
            import_register(engine, written(tmp_path, text), {}, number_scheme(), NOW)

        assert said in str(caught.value)
        assert register.count() == before

    def test_missing_file_says_so(self, engine: Engine, tmp_path: Path) -> None:
        with pytest.raises(RegisterWrong, match=r"nowhere\.csv"):
            import_register(engine, tmp_path / "nowhere.csv", {}, number_scheme(), NOW)


class TestRefresh:
    def test_unchanged_file_is_not_imported_again(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path, f"{HEAD}\n1136250642,周明辉,,,,,\n")

        first, second = (refresh_register(engine, path, {}, number_scheme(), NOW) for _ in range(2))

        assert first is not None
        assert second is None

    def test_touched_file_with_the_same_bytes_is_not_imported_again(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path, f"{HEAD}\n1136250642,周明辉,,,,,\n")
        refresh_register(engine, path, {}, number_scheme(), NOW)
        os.utime(path, ns=(1, 1))

        assert refresh_register(engine, path, {}, number_scheme(), NOW) is None

    def test_changed_file_is_imported(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path, f"{HEAD}\n1136250642,周明辉,,,,,\n")
        refresh_register(engine, path, {}, number_scheme(), NOW)
        written(tmp_path, f"{HEAD}\n1136250642,周明辉,,,,,\n1178131418,许雅静,,,,,\n")

        report = refresh_register(engine, path, {}, number_scheme(), NOW)

        assert report is not None
        assert report.added == 1

    def test_other_columns_import_the_same_file_again(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path, "客户编号,户名,Wer\n1136250642,周明辉,何晓燕\n")
        refresh_register(engine, path, {}, number_scheme(), NOW)

        refresh_register(engine, path, {"name": "Wer"}, number_scheme(), NOW)

        assert numbers(Register(engine).by_name("何晓燕")) == ["1136250642"]
