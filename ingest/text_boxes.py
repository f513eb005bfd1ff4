"""Finds where lines of text stand on a page: PP-OCR's detection model and what its likelihood map means (differentiable binarisation).

The model says for each pixel of a shrunken page how likely it is the core of a line; each island of likely pixels is a line, somewhat
thinner than it is printed. Not for what the lines say (`line_signs`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.grays import Gray, levelling, shrunk_to
from ingest.onnx_models import ModelFile, Numbers, session

_MULTIPLE_PX = 32  # the model halves the page five times
_MEAN = (0.485, 0.456, 0.406)  # of the pictures it was trained on, blue, green, red
_DEVIATION = (0.229, 0.224, 0.225)
_LIKELY = 0.2  # these four as the model's own inference.yml has them (PP-OCRv6)
_LINE_LIKELY = 0.4
_GROWTH = 1.4
_LEAST_SIDE_PX = 3
_MOST_LINES = 3000


@dataclass(frozen=True, slots=True)
class TextBox:
    """A line's place: a rectangle tilted by `degrees` (clockwise on the page, -45 to 45), in pixels of the page."""

    middle_x: float
    middle_y: float
    width: float
    height: float
    degrees: float


def text_boxes(page: Gray, longest_side_px: int, tilt_degrees: float = 0.0) -> tuple[TextBox, ...]:
    """Return the lines' places in no order, found on the page shrunk so far; raises RecogniserMissing.

    In pixels of the level page, where its lines tilt (counter-clockwise): turning the shrunken page costs a tenth of turning the page.
    """
    small = _level(_shrunk(page, longest_side_px), tilt_degrees)
    likely = session(ModelFile.TINY_DETECTION).run(None, {"x": _planes(small)})[0][0, 0]
    stretch_x, stretch_y = page.shape[1] / small.shape[1], page.shape[0] / small.shape[0]
    islands, tree = cv2.findContours((likely > _LIKELY).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [island for island, links in zip(islands, tree[0], strict=True) if links[3] < 0] if len(islands) else []
    found = (_box_of(island, likely) for island in outer[:_MOST_LINES])
    return tuple(_stretched(box, stretch_x, stretch_y) for box in found if box is not None)


def _shrunk(page: Gray, longest_side_px: int) -> Gray:
    height, width = page.shape
    scale = min(1.0, longest_side_px / max(height, width))
    wide, high = (max(_MULTIPLE_PX, round(side * scale / _MULTIPLE_PX) * _MULTIPLE_PX) for side in (width, height))
    return shrunk_to(page, (wide, high))


def _level(small: Gray, tilt_degrees: float) -> Gray:
    if not tilt_degrees:
        return small
    height, width = small.shape
    turn = levelling((width, height), tilt_degrees)
    level = cv2.warpAffine(small, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255,))
    return np.asarray(level, np.uint8)


def _planes(small: Gray) -> Numbers:
    levels = np.arange(256, dtype=np.float32) / 255
    tables = [(levels - mean) / deviation for mean, deviation in zip(_MEAN, _DEVIATION, strict=True)]
    return np.stack([np.asarray(cv2.LUT(small, table.astype(np.float32)), np.float32) for table in tables])[None]


def _box_of(island: NDArray[np.int32], likely: Numbers) -> TextBox | None:
    """Return the rectangle of a line in the shrunken page, grown to what is printed; None where it is too small or unlikely."""
    (x, y), (width, height), degrees = cv2.minAreaRect(island)
    if min(width, height) + 1 < _LEAST_SIDE_PX or _likelihood(island, likely) < _LINE_LIKELY:
        return None
    if abs(degrees) > 45:  # OpenCV's versions differ on which side it calls the width
        width, height, degrees = height, width, degrees - math.copysign(90, degrees)
    # A contour runs through the middles of its pixels: half a pixel is missing on each side.
    width, height, x, y = width + 1, height + 1, x + 0.5, y + 0.5
    growth = 2 * _GROWTH * width * height / (2 * (width + height))
    return TextBox(x, y, width + growth, height + growth, degrees)


def _likelihood(island: NDArray[np.int32], likely: Numbers) -> float:
    left, top, width, height = cv2.boundingRect(island)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [island], -1, 1, cv2.FILLED, offset=(-left, -top))
    return float(cv2.mean(likely[top : top + height, left : left + width], inside)[0])


def _stretched(box: TextBox, by_x: float, by_y: float) -> TextBox:
    """Return the box in pixels of the page; the two stretches are nearly equal, so it stays a rectangle."""
    along, across = _unit_stretch(box.degrees, by_x, by_y), _unit_stretch(box.degrees, by_y, by_x)
    return TextBox(box.middle_x * by_x, box.middle_y * by_y, box.width * along, box.height * across, box.degrees)


def _unit_stretch(degrees: float, along: float, across: float) -> float:
    return math.hypot(math.cos(math.radians(degrees)) * along, math.sin(math.radians(degrees)) * across)
