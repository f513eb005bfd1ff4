"""Finds Patch T, the separator code of scanners with a patch reader: four bars across the sheet, narrow wide narrow wide.

By Kodak's specification (A-61599) bars and spaces are 0.08 inches, wide bars 0.20, all together 0.80, at least 2 inches long. Which end is
the head cannot be told once a sheet went through the feeder the other way round, so wide narrow wide narrow (Patch 3) counts as well.
Barcode readers do not know the code (zxing-cpp 3.1). Pure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingest.grays import Gray
from ingest.values import Barcode, Box

TEXT, SYMBOLOGY = "PATCH-T", "PatchT"

_DPI = 100.0
_NARROW, _WIDE, _WHOLE = 0.08, 0.20, 0.80
_FORWARDS = np.array([_NARROW, _NARROW, _WIDE, _NARROW, _NARROW, _NARROW, _WIDE]) / _WHOLE
_PATTERNS = _FORWARDS, _FORWARDS[::-1]
_EDGES = 8  # of four bars
_OFF = 0.035  # of the whole: 0.7 mm; print that spread by 0.3 mm at each edge still fits
_WHOLE_INCHES = 0.55, 1.15  # 0.80, the resolution guessed from the wrong paper
_LINE_INCHES = 0.2  # from one line looked along to the next
_LEAST_LINES = 9  # of those next to one another: 1.8 inches
_DRIFT_INCHES = 0.04  # from one line to the next: 11 degrees of skew
_DARK = 0.5  # of the way from the darkest to the lightest of the page


def patches_of(frame: Gray, dpi: float) -> tuple[Barcode, ...]:
    """Return the Patch T of a page, wherever it stands and whichever way it is turned; () as a rule."""
    scale = max(1, int(dpi / _DPI))
    small = np.ascontiguousarray(
        frame[::scale, ::scale]
    )  # eight dots a narrow bar: no need to shrink evenly, which takes five times as long
    darkest, lightest = float(small.min()), float(np.percentile(small[::4, ::4], 90))
    ink = small < darkest + _DARK * (lightest - darkest)
    lying = _bars(ink, dpi / scale)
    standing = [Box(box.top, box.left, box.bottom, box.right) for box in _bars(ink.T, dpi / scale)]
    return tuple(Barcode(TEXT, SYMBOLOGY, _enlarged(box, scale)) for box in (*lying, *standing))


def _bars(ink: NDArray[np.bool_], per_inch: float) -> list[Box]:
    """Return the patches whose bars lie across: the same four bars on many lines next to one another, each looked along downwards."""
    step = max(1, round(_LINE_INCHES * per_inch))
    places = range(step // 2, ink.shape[1], step)
    # A patch is longer than eight lines are apart: most pages need no closer look.
    if not any(_seen(ink[:, place], per_inch) for place in places[:: _LEAST_LINES - 1]):
        return []
    lines = [_seen(ink[:, place], per_inch) for place in places]
    boxes: list[Box] = []
    for first, line in enumerate(lines):
        while line:
            run = [line.pop()]
            for following in lines[first + 1 :]:
                near = [one for one in following if abs(one[0] - run[-1][0]) <= _DRIFT_INCHES * per_inch]
                if not near:
                    break
                following.remove(near[0])
                run.append(near[0])
            if len(run) >= _LEAST_LINES:
                tops = [middle - height / 2 for middle, height in run]
                bottoms = [middle + height / 2 for middle, height in run]
                boxes.append(Box(first * step, min(tops), (first + len(run)) * step, max(bottoms)))
    return boxes


def _seen(line: NDArray[np.bool_], per_inch: float) -> list[tuple[float, float]]:
    """Return middle and height of whatever looks like the four bars along one line."""
    edges = np.flatnonzero(np.diff(line.astype(np.int8), prepend=0, append=0))
    if len(edges) < _EDGES:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(edges, _EDGES)[::2]
    wholes = (windows[:, -1] - windows[:, 0]).astype(np.float64)
    fits = (wholes >= _WHOLE_INCHES[0] * per_inch) & (wholes <= _WHOLE_INCHES[1] * per_inch)
    if not fits.any():
        return []
    windows, wholes = windows[fits], wholes[fits]
    shares = np.diff(windows, axis=1) / wholes[:, None]
    alike = np.minimum.reduce([np.abs(shares - pattern).max(axis=1) for pattern in _PATTERNS]) <= _OFF
    return [
        ((w[0] + w[-1]) / 2, whole) for w, whole in zip(windows[alike].tolist(), wholes[alike].tolist(), strict=True)
    ]


def _enlarged(box: Box, scale: int) -> Box:
    return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)
