"""Looks at journal, index, store and `done/` together, and carries out the repairs that a person agreed to, one by one.

What does not agree is decided in `connector.reconciling`. A look changes nothing. Each repair looks again before it acts, may be
repeated, and leaves a line in the log.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from classifiers.plain_text import text_with_cells
from connector.agreement import to_write
from connector.corrections import STORED, finish, submission_of
from connector.durable_files import digests_of
from connector.filing import check_bytes
from connector.interfaces import IChangeSource, IKeepsFiles
from connector.notes import NOTE_SUFFIXES
from connector.parts import Parts, scan_of
from connector.pipeline import FOLDERS
from connector.reconciling import (
    Finding,
    Repair,
    SeenRecord,
    is_sound,
    of_file,
    of_original,
    of_record,
    of_stranger,
)
from connector.same_bytes import are_covered
from connector.searching import searchable
from ingest.message import N_, GuidangError, Message
from ingest.values import ScanId
from metadata.copies import StoreCopy
from metadata.interfaces import IStoreMemory
from metadata.values import RecordEntry, RecordId, ScanEntry, ScanState, Standing, StoreId

log = logging.getLogger("guidang.reconcile")

RECORDS_AT_ONCE = 500
_Listed: TypeAlias = tuple[tuple[RecordId, ...], str | None]
"""Which records a document says it is, and its checksum."""

DONE = FOLDERS[ScanState.CLOSED]
ENDED_WELL = frozenset({ScanState.CLOSED, ScanState.DUPLICATE})


class RepairNotPossible(GuidangError):
    """What was found is not so any more, or cannot be repaired."""


class Reconciler:
    """Compares and repairs.

    `take` copies a file in as a scan of the inbox named; `turn` gives the turn at changes; `lease` makes sure that nobody else files.
    """

    def __init__(
        self,
        parts: Parts,
        source: IChangeSource | None,
        memory: IStoreMemory,
        done_paths: Mapping[str, Path],
        *,
        take: Callable[[Path, str], None],
        turn: Callable[[], AbstractContextManager[bool]],
        lease: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._source = source
        self._memory = memory
        self._done_paths = done_paths
        self._take = take
        self._turn = turn
        self._lease = lease
        self._taken: set[Path] = set()

    def look(self) -> Iterator[Finding]:
        """Yield everything that does not agree: records, then what only the store has, then originals. Changes nothing.

        Raises StoreUnreachable, StoreForbidden.
        """
        sightings = self._sightings()
        records, known = self._parts.journal.records(STORED), set[RecordId]()
        while some := list(islice(records, RECORDS_AT_ONCE)):
            copies = self._memory.copies(self._parts.store.name, [one.store_id for one in some if one.store_id])
            ids = [one.description.record_id for one in some]
            with_text = self._parts.index.having_text(ids)
            known.update(ids)
            for record in some:
                seen = self._seen(record, sightings, has_text=record.description.record_id in with_text)
                copy = copies.get(record.store_id or StoreId(""))
                yield from of_record(replace(seen, is_behind=self._is_behind(record, copy)), self._parts.store.name)
        for store_id, record_id in self._in_store(sightings):
            is_known = record_id in known or self._parts.journal.record(record_id) is not None
            stranger = of_stranger(store_id, record_id, is_known)
            if stranger is not None:
                yield stranger
        yield from self._originals()

    def repair(self, finding: Finding) -> None:
        """Carry out the proposed repair. Raises RepairNotPossible, AlreadyRunning and what store and inbox raise."""
        self._lease()
        acts = {
            Repair.POINT: self._point,
            Repair.TAKE: self._take_anew,
            Repair.BRING: self._bring_up,
            Repair.READ: self._read,
            Repair.REMEMBER: self._remember,
        }
        if finding.repair is None:
            raise _not_possible()
        acts[finding.repair](finding)
        log.info("repaired by %s: record %s, scan %s", finding.repair, finding.record_id, finding.scan_id)

    # Looking

    def _sightings(self) -> Mapping[StoreId, _Listed]:
        """Return what the store lists; of 100,000 only what is needed is kept."""
        if self._source is None:
            return {}
        return {
            seen.store_id: (tuple(sorted(seen.record_ids)), seen.checksum)
            for page in self._source.sightings()
            for seen in page
        }

    def _seen(self, record: RecordEntry, sightings: Mapping[StoreId, _Listed], *, has_text: bool) -> SeenRecord:
        is_listed_well = record.store_id is not None and _is_well(sightings.get(record.store_id), record)
        if is_listed_well and has_text:  # as nearly all are: nothing more needs to be looked up
            return SeenRecord(record, True, None, (), True, None, False)
        scan = self._parts.journal.scan(record.description.scan_id)
        original = scan.kept_path if scan is not None else None
        seen = SeenRecord(
            record=record,
            is_sound=is_listed_well,
            stored=None,
            found=(),
            has_text=has_text,
            original=original if original is not None and original.is_file() else None,
            was_taken_again=scan is not None and self._was_taken_again(record, scan),
        )
        if seen.is_sound or record.store != self._parts.store.name or record.store_id is None or record.digests is None:
            return seen
        stored = self._parts.store.read_back(record.store_id, record.digests)
        if is_sound(record, stored):
            return replace(seen, is_sound=True)
        return replace(seen, stored=stored, found=self._parts.store.find(record.digests))

    def _is_behind(self, record: RecordEntry, copy: StoreCopy | None) -> bool:
        """Return whether we want something in the store that was never written there, and that no person decided otherwise."""
        if self._source is None or copy is None or copy.record_id != record.description.record_id:
            return False
        if copy.standing is not Standing.LIVE:
            return False
        wanted = self._source.wanted(submission_of(record))
        return bool(to_write(copy.agreement, copy.agreement.theirs, wanted, record.touched))

    def _was_taken_again(self, record: RecordEntry, scan: ScanEntry) -> bool:
        """Return whether a later scan of the same bytes has these pages as a record, or may still come to them."""
        journal = self._parts.journal
        later = [one for one in journal.same_bytes(scan.sha256, scan.scan_id) if one.received_at > scan.received_at]
        if any(one.state is ScanState.RECEIVED for one in later):
            return True
        taken = (one for one in later if one.state in (ScanState.READ, ScanState.CLOSED))
        return are_covered(record, (its for one in taken for its in journal.records(scan_id=one.scan_id)))

    def _in_store(self, sightings: Mapping[StoreId, _Listed]) -> Iterator[tuple[StoreId, RecordId]]:
        """Yield what stands in the store as a record of ours."""
        for store_id, (record_ids, _) in sightings.items():
            for record_id in record_ids:
                yield store_id, record_id
        if IKeepsFiles.providedBy(self._parts.store):
            for record_id in self._parts.store.record_ids():
                yield StoreId(record_id), record_id

    def _originals(self) -> Iterator[Finding]:
        journal = self._parts.journal
        files = set(self._files())
        unplaced_paths, missing = set(files), list[ScanEntry]()
        for scan in journal.scans():
            unplaced_paths.discard(str(scan.kept_path))
            if scan.state not in ENDED_WELL or scan.kept_path is None or str(scan.kept_path) in files:
                continue
            if not scan.kept_path.is_file():
                missing.append(scan)
        unplaced: dict[str, list[Path]] = {}
        for path in sorted(map(Path, unplaced_paths)):
            if path.is_file():
                unplaced.setdefault(digests_of(path).sha256, []).append(path)
        for scan in missing:
            its = unplaced.get(scan.sha256, [])
            finding = of_original(scan, False, its.pop(0) if its else None)
            if finding is not None:
                yield finding
        for sha256, paths in unplaced.items():
            is_known = bool(journal.same_bytes(sha256, ScanId("")))
            for path in paths:
                finding = of_file(path, is_known)
                if finding is not None:
                    yield finding

    def _files(self) -> Iterator[str]:
        """Yield what stands in the inboxes' `done/`, without our own notes beside it; text, for there may be 100,000."""
        notes = tuple(NOTE_SUFFIXES.values())
        for folder in dict.fromkeys(self._done_paths.values()):
            for parent, _, names in os.walk(folder):
                for name in names:
                    if not name.startswith(".") and not name.endswith(notes):
                        yield os.path.join(parent, name)  # noqa: PTH118 - a Path costs ten times as much

    # Repairing

    def _point(self, finding: Finding) -> None:
        """Let the journal say where the copy stands, once that was read back and given what it lacks."""
        with self._our_turn():
            record, store = self._record(finding), self._parts.store
            if finding.store_id is None or record.digests is None:
                raise _not_possible()
            if not is_sound(record, store.read_back(finding.store_id, record.digests)):
                raise _not_possible()
            submission = submission_of(record)
            store.complete(finding.store_id, submission)
            check_bytes(store, finding.store_id, submission)
            self._parts.journal.carried(record.description.record_id, store.name, finding.store_id)

    def _bring_up(self, finding: Finding) -> None:
        """Write what is missing in the store; what a person changed there meanwhile is left to the sync."""
        with self._our_turn():
            finish(self._parts, self._record(finding).description.record_id)

    @contextmanager
    def _our_turn(self) -> Iterator[None]:
        with self._turn() as is_ours:
            if not is_ours:
                raise RepairNotPossible(
                    Message(N_("Another guidang changes records just now.")),
                    Message(N_("Look again: `guidang reconcile`.")),
                )
            yield

    def _take_anew(self, finding: Finding) -> None:
        """Copy the original in as a new scan, once for all records of it that are gone; the file stays where it is."""
        path = finding.path
        if path is None or not path.is_file():
            raise _not_possible()
        if path not in self._taken:
            self._take(path, self._inbox_of(path))
            self._taken.add(path)

    def _inbox_of(self, path: Path) -> str:
        return next(
            (name for name, folder in self._done_paths.items() if path.is_relative_to(folder)),
            next(iter(self._done_paths)),
        )

    def _read(self, finding: Finding) -> None:
        """Put the record's words into the index: its pages read again from the original where that stands."""
        record = self._record(finding)
        text = "" if finding.path is None else self._text_of(record, finding.path)
        self._parts.index.put(record.description.record_id, searchable(record, text))

    def _text_of(self, record: RecordEntry, path: Path) -> str:
        entry = self._parts.journal.scan(record.description.scan_id)
        if entry is None or not path.is_file() or digests_of(path).sha256 != entry.sha256:
            raise _not_possible()
        first, last = record.description.pages
        scan = replace(scan_of(entry), path=path)
        pages = self._parts.reader.pages(scan, self._parts.reading, range(first, last + 1))
        return text_with_cells(pages)

    def _remember(self, finding: Finding) -> None:
        entry = None if finding.scan_id is None else self._parts.journal.scan(finding.scan_id)
        if entry is None or finding.path is None or not finding.path.is_file():
            raise _not_possible()
        if digests_of(finding.path).sha256 != entry.sha256:
            raise _not_possible()
        self._parts.journal.put_away(entry.scan_id, str(finding.path))

    def _record(self, finding: Finding) -> RecordEntry:
        record = None if finding.record_id is None else self._parts.journal.record(finding.record_id)
        if record is None:
            raise _not_possible()
        return record


def _is_well(listed: _Listed | None, record: RecordEntry) -> bool:
    """Return whether the list alone says that this is the record's copy with its bytes."""
    if listed is None or record.digests is None:
        return False
    record_ids, checksum = listed
    return record.description.record_id in record_ids and checksum in (record.digests.sha256, record.digests.md5)


def _not_possible() -> RepairNotPossible:
    return RepairNotPossible(
        Message(N_("It does not stand any more as it was found.")), Message(N_("Look again: `guidang reconcile`."))
    )
