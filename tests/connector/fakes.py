"""Small stand-ins at the interfaces of reading and understanding, so that the journey is tested without pixels.

A scan here is a text file: pages are parted by form feeds, and a page's lines say what the classifier, the number scheme and
the extractor will find: `kind=repair 0.9`, `none=0.95`, `number=0312345617`, `name=…`, `SEP` (a separator sheet), `BAD` (the
scan cannot be read). Describing, journal, index, register and folder store are the real ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from zope.interface import implementer

from classifiers.interfaces import IClassifier, IExtractor, INumberScheme
from classifiers.values import (
    Classification,
    CustomerSigns,
    Evidence,
    EvidenceSource,
    Fact,
    FieldValue,
    FoundBy,
    NumberCandidate,
    NumberRole,
    Reading,
    RecordText,
    RereadRequest,
    Verdict,
)
from ingest.interfaces import (
    Fault,
    IClock,
    ICutter,
    IInbox,
    InboxUnusable,
    IScanReader,
    ScanUnreadable,
)
from ingest.values import Box, CutRange, Line, NumberLook, PageText, ReadingOptions, Scan, ScanId, TextSource, Word
from metadata.interfaces import IIdentifier
from metadata.values import CustomerNumber, Identification, Reason, ReasonCode

MOMENT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LINE = Box(100, 100, 900, 140)
KNOWN = "0312345617"


@implementer(IClock)
class FakeClock:
    """A clock that moves only when told to, or by sleeping."""

    def __init__(self) -> None:
        self.moment = MOMENT

    def now(self) -> datetime:
        """Return the moment; each look takes a millisecond, so that scans have an order."""
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.moment += timedelta(seconds=seconds)


@implementer(IInbox)
class FakeInbox:
    """A folder whose files are taken at once."""

    def __init__(self, name: str, folder: Path, clock: IClock) -> None:
        self.name = name
        self.folder = folder
        self.is_away = False
        self.dies_before_moving = False
        self.prefix = "s"
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True)

    def recover(self) -> tuple[Scan, ...]:
        """Return what stands in the work folder."""
        return tuple(self._scan(path) for path in sorted((self.folder / ".guidang").glob("*/original/*")))

    def look(self) -> tuple[Scan, ...]:
        """Move every file into a work folder."""
        if self.is_away:
            raise _away(self.name)
        taken = []
        for path in sorted(path for path in self.folder.iterdir() if path.is_file()):
            place = self._place(path)
            path.rename(place)
            taken.append(self._scan(place))
        return tuple(taken)

    def unsettled(self) -> int:
        """Nothing settles here."""
        return 0

    def take(self, path: Path) -> Scan:
        """Copy a file in."""
        place = self._place(path)
        place.write_bytes(path.read_bytes())
        return self._scan(place)

    def hint(self, callback: Callable[[], None]) -> None:
        """No events here."""

    def was_written_to(self, scan: Scan) -> bool:
        """Compare the sizes."""
        return scan.path.exists() and scan.path.stat().st_size != scan.size_bytes

    def put_away(self, scan: Scan, folder: str, note: str | None, note_suffix: str) -> Path:
        """Move the original; may be repeated. What was written to goes back."""
        if self.dies_before_moving:
            raise OSError("the power went")
        target = self.folder / folder / f"{scan.scan_id}-{scan.original_name}"
        if scan.path.exists() and hashlib.sha256(scan.path.read_bytes()).hexdigest() != scan.sha256:
            target, note = self.folder / scan.original_name, None
        target.parent.mkdir(exist_ok=True)
        if scan.path.exists():
            scan.path.rename(target)
        if note is not None:
            target.with_name(target.name + note_suffix).write_text(note, encoding="utf-8")
        return target

    def close(self) -> None:
        """Nothing is open."""

    def _place(self, path: Path) -> Path:
        number = len(list((self.folder / ".guidang").glob("*"))) + 1
        place = self.folder / ".guidang" / f"{self.prefix}{number:04}" / "original" / path.name
        place.parent.mkdir(parents=True)
        return place

    def _scan(self, path: Path) -> Scan:
        content = path.read_bytes()
        return Scan(
            ScanId(path.parent.parent.name),
            self.name,
            path.name,
            path,
            hashlib.sha256(content).hexdigest(),
            hashlib.md5(content).hexdigest(),
            len(content),
            self._clock.now(),
        )


def _away(name: str) -> InboxUnusable:
    from ingest.message import Message

    return InboxUnusable(Message("Inbox {name} is away.", {"name": name}), Message("Mount it."))


def page_of(number: int, text: str) -> PageText:
    """Return a page with these lines."""
    lines = tuple(Line(line, (Word(line, LINE, 0.95),), LINE) for line in text.splitlines() if line.strip())
    source = TextSource.RECOGNISED if lines else TextSource.NONE
    return PageText(number, 1240, 1754, 150.0, 0, 0.0, not lines, source, lines, ())


@implementer(IScanReader)
class FakeReader:
    """Reads the text files that stand for scans; counts what it read."""

    def __init__(self) -> None:
        self.pages_read: list[tuple[str, int]] = []
        self.stops_after: int | None = None

    def page_count(self, scan: Scan, options: ReadingOptions) -> int:
        """Return how many form feeds, plus one."""
        text = self._text(scan)
        count = text.count("\f") + 1
        if count > options.max_pages:
            raise ScanUnreadable(Fault.TOO_MANY_PAGES, scan.original_name, str(options.max_pages))
        return count

    def pages(self, scan: Scan, options: ReadingOptions, wanted: Iterable[int]) -> Iterator[PageText]:
        """Yield the wanted pages."""
        pages = self._text(scan).split("\f")
        for number in wanted:
            if self.stops_after is not None and len(self.pages_read) >= self.stops_after:
                raise OSError("the power went")
            self.pages_read.append((scan.scan_id, number))
            yield page_of(number, pages[number - 1])

    def read_number(self, scan: Scan, page: PageText, box: Box) -> tuple[NumberLook, ...]:
        """See nothing."""
        return ()

    def write_record_pdf(self, scan: Scan, pages: tuple[PageText, ...], path: Path, stamp: str | None) -> None:
        """Write the same bytes for the same scan, pages and stamp."""
        text = "\f".join(page.text for page in pages)
        beside = path.with_suffix(".part")
        beside.write_text(
            f"%PDF {scan.sha256} {[page.page_number for page in pages]} {stamp}\n{text}", encoding="utf-8"
        )
        beside.rename(path)

    def close(self) -> None:
        """Nothing is open."""

    def _text(self, scan: Scan) -> str:
        text = scan.path.read_text(encoding="utf-8")
        if text.startswith("BAD"):
            raise ScanUnreadable(Fault.DAMAGED, scan.original_name)
        return text


@implementer(ICutter)
class FakeCutter:
    """Cuts at pages that say SEP; `SEP kind=contract` gives a kind."""

    def cut(self, pages: tuple[PageText, ...]) -> tuple[CutRange, ...]:
        """Return the ranges between separators, blanks at both ends left out."""
        ranges: list[CutRange] = []
        given: tuple[tuple[str, str], ...] = ()
        run: list[PageText] = []
        for page in (*pages, page_of(0, "SEP")):
            if not page.text.startswith("SEP"):
                run.append(page)
                continue
            if any(not one.is_blank for one in run):
                ranges.append(CutRange(run[0].page_number, run[-1].page_number, given))
            run, given = [], tuple((key, value) for key, _, value in (w.partition("=") for w in page.text.split()[1:]))
        return tuple(ranges)


def _said(record: RecordText, key: str) -> str | None:
    found = (line for line in record.text.splitlines() if line.startswith(f"{key}="))
    line = next(found, None)
    return line.partition("=")[2] if line else None


@implementer(IClassifier)
class FakeClassifier:
    """Believes what the page says of itself."""

    name = "fake"

    def classify(self, record: RecordText) -> Classification:
        """Return the kind that the page names."""
        if none := _said(record, "none"):
            return Classification(Verdict.NONE_OF_THEM, None, float(none), self.name, (), ())
        if said := _said(record, "kind"):
            kind, _, confidence = said.partition(" ")
            return Classification(Verdict.KIND, kind, float(confidence or 0.95), self.name, (), ())
        return Classification(Verdict.UNSURE, None, 0.0, self.name, (), ())


def _typed(name: str, value: str) -> FieldValue:
    return date.fromisoformat(value) if name.endswith("_date") else value


@implementer(IExtractor)
class FakeExtractor:
    """Finds `fact.NAME=VALUE`; the value of a `…_date` is a date."""

    name = "fake"

    def facts(self, record: RecordText, kind: str) -> tuple[Fact, ...]:
        """Return the facts that stand there."""
        seen = Evidence(1, LINE, 150.0, "", EvidenceSource.TEXT)
        named = (
            line.removeprefix("fact.").partition("=") for line in record.text.splitlines() if line.startswith("fact.")
        )
        return tuple(Fact(name, _typed(name, value), 0.9, True, replace(seen, text=value)) for name, _, value in named)

    def signs(self, record: RecordText, kind: str | None) -> CustomerSigns:
        """Return nothing."""
        return CustomerSigns()


@implementer(INumberScheme)
class FakeNumbers:
    """Ten digits; valid when they begin with 03."""

    def normal(self, text: str) -> str | None:
        """Return the digits."""
        digits = text.replace(" ", "").replace("-", "")
        return digits if len(digits) == 10 and digits.isdecimal() else None

    def is_valid(self, number: str) -> bool:
        """Return whether the check holds."""
        return number.startswith("03")

    def is_checked(self, number: str) -> bool:
        """Return whether a misread sign shows: in the first two only."""
        return self.is_valid(number)

    def form_of(self, number: str) -> str | None:
        """Return the only form."""
        return "standard" if self.normal(number) == number else None

    def candidates(
        self, record: RecordText, rereads: tuple[tuple[RereadRequest, Reading], ...] = ()
    ) -> tuple[NumberCandidate, ...]:
        """Return the number that the page names."""
        number = _said(record, "number")
        if number is None:
            return ()
        evidence = Evidence(1, LINE, 150.0, number, EvidenceSource.TEXT)
        reading = Reading(number, 0.95, "fake")
        valid = self.is_valid(number)
        return (
            NumberCandidate(
                (reading,), "standard", valid, True, (), True, NumberRole.CUSTOMER, FoundBy.PRINTED, evidence
            ),
        )

    def rereads(self, record: RecordText) -> tuple[RereadRequest, ...]:
        """Ask for none."""
        return ()


@implementer(IIdentifier)
class FakeIdentifier:
    """Knows one number; every other is held."""

    def identify(
        self, kind: str | None, numbers: tuple[NumberCandidate, ...], signs: CustomerSigns, given: tuple[str, ...]
    ) -> Identification:
        """Return the customer of the known number."""
        number = next(iter(given), None) or next((candidate.number for candidate in numbers), None)
        if number is None:
            return Identification((), None, 0.0, None, (Reason(ReasonCode.NO_CUSTOMER),), (), None)
        if number != KNOWN:
            reason = Reason(ReasonCode.NUMBER_UNREGISTERED, {"number": number}, (KNOWN,))
            return Identification((), None, 0.0, None, (reason,), (), None)
        return Identification((CustomerNumber(number),), FoundBy.PRINTED, 0.95, None, (), (), None)

    def on_every_page(
        self, found: Identification, numbers: tuple[NumberCandidate, ...], pages: tuple[CustomerSigns, ...]
    ) -> Identification:
        """Return what was found: it knows nothing of its customers but their numbers."""
        return found

    def believed(
        self, kind: str | None, facts: tuple[Fact, ...], signs: CustomerSigns, found: Identification
    ) -> tuple[Fact, ...]:
        """Return all facts: it knows nothing of its customers but their numbers."""
        return facts
