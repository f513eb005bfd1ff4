"""One watched folder: looks, lets files settle, claims them, and puts the originals away when all is said about them.

Joins the pure rule (`settle`) with the disk (`listing`, `claim`, `put_away`). Not for reading scans nor for the journal: a claimed
scan is in the caller's hands, and `recover` gives back what a crash took out of them.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from zope.interface import implementer

from ingest.claim import (
    ChangedAfterAll,
    ScanIds,
    claim,
    forget,
    is_scan_id,
    recovered,
    scan_of,
    take_copy,
)
from ingest.durable import make_folder
from ingest.formats import format_of_head, head_of
from ingest.interfaces import Fault, IClock, IInbox, InboxUnusable, ScanUnreadable
from ingest.listing import Found, FoundKind, listed
from ingest.message import N_, Message
from ingest.put_away import put_away
from ingest.settle import SettleRule, Standing, Watched, Wholeness, is_quiet, standing, watched_again
from ingest.values import Scan, ScanId
from ingest.watch import Watch

log = logging.getLogger(__name__)

WORK = ".guidang"
MOST_CLAIMS_A_LOOK = 200
"""So that a backlog of 100,000 files does not keep the first one waiting; the next look takes the next ones."""

_ARRIVED_ALL_THE_SAME = frozenset(
    {None, Fault.ENCRYPTED, Fault.NO_PAGES, Fault.READER_DIED, Fault.TOO_SLOW, Fault.TOO_LARGE}
)
_TAKE_TRIES = 3
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class InboxPlace:
    """An inbox as configured. `is_polled` = no events are asked for (network mounts)."""

    name: str
    path: Path
    is_polled: bool = False
    rule: SettleRule = field(default_factory=SettleRule)


@implementer(IInbox)
class Inbox:
    """A folder on disk. `find_fault` says why a file is not a whole scan (`ScanReader.find_fault`, in a limited child)."""

    def __init__(self, place: InboxPlace, clock: IClock, find_fault: Callable[[Path], Fault | None]) -> None:
        self.name = place.name
        self._place = place
        self._top = place.path
        self._clock = clock
        self._find_fault = find_fault
        self._watched: dict[Path, Watched] = {}
        self._checked: dict[Path, tuple[Watched, Wholeness]] = {}
        self._unfinished: dict[ScanId, Path] = {}
        self._last_id: ScanId | None = None
        self._device: int | None = None
        self._watch: Watch | None = None
        self._watched_folder: tuple[int, int] | None = None

    def recover(self) -> tuple[Scan, ...]:
        """Return scans claimed before a crash that the caller may not know yet, oldest first; raises InboxUnusable.

        One that cannot be read now does not stop the others: a later look returns it.
        """
        try:
            self._ready()
            works = sorted(entry for entry in (self._top / WORK).iterdir() if is_scan_id(entry.name))
        except OSError as error:
            raise self._unusable(error) from error
        return tuple(scan for work in works if (scan := self._recovered(work)) is not None)

    def look(self) -> tuple[Scan, ...]:
        """List once and claim every scan that has settled; return those, oldest first. Raises InboxUnusable.

        At most `MOST_CLAIMS_A_LOOK` at once. A file that cannot be moved does not stop the others.
        """
        try:
            self._ready()
            self._watch_anew()
            found = list(listed(self._top))
        except OSError as error:
            raise self._unusable(error) from error
        settled = self._settled(found)
        scans = self._finished_claims()
        refused: OSError | None = None
        for one in settled:
            try:
                scans.append(self._claimed(one))
            except (ChangedAfterAll, FileNotFoundError):
                continue
            except OSError as error:
                log.warning("a settled file cannot be claimed (error %s)", error.errno)
                refused = error
        if refused is not None and not scans:
            raise self._unusable(refused) from refused
        return tuple(scans)

    def unsettled(self) -> int:
        """Return how many files the last look left in the inbox because they are still arriving or it had claimed enough."""
        return len(self._watched)

    def take(self, path: Path) -> Scan:
        """Copy a user's file in as a claimed scan, leaving the file as it is; raises InboxUnusable, ScanUnreadable."""
        self._refuse_what_is_no_file(path)
        for attempt in range(1, _TAKE_TRIES + 1):
            scan_id = self._new_id()
            try:
                self._ready()
                before = path.stat()
                copy = take_copy(path, self._top / WORK / scan_id)
                after = path.stat()
            except OSError as error:
                raise self._unusable(error) from error
            is_same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
            if is_same or attempt == _TAKE_TRIES:
                return scan_of(scan_id, self.name, copy)
            copy.unlink()
            forget(self._top / WORK / scan_id)
            self._clock.sleep(1.0)
        raise AssertionError("the last attempt returns")

    def hint(self, callback: Callable[[], None]) -> None:
        """Start watching for events (unless polling); `callback` runs on another thread when something happened."""
        if self._place.is_polled:
            return
        self._watch = Watch(self._top, callback)
        try:
            self._watch_anew()
        except OSError:
            log.warning("inbox %s is away: events begin when it is back", self.name)

    def was_written_to(self, scan: Scan) -> bool:
        """Return whether the original has another size than when it was claimed: a scanner held it open and went on writing."""
        try:
            return scan.path.is_file() and scan.path.stat().st_size != scan.size_bytes
        except FileNotFoundError:
            return False

    def put_away(self, scan: Scan, folder: str, note: str | None, note_suffix: str) -> Path:
        """Move the original from the work folder to `folder` below the inbox; return its new path. May be repeated.

        Never overwrites: a taken name gets a number. Raises InboxUnusable.
        """
        try:
            self._ready()
            return put_away(self._top, scan, folder, note, note_suffix)
        except OSError as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _ready(self) -> None:
        """Make sure that this is the inbox and not the bare place where its share is mounted; raises OSError.

        1. A folder that was never used by us gets a work folder. 2. A work folder that vanished together with the device it stood on
        means that the share is away: nothing is made there, or scans would be claimed onto the wrong disk. 3. A share that
        has come back has its work folder.
        """
        device = self._top.stat().st_dev
        work = self._top / WORK
        if not work.is_dir():
            if self._device is not None and device != self._device:
                raise FileNotFoundError(f"{WORK} is gone together with its device")
            make_folder(work, mode=0o700)
        self._device = device

    def _watch_anew(self) -> None:
        """Ask for events where none are coming: at first, and when the folder is another one than before; raises OSError."""
        if self._watch is None:
            return
        seen = self._top.stat()
        folder = seen.st_dev, seen.st_ino
        if folder != self._watched_folder:
            self._watched_folder = folder if self._watch.start() else None

    def _settled(self, found: list[Found]) -> list[Found]:
        """Return what has settled, oldest first, at most so many; remember all for the next look."""
        now = self._clock.now()
        self._watched = {one.path: watched_again(self._watched.get(one.path), one.sight, now) for one in found}
        self._checked = {path: kept for path, kept in self._checked.items() if path in self._watched}
        quiet = [one for one in found if is_quiet(self._watched[one.path], now, self._place.rule)]
        settled: list[Found] = []
        for one in sorted(quiet, key=lambda one: (one.sight.changed_ns, one.path)):
            watched = self._watched[one.path]
            if standing(watched, self._wholeness(one, watched), now, self._place.rule) is not Standing.ARRIVING:
                settled.append(one)
            if len(settled) == MOST_CLAIMS_A_LOOK:
                break
        return settled

    def _wholeness(self, found: Found, watched: Watched) -> Wholeness:
        """Return what the content says; what was found whole once is not opened again while it stands unchanged."""
        kept = self._checked.get(found.path)
        if kept is not None and kept[0].sight == watched.sight and kept[1] in (Wholeness.WHOLE, Wholeness.NO_SCAN):
            return kept[1]
        wholeness = self._wholeness_now(found)
        self._checked[found.path] = (watched, wholeness)
        return wholeness

    def _wholeness_now(self, found: Found) -> Wholeness:
        if found.kind is FoundKind.FOLDER:
            return Wholeness.BROKEN  # it may be filled yet
        if found.kind is not FoundKind.FILE:
            return Wholeness.NO_SCAN
        try:
            head = head_of(found.path)
            if format_of_head(head) is None:
                return Wholeness.NO_SCAN if head.strip(b"\0") else Wholeness.BROKEN
            fault = self._find_fault(found.path)
        except PermissionError:
            return Wholeness.UNREADABLE
        except OSError:
            return Wholeness.BROKEN
        if fault is Fault.NOT_READABLE:
            return Wholeness.UNREADABLE
        return Wholeness.WHOLE if fault in _ARRIVED_ALL_THE_SAME else Wholeness.BROKEN

    def _claimed(self, found: Found) -> Scan:
        scan_id = self._new_id()
        sight = None if found.kind is FoundKind.FOLDER else found.sight
        path = claim(found.path, sight, self._top / WORK / scan_id)
        self._unfinished[scan_id] = path
        scan = scan_of(scan_id, self.name, path)
        del self._unfinished[scan_id]
        self._watched.pop(found.path, None)
        return scan

    def _finished_claims(self) -> list[Scan]:
        """Return scans that an earlier look had moved but, the share being away, could not digest."""
        scans = []
        for scan_id, path in list(self._unfinished.items()):
            try:
                scans.append(scan_of(scan_id, self.name, path))
            except OSError:
                continue
            del self._unfinished[scan_id]
        return scans

    def _recovered(self, work: Path) -> Scan | None:
        scan_id = ScanId(work.name)
        path: Path | None = None
        try:
            path = recovered(work)
            return scan_of(scan_id, self.name, path) if path is not None else None
        except OSError as error:
            log.warning("a claimed scan cannot be read now (error %s)", error.errno)
            if path is not None:
                self._unfinished[scan_id] = path
            return None

    def _new_id(self) -> ScanId:
        self._last_id = ScanIds().new(self._clock.now(), self._last_id)
        return self._last_id

    def _refuse_what_is_no_file(self, path: Path) -> None:
        """Raise ScanUnreadable for what cannot be copied: a folder, a fifo, something that is not there or may not be read."""
        try:
            mode = path.stat().st_mode
        except OSError as error:
            raise ScanUnreadable(Fault.NOT_READABLE, path.name) from error
        if not stat.S_ISREG(mode):
            raise ScanUnreadable(Fault.NOT_REGULAR, path.name)
        if not os.access(path, os.R_OK):
            raise ScanUnreadable(Fault.NOT_READABLE, path.name)

    def _unusable(self, error: OSError) -> InboxUnusable:
        facts = {"name": self.name, "path": str(self._top)}
        if error.errno in _FULL:
            return InboxUnusable(
                Message(N_("Cannot use inbox {name}: the disk on which {path} stands is full."), facts),
                Message(N_("Make room there; no scan is lost, and guidang goes on by itself."), facts),
            )
        return InboxUnusable(
            Message(N_("Cannot use inbox {name}: {path} is not there, or may not be read or written."), facts),
            Message(N_("Check that the folder is there, its share mounted, and that guidang may write to it."), facts),
        )
