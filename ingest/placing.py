"""Takes boxes between the prepared pixels and the displayed page. Pure geometry.

The text layer wants every line laid horizontally in the displayed frame (poppler shatters lines that follow a skew, measured.md), so a
line that stands tilted on the paper is laid level, turned about its middle. The way back must know that: far from the middle of a line a
laid word stands well above or below the place where its ink is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.values import Box, Line, Word

Matrix = NDArray[np.float64]
Point = tuple[float, float]

_NEAR_HEIGHTS = 25.0
"""So many heights of a line from its end, what stands level with it still tilts with it: a number behind its label."""


def laid_in_frame(lines: tuple[Line, ...], to_frame: Matrix) -> tuple[Line, ...]:
    """Return the lines with their boxes laid horizontally in the displayed frame, about their own middles."""
    if np.allclose(to_frame, np.eye(3)):
        return lines
    return tuple(_laid(line, to_frame) for line in lines)


def inked_box(box: Box, lines: Iterable[Line], to_frame: Matrix) -> Box:
    """Return where, in prepared pixels, the ink of a box laid in the displayed frame stands; the way back of `laid_in_frame`."""
    back: Matrix = np.asarray(np.linalg.inv(to_frame), np.float64)
    line = min(
        (line.box for line in lines if _is_level(line.box, box)), key=lambda line: _beside(line, box), default=box
    )
    middle = _moved(_middle(line), back)
    right = _moved((line.right, (line.top + line.bottom) / 2), back)
    scale = 2 * math.dist(middle, right) / line.width if line.width else 1.0
    across = (_middle(box)[0] - _middle(line)[0]) * scale
    half_width, half_height = box.width * scale / 2, box.height * scale / 2
    x, y = middle[0] + across, middle[1] + (_middle(box)[1] - _middle(line)[1]) * scale
    return Box(x - half_width, y - half_height, x + half_width, y + half_height)


def _laid(line: Line, to_frame: Matrix) -> Line:
    middle = _moved(_middle(line.box), to_frame)
    box = _level(middle, line.box, to_frame)
    words = tuple(_laid_word(word, line.box, middle, to_frame) for word in line.words)
    return Line(line.text, words, box)


def _laid_word(word: Word, line: Box, middle: Point, to_frame: Matrix) -> Word:
    """Return the word as far from the middle of its line as on the paper, but level with it."""
    across = _middle(word.box)[0] - _middle(line)[0]
    on_axis = _moved((_middle(word.box)[0], _middle(line)[1]), to_frame)
    scale = _scale_at(_middle(word.box), to_frame)
    x = middle[0] + math.copysign(math.dist(middle, on_axis), across)
    y = middle[1] + (_middle(word.box)[1] - _middle(line)[1]) * scale
    return Word(word.text, _level((x, y), word.box, to_frame), word.confidence)


def _level(middle: Point, box: Box, to_frame: Matrix) -> Box:
    """Return an upright box about `middle` with sides as long as those of `box` in the frame."""
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    top_left, top_right, bottom_right, bottom_left = (_moved(corner, to_frame) for corner in corners)
    half_width = (math.dist(top_left, top_right) + math.dist(bottom_left, bottom_right)) / 4
    half_height = (math.dist(top_left, bottom_left) + math.dist(top_right, bottom_right)) / 4
    x, y = middle
    return Box(x - half_width, y - half_height, x + half_width, y + half_height)


def _scale_at(point: Point, to_frame: Matrix) -> float:
    return math.dist(_moved(point, to_frame), _moved((point[0], point[1] + 1.0), to_frame))


def _moved(point: Point, to_frame: Matrix) -> Point:
    x, y = cv2.perspectiveTransform(np.array([[point]], np.float64), to_frame)[0, 0]
    return float(x), float(y)


def _middle(box: Box) -> Point:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _is_level(line: Box, box: Box) -> bool:
    """Return whether the middle of a box is at the height of a line, in it or a way before or behind it."""
    is_near = _beside(line, box) <= _NEAR_HEIGHTS * line.height
    return line.top <= _middle(box)[1] <= line.bottom and is_near


def _beside(line: Box, box: Box) -> float:
    """Return how far the middle of a box lies before or behind a line; 0.0 if in it."""
    x = _middle(box)[0]
    return max(line.left - x, x - line.right, 0.0)
