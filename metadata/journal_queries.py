"""What can be asked of the journal besides single entries: lists, look-ups, the same paper, the sum.

Nothing here moves anything. Lists are read a page of rows at a time, each page in its own short transaction: a caller may
take its time, and move what it was given, without holding the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select

from ingest.message import N_, Message
from metadata import states
from metadata.database import reading
from metadata.interfaces import RecordUnknown
from metadata.record_rows import entries_from
from metadata.scan_rows import PAGE_OF_SCANS, page_of_scans
from metadata.tables import record_customers, records, scans
from metadata.values import DecidedBy, Description, RecordEntry, RecordState, ScanEntry, ScanState

PAGE = 200

OTHER_NUMBER_FACTS = frozenset({"work_order", "invoice_code"})
"""Facts that number a paper though their name does not end in `_no`."""


def each_scan(engine: Engine, where: Sequence[ColumnElement[bool]]) -> Iterator[ScanEntry]:
    """Yield the scans that fit, oldest first."""
    last: ScanEntry | None = None
    while True:
        with reading(engine) as connection:
            entries = page_of_scans(connection, where, last)
        yield from entries
        if len(entries) < PAGE_OF_SCANS:
            return
        last = entries[-1]


def each_record(engine: Engine, where: Sequence[ColumnElement[bool]]) -> Iterator[RecordEntry]:
    """Yield the records that fit, in the order of scans and pages."""
    order = (records.c.received_at, records.c.scan_id, records.c.first_page, records.c.row_number)
    following: ColumnElement[bool] | None = None
    while True:
        query = select(records).where(*where).order_by(*order).limit(PAGE)
        with reading(engine) as connection:
            rows = connection.execute(query if following is None else query.where(following)).mappings().all()
            entries = entries_from(connection, rows)
        yield from entries
        if len(rows) < PAGE:
            return
        last = [rows[-1][column.name] for column in order]
        following = or_(
            *(and_(*(order[j] == last[j] for j in range(i)), order[i] > last[i]) for i in range(len(order)))
        )


def each_unamended(engine: Engine) -> Iterator[RecordEntry]:
    """Yield the records whose last change the store has not been told, oldest change first."""
    due = select(records).where(records.c.amend_due_since.is_not(None))
    with reading(engine) as connection:
        rows = connection.execute(due.order_by(records.c.amend_due_since, records.c.row_number)).mappings().all()
        entries = entries_from(connection, rows)
    yield from entries


def entry_of(connection: Connection, *where: ColumnElement[bool]) -> RecordEntry | None:
    """Return the one record that fits."""
    row = connection.execute(select(records).where(*where)).mappings().first()
    return entries_from(connection, [row])[0] if row else None


def find_record(connection: Connection, text: str) -> RecordEntry:
    """Return the record with this id, unambiguous beginning of an id, or reference code; raises RecordUnknown."""
    wanted = text.strip()
    if entry := entry_of(connection, records.c.record_id == wanted):
        return entry
    entry = entry_of(connection, records.c.reference_code == wanted)
    if entry and entry.reference_code:
        return entry
    beginning = func.lower(func.substr(records.c.record_id, 1, len(wanted))) == wanted.lower()
    rows = connection.execute(select(records).where(beginning).limit(2)).mappings().all() if wanted else []
    if len(rows) == 1:
        return entries_from(connection, rows)[0]
    if rows:
        raise RecordUnknown(
            Message(N_("“{text}” is the beginning of more than one record's id."), {"text": wanted}),
            Message(N_("Give more signs of it, or the reference code.")),
        )
    raise RecordUnknown(
        Message(N_("There is no record “{text}”."), {"text": wanted}),
        Message(
            N_(
                "Give its id, the beginning of it, or its reference code; “guidang search” and “guidang held” list them."
            )
        ),
    )


def same_paper(engine: Engine, description: Description) -> tuple[RecordEntry, ...]:
    """Return earlier records of another scan, in the store or on their way, with the same kind, customers, date and numbers.

    1. Kind, customer numbers (in order) and date are known, and equal.
    2. No number of the paper itself (work order, receipt number …) that both carry differs.
    """
    numbers = description.identification.numbers
    if description.kind is None or description.record_date is None or not numbers:
        return ()
    first_customer = select(record_customers.c.record_id).where(record_customers.c.customer_number == numbers[0])
    where = [
        records.c.kind == description.kind,
        records.c.record_date == description.record_date,
        records.c.scan_id != description.scan_id,
        records.c.state != RecordState.REJECTED.value,
        records.c.record_id.in_(first_customer),
    ]
    with reading(engine) as connection:
        own = select(records.c.row_number).where(records.c.record_id == description.record_id)
        if (row_number := connection.execute(own).scalar_one_or_none()) is not None:
            where.append(records.c.row_number < row_number)
    return tuple(entry for entry in each_record(engine, where) if _same_numbers(entry.description, description))


def _same_numbers(one: Description, other: Description) -> bool:
    if one.identification.numbers != other.identification.numbers:
        return False
    ours, theirs = _paper_numbers(one), _paper_numbers(other)
    return all(ours[name] == theirs[name] for name in ours.keys() & theirs.keys())


def _paper_numbers(description: Description) -> dict[str, object]:
    return {
        fact.name: fact.value
        for fact in description.facts
        if fact.name.endswith("_no") or fact.name in OTHER_NUMBER_FACTS
    }


def balance(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how many scans and records stand where, of one moment; see `IJournal.balance`."""
    scan_counts = {state.value: 0 for state in ScanState}
    for state, count in connection.execute(select(scans.c.state, func.count()).group_by(scans.c.state)):
        scan_counts[state] = count
    counted: Counter[str] = Counter()
    query = select(records.c.state, records.c.decided_by, func.count()).group_by(records.c.state, records.c.decided_by)
    for state, decided_by, count in connection.execute(query):
        counted[state] += count
        counted["waiting" if RecordState(state) in states.RECORD_WAITING else decided_by] += count
    by = [DecidedBy.ITSELF.value, DecidedBy.PERSON.value, "waiting"]
    return {
        "scans": {**scan_counts, "seen": sum(scan_counts.values())},
        "records": {name: counted[name] for name in [state.value for state in RecordState] + by},
    }
