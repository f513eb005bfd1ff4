"""Finds the machine-readable codes of a page, wherever they stand and however they are turned.

Not for saying what a code means: separator sheets are known by `cutter`, customer numbers by `classifiers`. zxing-cpp knows no
patch codes: those are found by `patches`. Only the symbologies of office paper are looked for: DataMatrix and PDF417 alone would
take as long as all of them. One call that looks everywhere for everything takes 20 ms a page of 300 dpi, most of it for running down
the columns of a picture that is kept in rows, and for evening out light; these looks take 8, and find as many codes (206 of 300 drawn ones, turned,
tilted, blurred and noisy, against 207; all 42 of the corpus).
"""

from __future__ import annotations

from collections.abc import Iterator

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
    yield from _codes(frame, _SQUARES, _EVEN_LIGHT)
    yield from _codes(half, _SQUARES, _ANY_LIGHT, 2)


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
    for code in zxingcpp.read_barcodes(
        pixels, formats=formats, binarizer=binarizer, try_rotate=False, try_downscale=False, try_invert=False
    ):
        text = code.text.strip()
        if not text:
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
