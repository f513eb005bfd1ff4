"""The joined parts that the stages of the journey work with: what `connector.assembly` builds and nobody else.

Not for configuration: everything here is a component behind its interface, or a value that a stage needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from classifiers.interfaces import IClassifier, IExtractor, INumberScheme, ISplitter
from classifiers.scheme import Scheme
from connector.events import Events
from connector.i18n import Language
from connector.interfaces import IRecordStore
from ingest.interfaces import IClock, ICutter, IInbox, IScanReader, IWorkFolder
from ingest.values import ReadingOptions, Scan, ScanId
from metadata.interfaces import IDescriber, IIdentifier, IIndex, IJournal, IRegister
from metadata.values import Given, ScanEntry

Tell = Callable[[ScanId, str, int, int], None]


Turn = Callable[[], AbstractContextManager[bool]]
"""Gives the turn at changes of filed records, or says that it was not to be had (`connector.lease`)."""


@contextmanager
def always_ours() -> Iterator[bool]:
    """Give the turn where nobody else changes records."""
    yield True


@dataclass(frozen=True)
class Desk:
    """One inbox, how its scans are cut, and what is given with everything that arrives there.

    `splitter` cuts stacks without separator sheets by content; None where one scan is one record.
    """

    inbox: IInbox
    cutter: ICutter
    given: Given
    splitter: ISplitter | None = None


@dataclass(frozen=True)
class Thresholds:
    """From which confidence on a kind is taken, and a scan rejected, without a person."""

    kind: float
    reject: float


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """What a scanned page must have; 0 (90 degrees, False) asks for nothing. Figures as in `ingest.values.ImageQuality`."""

    least_dpi: float = 200.0
    least_line_px: float = 20.0
    most_tilt_degrees: float = 10.0
    least_paper: float = 0.5
    least_contrast: float = 0.2
    whole_pages: bool = True
    all_pages: bool = True


@dataclass(frozen=True)
class Parts:
    """Everything a stage may need. Components are safe to use from several threads at once."""

    scheme: Scheme
    reading: ReadingOptions
    thresholds: Thresholds
    quality: QualityLimits
    language: Language
    clock: IClock
    reader: IScanReader
    classifier: IClassifier
    extractor: IExtractor
    numbers: INumberScheme
    identifier: IIdentifier
    describer: IDescriber
    register: IRegister
    journal: IJournal
    index: IIndex
    store: IRecordStore
    desks: Mapping[str, Desk]
    work_folder: Callable[[Scan], IWorkFolder]
    events: Events
    turn: Turn = always_ours


def tell_nobody(scan_id: ScanId, step: str, done: int, total: int) -> None:
    """Take the place of progress bars where there are none."""


def scan_of(entry: ScanEntry) -> Scan:
    """Return the claimed scan of a journal entry."""
    return Scan(
        scan_id=entry.scan_id,
        inbox=entry.inbox,
        original_name=entry.original_name,
        path=entry.work_path,
        sha256=entry.sha256,
        md5=entry.md5,
        size_bytes=entry.size_bytes,
        received_at=entry.received_at,
    )
