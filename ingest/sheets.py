"""Finds the machine-readable codes of a page, wherever they stand and however they are turned.

Not for saying what a code means: separator sheets are known by `cutter`, customer numbers by `classifiers`. zxing-cpp knows no
patch codes: those are found by `patches`. Only the symbologies of office paper are looked for: 14 ms a page against
50 for all of them (DataMatrix and PDF417 alone would double it), the same 40 codes on 101 pages of the corpus.
"""

from __future__ import annotations

import zxingcpp

from ingest.grays import Gray
from ingest.values import Barcode, Box

_FORMATS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.Code93,
        zxingcpp.BarcodeFormat.EAN13,
        zxingcpp.BarcodeFormat.QRCode,
    ]
)


def barcodes_of(frame: Gray) -> tuple[Barcode, ...]:
    """Return the machine-readable codes of a page, from the top; boxes in pixels of the frame."""
    found = []
    for code in zxingcpp.read_barcodes(frame, formats=_FORMATS, try_invert=False):
        if not code.text:
            continue
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        xs, ys = [c.x for c in corners], [c.y for c in corners]
        box = Box(float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys)))
        found.append(Barcode(code.text.strip(), code.format.name, box))
    return tuple(sorted(found, key=lambda code: (code.box.top, code.box.left)))
