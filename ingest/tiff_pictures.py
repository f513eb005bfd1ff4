"""The picture of a TIFF page as an object of a PDF: the scanner's bytes where one G4 strip holds the page, the same pixels otherwise.

1. One G4 strip: its bytes as they are (bits reversed where the fill order says so), displayed by a turn of the page.
2. Black and white in any other way: one G4 strip, encoded again; a PDF cannot join strips.
3. All else: compressed as PNG does. What a PDF cannot hold exactly (floating-point samples) is refused: PIXELS_DIFFER.
Not for judging resolution (`resolution`); that the pixels are the same is proven on the finished PDF (`pdf_proof`).
"""

from __future__ import annotations

import io
import zlib
from typing import Any

import numpy as np
import pikepdf
from PIL import Image, ImageChops

from ingest.formats import PNG_SIGNATURE
from ingest.image_pages import ORIENTATION
from ingest.pictures import Picture, Turn, turn_of_tag

_COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS = 259, 262, 266, 273, 279, 324
_GROUP4, _WHITE_IS_ZERO, _LOW_BIT_FIRST = 4, 0, 2
_REVERSED_BITS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_ONE_STRIP_BYTES = 1 << 30
_PNG_LEVEL = 6
_ALPHA_MODES = {"LA": "L", "RGBA": "RGB", "PA": "P"}
_COLOUR_SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK", "I;16": "/DeviceGray"}
_DEEPEST = 0xFFFF


class PixelsNotHeld(Exception):
    """A PDF cannot hold these pixels exactly. Not one of what decoders complain of: the scan is not damaged."""


def tiff_picture(image: Image.Image) -> Picture:
    """Return the picture of this page, not decoded yet; raises PixelsNotHeld, and whatever Pillow raises."""
    strip = _single_strip(image)
    if strip is not None:
        turn = turn_of_tag(_tag(image, ORIENTATION))
        return _group4(strip, image.width, image.height, turn, is_inverted=_tag(image, _PHOTOMETRIC) != _WHITE_IS_ZERO)
    image.load()
    return picture_of_pixels(image)


def picture_of_pixels(image: Image.Image) -> Picture:
    """Return decoded pixels as a picture that keeps them exactly; raises PixelsNotHeld."""
    base, mask = image, None
    if image.mode in _ALPHA_MODES:
        mask = _like_png(image.getchannel("A"))
        base = image.convert(_ALPHA_MODES[image.mode])
    if base.mode == "1":
        return _encoded_group4(base)
    if base.mode == "CMYK":
        return _flat(base)
    if base.mode.startswith("I"):
        base = _sixteen_bits(base)
    elif base.mode == "YCbCr":
        base = base.convert("RGB")
    if base.mode not in ("L", "RGB", "P", "I;16"):
        raise PixelsNotHeld(base.mode)
    picture = _like_png(base)
    return Picture(picture.content, picture.entries, mask=mask)


def _single_strip(image: Any) -> bytes | None:
    """Return the bytes of the page's only G4 strip, first bit highest; None where it has several or is stored otherwise."""
    if image.mode != "1" or _tag(image, _COMPRESSION) != _GROUP4 or _tag(image, _TILE_OFFSETS) is not None:
        return None
    offsets, lengths = _tag(image, _STRIP_OFFSETS), _tag(image, _STRIP_BYTES)
    if not isinstance(offsets, tuple) or not isinstance(lengths, tuple) or len(offsets) != 1 or len(lengths) != 1:
        return None
    stream = image.fp
    position = stream.tell()
    stream.seek(offsets[0])
    strip: bytes = stream.read(lengths[0])
    stream.seek(position)
    return strip.translate(_REVERSED_BITS) if _tag(image, _FILL_ORDER) == _LOW_BIT_FIRST else strip


def _tag(image: Any, tag: int) -> Any:
    return image.tag_v2.get(tag)


def _encoded_group4(image: Image.Image) -> Picture:
    """Return a bilevel picture as one G4 strip, black coded as black: paper is mostly white, for which G4 is made."""
    stream = io.BytesIO()
    # A copy of the pixels alone, inverted: tags of the scan must not be followed once more.
    inverted = ImageChops.invert(Image.frombytes("1", image.size, image.tobytes()))
    inverted.save(stream, "TIFF", compression="group4", strip_size=_ONE_STRIP_BYTES)
    with Image.open(stream) as encoded:
        strip = _single_strip(encoded)
    if strip is None:
        raise PixelsNotHeld("libtiff made several strips")
    return _group4(strip, image.width, image.height, Turn(), is_inverted=False)


def _group4(strip: bytes, width: int, height: int, turn: Turn, *, is_inverted: bool) -> Picture:
    parameters = pikepdf.Dictionary(K=-1, Columns=width, Rows=height)
    if is_inverted:
        parameters["/BlackIs1"] = True  # the strip's "black" is the sample 1, which here is white
    entries = {
        "/Width": width,
        "/Height": height,
        "/ColorSpace": pikepdf.Name.DeviceGray,
        "/BitsPerComponent": 1,
        "/Filter": pikepdf.Name.CCITTFaxDecode,
        "/DecodeParms": parameters,
    }
    return Picture(strip, entries, turn)


def _like_png(image: Image.Image) -> Picture:
    """Return the pixels as PNG stores them: PDF's Flate with predictor 15 is the same thing."""
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=_PNG_LEVEL)
    written = stream.getvalue()
    depth, colours = written[24], 3 if image.mode == "RGB" else 1
    parameters = pikepdf.Dictionary(Predictor=15, Colors=colours, Columns=image.width, BitsPerComponent=depth)
    entries = {
        "/Width": image.width,
        "/Height": image.height,
        "/ColorSpace": _colour_space(image),
        "/BitsPerComponent": depth,
        "/Filter": pikepdf.Name.FlateDecode,
        "/DecodeParms": parameters,
    }
    return Picture(_image_chunks(written), entries)


def _colour_space(image: Image.Image) -> pikepdf.Object:
    if image.mode != "P":
        return pikepdf.Name(_COLOUR_SPACES[image.mode])
    palette = bytes(image.getpalette("RGB") or [])
    return pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, len(palette) // 3 - 1, pikepdf.String(palette)])


def _image_chunks(png: bytes) -> bytes:
    """Return the joined IDAT chunks."""
    parts: list[bytes] = []
    position = len(PNG_SIGNATURE)
    while position + 12 <= len(png):
        length = int.from_bytes(png[position : position + 4], "big")
        if png[position + 4 : position + 8] == b"IDAT":
            parts.append(png[position + 8 : position + 8 + length])
        position += 12 + length
    return b"".join(parts)


def _flat(image: Image.Image) -> Picture:
    """Return four colours as differences from the left, as TIFF does it: PNG has no such pixels."""
    samples = np.asarray(image)
    differences = np.diff(samples, axis=1, prepend=np.zeros_like(samples[:, :1]))
    parameters = pikepdf.Dictionary(Predictor=2, Colors=samples.shape[2], Columns=image.width, BitsPerComponent=8)
    entries = {
        "/Width": image.width,
        "/Height": image.height,
        "/ColorSpace": pikepdf.Name(_COLOUR_SPACES[image.mode]),
        "/BitsPerComponent": 8,
        "/Filter": pikepdf.Name.FlateDecode,
        "/DecodeParms": parameters,
    }
    return Picture(zlib.compress(differences.tobytes(), _PNG_LEVEL), entries)


def _sixteen_bits(image: Image.Image) -> Image.Image:
    """Return deep gray in 16 bits; raises PixelsNotHeld where it is deeper."""
    samples = np.asarray(image)
    if samples.size and (int(samples.min()) < 0 or int(samples.max()) > _DEEPEST):
        raise PixelsNotHeld(image.mode)
    return Image.fromarray(samples.astype("<u2"))
