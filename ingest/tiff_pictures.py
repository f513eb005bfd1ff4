"""The picture of a TIFF page as an object of a PDF: the scanner's bytes where a PDF can hold them, the same pixels otherwise.

1. One G4 strip: its bytes as they are (bits reversed where the fill order says so). JPEG strips: their bytes as one JPEG (`tiff_jpeg`).
   Both are displayed by a turn of the page.
2. All else is decoded and compressed anew without loss (`encoded_pictures`); Pillow then has turned it already.
Not for judging resolution (`resolution`); that the pixels are the same is proven on the finished PDF (`picture_proof`).
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from PIL import Image

from ingest.decoder_complaints import DECODER_COMPLAINTS
from ingest.encoded_pictures import (
    COLOUR_SPACES,
    PixelsNotHeld,
    entries_of,
    group4_picture,
    image_strips,
    picture_of_pixels,
    with_profile,
)
from ingest.image_pages import ORIENTATION
from ingest.pictures import Picture, Turn, turn_of_tag
from ingest.tiff_jpeg import joined_jpeg

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 256, 257, 258, 259, 262, 266
_STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_BYTES, _PLANES, _TILE_OFFSETS, _JPEG_TABLES = 273, 278, 279, 284, 324, 347
_GROUP4, _JPEG = 4, 7
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _YCBCR = 0, 1, 2, 6
_JOINABLE = frozenset({("L", _BLACK_IS_ZERO), ("RGB", _RGB), ("RGB", _YCBCR)})
_LOW_BIT_FIRST = 2
_BYTE_BITS = 8
_REVERSED_BITS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def tiff_picture(image: Image.Image, *, is_decoded: bool = False) -> Picture:
    """Return the picture of this page, not decoded yet; raises PixelsNotHeld, and whatever Pillow raises.

    `is_decoded` asks for the pixels even where a PDF can take the bytes.
    """
    stored = None if is_decoded else _as_stored(image)
    if stored is not None:
        return with_profile(stored, image)
    if image.mode == "RGB" and max(_tag(image, _BITS) or (_BYTE_BITS,)) > _BYTE_BITS:
        raise PixelsNotHeld("Pillow keeps eight bits of each colour")
    image.load()
    return picture_of_pixels(image)


def _as_stored(image: Image.Image) -> Picture | None:
    """Return the picture with its own bytes; None where a PDF cannot take them."""
    if not _is_in_strips(image):
        return None
    # The size of what is stored: Pillow's is that of what is displayed.
    size = _tag(image, _WIDTH), _tag(image, _HEIGHT)
    turn = turn_of_tag(_tag(image, ORIENTATION))
    compression, photometric = _tag(image, _COMPRESSION), _tag(image, _PHOTOMETRIC)
    if compression == _GROUP4 and image.mode == "1" and len(_tag(image, _STRIP_OFFSETS)) == 1:
        (strip,) = image_strips(image)
        if _tag(image, _FILL_ORDER) == _LOW_BIT_FIRST:
            strip = strip.translate(_REVERSED_BITS)
        return group4_picture(strip, size, turn, is_inverted=photometric != _WHITE_IS_ZERO)
    if compression == _JPEG and (image.mode, photometric) in _JOINABLE:
        return _joined(image, size, turn, is_rgb=photometric == _RGB)
    return None


def _is_in_strips(image: Image.Image) -> bool:
    """Return whether the page is stored row by row in strips, all colours together."""
    offsets, lengths = _tag(image, _STRIP_OFFSETS), _tag(image, _STRIP_BYTES)
    return (
        _tag(image, _TILE_OFFSETS) is None
        and _tag(image, _PLANES) in (None, 1)
        and isinstance(offsets, tuple)
        and isinstance(lengths, tuple)
        and len(offsets) == len(lengths) > 0
    )


def _joined(image: Image.Image, size: tuple[int, int], turn: Turn, *, is_rgb: bool) -> Picture | None:
    """Return the page's JPEG strips as one picture; None where they cannot be joined."""
    rows_per_strip = min(_tag(image, _ROWS_PER_STRIP) or size[1], size[1])
    try:
        jpeg = joined_jpeg(list(image_strips(image)), _tag(image, _JPEG_TABLES), rows_per_strip, is_rgb=is_rgb)
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
            if opened.size != size or opened.mode != image.mode:
                return None
    except DECODER_COMPLAINTS:  # NotJoinable is one
        return None
    entries = entries_of(size, pikepdf.Name(COLOUR_SPACES[image.mode]), _BYTE_BITS, pikepdf.Name.DCTDecode)
    if is_rgb:
        entries["/DecodeParms"] = pikepdf.Dictionary(ColorTransform=0)
    return Picture(jpeg, entries, turn)


def _tag(image: Any, tag: int) -> Any:
    return image.tag_v2.get(tag)
