"""Which facts of a page to believe once the customer is known, and what those say that were nearly read as the register has them.

1. What reads as the register has it is believed, however badly it was read.
2. What was read doubtfully and differs only in signs that are taken for each other (4 and H, 1 and 7; an estate's name with a
   wrong sign before the right numbers) was meant to be the register's value, and is given as that.
3. What else nearly agrees, a sign lost, or one that was not surely read, is left out rather than given wrong.
4. What was surely read and is another value stays, near or not: papers tell of changes, of a room or an area measured anew.

Pure; not for deciding who the customer is (`identify`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from classifiers.scheme import FieldType
from classifiers.values import CustomerSigns, Fact, FieldValue
from ingest.normalise import simplified
from metadata.address import parsed
from metadata.agreement import Agreement, compare_address, registered_address, same_district
from metadata.near_numbers import is_taken_for
from metadata.values import Customer

_MISREAD_SIGNS = 2
_LIKE_ADDRESS = 60.0  # of 100: below, it is another place
_LIKE_AREA = 0.02  # of the registered area
_CONFIRMED = 0.9
_FROM_NUMBER = re.compile(r"\d.*", re.DOTALL)

Elsewhere = Callable[[str], bool]
"""Whether an address, as it was read, is another customer's in the register."""


def believed(
    facts: Iterable[Fact], customer: Customer | None, types: Mapping[str, FieldType], elsewhere: Elsewhere
) -> tuple[Fact, ...]:
    """Return the facts as the register lets them be believed, without those that it shows to be misread.

    `types` are those of the kind's fields by name. Facts that a person or a sheet gave have no evidence, and stay; all stay where no
    customer is known.
    """
    if customer is None:
        return tuple(facts)
    judged = (
        fact if fact.evidence is None else _judged(fact, customer, types.get(fact.name), elsewhere) for fact in facts
    )
    return tuple(fact for fact in judged if fact is not None)


def confirmed(
    facts: tuple[Fact, ...],
    signs: CustomerSigns,
    customer: Customer | None,
    types: Mapping[str, FieldType],
    elsewhere: Elsewhere,
) -> tuple[Fact, ...]:
    """Return the facts, and the signs that are the register's values, for those of the kind's fields that have no fact."""
    if customer is None:
        return facts
    known = {fact.name for fact in facts}
    more = (
        fact for fact in _agreeing(signs, customer, types, elsewhere) if fact.name in types and fact.name not in known
    )
    return (*facts, *(_sure_of(fact, fact.value) for fact in more))


def _sure_of(fact: Fact, value: FieldValue) -> Fact:
    return replace(fact, value=value, confidence=max(fact.confidence, _CONFIRMED))


def _agreeing(
    signs: CustomerSigns, customer: Customer, types: Mapping[str, FieldType], elsewhere: Elsewhere
) -> Iterator[Fact]:
    if signs.address is not None and signs.address.evidence is not None:
        address = _judged(signs.address, customer, FieldType.ADDRESS, elsewhere)
        if address is not None and _is_whole_registered_address(str(address.value), customer):
            yield from (replace(address, name=name) for name, of in types.items() if of is FieldType.ADDRESS)
    for sign, registered in ((signs.contract_no, customer.contract_no), (signs.meter_no, customer.meter_no)):
        value = _own_code(sign, registered) if sign is not None and registered else None
        if sign is not None and value is not None:
            yield replace(sign, value=value)
    area = signs.area_m2
    if area is not None and isinstance(area.value, float) and customer.heated_area_m2:
        judged = _judged_area(area, area.value, customer.heated_area_m2)
        if judged is not None and judged.value == customer.heated_area_m2:
            yield from (replace(judged, name=name) for name, of in types.items() if of is FieldType.AREA)


def _judged(fact: Fact, customer: Customer, field_type: FieldType | None, elsewhere: Elsewhere) -> Fact | None:
    """Return the fact as it is to be believed; None where it was misread."""
    value = fact.value
    if field_type is FieldType.ADDRESS and isinstance(value, str):
        return _judged_address(fact, value, customer, elsewhere)
    registered = {"contract_no": customer.contract_no, "meter_no": customer.meter_no}.get(fact.name, "")
    if registered and isinstance(value, str):
        return _judged_code(fact, value, registered)
    if field_type is FieldType.AREA and isinstance(value, float) and customer.heated_area_m2:
        return _judged_area(fact, value, customer.heated_area_m2)
    return fact


def _judged_address(fact: Fact, text: str, customer: Customer, elsewhere: Elsewhere) -> Fact | None:
    page, own = parsed(text), registered_address(customer)
    is_registered = _is_registered_address(text, customer)
    is_spelled_so = _place(customer.address or customer.area).endswith(_place(text))
    if not own.numbers or (is_registered and (fact.surely_read or is_spelled_so)):
        return fact
    mended = None if fact.surely_read or elsewhere(text) else _mended_address(text, customer)
    if mended is not None:
        return _sure_of(fact, mended)
    if is_registered:
        return fact
    if fact.surely_read and page.area == own.area and _are_other_numbers(page.numbers, own.numbers):
        return fact
    is_like = fuzz.ratio(f"{page.area}{'-'.join(page.numbers)}", f"{own.area}{'-'.join(own.numbers)}") >= _LIKE_ADDRESS
    return None if is_like else fact


def _mended_address(text: str, customer: Customer) -> str | None:
    """Return the address with the place as the register spells it, as much of it as the page has; None where it may be another."""
    if compare_address(text, False, customer) is not Agreement.AGREES or not parsed(text).is_clean:
        return None
    place, district, area = _place(text), registered_address(customer).district, registered_address(customer).area
    whole = _place(customer.address or customer.area)
    spellings = {whole, whole[whole.find(district) :] if district and district in whole else area, area}
    near = sorted((Levenshtein.distance(place, spelling), spelling) for spelling in spellings if spelling)
    if not near or near[0][0] > max(1, len(near[0][1]) // 3) or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    numbers = _FROM_NUMBER.search(simplified(unicodedata.normalize("NFKC", text)))
    return f"{near[0][1]}{numbers.group()}" if numbers else None


def _are_other_numbers(page: Sequence[str], own: Sequence[str]) -> bool:
    """Return whether building, unit or room differ in signs that nobody takes for each other, none of them lost."""
    same_length = len(page) == len(own) and all(len(a) == len(b) for a, b in zip(page, own, strict=True))
    return same_length and not is_taken_for("-".join(page), "-".join(own))


def _judged_code(fact: Fact, text: str, registered: str) -> Fact | None:
    one, own = _plain(text), _plain(registered)
    if one == own:
        return fact
    value = None if fact.surely_read else _own_code(fact, registered)
    if value is not None:
        return _sure_of(fact, value)
    if Levenshtein.distance(one, own) > _MISREAD_SIGNS:
        return fact
    digits_differ = len(one) == len(own) and all(a == b or (a + b).isdigit() for a, b in zip(one, own, strict=True))
    return fact if fact.surely_read and digits_differ and not is_taken_for(one, own) else None


def _own_code(fact: Fact, registered: str) -> str | None:
    """Return the value of a code that is the registered one: as it was read, or as registered where signs were taken for others."""
    one, own = _plain(str(fact.value)), _plain(registered)
    if one == own:
        return str(fact.value)
    is_misread = not fact.surely_read and Levenshtein.distance(one, own) <= _MISREAD_SIGNS
    return registered if is_misread and len(one) == len(own) and is_taken_for(one, own) else None


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


def _judged_area(fact: Fact, area_m2: float, registered_m2: float) -> Fact | None:
    one, own = f"{area_m2:.2f}", f"{registered_m2:.2f}"
    if one == own:
        return fact
    is_alike = len(one) == len(own) and is_taken_for(one, own)
    if is_alike and not fact.surely_read:
        return _sure_of(fact, registered_m2)
    is_near = Levenshtein.distance(one, own) == 1 or abs(area_m2 - registered_m2) <= _LIKE_AREA * registered_m2
    is_cut = own.startswith(one.rstrip("0").rstrip(".")) or len(one) != len(own)
    return None if is_near and (is_cut or is_alike or not fact.surely_read) else fact


def _plain(code: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign.isalnum())
