"""The journey of one scan, from the claimed file to the archive: read it from top to bottom.

What is costly or cannot be undone is a state in the journal; between two states everything may be done again, so this
function may be killed anywhere and called again for the same scan. Not for choosing which scan is next, for threads or
for what happens when the world is away (`connector.rounds`).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from classifiers.plain_text import text_with_cells
from connector.describing import RecordPart, describe, parts_of
from connector.events import ScanClosed, ScanDuplicate, ScanQuarantined, ScanRead, ScanRejected
from connector.filing import TO_FILE, file_record
from connector.grown import hold_first_part, name_whole_scan
from connector.notes import note_for, note_to_scan_again
from connector.parts import Desk, Parts, Tell, scan_of
from connector.quality_gate import SCAN_AGAIN, gated
from connector.same_bytes import Anew, DuplicateOf, NotYet, look_for_same_bytes
from connector.same_paper import with_first_scan
from connector.searching import searchable
from connector.splitting import cut_by_content
from connector.store_gate import StoreGate
from ingest.interfaces import IWorkFolder, ScanUnreadable
from ingest.values import CutRange, PageText, Scan, ScanId
from metadata.values import Description, ReasonCode, RecordEntry, RecordState, ScanEntry, ScanState

BLANK = "blank"
"""Why a scan was rejected that holds nothing but blank pages and separator sheets."""

FOLDERS = {
    ScanState.CLOSED: "done",
    ScanState.DUPLICATE: "done",
    ScanState.QUARANTINED: "failed",
    ScanState.REJECTED: "rejected",
}

_same_paper_is_looked_for = threading.Lock()


@dataclass(frozen=True)
class Journey:
    """One scan under way, and what it needs."""

    parts: Parts
    gate: StoreGate
    desk: Desk
    entry: ScanEntry
    scan: Scan
    work: IWorkFolder
    tell: Tell


def carry(parts: Parts, gate: StoreGate, scan_id: ScanId, tell: Tell) -> ScanState:
    """Bring a scan as far as it goes; return where it stands then.

    Raises what keeps it waiting: StoreUnreachable, OutcomeUnknown, StoreForbidden, InboxUnusable, RecogniserMissing.
    """
    entry = parts.journal.scan(scan_id)
    if entry is None:
        raise LookupError(f"the journal has no scan {scan_id}")
    scan = scan_of(entry)
    journey = Journey(parts, gate, parts.desks[entry.inbox], entry, scan, parts.work_folder(scan), tell)
    state = entry.state
    if state is ScanState.RECEIVED:
        state = understand(journey)
    if state is ScanState.READ and gate.is_open():
        state = file(journey)
    if state in FOLDERS:
        put_away(journey)
    return state


def understand(journey: Journey) -> ScanState:
    """RECEIVED → READ, DUPLICATE, REJECTED or QUARANTINED; RECEIVED where an earlier scan of the same bytes goes first."""
    before = look_for_same_bytes(journey.parts.journal, journey.parts.store, journey.entry)
    if isinstance(before, NotYet):
        return ScanState.RECEIVED
    if isinstance(before, DuplicateOf):
        return leave_as_duplicate(journey, before)
    try:
        page_count = journey.parts.reader.page_count(journey.scan, journey.parts.reading)
        pages = read_pages(journey, page_count)
        ranges = cut(journey, pages, before)
        if not ranges:
            return leave(journey, ScanState.REJECTED, BLANK, page_count)
        splitter = None if before.only else journey.desk.splitter
        ranges, doubts = cut_by_content(ranges, pages, splitter)
        cut_out = parts_of(ranges, pages, journey.desk.given, doubts)
        records = tuple(gated(record, journey.parts.quality) for record in cut_out)
        described = [describe(journey.parts, journey.scan, record, before) for record in records]
        if None in described:
            return leave(journey, ScanState.REJECTED, ReasonCode.NO_ARCHIVE_DOCUMENT, page_count)
        found = [(record, said) for record, said in zip(records, described, strict=True) if said is not None]
        for record, said in found:
            write_pdf(journey, said, record.text.pages, said.record_id if before.deleted_before else None)
    except ScanUnreadable as unreadable:
        return quarantine(journey, unreadable)
    return note_as_read(journey, page_count, found)


def read_pages(journey: Journey, page_count: int) -> dict[int, PageText]:
    """Return all pages by number; those kept before a crash are not read again."""
    pages = journey.work.pages()
    wanted = [number for number in range(1, page_count + 1) if number not in pages]
    journey.tell(journey.scan.scan_id, "page", page_count - len(wanted), page_count)
    for page in journey.parts.reader.pages(journey.scan, journey.parts.reading, wanted):
        journey.work.keep(page)
        pages[page.page_number] = page
        journey.tell(journey.scan.scan_id, "page", len(pages), page_count)
    return pages


def cut(journey: Journey, pages: dict[int, PageText], before: Anew) -> tuple[CutRange, ...]:
    """Return the pages of each record; a blank scan that a person put back is one record, to be looked at.

    Records that are taken again one by one are cut as they were, whatever sheets and models would say today.
    """
    ranges = journey.desk.cutter.cut(tuple(pages[number] for number in sorted(pages)))
    if before.only:
        today = {(one.first, one.last): one for one in ranges}
        return tuple(today.get(its, CutRange(*its)) for its in before.only)
    if not ranges and (before.came_back or before.deleted_before):
        return (CutRange(1, len(pages)),)
    return ranges


def write_pdf(journey: Journey, said: Description, pages: tuple[PageText, ...], stamp: str | None) -> None:
    """Write the bytes that will be sent, unless they stand there already."""
    path = journey.work.record_pdf_path(said.record_id)
    if not path.exists():
        journey.parts.reader.write_record_pdf(journey.scan, pages, path, stamp)


def note_as_read(journey: Journey, page_count: int, found: list[tuple[RecordPart, Description]]) -> ScanState:
    """RECEIVED → READ, each record linked to the first scan of its paper; one scan at a time, or twins miss each other."""
    with _same_paper_is_looked_for:
        linked = tuple(with_first_scan(journey.parts, said, record.text.text) for record, said in found)
        journey.parts.journal.read(journey.scan.scan_id, page_count, linked)
    journey.parts.events.send(ScanRead(journey.scan.scan_id, len(linked)))
    return ScanState.READ


def file(journey: Journey) -> ScanState:
    """READ → CLOSED once every record stands in the store, read back, and can be searched; READ while one does not."""
    scan_id, journal = journey.scan.scan_id, journey.parts.journal
    records = tuple(journal.records(scan_id=scan_id))
    pages = journey.work.pages()
    for done, record in enumerate(records):
        journey.tell(scan_id, "filing", done, len(records))
        if record.state in TO_FILE:
            file_one(journey, record, pages)
    stored = tuple(journal.records(scan_id=scan_id))
    for record in stored:
        if record.state not in TO_FILE:
            first, last = record.description.pages
            text = text_with_cells(pages[number] for number in range(first, last + 1) if number in pages)
            journey.parts.index.put(record.description.record_id, searchable(record, text))
    if any(record.state in TO_FILE for record in stored):
        return ScanState.READ
    name_whole_scan(journey.parts, journey.entry, stored)
    journal.close(scan_id)
    journey.parts.events.send(ScanClosed(scan_id))
    return ScanState.CLOSED


def file_one(journey: Journey, record: RecordEntry, pages: dict[int, PageText]) -> bool:
    """File one record; its PDF is made again from the kept pages where it got lost."""
    first, last = record.description.pages
    path = journey.work.record_pdf_path(record.description.record_id)

    def rewrite(stamp: str | None) -> None:
        own = tuple(pages[number] for number in range(first, last + 1))
        journey.parts.reader.write_record_pdf(journey.scan, own, path, stamp)

    if not path.exists():
        rewrite(None)
    filed = file_record(journey.parts, record, path, rewrite)
    journey.gate.answered()
    return filed


def leave_as_duplicate(journey: Journey, of: DuplicateOf) -> ScanState:
    """RECEIVED → DUPLICATE."""
    journey.parts.journal.duplicate(journey.scan.scan_id, of.records, of.scan_id, None)
    journey.parts.events.send(ScanDuplicate(journey.scan.scan_id, of.records))
    return ScanState.DUPLICATE


def leave(journey: Journey, state: ScanState, reason: str, page_count: int | None) -> ScanState:
    """RECEIVED → REJECTED."""
    facts = {"name": journey.scan.original_name}
    journey.parts.journal.leave(journey.scan.scan_id, state, str(reason), facts, page_count)
    journey.parts.events.send(ScanRejected(journey.scan.scan_id, str(reason)))
    return state


def quarantine(journey: Journey, why: ScanUnreadable) -> ScanState:
    """RECEIVED → QUARANTINED, with the fault and its facts."""
    facts = {"name": journey.scan.original_name, "limit": why.limit}
    journey.parts.journal.leave(journey.scan.scan_id, ScanState.QUARANTINED, why.fault.value, facts, None)
    journey.parts.events.send(ScanQuarantined(journey.scan.scan_id, why.fault.value))
    return ScanState.QUARANTINED


def put_away(journey: Journey) -> None:
    """Move the original to where the clerk finds it, with a note where it became no record; the last act on a scan."""
    entry = journey.parts.journal.scan(journey.scan.scan_id)
    if entry is None or entry.kept_path is not None or entry.state not in FOLDERS:
        return
    was_told = journey.desk.inbox.was_written_to(journey.scan)
    if was_told:
        hold_first_part(journey.parts, entry)
    note, suffix = _note(journey, entry)
    kept = journey.desk.inbox.put_away(journey.scan, FOLDERS[entry.state], note, suffix)
    if (
        not was_told and kept.parent.name != FOLDERS[entry.state]
    ):  # written to in the last moment, or with as many bytes
        hold_first_part(journey.parts, entry)
    journey.parts.journal.put_away(entry.scan_id, str(kept))
    journey.tell(entry.scan_id, "ended", 1, 1)


def _note(journey: Journey, entry: ScanEntry) -> tuple[str | None, str]:
    """Return what to lay beside the original, and the suffix of its name: where it became no record, or is to be scanned again."""
    if entry.state in (ScanState.QUARANTINED, ScanState.REJECTED):
        return note_for(entry, journey.parts.language)
    held = journey.parts.journal.records(frozenset({RecordState.HELD}), scan_id=entry.scan_id)
    bad = tuple(reason for record in held for reason in record.description.reasons if reason.code in SCAN_AGAIN)
    return note_to_scan_again(entry, bad, journey.parts.language) if bad else (None, "")
