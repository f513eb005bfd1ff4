"""Adds to and reads from the audit log: every move of a scan or record, who made it, when and why.

Only ever added to. Not for logs on disk: those carry no personal data, this table does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from metadata.tables import moves
from metadata.values import OURSELVES, RecordState, ScanState


@dataclass(frozen=True, slots=True)
class LoggedMove:
    """One row. `record_id` None: the scan itself moved. `changed` is {name: [before, after]} of a person's change."""

    scan_id: str
    record_id: str | None
    moved_at: datetime
    moved_by: str
    state_before: str | None
    state_after: str
    why: str
    changed: Mapping[str, Any] | None


def log_move(
    connection: Connection,
    moved_at: datetime,
    scan_id: str,
    before: ScanState | RecordState | None,
    after: ScanState | RecordState,
    *,
    why: str,
    record_id: str | None = None,
    moved_by: str = OURSELVES,
    changed: Mapping[str, Any] | None = None,
) -> None:
    """Add one move, in the transaction of the move."""
    connection.execute(
        insert(moves).values(
            scan_id=scan_id,
            record_id=record_id,
            moved_at=moved_at,
            moved_by=moved_by,
            state_before=before.value if before else None,
            state_after=after.value,
            why=why,
            changed=dict(changed) if changed else None,
        )
    )


def moves_of(connection: Connection, *, scan_id: str | None = None, record_id: str | None = None) -> list[LoggedMove]:
    """Return the moves of one scan (its records' too) or of one record, oldest first."""
    query = select(moves).order_by(moves.c.move_number)
    if scan_id is not None:
        query = query.where(moves.c.scan_id == scan_id)
    if record_id is not None:
        query = query.where(moves.c.record_id == record_id)
    return [
        LoggedMove(**{name: value for name, value in row.items() if name != "move_number"})
        for row in connection.execute(query).mappings()
    ]
