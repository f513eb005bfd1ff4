"""Facts of a page beside what the register says of the customer: what nearly agrees was misread."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifiers.scheme import FieldType
from classifiers.values import CustomerSigns, Evidence, EvidenceSource, Fact, FieldValue
from ingest.values import Box
from metadata.believed import believed, confirmed
from metadata.values import Customer, CustomerNumber, CustomerState, CustomerType

CUSTOMER = Customer(
    number=CustomerNumber("1687189159"),
    name="王小明",
    customer_type=CustomerType.RESIDENTIAL,
    area="创业大厦",
    building="24号楼",
    room="A座1层",
    address="云州市城关区创业大厦24号楼3单元501室",
    heated_area_m2=159.65,
    contract_no="HN-2011-87810",
    meter_no="9537978082",
    trade="",
    scale="",
    state=CustomerState.IN_USE,
    transferred_to="",
)
TYPES = {
    "address_as_printed": FieldType.ADDRESS,
    "contract_no": FieldType.CODE,
    "meter_no": FieldType.CODE,
    "area_m2": FieldType.AREA,
    "technician": FieldType.NAME,
}
SEEN = Evidence(1, Box(0, 0, 10, 10), 300.0, "as read", EvidenceSource.TEXT)


def nowhere_else(_: str) -> bool:
    return False


def given_as(
    name: str, value: FieldValue, customer: Customer | None = CUSTOMER, *, surely: bool = True
) -> FieldValue | None:
    """Return what becomes of a value that was read; None where it is left out."""
    fact = Fact(name, value, 0.9, surely, SEEN)
    found = believed((fact,), customer, TYPES, nowhere_else)
    return found[0].value if found else None


def is_believed(name: str, value: FieldValue, customer: Customer | None = CUSTOMER) -> bool:
    return given_as(name, value, customer) == value


@pytest.mark.parametrize(
    "text", ["云州市城关区创业大厦24号楼3单元501室", "创业大厦24号楼3单元501室", "城关区创业大厦24#3单元501"]
)
def test_registered_address_is_believed_however_it_is_written(text: str) -> None:
    assert is_believed("address_as_printed", text)


@pytest.mark.parametrize(
    "text",
    ["创业大夏24号楼3单元501室", "创业大厦24号接3单元501室", "创业大厦24号楼单元501室", "创业大厦24号楼3单元507室"],
)
def test_address_that_nearly_agrees_was_misread(text: str) -> None:
    assert not is_believed("address_as_printed", text)


def test_quite_another_address_is_what_the_paper_says() -> None:
    assert is_believed("address_as_printed", "河西区玫瑰园5号楼4单元1003室")


@pytest.mark.parametrize(
    ("name", "text"), [("contract_no", "N-2011-87810"), ("contract_no", "HN-2011-8781O"), ("meter_no", "9537978032")]
)
def test_code_that_nearly_agrees_was_misread(name: str, text: str) -> None:
    assert not is_believed(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("contract_no", "HN-2011-87810"), ("contract_no", "HN 2011 87810"), ("contract_no", "XY-2019-11111")],
)
def test_equal_code_and_quite_another_one_are_believed(name: str, text: str) -> None:
    assert is_believed(name, text)


@pytest.mark.parametrize("area_m2", [159.6, 759.65, 59.65, 159.0])
def test_area_that_lost_a_digit_or_took_one_for_another_was_misread(area_m2: float) -> None:
    assert not is_believed("area_m2", area_m2)


@pytest.mark.parametrize("area_m2", [159.65, 142.3, 158.22, 157.18])
def test_equal_area_and_one_measured_anew_are_believed(area_m2: float) -> None:
    assert is_believed("area_m2", area_m2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("area_m2", 158.22),
        ("area_m2", 159.6),
        ("contract_no", "HN-2011-87820"),
        ("contract_no", "N-2011-87810"),
        ("address_as_printed", "创业大厦24号楼3单元502室"),
    ],
)
def test_value_that_nearly_agrees_and_was_not_surely_read_is_left_out(name: str, value: FieldValue) -> None:
    assert given_as(name, value, surely=False) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("contract_no", "HN-2011-87820"), ("meter_no", "9537978012"), ("address_as_printed", "创业大厦24号楼3单元502室")],
)
def test_value_surely_read_that_no_misreading_makes_is_a_change(name: str, value: FieldValue) -> None:
    assert given_as(name, value) == value


@pytest.mark.parametrize(
    ("name", "read", "meant"),
    [
        ("area_m2", 759.65, 159.65),
        ("area_m2", 459.65, 159.65),
        ("contract_no", "HN-2077-87810", "HN-2011-87810"),
        ("meter_no", "9537978032", "9537978032"),
        ("address_as_printed", "云州市城美区创业大夏24號楼3单元501室", "云州市城关区创业大厦24号楼3单元501室"),
        ("address_as_printed", "创亚大厦24#3单元501", "创业大厦24#3单元501"),
        ("address_as_printed", "城美区创业大厦24-3-501", "城关区创业大厦24-3-501"),
    ],
)
def test_doubtful_signs_that_are_taken_for_the_registered_ones_are_put_right(
    name: str, read: FieldValue, meant: FieldValue
) -> None:
    known = replace(CUSTOMER, meter_no="9537978032")

    assert given_as(name, read, known, surely=False) == meant


def test_more_of_an_address_than_the_register_has_stays() -> None:
    short = replace(CUSTOMER, address="创业大厦24号楼3单元501室")
    text = "云州市城关区创业大厦24号楼3单元501室"

    assert given_as("address_as_printed", text, short, surely=False) == text


def test_address_that_is_another_customers_is_not_put_right() -> None:
    fact = Fact("address_as_printed", "创业大夏24号楼3单元501室", 0.7, False, SEEN)

    assert believed((fact,), CUSTOMER, TYPES, lambda _: True) == ()


def test_estate_with_a_number_of_its_own_is_not_put_right() -> None:
    second = replace(CUSTOMER, address="云州市城关区创业二村24号楼3单元501室", area="创业二村")

    assert given_as("address_as_printed", "创业三村24号楼3单元501室", second, surely=False) is None


def test_register_says_nothing_of_other_facts() -> None:
    assert is_believed("technician", "王小朋")


def test_everything_is_believed_where_no_customer_is_known() -> None:
    assert is_believed("address_as_printed", "创业大夏24号楼3单元501室", None)


def test_nothing_is_doubted_that_the_register_does_not_know() -> None:
    bare = replace(CUSTOMER, address="", area="", building="", room="", contract_no="", heated_area_m2=None)

    assert is_believed("address_as_printed", "创业大夏24号楼3单元501室", bare)
    assert is_believed("contract_no", "N-2011-87810", bare)
    assert is_believed("area_m2", 159.6, bare)


def test_given_fact_stays_whatever_the_register_says() -> None:
    given = Fact("contract_no", "N-2011-87810", 1.0, True, None)

    assert believed((given,), CUSTOMER, TYPES, nowhere_else) == (given,)


def confirmed_values(signs: CustomerSigns, *facts: Fact, customer: Customer | None = CUSTOMER) -> dict[str, FieldValue]:
    return {fact.name: fact.value for fact in confirmed(facts, signs, customer, TYPES, nowhere_else)}


def badly_read(name: str, text: str) -> Fact:
    return Fact(name, text, 0.5, False, SEEN)


def test_sign_read_badly_is_a_fact_where_it_reads_as_the_register_has_it() -> None:
    signs = CustomerSigns(
        address=badly_read("address", "创业大厦24#3单元501"),
        contract_no=badly_read("contract_no", "HN-2011-87810"),
        meter_no=badly_read("meter_no", "9537978082"),
        area_m2=replace(badly_read("area_m2", ""), value=159.65),
    )

    assert confirmed_values(signs) == {
        "address_as_printed": "创业大厦24#3单元501",
        "contract_no": "HN-2011-87810",
        "meter_no": "9537978082",
        "area_m2": 159.65,
    }


@pytest.mark.parametrize(
    "text",
    [
        "创业大厦24号楼3单元507室",
        "河西区创业大厦24号楼3单元501室",
        "云州市城关区创业大厦24号楼3单元501",  # its end stands in the next row
    ],
)
def test_sign_that_reads_otherwise_is_no_fact(text: str) -> None:
    signs = CustomerSigns(address=badly_read("address", text), meter_no=badly_read("meter_no", "9537978012"))

    assert confirmed_values(signs) == {}


def test_head_that_ran_into_a_sign_is_cut_off() -> None:
    signs = CustomerSigns(address=badly_read("address", "销方云州市城关区创业大厦24号楼3单元501室"))

    assert confirmed_values(signs) == {"address_as_printed": "云州市城关区创业大厦24号楼3单元501室"}


def test_fact_that_is_there_is_kept_beside_the_sign() -> None:
    fact = Fact("address_as_printed", "玫瑰园5号楼4单元1003室", 0.9, True, SEEN)

    assert confirmed_values(CustomerSigns(address=badly_read("address", "创业大厦24#3单元501")), fact) == {
        "address_as_printed": "玫瑰园5号楼4单元1003室"
    }


def test_nothing_is_confirmed_without_a_customer_or_a_field() -> None:
    signs = CustomerSigns(address=badly_read("address", "创业大厦24#3单元501"))

    assert confirmed_values(signs, customer=None) == {}
    assert confirmed((), signs, CUSTOMER, {"technician": FieldType.NAME}, nowhere_else) == ()
