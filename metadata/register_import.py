"""Brings the company's customer file into the register: all of it or nothing, in one transaction.

1. The file is read whole and checked before anything is written.
2. Customers that the file no longer has are removed: the file is the truth, the register a copy with keys.
3. A file that has not changed (time and size, else its digest) is not imported again.
Not for looking customers up: that is `metadata.register`; not for reading the file: that is `metadata.register_file`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select

from classifiers.interfaces import INumberScheme
from metadata.agreement import code_key, name_key, room_key
from metadata.database import reading, writing
from metadata.register import thirds
from metadata.register_file import FileContent, customers_of, read_file
from metadata.tables import customers, register_files
from metadata.values import Customer

KEYS_VERSION = 2
"""Raised whenever a key is made otherwise, so that a register made by an older version is made anew."""

_CHUNK = 500  # rows a statement: an IN of that length and 21 columns suit every database


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `doubles` = numbers that the file had again (first row kept); `bad_checks` = kept all the same."""

    customers: int
    added: int
    changed: int
    removed: int
    doubles: tuple[str, ...]
    bad_checks: tuple[str, ...]


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
    return _import(engine, read_file(path), columns, scheme, now, dry_run=dry_run)


def refresh_register(
    engine: Engine, path: Path, columns: Mapping[str, str], scheme: INumberScheme, now: datetime
) -> ImportReport | None:
    """Import the file if it has changed since the last import; return None if it has not. Raises RegisterWrong."""
    with reading(engine) as connection:
        last = connection.execute(select(register_files)).mappings().first()
    if last is None or last["path"] != str(path) or last["settings"] != _settings(columns):
        return import_register(engine, path, columns, scheme, now)
    if _has_stamp(path, last["modified_ns"], last["size_bytes"]):
        return None
    file = read_file(path)
    if file.sha256 == last["sha256"]:
        with writing(engine) as connection:
            _keep_stamp(connection, file, columns, now)
        return None
    return _import(engine, file, columns, scheme, now)


def _import(
    engine: Engine,
    file: FileContent,
    columns: Mapping[str, str],
    scheme: INumberScheme,
    now: datetime,
    *,
    dry_run: bool = False,
) -> ImportReport:
    found = customers_of(file, columns, scheme)
    with writing(engine) as connection:
        added, changed, removed = _make_equal(connection, found.customers)
        _keep_stamp(connection, file, columns, now)
        if dry_run:
            connection.rollback()
    bad_checks = tuple(number for number in found.customers if not scheme.is_valid(number))
    return ImportReport(len(found.customers), added, changed, removed, found.doubles, bad_checks)


def _has_stamp(path: Path, modified_ns: int, size_bytes: int) -> bool:
    try:
        stamp = path.stat()
    except OSError:
        return False
    return (stamp.st_mtime_ns, stamp.st_size) == (modified_ns, size_bytes)


def _settings(columns: Mapping[str, str]) -> str:
    return json.dumps([KEYS_VERSION, sorted(columns.items())], ensure_ascii=False)


def _keep_stamp(connection: Connection, file: FileContent, columns: Mapping[str, str], now: datetime) -> None:
    connection.execute(delete(register_files))
    connection.execute(
        insert(register_files).values(
            file_id=1,
            path=str(file.path),
            modified_ns=file.modified_ns,
            size_bytes=len(file.content),
            sha256=file.sha256,
            settings=_settings(columns),
            imported_at=now.isoformat(),
        )
    )


def _make_equal(connection: Connection, wanted: Mapping[str, Customer]) -> tuple[int, int, int]:
    """Return how many rows were added, changed and removed; rows that are equal are not written."""
    numbers = list(connection.execute(select(customers.c.number)).scalars())
    gone = [number for number in numbers if number not in wanted]
    for chunk in _chunks(gone):
        connection.execute(delete(customers).where(customers.c.number.in_(chunk)))
    added = changed = 0
    for chunk in _chunks(wanted):
        query = select(customers).where(customers.c.number.in_(chunk))
        standing = {row["number"]: dict(row) for row in connection.execute(query).mappings()}
        rows = [_row(wanted[number]) for number in chunk]
        different = [row for row in rows if standing.get(str(row["number"])) != row]
        again = [row["number"] for row in different if row["number"] in standing]
        if again:
            connection.execute(delete(customers).where(customers.c.number.in_(again)))
        if different:
            connection.execute(insert(customers), different)
        added += len(different) - len(again)
        changed += len(again)
    return added, changed, len(gone)


def _chunks(numbers: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(numbers)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _row(customer: Customer) -> dict[str, str | float | None]:
    head, middle, tail = thirds(customer.number)
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
        "name_key": name_key(customer.name),
        "room_key": room_key(customer),
        "contract_key": code_key(customer.contract_no),
        "meter_key": code_key(customer.meter_no),
        "number_head": head,
        "number_middle": middle,
        "number_tail": tail,
    }
