"""The checks of customer numbers: python-stdnum's by name, a modulus with weights and alphabet, or none."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.interfaces import SchemeWrong
from classifiers.number_checks import NumberCheck, check_from
from classifiers.toml_table import Table
from connector.i18n import Language, say_error

KEYS = ("check", "check_signs", "modulus", "alphabet", "weights")
NATIONAL_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
"""Of China's identity numbers (GB 11643), whose check signs are 10X98765432."""


def check(**keys: Any) -> NumberCheck:
    return check_from(Table(keys, "customer_number.forms[1]", KEYS))


def wrong(**keys: Any) -> str:
    with pytest.raises(SchemeWrong) as caught:
        check(**keys)
    return say_error(caught.value, Language.EN)


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("iso7064.mod_11_10", "0312345615", "0312345613"),
        ("iso7064.mod_11_2", "079X", "0790"),
        ("iso7064.mod_37_36", "A12425GABC1234002M", "A12425GABC1234002N"),
        ("iso7064.mod_97_10", "79444", "79445"),
        ("luhn", "79927398713", "79927398710"),
        ("verhoeff", "2363", "2364"),
        ("damm", "5724", "5742"),
    ],
)
def test_check_of_the_library_is_known_by_its_name(name: str, valid: str, invalid: str) -> None:
    found = check(check=name)

    assert found.name == name
    assert found.passes(valid)
    assert not found.passes(invalid)


@pytest.mark.parametrize("name", ["luhn", "verhoeff", "iso7064.mod_11_10"])
def test_letters_before_the_digits_count_only_where_all_signs_do(name: str) -> None:
    digits = check(check=name, check_signs="digits")
    last = next(sign for sign in "0123456789" if digits.passes(f"NQ1234567{sign}"))

    assert [sign for sign in "0123456789" if digits.passes(f"XY1234567{sign}")] == [last]
    assert not check(check=name, check_signs="all").passes(f"NQ1234567{last}")
    assert check(check=name).passes(f"1234567{last}")


def test_no_check_passes_everything_and_is_the_default() -> None:
    assert check().name == check(check="none").name == "none"
    assert check().passes("anything")


def test_check_of_the_library_may_take_an_alphabet() -> None:
    hexadecimal = check(check="luhn", alphabet="0123456789abcdef")

    assert [sign for sign in "0123456789ABCDEF" if hexadecimal.passes(f"ABC{sign}")] != []
    assert sum(hexadecimal.passes(f"ABC{sign}") for sign in "0123456789ABCDEF") == 1


def test_modulus_without_weights_takes_the_rest_of_the_number() -> None:
    """As in Spain's DNI: 12345678 modulo 23 is 14, and the fifteenth letter of the alphabet is Z."""
    dni = check(check="modulus", modulus=23, alphabet="TRWAGMYFPDXBNJZSQVHLCKE")

    assert dni.passes("12345678Z")
    assert not dni.passes("12345678A")


def test_modulus_with_a_weight_for_each_sign_but_the_last() -> None:
    """As in China's identity number; 11010519491231002X is the standard's own example."""
    identity = check(check="modulus", modulus=11, alphabet="10X98765432", weights=NATIONAL_WEIGHTS)

    assert identity.passes("11010519491231002X")
    assert not identity.passes("110105194912310021")


def test_modulus_with_a_weight_for_every_sign() -> None:
    """As in ISBN-10, whose check sign may be X for ten."""
    isbn = check(check="modulus", modulus=11, alphabet="0123456789X", weights=[10, 9, 8, 7, 6, 5, 4, 3, 2, 1])

    assert isbn.passes("0306406152")
    assert isbn.passes("080442957X")
    assert not isbn.passes("0306406153")


def test_modulus_of_the_example_configuration_works_as_it_is_explained() -> None:
    """The commented form "old": a letter, eight digits, one check sign."""
    old = check(check="modulus", modulus=11, alphabet="0123456789XR", weights=[0, 9, 8, 7, 6, 5, 4, 3, 2, 1])

    assert sum(old.passes(f"R12345678{sign}") for sign in "0123456789X") == 1


@pytest.mark.parametrize("number", ["", "1", "12-4", "１２３４", "12 4", "123?", "12345678Z", "１"])
def test_number_that_cannot_be_checked_does_not_pass(number: str) -> None:
    assert not check(check="modulus", modulus=7, weights=[3, 1, 1]).passes(number)


def test_digits_below_the_modulus_are_the_usual_check_signs() -> None:
    seven = check(check="modulus", modulus=7)

    assert seven.passes("151")
    assert not seven.passes("158")


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"check": "iso7064.mod_11_1"}, "Did you mean 'iso7064.mod_11_10'?"),
        ({"check": "lunh"}, "Did you mean 'luhn'?"),
        ({"check": "xyzzy"}, "Use the name of a module of python-stdnum"),
        ({"check": "os"}, "has the unknown value 'os'"),
        ({"check": "..os"}, "has the unknown value '..os'"),
        ({"check": "iso7064"}, "has the unknown value 'iso7064'"),
        ({"check": "verhoeff", "alphabet": "01"}, "this check takes no alphabet"),
        ({"check": "luhn", "check_signs": "letters"}, '"all" or "digits"'),
        ({"check": "modulus"}, "modulus cannot be None"),
        ({"check": "modulus", "modulus": 1}, "a whole number from 2"),
        ({"check": "modulus", "modulus": 11, "alphabet": "00"}, "none twice"),
        ({"check": "modulus", "modulus": 11, "alphabet": "0-"}, "letters and digits"),
    ],
)
def test_wrong_check_names_key_value_and_remedy(keys: dict[str, Any], sentence: str) -> None:
    assert sentence in wrong(**keys)


NAMES = ["iso7064.mod_11_10", "iso7064.mod_37_2", "iso7064.mod_97_10", "luhn", "verhoeff", "damm", "none"]


@given(st.sampled_from(NAMES), st.text(max_size=20))
def test_no_text_whatever_makes_a_check_fail(name: str, number: str) -> None:
    assert check(check=name).passes(number) in (True, False)


@given(
    st.integers(2, 97),
    st.lists(st.integers(-20, 20), max_size=8),
    st.text(string.printable, max_size=9),
)
def test_no_number_whatever_makes_a_modulus_fail(modulus: int, weights: list[int], number: str) -> None:
    found = check(check="modulus", modulus=modulus, weights=weights, alphabet=string.digits + string.ascii_uppercase)

    assert found.passes(number) in (True, False)


@given(st.text(string.digits, min_size=4, max_size=4))
def test_exactly_one_check_sign_fits_every_number(body: str) -> None:
    eleven = check(check="modulus", modulus=11, alphabet="0123456789X", weights=[5, 4, 3, 2, 1])

    assert sum(eleven.passes(body + sign) for sign in "0123456789X") == 1
