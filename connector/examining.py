"""Looks at a file as the journey would, and files nothing: what would be found on it, and why.

For `guidang scheme try` and `guidang evaluate --folder`. Nothing is claimed, journalled or sent, and the file stays where it is; a scan
is read in the same limited children as every other. A text file (`.txt`, UTF-8) is taken as the text of one record.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from classifiers.interfaces import IJoinedClassifier
from classifiers.plain_text import record_of_text
from classifiers.values import Classification, RecordText
from connector.describing import Found, RecordPart, described, find, parts_of
from connector.parts import Desk, Parts
from connector.quality_gate import gated
from connector.splitting import cut_by_content
from ingest.interfaces import Fault, ScanUnreadable
from ingest.values import CutRange, PageText, Scan, ScanId
from metadata.values import Description

TEXT_SUFFIX = ".txt"
_NO_SCAN = ScanId("try")


@dataclass(frozen=True)
class Examined:
    """One record that the file would become. Without `found` it would be rejected; `voices` said so, the answer of all first."""

    record: RecordPart
    voices: tuple[Classification, ...]
    found: Found | None
    description: Description | None


def examine(parts: Parts, path: Path, desk: Desk) -> tuple[Examined, ...]:
    """Return what would become of a file in this inbox, record by record, () where it holds no page; raises ScanUnreadable."""
    scan = _scan_of(parts, path)
    if _is_text(path):
        records = parts_of((CutRange(1, 1),), dict(enumerate(_record_of(path).pages, 1)), desk.given)
    else:
        pages = _pages(parts, scan)
        ranges, doubts = cut_by_content(desk.cutter.cut(tuple(pages.values())), pages, desk.splitter)
        cut_out = parts_of(ranges, pages, desk.given, doubts)
        records = tuple(gated(record, parts.quality) for record in cut_out)
    return tuple(_examined(parts, scan, record) for record in records)


def classify_file(parts: Parts, path: Path) -> Classification:
    """Return the kind of a file that is one record; raises ScanUnreadable."""
    if _is_text(path):
        return parts.classifier.classify(_record_of(path))
    return parts.classifier.classify(RecordText(tuple(_pages(parts, _scan_of(parts, path)).values())))


def _examined(parts: Parts, scan: Scan, record: RecordPart) -> Examined:
    heard = parts.classifier.voices(record.text) if IJoinedClassifier.providedBy(parts.classifier) else ()
    may_reject = record.is_whole_scan and not record.doubts
    found = find(parts, scan, record, may_reject=may_reject, has_image=not _is_text(scan.path))
    description = described(parts, scan, record, found) if found else None
    return Examined(record, (parts.classifier.classify(record.text), *heard), found, description)


def _scan_of(parts: Parts, path: Path) -> Scan:
    """Return the file as a scan that nobody claimed; raises ScanUnreadable."""
    if not path.is_file():
        raise ScanUnreadable(Fault.NOT_REGULAR, path.name)
    try:
        with path.open("rb") as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise ScanUnreadable(Fault.NOT_READABLE, path.name) from error
    return Scan(_NO_SCAN, "", path.name, path, sha256, "", path.stat().st_size, parts.clock.now())


def _pages(parts: Parts, scan: Scan) -> dict[int, PageText]:
    count = parts.reader.page_count(scan, parts.reading)
    return {page.page_number: page for page in parts.reader.pages(scan, parts.reading, range(1, count + 1))}


def _is_text(path: Path) -> bool:
    return path.suffix.lower() == TEXT_SUFFIX


def _record_of(path: Path) -> RecordText:
    try:
        return record_of_text(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ScanUnreadable(Fault.NOT_A_SCAN, path.name) from error
    except OSError as error:
        raise ScanUnreadable(Fault.NOT_READABLE, path.name) from error
