"""What two customers have in common tells neither from the other: one flat, one meter, one name, estates of nearly one name.

Beside `test_identify`, whose customers differ in everything that counts. Found by `test_identify_storm`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from classifiers.customer_number import NumberScheme
from classifiers.number_forms import forms_from
from classifiers.values import CustomerSigns, FoundBy, NumberCandidate, NumberRole
from ingest.values import UNREAD
from metadata.database import open_database
from metadata.identify import Identifier
from metadata.register import Register
from metadata.register_import import import_register
from metadata.values import Identification, ReasonCode
from tests.metadata.found_signs import doubtful, said, signs, sure
from tests.metadata.register_rows import NOW, number_scheme, scheme

WIFE, HUSBAND = "1136250642", "1136250659"  # two accounts of one flat
GARDEN, HOME = "1178131418", "1240077319"  # one flat number in 阳光花园 and in 阳光家园
NAMESAKE, OTHER_NAMESAKE = "1240081122", "1300559912"
LOST = "1405003323"  # of whom the register has no address
ROWS = f"""\
客户编号,户名,地址,合同编号,热表号
{WIFE},何晓燕,东州市河湾区杏林苑25号楼3单元1103室,DR-2012-80138,CR44399816
{HUSBAND},周明辉,东州市河湾区杏林苑25号楼3单元1103室,DR-2013-11870,CR44399816
{GARDEN},许雅静,东州市河湾区阳光花园5号楼1单元501室,DR-2014-43064,CR79660405
{HOME},赵大年,东州市河湾区阳光家园5号楼1单元501室,DR-2010-55012,CR30011237
{NAMESAKE},王建国,东州市城北区白桦里17号楼2单元302室,DR-2011-90377,CR30014460
{OTHER_NAMESAKE},王建国,东州市城北区柳营里4号楼1单元502室,DR-2015-56721,CR42998207
{LOST},许雅静,,,
"""
FLAT, FLAT_IN_GARDEN, FLAT_AT_HOME = "杏林苑25号楼3单元1103室", "阳光花园5号楼1单元501室", "阳光家园5号楼1单元501室"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give a database with these customers."""
    folder = tmp_path_factory.mktemp("register")
    engine = open_database(f"sqlite:///{folder / 'guidang.db'}")
    path = folder / "customers.csv"
    path.write_text(ROWS, encoding="utf-8")
    import_register(engine, path, {}, number_scheme(), NOW)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def identifier(engine: Engine) -> Identifier:
    """Return the identifier of the example's scheme."""
    return Identifier(Register(engine), number_scheme(), scheme())


def identified(
    identifier: Identifier, *numbers: NumberCandidate, page: CustomerSigns, kind: str = "repair"
) -> Identification:
    """Return what becomes of a record with these numbers and signs."""
    return identifier.identify(kind, numbers, page, ())


def held_for(found: Identification) -> ReasonCode:
    """Return why it is held, after checking that it is."""
    assert found.numbers == ()
    return found.reasons[0].code


class TestOneFlatTwoAccounts:
    def test_number_and_name_of_its_own_account_are_filed(self, identifier: Identifier) -> None:
        assert identified(identifier, sure(WIFE), page=signs("何晓燕", FLAT)).numbers == (WIFE,)

    def test_number_without_any_name_is_filed(self, identifier: Identifier) -> None:
        assert identified(identifier, sure(WIFE), page=signs(address=FLAT)).numbers == (WIFE,)

    @pytest.mark.parametrize("surely", [True, False])
    def test_name_of_the_other_account_holds_it_with_both(self, identifier: Identifier, surely: bool) -> None:
        found = identified(identifier, sure(WIFE), page=signs("周明辉", FLAT, surely=surely))

        assert held_for(found) is ReasonCode.OTHER_CUSTOMER_SIGNS
        assert set(found.reasons[0].customer_numbers) == {WIFE, HUSBAND}

    @pytest.mark.parametrize("page", [signs("周日辉", FLAT, surely=False), signs("钱一兵", meter_no="CR44399816")])
    def test_name_that_is_neithers_holds_it(self, identifier: Identifier, page: CustomerSigns) -> None:
        assert held_for(identified(identifier, sure(WIFE), page=page)) is ReasonCode.NUMBERS_RIVAL

    def test_tenants_name_is_noted_where_the_contract_is_one_accounts_alone(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(WIFE), page=signs("钱一兵", FLAT, "DR-2012-80138"))

        assert found.numbers == (WIFE,)
        assert [note.code for note in found.notes] == [ReasonCode.NAME_DIFFERS_NOTED]

    def test_doubtful_number_wants_more_than_the_flat(self, identifier: Identifier) -> None:
        number = doubtful("1136250640", WIFE)

        assert held_for(identified(identifier, number, page=signs(address=FLAT))) is ReasonCode.NUMBER_DOUBTFUL
        assert identified(identifier, number, page=signs("何晓燕", FLAT)).numbers == (WIFE,)

    def test_number_under_no_label_wants_more_than_the_flat(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(WIFE, labelled=False), page=signs("何晓燕", FLAT))

        assert held_for(found) is ReasonCode.NUMBERS_RIVAL

    def test_without_a_number_a_doubtful_name_is_not_enough(self, identifier: Identifier) -> None:
        found = identified(identifier, page=signs("何晓燕", FLAT, surely=False))

        assert held_for(found) is ReasonCode.NUMBERS_RIVAL

    def test_transfer_with_the_numbers_swapped_is_held(self, identifier: Identifier) -> None:
        swapped = sure(HUSBAND, role=NumberRole.OLD), sure(WIFE, role=NumberRole.NEW)
        page = signs(address=FLAT, old_name="何晓燕", new_name="周明辉")

        found = identified(identifier, *swapped, page=page, kind="change_transfer")

        assert held_for(found) is ReasonCode.OTHER_CUSTOMER_SIGNS


class TestEstatesOfNearlyOneName:
    @pytest.mark.parametrize("surely", [True, False])
    def test_address_that_reads_exactly_as_anothers_is_not_misread(self, identifier: Identifier, surely: bool) -> None:
        found = identified(identifier, sure(GARDEN), page=signs(address=FLAT_AT_HOME, surely=surely))

        wanted = ReasonCode.OTHER_CUSTOMER_SIGNS if surely else ReasonCode.SIGNS_UNREADABLE
        assert held_for(found) is wanted

    def test_address_with_a_sign_misread_that_is_nobodys_agrees(self, identifier: Identifier) -> None:
        page = signs(address="阳光化园5号楼1单元501室")

        assert identified(identifier, sure(GARDEN), page=page).numbers == (GARDEN,)


class TestNamesakes:
    def test_doubtful_number_and_a_name_that_others_bear_are_held(self, identifier: Identifier) -> None:
        found = identified(identifier, doubtful("1240081120", NAMESAKE), page=signs("王建国"))

        assert held_for(found) is ReasonCode.NUMBER_DOUBTFUL

    @pytest.mark.parametrize(
        ("number", "own", "name"), [("1136250640", WIFE, "何晓燕"), ("1240081120", NAMESAKE, "王建国")]
    )
    def test_doubtful_number_and_name_are_held_where_the_address_is_unlike(
        self, identifier: Identifier, number: str, own: str, name: str
    ) -> None:
        page = signs(name, "松林里9号楼9单元909室", surely=False)

        assert held_for(identified(identifier, doubtful(number, own), page=page)) is ReasonCode.NUMBER_DOUBTFUL

    def test_doubtful_number_and_name_are_filed_where_the_address_is_like(self, identifier: Identifier) -> None:
        page = signs("王建国", "白桦里77号楼2单元302室", surely=False)

        assert identified(identifier, doubtful("1240081120", NAMESAKE), page=page).numbers == (NAMESAKE,)

    @pytest.mark.parametrize("rest", [None, UNREAD, "1300559"])
    def test_number_under_no_label_is_held_where_only_the_name_agrees(
        self, identifier: Identifier, rest: str | None
    ) -> None:
        """A second account is named on papers of the first; a label whose number cannot be read says that there is another."""
        announced = () if rest is None else (doubtful(rest),)

        found = identified(identifier, sure(NAMESAKE, labelled=False), *announced, page=signs("王建国"))

        assert held_for(found) is ReasonCode.SIGNS_UNREADABLE

    def test_namesake_whose_address_nobody_knows_may_be_the_one(self, identifier: Identifier) -> None:
        found = identified(identifier, page=signs("许雅静", FLAT_IN_GARDEN))

        assert held_for(found) is ReasonCode.NAME_SHARED
        assert set(found.reasons[0].customer_numbers) == {GARDEN, LOST}


class TestContestedNumber:
    def test_struck_out_number_beside_the_rest_of_another_wants_the_name(self, identifier: Identifier) -> None:
        """A neighbour's number was printed, the right one written beside it and hardly read: the place alone may be the neighbour's."""
        struck_out, rest = doubtful(GARDEN), doubtful("36250642")

        found = identified(identifier, struck_out, rest, page=signs(address=FLAT_IN_GARDEN))

        assert held_for(found) is ReasonCode.NUMBER_DOUBTFUL
        both = signs("许雅静", FLAT_IN_GARDEN)
        assert identified(identifier, struck_out, rest, page=both).numbers == (GARDEN,)

    def test_number_under_no_label_is_no_better_reading_of_the_announced_one(self, identifier: Identifier) -> None:
        announced = doubtful("1178131428")

        found = identified(identifier, announced, sure(GARDEN, labelled=False), page=signs(address=FLAT_IN_GARDEN))

        assert held_for(found) is ReasonCode.NUMBERS_RIVAL

    def test_doubtful_number_with_another_name_wants_a_place_that_was_surely_read(self, identifier: Identifier) -> None:
        number = doubtful("1178131410", GARDEN)
        unsure = replace(signs(address=FLAT_IN_GARDEN, surely=False), name=said("钱一兵"))

        assert held_for(identified(identifier, number, page=unsure)) is ReasonCode.NUMBER_DOUBTFUL
        assert identified(identifier, number, page=signs("钱一兵", FLAT_IN_GARDEN)).numbers == (GARDEN,)

    @pytest.mark.parametrize("surely", [True, False])
    def test_address_in_another_district_confirms_nothing(self, identifier: Identifier, surely: bool) -> None:
        page = signs(address=f"东州市江东区{FLAT_IN_GARDEN}", surely=surely)

        assert held_for(identified(identifier, sure(GARDEN), page=page)) is ReasonCode.SIGNS_UNREADABLE

    def test_transfer_that_neither_a_name_nor_the_register_confirms_is_held(self, identifier: Identifier) -> None:
        """The clerk may have swapped the numbers."""
        numbers = sure(GARDEN, role=NumberRole.OLD), sure(HOME, role=NumberRole.NEW)

        found = identified(identifier, *numbers, page=signs(), kind="change_transfer")

        assert held_for(found) is ReasonCode.TRANSFER_INCOMPLETE
        assert found.reasons[0].customer_numbers == (GARDEN, HOME)


class TestNumberAlone:
    def test_rest_of_another_number_under_a_label_denies_it(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(WIFE), doubtful("13005599"), page=signs())

        assert held_for(found) is ReasonCode.SIGNS_UNREADABLE

    @pytest.mark.parametrize(
        ("number", "found_by", "name", "filed"),
        [
            (WIFE, FoundBy.PRINTED, None, ()),
            (WIFE, FoundBy.BARCODE, None, (WIFE,)),
            (WIFE, FoundBy.PRINTED, "何晓燕", (WIFE,)),
            (NAMESAKE, FoundBy.PRINTED, "王建国", ()),
        ],
        ids=["alone", "in a barcode", "with the name", "with a name that others bear"],
    )
    def test_number_without_a_check_wants_a_barcode_or_the_name(
        self, engine: Engine, number: str, found_by: FoundBy, name: str | None, filed: tuple[str, ...]
    ) -> None:
        """A sign misread makes another customer's number of it, and nothing shows that."""
        unchecked = NumberScheme(
            forms_from({"labels": ["户号"], "forms": [{"name": "plain", "pattern": "[0-9]{10}"}]}), 0.8, scheme()
        )
        read = replace(sure(number), found_by=found_by)

        found = Identifier(Register(engine), unchecked, scheme()).identify("repair", (read,), signs(name), ())

        assert found.numbers == filed
