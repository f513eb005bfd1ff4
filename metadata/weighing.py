"""How the signs of a page (name, address, contract, meter) stand to one customer, and whose else they surely are.

Pure but for the register's look-ups, which are handed in. Not for deciding: the rows of the archive policy's table stand in
`metadata.identify`; a sign's own comparison in `metadata.agreement`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from classifiers.values import CustomerSigns, Fact
from metadata.agreement import Agreement, compare_address, compare_code, compare_name
from metadata.interfaces import IRegister
from metadata.values import Customer, CustomerState


@dataclass(frozen=True, slots=True)
class Weighed:
    """One customer against the page. `others` are the customers whose address, contract or meter the page surely carries."""

    customer: Customer
    name: Agreement
    address: Agreement
    contract: Agreement
    meter: Agreement
    others: tuple[Customer, ...]

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


def weigh(customer: Customer, signs: CustomerSigns, register: IRegister) -> Weighed:
    """Return how the signs stand to this customer.

    A value that the customer shares with others (a closed predecessor, a meter for two flats) agrees, and is no other's.
    """
    address = compare_address(*_read(signs.address), customer)
    contract = compare_code(*_read(signs.contract_no), customer.contract_no)
    meter = compare_code(*_read(signs.meter_no), customer.meter_no)
    others: dict[str, Customer] = {}
    for fact, agreement, look_up in (
        (signs.address, address, register.by_address),
        (signs.contract_no, contract, register.by_contract_no),
        (signs.meter_no, meter, register.by_meter_no),
    ):
        if agreement is not Agreement.AGREES:
            others.update(
                {other.number: other for other in surely_of(fact, look_up) if other.number != customer.number}
            )
    name = compare_name(*_read(signs.name), customer.name)
    return Weighed(customer, name, address, contract, meter, tuple(others[number] for number in sorted(others)))


def surely_of(fact: Fact | None, look_up: Callable[[str], tuple[Customer, ...]]) -> tuple[Customer, ...]:
    """Return the customers whose this value is, where it was surely read; () otherwise."""
    text, surely_read = _read(fact)
    return look_up(text) if text and surely_read else ()


def text_of(fact: Fact | None) -> str | None:
    """Return what a sign says, None where the page does not carry it."""
    return _read(fact)[0]


def _read(fact: Fact | None) -> tuple[str | None, bool]:
    return (None, False) if fact is None else (str(fact.value), fact.surely_read)
