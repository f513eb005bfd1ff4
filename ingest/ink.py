"""Says whether a page carries ink at all: blank backs of duplex stacks cost no recognition and open no record.

Looked at coarsely, after the ground was evened out. Not counted as ink:
1. specks smaller than a letter (dust, fax noise);
2. narrow strips along the end of the page (the scanner's dark border, a tilted sheet) and solid dots near it (punch holes);
3. long thin streaks (folds, dirt on the glass).
What is left is *faint* where no part of it is dark: print that shines through from the front, or pencil; and many marks a few gray levels
below the paper are *traces*, which readers still read well. Whether such a page is blank is not for pixels to say: it is read, and what comes out decides
(`reading`). Pure.
"""

from __future__ import annotations

from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.grays import Gray, shrunk
from ingest.prepare import evened

_DPI = 100
_MM = _DPI / 25.4
_FAINT = 0.88  # of the paper's brightness: darker is ink of some kind
_DARK = 0.62  # darker is ink on this side of the paper
_TRACE_LEVELS = (
    4  # gray levels below the paper, once grain is smoothed: pencil at 240 on 250 is seen, grain alone is not
)
_SMOOTHED_PX = 0.8
_DIRT_RIM_PX = 9
_TRACES = 15
_BLACK = 0.45  # of the brightest part of the page
_COVERED = 0.01  # of the middle of the page; four punch holes cover 0.002
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
    TRACES = "traces"  # paler than anybody writes on purpose, and many
    FAINT = "faint"
    PLAIN = "plain"


def ink_of(gray: Gray, dpi: float) -> Ink:
    """Return what stands on a page."""
    small = shrunk(gray, dpi, _DPI)
    if _is_covered(small):
        return Ink.PLAIN
    even = evened(small, min(dpi, _DPI))
    # What is as large as a picture counts as ground when the ground is evened out: black areas are looked for before that, too.
    if _marks(even, 255 * _DARK) >= _FEW_MARKS or _marks(small, _BLACK * float(np.percentile(small, 99))) >= _FEW_MARKS:
        return Ink.PLAIN
    if _marks(even, 255 * _FAINT) >= _FEW_MARKS:
        return Ink.FAINT
    return Ink.TRACES if _has_traces(even) else Ink.NONE


def _has_traces(even: Gray) -> bool:
    """Return whether there are marks too pale to be seen but by their number, away from dust and folds."""
    paper = int(np.median(even[::2, ::2]))
    dirt = cv2.dilate((even < 255 * _FAINT).astype(np.uint8), np.ones((_DIRT_RIM_PX, _DIRT_RIM_PX), np.uint8))
    clean = np.where(dirt > 0, paper, even).astype(np.uint8)
    smooth = np.asarray(cv2.GaussianBlur(clean, (0, 0), _SMOOTHED_PX), np.uint8)
    return _marks(smooth, paper - _TRACE_LEVELS) >= _TRACES


def _is_covered(small: Gray) -> bool:
    """Return whether so much of the page's middle is dark that it needs no closer look (most pages)."""
    height, width = small.shape
    middle = small[height // 10 : height - height // 10, width // 10 : width - width // 10]
    return bool(middle.size) and float(np.mean(middle < _BLACK * float(middle.max()))) > _COVERED


def _marks(small: Gray, level: float) -> int:
    """Return how many marks of at least a letter's size are darker than this; a large one counts as many."""
    ink = _without_strips(small < level).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height, width = small.shape
    left, top, widths, heights, areas = stats[1:].T
    longer, shorter = np.maximum(widths, heights) / _MM, np.minimum(widths, heights) / _MM
    to_edge = np.minimum.reduce([left, top, width - left - widths, height - top - heights]) / _MM
    is_streak = (longer > _STREAK_MM[0]) & (shorter < _STREAK_MM[1])
    is_dot = (shorter >= _HOLE_MM[0]) & (longer <= _HOLE_MM[1]) & (areas > 0.6 * widths * heights)
    is_mark = (longer >= _LEAST_MM) & ~is_streak & ~(is_dot & (to_edge < _HOLES_MM))
    return int(np.sum(np.where(longer > _LARGE_MM, _FEW_MARKS, 1)[is_mark]))


def _without_strips(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the ink without what runs unbroken from an end of the page inwards, if that is narrow."""
    kept = ink.copy()
    deepest = round(_STRIP_MM * _MM) + 1
    for turns in range(4):
        rim = np.rot90(ink, turns)[:deepest].copy()
        rim[: round(_BORDER_MM * _MM)] = True
        depth = np.where(rim.all(axis=0), 0, rim.argmin(axis=0))  # 0: it runs deeper than a strip does
        np.rot90(kept, turns)[:deepest] &= np.arange(len(rim))[:, None] >= depth[None, :]
    return kept
