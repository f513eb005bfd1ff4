"""The invisible text of a read page: one text object for each printed line, laid where the line is displayed.

Every line lies horizontally in the *displayed* frame: poppler shatters lines that follow a skew (20 of 20 whole at 1.5 degrees, none
from 4, measured), and shows lines laid level whole up to 10. Inside a line, signs keep to the boxes of their words: neighbouring words share
one stretch as long as none of them leaves its place, so that most lines are one string; a wide gap is stepped over.
Where the line's text has no blank, the sign before a gap is stretched over it: else `pdftotext` would put a blank there.
Not for what is drawn (`text_layer`), nor for reading order, which is that of the lines given. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.box_font import DESCENT, SignCodes, width_of
from ingest.page_frame import PageFrame
from ingest.values import Box, Line, PageText

FONT_NAME = "/GuidangText"

_TOLERANCE = 0.2  # of the line's height: so far may a sign stand from where its word's box puts it
_SLIT = 0.03  # of the line's height, between signs that follow each other: what is looked for in a word's box must not touch the next
_LEAST_STRETCH, _MOST_STRETCH = 0.34, 40.0
"""Under a third, poppler takes two like signs for one printed twice: `dupMaxPriDelta`, a tenth of the size."""
_LEAST_HEIGHT_PX = 4.0


@dataclass(frozen=True, slots=True)
class _Sign:
    """One sign of a line and where it begins and ends, in pixels; a blank takes the gap."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class _Run:
    """Signs shown by one string, from `left` (px) on; `stretch` multiplies the font's own widths at the line's height."""

    text: str
    left: float
    stretch: float


def invisible_text(page: PageText, frame: PageFrame, codes: SignCodes) -> bytes:
    """Return the content that lays the page's lines on the page displayed by `frame`; empty where there are none.

    `frame` is the page's with all turns, so that its displayed size is that of the frame of the boxes, whatever their dpi.
    Leaves the graphics state as it found it.
    """
    width_pt, height_pt = frame.displayed_pt
    scale_x, scale_y = width_pt / page.width_px, height_pt / page.height_px
    lines = [_line(line, scale_x, scale_y, height_pt, codes) for line in page.lines if line.text.strip()]
    if not lines:
        return b""
    matrix = " ".join(_number(value) for value in frame.from_display).encode("ascii")
    return b"q %s cm 3 Tr\n%sQ\n" % (matrix, b"".join(lines))


def _line(line: Line, scale_x: float, scale_y: float, height_pt: float, codes: SignCodes) -> bytes:
    """Return one text object: the size, where it begins, then each run with its stretch and its string."""
    band = _band(line)
    size_pt = band.height * scale_y
    baseline_pt = height_pt - band.bottom * scale_y + DESCENT * size_pt
    runs = list(_runs(_signs(line), band.height))
    first = runs[0].left * scale_x
    parts = [f"BT{FONT_NAME} {_number(size_pt)} Tf {_number(first)} {_number(baseline_pt)} Td".encode("ascii")]
    at_pt = round(first, 2)
    for run in runs:
        step = round(run.left * scale_x - at_pt, 2)
        if step:
            parts.append(f" {_number(step)} 0 Td".encode("ascii"))
            at_pt += step
        stretch = run.stretch * scale_x / scale_y * 100
        parts.append(f" {_number(stretch, 1)} Tz".encode("ascii") + codes.encoded(run.text) + b"Tj")
    return b"".join([*parts, b" ET\n"])


def _number(value: float, digits: int = 2) -> str:
    """Return the shortest notation with at most so many digits behind the point: a hundredth of a point is 0.004 mm."""
    shown = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown


def _band(line: Line) -> Box:
    """Return where the line lies, as high as its words usually are: one tall word must not make the text of the line tall.

    Where the usual height would leave a word out, and where there is no usual height, the line's own box serves. A line whose
    signs would have to be squeezed too thin (words that stand on end) is laid as low as its width asks for.
    """
    box = line.box
    words = [word.box for word in line.words if word.box.height >= _LEAST_HEIGHT_PX]
    if words:
        usual = Box(box.left, median(b.top for b in words), box.right, median(b.bottom for b in words))
        if usual.height >= _LEAST_HEIGHT_PX and all(_touches(usual, word) for word in words):
            box = usual
    widths = sum(width_of(sign) for sign in line.text)
    highest = max(_LEAST_HEIGHT_PX, box.width / widths / _LEAST_STRETCH)
    height = min(max(box.height, _LEAST_HEIGHT_PX), highest)
    middle = (box.top + box.bottom) / 2
    return Box(box.left, middle - height / 2, box.right, middle + height / 2)


def _touches(band: Box, word: Box) -> bool:
    """Return whether a good part of the word's height lies in the band."""
    return min(band.bottom, word.bottom) - max(band.top, word.top) >= 0.4 * word.height


def _signs(line: Line) -> list[_Sign]:
    """Return the signs of the line's text with the places their words give them; evenly along the line where the two disagree.

    A sign that is followed by another without a blank reaches (nearly) to it, and a blank fills its gap.
    """
    slit = _SLIT * line.box.height
    places = [place for word in line.words for place in _spread(word.text, word.box)]
    shown = [sign for sign in line.text if not sign.isspace()]
    if shown != [place.text for place in places]:
        places = _spread("".join(shown), line.box)
    signs: list[_Sign] = []
    following = iter(places)
    for sign in line.text.strip():
        if not sign.isspace():
            signs.append(next(following))
        elif signs[-1].text != " ":
            signs.append(_Sign(" ", signs[-1].right, signs[-1].right))
    reaching = (
        sign if after.text == " " else replace(sign, right=max(after.left - slit, sign.left))
        for sign, after in pairwise(signs)
    )
    return [*reaching, signs[-1]]


def _spread(text: str, box: Box) -> list[_Sign]:
    """Return the signs of a word spread over its box by their usual widths, blanks left out but given their room."""
    unit = box.width / sum(width_of(sign) for sign in text)
    signs: list[_Sign] = []
    at = box.left
    for sign in text:
        width = width_of(sign) * unit
        if not sign.isspace():
            signs.append(_Sign(sign, at, at + width))
        at += width
    return signs


def _runs(signs: Sequence[_Sign], height: float) -> Iterator[_Run]:
    """Yield the signs in as few runs as keep every sign near its place, in order; a blank stays with the run before it."""
    start = 0
    while start < len(signs):
        end, stretch = _longest(signs, start, height)
        if end < len(signs) and signs[end].text == " ":
            end += 1
        text = "".join(sign.text for sign in signs[start:end])
        yield _Run(text, signs[start].left, min(max(stretch, _LEAST_STRETCH), _MOST_STRETCH))
        start = end


def _longest(signs: Sequence[_Sign], start: int, height: float) -> tuple[int, float]:
    """Return where the longest run from `start` ends and its stretch: it ends exactly where its last sign does.

    Each sign between leaves only some stretches possible; once none is left, no longer run can be.
    """
    origin = signs[start].left
    slack = _TOLERANCE * height
    least, most = 0.0, math.inf
    best: tuple[int, float] | None = None
    ems = 0.0
    for index in range(start, len(signs)):
        sign = signs[index]
        if sign.text != " " and ems:
            offset = sign.left - origin
            least, most = max(least, (offset - slack) / ems), min(most, (offset + slack) / ems)
        if least > most:
            break
        ems += width_of(sign.text) * height
        stretch = (sign.right - origin) / ems
        if sign.text != " " and (best is None or least <= stretch <= most):
            best = index + 1, stretch
    return best or (start + 1, 1.0)
