"""Has this scan been here before? By its bytes alone, and by how the earlier ones stand today.

1. The same bytes under way: a duplicate of that scan. One that has only been received may still turn out unreadable: wait.
2. The same bytes closed, every record still live in the store: a duplicate of those records.
3. Closed, but a record was deleted or lies in the trash: taken anew, and held with that reason.
4. Quarantined or rejected before: taken anew; after a rejection a person wants it looked at, so it is not rejected again.
Not for papers scanned twice (`connector.same_paper`): those have other bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from connector.interfaces import IRecordStore, Presence
from ingest.values import ScanId
from metadata.interfaces import IJournal
from metadata.values import RecordEntry, RecordId, ScanEntry, ScanState


@dataclass(frozen=True, slots=True)
class Anew:
    """Take the scan as one never seen, but for these two circumstances."""

    deleted_before: bool = False
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class DuplicateOf:
    """The bytes stand in the store, or are on their way into it, as these records of that scan."""

    records: tuple[RecordId, ...]
    scan_id: ScanId


@dataclass(frozen=True, slots=True)
class NotYet:
    """An earlier scan of the same bytes must go first."""

    scan_id: ScanId


def look_for_same_bytes(journal: IJournal, store: IRecordStore, scan: ScanEntry) -> Anew | DuplicateOf | NotYet:
    """Return what the earlier scans of these bytes mean for this one. Raises StoreUnreachable, StoreForbidden."""
    deleted_before = came_back = False
    for other in reversed(journal.same_bytes(scan.sha256, scan.scan_id)):
        if other.state is ScanState.RECEIVED:
            if _is_earlier(other, scan):
                return NotYet(other.scan_id)
        elif other.state in (ScanState.READ, ScanState.CLOSED):
            records = tuple(journal.records(scan_id=other.scan_id))
            if other.state is ScanState.READ or all(_stands(store, record) for record in records):
                return DuplicateOf(tuple(record.description.record_id for record in records), other.scan_id)
            deleted_before = True
        elif other.state is ScanState.REJECTED:
            came_back = True
    return Anew(deleted_before, came_back)


def _is_earlier(other: ScanEntry, scan: ScanEntry) -> bool:
    return (other.received_at, other.scan_id) < (scan.received_at, scan.scan_id)


def _stands(store: IRecordStore, record: RecordEntry) -> bool:
    if record.store_id is None or record.digests is None:
        return False
    if record.store != store.name:
        return True  # in an archive that this store is not; `guidang push` carries it over
    stored = store.read_back(record.store_id, record.digests)
    return stored is not None and stored.presence is Presence.LIVE
