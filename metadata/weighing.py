"""How the signs of a page (name, address, contract, meter) stand to one customer, and whose else they surely are.

Pure but for the register's look-ups, which are handed in. Not for deciding: the rows of the archive policy's table stand in
`metadata.identify`; a sign's own comparison in `metadata.agreement`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from classifiers.values import CustomerSigns, Fact
from metadata.address import parsed
from metadata.agreement import (
    Agreement,
    compare_address,
    compare_code,
    compare_name,
    registered_address,
    written_address,
    written_name,
)
from metadata.interfaces import IRegister
from metadata.values import Customer, CustomerNumber, CustomerState

_Compare = Callable[[str | None, bool, Customer], Agreement]
_LookUp = Callable[[str], tuple[Customer, ...]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One customer against the page.

    `others` are the customers in whose name or to whose address, contract or meter the page surely is; `sharing` those in use who
    have the agreeing places, too. `place_is_own` = one place agrees that nobody else in use has; `place_is_sure` = one agrees that
    was surely read.
    """

    customer: Customer
    name: Agreement
    address: Agreement
    contract: Agreement
    meter: Agreement
    others: tuple[Customer, ...]
    sharing: tuple[Customer, ...]
    place_is_own: bool
    place_is_sure: bool

    @property
    def places(self) -> tuple[Agreement, ...]:
        """Return how address, contract and meter stand: what says where the heat goes, whoever pays for it."""
        return (self.address, self.contract, self.meter)

    @property
    def place_agrees(self) -> bool:
        """Return whether address, contract or meter agrees."""
        return Agreement.AGREES in self.places

    @property
    def place_unreadable(self) -> bool:
        """Return whether one of them stands there but says neither yes nor no."""
        return Agreement.UNREADABLE in self.places

    @property
    def place_differs(self) -> bool:
        """Return whether one of them surely is not the customer's."""
        return Agreement.DIFFERS in self.places

    @property
    def is_closed(self) -> bool:
        """Return whether the account was closed by a transfer."""
        return self.customer.state is CustomerState.TRANSFERRED


@dataclass(frozen=True, slots=True)
class _Place:
    """One place on the page against one customer: how it stands, whose else it surely is, who in use has it beside the customer."""

    agreement: Agreement
    others: tuple[Customer, ...]
    sharing: tuple[Customer, ...]


def weigh(customer: Customer, signs: CustomerSigns, register: IRegister) -> Weighed:
    """Return how the signs stand to this customer.

    1. A value that the customer shares with others (a closed predecessor, a meter for two flats) agrees, and is no other's.
    2. Where one of those is in use and bears the name on the page, and this one does not, name and place are that one's.
    3. An address that reads exactly as another's registered one is not this customer's with a sign misread.
    4. Folding traditional forms makes one of 后 and 後: a name or address that agrees in folded forms only, and is written as another one
       is registered, says nothing.
    """
    address_place = _place(customer, signs.address, compare_address, register.by_address, written_address(customer))
    agrees = address_place.agreement is Agreement.AGREES
    if agrees and _is_written_like_another(signs.address, customer, register.by_address, _written_area):
        address_place = _Place(Agreement.UNREADABLE, address_place.others, ())
    places = (
        address_place,
        _place(customer, signs.contract_no, _compare_contract, register.by_contract_no, customer.contract_no),
        _place(customer, signs.meter_no, _compare_meter, register.by_meter_no, customer.meter_no),
    )
    name = compare_name(*_read(signs.name), customer.name)
    if name is Agreement.AGREES and _is_written_like_another(signs.name, customer, register.by_name, _written_name):
        name = Agreement.UNREADABLE
    sharing = {other.number: other for place in places for other in place.sharing}
    others = {other.number: other for place in places for other in place.others}
    if name is not Agreement.AGREES:
        others |= {number: other for number, other in sharing.items() if _bears(other, signs.name)}
    is_own = any(place.agreement is Agreement.AGREES and not place.sharing for place in places)
    facts = (signs.address, signs.contract_no, signs.meter_no)
    agreeing = (fact for fact, place in zip(facts, places, strict=True) if place.agreement is Agreement.AGREES)
    is_sure = any(fact is not None and fact.surely_read for fact in agreeing)
    address, contract, meter = (place.agreement for place in places)
    return Weighed(customer, name, address, contract, meter, _in_order(others), _in_order(sharing), is_own, is_sure)


def _place(customer: Customer, fact: Fact | None, compare: _Compare, look_up: _LookUp, registered: str) -> _Place:
    text, surely_read = _read(fact)
    agreement = compare(text, surely_read, customer)
    holders = look_up(text) if text else ()
    theirs = _but(customer, holders)
    if agreement is Agreement.AGREES and theirs and len(theirs) == len(holders):
        agreement = Agreement.DIFFERS if surely_read else Agreement.UNREADABLE
    if agreement is not Agreement.AGREES:
        return _Place(agreement, theirs if surely_read else (), ())
    sharing = (*theirs, *_but(customer, look_up(registered)))
    return _Place(agreement, (), tuple(holder for holder in sharing if holder.state is CustomerState.IN_USE))


def _is_written_like_another(
    fact: Fact | None, customer: Customer, look_up: _LookUp, written: Callable[[str | Customer], str]
) -> bool:
    """Return whether what the page says is not as this customer is registered, traditional forms told apart, but as another is."""
    text = text_of(fact)
    if text is None or written(text) == written(customer):
        return False
    return any(written(other) == written(text) for other in _but(customer, look_up(text)))


def _written_name(of: str | Customer) -> str:
    return written_name(of if isinstance(of, str) else of.name)


def _written_area(of: str | Customer) -> str:
    return (parsed(of) if isinstance(of, str) else registered_address(of)).written_area


def _compare_contract(text: str | None, surely_read: bool, customer: Customer) -> Agreement:
    return compare_code(text, surely_read, customer.contract_no)


def _compare_meter(text: str | None, surely_read: bool, customer: Customer) -> Agreement:
    return compare_code(text, surely_read, customer.meter_no)


def _but(customer: Customer, holders: Sequence[Customer]) -> tuple[Customer, ...]:
    return tuple(holder for holder in holders if holder.number != customer.number)


def _bears(customer: Customer, name: Fact | None) -> bool:
    return compare_name(*_read(name), customer.name) is Agreement.AGREES


def _in_order(customers: Mapping[CustomerNumber, Customer]) -> tuple[Customer, ...]:
    return tuple(customers[number] for number in sorted(customers))


def text_of(fact: Fact | None) -> str | None:
    """Return what a sign says, None where the page does not carry it."""
    return _read(fact)[0]


def _read(fact: Fact | None) -> tuple[str | None, bool]:
    return (None, False) if fact is None else (str(fact.value), fact.surely_read)
