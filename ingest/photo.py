"""Finds the sheet of paper on a photograph of a table. Not for flattening it (`prepare`), nor for cropping scans that fill their frame.

What is outside of the corners is never read, so a sheet is reported only where it is surely one:
1. a brighter, four-sided, convex area of at least a third of the picture, its corners nearly square;
2. all along each side (but where the picture ends) the paper is clearly brighter or paler than what lies beside it;
3. what lies outside is no paper: little of it is as bright as the sheet.
Everything else is read as it is. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
"""From the top left, clockwise."""

_LOOK_PX = 600  # the longer side of the picture that is looked at
_LEAST_AREA, _MOST_AREA = 0.33, 0.985
_SQUARE_DEGREES = 22.0
_SAMPLES = 48
_SNAP_PX = 24  # how far a rough side may be from the true one
_OFFSET_PX = 5.0  # beside a side, both ways, at _LOOK_PX
_STEP = 18.0  # gray levels between paper and table
_CLEAR_STEP = 60.0  # more makes no sheet surer
_SUPPORT = 0.8  # of each side must show that step
_RIM_PX = 2.5  # a side so near the end of the picture has nothing beside it


def paper_corners(picture: Image.Image) -> Corners | None:
    """Return the sheet's corners in pixels of an RGB picture; None where no sheet surely lies on something else."""
    width, height = picture.size
    scale = min(1.0, _LOOK_PX / max(height, width))
    step = max(1, int(0.5 / scale))  # every pixel of a large scan would cost more than all that follows
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # Thinned out by Pillow: as an array the whole picture would take 26 MB more.
    thinned = picture.resize((-(-width // step), -(-height // step)), Image.Resampling.NEAREST) if step > 1 else picture
    small = cv2.resize(np.asarray(thinned), size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), (3, 3), 0)
    views = _views(np.asarray(small, np.uint8))
    if all(_is_even(view) for view in views):
        return None
    best, best_score = None, 0.0
    for view in views:
        for rough in _candidates(view):
            for corners in (rough, _snapped(view, rough)):
                score = max(_score(other, corners) for other in views)
                if score > best_score:
                    best, best_score = corners, score
    if best is None:
        return None
    top_left, top_right, bottom_right, bottom_left = ((x / scale, y / scale) for x, y in best)
    return top_left, top_right, bottom_right, bottom_left


def _views(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """Return gray pictures in which paper is bright: by lightness, and by paleness (a coloured table in full light)."""
    gray = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    darkest = rgb.min(axis=2)
    saturation = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV), np.uint8)[:, :, 1]
    return gray, darkest, np.asarray(255 - saturation, np.uint8)


def _is_even(view: NDArray[np.uint8]) -> bool:
    """Return whether the rim of the picture looks like its middle: paper all over, as on any scan."""
    rim = np.concatenate([view[:4].ravel(), view[-4:].ravel(), view[:, :4].ravel(), view[:, -4:].ravel()])
    height, width = view.shape
    middle = float(np.median(view[height // 4 : -height // 4, width // 4 : -width // 4]))
    return float(np.percentile(rim, 25)) > middle - _STEP


def _candidates(view: NDArray[np.uint8]) -> Iterator[Corners]:
    height, width = view.shape
    otsu, _ = cv2.threshold(view, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    for level in sorted({otsu, *np.percentile(view, (10, 20, 30, 40, 50))}):
        _, mask = cv2.threshold(view, float(level), 255, cv2.THRESH_BINARY)
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        if not contours:
            continue
        hull = cv2.convexHull(max(contours, key=cv2.contourArea))
        if not _LEAST_AREA <= cv2.contourArea(hull) / (width * height) <= _MOST_AREA:
            continue
        for tolerance in (0.01, 0.02, 0.04):
            outline = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True)
            if len(outline) == 4:
                yield _ordered(outline.reshape(4, 2).astype(np.float64))
                break


def _ordered(points: NDArray[np.float64]) -> Corners:
    """Return the corners clockwise, beginning with the one nearest to the top left."""
    middle = points.mean(axis=0)
    around = sorted(
        ((float(x), float(y)) for x, y in points), key=lambda p: math.atan2(p[1] - middle[1], p[0] - middle[0])
    )
    first = min(range(4), key=lambda index: sum(around[index]))
    a, b, c, d = (around[(first + step) % 4] for step in range(4))
    return a, b, c, d


def _score(view: NDArray[np.uint8], corners: Corners) -> float:
    """Return how surely this is a sheet: 0.0 where a condition fails, else the mean step at its four sides in gray levels."""
    if any(abs(angle - 90.0) > _SQUARE_DEGREES for angle in _angles(corners)):
        return 0.0
    steps = [_side_steps(view, corners[side], corners[(side + 1) % 4], _middle(corners)) for side in range(4)]
    shown = [side for side in steps if len(side)]
    if len(shown) < 3 or any(float(np.mean(side >= _STEP)) < _SUPPORT for side in shown):
        return 0.0
    if not _stands_alone(view, corners):
        return 0.0
    return (
        float(sum(np.mean(np.minimum(side, _CLEAR_STEP)) for side in shown)) / 4
    )  # a side that nobody sees counts for none


def _snapped(view: NDArray[np.uint8], corners: Corners) -> Corners:
    """Return the corners where lines along the steps nearest to the four sides meet; masks round corners off and lose shaded ones."""
    lines = [_line_of_steps(view, corners[side], corners[(side + 1) % 4]) for side in range(4)]
    met = [_meeting(lines[side - 1], lines[side]) for side in range(4)]
    height, width = view.shape
    if any(not (-_SNAP_PX < x < width + _SNAP_PX and -_SNAP_PX < y < height + _SNAP_PX) for x, y in met):
        return corners
    return met[0], met[1], met[2], met[3]


def _line_of_steps(view: NDArray[np.uint8], start: Point, end: Point) -> tuple[Point, Point]:
    """Return a point and the direction of the line along which the view falls off most, near a side (clockwise, the inside at its right)."""
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    inward_x, inward_y = -(y1 - y0) / length, (x1 - x0) / length
    along = np.linspace(0.1, 0.9, _SAMPLES)[:, None]
    across = np.arange(-_SNAP_PX - 4, _SNAP_PX + 5)[None, :]
    levels = _levels(view, x0 + (x1 - x0) * along + inward_x * across, y0 + (y1 - y0) * along + inward_y * across)
    sums = np.cumsum(np.pad(levels, ((0, 0), (1, 0))), axis=1)
    means = (sums[:, 4:] - sums[:, :-4]) / 4
    steps = means[:, 4:] - means[:, :-4]
    places = steps.argmax(axis=1) - _SNAP_PX + 0.5
    xs, ys = x0 + (x1 - x0) * along[:, 0] + inward_x * places, y0 + (y1 - y0) * along[:, 0] + inward_y * places
    points = np.stack([xs, ys], axis=1)[steps.max(axis=1) >= _STEP]
    if len(points) < _SAMPLES // 3:
        return start, ((x1 - x0) / length, (y1 - y0) / length)
    way_x, way_y, x, y = (
        float(value) for value in cv2.fitLine(points.astype(np.float32), cv2.DIST_WELSCH, 0, 0.01, 0.01).ravel()
    )
    return (x, y), (way_x, way_y)


def _meeting(one: tuple[Point, Point], other: tuple[Point, Point]) -> Point:
    (x0, y0), (dx0, dy0) = one
    (x1, y1), (dx1, dy1) = other
    slant = dx0 * dy1 - dy0 * dx1
    if abs(slant) < 0.1:
        return math.inf, math.inf
    way = ((x1 - x0) * dy1 - (y1 - y0) * dx1) / slant
    return x0 + way * dx0, y0 + way * dy0


def _side_steps(view: NDArray[np.uint8], start: Point, end: Point, middle: Point) -> NDArray[np.float64]:
    """Return paper minus table along a side; empty where the picture ends beside most of it."""
    height, width = view.shape
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    normal_x, normal_y = -(y1 - y0) / length, (x1 - x0) / length
    if (middle[0] - x0) * normal_x + (middle[1] - y0) * normal_y < 0:
        normal_x, normal_y = -normal_x, -normal_y
    along = np.linspace(0.04, 0.96, _SAMPLES)
    xs, ys = x0 + (x1 - x0) * along, y0 + (y1 - y0) * along
    out_x, out_y = xs - normal_x * _OFFSET_PX, ys - normal_y * _OFFSET_PX
    on_picture = (out_x >= _RIM_PX) & (out_x < width - _RIM_PX) & (out_y >= _RIM_PX) & (out_y < height - _RIM_PX)
    if np.mean(on_picture) < 0.3:
        return np.zeros(0)
    inner = _levels(view, xs + normal_x * _OFFSET_PX, ys + normal_y * _OFFSET_PX)
    outer = _levels(view, out_x, out_y)
    return np.asarray((inner - outer)[on_picture], np.float64)


def _levels(view: NDArray[np.uint8], xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
    height, width = view.shape
    columns = np.clip(np.rint(xs), 0, width - 1).astype(np.int64)
    rows = np.clip(np.rint(ys), 0, height - 1).astype(np.int64)
    return view[rows, columns].astype(np.float64)


def _stands_alone(view: NDArray[np.uint8], corners: Corners) -> bool:
    """Return whether little outside of the sheet is as bright as the sheet's darker parts."""
    mask = np.zeros(view.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.rint(np.array(corners)).astype(np.int32), 255)
    mask = np.asarray(cv2.dilate(mask, np.ones((9, 9), np.uint8)), np.uint8)
    outside, inside = view[mask == 0], view[mask > 0]
    return not len(outside) or float(np.mean(outside >= np.percentile(inside, 40) - _STEP / 2)) < 0.15


def _angles(corners: Corners) -> Iterator[float]:
    for index in range(4):
        (ax, ay), (bx, by), (cx, cy) = corners[index - 1], corners[index], corners[(index + 1) % 4]
        turn = math.degrees(math.atan2(cy - by, cx - bx) - math.atan2(ay - by, ax - bx)) % 360
        yield min(turn, 360 - turn)


def _middle(corners: Corners) -> Point:
    return sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
