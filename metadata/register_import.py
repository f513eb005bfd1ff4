"""Brings the company's customers into the register: all of them or nothing.

1. Everything is read and checked, and what differs is set aside in a table of this connection alone, before anything is written.
   That takes the longest, and keeps nobody from writing.
2. Customers that the source no longer has are removed: the source is the truth, the register a copy with keys.
3. The differences are then written in one transaction; killed midway, the old register stands.
4. A source that has not changed (its stamp, else its digest) is not imported again.
Never holds more than a few hundred customers and all their numbers in memory: 500,000 take 130 MB, not 1,040.
Not for looking customers up: that is `metadata.register`; not for reading a source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Column, Connection, Engine, MetaData, RowMapping, Table, delete, insert, select

from classifiers.interfaces import INumberScheme
from ingest.message import N_, Message
from metadata.agreement import code_key, name_key, room_key
from metadata.database import begin_writing, connected, reading, writing
from metadata.interfaces import RegisterWrong
from metadata.register import thirds
from metadata.register_file import CustomerFile, customers_of
from metadata.register_source import IRegisterSource, Stamp
from metadata.tables import customers, register_files
from metadata.values import Customer

KEYS_VERSION = 3
"""Raised whenever a key is made otherwise, so that a register made by an older version is made anew."""

_CHUNK = 500  # rows a statement: an IN of that length and 21 columns suit every database
_TRIES = 3
_LARGE = 20_000
T = TypeVar("T")
_KEYS = frozenset({"name_key", "room_key", "contract_key", "meter_key", "number_head", "number_middle", "number_tail"})
_SAID = tuple(column for column in customers.c if column.name not in _KEYS)

_set_aside = Table(
    "customers_to_come",
    MetaData(),
    *(Column(column.name, column.type, primary_key=column.primary_key) for column in customers.columns),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `doubles` = numbers that came again (first row kept); `bad_checks` = kept all the same."""

    customers: int
    added: int
    changed: int
    removed: int
    doubles: tuple[str, ...]
    bad_checks: tuple[str, ...]


@dataclass
class _Comparison:
    """What came of comparing a source with the register; the rows that differ are set aside."""

    seen: set[str] = field(default_factory=set)
    doubles: list[str] = field(default_factory=list)
    bad_checks: list[str] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    gone: list[str] = field(default_factory=list)

    @property
    def is_large(self) -> bool:
        """Return whether so much differs that making the indexes anew is faster than keeping them."""
        return self.added + self.changed > max(_LARGE, len(self.seen) // 5)

    def report(self) -> ImportReport:
        return ImportReport(
            len(self.seen), self.added, self.changed, len(self.gone), tuple(self.doubles), tuple(self.bad_checks)
        )


def import_register(
    engine: Engine,
    path: Path,
    columns: Mapping[str, str],
    scheme: INumberScheme,
    now: datetime,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """Make the register equal to this file; raises RegisterWrong, and then nothing has changed.

    `columns` is `[register.columns]`. Killed midway: the old register stands. `dry_run` reports and changes nothing.
    """
    return import_from(engine, CustomerFile(path), columns, scheme, now, dry_run=dry_run)


def refresh_register(
    engine: Engine, path: Path, columns: Mapping[str, str], scheme: INumberScheme, now: datetime
) -> ImportReport | None:
    """Import the file if it has changed since the last import; return None if it has not. Raises RegisterWrong."""
    return refresh_from(engine, CustomerFile(path), columns, scheme, now)


def import_from(
    engine: Engine,
    source: IRegisterSource,
    columns: Mapping[str, str],
    scheme: INumberScheme,
    now: datetime,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """Make the register equal to this source; as `import_register`."""
    for _ in range(_TRIES):
        stamp, digest = source.stamp(), source.digest()
        with connected(engine) as connection:
            with connection.begin():
                last = _last(connection)
                _set_aside.create(connection)
            try:
                with connection.begin():
                    is_same_making = last is not None and last["settings"] == _settings(columns)
                    found = customers_of(source.rows(), columns, scheme, source.name)
                    comparison = _compared(connection, found, scheme, with_keys=not is_same_making)
                if dry_run or _written(connection, comparison, last, _Mark(source.name, stamp, digest, columns, now)):
                    return comparison.report()
            finally:
                with connection.begin():
                    _set_aside.drop(connection)
    raise RegisterWrong(
        Message(N_("The customers are being imported by another guidang.")),
        Message(N_("Wait until it has finished, and look again.")),
    )


def refresh_from(
    engine: Engine, source: IRegisterSource, columns: Mapping[str, str], scheme: INumberScheme, now: datetime
) -> ImportReport | None:
    """Import the source if it has changed since the last import; return None if it has not. Raises RegisterWrong."""
    with reading(engine) as connection:
        last = _last(connection)
    if last is None or last["path"] != source.name or last["settings"] != _settings(columns):
        return import_from(engine, source, columns, scheme, now)
    stamp = source.stamp()
    if stamp is not None and stamp == Stamp(last["modified_ns"], last["size_bytes"]):
        return None
    digest = source.digest()
    if digest == last["sha256"]:
        with writing(engine) as connection:
            _keep(connection, _Mark(source.name, stamp, digest, columns, now))
        return None
    return import_from(engine, source, columns, scheme, now)


@dataclass(frozen=True)
class _Mark:
    """What is kept of an import, so that the next one knows whether anything has changed."""

    name: str
    stamp: Stamp | None
    digest: str
    columns: Mapping[str, str]
    now: datetime


def _last(connection: Connection) -> RowMapping | None:
    return connection.execute(select(register_files)).mappings().first()


def _settings(columns: Mapping[str, str]) -> str:
    return json.dumps([KEYS_VERSION, sorted(columns.items())], ensure_ascii=False)


def _keep(connection: Connection, mark: _Mark) -> None:
    stamp = mark.stamp or Stamp(0, 0)
    connection.execute(delete(register_files))
    connection.execute(
        insert(register_files).values(
            file_id=1,
            path=mark.name,
            modified_ns=stamp.modified_ns,
            size_bytes=stamp.size_bytes,
            sha256=mark.digest,
            settings=_settings(mark.columns),
            imported_at=mark.now.isoformat(),
        )
    )


def _compared(
    connection: Connection, found: Iterator[Customer], scheme: INumberScheme, *, with_keys: bool
) -> _Comparison:
    """Set aside the rows that the register lacks or has otherwise; `with_keys` also where only a key is made otherwise."""
    comparison = _Comparison()
    for chunk in _chunks(_first_ones(found, comparison)):
        columns = customers.c if with_keys else _SAID
        query = select(*columns).where(customers.c.number.in_([customer.number for customer in chunk]))
        standing = {row["number"]: tuple(row.values()) for row in connection.execute(query).mappings()}
        different = []
        for customer in chunk:
            if not scheme.is_valid(customer.number):
                comparison.bad_checks.append(customer.number)
            row = _row(customer) if with_keys else _said(customer)
            if standing.get(customer.number) == tuple(row[column.name] for column in columns):
                continue
            different.append(_row(customer))
            comparison.changed += customer.number in standing
            comparison.added += customer.number not in standing
        if different:
            connection.execute(insert(_set_aside), different)
    numbers = connection.execute(select(customers.c.number), execution_options={"yield_per": 10_000})
    comparison.gone += [number for number in numbers.scalars() if number not in comparison.seen]
    return comparison


def _first_ones(found: Iterator[Customer], comparison: _Comparison) -> Iterator[Customer]:
    """Yield each number once, the first that comes."""
    for customer in found:
        if customer.number in comparison.seen:
            comparison.doubles.append(customer.number)
        else:
            comparison.seen.add(customer.number)
            yield customer


def _written(connection: Connection, comparison: _Comparison, last: RowMapping | None, mark: _Mark) -> bool:
    """Write what was set aside; return False, nothing written, where another import came between."""
    with begin_writing(connection):
        if _last(connection) != last:
            return False
        with _without_indexes(connection) if comparison.is_large else nullcontext():
            connection.execute(delete(customers).where(customers.c.number.in_(select(_set_aside.c.number))))
            for chunk in _chunks(iter(comparison.gone)):
                connection.execute(delete(customers).where(customers.c.number.in_(chunk)))
            names = [column.name for column in customers.columns]
            connection.execute(insert(customers).from_select(names, select(_set_aside)))
        _keep(connection, mark)
    return True


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Make the indexes anew afterwards, in the same transaction: 500,000 rows keep others from writing for 6 s instead of 30."""
    for index in customers.indexes:
        index.drop(connection)
    yield
    for index in customers.indexes:
        index.create(connection)


def _chunks(items: Iterator[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _row(customer: Customer) -> dict[str, str | float | None]:
    head, middle, tail = thirds(customer.number)
    return {
        **_said(customer),
        "name_key": name_key(customer.name),
        "room_key": room_key(customer),
        "contract_key": code_key(customer.contract_no),
        "meter_key": code_key(customer.meter_no),
        "number_head": head,
        "number_middle": middle,
        "number_tail": tail,
    }


def _said(customer: Customer) -> dict[str, str | float | None]:
    return {
        "number": customer.number,
        "name": customer.name,
        "customer_type": customer.customer_type.value,
        "area": customer.area,
        "building": customer.building,
        "room": customer.room,
        "address": customer.address,
        "heated_area_m2": customer.heated_area_m2,
        "contract_no": customer.contract_no,
        "meter_no": customer.meter_no,
        "trade": customer.trade,
        "scale": customer.scale,
        "state": customer.state.value,
        "transferred_to": customer.transferred_to,
    }
