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
    size = max(1, round(width * to_dpi / dpi)), max(1, round(height * to_dpi / dpi))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
