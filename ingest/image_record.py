"""The pages of a scan that is a TIFF, JPEG or PNG, as pages of a new PDF that show the scanner's own pictures and nothing else.

JPEG and plain PNG go through img2pdf, which keeps their bytes; a PNG with transparency or interlacing keeps its pixels
(`encoded_pictures`); TIFF pages go through `tiff_pictures`. Orientation is left to the page: img2pdf refuses mirrored tags. Pictures of
many pages do not wait in memory: what exceeds a limit is put aside on disk. Not for text (`text_layer`).
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import img2pdf
import pikepdf
from PIL import Image

from ingest.encoded_pictures import PixelsNotHeld, picture_of_pixels
from ingest.image_pages import ORIENTATION, opened_image, opened_images
from ingest.interfaces import Fault, ScanUnreadable
from ingest.pictures import Turn, turn_of_tag
from ingest.tiff_pictures import tiff_picture
from ingest.values import PageText, ScanFormat

POINTS_PER_INCH = 72.0
_LARGEST_PT = 14_400.0  # ISO 32000-1, annex C
_LEAST_PT = 3.0
_IN_MEMORY_BYTES = 48 << 20
_PICTURE = "/Im0"
_PNG_HEADER_BYTES = 29
_BYTE_BITS = 8

logging.getLogger("img2pdf").setLevel(logging.ERROR)  # what it warns of is decided here


@dataclass(frozen=True, slots=True)
class Place:
    """Where parts of a record may be put aside (files named like `aside`); what the record needs is open until `stack` is closed."""

    aside: Path
    stack: ExitStack


def image_record(
    path: Path, scan_format: ScanFormat, pages: Sequence[PageText], place: Place, *, is_decoded: bool
) -> pikepdf.Pdf:
    """Return a new PDF of these pages of the scan; raises ScanUnreadable.

    `is_decoded` asks for the pixels to be encoded anew even where a PDF can take the bytes (not for JPEG).
    """
    try:
        if scan_format is ScanFormat.TIFF:
            return _tiff_record(path, pages, place, is_decoded=is_decoded)
        return _single_record(path, scan_format, pages[0], place.stack, is_decoded=is_decoded)
    except PixelsNotHeld as error:
        raise ScanUnreadable(Fault.PIXELS_DIFFER, path.name) from error


def _single_record(
    path: Path, scan_format: ScanFormat, page: PageText, stack: ExitStack, *, is_decoded: bool
) -> pikepdf.Pdf:
    """Return the only page of a JPEG or PNG."""
    with opened_image(path, scan_format, 1) as image:
        turn = turn_of_tag(image.getexif().get(ORIENTATION))
        if scan_format is ScanFormat.JPEG or (_is_plain_png(path, image) and not is_decoded):
            pdf, picture = _by_img2pdf(path, stack)
        else:
            pdf = stack.enter_context(pikepdf.new())
            image.load()
            picture = picture_of_pixels(image).added_to(pdf, {})
        _add_page(pdf, picture, turn, page)
    return pdf


def _is_plain_png(path: Path, image: Image.Image) -> bool:
    """Return whether a PDF can take over the image data; raises PixelsNotHeld where Pillow would lose depth by decoding it."""
    with path.open("rb") as stream:
        header = stream.read(_PNG_HEADER_BYTES)
    depth, is_interlaced = header[-5], header[-1] != 0
    is_clear = image.mode in ("LA", "RGBA", "PA") or "transparency" in image.info
    has_lost_profile = image.mode == "P" and "icc_profile" in image.info  # img2pdf would give up the palette
    if not is_interlaced and not is_clear and not has_lost_profile:
        return True
    if depth > _BYTE_BITS and not image.mode.startswith("I"):
        raise PixelsNotHeld("Pillow keeps eight bits of each colour")
    return False


def _by_img2pdf(path: Path, stack: ExitStack) -> tuple[pikepdf.Pdf, pikepdf.Object]:
    """Return a new PDF without pages, and the picture of this JPEG or PNG as an object of it."""
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
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    return pdf, picture


def _any_layout(_width_px: int, _height_px: int, _dpi: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return some size: the page is laid out anew."""
    return 100.0, 100.0, 100.0, 100.0


def _tiff_record(path: Path, pages: Sequence[PageText], place: Place, *, is_decoded: bool) -> pikepdf.Pdf:
    """Return the pages of a TIFF; pictures beyond the limit wait on disk and are only copied when the record is written."""
    parts: list[Path] = []
    profiles: dict[bytes, pikepdf.Object] = {}
    pdf = place.stack.enter_context(pikepdf.new())
    waiting_bytes = 0
    with opened_images(path, ScanFormat.TIFF) as image_of:
        for page in pages:
            picture = tiff_picture(image_of(page.page_number), is_decoded=is_decoded)
            _add_page(pdf, picture.added_to(pdf, profiles), picture.turn, page)
            waiting_bytes += len(picture.content)
            if waiting_bytes > _IN_MEMORY_BYTES:
                parts.append(_put_aside(pdf, place, len(parts)))
                pdf = place.stack.enter_context(pikepdf.new())
                profiles, waiting_bytes = {}, 0
    if not parts:
        return pdf
    joined = place.stack.enter_context(pikepdf.new())
    for part in parts:
        joined.pages.extend(place.stack.enter_context(pikepdf.open(part)).pages)
    joined.pages.extend(pdf.pages)
    return joined


def _put_aside(pdf: pikepdf.Pdf, place: Place, number: int) -> Path:
    part = place.aside.with_name(f"{place.aside.name}{number}")
    place.stack.callback(part.unlink, missing_ok=True)
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
