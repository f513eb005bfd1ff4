"""How high the words of a printed line are laid: usually all alike, so that one tall sign does not make the text of the line tall.

A row of a form may hold a title and, beside it, a line of small print: words that do not fit the row's usual height get a height of their
own, together with neighbours like them. Otherwise their signs would be pressed until readers of the PDF drop some as printed twice.
Pure geometry, in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median_low

from ingest.box_font import DESCENT, width_of
from ingest.values import Box, Line, Word

THINNEST = 0.34
"""Of their usual width: thinner signs are laid lower instead. Under a third, poppler takes two like signs for one printed twice
(`dupMaxPriDelta`, a tenth of the size)."""

_LEAST_HEIGHT_PX = 4.0
_TOUCHES = 0.15  # of the lower of the two
_USUAL = (0.4, 2.5)  # times the usual height


@dataclass(frozen=True, slots=True)
class Band:
    """From where to where words are laid, in pixels from the top."""

    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def bands_of(line: Line) -> tuple[Band, ...]:
    """Return the band of each word of the line, in their order."""
    usual = _usual(line.words, line.box)
    bands: list[Band] = []
    for fits, group in groupby(line.words, key=lambda word: _fits(word, usual)):
        words = list(group)
        band = usual if fits else _aligned(_usual(words, Box.around([word.box for word in words])), words, usual)
        bands += [_wide_enough(band, words)] * len(words)
    return tuple(bands)


def _usual(words: Sequence[Word], box: Box) -> Band:
    """Return the median band of the words, each counted as often as it has signs; that of the box where they are all flat."""
    boxes = [word.box for word in words for _ in word.text if word.box.height >= _LEAST_HEIGHT_PX]
    if not boxes:
        middle = (box.top + box.bottom) / 2
        height = max(box.height, _LEAST_HEIGHT_PX)
        return Band(middle - height / 2, middle + height / 2)
    top, bottom = median_low(b.top for b in boxes), median_low(b.bottom for b in boxes)
    return Band(top, max(bottom, top + _LEAST_HEIGHT_PX))


def _fits(word: Word, usual: Band) -> bool:
    """Return whether the word stands in the usual band and is of its size; by its size, a single sign (a comma, 一) says nothing."""
    if word.box.height < 1.0:
        return True
    return _touches(word, usual) and (len(word.text) == 1 or _USUAL[0] <= word.box.height / usual.height <= _USUAL[1])


def _aligned(band: Band, words: Sequence[Word], usual: Band) -> Band:
    """Return the band on the usual baseline where that still touches every word: readers of the PDF then see one line."""
    baseline = usual.bottom - DESCENT * usual.height
    aligned = Band(baseline - (1 - DESCENT) * band.height, baseline + DESCENT * band.height)
    return aligned if all(_touches(word, aligned) for word in words) else band


def _touches(word: Word, band: Band) -> bool:
    common = min(word.box.bottom, band.bottom) - max(word.box.top, band.top)
    return common >= _TOUCHES * min(max(word.box.height, 1.0), band.height)


def _wide_enough(band: Band, words: Sequence[Word]) -> Band:
    """Return the band, lower where the words would have to be pressed too thin in it."""
    signs = sum(width_of(sign) for word in words for sign in word.text)
    highest = max(_LEAST_HEIGHT_PX, sum(max(word.box.width, 0.0) for word in words) / signs / THINNEST)
    if band.height <= highest:
        return band
    middle = (band.top + band.bottom) / 2
    return Band(middle - highest / 2, middle + highest / 2)
