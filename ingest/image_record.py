"""The pages of a scan that is a TIFF, JPEG or PNG, as pages of a new PDF that show the scanner's own pictures and nothing else.

JPEG and plain PNG go through img2pdf, which keeps their bytes; a PNG with transparency or interlacing keeps its pixels
(`encoded_pictures`); TIFF pages go through `tiff_pictures`. Orientation is left to the page: img2pdf refuses mirrored tags.
One page is in memory at a time (`picture_file`). Not for text (`text_layer`).
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import img2pdf
import pikepdf
from PIL import Image

from ingest.encoded_pictures import PixelsNotHeld, picture_of_pixels
from ingest.image_pages import ORIENTATION, opened_image, opened_images
from ingest.interfaces import Fault, ScanUnreadable
from ingest.picture_file import PICTURE_NAME, PictureFile
from ingest.pictures import Picture, turn_of_tag
from ingest.tiff_pictures import tiff_picture
from ingest.values import PageText, ScanFormat

POINTS_PER_INCH = 72.0
_LARGEST_PT = 14_400.0  # ISO 32000-1, annex C
_LEAST_PT = 3.0
_PNG_HEADER_BYTES = 29
_BYTE_BITS = 8
_SAID_BY_FILE = frozenset({"/Type", "/Subtype", "/Length", "/ColorSpace"})

logging.getLogger("img2pdf").setLevel(logging.ERROR)  # what it warns of is decided here


def write_image_record(
    path: Path, scan_format: ScanFormat, pages: Sequence[PageText], out_path: Path, *, is_decoded: bool
) -> None:
    """Write a PDF of these pages of the scan, without text; raises ScanUnreadable.

    `is_decoded` asks for the pixels to be encoded anew even where a PDF can take the bytes (not for JPEG).
    """
    pictures = _tiff_pictures if scan_format is ScanFormat.TIFF else _single_picture
    try:
        with out_path.open("wb") as stream:
            record = PictureFile(stream)
            for page, picture in zip(pages, pictures(path, scan_format, pages, is_decoded), strict=True):
                record.add_page(picture, _size_pt(page, picture))
            record.finish()
    except PixelsNotHeld as error:
        raise ScanUnreadable(Fault.PIXELS_DIFFER, path.name) from error


def _size_pt(page: PageText, picture: Picture) -> tuple[float, float]:
    """Return the size of the page, before it is turned, that displays its pixels at their resolution."""
    sides = [page.width_px / page.dpi * POINTS_PER_INCH, page.height_px / page.dpi * POINTS_PER_INCH]
    if (picture.turn.rotate_cw + page.rotation_cw) % 180:
        sides.reverse()
    shrinking = min(1.0, _LARGEST_PT / max(sides))
    width, height = (max(_LEAST_PT, round(side * shrinking, 3)) for side in sides)
    return width, height


def _tiff_pictures(
    path: Path, scan_format: ScanFormat, pages: Sequence[PageText], is_decoded: bool
) -> Iterator[Picture]:
    with opened_images(path, scan_format) as image_of:
        for page in pages:
            yield tiff_picture(image_of(page.page_number), is_decoded=is_decoded)


def _single_picture(
    path: Path, scan_format: ScanFormat, _pages: Sequence[PageText], is_decoded: bool
) -> Iterator[Picture]:
    """Yield the only picture of a JPEG or PNG."""
    with opened_image(path, scan_format, 1) as image:
        turn = turn_of_tag(image.getexif().get(ORIENTATION))
        if scan_format is ScanFormat.JPEG or (_is_plain_png(path, image) and not is_decoded):
            picture = _by_img2pdf(path)
        else:
            image.load()
            picture = picture_of_pixels(image)
        yield replace(picture, turn=turn)


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


def _by_img2pdf(path: Path) -> Picture:
    """Return the picture of this JPEG or PNG as img2pdf makes it."""
    with path.open("rb") as content:
        made = img2pdf.convert(
            content,
            engine=img2pdf.Engine.pikepdf,
            rotation=img2pdf.Rotation.none,
            first_frame_only=True,
            nodate=True,
            layout_fun=_any_layout,
        )
    with pikepdf.open(io.BytesIO(made)) as pdf:
        stream: Any = pdf.pages[0].obj["/Resources"]["/XObject"][PICTURE_NAME]
        entries = {key: _by_itself(value) for key, value in stream.items() if key not in _SAID_BY_FILE}
        colour_space, profile = stream["/ColorSpace"], None
        if isinstance(colour_space, pikepdf.Array) and colour_space[0] == "/ICCBased":
            profile = colour_space[1].read_bytes()
            colour_space = colour_space[1]["/Alternate"]
        return Picture(stream.read_raw_bytes(), entries | {"/ColorSpace": _by_itself(colour_space)}, profile=profile)


def _by_itself(value: Any) -> Any:
    """Return the object freed from its PDF, which will be closed."""
    return pikepdf.Object.parse(value.unparse(resolved=True)) if isinstance(value, pikepdf.Object) else value


def _any_layout(_width_px: int, _height_px: int, _dpi: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return some size: the page is laid out anew."""
    return 100.0, 100.0, 100.0, 100.0
