"""A record of several pages, cut wrongly: a page that is another customer's holds it; one that says nothing does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifiers.fields import RulesExtractor
from classifiers.values import CustomerSigns, Evidence, EvidenceSource, NumberCandidate, RecordText
from ingest.values import Box
from metadata.identify import Identifier
from metadata.values import Identification, ReasonCode
from tests.classifiers.forms import record_of
from tests.metadata.found_signs import signs, sure
from tests.metadata.register_rows import number_scheme, scheme

ZHOU, HE, ZHAO, WANG_ZQ = "1136250642", "1136250659", "1300552048", "1300559912"
ZHOU_ADDRESS, HE_ADDRESS = "杏林苑25号楼3单元1103室", "杏林苑25号楼3单元1104室"
OWN_PAGE = signs("周明辉", ZHOU_ADDRESS)


def on_page(number: str, page_number: int) -> NumberCandidate:
    """Return a number surely read on a page."""
    place = Evidence(page_number, Box(0.0, 0.0, 10.0, 10.0), 300.0, number, EvidenceSource.TEXT)
    return replace(sure(number), evidence=place)


def of_pages(identifier: Identifier, *pages: CustomerSigns, numbers: tuple[NumberCandidate, ...]) -> Identification:
    """Return what becomes of a record whose first page is Zhou's, with his number."""
    found = identifier.identify("repair", numbers, pages[0], ())
    assert found.numbers == (ZHOU,)
    return identifier.on_every_page(found, numbers, pages)


@pytest.mark.parametrize(
    "page",
    [
        signs(address=HE_ADDRESS),
        signs(contract_no="DR-2013-11870"),
        signs(meter_no="CR44399824"),
        signs("周明辉", HE_ADDRESS),
        signs("何晓燕"),
        signs("何晓燕", "松林里9号楼9单元909室"),
    ],
    ids=["address", "contract", "meter", "own name, other's address", "name", "name, and an address that is nobody's"],
)
def test_page_that_is_anothers_holds_the_record_with_both(identifier: Identifier, page: CustomerSigns) -> None:
    found = of_pages(identifier, OWN_PAGE, page, numbers=(on_page(ZHOU, 1),))

    assert found.numbers == ()
    (reason,) = found.reasons
    assert reason.code is ReasonCode.OTHER_CUSTOMER_SIGNS
    assert set(reason.customer_numbers) == {ZHOU, HE}


@pytest.mark.parametrize(
    "page",
    [
        signs(),
        signs("周明辉"),
        signs("钱一兵"),
        signs("何晓燕", ZHOU_ADDRESS),
        signs(address="松林里9号楼9单元909室"),
        signs("何晓燕", HE_ADDRESS, surely=False),
    ],
    ids=["nothing", "own name", "a name that nobody bears", "tenant", "an address that is nobody's", "hardly read"],
)
def test_page_that_may_be_the_customers_changes_nothing(identifier: Identifier, page: CustomerSigns) -> None:
    assert of_pages(identifier, OWN_PAGE, page, numbers=(on_page(ZHOU, 1),)).numbers == (ZHOU,)


def test_page_with_the_customers_number_may_bear_another_name(identifier: Identifier) -> None:
    numbers = (on_page(ZHOU, 1), on_page(ZHOU, 2))

    assert of_pages(identifier, OWN_PAGE, signs("何晓燕"), numbers=numbers).numbers == (ZHOU,)


def test_page_of_the_old_customer_belongs_to_a_transfer(identifier: Identifier) -> None:
    given = identifier.identify("change_transfer", (), CustomerSigns(), (ZHAO, WANG_ZQ))
    found = replace(given, found_by=None)

    assert identifier.on_every_page(found, (), (signs("汪志强"), signs("赵大年"))).numbers == (ZHAO, WANG_ZQ)


def test_number_that_a_person_gave_is_kept(identifier: Identifier) -> None:
    given = identifier.identify("repair", (), CustomerSigns(), (ZHOU,))

    assert identifier.on_every_page(given, (), (OWN_PAGE, signs("何晓燕", HE_ADDRESS))) is given


def test_second_paper_in_one_record_is_seen_by_the_real_readers(identifier: Identifier) -> None:
    """The neighbour's receipt, its number torn off, was left behind a repair slip: the slip's own signs are found first."""
    record = record_of(
        f"维修单\n户号：{ZHOU}\n户名：周明辉\n用热地址：{ZHOU_ADDRESS}",
        f"收费收据\n户名：何晓燕\n用热地址：{HE_ADDRESS}",
    )
    extractor, numbers = RulesExtractor(scheme()), number_scheme().candidates(record)
    found = identifier.identify("repair", numbers, extractor.signs(record, "repair"), ())
    by_page = tuple(extractor.signs(RecordText((page,)), "repair") for page in record.pages)

    checked = identifier.on_every_page(found, numbers, by_page)

    assert found.numbers == (ZHOU,)
    assert [reason.code for reason in checked.reasons] == [ReasonCode.OTHER_CUSTOMER_SIGNS]
