"""Decoded pixels as a picture for a PDF that keeps every sample: for what a PDF cannot take over as it is stored.

Black and white becomes one G4 strip; everything else is compressed by zlib, filtered as PNG filters or not at all, whichever a few
sampled rows say is smaller. What a PDF cannot hold exactly (floating-point and 32-bit samples) is refused: PixelsNotHeld.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pikepdf
from PIL import Image, ImageChops

from ingest.formats import PNG_SIGNATURE
from ingest.pictures import Picture, Turn

COLOUR_SPACES = {
    "1": "/DeviceGray",
    "L": "/DeviceGray",
    "I;16": "/DeviceGray",
    "RGB": "/DeviceRGB",
    "CMYK": "/DeviceCMYK",
}
_STRIP_OFFSETS, _STRIP_BYTES = 273, 279
_PROFILE_KINDS = {"/DeviceGray": b"GRAY", "/DeviceRGB": b"RGB ", "/DeviceCMYK": b"CMYK"}  # ICC.1, 7.2.6
_ALPHA_MODES = {"LA": "L", "RGBA": "RGB", "PA": "P"}
_ONE_STRIP_BYTES = 1 << 30
_LEVEL = 6
_BYTE_BITS, _DEEP_BITS = 8, 16
_DEEPEST = 0xFFFF
_SAMPLED_BANDS, _BAND_ROWS = 4, 16


class PixelsNotHeld(Exception):
    """A PDF cannot hold these pixels exactly. Not one of what decoders complain of: the scan is not damaged."""


def picture_of_pixels(image: Image.Image) -> Picture:
    """Return the decoded pixels as a picture that keeps them exactly, with their colour profile; raises PixelsNotHeld."""
    return with_profile(_encoded(image), image)


def with_profile(picture: Picture, image: Image.Image) -> Picture:
    """Return the picture with the colour profile the image was stored with, if that is of the picture's colours."""
    profile = image.info.get("icc_profile")
    kind = _PROFILE_KINDS.get(str(picture.entries["/ColorSpace"]))
    if not isinstance(profile, bytes) or kind is None or profile[16:20] != kind:
        return picture
    return replace(picture, profile=profile)


def _encoded(image: Image.Image) -> Picture:
    mask = None
    if "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in _ALPHA_MODES:
        mask = _flate(image.getchannel("A"))
        image = image.convert(_ALPHA_MODES[image.mode])
    if image.mode == "1":
        return _encoded_group4(image)
    if image.mode.startswith("I"):
        image = _sixteen_bits(image)
    elif image.mode == "YCbCr":
        image = image.convert("RGB")
    if image.mode != "P" and image.mode not in COLOUR_SPACES:
        raise PixelsNotHeld(image.mode)
    picture = _flate(image)
    return Picture(picture.content, picture.entries, mask=mask)


def group4_picture(strip: bytes, size: tuple[int, int], turn: Turn, *, is_inverted: bool) -> Picture:
    """Return one G4 strip as a picture; `is_inverted` says that what it codes as black is white."""
    parameters = pikepdf.Dictionary(K=-1, Columns=size[0], Rows=size[1])
    if is_inverted:
        parameters["/BlackIs1"] = True
    entries = entries_of(size, pikepdf.Name.DeviceGray, 1, pikepdf.Name.CCITTFaxDecode)
    return Picture(strip, entries | {"/DecodeParms": parameters}, turn)


def entries_of(
    size: tuple[int, int], colour_space: pikepdf.Object, depth: int, image_filter: pikepdf.Name
) -> dict[str, object]:
    """Return what the dictionary of a picture must say."""
    return {
        "/Width": size[0],
        "/Height": size[1],
        "/ColorSpace": colour_space,
        "/BitsPerComponent": depth,
        "/Filter": image_filter,
    }


def image_strips(image: Image.Image) -> Iterator[bytes]:
    """Yield the strips in which the open TIFF page is stored."""
    tags, stream = image.tag_v2, image.fp  # type: ignore[attr-defined]
    position = stream.tell()
    for offset, length in zip(tags[_STRIP_OFFSETS], tags[_STRIP_BYTES], strict=True):
        stream.seek(offset)
        yield stream.read(length)
    stream.seek(position)


def _encoded_group4(image: Image.Image) -> Picture:
    """Return a bilevel picture as one G4 strip, black coded as black: paper is mostly white, for which G4 is made."""
    stream = io.BytesIO()
    # A copy of the pixels alone, inverted: tags of the scan must not be followed once more.
    inverted = ImageChops.invert(Image.frombytes("1", image.size, image.tobytes()))
    inverted.save(stream, "TIFF", compression="group4", strip_size=_ONE_STRIP_BYTES)
    with Image.open(stream) as encoded:
        (strip,) = image_strips(encoded)
    return group4_picture(strip, image.size, Turn(), is_inverted=False)


def _flate(image: Image.Image) -> Picture:
    """Return the samples compressed by zlib, in whichever way makes less of some of their rows."""
    sampled = _sampled(image)
    ways = [_unfiltered] if image.mode == "CMYK" else [_like_png, _unfiltered]  # PNG has no CMYK
    return min(ways, key=lambda way: len(way(sampled).content))(image)


def _sampled(image: Image.Image) -> Image.Image:
    """Return a few bands of rows, evenly spread."""
    if image.height <= 2 * _SAMPLED_BANDS * _BAND_ROWS:
        return image
    tops = [image.height * number // _SAMPLED_BANDS for number in range(_SAMPLED_BANDS)]
    bands = [image.crop((0, top, image.width, top + _BAND_ROWS)) for top in tops]
    joined = bands[0].resize((image.width, _BAND_ROWS * len(bands)), Image.Resampling.NEAREST)
    for number, band in enumerate(bands):
        joined.paste(band, (0, number * _BAND_ROWS))
    return joined


def _like_png(image: Image.Image) -> Picture:
    """Return the samples as PNG stores them: PDF's Flate with predictor 15 is the same thing."""
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=_LEVEL)
    written = stream.getvalue()
    depth = written[len(PNG_SIGNATURE) + 16]
    parameters = pikepdf.Dictionary(
        Predictor=15, Colors=len(image.getbands()), Columns=image.width, BitsPerComponent=depth
    )
    content = b"".join(chunk for name, chunk in png_chunks(written) if name == b"IDAT")
    return _compressed(content, image, depth, parameters)


def _unfiltered(image: Image.Image) -> Picture:
    samples = image.tobytes() if image.mode != "I;16" else np.asarray(image).astype(">u2").tobytes()
    depth = _DEEP_BITS if image.mode == "I;16" else _BYTE_BITS
    return _compressed(zlib.compress(samples, _LEVEL), image, depth, None)


def _compressed(content: bytes, image: Image.Image, depth: int, parameters: pikepdf.Object | None) -> Picture:
    entries = entries_of(image.size, _colour_space(image), depth, pikepdf.Name.FlateDecode)
    return Picture(content, entries if parameters is None else entries | {"/DecodeParms": parameters})


def _colour_space(image: Image.Image) -> pikepdf.Object:
    if image.mode != "P":
        return pikepdf.Name(COLOUR_SPACES[image.mode])
    palette = bytes(image.getpalette("RGB") or [])
    return pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, len(palette) // 3 - 1, pikepdf.String(palette)])


def png_chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of each chunk of a PNG file."""
    position = len(PNG_SIGNATURE)
    while position + 12 <= len(png):
        length = int.from_bytes(png[position : position + 4], "big")
        yield png[position + 4 : position + 8], png[position + 8 : position + 8 + length]
        position += 12 + length


def _sixteen_bits(image: Image.Image) -> Image.Image:
    """Return deep gray in 16 bits; raises PixelsNotHeld where it is deeper."""
    samples = np.asarray(image)
    if samples.size and (int(samples.min()) < 0 or int(samples.max()) > _DEEPEST):
        raise PixelsNotHeld(image.mode)
    return Image.fromarray(samples.astype("<u2"))
