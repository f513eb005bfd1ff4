"""The table of the archive policy, row by row: which customer a record belongs to, or why a person must decide.

Each test's name says what the page gives and what happens. The register is real (SQLite); its customers are in
`register_rows`.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from zope.interface.verify import verifyObject

from classifiers.values import CustomerSigns, FoundBy
from metadata.identify import Identifier
from metadata.interfaces import IIdentifier
from metadata.values import ReasonCode
from tests.metadata.decisions import (
    HE,
    HE_ADDRESS,
    LIU_YING,
    UNREGISTERED,
    WANG_ZQ,
    XU,
    XU_ADDRESS,
    ZHOU,
    ZHOU_ADDRESS,
    identified,
    notes,
    reasons,
)
from tests.metadata.found_signs import doubtful, signs, sure


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
