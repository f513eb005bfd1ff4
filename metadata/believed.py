"""Which facts of a page to believe once the customer is known: those that read nearly as the register says were misread.

An estate's name with one wrong sign, a contract number that lost its first letter, an area that lost its last digit: what
nearly agrees with the register's own value was meant to be that, and is left out rather than given wrong. What is quite
another value stays: papers tell of changes. And what was read too badly to be given, but reads exactly as the register has it, is
believed. Pure; not for deciding who the customer is (`identify`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from classifiers.scheme import FieldType
from classifiers.values import CustomerSigns, Fact
from ingest.normalise import simplified
from metadata.address import parsed
from metadata.agreement import registered_address, same_district
from metadata.values import Customer

_MISREAD_SIGNS = 2
_LIKE_ADDRESS = 60.0  # of 100: below, it is another place
_LIKE_AREA = 0.02  # of the registered area
_CONFIRMED = 0.9
_FROM_NUMBER = re.compile(r"\d.*", re.DOTALL)


def believed(facts: Iterable[Fact], customer: Customer | None, types: Mapping[str, FieldType]) -> tuple[Fact, ...]:
    """Return the facts without those that the register shows to be misread; all of them where no customer is known.

    `types` are those of the kind's fields by name. Facts that a person or a sheet gave have no evidence, and stay.
    """
    if customer is None:
        return tuple(facts)
    return tuple(
        fact for fact in facts if fact.evidence is None or not _is_misread(fact, customer, types.get(fact.name))
    )


def confirmed(
    facts: tuple[Fact, ...], signs: CustomerSigns, customer: Customer | None, types: Mapping[str, FieldType]
) -> tuple[Fact, ...]:
    """Return the facts, and the signs that read as the register has them, for those of the kind's fields that have no fact."""
    if customer is None:
        return facts
    known = {fact.name for fact in facts}
    more = (fact for fact in _agreeing(signs, customer, types) if fact.name in types and fact.name not in known)
    return (*facts, *(replace(fact, confidence=max(fact.confidence, _CONFIRMED)) for fact in more))


def _agreeing(signs: CustomerSigns, customer: Customer, types: Mapping[str, FieldType]) -> Iterator[Fact]:
    address = signs.address
    if address is not None and _is_whole_registered_address(str(address.value), customer):
        yield from (replace(address, name=name) for name, of_field in types.items() if of_field is FieldType.ADDRESS)
    for sign, registered in ((signs.contract_no, customer.contract_no), (signs.meter_no, customer.meter_no)):
        if sign is not None and registered and _plain(str(sign.value)) == _plain(registered):
            yield sign


def _is_misread(fact: Fact, customer: Customer, field_type: FieldType | None) -> bool:
    value = fact.value
    if field_type is FieldType.ADDRESS and isinstance(value, str):
        return _is_misread_address(value, customer)
    registered = {"contract_no": customer.contract_no, "meter_no": customer.meter_no}.get(fact.name, "")
    if registered and isinstance(value, str):
        return 0 < Levenshtein.distance(_plain(value), _plain(registered)) <= _MISREAD_SIGNS
    if field_type is FieldType.AREA and isinstance(value, float) and customer.heated_area_m2:
        return _is_misread_area(value, customer.heated_area_m2)
    return False


def _is_misread_address(text: str, customer: Customer) -> bool:
    page, own = parsed(text), registered_address(customer)
    if not own.numbers or _is_registered_address(text, customer):
        return False
    return fuzz.ratio(f"{page.area}{'-'.join(page.numbers)}", f"{own.area}{'-'.join(own.numbers)}") >= _LIKE_ADDRESS


def _is_registered_address(text: str, customer: Customer) -> bool:
    page, own = parsed(text), registered_address(customer)
    return bool(own.key) and page.key == own.key and page.is_clean and same_district(page, own)


def _is_whole_registered_address(text: str, customer: Customer) -> bool:
    """Return whether this is the registered address from a sign of its town, district or estate on to its last one, nothing before it."""
    place = _place(text)
    own = _place(customer.address or customer.area)
    is_cut = "号楼" in simplified(text) and text[-1:].isdigit()  # …号楼3单元1504, and 室 stood in the next line
    return bool(place) and own.endswith(place) and not is_cut and _is_registered_address(text, customer)


def _place(address: str) -> str:
    """Return what stands before the first number: town, district, street, estate."""
    return simplified(_FROM_NUMBER.sub("", unicodedata.normalize("NFKC", address)))


def _is_misread_area(area_m2: float, registered_m2: float) -> bool:
    """Return whether a digit was lost or misread; an area measured anew differs in more, or in whole square metres."""
    if round(area_m2, 2) == round(registered_m2, 2):
        return False
    one_sign = Levenshtein.distance(f"{area_m2:.2f}", f"{registered_m2:.2f}") == 1
    return one_sign or abs(area_m2 - registered_m2) <= _LIKE_AREA * registered_m2


def _plain(code: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign.isalnum())
