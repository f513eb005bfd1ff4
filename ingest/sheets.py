"""Finds the machine-readable codes of a page, wherever they stand and however they are turned.

Not for saying what a code means: separator sheets are known by `cutter`, customer numbers by `classifiers`. zxing-cpp knows no
patch codes: those are found by `patches`. Only the symbologies of office paper are looked for: DataMatrix and PDF417 alone would
take as long as all of them. One call that looks everywhere for everything takes 20 ms a page of 300 dpi, most of it for running down
the columns of a picture that is kept in rows, and for evening out light; these looks take 8, and find as many codes (206 of 300 drawn ones, turned,
tilted, blurred and noisy, against 207; all 42 of the corpus).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
import zxingcpp

from ingest.grays import Gray, halved
from ingest.values import Barcode, Box

_BARS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.Code93,
        zxingcpp.BarcodeFormat.EAN13,
    ]
)
_SQUARES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_EVEN_LIGHT = zxingcpp.Binarizer.GlobalHistogram
_ANY_LIGHT = zxingcpp.Binarizer.LocalAverage
_FINE_PX = 2000  # of the shorter side: half of it is enough for codes on end
_COLUMNS = 512  # looked along for codes on end; zxing-cpp looks along as many rows


def barcodes_of(frame: Gray) -> tuple[Barcode, ...]:
    """Return the machine-readable codes of a page, from the top; boxes in pixels of the frame."""
    found: list[Barcode] = []
    for code in _looked_for(frame):
        if not any(_is_same(code, other) for other in found):
            found.append(code)
    return tuple(sorted(found, key=lambda code: (code.box.top, code.box.left)))


def _looked_for(frame: Gray) -> Iterator[Barcode]:
    """Yield what each look finds, a code seen twice as often.

    The page as it is shows fine codes, at half its size noisy and blurred ones; small squares want all its pixels, large ones light of any kind.
    """
    half = halved(frame)
    yield from _codes(frame, _BARS, _ANY_LIGHT)
    yield from _codes(half, _BARS, _ANY_LIGHT, 2)
    yield from _on_end(half, 2) if min(frame.shape) >= _FINE_PX else _on_end(frame, 1)
    yield from _squares(frame, half)


def _squares(frame: Gray, half: Gray) -> Iterator[Barcode]:
    """Yield the square codes. Rules and writing that cross one are thinner than its modules, so they can be taken out.

    Of 300 drawn ones that are crossed 221 are read at half the size without thin strokes, 185 with them; of 300 others 267 and 266. A square that
    is seen but not read (1 page in 132) is looked at once more without thicker strokes.
    """
    looks = _read(frame, _SQUARES, _EVEN_LIGHT), _read(_without_strokes(half, 2), _SQUARES, _ANY_LIGHT)
    for look, scale in zip(looks, (1, 2), strict=True):
        yield from _told(look, scale)
    if any(not code.valid for look in looks for code in look):
        yield from _told(_read(_without_strokes(frame, 5), _SQUARES, _ANY_LIGHT), 1)


def _without_strokes(pixels: Gray, width_px: int) -> Gray:
    """Return the picture without dark strokes thinner than this."""
    return np.asarray(cv2.morphologyEx(pixels, cv2.MORPH_CLOSE, np.ones((width_px, width_px), np.uint8)), np.uint8)


def _on_end(frame: Gray, scale: int) -> Iterator[Barcode]:
    """Yield the codes whose bars lie across, from some columns laid as rows: one byte in so many is read, the whole page once."""
    step = max(1, frame.shape[1] // _COLUMNS)
    columns = np.ascontiguousarray(np.ascontiguousarray(frame[:, ::step]).T)
    for code in _codes(columns, _BARS, _ANY_LIGHT):
        box = code.box
        across = Box(box.top * step * scale, box.left * scale, box.bottom * step * scale, box.right * scale)
        yield Barcode(code.text, code.symbology, across)


def _codes(
    pixels: Gray, formats: zxingcpp.BarcodeFormats, binarizer: zxingcpp.Binarizer, scale: int = 1
) -> Iterator[Barcode]:
    yield from _told(_read(pixels, formats, binarizer), scale)


def _read(pixels: Gray, formats: zxingcpp.BarcodeFormats, binarizer: zxingcpp.Binarizer) -> Sequence[zxingcpp.Barcode]:
    """Return the codes, and squares that are seen but cannot be read."""
    return zxingcpp.read_barcodes(
        pixels,
        formats=formats,
        binarizer=binarizer,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        return_errors=formats == _SQUARES,
    )


def _told(codes: Iterable[zxingcpp.Barcode], scale: int) -> Iterator[Barcode]:
    for code in codes:
        text = code.text.strip()
        if not text or not code.valid:
            continue
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        xs, ys = [scale * corner.x for corner in corners], [scale * corner.y for corner in corners]
        yield Barcode(text, code.format.name, Box(float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys))))


def _is_same(one: Barcode, other: Barcode) -> bool:
    """Return whether two looks saw the same code: the same text at places that touch."""
    a, b = one.box, other.box
    touch = a.left <= b.right and b.left <= a.right and a.top <= b.bottom and b.top <= a.bottom
    return touch and (one.text, one.symbology) == (other.text, other.symbology)
