"""Says whether a page carries ink at all: blank backs of duplex stacks cost no recognition and open no record.

Looked at coarsely, after the ground was evened out. Not counted as ink:
1. specks smaller than a letter (dust, fax noise);
2. narrow strips along the end of the page (the scanner's dark border, a tilted sheet) and solid dots near it (punch holes);
3. long thin streaks (folds, dirt on the glass).
What is left is *faint* where no part of it is dark: print that shines through from the front, or pencil. Whether a faint page is blank is
not for pixels to say: it is read, and what comes out decides (`reading`). Pure.
"""

from __future__ import annotations

from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.grays import Gray, shrunk

_DPI = 100
_MM = _DPI / 25.4
_FAINT = 0.88  # of the paper's brightness: darker is ink of some kind
_DARK = 0.62  # darker is ink on this side of the paper
_LEAST_MM = 0.9  # a letter or a Han sign of 6 points is larger
_BORDER_MM = 3.0
_STRIP_MM = 15.0
_HOLES_MM = 18.0  # DIN 821: middles 12 mm from the edge; three and four holes likewise
_HOLE_MM = (3.0, 10.0)
_STREAK_MM = (25.0, 1.6)
_LARGE_MM = 10.0  # one such mark alone is a drawing, a photograph, a signature
_FEW_MARKS = 3


class Ink(Enum):
    """How much a page carries."""

    NONE = "none"
    FAINT = "faint"
    PLAIN = "plain"


def ink_of(even: Gray, dpi: float) -> Ink:
    """Return what stands on a page whose ground is even and white."""
    small = shrunk(even, dpi, _DPI)
    if _marks(small, _DARK) >= _FEW_MARKS:
        return Ink.PLAIN
    return Ink.FAINT if _marks(small, _FAINT) >= _FEW_MARKS else Ink.NONE


def _marks(small: Gray, darkness: float) -> int:
    """Return how many marks of at least a letter's size are darker than this; a large one counts as many."""
    ink = (_without_strips(small < 255 * darkness)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height, width = small.shape
    return sum(_weight(part, width, height) for part in stats[1:])


def _without_strips(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the ink without what runs unbroken from an end of the page inwards, if that is narrow."""
    kept = ink.copy()
    for turns in range(4):
        side = np.rot90(ink, turns).copy()
        side[: round(_BORDER_MM * _MM)] = True
        depth = np.where(side.all(axis=0), len(side), side.argmin(axis=0))
        strip = np.arange(len(side))[:, None] < np.where(depth <= _STRIP_MM * _MM, depth, 0)[None, :]
        kept &= ~np.rot90(strip, -turns)
    return kept


def _weight(part: NDArray[np.int32], page_width: int, page_height: int) -> int:
    left, top, width, height, area = (int(value) for value in part)
    longer, shorter = max(width, height) / _MM, min(width, height) / _MM
    to_edge = min(left, top, page_width - left - width, page_height - top - height) / _MM
    is_streak = longer > _STREAK_MM[0] and shorter < _STREAK_MM[1]
    is_dot = _HOLE_MM[0] <= shorter and longer <= _HOLE_MM[1] and area > 0.6 * width * height
    if longer < _LEAST_MM or is_streak or (is_dot and to_edge < _HOLES_MM):
        return 0
    return _FEW_MARKS if longer > _LARGE_MM else 1
