"""What a customer number looks like: forms of the configuration, several side by side, each with its separators and check."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.interfaces import SchemeWrong
from classifiers.number_forms import NumberForms, folded_number, forms_from
from connector.i18n import Language, say_error
from tests.classifiers.schemes import example_mapping

TEN = {"name": "ten", "pattern": "[0-9]{10}", "separators": " -", "check": "iso7064.mod_11_10"}
OLD = {"name": "old", "pattern": "R[0-9]{8}[0-9X]", "separators": "/"}
VALID = "0312345615"


def forms(*tables: dict[str, Any], **more: Any) -> NumberForms:
    return forms_from({"forms": list(tables), **more})


def wrong(mapping: dict[str, Any]) -> str:
    with pytest.raises(SchemeWrong) as caught:
        forms_from(mapping)
    return say_error(caught.value, Language.EN)


BOTH = forms(TEN, OLD, barcode_prefixes=["HN:", "HN", "客户"])


def check_digit(body: str) -> str:
    """Return the check digit of ISO 7064 MOD 11,10, written down apart from the library that is tested with it."""
    rest = 10
    for digit in body:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


@pytest.mark.parametrize(
    "printed",
    [
        VALID,
        "03 1234 5615",
        "031-234-5615",
        "０３１２３４５６１５",
        "03—1234–5615",
        " 0312345615 ",
        "03\u00a01234\u30005615",
    ],
)
def test_number_is_the_same_however_it_is_printed(printed: str) -> None:
    assert BOTH.normal(printed) == VALID


@pytest.mark.parametrize(
    "printed",
    ["031234561", "03123456153", "031/234/5615", "-0312345615", "0312345615-", "03l2345615", "No 0312345615", ""],
)
def test_what_is_not_a_number_as_a_whole_has_no_form(printed: str) -> None:
    assert BOTH.normal(printed) is None


def test_each_form_has_its_own_separators() -> None:
    assert BOTH.normal("R1234/5678/x") == "R12345678X"
    assert BOTH.normal("R1234-5678-X") is None
    assert BOTH.separators == " -/"


@pytest.mark.parametrize(
    "text", ["HN:0312345615", "hn0312345615", "ＨＮ：0312345615", "客户 0312345615", "HN: 03-1234-5615"]
)
def test_prefix_of_a_barcode_is_taken_off(text: str) -> None:
    assert BOTH.normal(text) == VALID


def test_longest_prefix_is_taken_off() -> None:
    assert BOTH.without_prefix("HN:12") == "12"
    assert BOTH.without_prefix("X12") == "X12"


def test_form_is_named_whether_the_check_holds_or_not() -> None:
    assert (BOTH.form_of(VALID), BOTH.is_valid(VALID)) == ("ten", True)
    assert (BOTH.form_of("0312345613"), BOTH.is_valid("0312345613")) == ("ten", False)
    assert (BOTH.form_of("R12345678X"), BOTH.is_valid("R12345678X")) == ("old", True)
    assert (BOTH.form_of("12"), BOTH.is_valid("12")) == (None, False)


def test_number_that_fits_two_forms_is_valid_by_either() -> None:
    both = forms({**TEN, "name": "checked"}, {"name": "free", "pattern": "9[0-9]{9}"})

    assert both.form_of("9312345613") == "checked"
    assert both.is_valid("9312345613")


def test_pattern_must_fit_the_whole_number() -> None:
    six = forms({"name": "six", "pattern": "[0-9]{6}|[A-Z][0-9]{5}"})

    assert [six.normal(text) for text in ("123456", "A12345", "1234567", "A123456")] == ["123456", "A12345", None, None]


def test_folding_makes_capitals_narrow_signs_and_hyphens() -> None:
    assert folded_number(" ａb－c—d ") == "AB-C-D"


def test_forms_of_the_example_configuration_load() -> None:
    found = forms_from(example_mapping()["customer_number"])

    assert [form.name for form in found.forms] == ["standard"]
    assert "客户编号" in found.labels
    assert "热表号" in found.not_labels
    assert not set(found.labels) & set(found.not_labels)
    assert found.is_valid(VALID)


def test_values_left_empty_count_as_absent() -> None:
    found = forms({**TEN, "weights": [], "alphabet": "", "modulus": None}, labels=[])

    assert found.is_valid(VALID)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({}, "customer_number has no forms"),
        ({"forms": []}, "customer_number has no forms"),
        ({"forms": [TEN, TEN]}, "customer_number.forms has ten twice"),
        ({"forms": [{"name": "a"}]}, "customer_number.forms[1].pattern is missing"),
        ({"forms": [{"name": "a", "pattern": "["}]}, "customer_number.forms[1].pattern cannot be"),
        ({"forms": [{"name": "a", "pattern": "[0-9]*"}]}, 'a regular expression that "" does not fit'),
        ({"forms": [{**TEN, "separators": "0"}]}, "customer_number.forms[1].separators cannot be '0'"),
        ({"forms": [{**TEN, "separatores": "-"}]}, "Did you mean 'separators'?"),
        ({"forms": [TEN], "labelz": ["户号"]}, "Did you mean 'labels'?"),
    ],
)
def test_wrong_forms_name_key_value_and_remedy(mapping: dict[str, Any], sentence: str) -> None:
    assert sentence in wrong(mapping)


BODIES = st.text("0123456789", min_size=9, max_size=9)


@given(BODIES, st.integers(1, 9), st.sampled_from(["", " ", "-", "—"]))
def test_every_number_with_its_check_digit_is_valid_in_any_grouping(body: str, at: int, separator: str) -> None:
    number = body + check_digit(body)

    normal = BOTH.normal(number[:at] + separator + number[at:])

    assert normal == number
    assert BOTH.is_valid(number)


@given(BODIES, st.integers(0, 9), st.integers(1, 9))
def test_no_single_digit_can_be_misread_unnoticed(body: str, place: int, by: int) -> None:
    number = body + check_digit(body)
    misread = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]

    assert not BOTH.is_valid(misread)


@given(st.text(max_size=20))
def test_a_normal_number_is_its_own_normal_form(text: str) -> None:
    normal = BOTH.normal(text)

    if normal is not None:
        assert BOTH.normal(normal) == normal
        assert BOTH.form_of(normal) is not None
