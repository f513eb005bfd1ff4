"""The pages of a scan that is a TIFF, JPEG or PNG, as pages of a new PDF that show the scanner's own pictures and nothing else.

JPEG and PNG go through img2pdf, which keeps their bytes (a PNG with transparency: its pixels); TIFF pages through `tiff_pictures`.
Orientation is left to the page: img2pdf refuses mirrored tags. Pictures of many pages do not wait in memory: what exceeds a limit is put
aside on disk. Not for text (`text_layer`).
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import img2pdf
import pikepdf

from ingest.image_pages import ORIENTATION, opened_image, opened_images
from ingest.interfaces import Fault, ScanUnreadable
from ingest.pictures import Turn, turn_of_tag
from ingest.tiff_pictures import PixelsNotHeld, tiff_picture
from ingest.values import PageText, ScanFormat

POINTS_PER_INCH = 72.0
_LARGEST_PT = 14_400.0  # ISO 32000-1, annex C
_LEAST_PT = 3.0
_IN_MEMORY_BYTES = 48 << 20
_PICTURE = "/Im0"

logging.getLogger("img2pdf").setLevel(logging.ERROR)  # what it warns of is decided here


def image_record(
    path: Path, scan_format: ScanFormat, pages: Sequence[PageText], aside: Path, stack: ExitStack
) -> pikepdf.Pdf:
    """Return a new PDF of these pages of the scan; raises ScanUnreadable.

    Parts may be put aside in files named like `aside`; what the PDF needs stays open until `stack` is closed.
    """
    try:
        if scan_format is ScanFormat.TIFF:
            return _tiff_record(path, pages, aside, stack)
        return _single_record(path, scan_format, pages[0], stack)
    except (PixelsNotHeld, img2pdf.AlphaChannelError) as error:
        raise ScanUnreadable(Fault.PIXELS_DIFFER, path.name) from error


def _single_record(path: Path, scan_format: ScanFormat, page: PageText, stack: ExitStack) -> pikepdf.Pdf:
    """Return the only page of a JPEG or PNG."""
    with opened_image(path, scan_format, 1) as image:
        turn = turn_of_tag(image.getexif().get(ORIENTATION))
        with path.open("rb") as content:
            made = img2pdf.convert(
                content,
                engine=img2pdf.Engine.pikepdf,
                rotation=img2pdf.Rotation.none,
                first_frame_only=True,
                nodate=True,
                layout_fun=_any_layout,
            )
    pdf = stack.enter_context(pikepdf.open(io.BytesIO(made)))
    picture = pdf.pages[0].obj["/Resources"]["/XObject"][_PICTURE]
    del pdf.pages[0]
    _add_page(pdf, picture, turn, page)
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    return pdf


def _any_layout(_width_px: int, _height_px: int, _dpi: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return some size: the page is laid out anew."""
    return 100.0, 100.0, 100.0, 100.0


def _tiff_record(path: Path, pages: Sequence[PageText], aside: Path, stack: ExitStack) -> pikepdf.Pdf:
    """Return the pages of a TIFF; pictures beyond the limit wait on disk and are only copied when the record is written."""
    parts: list[Path] = []
    pdf = stack.enter_context(pikepdf.new())
    waiting_bytes = 0
    with opened_images(path, ScanFormat.TIFF) as image_of:
        for page in pages:
            picture = tiff_picture(image_of(page.page_number))
            _add_page(pdf, picture.added_to(pdf), picture.turn, page)
            waiting_bytes += len(picture.content)
            if waiting_bytes > _IN_MEMORY_BYTES:
                parts.append(_put_aside(pdf, aside, len(parts), stack))
                pdf = stack.enter_context(pikepdf.new())
                waiting_bytes = 0
    if not parts:
        return pdf
    joined = stack.enter_context(pikepdf.new())
    for part in parts:
        joined.pages.extend(stack.enter_context(pikepdf.open(part)).pages)
    joined.pages.extend(pdf.pages)
    return joined


def _put_aside(pdf: pikepdf.Pdf, aside: Path, number: int, stack: ExitStack) -> Path:
    part = aside.with_name(f"{aside.name}{number}")
    stack.callback(part.unlink, missing_ok=True)
    pdf.save(part, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    pdf.close()
    return part


def _add_page(pdf: pikepdf.Pdf, picture: pikepdf.Object, turn: Turn, page: PageText) -> None:
    """Add a page that the picture fills, as large as the displayed pixels are at their resolution."""
    sides = [page.width_px / page.dpi * POINTS_PER_INCH, page.height_px / page.dpi * POINTS_PER_INCH]
    if (turn.rotate_cw + page.rotation_cw) % 180:
        sides.reverse()
    shrinking = min(1.0, _LARGEST_PT / max(sides))
    width, height = (max(_LEAST_PT, round(side * shrinking, 3)) for side in sides)
    across, left = (-width, width) if turn.is_mirrored else (width, 0)
    content = f"q {across:g} 0 0 {height:g} {left:g} 0 cm {_PICTURE} Do Q\n"
    added = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, width, height],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary({_PICTURE: picture})),
        Contents=pikepdf.Stream(pdf, content.encode("ascii")),
        Rotate=turn.rotate_cw,
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(added)))
