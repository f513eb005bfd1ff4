"""Gray pictures of pages as arrays: the type that preparing, codes and orientation share, and looking at them from afar. Pure."""

from __future__ import annotations

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
    """Return the picture this wide and high, each pixel the mean of those it stands for.

    Halved first as often as that leaves enough: OpenCV takes 0.5 ms to halve a page of 300 dpi, and 7 to 18 for any other share.
    """
    while gray.shape[1] >= 2 * size[0] and gray.shape[0] >= 2 * size[1]:
        gray = _resized(gray, (gray.shape[1] // 2, gray.shape[0] // 2))
    return _resized(gray, size) if (gray.shape[1], gray.shape[0]) != size else gray


def _resized(gray: Gray, size: tuple[int, int]) -> Gray:
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
