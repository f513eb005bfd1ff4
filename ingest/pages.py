"""The pages of a scan of any format: how many, and each as displayed pixels of known resolution.

One door to `pdf_pages` and `image_pages`. Runs in a limited child; the parent decodes nothing. A scan that is not structurally whole is
refused here for good, even if some library could make something of it: pages might be missing without anybody noticing.
"""

from __future__ import annotations

from pathlib import Path

from ingest.decoded import DecodedPage
from ingest.formats import format_of
from ingest.image_pages import decode_image, image_page_count
from ingest.interfaces import Fault, ScanUnreadable
from ingest.pdf_pages import decode_pdf, pdf_page_count
from ingest.values import ScanFormat
from ingest.wholeness import fault_of


def scan_format(path: Path) -> ScanFormat:
    """Return what the scan is by its content; raises ScanUnreadable (NOT_A_SCAN)."""
    found = format_of(path)
    if found is None:
        raise ScanUnreadable(Fault.NOT_A_SCAN, path.name)
    return found


def page_count(path: Path) -> int:
    """Return how many pages the scan has (1 or more); raises ScanUnreadable unless it is whole."""
    fault = fault_of(path)
    if fault is not None:
        raise ScanUnreadable(fault, path.name)
    found = scan_format(path)
    return pdf_page_count(path) if found is ScanFormat.PDF else image_page_count(path, found)


def decode(path: Path, page_number: int) -> DecodedPage:
    """Return the page (from 1) as displayed; raises ScanUnreadable."""
    found = scan_format(path)
    return decode_pdf(path, page_number) if found is ScanFormat.PDF else decode_image(path, found, page_number)
