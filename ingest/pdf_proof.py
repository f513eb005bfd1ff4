"""Proves, on the finished PDF, that a record shows what the scan shows, before it may stand at its place.

1. A scan that is a PDF: every picture of every page has the same bytes, every visible area the same size, the page's content is the
   same but for what was put before it; where hidden text was taken out, both pages are rendered and must be equal to the last pixel.
2. Any other scan: every picture is the scan's, byte for byte or sample for sample (`picture_proof`).
Whatever is not proven raises ScanUnreadable (PIXELS_DIFFER): better a note to the clerk than an altered record.
Knows nothing of how the PDF was made. Holds one page at a time.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2

from ingest.image_pages import opened_images
from ingest.interfaces import Fault, ScanUnreadable
from ingest.page_frame import frame_of
from ingest.pdf_content import content_of
from ingest.pdf_pages import opened_pdf
from ingest.picture_proof import picture_is_same
from ingest.values import PageText, ScanFormat, TextSource

_RENDER_SCALE = 1.0
_MAX_DEPTH = 8


def prove(path: Path, scan_format: ScanFormat, pages: Sequence[PageText], record_path: Path) -> None:
    """Raise ScanUnreadable (PIXELS_DIFFER) unless the record at `record_path` shows these pages of the scan."""
    is_proven = (
        _pdf_is_same(path, pages, record_path)
        if scan_format is ScanFormat.PDF
        else _pictures_are_same(path, scan_format, pages, record_path)
    )
    if not is_proven:
        raise ScanUnreadable(Fault.PIXELS_DIFFER, path.name)


def _pdf_is_same(path: Path, pages: Sequence[PageText], record_path: Path) -> bool:
    changed: list[int] = []
    with opened_pdf(path) as scan, opened_pdf(record_path) as record:
        if len(record.pages) != len(pages):
            return False
        for index, text in enumerate(pages):
            before, after = scan.pages[text.page_number - 1], record.pages[index]
            if frame_of(before).turned(text.rotation_cw) != frame_of(after):
                return False
            if not _pictures_are_kept(before, after):
                return False
            if not _content_is_same(before, after):
                if text.source is TextSource.OWN:
                    return False
                changed.append(index)
    return all(_renders_same(path, pages[index], record_path, index) for index in changed)


def _pictures_are_kept(before: pikepdf.Page, after: pikepdf.Page) -> bool:
    """Return whether both pages draw pictures of the same bytes, as often."""
    old, new = (
        [image.stream for image in content_of(page).images if image.stream is not None] for page in (before, after)
    )
    return Counter(map(_digest, old)) == Counter(map(_digest, new))


def _content_is_same(before: pikepdf.Page, after: pikepdf.Page) -> bool:
    """Return whether the page's streams stand unchanged in the record, nothing or one more stream before them."""
    old, new = ([_digest(stream) for stream in _streams_of(page)] for page in (before, after))
    return old in (new, new[1:])


def _streams_of(page: pikepdf.Page) -> list[pikepdf.Stream]:
    contents: Any = page.obj.get("/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def _digest(stream: Any) -> bytes:
    """Return the digest of the stream's bytes as they stand there; where Flate alone was put on or taken off, the same as without."""
    is_flat = "/Filter" not in stream or (stream["/Filter"] == "/FlateDecode" and "/DecodeParms" not in stream)
    return hashlib.blake2b(stream.read_bytes() if is_flat else stream.read_raw_bytes()).digest()


def _renders_same(path: Path, text: PageText, record_path: Path, index: int) -> bool:
    with pypdfium2.PdfDocument(path) as scan, pypdfium2.PdfDocument(record_path) as record:
        before, after = scan[text.page_number - 1], record[index]
        after.set_rotation(before.get_rotation())
        return np.array_equal(_rendered(before), _rendered(after))


def _rendered(page: Any) -> Any:
    pixels = page.render(scale=_RENDER_SCALE).to_numpy().copy()
    page.close()
    return pixels


def _pictures_are_same(path: Path, scan_format: ScanFormat, pages: Sequence[PageText], record_path: Path) -> bool:
    with opened_pdf(record_path) as record:
        if len(record.pages) != len(pages):
            return False
        with opened_images(path, scan_format) as image_of:
            return all(
                picture_is_same(path, scan_format, image_of(text.page_number), text, page)
                for text, page in zip(pages, record.pages, strict=True)
            )
