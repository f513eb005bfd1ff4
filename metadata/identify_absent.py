"""The rows of the archive policy's table without a number: name and address together, or one of them alone.

Namesakes are never guessed between, and a closed account is never chosen. Where a label announces a number of which only some
signs were read, those must not contradict; and a number that is nearly the customer's own, but is not, speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA

from classifiers.values import CustomerSigns, Fact, FoundBy, NumberCandidate
from metadata.agreement import Agreement, compare_address, is_like_name, name_key, registered_address, room_key
from metadata.decided import filed, held
from metadata.identify_number import MISREAD_SIGNS, agreements, number_facts
from metadata.interfaces import IRegister
from metadata.number_fits import may_be
from metadata.values import Customer, CustomerState, Identification, Reason, ReasonCode
from metadata.weighing import text_of, weigh

_GROWN_NAME = 3
_LABEL_SIGNS = (2, 8)


def by_name_and_address(
    signs: CustomerSigns, numbers: Sequence[NumberCandidate], register: IRegister
) -> Identification:
    """Return the one customer in use whom name and address fit; else held, saying what is missing."""
    signs = _with_loose_name(signs, register)
    name, address = text_of(signs.name), text_of(signs.address)
    named = sorted(register.by_name(name) if name else (), key=lambda c: c.number)
    in_use = [customer for customer in named if customer.state is CustomerState.IN_USE]
    fitting = [customer for customer in named if _address_agrees(signs.address, customer)]
    fitting_in_use = [customer for customer in fitting if customer.state is CustomerState.IN_USE]
    if len(fitting_in_use) > 1:
        return held(ReasonCode.NUMBERS_RIVAL, customers=fitting_in_use)
    if fitting_in_use:
        return _one(fitting_in_use[0], in_use, signs, numbers, register)
    if fitting:
        successors = [customer.transferred_to for customer in fitting if customer.transferred_to]
        return held(ReasonCode.CUSTOMER_TRANSFERRED, customers=[*fitting, *successors])
    if announced := [candidate for candidate in numbers if candidate.labelled]:
        return held(ReasonCode.NUMBER_DOUBTFUL, number_facts(announced[0]), in_use if len(in_use) == 1 else ())
    if named:
        return held(ReasonCode.NAME_SHARED if len(named) > 1 else ReasonCode.NAME_ALONE, customers=named)
    living = sorted(register.by_address(address) if address else (), key=lambda c: c.number)
    if living:
        return held(ReasonCode.ADDRESS_ALONE, customers=living)
    return held(ReasonCode.NO_CUSTOMER)


def _with_loose_name(signs: CustomerSigns, register: IRegister) -> CustomerSigns:
    """Return the signs with the name that stands under an unknown label, where exactly one is that of a customer of this address.

    That it is the customer's name, label or not, is as sure as can be: nobody else's, sign by sign, stands at this address.
    """
    if signs.name is not None or signs.address is None or not signs.loose_names:
        return signs
    living = register.by_address(str(signs.address.value))
    seen = {
        name_key(customer.name): replace(fact, value=customer.name)
        for fact in signs.loose_names
        for customer in living
        if fact.surely_read and _is_named(str(fact.value), customer.name)
    }
    return replace(signs, name=next(iter(seen.values()))) if len(seen) == 1 else signs


def _is_named(text: str, name: str) -> bool:
    """Return whether the text is the name, or a label of some signs grown together with a name of three or more."""
    one, own = name_key(text), name_key(name)
    if one == own:
        return bool(own)
    before = len(one) - len(own)
    return len(own) >= _GROWN_NAME and one.endswith(own) and _LABEL_SIGNS[0] <= before <= _LABEL_SIGNS[1]


def _one(
    customer: Customer,
    namesakes: Sequence[Customer],
    signs: CustomerSigns,
    numbers: Sequence[NumberCandidate],
    register: IRegister,
) -> Identification:
    """Return the customer of this name and address, unless something on the page speaks against it."""
    weighed = weigh(customer, signs, register)
    if weighed.others:
        return held(ReasonCode.OTHER_CUSTOMER_SIGNS, customers=(customer, *weighed.others))
    is_name_sure = signs.name is not None and signs.name.surely_read
    if mistakable := [
        other for other in weighed.sharing if not is_name_sure or is_like_name(other.name, customer.name)
    ]:
        return held(ReasonCode.NUMBERS_RIVAL, customers=(customer, *mistakable))
    if placeless := [other for other in namesakes if not room_key(other)]:
        return held(ReasonCode.NAME_SHARED, customers=(customer, *placeless))
    against = [candidate for candidate in numbers if _speaks_against(candidate, customer)]
    if against:
        return held(ReasonCode.NUMBER_DOUBTFUL, number_facts(against[0]), (customer,))
    close = [other for other in namesakes if other.number != customer.number and _same_estate(other, customer)]
    if close and not (signs.address is not None and signs.address.surely_read):
        return held(ReasonCode.NAME_SHARED, customers=(customer, *close))
    evidence = signs.address.evidence if signs.address is not None else None
    note = Reason(ReasonCode.FOUND_IN_REGISTER, {}, (customer.number,))
    return filed(customer, FoundBy.REGISTER, _sureness(signs, agreements(weighed)), evidence, (note,))


def _speaks_against(candidate: NumberCandidate, customer: Customer) -> bool:
    """Return whether a number that stands there cannot be this customer's.

    1. One that a label announces, and whose signs do not stand in the customer's number in this order.
    2. The same where all its signs were surely read: then none was lost in reading, and the paper's number is another.
    3. One without a label that is nearly the customer's, but not: a wrong number under a label that could not be read.
    4. One without a label that is whole, check and all: the number of somebody whom the register does not know.
    """
    if candidate.labelled:
        return not candidate.doubtful or not may_be(candidate, customer.number)
    if candidate.is_valid:
        is_another = candidate.surely_read and candidate.number != customer.number
        return is_another or not may_be(candidate, customer.number)
    near = min(OSA.distance(reading.text, customer.number) for reading in candidate.readings) <= MISREAD_SIGNS
    return near and not may_be(candidate, customer.number)


def _address_agrees(address: Fact | None, customer: Customer) -> bool:
    if address is None:
        return False
    return compare_address(str(address.value), address.surely_read, customer) is Agreement.AGREES


def _same_estate(one: Customer, other: Customer) -> bool:
    return registered_address(one).area == registered_address(other).area


def _sureness(signs: CustomerSigns, agreeing: int) -> float:
    """Return the confidence: both read exactly as registered, by chance hardly ever; less where the words were read badly."""
    read = [fact.confidence for fact in (signs.name, signs.address) if fact is not None]
    doubt = 1.0 - min(read, default=0.0)
    return 1.0 - max(0.02, doubt * 0.4) * (0.5 if agreeing > 2 else 1.0)
