"""Makes a displayed page ready for the recogniser, and says how to find the way back to the displayed page.

Only what was measured to pay (docs/benchmarks.md), and only what the recogniser needs: the red channel (seals), the sheet's rectangle
on a photograph (`photo`), an even ground (stains, shadows, faint print), straight lines (`skew`), no ruling (`ruling`), square pixels
(fax). No median filter and no general enlarging: both cost more than they give. Nothing made here is ever kept: the archive gets the
scanner's own image.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.decoded import DecodedPage
from ingest.grays import Gray, levelling, shrunk
from ingest.photo import Corners, paper_corners
from ingest.ruling import without_ruling
from ingest.skew import skew_of
from ingest.values import PixelNeeds

Matrix = NDArray[np.float64]

_SKEW_IGNORED_DEGREES = 0.12
_NEAR_ENOUGH = 0.9  # scaling by less blurs more than it saves
_GROUND_DPI = 40
_BROADEST_STROKE = 5  # pixels at _GROUND_DPI (3 mm): the brightest neighbour within it is the paper
_EVEN_GROUND = 0.92  # darkest to brightest part of the paper: evener than this needs no evening
_WHITE_GROUND = 225


@dataclass(frozen=True, slots=True)
class Frame:
    """A page in gray with square pixels, upright as displayed; red ink is light in it."""

    pixels: Gray
    dpi: float
    corners: Corners | None  # of the sheet on a photograph, in pixels of the frame
    is_bilevel: bool

    @property
    def width_px(self) -> int:
        """Return the width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height_px(self) -> int:
        """Return the height in pixels."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Prepared:
    """Pixels for the recogniser, and the *level page*: what they are once turned so that their lines are level, as wide and as high.

    `skew_degrees` is the skew that was found, `tilt_degrees` what is left of it in `pixels` (positive = counter-clockwise): none where
    they are the level page themselves. `to_frame` takes a point of the level page to the displayed upright frame (3 x 3).
    """

    pixels: Gray
    dpi: float
    skew_degrees: float
    to_frame: Matrix
    tilt_degrees: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels, of the level page as well."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])

    def crop(self, left: int, top: int, right: int, bottom: int) -> Gray:
        """Return a part of the level page, inside it."""
        if not self.tilt_degrees:
            return self.pixels[top:bottom, left:right]
        turn = levelling(self.size, self.tilt_degrees)
        turn[:, 2] -= left, top
        return _turned_level(self.pixels, turn, (right - left, bottom - top))


def displayed_frame(decoded: DecodedPage) -> Frame:
    """Return the page as the file displays it, not turned, with the sheet found where it is a photograph of one."""
    gray = gray_of(decoded.pixels)
    dpi = max(decoded.dpi_x, decoded.dpi_y)
    if abs(decoded.dpi_x - decoded.dpi_y) > 0.01 * dpi:
        height, width = gray.shape
        size = (round(width * dpi / decoded.dpi_x), round(height * dpi / decoded.dpi_y))
        gray = _gray(cv2.resize(gray, size, interpolation=cv2.INTER_CUBIC))
    corners = paper_corners(decoded.pixels) if decoded.pixels.mode == "RGB" else None
    return Frame(gray, dpi, corners, decoded.pixels.mode == "1")


def turned(frame: Frame, rotation_cw: int) -> Frame:
    """Return the frame turned clockwise by 0, 90, 180 or 270 degrees."""
    turns = (rotation_cw // 90) % 4
    if not turns:
        return frame
    corners, height, width = frame.corners, float(frame.height_px), float(frame.width_px)
    for _ in range(turns):
        corners = None if corners is None else _turned_once(corners, height)
        width, height = height, width
    return Frame(np.ascontiguousarray(np.rot90(frame.pixels, -turns)), frame.dpi, corners, frame.is_bilevel)


def _turned_once(corners: Corners, height: float) -> Corners:
    top_left, top_right, bottom_right, bottom_left = ((height - y, x) for x, y in corners)
    return bottom_left, top_left, top_right, bottom_right


def gray_of(pixels: Image.Image) -> Gray:
    """Return gray levels in which red ink (seals) is light and every other ink dark."""
    if pixels.mode in ("RGB", "RGBA", "CMYK", "P", "YCbCr", "LAB"):
        rgb = pixels if pixels.mode == "RGB" else pixels.convert("RGB")
        return _levels_of(rgb.getchannel("R"))
    return _levels_of(pixels if pixels.mode == "L" else pixels.convert("L"))


def _levels_of(pixels: Image.Image) -> Gray:
    """Return the gray levels, not to be written to, laid once from Pillow's memory into the array's: its own way makes three copies."""
    levels = np.empty((pixels.height, pixels.width), np.uint8)
    over = Image.frombuffer("L", pixels.size, levels, "raw", "L", 0, 1)
    over.readonly = 0  # or Pillow would lay them into a copy
    over.paste(pixels)
    levels.flags.writeable = False
    return levels


def prepared(frame: Frame, needs: PixelNeeds, skew_degrees: float | None = None) -> Prepared:
    """Return the frame as the recogniser needs it; a skew that is known already is not measured again."""
    pixels, to_frame = frame.pixels, np.eye(3)
    if frame.corners is not None:
        pixels, to_frame = _flattened(pixels, frame.corners)
    pixels, dpi, to_frame = _scaled(pixels, frame.dpi, to_frame, needs)
    if needs.even_ground and not frame.is_bilevel:
        pixels = evened(pixels, dpi)
    skew = 0.0
    if needs.straight_lines or needs.tilt_told:
        skew = skew_of(pixels, dpi) if skew_degrees is None else skew_degrees
    tilt = skew = 0.0 if abs(skew) < _SKEW_IGNORED_DEGREES else skew
    size = pixels.shape[1], pixels.shape[0]
    turn = levelling(size, skew)
    if skew:
        to_frame = np.asarray(to_frame @ np.linalg.inv(np.vstack([turn, [0, 0, 1]])), np.float64)
    if skew and needs.straight_lines:
        pixels, tilt = _turned_level(pixels, turn, size), 0.0
    if needs.no_ruling:
        pixels = without_ruling(pixels, dpi)
    return Prepared(pixels, dpi, skew, to_frame, tilt)


def _scaled(pixels: Gray, dpi: float, to_frame: Matrix, needs: PixelNeeds) -> tuple[Gray, float, Matrix]:
    """Return the page at a resolution that the recogniser reads well; a resolution near enough is left as it is."""
    factor = 2.0 if dpi < needs.least_dpi else needs.most_dpi / dpi
    if factor > _NEAR_ENOUGH and dpi >= needs.least_dpi:
        return pixels, dpi, to_frame
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    height, width = pixels.shape
    size = max(1, round(width * factor)), max(1, round(height * factor))
    back = np.diag([width / size[0], height / size[1], 1.0])
    return _gray(cv2.resize(pixels, size, interpolation=how)), dpi * factor, np.asarray(to_frame @ back, np.float64)


def _turned_level(pixels: Gray, turn: Matrix, size: tuple[int, int]) -> Gray:
    return _gray(cv2.warpAffine(pixels, turn, size, flags=cv2.INTER_LINEAR, borderValue=(255,)))


def evened(gray: Gray, dpi: float) -> Gray:
    """Return the page on an even white ground: divided by its own background; the page itself where that is even already."""
    small = shrunk(gray, dpi, _GROUND_DPI)
    stroke = np.ones((_BROADEST_STROKE, _BROADEST_STROKE), np.uint8)
    ground = cv2.medianBlur(_gray(cv2.dilate(small, stroke)), 9)
    darkest, brightest = np.percentile(ground, (1, 99))
    if darkest >= _EVEN_GROUND * brightest and brightest >= _WHITE_GROUND:
        return gray
    height, width = gray.shape
    ground = _gray(cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR))
    return _gray(cv2.divide(gray, np.maximum(ground, 1), scale=255))


def _flattened(frame: Gray, corners: Corners) -> tuple[Gray, Matrix]:
    """Return the sheet alone, as wide and high as its sides are long, and the way back."""
    top_left, top_right, bottom_right, bottom_left = corners
    width = (math.dist(top_left, top_right) + math.dist(bottom_left, bottom_right)) / 2
    height = (math.dist(top_left, bottom_left) + math.dist(top_right, bottom_right)) / 2
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    there = cv2.getPerspectiveTransform(np.array(corners, np.float32), target)
    size = (max(1, round(width)), max(1, round(height)))
    flat = _gray(cv2.warpPerspective(frame, there, size, flags=cv2.INTER_CUBIC, borderValue=(255,)))
    return flat, np.asarray(np.linalg.inv(there), np.float64)


def _gray(image: object) -> Gray:
    return np.asarray(image, np.uint8)
