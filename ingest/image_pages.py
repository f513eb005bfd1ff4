"""Pages of TIFF, JPEG and PNG as the user sees them: orientation tags applied, true resolution, plain pixels.

A JPEG or PNG is one page, whatever further frames a phone or a browser hides in it; a TIFF has a page for every tag folder that is not
a thumbnail. Runs in a limited child.
"""

from __future__ import annotations

import mmap
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps

from ingest.decoded import DecodedPage
from ingest.decoder_complaints import DECODER_COMPLAINTS
from ingest.image_modes import MAX_PIXELS, plain
from ingest.interfaces import Fault, ScanUnreadable
from ingest.resolution import true_dpi
from ingest.tiff_structure import TiffBroken, tiff_pages
from ingest.values import ScanFormat

_PILLOW_FORMATS = {
    ScanFormat.TIFF: ("TIFF",),
    ScanFormat.JPEG: ("JPEG", "MPO"),
    ScanFormat.PNG: ("PNG",),
}
ORIENTATION = 0x0112
_TURNS_THE_PAGE = frozenset({5, 6, 7, 8})
POINTS_PER_INCH = 72.0


def image_page_count(path: Path, scan_format: ScanFormat) -> int:
    """Return the number of pages; raises ScanUnreadable."""
    if scan_format is not ScanFormat.TIFF:
        return 1
    return len(_frames(path))


def decode_image(path: Path, scan_format: ScanFormat, page_number: int) -> DecodedPage:
    """Return the page as displayed; raises ScanUnreadable (DAMAGED, TOO_LARGE, NO_PAGES)."""
    with opened_image(path, scan_format, page_number) as image:
        stated = _stated_dpi(image)
        if image.getexif().get(ORIENTATION) in _TURNS_THE_PAGE and stated is not None:
            stated = stated[1], stated[0]
        is_bilevel = image.mode == "1"
        # Pillow turns a TIFF itself while loading it and drops the tag; for the others this does the turning.
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        pixels = plain(image)
    dpi_x, dpi_y = true_dpi(pixels.width, pixels.height, stated, is_bilevel=is_bilevel)
    return DecodedPage(
        page_number=page_number,
        pixels=pixels,
        dpi_x=dpi_x,
        dpi_y=dpi_y,
        width_pt=pixels.width / dpi_x * POINTS_PER_INCH,
        height_pt=pixels.height / dpi_y * POINTS_PER_INCH,
        own_lines=None,
        is_dpi_stated=(dpi_x, dpi_y) == stated,
    )


@contextmanager
def opened_image(path: Path, scan_format: ScanFormat, page_number: int) -> Iterator[Image.Image]:
    """Open one page without decoding it yet; whatever Pillow raises inside becomes ScanUnreadable."""
    with opened_images(path, scan_format) as image_of:
        yield image_of(page_number)


@contextmanager
def opened_images(path: Path, scan_format: ScanFormat) -> Iterator[Callable[[int], Image.Image]]:
    """Open the scan and give out its pages, one at a time and none decoded yet: an image is good until the next is asked for.

    Whatever Pillow raises inside becomes ScanUnreadable.
    """
    frames = _frames(path) if scan_format is ScanFormat.TIFF else (0,)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # A stream, not the path: given a path, Pillow maps an uncompressed TIFF with orientation 5 to 8 into memory in the wrong
            # shape, and garbage comes out (seen with Pillow 13.0).
            with path.open("rb") as stream, Image.open(stream, formats=_PILLOW_FORMATS[scan_format]) as image:

                def image_of(page_number: int) -> Image.Image:
                    index = 0 if scan_format is not ScanFormat.TIFF else page_number - 1
                    if not 0 <= index < len(frames):
                        raise ScanUnreadable(Fault.DAMAGED, path.name)
                    if frames[index] != image.tell():
                        image.seek(frames[index])
                    if image.width * image.height > MAX_PIXELS:
                        raise _too_large(path)
                    return image

                yield image_of
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except DECODER_COMPLAINTS as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk or the share, not the scan: Pillow's own complaints carry no error number
        raise ScanUnreadable(Fault.DAMAGED, path.name) from error


def _too_large(path: Path) -> ScanUnreadable:
    return ScanUnreadable(Fault.TOO_LARGE, path.name, f"{MAX_PIXELS // 1_000_000} megapixels")


def _frames(path: Path) -> tuple[int, ...]:
    """Return Pillow's frame index of each page of a TIFF; raises ScanUnreadable."""
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            frames = tiff_pages(content)
    except (TiffBroken, ValueError) as error:
        raise ScanUnreadable(Fault.DAMAGED, path.name) from error
    if not frames:
        raise ScanUnreadable(Fault.NO_PAGES, path.name)
    return frames


def _stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Return what the tags say, in the frame of the stored pixels; None where they say nothing usable.

    A TIFF whose unit is "none" gives numbers that may still be dpi (many fax servers write so): they are offered, and
    believed only where they make a plausible paper.
    """
    stated = image.info.get("dpi") or image.info.get("resolution")
    try:
        across, down = (float(value) for value in stated or ())
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if across > 0 and down > 0 else None
