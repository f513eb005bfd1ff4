"""Measures how well a page was scanned: resolution, height of the lines, paper and ink, text that runs over a side of the image.

Figures only, a pure function of pixels and of the lines that were read on them; which figures hold a record is for the configuration to
say (`connector.quality_gate`). Not for blank pages, nor for how well the text was read. Takes 2 ms a page (median of 291 pages of
the corpus), so what the recogniser found is used wherever it says where to look.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ingest.decoded import DecodedPage
from ingest.grays import Gray
from ingest.prepare import Frame
from ingest.resolution import MM_PER_INCH
from ingest.values import Box, ImageQuality, Line, Side

_FAX_ACROSS_DPI = 200.0, 209.0
"""Standard fax machines scan at 204 dpi across and 98 or 196 down (ITU-T T.4): the sender's choice, which no clerk can mend."""

_SURE = 0.7
_FEW_LINES = 3
_SAMPLED_LINES = 24
_STEP = 3  # every so many pixels of a line are looked at
_PAGE_STEP = 8
_INK, _PAPER = 3, 80  # percentiles of the pixels of a line's box
_PAGE_INK, _PAGE_PAPER = 0.05, 95  # ... of a page on which hardly a line was read
_STEP_HEIGHTS = 2.0  # of a word, from its middle to its neighbour's: nearer ones say little
_FEW_STEPS = 8
_EDGE_MM = 0.5
_NEAR_EDGE_MM = 1.0
_STROKE_MM = 0.2, 6.0  # thinner: a rule; longer: the scanner's dark border
_CLOSE_MM = 30.0
_CUT_STROKES = 6  # within that; at most 5 at the 1,432 edges of whole pages of the corpus, 8 and more at most cut ones
_CUT_INK = 0.08, 0.9  # of a line's height
_CUT_LINES = 3  # a table's rule may end at an edge, and a word be stamped over it


def quality_of(upright: Frame, decoded: DecodedPage, lines: Sequence[Line], skew_degrees: float) -> ImageQuality:
    """Return what can be said of the image of a page that was read; `lines` in pixels of the upright frame.

    `skew_degrees` is what was straightened before the lines were read.
    """
    sure = [line for line in lines if line.confidence >= _SURE]
    finer, coarser = max(decoded.dpi_x, decoded.dpi_y), min(decoded.dpi_x, decoded.dpi_y)
    is_fax = upright.is_bilevel and _FAX_ACROSS_DPI[0] <= finer <= _FAX_ACROSS_DPI[1]
    is_stated = decoded.is_dpi_stated and upright.corners is None
    ink, paper = _ink_and_paper(upright.pixels, sure)
    cut = () if upright.corners is not None else tuple(_cut_sides(upright, sure, (ink + paper) / 2))
    heights = [line.box.height for line in sure]
    return ImageQuality(
        dpi=(finer if is_fax else coarser) if is_stated else 0.0,
        line_px=median(heights) * coarser / finer if len(heights) >= _FEW_LINES else 0.0,
        paper=paper / 255,
        contrast=max(0.0, paper - ink) / max(1.0, paper),
        tilt_degrees=skew_degrees + _tilt(sure),
        cut_sides=cut,
    )


def _tilt(lines: Sequence[Line]) -> float:
    """Return how far lines still tilt after straightening, in degrees, positive = counter-clockwise; 0.0 where that cannot be told.

    Skew is looked for up to 10 degrees; a page that lies further askew is straightened wrongly, and shows it by words of one line that
    step up or down.
    """
    tilts = [
        math.degrees(
            math.atan2(_middle_y(before.box) - _middle_y(after.box), _middle_x(after.box) - _middle_x(before.box))
        )
        for line in lines
        for before, after in pairwise(line.words)
        if after.box.left - before.box.right <= before.box.height  # further apart they may be of two lines
        and _middle_x(after.box) - _middle_x(before.box) >= _STEP_HEIGHTS * before.box.height
    ]
    return median(tilts) if len(tilts) >= _FEW_STEPS else 0.0


def _middle_x(box: Box) -> float:
    return (box.left + box.right) / 2


def _middle_y(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _ink_and_paper(pixels: Gray, lines: Sequence[Line]) -> tuple[float, float]:
    """Return the usual gray levels of ink and paper in the boxes of the lines; those of the page where hardly a line was read."""
    step = max(1, len(lines) // _SAMPLED_LINES)
    pairs = []
    for line in lines[::step]:
        box = line.box
        inside = pixels[max(0, int(box.top)) : int(box.bottom) : _STEP, max(0, int(box.left)) : int(box.right) : _STEP]
        if inside.size:
            pairs.append(_levels(inside, _INK, _PAPER))
    if len(pairs) < _FEW_LINES:
        return _levels(pixels[::_PAGE_STEP, ::_PAGE_STEP], _PAGE_INK, _PAGE_PAPER)
    return median(ink for ink, _ in pairs), median(paper for _, paper in pairs)


def _levels(pixels: Gray, ink: float, paper: float) -> tuple[float, float]:
    shares = np.cumsum(np.bincount(pixels.ravel(), minlength=256)) / pixels.size
    return float(np.searchsorted(shares, ink / 100)), float(np.searchsorted(shares, paper / 100))


def _cut_sides(upright: Frame, lines: Sequence[Line], level: float) -> Iterator[Side]:
    """Yield the sides over which writing runs, by what stands in the last half millimetre before the edge.

    1. Many separate strokes close together: a line cut through lengthwise, which nobody can read, or the ends of many lines.
    2. At the left and right also several lines that were read and go on to the very edge.
    Not taken for writing: rules that end there (too thin), the scanner's dark border (too long), specks (too few).
    """
    pixels, per_mm = upright.pixels, upright.dpi / MM_PER_INCH
    deep, near = max(1, round(_EDGE_MM * per_mm)), _NEAR_EDGE_MM * per_mm
    width, height = upright.width_px, upright.height_px
    at_left = [line.box for line in lines if line.box.left <= near]
    at_right = [line.box for line in lines if line.box.right >= width - near]
    strips: tuple[tuple[Side, Gray, list[Box]], ...] = (
        (Side.LEFT, pixels[:, :deep], at_left),
        (Side.TOP, pixels[:deep].T, []),
        (Side.RIGHT, pixels[:, width - deep :], at_right),
        (Side.BOTTOM, pixels[height - deep :].T, []),
    )
    for side, strip, boxes in strips:
        ink = np.asarray(strip.min(axis=1) < level)  # along the edge
        if _strokes(ink, per_mm) >= _CUT_STROKES or sum(_goes_on(ink, box) for box in boxes) >= _CUT_LINES:
            yield side


def _strokes(ink: NDArray[np.bool_], per_mm: float) -> int:
    """Return how many strokes of writing end at the edge where they stand closest."""
    ends = np.flatnonzero(np.diff(ink.astype(np.int8), prepend=0, append=0))
    starts, stops = ends[::2], ends[1::2]
    lengths = (stops - starts) / per_mm
    middles = ((starts + stops) / 2)[(lengths >= _STROKE_MM[0]) & (lengths <= _STROKE_MM[1])]
    ahead = np.searchsorted(middles, middles + _CLOSE_MM * per_mm) - np.arange(len(middles))
    return int(ahead.max(initial=0))


def _goes_on(ink: NDArray[np.bool_], box: Box) -> bool:
    """Return whether a line at the left or right edge goes on over it."""
    part = ink[max(0, int(box.top)) : max(0, int(box.bottom))]
    return bool(part.size) and _CUT_INK[0] < float(part.mean()) < _CUT_INK[1]
