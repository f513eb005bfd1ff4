"""The true resolution of page pixels, when what the file says may be wrong. Pure.

Recognisers, blank-page and separator rules all measure in millimetres, and many files lie: phones and mail programs write 72 or
96 dpi or nothing, some drivers 1 dpi. The rule:
1. What the file states is believed when the paper it would make is between a till receipt's stub and A0, and the number is not one of
   the defaults (1, 72, 96) that programs write when they know nothing.
2. A default is believed only when it makes a known paper size to within 3 %: somebody did scan at 72 dpi.
3. A bilevel page of a fax width (1728, 2048, 2432 pixels, ITU-T T.4) without resolution is a fax: 204 dpi across, and 98 or 196
   down, whichever makes a page.
4. Otherwise the paper is guessed by its proportions: long strips are 80 mm till rolls; what has Letter's proportions is Letter; all else,
   A4's proportions or a photograph of a page with its surroundings, is taken to be as long as A4 (297 mm).
A5 and A3 have A4's proportions: there the guess is wrong by √2, which every later rule must and does bear.
"""

from __future__ import annotations

MM_PER_INCH = 25.4
_DEFAULTS = frozenset({0, 1, 72, 96})
_LEAST_DPI, _MOST_DPI = 50.0, 2600.0
_LEAST_SIDE_MM, _MOST_SIDE_MM = 30.0, 1300.0
_FAX_WIDTHS_PX = {1728: 204.0, 2048: 204.0, 2432: 204.0}
_FAX_DPI_DOWN = (196.0, 98.0)
_FAX_LENGTH_MM = (200.0, 450.0)
_TILL_ROLL_PROPORTION, _TILL_ROLL_MM = 2.0, 80.0
_PAPERS_MM = (
    (210.0, 297.0),
    (148.0, 210.0),
    (105.0, 148.0),
    (297.0, 420.0),
    (215.9, 279.4),
    (215.9, 355.6),
    (182.0, 257.0),
)
_LETTER_MM = (215.9, 279.4)
_A4_LONG_MM = 297.0
_TOLERANCE = 0.03
_GUESSED_DPI = (60.0, 1200.0)


def true_dpi(
    width_px: int, height_px: int, stated: tuple[float, float] | None, *, is_bilevel: bool = False
) -> tuple[float, float]:
    """Return the resolution across and down that the page most plausibly has, by the numbered rule above."""
    if stated is not None and _is_believable(width_px, height_px, stated):
        return stated
    if is_bilevel and width_px in _FAX_WIDTHS_PX:
        return _FAX_WIDTHS_PX[width_px], _fax_dpi_down(height_px)
    guess = _by_proportion(min(width_px, height_px), max(width_px, height_px))
    return guess, guess


def _is_believable(width_px: int, height_px: int, stated: tuple[float, float]) -> bool:
    if any(not _LEAST_DPI <= dpi <= _MOST_DPI for dpi in stated):
        return False
    sides = _sides_mm(width_px, height_px, stated)
    if any(round(dpi) in _DEFAULTS for dpi in stated):
        return any(_is_near(sides, paper) for paper in _PAPERS_MM)
    if not 0.4 <= stated[0] / stated[1] <= 2.5:
        return False
    return sides[0] >= _LEAST_SIDE_MM and sides[1] <= _MOST_SIDE_MM


def _sides_mm(width_px: int, height_px: int, dpi: tuple[float, float]) -> tuple[float, float]:
    """Return the shorter and the longer side."""
    width, height = width_px / dpi[0] * MM_PER_INCH, height_px / dpi[1] * MM_PER_INCH
    return min(width, height), max(width, height)


def _is_near(sides: tuple[float, float], paper: tuple[float, float]) -> bool:
    return all(abs(side / known - 1) <= _TOLERANCE for side, known in zip(sides, paper, strict=True))


def _fax_dpi_down(height_px: int) -> float:
    shortest, longest = _FAX_LENGTH_MM
    for dpi in _FAX_DPI_DOWN:
        if shortest <= height_px / dpi * MM_PER_INCH <= longest:
            return dpi
    return _FAX_DPI_DOWN[0]


def _by_proportion(short_px: int, long_px: int) -> float:
    proportion = long_px / max(1, short_px)
    if proportion >= _TILL_ROLL_PROPORTION:
        guess = short_px / _TILL_ROLL_MM
    elif abs(proportion / (_LETTER_MM[1] / _LETTER_MM[0]) - 1) <= _TOLERANCE / 3:
        guess = long_px / _LETTER_MM[1]
    else:
        guess = long_px / _A4_LONG_MM
    return min(_GUESSED_DPI[1], max(_GUESSED_DPI[0], guess * MM_PER_INCH))
