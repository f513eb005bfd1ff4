"""Look-ups in the company's register of customers, on normal forms and by index: 500,000 customers in milliseconds.

Not for filling it (`metadata.register_import`), and not for deciding anything: two customers may share a name, an address or a
meter, and every look-up that can return several does.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Engine, RowMapping, func, or_, select
from zope.interface import implementer

from metadata.address import parsed
from metadata.agreement import code_key, name_key, registered_address, same_district
from metadata.database import reading
from metadata.interfaces import IRegister
from metadata.tables import customers
from metadata.values import Customer, CustomerNumber, CustomerState, CustomerType

NEAREST_SIGNS = 2  # farther away, a suggestion would be a guess


@implementer(IRegister)
class Register:
    """The register in our database. Reading only; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def by_number(self, number: str) -> Customer | None:
        """Return the customer of a normalised number."""
        found = self._where(customers.c.number == number)
        return found[0] if found else None

    def by_name(self, name: str) -> tuple[Customer, ...]:
        """Return the customers whose normalised name is equal."""
        key = name_key(name)
        return self._where(customers.c.name_key == key) if key else ()

    def by_address(self, address: str) -> tuple[Customer, ...]:
        """Return the customers whose estate, building, unit and room are equal; another district rules one out."""
        page = parsed(address)
        if not page.key:
            return ()
        found = self._where(customers.c.room_key == page.key)
        return tuple(customer for customer in found if same_district(page, registered_address(customer)))

    def by_contract_no(self, contract_no: str) -> tuple[Customer, ...]:
        """Return the customers with this contract number."""
        key = code_key(contract_no)
        return self._where(customers.c.contract_key == key) if key else ()

    def by_meter_no(self, meter_no: str) -> tuple[Customer, ...]:
        """Return the customers with this meter number."""
        key = code_key(meter_no)
        return self._where(customers.c.meter_key == key) if key else ()

    def near(self, number: str, limit: int = 3) -> tuple[Customer, ...]:
        """Return the registered customers whose numbers are nearest (at most two signs away), nearest first.

        A wrong, missing, added or swapped sign counts one. Of two numbers two signs apart, one third stands in both unchanged
        (or all signs but the first or last do), so only those are compared.
        """
        if len(number) <= NEAREST_SIGNS:
            return ()
        head, middle, tail = thirds(number)
        length = func.length(customers.c.number)
        same_third = or_(
            customers.c.number_head == head, customers.c.number_middle == middle, customers.c.number_tail == tail
        )
        with reading(self._engine) as connection:
            others = connection.execute(
                select(customers.c.number).where(same_third, length.between(len(number) - 2, len(number) + 2))
            ).scalars()
            measured = [
                (distance, other)
                for other in others
                if (distance := OSA.distance(number, other, score_cutoff=NEAREST_SIGNS)) <= NEAREST_SIGNS
            ]
        nearest = [other for _, other in sorted(measured)[:limit]]
        return self._in_order(nearest)

    def predecessors(self, number: str) -> tuple[Customer, ...]:
        """Return the closed accounts that were transferred to this one."""
        return self._where(customers.c.transferred_to == number) if number else ()

    def count(self) -> int:
        """Return how many customers there are."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(customers)).scalar_one()

    def _in_order(self, numbers: Sequence[str]) -> tuple[Customer, ...]:
        found = {customer.number: customer for customer in self._where(customers.c.number.in_(numbers))}
        return tuple(found[CustomerNumber(number)] for number in numbers if number in found)

    def _where(self, condition: ColumnElement[bool]) -> tuple[Customer, ...]:
        query = select(customers).where(condition)
        with reading(self._engine) as connection:
            return tuple(_customer(row) for row in connection.execute(query).mappings())


def thirds(number: str) -> tuple[str, str, str]:
    """Return the number in three parts, as they stand in the table's columns."""
    size = len(number) // 3
    return number[:size], number[size : 2 * size], number[2 * size :]


def _customer(row: RowMapping) -> Customer:
    return Customer(
        number=CustomerNumber(row["number"]),
        name=row["name"],
        customer_type=CustomerType(row["customer_type"]),
        area=row["area"],
        building=row["building"],
        room=row["room"],
        address=row["address"],
        heated_area_m2=row["heated_area_m2"],
        contract_no=row["contract_no"],
        meter_no=row["meter_no"],
        trade=row["trade"],
        scale=row["scale"],
        state=CustomerState(row["state"]),
        transferred_to=row["transferred_to"],
    )
