"""Proves, on the finished PDF, that a record shows what the scan shows, before it may stand at its place.

1. A scan that is a PDF: every picture of every page has the same bytes, every visible area the same size, the page's content is the
   same but for what was put before it; where hidden text was taken out, and where stamps or fields are shown (their actions were taken
   out), both pages are rendered and must be equal to the last pixel.
2. Any other scan: every picture is the scan's, byte for byte or sample for sample (`picture_proof`).
Whatever is not proven raises ScanUnreadable (PIXELS_DIFFER): better a note to the clerk than an altered record.
Knows nothing of how the PDF was made. Holds one page at a time.
"""

from __future__ import annotations

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
from ingest.pdf_pages import has_shown_annotations, opened_pdf
from ingest.picture_proof import picture_is_same
from ingest.values import PageText, ScanFormat, TextSource

_SAMPLE_KEYS = ("/Width", "/Height", "/BitsPerComponent", "/Decode", "/ImageMask")
_RENDER_SCALE = 1.0


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
            elif has_shown_annotations(before):
                changed.append(index)
    return not changed or _render_same(path, record_path, [(pages[index].page_number - 1, index) for index in changed])


def _pictures_are_kept(before: pikepdf.Page, after: pikepdf.Page) -> bool:
    """Return whether both pages draw the same pictures in the same order."""
    old, new = (
        [image.stream for image in content_of(page).images if image.stream is not None] for page in (before, after)
    )
    return len(old) == len(new) and all(
        _is_same(one, other) and _means_same(one, other) for one, other in zip(old, new, strict=True)
    )


def _means_same(one: pikepdf.Stream, other: pikepdf.Stream) -> bool:
    """Return whether two pictures of the same bytes have the same samples."""
    return all(_unparsed(one, key) == _unparsed(other, key) for key in _SAMPLE_KEYS)


def _unparsed(stream: pikepdf.Stream, key: str) -> bytes:
    return pikepdf.Array([stream[key]]).unparse(resolved=True) if key in stream else b""


def _content_is_same(before: pikepdf.Page, after: pikepdf.Page) -> bool:
    """Return whether the page's streams stand unchanged in the record, nothing or one more stream before them."""
    old, new = _streams_of(before), _streams_of(after)
    new = new[len(new) - len(old) :] if len(new) - len(old) in (0, 1) else []
    return len(old) == len(new) and all(_is_same(one, other) for one, other in zip(old, new, strict=True))


def _streams_of(page: pikepdf.Page) -> list[pikepdf.Stream]:
    contents: Any = page.obj.get("/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def _is_same(one: pikepdf.Stream, other: pikepdf.Stream) -> bool:
    """Return whether two streams hold the same bytes as they stand in the file, or without Flate where only one has it."""
    if "/Filter" in one and one.get("/Filter") == other.get("/Filter"):
        return one.read_raw_bytes() == other.read_raw_bytes()
    return one.read_bytes() == other.read_bytes()


def _render_same(path: Path, record_path: Path, indexes: Sequence[tuple[int, int]]) -> bool:
    """Return whether pages of the scan and of the record, by their indexes, look the same when displayed with the same turn."""
    with pypdfium2.PdfDocument(path) as scan, pypdfium2.PdfDocument(record_path) as record:
        for document in (scan, record):
            document.init_forms()
        return all(_looks_same(scan[before], record[after]) for before, after in indexes)


def _looks_same(before: Any, after: Any) -> bool:
    after.set_rotation(before.get_rotation())
    old, new = (page.render(scale=_RENDER_SCALE).to_numpy().copy() for page in (before, after))
    before.close()
    after.close()
    return np.array_equal(old, new)


def _pictures_are_same(path: Path, scan_format: ScanFormat, pages: Sequence[PageText], record_path: Path) -> bool:
    with opened_pdf(record_path) as record:
        if len(record.pages) != len(pages):
            return False
        with opened_images(path, scan_format) as image_of:
            return all(
                picture_is_same(path, scan_format, image_of(text.page_number), text, page)
                for text, page in zip(pages, record.pages, strict=True)
            )
