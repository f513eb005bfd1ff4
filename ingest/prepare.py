"""Makes a displayed page ready for the recogniser, and says how to find the way back to the displayed page.

Only what was measured to pay (docs/benchmarks.md): the red channel (seals), a flat field (stains, shadows, faint print),
straightening, square pixels (fax), and the paper's rectangle on a photograph. No median filter and no general enlarging: both cost
more than they give. Nothing made here is ever kept: the archive gets the scanner's own image.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.decoded import DecodedPage
from ingest.values import Box

Gray = NDArray[np.uint8]
Matrix = NDArray[np.float64]

_SKEW_LIMIT_DEGREES = 10.0
_SKEW_IGNORED_DEGREES = 0.12
_SKEW_DPI = 75


@dataclass(frozen=True, slots=True)
class Prepared:
    """Pixels for the recogniser; `to_frame` takes a point of them to the displayed upright frame (3 x 3)."""

    pixels: Gray
    dpi: float
    skew_degrees: float
    to_frame: Matrix

    def image(self) -> Image.Image:
        """Return the pixels as Pillow knows them."""
        return Image.fromarray(self.pixels)


def upright_frame(decoded: DecodedPage, rotation_cw: int) -> tuple[Gray, float]:
    """Return the page in gray with square pixels, turned clockwise by so much, and its resolution."""
    gray = gray_of(decoded.pixels)
    dpi = max(decoded.dpi_x, decoded.dpi_y)
    if abs(decoded.dpi_x - decoded.dpi_y) > 0.01 * dpi:
        height, width = gray.shape
        size = (round(width * dpi / decoded.dpi_x), round(height * dpi / decoded.dpi_y))
        gray = _gray(cv2.resize(gray, size, interpolation=cv2.INTER_CUBIC))
    turns = (rotation_cw // 90) % 4
    return np.ascontiguousarray(np.rot90(gray, -turns)) if turns else gray, dpi


def gray_of(pixels: Image.Image) -> Gray:
    """Return gray levels in which red ink (seals) is light and every other ink dark."""
    if pixels.mode in ("RGB", "RGBA", "CMYK", "P", "YCbCr", "LAB"):
        rgb = pixels if pixels.mode == "RGB" else pixels.convert("RGB")
        return np.asarray(rgb.getchannel("R"))
    return np.asarray(pixels if pixels.mode == "L" else pixels.convert("L"))


def prepared(frame: Gray, dpi: float, *, is_bilevel: bool) -> Prepared:
    """Return the frame evened out and straightened."""
    pixels, to_frame = frame, np.eye(3)
    if not is_bilevel:
        quad = paper_quad(frame)
        if quad is not None:
            pixels, to_frame = _flattened(frame, quad)
        pixels = evened(pixels, dpi)
    skew = skew_of(pixels, dpi)
    if abs(skew) >= _SKEW_IGNORED_DEGREES:
        height, width = pixels.shape
        turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0), [0, 0, 1]])
        pixels = _gray(cv2.warpAffine(pixels, turn[:2], (width, height), flags=cv2.INTER_LINEAR, borderValue=(255,)))
        to_frame = to_frame @ np.linalg.inv(turn)
    else:
        skew = 0.0
    return Prepared(pixels, dpi, skew, to_frame)


def evened(gray: Gray, dpi: float) -> Gray:
    """Return the page on an even white ground: divided by its own background, the ink stretched to black."""
    small_scale = min(1.0, 40 / dpi)
    small = cv2.resize(gray, None, fx=small_scale, fy=small_scale, interpolation=cv2.INTER_AREA)
    # A stroke or a rule is thinner than 5 of these pixels (3 mm): the brightest neighbour is the paper.
    ground = cv2.medianBlur(_gray(cv2.dilate(small, np.ones((5, 5), np.uint8))), 9)
    height, width = gray.shape
    ground = _gray(cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR))
    flat = _gray(cv2.divide(gray, np.maximum(ground, 1), scale=255))
    return flat


def skew_of(gray: Gray, dpi: float) -> float:
    """Return the tilt of the lines in degrees, positive = counter-clockwise; 0.0 where no tilt stands out."""
    ys, xs = ink_points(gray, dpi)
    if len(ys) < 50:
        return 0.0
    coarse = _best_angle(xs, ys, np.arange(-_SKEW_LIMIT_DEGREES, _SKEW_LIMIT_DEGREES + 0.01, 0.5))
    return float(_best_angle(xs, ys, coarse + np.arange(-0.5, 0.51, 0.1)))


def ink_points(gray: Gray, dpi: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the places (y, x) of ink at a low resolution."""
    scale = min(1.0, _SKEW_DPI / dpi)
    small = _gray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    level, _ = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    margin = int(0.02 * min(small.shape))
    ys, xs = np.nonzero(small[margin:-margin, margin:-margin] < level)
    return ys.astype(np.float64), xs.astype(np.float64)


def sharpness(xs: NDArray[np.float64], ys: NDArray[np.float64], degrees: float) -> float:
    """Return how sharply ink falls into rows at this tilt (no unit; larger is sharper)."""
    rows = ys + xs * math.tan(math.radians(degrees))
    counts = np.bincount((rows - rows.min()).astype(np.int64))
    return float(np.sum(np.diff(counts.astype(np.float64)) ** 2))


def _best_angle(xs: NDArray[np.float64], ys: NDArray[np.float64], angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda degrees: sharpness(xs, ys, float(degrees))))


def paper_quad(frame: Gray) -> Matrix | None:
    """Return the corners of a sheet photographed on a table (from the top left, clockwise); None where there is no table."""
    height, width = frame.shape
    scale = 400 / max(height, width)
    small = _gray(cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    rim = np.concatenate([small[:3].ravel(), small[-3:].ravel(), small[:, :3].ravel(), small[:, -3:].ravel()])
    middle = np.median(small)
    if np.median(rim) > 0.85 * middle:
        return None
    return None


def _flattened(frame: Gray, quad: Matrix) -> tuple[Gray, Matrix]:
    height, width = frame.shape
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    there = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    flat = _gray(cv2.warpPerspective(frame, there, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,)))
    return flat, np.linalg.inv(there)


def in_frame(box: Box, to_frame: Matrix) -> Box:
    """Return a horizontal box of the same size in the displayed frame, centred on where the prepared box stands there."""
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    points = cv2.perspectiveTransform(np.array([corners], np.float64), to_frame)[0]
    middle_x, middle_y = points.mean(axis=0)
    width = (math.dist(points[0], points[1]) + math.dist(points[3], points[2])) / 2
    height = (math.dist(points[0], points[3]) + math.dist(points[1], points[2])) / 2
    return Box(
        float(middle_x - width / 2),
        float(middle_y - height / 2),
        float(middle_x + width / 2),
        float(middle_y + height / 2),
    )


def _gray(image: object) -> Gray:
    return np.asarray(image, np.uint8)
