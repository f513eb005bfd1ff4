"""The searchable PDF of a record: the scanner's pages as they are, upright, with the text that was read laid invisibly on them.

1. Pictures keep their bytes (PDF, JPEG, JPEG 2000, PNG, one G4 strip) or their pixels (everything else), and `pdf_proof` proves it before the
   PDF stands at its place.
2. A page that was read gets our text, one object a line, and loses hidden text it came with; a page born digital keeps its own and gets
   none. A page is turned upright by /Rotate.
3. A scan that is a PDF loses what acts (scripts, launching, embedded files: `pdf_parts`), nothing that is seen.
4. The same scan, pages and stamp give the same bytes.
Runs in a limited child; whatever the number of pages, only one is decoded at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pikepdf

from ingest.box_font import SignCodes, add_font, compressed_stream
from ingest.durable import written_durably
from ingest.hidden_text import strip_hidden_text
from ingest.image_record import write_image_record
from ingest.interfaces import Fault, ScanUnreadable
from ingest.invisible_text import FONT_NAME, invisible_text
from ingest.page_frame import frame_of
from ingest.pdf_pages import opened_pdf
from ingest.pdf_parts import keep_pages
from ingest.pdf_proof import prove
from ingest.values import PageText, ScanFormat, TextSource

log = logging.getLogger(__name__)

STAMP_KEY = "/GuidangRecord"
_PRODUCER = "guidang"


def write_record_pdf(
    path: Path, scan_format: ScanFormat, pages: Sequence[PageText], out_path: Path, stamp: str | None
) -> None:
    """Write the searchable PDF of these pages of the scan at `path`, in their order (ascending); complete or absent at `out_path`.

    Raises ScanUnreadable: PIXELS_DIFFER where the pages cannot be kept exactly as scanned. What cannot be proven is tried once more with
    the greatest care: pictures encoded anew where their bytes were to be kept, hidden text left in.
    """
    with written_durably(out_path) as beside:
        try:
            _write(path, scan_format, pages, beside, stamp, is_careful=False)
        except ScanUnreadable as error:
            if error.fault is not Fault.PIXELS_DIFFER:
                raise
            log.info("a record is written with more care, since its pages were not the same")
            _write(path, scan_format, pages, beside, stamp, is_careful=True)


def _write(
    path: Path,
    scan_format: ScanFormat,
    pages: Sequence[PageText],
    beside: Path,
    stamp: str | None,
    *,
    is_careful: bool,
) -> None:
    with ExitStack() as stack:
        if scan_format is ScanFormat.PDF:
            pdf = stack.enter_context(opened_pdf(path))
            keep_pages(pdf, [page.page_number for page in pages])
        else:
            pictures = beside.with_name(f"{beside.name}0")
            stack.callback(pictures.unlink, missing_ok=True)
            write_image_record(path, scan_format, pages, pictures, is_decoded=is_careful)
            pdf = stack.enter_context(opened_pdf(pictures))
        _lay_text(pdf, pages, strips=scan_format is ScanFormat.PDF and not is_careful)
        _describe(pdf, stamp, is_ours=scan_format is not ScanFormat.PDF)
        # No filter of the scan's own is taken off; what had none (and the object streams) is compressed.
        pdf.save(
            beside,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    prove(path, scan_format, pages, beside)


def _describe(pdf: pikepdf.Pdf, stamp: str | None, *, is_ours: bool) -> None:
    """Write into the information dictionary what tells equal pages apart."""
    if is_ours:
        pdf.docinfo["/Producer"] = _PRODUCER
    if stamp is not None:
        pdf.docinfo[STAMP_KEY] = stamp
    elif STAMP_KEY in pdf.docinfo:
        del pdf.docinfo[STAMP_KEY]  # a record that came back as a scan


def _lay_text(pdf: pikepdf.Pdf, pages: Sequence[PageText], *, strips: bool) -> None:
    """Turn the pages upright and lay their text on them."""
    codes = SignCodes()
    written: list[pikepdf.Page] = []
    for page, text in zip(pdf.pages, pages, strict=True):
        frame = frame_of(page).turned(text.rotation_cw)
        if text.rotation_cw:
            page.obj["/Rotate"] = frame.rotate_cw
        if text.source is TextSource.OWN:
            continue
        if strips:
            strip_hidden_text(pdf, page, frame)
        content = invisible_text(text, frame, codes)
        if content:
            _put_before(pdf, page, content)
            written.append(page)
    if written:
        font = add_font(pdf, codes)
        for page in written:
            _name_font(page, font)


def _put_before(pdf: pikepdf.Pdf, page: pikepdf.Page, content: bytes) -> None:
    """Put the content before the page's own: there nothing can disturb it, whatever state or broken end the page's own leaves behind."""
    own = page.obj.get("/Contents")
    parts = list(own) if isinstance(own, pikepdf.Array) else [own] if isinstance(own, pikepdf.Stream) else []
    page.obj["/Contents"] = pikepdf.Array([compressed_stream(pdf, content), *parts])


def _name_font(page: pikepdf.Page, font: pikepdf.Object) -> None:
    """Add the font to the page's resources, which it may share with other pages: to a copy of them."""
    resources = _copy_of(page.obj.get("/Resources"))
    fonts = _copy_of(resources.get("/Font"))
    fonts[FONT_NAME] = font
    resources["/Font"] = fonts
    page.obj["/Resources"] = resources


def _copy_of(dictionary: pikepdf.Object | None) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(dict(dictionary.items()) if isinstance(dictionary, pikepdf.Dictionary) else {})
