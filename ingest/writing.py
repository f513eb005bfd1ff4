"""Says whether something is written in a place of a form, whether or not it can be read: a cell that is empty, or one that is not.

The rules of the form do not count: cell borders, lines to write on, empty boxes □□□□. Nor does what hangs in from the rows above and
below, nor dirt. It matters because a paper without a customer number may be filed by name and address, and one with a number that
could not be read may not. Not for whole pages: that is `ink`. Pure.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.grays import Gray

_DARK = 0.78  # of the paper's brightness: darker is ink, pale print too; what shines through from the back is lighter
_RULE_HEIGHTS = 1.5  # of a sign's height: a straight stroke that is longer is a rule of the form
_LEAST_HEIGHT = 0.35  # of a sign's height: lower marks are dirt, dots, dashes
_MOST_HEIGHT = 2.2
_LEAST_MARKS = 2


def is_written(crop: Gray, sign_height_px: float) -> bool:
    """Return whether two signs or more stand in this part of an evened page, whose signs are about so high."""
    return marks_in(crop, sign_height_px) >= _LEAST_MARKS


def marks_in(crop: Gray, sign_height_px: float) -> int:
    """Return how many marks stand there that may be signs; signs that touch each other count as one for each sign's width."""
    if min(crop.shape) < 3 or sign_height_px < 3:
        return 0
    ink = (crop < 255 * _DARK).astype(np.uint8)
    ink = _without_rules(ink, max(3, round(_RULE_HEIGHTS * sign_height_px)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return sum(_weight(part, sign_height_px, crop.shape[0]) for part in stats[1:])


def _without_rules(ink: NDArray[np.uint8], length_px: int) -> NDArray[np.uint8]:
    """Return the ink without straight strokes of this length and more, and what clings to them."""
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length_px), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length_px, 1), np.uint8))
    rules = cv2.dilate(cv2.max(across, down), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.subtract(ink, rules), np.uint8)


def _weight(part: NDArray[np.int32], sign_height_px: float, crop_height_px: int) -> int:
    _, top, width, height, area = (int(value) for value in part)
    hangs_in = (top == 0 or top + height == crop_height_px) and height < 0.6 * crop_height_px
    if hangs_in or not _LEAST_HEIGHT * sign_height_px <= height <= _MOST_HEIGHT * sign_height_px:
        return 0
    if area < 0.05 * height * max(width, 1) or width < 0.05 * sign_height_px:
        return 0
    return max(1, round(width / sign_height_px))
