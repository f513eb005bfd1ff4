"""Looks for what is wrong or dangerous in the register: doubles, bad check digits, near collisions, customers that cannot be confirmed.

Not for correcting it: the company's own system does that. Everything found is customer numbers; nothing here judges a record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select

from classifiers.interfaces import INumberScheme
from metadata.database import reading
from metadata.near_numbers import is_alike, near_pairs
from metadata.tables import customers
from metadata.values import CustomerState, RegisterFault, RegisterFinding

_IN_USE = customers.c.state == CustomerState.IN_USE.value
_CLOSED = customers.c.state == CustomerState.TRANSFERRED.value


def check_customers(engine: Engine, scheme: INumberScheme, doubles: Sequence[str]) -> Iterator[RegisterFinding]:
    """Yield what is found, the worst first, nothing that is well; `doubles` are the numbers that came twice in the source."""
    with reading(engine) as connection:
        numbers = list(connection.execute(select(customers.c.number).order_by(customers.c.number)).scalars())
        yield from _finding(RegisterFault.TWICE, [(number,) for number in dict.fromkeys(doubles)])
        formless = [number for number in numbers if scheme.form_of(number) is None]
        without = set(formless)
        yield from _finding(RegisterFault.NO_FORM, [(number,) for number in formless])
        bad = [(number,) for number in numbers if number not in without and not scheme.is_valid(number)]
        yield from _finding(RegisterFault.BAD_CHECK, bad)
        yield from _finding(RegisterFault.SAME_PERSON, _sharing(connection, customers.c.name_key, customers.c.room_key))
        yield from _finding(RegisterFault.NO_SUCCESSOR, _without_successor(connection))
        yield from _finding(RegisterFault.SAME_METER, _sharing(connection, customers.c.meter_key))
        yield from _finding(RegisterFault.SAME_CONTRACT, _sharing(connection, customers.c.contract_key))
        yield from _finding(RegisterFault.NO_PLACE, _without_place(connection))
        near = sorted(near_pairs(numbers), key=lambda pair: (not is_alike(*pair), pair))
        yield from _finding(RegisterFault.NEAR_ALIKE, [pair for pair in near if is_alike(*pair)])
        yield from _finding(RegisterFault.NEAR, [pair for pair in near if not is_alike(*pair)])


def _finding(fault: RegisterFault, groups: Sequence[tuple[str, ...]]) -> Iterator[RegisterFinding]:
    if groups:
        yield RegisterFinding(fault, tuple(groups))


def _sharing(connection: Connection, *keys: ColumnElement[str]) -> list[tuple[str, ...]]:
    """Return the customers in use that share all of these keys, none of which is empty."""
    where = and_(_IN_USE, *(key != "" for key in keys))
    shared = select(*keys).where(where).group_by(*keys).having(func.count() > 1).subquery()
    same = and_(*(key == column for key, column in zip(keys, shared.columns, strict=True)))
    query = select(customers.c.number, *keys).join(shared, same).where(where).order_by(*keys, customers.c.number)
    groups: dict[tuple[str, ...], list[str]] = {}
    for number, *values in connection.execute(query):
        groups.setdefault(tuple(values), []).append(number)
    return [tuple(numbers) for numbers in groups.values()]


def _without_successor(connection: Connection) -> list[tuple[str, ...]]:
    """Return closed accounts that name no successor, or one that the register does not know, with that one."""
    known = select(customers.c.number)
    lost = and_(customers.c.transferred_to != "", customers.c.transferred_to.not_in(known))
    query = select(customers.c.number, customers.c.transferred_to).where(
        or_(lost, and_(_CLOSED, customers.c.transferred_to == ""))
    )
    return [(number, to) if to else (number,) for number, to in connection.execute(query.order_by(customers.c.number))]


def _without_place(connection: Connection) -> list[tuple[str, ...]]:
    """Return customers in use of whom the register has no address, contract or meter: only the name can confirm a number."""
    nowhere = [customers.c.room_key == "", customers.c.contract_key == "", customers.c.meter_key == ""]
    query = select(customers.c.number).where(_IN_USE, *nowhere).order_by(customers.c.number)
    return [(number,) for number in connection.execute(query).scalars()]
