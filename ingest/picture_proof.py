"""Proves that the picture on a page of a record is the page of the TIFF, JPEG or PNG it came from, displayed alike.

1. JPEG: the stream is the file, from its first byte on. PNG: the stream is the joined image data. Both with the dictionary that makes
   the same samples of the same bytes, so nothing need be decoded.
2. Everything else: decoded from both, the displayed samples must be equal, samples deeper than eight bits and transparency included.
   JPEG strips of a TIFF whose colour is halved down the page are equal in their coded bytes, but for decoders, which smooth colour
   from row to row, not in the two rows that meet at the edge of a strip: these are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image, ImageChops

from ingest.encoded_pictures import png_chunks
from ingest.formats import PNG_SIGNATURE
from ingest.image_pages import ORIENTATION
from ingest.page_frame import frame_of
from ingest.pdf_content import content_of
from ingest.pictures import Turn, turn_of_tag
from ingest.values import PageText, ScanFormat

_COMPONENTS = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
_PNG_COLOURS = {0: 1, 2: 3, 3: 1}
_PALETTE = 3
_CHANGING = ("/Decode", "/Mask", "/ImageMask")
_INVERTED = [1, 0] * 4
_DEEP_BITS = 16
_BAND_PX = 512
_PLAIN = frozenset({"1", "L", "RGB"})  # no transparency, no palette, eight bits at most
_JPEG_IN_TIFF = 7
_WIDTH, _HEIGHT, _COMPRESSION, _ROWS_PER_STRIP, _SUBSAMPLING = 256, 257, 259, 278, 530


def picture_is_same(
    path: Path, scan_format: ScanFormat, image: Image.Image, text: PageText, page: pikepdf.Page
) -> bool:
    """Return whether the page of the record shows the page of the scan that `image` is (not decoded yet), turned by `text`."""
    drawn = content_of(page).images
    if len(drawn) != 1 or drawn[0].stream is None:
        return False
    stream = drawn[0].stream
    frame = frame_of(page).turned(-text.rotation_cw)
    turn = Turn(is_mirrored=drawn[0].matrix[0] < 0, rotate_cw=frame.rotate_cw)
    if scan_format is not ScanFormat.JPEG and any(key in stream for key in _CHANGING):
        return False
    if scan_format is ScanFormat.TIFF:
        return _samples_are_same(image, Turn(), stream, turn)  # Pillow turns a TIFF by itself
    wanted = turn_of_tag(image.getexif().get(ORIENTATION))
    if turn != wanted or (int(stream.Width), int(stream.Height)) != image.size:
        return False
    if scan_format is ScanFormat.JPEG:
        return _is_jpeg(stream, image, path)
    return _is_png(stream, path) or _samples_are_same(image, wanted, stream, turn)


def _is_jpeg(stream: pikepdf.Stream, image: Image.Image, path: Path) -> bool:
    components = len(image.getbands())
    decode: Any = stream.get("/Decode", [])
    is_inverted = [int(value) for value in decode] == _INVERTED
    return (
        stream.get("/Filter") == "/DCTDecode"
        and _components(stream["/ColorSpace"]) == components
        and is_inverted == (image.mode == "CMYK" and "adobe" in image.info)
        and (is_inverted or "/Decode" not in stream)
        and path.read_bytes().startswith(stream.read_raw_bytes())
    )


def _components(colour_space: Any) -> int:
    if isinstance(colour_space, pikepdf.Array):
        return int(colour_space[1].N) if colour_space[0] == "/ICCBased" else 0
    return _COMPONENTS.get(str(colour_space), 0)


def _is_png(stream: pikepdf.Stream, path: Path) -> bool:
    """Return whether the stream is the file's image data, read in the same way: PDF's predictor 15 is PNG's filtering."""
    png = path.read_bytes()
    header = png[len(PNG_SIGNATURE) + 8 :]
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    depth, kind, is_interlaced = header[8], header[9], header[12] != 0
    chunks = list(png_chunks(png))
    if is_interlaced or kind not in _PNG_COLOURS or any(name == b"tRNS" for name, _ in chunks):
        return False
    parameters = stream.get("/DecodeParms", pikepdf.Dictionary())
    said = [int(parameters.get(key, 0)) for key in ("/Predictor", "/Colors", "/Columns", "/BitsPerComponent")]
    return (
        [int(stream.Width), int(stream.Height), int(stream.BitsPerComponent)] == [width, height, depth]
        and said == [15, _PNG_COLOURS[kind], width, depth]
        and stream.get("/Filter") == "/FlateDecode"
        and "/SMask" not in stream
        and _means_png(stream["/ColorSpace"], kind, b"".join(content for name, content in chunks if name == b"PLTE"))
        and stream.read_raw_bytes() == b"".join(content for name, content in chunks if name == b"IDAT")
    )


def _means_png(colour_space: Any, kind: int, palette: bytes) -> bool:
    if kind != _PALETTE:
        return _components(colour_space) == _PNG_COLOURS[kind]
    if not isinstance(colour_space, pikepdf.Array) or [str(part) for part in list(colour_space)[:2]] != [
        "/Indexed",
        "/DeviceRGB",
    ]:
        return False
    return bytes(colour_space[3]) == palette and int(colour_space[2]) == len(palette) // 3 - 1


def _samples_are_same(image: Image.Image, wanted: Turn, stream: pikepdf.Stream, turn: Turn) -> bool:
    left_out = _edges(image, turn)
    image.load()
    ours, theirs = turn.shown(_decoded(stream)), wanted.shown(image)
    if ours.size != theirs.size:
        return False
    # Band by band: the samples of two pages in colour would take 100 MB more.
    return all(
        _band_is_same(ours.crop(band), theirs.crop(band), None if left_out is None else left_out[band[1] : band[3]])
        for band in _bands(*ours.size)
    )


def _bands(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    for top in range(0, height, _BAND_PX):
        yield 0, top, width, min(height, top + _BAND_PX)


def _band_is_same(one: Image.Image, other: Image.Image, left_out: NDArray[np.bool_] | None) -> bool:
    if left_out is None and one.mode == other.mode and one.mode in _PLAIN and "transparency" not in other.info:
        return ImageChops.difference(one, other).getbbox() is None  # a half of what arrays take
    ours, theirs = _samples(one), _samples(other)
    if ours.shape != theirs.shape:
        return False
    if left_out is not None:
        ours[left_out] = theirs[left_out] = 0
    return np.array_equal(ours, theirs)


def _decoded(stream: Any) -> Image.Image:
    if int(stream.BitsPerComponent) == _DEEP_BITS:
        samples = np.frombuffer(stream.read_bytes(), ">u2").reshape(int(stream.Height), int(stream.Width))
        return Image.fromarray(samples.astype("<u2"))
    image = pikepdf.PdfImage(stream).as_pil_image()
    if "/SMask" in stream and "A" not in image.getbands():  # pikepdf joins them from version 10 on
        image.putalpha(_decoded(stream["/SMask"]))
    return image


def _samples(image: Image.Image) -> NDArray[Any]:
    """Return the samples: gray or colours, then transparency if there is any."""
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("P", "PA") or "transparency" in image.info:
        is_clear = image.mode == "PA" or "transparency" in image.info
        image = image.convert("RGBA" if is_clear else "RGB")
    elif image.mode == "YCbCr":
        image = image.convert("RGB")
    samples = np.array(image)
    return samples.astype(np.int64) if image.mode.startswith("I") else samples


def _edges(image: Any, turn: Turn) -> NDArray[np.bool_] | None:
    """Return where displayed rows of two JPEG strips meet whose colour is halved down the page; None where nothing is left out."""
    tags = getattr(image, "tag_v2", None)
    if tags is None or tags.get(_COMPRESSION) != _JPEG_IN_TIFF or tuple(tags.get(_SUBSAMPLING, ()))[1:] != (2,):
        return None
    width, height = int(tags[_WIDTH]), int(tags[_HEIGHT])
    strip_rows = int(tags.get(_ROWS_PER_STRIP, height))
    rows = np.arange(height) % strip_rows
    at_edge = (rows == 0) | (rows == strip_rows - 1)
    mask = Image.fromarray(np.repeat(at_edge[:, None], width, axis=1))
    return np.array(turn.shown(mask))
