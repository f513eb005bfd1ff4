"""Finds how far the lines of a page tilt. Not for quarter turns (`orientation`) nor for turning anything (`prepare`). Pure."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.grays import Gray, shrunk

_LIMIT_DEGREES = 10.0
_COARSE_DEGREES = 0.5
_FINE_DEGREES = 0.1
_DPI = 75
_LEAST_INK = 50  # pixels at _DPI: less shows no tilt
_MARGIN = 0.02  # of the shorter side: the scanner's dark border is left out

_Places = NDArray[np.float64]


def skew_of(gray: Gray, dpi: float) -> float:
    """Return the tilt of the lines in degrees, positive = counter-clockwise; 0.0 where no tilt stands out."""
    xs, ys = _ink_places(gray, dpi)
    if len(ys) < _LEAST_INK:
        return 0.0
    coarse = _best_angle(xs, ys, np.arange(-_LIMIT_DEGREES, _LIMIT_DEGREES + 0.01, _COARSE_DEGREES))
    fine = np.arange(-_COARSE_DEGREES, _COARSE_DEGREES + 0.01, _FINE_DEGREES)
    return round(_best_angle(xs, ys, coarse + fine), 2) + 0.0  # never -0.0


def _ink_places(gray: Gray, dpi: float) -> tuple[_Places, _Places]:
    """Return where ink is (x, y), at a low resolution."""
    small = shrunk(gray, dpi, _DPI)
    level, _ = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    margin = int(_MARGIN * min(small.shape))
    height, width = small.shape
    places = cv2.findNonZero((small[margin : height - margin, margin : width - margin] < level).view(np.uint8))
    xs, ys = (np.empty(0, np.int32) if places is None else np.asarray(places)).reshape(-1, 2).T
    # Whole rows would favour no tilt at all: at every other tilt ink is spread over two of them.
    spread = np.random.default_rng(0).random(len(ys))
    return xs.astype(np.float64), ys + spread


def _sharpness(xs: _Places, ys: _Places, degrees: float) -> float:
    """Return how sharply ink falls into rows at this tilt (no unit; larger is sharper)."""
    rows = xs * math.tan(math.radians(degrees))
    rows += ys  # in place, and again below: a third of the time went into new arrays
    rows -= rows.min()
    counts = np.bincount(rows.astype(np.int64))
    return float(np.sum(np.diff(counts.astype(np.float64)) ** 2))


def _best_angle(xs: _Places, ys: _Places, angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda degrees: _sharpness(xs, ys, float(degrees))))
