"""Traditional and simplified forms of one name are one name; two customers whom only their forms tell apart stay two."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from classifiers.values import FoundBy
from metadata.agreement import Agreement, compare_name, name_key
from metadata.identify import Identifier
from metadata.register import Register
from metadata.register_import import import_register
from metadata.tokens import bare, occurrences, terms_of, words_of
from metadata.values import ReasonCode
from tests.metadata.found_signs import signs, sure
from tests.metadata.register_rows import NOW, number_scheme, scheme

HOU, OTHER_HOU, ZHANG, NEIGHBOUR = "1136250642", "1136250659", "1178131418", "1240077319"
ROWS = f"""\
客户编号,户名,地址,合同编号,热表号,状态,过户至
{HOU},后明,东州市河湾区杏林苑25号楼3单元1103室,,,在用,
{OTHER_HOU},後明,东州市河湾区杏林苑26号楼3单元1103室,,,在用,
{ZHANG},张伟,东州市城北区干园里4号楼1单元502室,,,在用,
{NEIGHBOUR},李华,东州市城北区乾园里4号楼1单元502室,,,在用,
"""


@pytest.fixture
def register(engine: Engine, tmp_path: Path) -> Register:
    path = tmp_path / "customers.csv"
    path.write_text(ROWS, encoding="utf-8")
    import_register(engine, path, {}, number_scheme(), NOW)
    return Register(engine)


@pytest.fixture
def identifier(register: Register) -> Identifier:
    return Identifier(register, number_scheme(), scheme())


def test_name_in_traditional_forms_is_the_same_name() -> None:
    assert name_key("東州市宏運餐飲有限公司") == name_key("东州市宏运餐饮有限公司")
    assert compare_name("張偉", True, "张伟") is Agreement.AGREES


def test_names_that_only_their_forms_tell_apart_are_namesakes(register: Register) -> None:
    assert [customer.number for customer in register.by_name("后明")] == [HOU, OTHER_HOU]


def test_address_in_traditional_forms_is_found(register: Register) -> None:
    assert [c.number for c in register.by_address("東州市河灣區杏林苑25號樓3單元1103室")] == [HOU]


def test_traditional_paper_is_filed_by_name_and_address(identifier: Identifier) -> None:
    found = identifier.identify("repair", (), signs("張偉", "城北區干園里4號樓1單元502室"), ())

    assert (found.numbers, found.found_by) == ((ZHANG,), FoundBy.REGISTER)


def test_traditional_paper_with_its_number_is_filed(identifier: Identifier) -> None:
    found = identifier.identify("repair", (sure(ZHANG),), signs("張偉"), ())

    assert found.numbers == (ZHANG,)


def test_name_alone_is_not_guessed_between_those_whom_only_their_forms_tell_apart(identifier: Identifier) -> None:
    found = identifier.identify("repair", (), signs("後明"), ())

    assert found.numbers == ()
    assert [reason.code for reason in found.reasons] == [ReasonCode.NAME_SHARED]


def test_number_of_one_with_the_name_as_the_other_writes_it_is_held(identifier: Identifier) -> None:
    found = identifier.identify("repair", (sure(HOU),), signs("後明"), ())

    assert found.numbers == ()


def test_number_with_the_name_as_its_own_customer_writes_it_is_filed(identifier: Identifier) -> None:
    found = identifier.identify("repair", (sure(OTHER_HOU),), signs("後明"), ())

    assert found.numbers == (OTHER_HOU,)


def test_number_of_one_with_the_address_as_the_other_is_written_is_held(identifier: Identifier) -> None:
    found = identifier.identify("repair", (sure(ZHANG),), signs(address="城北区乾园里4号楼1单元502室"), ())

    assert found.numbers == ()


def test_address_that_only_its_forms_tell_apart_is_not_guessed_between(identifier: Identifier) -> None:
    found = identifier.identify("repair", (), signs(address="乾园里4号楼1单元502室"), ())

    assert found.numbers == ()


@pytest.mark.parametrize(
    ("text", "query"), [("熱力用戶檔案", "热力用户"), ("热力用户档案", "檔案"), ("12號樓", "12号楼")]
)
def test_search_finds_either_form_by_the_other(text: str, query: str) -> None:
    words = set(words_of(text))

    assert all(any(w.startswith(t.text) if t.is_prefix else w == t.text for w in words) for t in terms_of(query))
    assert occurrences(bare(text), query) == (1,)


def test_two_chinese_words_with_a_blank_between_are_looked_for_each_for_itself() -> None:
    text = "暖气漏水，张师傅更换阀门"

    assert occurrences(bare(text), "更换阀门 张师傅") == (1, 1)
    assert {term.text for term in terms_of("更换阀门 张师傅")} <= set(words_of(text))
