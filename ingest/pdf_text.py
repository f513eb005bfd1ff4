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
from ingest.pdf_content import Matrix, bounds_of_unit_square, multiplied
from ingest.rows import in_rows
from ingest.values import Box, Line, Word

_LEAST_SIGNS = 10  # fewer are a page number or a stamp: what stands there besides must be looked for in the pixels
_MOST_STRANGE = 0.05  # of the signs may be unmapped or private
_MOST_SLANTED = 0.2  # of the signs may stand otherwise than upright
_WORD_GAP = 0.25  # of the height of the signs: wider and a new word begins
_SAME_ROW = 0.5  # of the height
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
    """Yield the signs in the order of the page's content; blanks have no box of their own worth keeping."""
    rectangle = pdfium.FS_RECTF()
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            text = "\ufffd"
        else:
            text = chr(code)
        if not pdfium.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(rectangle)):
            continue
        angle = pdfium.FPDFText_GetCharAngle(textpage, index)
        unit: Matrix = (
            rectangle.right - rectangle.left,
            0.0,
            0.0,
            rectangle.top - rectangle.bottom,
            rectangle.left,
            rectangle.bottom,
        )
        yield _Sign(text, Box(*bounds_of_unit_square(multiplied(unit, to_pixels))), _is_slanted(angle, to_pixels))


def _is_slanted(angle: float, to_pixels: Matrix) -> bool:
    """Return whether the sign's writing direction is not from left to right as displayed."""
    if angle < 0:
        return False
    across = math.cos(angle) * to_pixels[0] + math.sin(angle) * to_pixels[2]
    down = math.cos(angle) * to_pixels[1] + math.sin(angle) * to_pixels[3]
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
    text = folded("".join(sign.text for sign in run if not _is_strange(sign.text)))
    return [[Word(text, Box.around([sign.box for sign in run]), 1.0)]] if text else []
