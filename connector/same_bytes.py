"""Has this scan been here before? By its bytes alone, and by how the earlier ones stand today.

1. The same bytes under way: a duplicate of that scan. One that has only been received may still turn out unreadable: wait.
2. The same bytes closed, every page of their records still live in the store: a duplicate of those records.
3. Closed, but a record was deleted or lies in the trash: taken anew, and held with that reason. Of several records only
   those that are missing; what stands, of this or of a later scan of the bytes, is not filed a second time.
4. Quarantined or rejected before: taken anew; after a rejection a person wants it looked at, so it is not rejected again.
Not for papers scanned twice (`connector.same_paper`): those have other bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connector.interfaces import IRecordStore, Presence
from ingest.values import ScanId
from metadata.interfaces import IJournal
from metadata.values import RecordEntry, RecordId, ScanEntry, ScanState

Pages = tuple[int, int]
"""First and last page of a record in its scan, from 1."""


@dataclass(frozen=True, slots=True)
class Anew:
    """Take the scan as one never seen, but for these circumstances.

    `only` are the pages of the records to be taken, in page order; () where that is all of the scan.
    """

    deleted_before: bool = False
    came_back: bool = False
    only: tuple[Pages, ...] = ()


@dataclass(frozen=True, slots=True)
class DuplicateOf:
    """The bytes stand in the store, or are on their way into it, as these records of that scan, the latest."""

    records: tuple[RecordId, ...]
    scan_id: ScanId


@dataclass(frozen=True, slots=True)
class NotYet:
    """An earlier scan of the same bytes must go first."""

    scan_id: ScanId


def look_for_same_bytes(journal: IJournal, store: IRecordStore, scan: ScanEntry) -> Anew | DuplicateOf | NotYet:
    """Return what the earlier scans of these bytes mean for this one. Raises StoreUnreachable, StoreForbidden."""
    standing: list[RecordEntry] = []
    gone: list[RecordEntry] = []
    latest: ScanId | None = None
    came_back = False
    for other in reversed(journal.same_bytes(scan.sha256, scan.scan_id)):
        if other.state is ScanState.RECEIVED:
            if _is_earlier(other, scan):
                return NotYet(other.scan_id)
        elif other.state in (ScanState.READ, ScanState.CLOSED):
            latest = latest or other.scan_id
            for record in journal.records(scan_id=other.scan_id):
                is_there = other.state is ScanState.READ or _stands(store, record)
                (standing if is_there else gone).append(record)
        elif other.state is ScanState.REJECTED:
            came_back = True
    missing = [record for record in gone if not are_covered(record, standing)]
    if missing:
        only = tuple(sorted({record.description.pages for record in missing})) if standing else ()
        return Anew(deleted_before=True, came_back=came_back, only=_apart(only))
    if latest is not None:
        standing.sort(key=lambda record: record.description.pages)
        return DuplicateOf(tuple(record.description.record_id for record in standing), latest)
    return Anew(came_back=came_back)


def are_covered(record: RecordEntry, others: Iterable[RecordEntry]) -> bool:
    """Return whether every page of the record belongs to others of the same bytes."""
    first, last = record.description.pages
    pages = {page for other in others for page in range(other.description.pages[0], other.description.pages[1] + 1)}
    return pages >= set(range(first, last + 1))


def _apart(ranges: tuple[Pages, ...]) -> tuple[Pages, ...]:
    """Return the ranges without those that begin in the one before: two scans of the bytes may have been cut differently."""
    kept: list[Pages] = []
    for first, last in ranges:
        if not kept or first > kept[-1][1]:
            kept.append((first, last))
        elif last > kept[-1][1]:
            kept[-1] = (kept[-1][0], last)
    return tuple(kept)


def _is_earlier(other: ScanEntry, scan: ScanEntry) -> bool:
    return (other.received_at, other.scan_id) < (scan.received_at, scan.scan_id)


def _stands(store: IRecordStore, record: RecordEntry) -> bool:
    if record.store_id is None or record.digests is None:
        return False
    if record.store != store.name:
        return True  # in an archive that this store is not; `guidang push` carries it over
    stored = store.read_back(record.store_id, record.digests)
    return stored is not None and stored.presence is Presence.LIVE
