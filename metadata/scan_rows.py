"""Scans to rows and back, and the moves of a scan; every function works inside the caller's transaction.

Not for records (`metadata.record_moves`). Moves take the row as it stands, locked, and check it against the tables of
`metadata.states`: of two processes that want the same move one gets MoveNotAllowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, insert, or_, select, update

from ingest.message import N_, Message
from ingest.values import Scan, ScanId
from metadata import states
from metadata.audit_log import log_move
from metadata.interfaces import MoveNotAllowed
from metadata.tables import records, scan_duplicates, scans
from metadata.values import RecordId, ScanEntry, ScanState

PAGE_OF_SCANS = 200


def insert_scan(connection: Connection, scan: Scan, at: datetime) -> bool:
    """Make the scan's row; return False, changing nothing, where there is one."""
    if connection.execute(select(scans.c.scan_id).where(scans.c.scan_id == scan.scan_id)).first():
        return False
    connection.execute(
        insert(scans).values(
            scan_id=scan.scan_id,
            inbox=scan.inbox,
            original_name=scan.original_name,
            sha256=scan.sha256,
            md5=scan.md5,
            size_bytes=scan.size_bytes,
            received_at=scan.received_at,
            state=ScanState.RECEIVED.value,
            reason_facts={},
            work_path=scan.path,
        )
    )
    log_move(connection, at, scan.scan_id, None, ScanState.RECEIVED, why="claimed")
    return True


def move_scan(
    connection: Connection, at: datetime, scan_id: ScanId, after: ScanState, why: str, **columns: Any
) -> None:
    """Bring the scan to `after`, writing `columns` too; raises MoveNotAllowed."""
    before = locked_state(connection, scan_id, after)
    states.check(scan_id, before, after)
    connection.execute(update(scans).where(scans.c.scan_id == scan_id).values(state=after.value, **columns))
    log_move(connection, at, scan_id, before, after, why=why)


def locked_state(connection: Connection, scan_id: ScanId, after: ScanState) -> ScanState:
    """Return the scan's state, its row locked till the end of the transaction; raises MoveNotAllowed if there is none."""
    row = connection.execute(select(scans.c.state).where(scans.c.scan_id == scan_id).with_for_update()).first()
    if row is None:
        raise states.not_allowed(scan_id, None, after)
    return ScanState(row[0])


def check_all_stored(connection: Connection, scan_id: ScanId) -> None:
    """Return if every record of the scan stands in the store; raises MoveNotAllowed naming the first that does not."""
    stored = [state.value for state in states.RECORD_STORED]
    query = select(records.c.record_id, records.c.state).where(
        records.c.scan_id == scan_id, records.c.state.not_in(stored)
    )
    if open_record := connection.execute(query.order_by(records.c.first_page).limit(1)).first():
        raise MoveNotAllowed(
            Message(
                N_("Cannot close scan {scan}: its record {record} is {state}, not yet in the store."),
                {"scan": scan_id, "record": open_record[0], "state": open_record[1]},
            ),
            Message(N_("File that record first; “guidang run --once” goes on where it stood.")),
        )


def page_of_scans(
    connection: Connection, where: Sequence[ColumnElement[bool]], after: ScanEntry | None
) -> list[ScanEntry]:
    """Return the next scans that fit, oldest first, following `after`: PAGE_OF_SCANS, or fewer at the end."""
    query = select(scans).where(*where).order_by(scans.c.received_at, scans.c.scan_id).limit(PAGE_OF_SCANS)
    if after is not None:
        same_moment = and_(scans.c.received_at == after.received_at, scans.c.scan_id > after.scan_id)
        query = query.where(or_(scans.c.received_at > after.received_at, same_moment))
    return entries_from(connection, connection.execute(query).mappings().all())


def entries_from(connection: Connection, rows: Sequence[RowMapping]) -> list[ScanEntry]:
    """Return the entries of these rows of `scans`, in their order."""
    return [_entry(connection, row) for row in rows]


def _entry(connection: Connection, row: RowMapping) -> ScanEntry:
    state = ScanState(row["state"])
    return ScanEntry(
        scan_id=ScanId(row["scan_id"]),
        inbox=row["inbox"],
        original_name=row["original_name"],
        sha256=row["sha256"],
        md5=row["md5"],
        size_bytes=row["size_bytes"],
        received_at=row["received_at"],
        state=state,
        page_count=row["page_count"],
        reason_code=row["reason_code"],
        reason_facts=row["reason_facts"],
        duplicate_of=_duplicate_of(connection, row) if state is ScanState.DUPLICATE else (),
        work_path=Path(row["work_path"]),
        kept_path=row["kept_path"],
    )


def _duplicate_of(connection: Connection, row: RowMapping) -> tuple[RecordId, ...]:
    """Return the records named when it was found out, else those that the other scan has by now.

    The other scan may have become a duplicate itself: then its records count, and so on.
    """
    seen: set[str] = set()
    scan_id: str | None = row["scan_id"]
    while scan_id is not None and scan_id not in seen:
        seen.add(scan_id)
        named = select(scan_duplicates.c.record_id).where(scan_duplicates.c.scan_id == scan_id)
        if found := connection.execute(named.order_by(scan_duplicates.c.position)).scalars().all():
            return tuple(RecordId(record_id) for record_id in found)
        own = select(records.c.record_id).where(records.c.scan_id == scan_id)
        if found := connection.execute(own.order_by(records.c.first_page, records.c.row_number)).scalars().all():
            return tuple(RecordId(record_id) for record_id in found)
        scan_id = connection.execute(
            select(scans.c.duplicate_of_scan).where(scans.c.scan_id == scan_id)
        ).scalar_one_or_none()
    return ()
