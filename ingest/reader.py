"""Reads scans in limited child processes, several pages at once; the parent opens and decodes nothing.

Used from several threads, one for each scan under way. Holds back: of each scan only so many pages are asked for ahead, so that memory
stays flat over a scan of any length. A child that dies is given one more try with a fresh child, for it may have been
killed for want of memory that others used; a second death, or being too slow, is the scan's own fault.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from zope.interface import implementer

from ingest import child_tasks
from ingest.child_tasks import RecogniserFactory
from ingest.children import ChildDied, Children, ChildTooSlow, outcome
from ingest.interfaces import Fault, IScanReader, ScanUnreadable
from ingest.recognisers import named
from ingest.values import Box, NumberLook, PageText, ReadingOptions, Scan

T = TypeVar("T")

_AHEAD_A_CHILD = 2
_SHORT_SECONDS = 60.0
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What a scan may be at most."""

    scan_bytes: int = 500 * _MEGABYTE
    number_seconds: float = _SHORT_SECONDS
    pdf_seconds_a_page: float = 30.0


@implementer(IScanReader)
class ScanReader:
    """`IScanReader` on a pool of children. `factory` makes a recogniser by name inside a child: an importable function."""

    def __init__(
        self,
        children: Children,
        recogniser: str,
        factory: RecogniserFactory = named,
        limits: ReaderLimits | None = None,
    ) -> None:
        self._children = children
        self._doorkeeper = Children(1)  # looks at what arrives without waiting for the pages under way
        self._recogniser = recogniser
        self._factory = factory
        self._limits = limits or ReaderLimits()

    def find_fault(self, path: Path) -> Fault | None:
        """Return why this file is not a whole scan, None where it is one; raises OSError where it cannot be opened."""
        try:
            return self._doorkeeper.run(_SHORT_SECONDS, child_tasks.find_fault, path)
        except ChildDied:
            return Fault.READER_DIED
        except ChildTooSlow:
            return Fault.TOO_SLOW

    def page_count(self, scan: Scan, options: ReadingOptions) -> int:
        """Return how many pages the scan has (1 or more); raises ScanUnreadable."""
        if scan.size_bytes > self._limits.scan_bytes:
            limit = f"{self._limits.scan_bytes // _MEGABYTE} MB"
            raise ScanUnreadable(Fault.TOO_LARGE, scan.original_name, limit)
        ask = partial(self._children.start, _SHORT_SECONDS, child_tasks.count_pages, scan.path)
        count = self._answered(scan, _SHORT_SECONDS, ask)
        if count > options.max_pages:
            raise ScanUnreadable(Fault.TOO_MANY_PAGES, scan.original_name, str(options.max_pages))
        return count

    def pages(self, scan: Scan, options: ReadingOptions, wanted: Iterable[int]) -> Iterator[PageText]:
        """Yield the wanted pages (from 1) in the given order as they are ready; raises ScanUnreadable.

        Twice as many pages as there are children are asked for ahead, no more; what was asked for and is not wanted any
        more (the caller stopped, a page could not be read) is called off.
        """
        ahead: deque[tuple[Future[PageText], Callable[[], Future[PageText]]]] = deque()
        numbers = iter(wanted)
        try:
            while True:
                while (
                    len(ahead) < _AHEAD_A_CHILD * self._children.workers and (number := next(numbers, None)) is not None
                ):
                    again = partial(self._page, scan, options, number)
                    ahead.append((again(), again))
                if not ahead:
                    return
                future, ask = ahead.popleft()
                yield self._settled(scan, options.page_timeout_seconds, future, ask)
        finally:
            for future, _ in ahead:
                future.cancel()

    def read_number(self, scan: Scan, page: PageText, box: Box) -> tuple[NumberLook, ...]:
        """Return what second, number-only looks at this box of the page read, surest first, no text twice.

        () where nothing is written; UNREAD alone where something is that could not be read.
        """
        seconds = self._limits.number_seconds
        ask = partial(
            self._children.start,
            seconds,
            child_tasks.read_number,
            scan.path,
            page,
            box,
            self._factory,
            self._recogniser,
        )
        return self._answered(scan, seconds, ask)

    def write_record_pdf(self, scan: Scan, pages: tuple[PageText, ...], path: Path, stamp: str | None) -> None:
        """Write the searchable PDF of these pages: the scanner's images untouched, proven equal, text on every page.

        Complete or absent at `path`, whatever happens midway. Raises ScanUnreadable (PIXELS_DIFFER).
        """
        seconds = _SHORT_SECONDS + self._limits.pdf_seconds_a_page * len(pages)
        ask = partial(self._children.start, seconds, child_tasks.write_record_pdf, scan.path, pages, path, stamp)
        self._answered(scan, seconds, ask)

    def close(self) -> None:
        """End the children."""
        self._doorkeeper.close()
        self._children.close()

    def _page(self, scan: Scan, options: ReadingOptions, number: int) -> Future[PageText]:
        seconds = options.page_timeout_seconds
        return self._children.start(seconds, child_tasks.read_page, scan.path, number, self._factory, options)

    def _answered(self, scan: Scan, seconds: float, ask: Callable[[], Future[T]]) -> T:
        return self._settled(scan, seconds, ask(), ask)

    def _settled(self, scan: Scan, seconds: float, future: Future[T], ask_again: Callable[[], Future[T]]) -> T:
        """Return what the child answers, asked once more if it died; raises ScanUnreadable under the scan's own name."""
        try:
            try:
                return outcome(future)
            except ChildDied:
                return outcome(ask_again())
        except ChildDied as error:
            raise ScanUnreadable(Fault.READER_DIED, scan.original_name) from error
        except ChildTooSlow as error:
            raise ScanUnreadable(Fault.TOO_SLOW, scan.original_name, f"{seconds:g} s") from error
        except ScanUnreadable as error:
            raise ScanUnreadable(error.fault, scan.original_name, error.limit) from error
