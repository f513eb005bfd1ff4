"""Reads one decoded page: blank or not, which way up, codes, prepared, recognised, laid back onto the page as displayed.

Runs inside a limited child. Not for opening files (`pages`) nor for several pages at once (`reader`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ingest.decoded import DecodedPage
from ingest.ink import Ink, ink_of
from ingest.interfaces import IRecogniser
from ingest.orientation import clockwise_turn
from ingest.patches import patches_of
from ingest.placing import inked_box, laid_in_frame
from ingest.prepare import Frame, Prepared, displayed_frame, prepared, turned
from ingest.quality import quality_of
from ingest.sheets import barcodes_of
from ingest.values import UNREAD, Box, Line, NumberLook, PageText, ReadingOptions, TextSource
from ingest.writing import is_written

_SURE = 0.7
_FEW_SIGNS = (
    4  # surely read: fewer, and a faint page's print shines through, and nothing tells which way up a page lies
)
_SIGNS_OF_A_TURNED_PAGE = 40
"""Surely read: fewer, and the page is read as it was scanned, too. 6 of 6 turned forms of the corpus read as 100 or more, and none of the
three pages that were turned wrongly (photographs with a caption, a blank back)."""
_NUMBER_MARGIN = 0.25  # of the height of the number, on all sides
_SIGN_SHARE = 0.45  # of the height of a box around a number, or around the place for one: its signs


def read_page(decoded: DecodedPage, recogniser: IRecogniser, options: ReadingOptions) -> PageText:
    """Return the page as read; boxes in the displayed upright frame."""
    frame, decoded = displayed_frame(decoded), decoded.without_pixels()
    if decoded.own_lines is not None:
        return _with_own_text(decoded.page_number, frame, decoded.own_lines)
    ink = Ink.PLAIN if frame.corners else ink_of(frame.pixels, frame.dpi)
    if ink is Ink.NONE:
        return _blank(decoded.page_number, frame)
    rotation_cw = clockwise_turn(frame.pixels)
    ready, lines = _recognised(turned(frame, rotation_cw), recogniser, options)
    if rotation_cw and _signs_surely_read(lines) < _SIGNS_OF_A_TURNED_PAGE:
        as_scanned, other_lines = _recognised(frame, recogniser, options)
        signs = _signs_surely_read(lines)
        if signs < _FEW_SIGNS or _signs_surely_read(other_lines) * 2 >= signs:
            rotation_cw, ready, lines = 0, as_scanned, other_lines
    upright = turned(frame, rotation_cw)
    codes = (*barcodes_of(upright.pixels), *patches_of(upright.pixels, upright.dpi))
    is_kept = ink is Ink.PLAIN or bool(codes) or _signs_surely_read(lines) >= _FEW_SIGNS
    if not is_kept or (ink is Ink.TRACES and not codes and not _is_of_this_side(upright, lines, recogniser, options)):
        return _blank(decoded.page_number, frame)
    laid = laid_in_frame(lines, ready.to_frame)
    return PageText(
        page_number=decoded.page_number,
        width_px=upright.width_px,
        height_px=upright.height_px,
        dpi=upright.dpi,
        rotation_cw=rotation_cw,
        skew_degrees=ready.skew_degrees,
        is_blank=False,
        source=TextSource.RECOGNISED,
        lines=laid,
        barcodes=codes,
        quality=quality_of(upright, decoded, laid, ready.skew_degrees),
    )


def read_number(decoded: DecodedPage, page: PageText, box: Box, recogniser: IRecogniser) -> tuple[NumberLook, ...]:
    """Return what number-only looks at a box of a page read before say, surest first.

    () where nothing is written (recognisers make digits of cell borders); UNREAD alone where something could not be read.
    """
    frame = turned(displayed_frame(decoded), page.rotation_cw)
    ready = prepared(frame, recogniser.needs, page.skew_degrees)
    place = inked_box(box, page.lines, ready.to_frame)
    margin = _NUMBER_MARGIN * place.height
    width, height = ready.size
    left, right = max(0, round(place.left - margin)), min(width, round(place.right + margin))
    top, bottom = max(0, round(place.top - margin)), min(height, round(place.bottom + margin))
    if right <= left or bottom <= top:
        return ()
    crop = ready.crop(left, top, right, bottom)
    bare = crop[
        max(0, round(place.top) - top) : max(0, round(place.bottom) - top),
        max(0, round(place.left) - left) : max(0, round(place.right) - left),
    ]
    if not is_written(bare, _SIGN_SHARE * place.height):
        return ()
    looks = recogniser.read_number(crop, ready.dpi)
    return looks or (NumberLook(UNREAD, 0.0),)


def _recognised(upright: Frame, recogniser: IRecogniser, options: ReadingOptions) -> tuple[Prepared, tuple[Line, ...]]:
    ready = prepared(upright, recogniser.needs)
    return ready, recogniser.recognise(ready, options.languages)


def _is_of_this_side(upright: Frame, lines: tuple[Line, ...], recogniser: IRecogniser, options: ReadingOptions) -> bool:
    """Return whether what was read of traces is written on this side: what shines through reads badly, and better in a mirror.

    Of 29 blank pages of the corpus at most 17 % of the signs read were sure; of drawn forms as pale as 240 on 250 all but 2 %.
    """
    signs = _signs_surely_read(lines)
    if 2 * signs < sum(len(word.text) for line in lines for word in line.words):
        return False
    mirrored = replace(upright, pixels=np.ascontiguousarray(upright.pixels[:, ::-1]), corners=None)
    _, other_lines = _recognised(mirrored, recogniser, options)
    return signs >= _signs_surely_read(other_lines)


def _with_own_text(page_number: int, frame: Frame, lines: tuple[Line, ...]) -> PageText:
    codes = barcodes_of(frame.pixels)
    size = frame.width_px, frame.height_px
    return PageText(page_number, *size, frame.dpi, 0, 0.0, False, TextSource.OWN, lines, codes)


def _blank(page_number: int, frame: Frame) -> PageText:
    size = frame.width_px, frame.height_px
    return PageText(page_number, *size, frame.dpi, 0, 0.0, True, TextSource.NONE, (), ())


def _signs_surely_read(lines: tuple[Line, ...]) -> int:
    return sum(len(word.text) for line in lines for word in line.words if word.confidence >= _SURE)
