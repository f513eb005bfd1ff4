"""What does not agree between journal, index, store and `done/`, and which repair is proposed for it. Pure.

Not for looking or for carrying repairs out (`connector.repairs`). Where nobody but a person can know what is right there is no
repair, only a sentence: nothing is ever deleted, and nothing is filed again but by way of an inbox, where it is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from connector.interfaces import Presence, StoredRecord
from ingest.message import N_
from ingest.values import ScanId
from metadata.values import RecordEntry, RecordId, ScanEntry, StoreId


class Trouble(StrEnum):
    """What was found."""

    GONE = "gone"
    MOVED = "moved"
    TRASHED = "trashed"
    BYTES_DIFFER = "bytes_differ"
    BEHIND = "behind"
    ELSEWHERE = "elsewhere"
    TEXT_MISSING = "text_missing"
    UNKNOWN_IN_STORE = "unknown_in_store"
    ORIGINAL_GONE = "original_gone"
    ORIGINAL_MOVED = "original_moved"
    ORIGINAL_UNKNOWN = "original_unknown"


class Repair(StrEnum):
    """What can be done about it."""

    POINT = "point"
    TAKE = "take"
    BRING = "bring"
    READ = "read"
    REMEMBER = "remember"


SENTENCES: Mapping[Trouble, str] = {
    Trouble.GONE: N_("The record stands in the archive no more, nor in its trash."),
    Trouble.MOVED: N_("The record stands in the archive under another number than the journal says."),
    Trouble.TRASHED: N_("The record lies in the trash of the archive. Restore it there, or leave it."),
    Trouble.BYTES_DIFFER: N_("The file in the archive is not the one that guidang filed. Compare both."),
    Trouble.BEHIND: N_(
        "The archive was not given all that the record is to have there: it was filed before the profile, the duties or the "
        "scheme said so."
    ),
    Trouble.ELSEWHERE: N_(
        "The record stands in another archive than the configured one. Carry it over: `guidang push`."
    ),
    Trouble.TEXT_MISSING: N_("The record cannot be found by its words: the index has no text of it."),
    Trouble.UNKNOWN_IN_STORE: N_(
        "The archive has a record of guidang's that the journal does not know; the journal may be an older copy."
    ),
    Trouble.ORIGINAL_GONE: N_("The original is not where it was put away. Put it back from a backup."),
    Trouble.ORIGINAL_MOVED: N_("The original was moved since it was put away."),
    Trouble.ORIGINAL_UNKNOWN: N_("The journal does not know this file in `done/`."),
}

PROPOSALS: Mapping[Repair, str] = {
    Repair.POINT: N_("Let the journal point at the number where it stands."),
    Repair.TAKE: N_("Take the original in again; what comes of it is filed anew, and held where it was deleted."),
    Repair.BRING: N_("Write what is missing (place, groups, fields, tags); what persons wrote stays."),
    Repair.READ: N_("Read the original's pages again and put their text into the index."),
    Repair.REMEMBER: N_("Let the journal remember where it stands now."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not agree. `repair` None: a person must see to it. `path` is the original that it is about."""

    trouble: Trouble
    repair: Repair | None = None
    record_id: RecordId | None = None
    scan_id: ScanId | None = None
    store_id: StoreId | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """A record beside what stands of it. Where that is not sound, `stored` is what was read back, `found` looked up by digest.

    `original` is the scan where it still stands; `was_taken_again` that a later scan of the same bytes is in, or on its way;
    `is_behind` that the store was never given all that we want of it today.
    """

    record: RecordEntry
    is_sound: bool
    stored: StoredRecord | None
    found: tuple[StoredRecord, ...]
    has_text: bool
    original: Path | None
    was_taken_again: bool
    is_behind: bool = False


def is_sound(record: RecordEntry, stored: StoredRecord | None) -> bool:
    """Return whether this is the record's copy, live and with the bytes that were filed."""
    return _is_its(record, stored) and stored is not None and stored.presence is Presence.LIVE and stored.digests_agree


def of_record(seen: SeenRecord, store: str) -> Iterator[Finding]:
    """Yield what does not agree about a record that the journal says is filed; `store` is the configured one."""
    record_id, scan_id = seen.record.description.record_id, seen.record.description.scan_id
    if seen.record.store != store:
        yield Finding(Trouble.ELSEWHERE, None, record_id, scan_id, seen.record.store_id)
    elif not seen.is_sound:
        yield from _of_copy(seen)
    elif seen.is_behind:
        yield Finding(Trouble.BEHIND, Repair.BRING, record_id, scan_id, seen.record.store_id)
    if not seen.has_text:
        yield Finding(Trouble.TEXT_MISSING, Repair.READ, record_id, scan_id, seen.record.store_id, seen.original)


def of_original(scan: ScanEntry, is_there: bool, found_at: Path | None) -> Finding | None:
    """Return what does not agree about an original that was put away; `found_at` is where its bytes stand now."""
    if scan.kept_path is None or is_there:
        return None
    if found_at is not None:
        return Finding(Trouble.ORIGINAL_MOVED, Repair.REMEMBER, scan_id=scan.scan_id, path=found_at)
    return Finding(Trouble.ORIGINAL_GONE, None, scan_id=scan.scan_id, path=scan.kept_path)


def of_file(path: Path, is_known: bool) -> Finding | None:
    """Return what does not agree about a file in `done/`; known is one whose bytes the journal has seen."""
    return None if is_known else Finding(Trouble.ORIGINAL_UNKNOWN, Repair.TAKE, path=path)


def of_stranger(store_id: StoreId, record_id: RecordId, is_known: bool) -> Finding | None:
    """Return what does not agree about a record that the store says it is; known is one that the journal has."""
    return None if is_known else Finding(Trouble.UNKNOWN_IN_STORE, None, record_id, store_id=store_id)


def _of_copy(seen: SeenRecord) -> Iterator[Finding]:
    record, stored = seen.record, seen.stored
    record_id, scan_id = record.description.record_id, record.description.scan_id
    if _is_its(record, stored) and stored is not None:
        trouble = Trouble.TRASHED if stored.presence is Presence.TRASHED else Trouble.BYTES_DIFFER
        yield Finding(trouble, None, record_id, scan_id, stored.store_id, seen.original)
        return
    own = [one for one in seen.found if one.record_id == record_id]
    live = next((one for one in own if is_sound(record, one)), None)
    if live is not None:
        yield Finding(Trouble.MOVED, Repair.POINT, record_id, scan_id, live.store_id)
    elif own:
        yield Finding(Trouble.TRASHED, None, record_id, scan_id, own[0].store_id)
    elif not seen.was_taken_again:
        repair = Repair.TAKE if seen.original is not None else None
        yield Finding(Trouble.GONE, repair, record_id, scan_id, record.store_id, seen.original)


def _is_its(record: RecordEntry, stored: StoredRecord | None) -> bool:
    """Return whether what stands there is this record's: after a restored backup another may stand under its number."""
    if stored is None:
        return False
    return stored.record_id == record.description.record_id or (stored.record_id is None and stored.digests_agree)
