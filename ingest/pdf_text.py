"""The own text of a page that was born digital, as lines of words with boxes, read through PDFium.

Only text that can be trusted is returned: fonts without a Unicode map give signs nobody meant, and a page whose text stands
on end would be filed sideways; such pages are rendered and read like a scan.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from ingest.normalise import folded, is_han
from ingest.pdf_content import Bounds, Matrix, bounds_of_unit_square, multiplied
from ingest.radicals import without_radicals
from ingest.rows import in_rows
from ingest.values import Box, Line, Word

_LEAST_SIGNS = 10  # fewer are a page number or a stamp: what stands there besides must be looked for in the pixels
_MOST_STRANGE = 0.05  # of the signs may be unmapped or private
_MOST_SLANTED = 0.2  # of the signs may stand otherwise than upright
_WORD_GAP = 0.25  # of the height of the signs: wider and a new word begins
_SAME_ROW = 0.5  # of the height
_DESCENT = 0.12  # of the em: usual in Han fonts
_UPRIGHT_SLACK = math.radians(10)
_STRANGE = frozenset({"Co", "Cn", "Cs", "Cc"})


@dataclass(frozen=True, slots=True)
class _Sign:
    text: str
    box: Box
    slanted: bool


def own_lines(page: Any, to_display: Matrix, dpi: float) -> tuple[Line, ...] | None:
    """Return the lines, boxes in pixels at `dpi` of the displayed page, confidence 1.0; None where they cannot be trusted."""
    textpage = page.get_textpage()
    try:
        signs = list(_signs(textpage.raw, multiplied(to_display, (dpi / 72, 0.0, 0.0, dpi / 72, 0.0, 0.0))))
    finally:
        textpage.close()
    printed = [sign for sign in signs if sign.text.strip()]
    strange = sum(_is_strange(sign.text) for sign in printed)
    slanted = sum(sign.slanted for sign in printed)
    if len(printed) < _LEAST_SIGNS or strange > _MOST_STRANGE * len(printed) or slanted > _MOST_SLANTED * len(printed):
        return None
    return in_rows(_words(signs))


def _is_strange(text: str) -> bool:
    return any(unicodedata.category(sign) in _STRANGE or sign == "\ufffd" for sign in text)


def _signs(textpage: Any, to_pixels: Matrix) -> Iterator[_Sign]:
    """Yield the signs in the order of the page's content, blanks that PDFium supposed among them."""
    before: _Place | None = None
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        text = chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
        place = _place(textpage, index, text, before)
        if place is not None:
            before = place
            left, bottom, right, top = place.bounds
            unit: Matrix = (right - left, 0.0, 0.0, top - bottom, left, bottom)
            box = Box(*bounds_of_unit_square(multiplied(unit, to_pixels)))
            yield _Sign(text, box, place.run is not None and _is_slanted(place.run.direction, to_pixels))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sign stands in the page's own frame, and the run of text that it belongs to; a blank's run is not known."""

    bounds: Bounds
    run: _Run | None


@dataclass(frozen=True, slots=True)
class _Run:
    """Where a run of text begins, and which way it is written."""

    start: tuple[float, float]
    direction: tuple[float, float]


def _place(textpage: Any, index: int, text: str, before: _Place | None) -> _Place | None:
    """Return where the sign stands; None where PDFium gives no box.

    PDFium forgets the matrix of the form around a sign that it folded (a radical, a ligature): its box then lies elsewhere,
    off the line on which its run is written, and is made anew (seen with pypdfium2 5.15 on pages printed by Chrome).
    """
    rectangle, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(rectangle)):
        return None
    given = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
    x, y = ctypes.c_double(), ctypes.c_double()
    has_matrix = pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix))
    if not has_matrix or not pdfium.FPDFText_GetCharOrigin(textpage, index, x, y) or not text.strip():
        return _Place(given, None)
    run = _Run((matrix.e, matrix.f), (matrix.a, matrix.b))
    slope = math.hypot(matrix.a, matrix.b) or 1.0
    em = pdfium.FPDFText_GetFontSize(textpage, index) * slope
    off_line = abs((y.value - matrix.f) * matrix.a - (x.value - matrix.e) * matrix.b) / slope
    if off_line <= em:
        return _Place(given, run)
    left = before.bounds[2] if before is not None and before.run == run else matrix.e
    width = em if is_han(text) else em / 2
    return _Place((left, matrix.f - em * _DESCENT, left + width, matrix.f + em * (1 - _DESCENT)), run)


def _is_slanted(direction: tuple[float, float], to_pixels: Matrix) -> bool:
    """Return whether the sign is not written from left to right as displayed."""
    across = direction[0] * to_pixels[0] + direction[1] * to_pixels[2]
    down = direction[0] * to_pixels[1] + direction[1] * to_pixels[3]
    return abs(math.atan2(down, across)) > _UPRIGHT_SLACK


def _words(signs: list[_Sign]) -> list[list[Word]]:
    """Return each word by itself: broken at blanks, gaps, new rows, and where Han and other signs meet."""
    words: list[list[Word]] = []
    run: list[_Sign] = []
    for before, sign in pairwise([_Sign(" ", Box(0, 0, 0, 0), slanted=False), *signs]):
        if run and (not sign.text.strip() or _breaks(before, sign)):
            words.extend(_word(run))
            run = []
        if sign.text.strip():
            run.append(sign)
    return [*words, *_word(run)]


def _breaks(before: _Sign, sign: _Sign) -> bool:
    height = max(before.box.height, sign.box.height, 1.0)
    gap = sign.box.left - before.box.right
    middle_before, middle = (before.box.top + before.box.bottom) / 2, (sign.box.top + sign.box.bottom) / 2
    meets = is_han(before.text[0]) != is_han(sign.text[0])
    return (
        meets or not -_SAME_ROW * height < gap < _WORD_GAP * height or abs(middle - middle_before) > _SAME_ROW * height
    )


def _word(run: list[_Sign]) -> list[list[Word]]:
    text = folded(without_radicals("".join(sign.text for sign in run if not _is_strange(sign.text))))
    return [[Word(text, Box.around([sign.box for sign in run]), 1.0)]] if text else []
