"""The visible area of a PDF page and the turn that displays it: what lies between a page's own points and the page as one sees it.

For finding pictures and text where they are displayed, and for laying text there. Not for drawing. Pure but for looking into the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pikepdf

from ingest.pdf_content import Bounds, Matrix, multiplied

_LETTER_PT = (0.0, 0.0, 612.0, 792.0)
"""What PDFium shows for a page without a size."""
_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The page's visible area in its own frame, and the turn that displays it."""

    left: float
    bottom: float
    width_pt: float
    height_pt: float
    rotate_cw: int

    @property
    def displayed_pt(self) -> tuple[float, float]:
        """Return width and height as displayed."""
        if self.rotate_cw in (90, 270):
            return self.height_pt, self.width_pt
        return self.width_pt, self.height_pt

    @property
    def to_display(self) -> Matrix:
        """Return the matrix from the page's own frame to points from the top left of the displayed page."""
        shifted: Matrix = (1.0, 0.0, 0.0, 1.0, -self.left, -self.bottom)
        turned: Matrix
        match self.rotate_cw:
            case 90:
                turned = (0.0, 1.0, 1.0, 0.0, 0.0, 0.0)
            case 180:
                turned = (-1.0, 0.0, 0.0, 1.0, self.width_pt, 0.0)
            case 270:
                turned = (0.0, -1.0, -1.0, 0.0, self.height_pt, self.width_pt)
            case _:
                turned = (1.0, 0.0, 0.0, -1.0, 0.0, self.height_pt)
        return multiplied(shifted, turned)

    @property
    def from_display(self) -> Matrix:
        """Return the matrix from points from the *bottom* left of the displayed page, y upwards, to the page's own frame."""
        left, bottom, width, height = self.left, self.bottom, self.width_pt, self.height_pt
        match self.rotate_cw:
            case 90:
                return (0.0, 1.0, -1.0, 0.0, left + width, bottom)
            case 180:
                return (-1.0, 0.0, 0.0, -1.0, left + width, bottom + height)
            case 270:
                return (0.0, -1.0, 1.0, 0.0, left, bottom + height)
            case _:
                return (1.0, 0.0, 0.0, 1.0, left, bottom)

    def turned(self, degrees_cw: int) -> PageFrame:
        """Return the same area displayed with a further turn."""
        rotate_cw = (self.rotate_cw + degrees_cw) % 360
        return PageFrame(self.left, self.bottom, self.width_pt, self.height_pt, rotate_cw)


def frame_of(page: pikepdf.Page) -> PageFrame:
    """Return the visible area: the crop box within the media box, as viewers do (ISO 32000-1, 14.11.2)."""
    media = _sorted_box(page.mediabox) or _LETTER_PT
    crop = _sorted_box(page.cropbox) or media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right - left < 1 or top - bottom < 1:
        left, bottom, right, top = media
    if right - left < 1 or top - bottom < 1:
        left, bottom, right, top = _LETTER_PT
    return PageFrame(left, bottom, right - left, top - bottom, _rotation(page))


def _sorted_box(box: Any) -> Bounds | None:
    """Return the box with its corners in order; None where it is none."""
    try:
        x0, y0, x1, y1 = (float(value) for value in box)
    except (TypeError, ValueError):
        return None
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _rotation(page: pikepdf.Page) -> int:
    """Return /Rotate, inherited or own, as 0, 90, 180 or 270; 0 where it is no number."""
    node: Any = page.obj
    for _ in range(_MAX_DEPTH):
        if "/Rotate" in node:
            try:
                return int(node["/Rotate"]) // 90 * 90 % 360
            except (TypeError, ValueError):
                return 0
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return 0
