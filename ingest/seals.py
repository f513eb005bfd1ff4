"""Finds seals that the scanner turned to gray, and takes them off the page, so that what is printed below them can be read.

In a colour scan a red seal is gone already: the red channel does not show it (`prepare`). In a gray scan its ink stays, lighter than print and
broad enough to have a level of its own in places: the star, the ring. Print, however small, is flat nowhere but where it is darkest. So a
seal shows by flat grays between print and paper, and whatever is not clearly darker than its level is made white there.
Anything else written in so pale an ink goes with it: this is for a second look, never for the only one (`ppocr`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.grays import Gray, shrunk, shrunk_to
from ingest.prepare import evened
from ingest.resolution import MM_PER_INCH

_DPI = 150  # a seal's ring is 1 mm wide: 6 pixels
_COARSER = 4  # times: where areas are added up
_GROUND = 6  # times coarser: the brightest within _LETTERS_PX of that is the paper
_LETTERS_PX = 9
_EVEN_GROUND = 0.92  # darkest to brightest part of the paper: evener than this needs no evening
_WHITE_GROUND = 225
_DARKEST, _PAPER = 0.003, 0.9  # of a page's pixels are print at its darkest; darker than the brighter paper
_EDGE = 40  # gray levels between neighbours: more is the edge of something
_DARKER_THAN_PAPER = 0.76  # of its level; stains, folds and what shines through are lighter
_LIGHTER_THAN_PRINT = 0.2  # of the way from print to paper
_STAR_MM = 20.0
_LEAST_MM2 = 4.0  # of flat gray within that: of 27 drawn seals 5 to 12, of 90 pages without one at most 2.5
_SEAL_MM = 46.0  # GB/T 33481: round seals of enterprises measure 38 to 42 mm
_GRAY = 0.3  # of a coarse pixel
_MOST_SEALS = 3
_USUAL_INK = 0.3  # of a seal's pixels are darker than the level that stands for it
_PRINT_TO_SEAL = 0.7  # of the way from print to seal: darker is print where the seal is broad; elsewhere all that is darker than the seal
_RIM_MM = 0.6  # about broad parts: their worn edges
_SOFT_EDGE_PX = 1.0  # at _DPI: the gray rim of a stroke
_LEAST_CONTRAST = 30  # gray levels from print to seal


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """A square of the page, in its pixels, that a seal covers; right and bottom exclusive, inside the page."""

    left: int
    top: int
    right: int
    bottom: int


def sealed_places(page: Gray, dpi: float) -> tuple[SealedPlace, ...]:
    """Return where gray seals lie, the darkest first; () for nearly every page that has none."""
    small = _on_even_ground(shrunk(page, dpi, _DPI))
    flat = _flat_grays(small)
    per_mm = min(dpi, _DPI) / MM_PER_INCH
    if cv2.countNonZero(flat) < _LEAST_MM2 * per_mm**2:
        return ()
    height, width = flat.shape
    coarse = shrunk_to(flat, (max(1, width // _COARSER), max(1, height // _COARSER)))
    return tuple(_places(coarse, per_mm / _COARSER, page.shape))


def _places(coarse: Gray, per_mm: float, shape: tuple[int, ...]) -> Iterator[SealedPlace]:
    left_over = coarse.astype(np.float32) / 255
    side = max(1, round(_STAR_MM * per_mm))
    scale_y, scale_x = shape[0] / coarse.shape[0], shape[1] / coarse.shape[1]
    for _ in range(_MOST_SEALS):
        gray = cv2.boxFilter(left_over, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
        _, most, _, (x, y) = cv2.minMaxLoc(gray)
        if most < _LEAST_MM2 * per_mm**2:
            return
        seal = _SEAL_MM * per_mm
        place = _square(x, y, side, coarse.shape)
        for _ in range(2):  # the star first, then ring and all
            rows, columns = np.nonzero(left_over[place.top : place.bottom, place.left : place.right] > _GRAY)
            if len(rows):
                x, y = place.left + (columns.min() + columns.max()) / 2, place.top + (rows.min() + rows.max()) / 2
            place = _square(x, y, seal, coarse.shape)
        left_over[place.top : place.bottom, place.left : place.right] = 0
        yield SealedPlace(
            round(place.left * scale_x),
            round(place.top * scale_y),
            round(place.right * scale_x),
            round(place.bottom * scale_y),
        )


def _square(x: float, y: float, side: float, shape: tuple[int, ...]) -> SealedPlace:
    height, width = shape[:2]
    return SealedPlace(
        max(0, round(x - side / 2)),
        max(0, round(y - side / 2)),
        min(width, round(x + side / 2)),
        min(height, round(y + side / 2)),
    )


def without_seal(page: Gray, dpi: float, place: SealedPlace) -> Gray:
    """Return the page with white in this place for all but print: cores darker than the seal can be, and their soft edges."""
    part = np.s_[place.top : place.bottom, place.left : place.right]
    even = evened(page[part], dpi)
    small = shrunk(even, dpi, _DPI)
    flat = _flat_grays(small)
    if not flat.any():
        return page
    darkest, _ = _ink_and_paper(small)
    seal = float(np.quantile(small[flat > 0], _USUAL_INK))
    if seal - darkest < _LEAST_CONTRAST:
        return page
    height, width = even.shape
    broad = cv2.dilate(cv2.resize(flat, (width, height)), _reach(_RIM_MM * dpi / MM_PER_INCH)) > 0
    core = even < np.where(broad, darkest + _PRINT_TO_SEAL * (seal - darkest), seal)
    is_print = cv2.dilate(core.astype(np.uint8), _reach(_SOFT_EDGE_PX * dpi / _DPI)) > 0
    bare = page.copy()
    bare[part] = np.where(is_print, even, 255)
    return bare


def _reach(radius_px: float) -> NDArray[np.uint8]:
    side = 2 * max(1, round(radius_px)) + 1
    return np.ones((side, side), np.uint8)


def _flat_grays(small: Gray) -> Gray:
    """Return 255 where the page is between print and paper and has no edge."""
    ink, paper = _ink_and_paper(small)
    darkest = ink + _LIGHTER_THAN_PRINT * (paper - ink)
    edges = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    between = cv2.inRange(small, (darkest + 1,), (_DARKER_THAN_PAPER * paper,))
    return np.asarray(cv2.bitwise_and(between, cv2.inRange(edges, (0,), (_EDGE,))), np.uint8)


def _ink_and_paper(small: Gray) -> tuple[int, int]:
    counts = np.bincount(small[::3, ::3].ravel(), minlength=256)
    ink, paper = np.searchsorted(np.cumsum(counts), (_DARKEST * counts.sum(), _PAPER * counts.sum()))
    return int(ink), int(paper)


def _on_even_ground(small: Gray) -> Gray:
    """Return the page divided by its paper; the page itself where that is even."""
    height, width = small.shape
    coarse = shrunk_to(small, (max(1, width // _GROUND), max(1, height // _GROUND)))
    ground = cv2.blur(cv2.dilate(coarse, np.ones((_LETTERS_PX,) * 2, np.uint8)), (_LETTERS_PX,) * 2)
    darkest, brightest = np.quantile(ground, (0.01, 0.99))
    if darkest >= _EVEN_GROUND * brightest and brightest >= _WHITE_GROUND:
        return small
    ground = cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(small, np.maximum(ground, 1), scale=255), np.uint8)
