"""The promises of the lowest floor, and the errors that may come out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from zope.interface import Attribute, Interface

from ingest.message import N_, GuidangError, Message
from ingest.values import Box, CutRange, Line, NumberLook, PageText, PixelNeeds, ReadingOptions, Scan

if TYPE_CHECKING:  # OpenCV stays out of the parent
    from ingest.grays import Gray
    from ingest.prepare import Prepared


class Fault(StrEnum):
    """Why a scan cannot be read; each has a sentence and a remedy in `FAULT_SENTENCES`."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NO_PAGES = "no_pages"
    EMPTY = "empty"
    NOT_A_SCAN = "not_a_scan"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    NOT_REGULAR = "not_regular"
    TOO_SLOW = "too_slow"
    READER_DIED = "reader_died"
    PIXELS_DIFFER = "pixels_differ"
    NOT_READABLE = "not_readable"


FAULT_SENTENCES: Mapping[Fault, tuple[str, str]] = {
    Fault.ENCRYPTED: (
        N_("Cannot read scan {name}: it is encrypted."),
        N_("Remove the password and put it back into the inbox."),
    ),
    Fault.DAMAGED: (
        N_("Cannot read scan {name}: the file is damaged or incomplete."),
        N_("Scan the paper again and put the new file into the inbox."),
    ),
    Fault.NO_PAGES: (
        N_("Cannot read scan {name}: it has no pages."),
        N_("Scan the paper again and put the new file into the inbox."),
    ),
    Fault.EMPTY: (
        N_("Cannot read scan {name}: the file is empty (0 bytes)."),
        N_("Save the scan again and put it into the inbox."),
    ),
    Fault.NOT_A_SCAN: (
        N_("Cannot take {name}: it is not a PDF, TIFF, JPEG or PNG."),
        N_("Save it as PDF and put that into the inbox."),
    ),
    Fault.TOO_LARGE: (
        N_("Cannot take {name}: it is larger than the limit of {limit}."),
        N_("Scan at 300 dpi or in smaller parts, or ask the administrator to raise the limit."),
    ),
    Fault.TOO_MANY_PAGES: (
        N_("Cannot take {name}: it has more pages than the limit of {limit}."),
        N_("Scan it in smaller parts, or ask the administrator to raise the limit."),
    ),
    Fault.NOT_REGULAR: (
        N_("Cannot take {name}: it is a link or a folder, not a file."),
        N_("Put the scan itself into the inbox."),
    ),
    Fault.TOO_SLOW: (
        N_("Cannot read scan {name}: a page took longer than {limit}."),
        N_("Scan the paper again at 300 dpi and put the new file into the inbox."),
    ),
    Fault.READER_DIED: (
        N_("Cannot read scan {name}: reading it stopped the reader."),
        N_("Scan the paper again; if that fails too, show this note to the administrator."),
    ),
    Fault.PIXELS_DIFFER: (
        N_("Cannot take {name}: its pages could not be kept exactly as scanned."),
        N_("Save the scan as PDF and put that into the inbox."),
    ),
    Fault.NOT_READABLE: (
        N_("Cannot take {name}: it is not there or may not be read."),
        N_("Check its name and its rights, and put it back into the inbox."),
    ),
}


class ScanUnreadable(GuidangError):
    """The scan itself is bad: it goes to `failed/` with a note, and the others go on."""

    def __init__(self, fault: Fault, name: str, limit: str = "") -> None:
        what, remedy = FAULT_SENTENCES[fault]
        facts = {"name": name, "limit": limit}
        super().__init__(Message(what, facts), Message(remedy, facts))
        self.args = (fault, name, limit)
        self.fault = fault
        self.name = name
        self.limit = limit


class RecogniserMissing(GuidangError):
    """The recogniser or one of its languages is not installed: nothing can be read until it is."""


class InboxUnusable(GuidangError):
    """An inbox folder is away or may not be written: waited for, never a reason to stop the others."""


class IClock(Interface):
    """The only source of time."""

    def now() -> datetime:
        """Return the present moment, aware, in UTC."""

    def sleep(seconds: float) -> None:
        """Wait so long; a test's clock does not really wait."""


class IRecogniser(Interface):
    """Reads upright, prepared page pixels. Warm where it can be; sees pixels only, never a scan."""

    name: str = Attribute("as in the configuration")
    needs: PixelNeeds = Attribute("what must be done to a page before `recognise`")

    def missing(languages: tuple[str, ...]) -> tuple[str, ...]:
        """Return what must be installed before these languages (ISO 639) can be read, as package names; () if ready."""

    def recognise(page: Prepared, languages: tuple[str, ...]) -> tuple[Line, ...]:
        """Return the lines in reading order, boxes in pixels of the level page, texts normalised; () where nothing stands."""

    def read_number(crop: Gray, dpi: float) -> tuple[NumberLook, ...]:
        """Return the opinions on the signs of a crop that holds one number, surest first, no text twice; () if there are none."""


class IScanReader(Interface):
    """Reads scans in limited child processes, several pages at once; the parent decodes nothing."""

    def page_count(scan: Scan, options: ReadingOptions) -> int:
        """Return how many pages the scan has (1 or more); raises ScanUnreadable."""

    def pages(scan: Scan, options: ReadingOptions, wanted: Iterable[int]) -> Iterator[PageText]:
        """Yield the wanted pages (from 1) in the given order as they are ready; raises ScanUnreadable.

        Holds only a few pages' pixels at a time, whatever the length of the scan.
        """

    def read_number(scan: Scan, page: PageText, box: Box) -> tuple[NumberLook, ...]:
        """Return what second, number-only looks at this box of the page read, surest first, no text twice.

        () where nothing is written; UNREAD alone where something is that could not be read.
        """

    def write_record_pdf(scan: Scan, pages: tuple[PageText, ...], path: Path, stamp: str | None) -> None:
        """Write the searchable PDF of these pages: the scanner's images untouched, proven equal, text on every page.

        The same scan, pages and stamp give the same bytes. `stamp` is written into the PDF where equal bytes must differ.
        Complete or absent at `path`, whatever happens midway. Raises ScanUnreadable (PIXELS_DIFFER).
        """

    def close() -> None:
        """End the children."""


class ICutter(Interface):
    """Cuts a read scan into records by separator sheets and, where the inbox says so, by blank sheets."""

    def cut(pages: tuple[PageText, ...]) -> tuple[CutRange, ...]:
        """Return the ranges in page order, not overlapping; () where the scan holds nothing but separators and blanks."""


class IInbox(Interface):
    """One watched folder. The listing is the truth; events only make the next look come sooner."""

    name: str = Attribute("as in the configuration")

    def recover() -> tuple[Scan, ...]:
        """Return scans claimed before a crash that the caller may not know yet, oldest first."""

    def look() -> tuple[Scan, ...]:
        """List once and claim every scan that has settled; return those, oldest first. Raises InboxUnusable."""

    def unsettled() -> int:
        """Return how many files the last look saw that may be taken soon: worth another look after the quiet time."""

    def take(path: Path) -> Scan:
        """Copy a user's file in as a claimed scan, leaving the file as it is; raises InboxUnusable, ScanUnreadable."""

    def hint(callback: Callable[[], None]) -> None:
        """Start watching for events (unless polling); `callback` runs on another thread when something happened."""

    def was_written_to(scan: Scan) -> bool:
        """Return whether the original has another size than when it was claimed: a scanner held it open and went on writing."""

    def put_away(scan: Scan, folder: str, note: str | None, note_suffix: str) -> Path:
        """Move the original from the work folder to `folder` (done, failed, rejected) below the inbox; return its new path.

        Never overwrites: a taken name gets a number. The note, if any, stands beside it as NAME + `note_suffix`. May be repeated.
        An original that was written to goes back into the inbox itself, to be taken anew.
        """

    def close() -> None:
        """Stop watching."""


class IWorkFolder(Interface):
    """The costly results of a scan under way, kept beside its original until the scan is closed."""

    def pages() -> dict[int, PageText]:
        """Return the pages kept so far, by page number; a half-written last one is left out."""

    def keep(page: PageText) -> None:
        """Append a page; durable when this returns."""

    def record_pdf_path(record_id: str) -> Path:
        """Return where the PDF of this record stands or will stand."""
