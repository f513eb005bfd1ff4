"""The table of the archive policy, row by row: which customer a record belongs to, or why a person must decide.

Each test's name says what the page gives and what happens. The register is real (SQLite); its customers are in
`register_rows`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from zope.interface.verify import verifyObject

from classifiers.values import CustomerSigns, FoundBy, NumberCandidate, NumberRole
from ingest.values import UNREAD
from metadata.database import open_database
from metadata.identify import Identifier
from metadata.interfaces import IIdentifier
from metadata.register import Register
from metadata.values import Identification, ReasonCode
from tests.metadata.found_signs import doubtful, signs, sure
from tests.metadata.register_rows import number_scheme, register_in, scheme

ZHOU, HE = "1136250642", "1136250659"  # neighbours; their numbers differ in the last two signs
XU = "1178131418"
WANG, OTHER_WANG = "1240077319", "1240081122"  # namesakes
ZHAO, WANG_ZQ = "1300552048", "1300559912"  # closed, and the account it was transferred to
HONGYUN = "1405003323"
ALONE = "1511000007"  # of whom the register knows nothing but the name
UNREGISTERED = "1999000002"
ZHOU_ADDRESS, HE_ADDRESS, XU_ADDRESS = "杏林苑25号楼3单元1103室", "杏林苑25#3单元1104", "春晖园13号楼1单元1703室"
WANG_ADDRESS, LIU_YING = "白桦里7号楼2单元301室", "城北区柳营里4号楼1单元502室"


@pytest.fixture(scope="module")
def register_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give an open database for the register."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('register') / 'guidang.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def register(register_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Register:
    """Return the invented register."""
    return register_in(register_engine, tmp_path_factory.mktemp("file"))


@pytest.fixture(scope="module")
def identifier(register: Register) -> Identifier:
    """Return an identifier with the scheme of the example configuration: every kind needs a customer."""
    return Identifier(register, number_scheme(), scheme())


@pytest.fixture
def lenient(register: Register) -> Identifier:
    """Return an identifier with a scheme of which no kind needs a customer."""
    kinds = tuple(replace(kind, needs_customer=False) for kind in scheme().kinds)
    return Identifier(register, number_scheme(), replace(scheme(), kinds=kinds))


def identified(
    identifier: Identifier,
    *numbers: NumberCandidate,
    page: CustomerSigns | None = None,
    kind: str = "repair",
    given: tuple[str, ...] = (),
) -> Identification:
    """Return what becomes of a record with these numbers and signs."""
    return identifier.identify(kind, numbers, page or CustomerSigns(), given)


def reasons(found: Identification) -> list[ReasonCode]:
    """Return the codes of the reasons, after checking that held and filed never mix."""
    assert bool(found.reasons) != bool(found.numbers)
    return [reason.code for reason in found.reasons]


def notes(found: Identification) -> list[ReasonCode]:
    """Return the codes of the notes."""
    return [note.code for note in found.notes]


def test_identifier_keeps_its_interface(identifier: Identifier) -> None:
    assert verifyObject(IIdentifier, identifier)


class TestRowNumberSurelyReadAndAddressContractOrMeterAgrees:
    """A number surely read, valid, registered; address, contract or meter agrees: filed."""

    @pytest.mark.parametrize(
        "page",
        [
            signs("周明辉", ZHOU_ADDRESS),
            signs(address=ZHOU_ADDRESS),
            signs(contract_no="DR-2012-80138"),
            signs(meter_no="CR44399816"),
            signs("周明", "杏林苑25号楼", meter_no="CR44399816", surely=False),
        ],
        ids=["name and address", "address alone", "contract alone", "meter alone", "meter, the rest unreadable"],
    )
    def test_is_filed(self, identifier: Identifier, page: CustomerSigns) -> None:
        found = identified(identifier, sure(ZHOU), page=page)

        assert found.numbers == (ZHOU,)
        assert reasons(found) == []
        assert found.notes == ()
        assert found.customer is not None
        assert found.customer.name == "周明辉"
        assert found.confidence > 0.95

    def test_evidence_and_source_are_the_numbers_own(self, identifier: Identifier) -> None:
        number = sure(ZHOU, found_by=FoundBy.BARCODE)

        found = identified(identifier, number, page=signs(address=ZHOU_ADDRESS))

        assert found.found_by is FoundBy.BARCODE
        assert found.evidence == number.evidence


class TestRowNumberSurelyReadAndNoAddressContractOrMeterOnThePage:
    """The same; the page carries no address, contract or meter; the name agrees, or the page carries no name: filed."""

    @pytest.mark.parametrize("page", [signs("周明辉"), signs()], ids=["name agrees", "no name"])
    def test_is_filed(self, identifier: Identifier, page: CustomerSigns) -> None:
        assert identified(identifier, sure(ZHOU), page=page).numbers == (ZHOU,)

    def test_is_held_where_the_name_cannot_be_read(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(ZHOU), page=signs("周日月", surely=False))

        assert reasons(found) == [ReasonCode.SIGNS_UNREADABLE]


class TestRowNumberSurelyReadAndOneOfThemCannotBeSurelyRead:
    """The same; one of them stands there but cannot be surely read, and none agrees: held."""

    @pytest.mark.parametrize("name", [None, "周明辉"])
    def test_is_held(self, identifier: Identifier, name: str | None) -> None:
        page = replace(signs(name), address=signs(address="杏林苑25号楼31室", surely=False).address)

        found = identified(identifier, sure(ZHOU), page=page)

        assert reasons(found) == [ReasonCode.SIGNS_UNREADABLE]
        assert found.reasons[0].customer_numbers == (ZHOU,)

    @pytest.mark.parametrize("name", ["周月", None])
    def test_is_held_though_its_numbers_and_the_heated_area_are_the_customers(
        self, identifier: Identifier, name: str | None
    ) -> None:
        """The archive's table knows address, contract and meter as signs, and no other."""
        page = signs(name, "と林充25-3-1103", area_m2=121.48, surely=False)

        assert ReasonCode.SIGNS_UNREADABLE in reasons(identified(identifier, sure(ZHOU), page=page))

    def test_place_that_surely_differs_and_is_nobodys_is_held_too(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(ZHOU), page=signs("周明辉", "松林里9号楼9单元909室"))

        assert reasons(found) == [ReasonCode.SIGNS_DIFFER]


class TestRowDifferingNameButAddressContractOrMeterAgrees:
    """The same; a differing name, but address, contract or meter agrees (tenant, family): filed, noted."""

    @pytest.mark.parametrize("page", [signs("刘小平", ZHOU_ADDRESS), signs("刘小平", contract_no="DR201280138")])
    def test_is_filed_and_noted(self, identifier: Identifier, page: CustomerSigns) -> None:
        found = identified(identifier, sure(ZHOU), page=page)

        assert found.numbers == (ZHOU,)
        assert notes(found) == [ReasonCode.NAME_DIFFERS_NOTED]


class TestRowAddressContractOrMeterIsSurelyAnotherCustomers:
    """The same; address, contract or meter surely reads as another registered customer's: held, with both."""

    @pytest.mark.parametrize(
        "page",
        [
            signs("周明辉", HE_ADDRESS),
            signs("周明辉", ZHOU_ADDRESS, contract_no="DR-2013-11870"),
            signs("周明辉", ZHOU_ADDRESS, contract_no="DR-2012-80138", meter_no="CR44399824"),
        ],
        ids=["address", "contract, though the address agrees", "meter, though all else agrees"],
    )
    def test_is_held_with_both(self, identifier: Identifier, page: CustomerSigns) -> None:
        found = identified(identifier, sure(ZHOU), page=page)

        assert reasons(found) == [ReasonCode.OTHER_CUSTOMER_SIGNS]
        assert found.reasons[0].customer_numbers == (ZHOU, HE)

    def test_value_shared_with_a_closed_predecessor_agrees(self, identifier: Identifier) -> None:
        page = signs("汪志强", LIU_YING, meter_no="CR42998207")

        assert identified(identifier, sure(WANG_ZQ), page=page).numbers == (WANG_ZQ,)


class TestRowNameDiffersAndNothingElseAgrees:
    """The same; the name differs and nothing else agrees: held."""

    def test_is_held(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(ZHOU), page=signs("刘小平"))

        assert reasons(found) == [ReasonCode.NAME_DIFFERS]
        facts = dict(found.reasons[0].facts)
        assert facts.pop("rival_name:1136250642") == "周明辉"
        assert facts.pop("rival:1136250642") == "differs absent absent absent"
        assert facts == {"name": "刘小平", "registered": "周明辉"}

    def test_is_held_where_a_place_that_nobody_has_differs_too(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(ZHOU), page=signs("刘小平", "松林里9号楼9单元909室"))

        assert reasons(found) == [ReasonCode.NAME_DIFFERS]


class TestRowNumberSurelyReadIsWrong:
    """A number surely read whose check digit fails, or that the register does not know: held, with the nearest customer."""

    def test_check_digit_fails(self, identifier: Identifier) -> None:
        found = identified(identifier, sure("1136250643"), page=signs("周明辉", ZHOU_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBER_CHECK_FAILS]
        assert found.reasons[0].customer_numbers[0] == ZHOU

    def test_register_does_not_know_it(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(UNREGISTERED), page=signs("周明辉", ZHOU_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBER_UNREGISTERED]
        assert found.reasons[0].facts == {"number": UNREGISTERED}

    def test_nearest_that_agrees_with_the_page_comes_first(self, identifier: Identifier) -> None:
        found = identified(identifier, sure("1136250649"), page=signs(address=HE_ADDRESS))

        assert found.reasons[0].customer_numbers == (HE, ZHOU)


class TestRowNumberDoubtfullyRead:
    """A number doubtfully read that one registered number explains, by signs that a reading of the image gave."""

    @pytest.mark.parametrize(
        "page",
        [
            signs(address=ZHOU_ADDRESS),
            signs(contract_no="DR-2012-80138"),
            signs(meter_no="CR44399816"),
            signs(name="周明辉"),
        ],
        ids=["address", "contract", "meter", "name"],
    )
    def test_is_filed_and_noted_as_repaired_if_something_agrees(
        self, identifier: Identifier, page: CustomerSigns
    ) -> None:
        found = identified(identifier, doubtful("1186250642", ZHOU), page=page)

        assert found.numbers == (ZHOU,)
        assert found.found_by is FoundBy.REPAIRED
        assert notes(found) == [ReasonCode.REPAIRED]
        assert found.notes[0].facts == {"number": "1186250642"}
        assert found.notes[0].customer_numbers == (ZHOU,)

    def test_is_repaired_from_signs_of_two_readings(self, identifier: Identifier) -> None:
        found = identified(identifier, doubtful("1186250642", "1136250842"), page=signs(address=ZHOU_ADDRESS))

        assert found.numbers == (ZHOU,)

    def test_is_no_repair_where_the_page_was_right(self, identifier: Identifier) -> None:
        found = identified(identifier, doubtful(ZHOU, "1186250642"), page=signs(address=ZHOU_ADDRESS))

        assert found.numbers == (ZHOU,)
        assert found.found_by is FoundBy.HANDWRITTEN
        assert found.notes == ()

    @pytest.mark.parametrize("page", [signs(), signs("刘小平"), signs("周明辉", "松林里9号楼9单元909室")])
    def test_is_held_if_nothing_agrees(self, identifier: Identifier, page: CustomerSigns) -> None:
        found = identified(identifier, doubtful("1186250642", ZHOU), page=page)

        assert reasons(found) == [ReasonCode.NUMBER_DOUBTFUL]
        assert found.reasons[0].customer_numbers == (ZHOU,)

    def test_is_held_with_both_if_the_page_is_anothers(self, identifier: Identifier) -> None:
        found = identified(identifier, doubtful("1186250642", ZHOU), page=signs("周明辉", XU_ADDRESS))

        assert reasons(found) == [ReasonCode.OTHER_CUSTOMER_SIGNS]
        assert found.reasons[0].customer_numbers == (ZHOU, XU)

    def test_two_registered_numbers_fit_equally_is_held_with_both(self, identifier: Identifier) -> None:
        found = identified(identifier, doubtful(ZHOU, HE), page=signs("周明辉", ZHOU_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBERS_RIVAL]
        assert found.reasons[0].customer_numbers == (ZHOU, HE)

    def test_doubtful_signs_never_read_as_the_registered_ones_is_held(self, identifier: Identifier) -> None:
        number = doubtful("1186250642", "1176250642", places=[2])

        found = identified(identifier, number, page=signs("周明辉", ZHOU_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBER_DOUBTFUL]
        assert ZHOU in found.reasons[0].customer_numbers

    def test_sign_outside_the_doubtful_places_is_never_repaired(self, identifier: Identifier) -> None:
        number = replace(doubtful("1186250642", ZHOU), doubtful=(9,))

        found = identified(identifier, number, page=signs("周明辉", ZHOU_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBER_DOUBTFUL]


class TestRowNoNumber:
    """No number: name and address fit exactly one customer in use: filed, with that reason."""

    def test_is_filed_with_that_reason(self, identifier: Identifier) -> None:
        found = identified(identifier, page=signs("王建国", WANG_ADDRESS))

        assert found.numbers == (WANG,)
        assert found.found_by is FoundBy.REGISTER
        assert notes(found) == [ReasonCode.FOUND_IN_REGISTER]
        assert found.evidence is not None
        assert found.evidence.text == WANG_ADDRESS

    def test_readable_digits_that_do_not_contradict_change_nothing(self, identifier: Identifier) -> None:
        found = identified(identifier, doubtful("1240077", places=[3]), page=signs("王建国", WANG_ADDRESS))

        assert found.numbers == (WANG,)

    @pytest.mark.parametrize("digits", ["1240099", "12400773199", "7"])
    def test_readable_digits_that_contradict_hold_it(self, identifier: Identifier, digits: str) -> None:
        number = doubtful(digits, places=[0])

        found = identified(identifier, number, page=signs("王建国", "白桦里17号楼2单元302室"))

        assert reasons(found) == [ReasonCode.NUMBER_DOUBTFUL]

    def test_writing_under_a_number_label_that_could_not_be_read_holds_it(self, identifier: Identifier) -> None:
        found = identified(identifier, doubtful(UNREAD, places=[0]), page=signs("王建国", WANG_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBER_DOUBTFUL]
        assert found.reasons[0].facts["rival:1240077319"] == "agrees agrees absent absent"
        assert "number" not in found.reasons[0].facts

    def test_number_surely_read_with_a_sign_missing_contradicts(self, identifier: Identifier) -> None:
        number = replace(sure("124007731"), surely_read=False)

        found = identified(identifier, number, page=signs("王建国", WANG_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBER_DOUBTFUL]

    def test_number_without_a_label_that_is_nearly_the_customers_holds_it(self, identifier: Identifier) -> None:
        number = sure("1240077310", labelled=False)

        found = identified(identifier, number, page=signs("王建国", WANG_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBER_DOUBTFUL]

    def test_other_numbers_without_a_label_change_nothing(self, identifier: Identifier) -> None:
        found = identified(identifier, sure("9988776655", labelled=False), page=signs("王建国", WANG_ADDRESS))

        assert found.numbers == (WANG,)

    def test_contract_that_is_anothers_holds_it(self, identifier: Identifier) -> None:
        page = signs("王建国", WANG_ADDRESS, contract_no="DR-2014-43064")

        found = identified(identifier, page=page)

        assert reasons(found) == [ReasonCode.OTHER_CUSTOMER_SIGNS]
        assert found.reasons[0].customer_numbers == (WANG, XU)

    def test_closed_account_is_not_chosen(self, identifier: Identifier) -> None:
        found = identified(identifier, page=signs("赵大年", LIU_YING))

        assert reasons(found) == [ReasonCode.CUSTOMER_TRANSFERRED]
        assert found.reasons[0].customer_numbers == (ZHAO, WANG_ZQ)


class TestRowNameAloneOrAddressAlone:
    """A name alone, or an address alone: held."""

    def test_name_alone(self, identifier: Identifier) -> None:
        found = identified(identifier, page=signs("许雅静"))

        assert reasons(found) == [ReasonCode.NAME_ALONE]
        assert found.reasons[0].customer_numbers == (XU,)

    def test_name_of_several_customers(self, identifier: Identifier) -> None:
        found = identified(identifier, page=signs("王建国"))

        assert reasons(found) == [ReasonCode.NAME_SHARED]
        assert found.reasons[0].customer_numbers == (WANG, OTHER_WANG)

    def test_name_with_an_address_that_is_not_theirs(self, identifier: Identifier) -> None:
        found = identified(identifier, page=signs("王建国", XU_ADDRESS))

        assert reasons(found) == [ReasonCode.NAME_SHARED]

    def test_address_alone(self, identifier: Identifier) -> None:
        found = identified(identifier, page=signs(address=LIU_YING))

        assert reasons(found) == [ReasonCode.ADDRESS_ALONE]
        assert found.reasons[0].customer_numbers == (ZHAO, WANG_ZQ)

    def test_nothing_at_all(self, identifier: Identifier) -> None:
        assert reasons(identified(identifier)) == [ReasonCode.NO_CUSTOMER]


class TestRowTransferForm:
    """A transfer form: one record, both numbers, in the order [old, new]."""

    PAGE = signs("汪志强", LIU_YING, old_name="赵大年", new_name="汪志强")

    def test_is_filed_under_old_and_new(self, identifier: Identifier) -> None:
        old, new = sure(ZHAO, role=NumberRole.OLD), sure(WANG_ZQ, role=NumberRole.NEW)

        found = identified(identifier, new, old, page=self.PAGE, kind="change_transfer")

        assert found.numbers == (ZHAO, WANG_ZQ)
        assert found.customer is not None
        assert found.customer.number == WANG_ZQ

    def test_roles_may_come_from_the_names(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(WANG_ZQ), sure(ZHAO), page=self.PAGE, kind="change_transfer")

        assert found.numbers == (ZHAO, WANG_ZQ)

    def test_old_account_still_in_use_is_filed_too(self, identifier: Identifier) -> None:
        old, new = sure(ZHOU, role=NumberRole.OLD), sure(HE, role=NumberRole.NEW)
        page = signs(old_name="周明辉", new_name="何晓燕")

        assert identified(identifier, old, new, page=page, kind="change_transfer").numbers == (ZHOU, HE)

    def test_without_numbers_names_and_address_find_both(self, identifier: Identifier) -> None:
        found = identified(identifier, page=self.PAGE, kind="change_transfer")

        assert found.numbers == (ZHAO, WANG_ZQ)
        assert found.found_by is FoundBy.REGISTER
        assert notes(found) == [ReasonCode.FOUND_IN_REGISTER]
        assert set(found.notes[0].customer_numbers) == {ZHAO, WANG_ZQ}

    def test_one_of_two_is_held_with_the_one(self, identifier: Identifier) -> None:
        new = sure(WANG_ZQ, role=NumberRole.NEW)
        page = signs("汪志强", LIU_YING, new_name="汪志强")

        found = identified(identifier, new, page=page, kind="change_transfer")

        assert reasons(found) == [ReasonCode.TRANSFER_INCOMPLETE]
        assert found.reasons[0].customer_numbers == (WANG_ZQ,)

    def test_same_number_twice_is_held(self, identifier: Identifier) -> None:
        old, new = sure(WANG_ZQ, role=NumberRole.OLD), sure(WANG_ZQ, role=NumberRole.NEW)

        found = identified(identifier, old, new, page=signs(address=LIU_YING), kind="change_transfer")

        assert reasons(found) == [ReasonCode.TRANSFER_INCOMPLETE]

    def test_account_that_went_to_somebody_else_is_held(self, identifier: Identifier) -> None:
        old, new = sure(ZHAO, role=NumberRole.OLD), sure(XU, role=NumberRole.NEW)
        page = signs(old_name="赵大年", new_name="许雅静")

        found = identified(identifier, old, new, page=page, kind="change_transfer")

        assert reasons(found) == [ReasonCode.CUSTOMER_TRANSFERRED]
        assert set(found.reasons[0].customer_numbers) == {ZHAO, XU, WANG_ZQ}

    @pytest.mark.parametrize("wrong", [NumberRole.OLD, NumberRole.NEW])
    def test_wrong_number_on_either_side_holds_it(self, identifier: Identifier, wrong: NumberRole) -> None:
        numbers = [sure(ZHAO, role=NumberRole.OLD), sure(WANG_ZQ, role=NumberRole.NEW)]
        numbers = [sure("1136250643", role=wrong) if n.role is wrong else n for n in numbers]

        found = identified(identifier, *numbers, page=self.PAGE, kind="change_transfer")

        assert reasons(found) == [ReasonCode.NUMBER_CHECK_FAILS]


class TestSeveralNumbers:
    """Every other case: held."""

    def test_two_customers_numbers_on_one_record_are_held_with_both(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(XU), sure(ZHOU), page=signs("周明辉", ZHOU_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBERS_RIVAL]
        assert found.reasons[0].customer_numbers == (ZHOU, XU)

    def test_same_number_twice_is_one(self, identifier: Identifier) -> None:
        code = sure(ZHOU, found_by=FoundBy.BARCODE)

        found = identified(identifier, sure(ZHOU), code, page=signs(address=ZHOU_ADDRESS))

        assert found.numbers == (ZHOU,)

    def test_announced_number_that_is_nobodys_beside_a_good_one_is_held(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(ZHOU), sure(UNREGISTERED), page=signs("周明辉", ZHOU_ADDRESS))

        assert reasons(found) == [ReasonCode.NUMBERS_RIVAL]
        assert set(found.reasons[0].customer_numbers) == {ZHOU, UNREGISTERED}

    def test_bad_second_reading_of_the_same_number_elsewhere_does_no_harm(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(ZHOU), doubtful("1186250642"), page=signs("周明辉", ZHOU_ADDRESS))

        assert found.numbers == (ZHOU,)

    def test_number_without_a_known_label_counts_where_the_register_knows_it(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(ZHOU, labelled=False), page=signs("周明辉", ZHOU_ADDRESS))

        assert found.numbers == (ZHOU,)

    def test_chance_number_without_a_label_does_no_harm_where_the_announced_one_agrees(
        self, identifier: Identifier
    ) -> None:
        chance = sure(XU, labelled=False)

        found = identified(identifier, sure(ZHOU), chance, page=signs(address=ZHOU_ADDRESS))

        assert found.numbers == (ZHOU,)

    @pytest.mark.parametrize("page", [signs(), signs("周明辉"), signs("许雅静", ZHOU_ADDRESS)])
    def test_number_without_a_label_is_a_rival_where_the_page_does_not_settle_it(
        self, identifier: Identifier, page: CustomerSigns
    ) -> None:
        found = identified(identifier, sure(ZHOU), sure(XU, labelled=False), page=page)

        assert reasons(found) == [ReasonCode.NUMBERS_RIVAL]
        assert found.reasons[0].customer_numbers == (ZHOU, XU)

    def test_number_without_a_known_label_and_nothing_that_agrees_is_held(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(ZHOU, labelled=False))

        assert reasons(found) == [ReasonCode.SIGNS_UNREADABLE]


class TestClosedAccounts:
    """An account closed by a transfer keeps its papers, but only those that bear its name."""

    def test_paper_in_its_own_name_is_filed_under_it(self, identifier: Identifier) -> None:
        assert identified(identifier, sure(ZHAO), page=signs("赵大年", LIU_YING)).numbers == (ZHAO,)

    @pytest.mark.parametrize("name", [None, "汪志强"])
    def test_other_paper_is_held_with_the_successor(self, identifier: Identifier, name: str | None) -> None:
        found = identified(identifier, sure(ZHAO), page=signs(name, LIU_YING))

        assert reasons(found) == [ReasonCode.CUSTOMER_TRANSFERRED]
        assert found.reasons[0].customer_numbers == (ZHAO, WANG_ZQ)


class TestGivenNumbers:
    """A number that a person or a sheet gave is kept whatever the check says, and flagged."""

    def test_good_one_is_kept_without_a_flag(self, identifier: Identifier) -> None:
        found = identified(identifier, sure(XU), page=signs("许雅静", XU_ADDRESS), given=("11 3625 0642",))

        assert found.numbers == (ZHOU,)
        assert found.found_by is FoundBy.GIVEN
        assert (found.confidence, found.notes, found.reasons) == (1.0, (), ())

    @pytest.mark.parametrize("number", ["1136250643", UNREGISTERED, "A-17"])
    def test_doubtful_one_is_kept_and_flagged(self, identifier: Identifier, number: str) -> None:
        found = identified(identifier, given=(number,))

        assert found.numbers == (number,)
        assert notes(found) == [ReasonCode.GIVEN_NUMBER_UNCHECKED]
        assert found.notes[0].facts == {"number": number}

    def test_two_on_a_transfer_keep_their_order(self, identifier: Identifier) -> None:
        found = identified(identifier, kind="change_transfer", given=(ZHAO, WANG_ZQ))

        assert found.numbers == (ZHAO, WANG_ZQ)
        assert found.customer is not None
        assert found.customer.number == WANG_ZQ


class TestKindsThatNeedNoCustomer:
    """Without a customer they are filed; a number that stands there is decided as everywhere."""

    @pytest.mark.parametrize("page", [signs(), signs("王建国"), signs(address=LIU_YING)])
    def test_without_a_customer_there_is_no_reason(self, lenient: Identifier, page: CustomerSigns) -> None:
        found = identified(lenient, page=page)

        assert (found.numbers, found.reasons) == ((), ())

    def test_number_on_the_paper_is_taken(self, lenient: Identifier) -> None:
        assert identified(lenient, sure(ZHOU), page=signs(address=ZHOU_ADDRESS)).numbers == (ZHOU,)

    def test_wrong_number_on_the_paper_holds_it(self, lenient: Identifier) -> None:
        assert reasons(identified(lenient, sure("1136250643"))) == [ReasonCode.NUMBER_CHECK_FAILS]
