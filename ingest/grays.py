"""Gray pictures of pages as arrays: the type that preparing, codes and orientation share, and looking at them from afar. Pure."""

from __future__ import annotations

import weakref

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
"""Rows from the top, 0 = black, 255 = white."""


def shrunk(gray: Gray, dpi: float, to_dpi: float) -> Gray:
    """Return the page at a lower resolution, never smaller than one pixel; as it is where it is not finer."""
    if dpi <= to_dpi:
        return gray
    height, width = gray.shape
    return shrunk_to(gray, (max(1, round(width * to_dpi / dpi)), max(1, round(height * to_dpi / dpi))))


def shrunk_to(gray: Gray, size: tuple[int, int]) -> Gray:
    """Return the picture this wide and high, each pixel the mean of about those it stands for.

    Halved first as often as that leaves enough, an odd last row or column left out: OpenCV takes 0.5 ms to halve a page of 300 dpi exactly,
    and 7 to 18 for any other share. What is left to do is less than a half, where bilinear takes a tenth of the time of area means.
    """
    while gray.shape[1] >= 2 * size[0] and gray.shape[0] >= 2 * size[1]:
        gray = halved(gray)
    if (gray.shape[1], gray.shape[0]) == size:
        return gray
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def levelling(size: tuple[int, int], tilt_degrees: float) -> NDArray[np.float64]:
    """Return the turn (2 x 3) about the middle of a page this wide and high that makes its lines level.

    It takes a point of the page to a point of the level page; `tilt_degrees` is positive = counter-clockwise.
    """
    width, height = size
    return np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), -tilt_degrees, 1.0), np.float64)


def halved(gray: Gray) -> Gray:
    """Return the picture half as wide and high, an odd last row or column left out; never smaller than one pixel.

    Halves of what cannot be written to are remembered as long as it is there: five steps ask for that of the same page, and reading the
    page anew takes most of the time.
    """
    if min(gray.shape) < 2:
        return gray
    if gray.flags.writeable:
        return _halved(gray)
    known = _halves.get(id(gray))
    if known is None:
        known = _halves[id(gray)] = _halved(gray)
        known.flags.writeable = False
        weakref.finalize(gray, _halves.pop, id(gray), None)
    return known


_halves: dict[int, Gray] = {}


def _halved(gray: Gray) -> Gray:
    height, width = (side // 2 for side in gray.shape)
    even = gray[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
