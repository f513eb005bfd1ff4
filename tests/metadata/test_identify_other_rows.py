"""The table of the archive policy, its rows without a surely read number: name and address, transfers, closed accounts, given numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifiers.values import CustomerSigns, FoundBy, NumberRole
from ingest.values import UNREAD
from metadata.identify import Identifier
from metadata.values import ReasonCode
from tests.metadata.decisions import (
    HE,
    LIU_YING,
    OTHER_WANG,
    UNREGISTERED,
    WANG,
    WANG_ADDRESS,
    WANG_ZQ,
    XU,
    XU_ADDRESS,
    ZHAO,
    ZHOU,
    ZHOU_ADDRESS,
    identified,
    notes,
    reasons,
)
from tests.metadata.found_signs import doubtful, signs, sure


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
