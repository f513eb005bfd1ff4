"""Whether every page of a record is its customer's: a paper that a wrong cut joined to another's must not be filed with it.

Runs after the table of the archive policy, over what each page says by itself; decides between filed and held only. A page that says
nothing of a customer, such as the back of a contract, says nothing against it.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.values import CustomerSigns, FoundBy, NumberCandidate
from metadata.agreement import Agreement
from metadata.decided import held
from metadata.interfaces import IRegister
from metadata.rivals import with_rivals
from metadata.values import Customer, Identification, ReasonCode
from metadata.weighing import Weighed, text_of, weigh


def on_every_page(
    found: Identification,
    numbers: Sequence[NumberCandidate],
    pages: Sequence[CustomerSigns],
    register: IRegister,
) -> Identification:
    """Return it, or held with both where a page is another's.

    1. Its address, contract or meter surely reads as another registered customer's.
    2. It bears another registered customer's name, and neither a number nor a place of this one.
    What a person gave is kept.
    """
    if found.found_by is FoundBy.GIVEN or len(pages) < 2:
        return found
    own = [customer for number in found.numbers if (customer := register.by_number(number)) is not None]
    for page_number, signs in enumerate(pages, 1):
        has_number = any(
            candidate.evidence.page_number == page_number and candidate.number in found.numbers for candidate in numbers
        )
        others = _others(own, signs, register, has_number=has_number)
        if own and others:
            return with_rivals(held(ReasonCode.OTHER_CUSTOMER_SIGNS, customers=(*own, *others)), signs, register)
    return found


def _others(
    own: Sequence[Customer], signs: CustomerSigns, register: IRegister, *, has_number: bool
) -> Sequence[Customer]:
    """Return whose the page is, () where it may be one of these customers'."""
    weighed = [weigh(customer, signs, register) for customer in own]
    if any(not one.others and _agrees(one) for one in weighed):
        return ()
    by_place = {other.number: other for one in weighed for other in one.others if other not in own}
    if by_place:
        return tuple(by_place.values())
    is_denied = all(one.name is Agreement.DIFFERS for one in weighed)
    return () if has_number or not is_denied else register.by_name(text_of(signs.name) or "")


def _agrees(weighed: Weighed) -> bool:
    return weighed.place_agrees or weighed.name is Agreement.AGREES
