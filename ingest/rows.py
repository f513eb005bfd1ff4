"""Puts the words of a recogniser into printed rows: what stands side by side on the page is one line.

Forms are read row by row (label, value, label, value), whatever blocks the recogniser saw. Not for columns of prose:
a newspaper's columns come out row by row, too, which does no harm to what is no archive document. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ingest.normalise import folded, is_han
from ingest.values import Box, Line, Word

_SAME_ROW_OVERLAP = 0.5  # of the lower of the two heights
_SIDE_BY_SIDE_OVERLAP = 0.3  # of the narrower of the two: more, and one stands below the other
_BLANK_WIDTH = 0.22  # of the height of the line: a narrower gap is no blank
_CLOSING = set("，。、；：！？）》】」”’,.;:!?)]}%℃")
_OPENING = set("（《【「“‘([{")


def in_rows(pieces: Iterable[Sequence[Word]]) -> tuple[Line, ...]:
    """Return the lines in reading order; each piece is what the recogniser took for one line, in any order."""
    rows: list[_Row] = []
    for piece in sorted((tuple(p) for p in pieces if p), key=_middle):
        home = next((row for row in reversed(rows[-12:]) if row.takes(piece)), None)
        if home is None:
            rows.append(_Row(piece))
        else:
            home.add(piece)
    rows.sort(key=lambda row: row.middle)
    lines = (line_of(row.words()) for row in rows)
    return tuple(line for line in lines if line.text)


def line_of(words: Sequence[Word]) -> Line:
    """Return the words, from left to right, as one line; raises ValueError where there are none."""
    ordered = tuple(sorted(words, key=lambda word: word.box.left))
    return Line(joined(ordered), ordered, Box.around([word.box for word in ordered]))


def joined(words: Sequence[Word]) -> str:
    """Return the text of words that stand from left to right: blanks only where a gap shows one, none between Han signs."""
    if not words:
        return ""
    height = median(word.box.height for word in words)
    parts = [words[0].text]
    for before, after in pairwise(words):
        if _blank_between(before, after, height):
            parts.append(" ")
        parts.append(after.text)
    return folded("".join(parts))


def _blank_between(before: Word, after: Word, height: float) -> bool:
    gap = after.box.left - before.box.right
    last, first = before.text[-1], after.text[0]
    if gap >= height:
        return True
    if is_han(last) or is_han(first) or first in _CLOSING or last in _OPENING:
        return False
    both_letters = last.isalpha() and first.isalpha()
    return gap > (_BLANK_WIDTH / 2 if both_letters else _BLANK_WIDTH) * height


def _middle(piece: Sequence[Word]) -> float:
    box = Box.around([word.box for word in piece])
    return (box.top + box.bottom) / 2


class _Row:
    """A row that grows: pieces whose middle height is shared and that stand beside each other."""

    def __init__(self, piece: Sequence[Word]) -> None:
        self._pieces = [tuple(piece)]
        self._boxes = [Box.around([word.box for word in piece])]

    @property
    def middle(self) -> float:
        return median((box.top + box.bottom) / 2 for box in self._boxes)

    def takes(self, piece: Sequence[Word]) -> bool:
        box = Box.around([word.box for word in piece])
        return any(_shares_height(box, other) for other in self._boxes) and not any(
            _stands_below(box, other) for other in self._boxes
        )

    def add(self, piece: Sequence[Word]) -> None:
        self._pieces.append(tuple(piece))
        self._boxes.append(Box.around([word.box for word in piece]))

    def words(self) -> list[Word]:
        return [word for piece in self._pieces for word in piece]


def _shares_height(one: Box, other: Box) -> bool:
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common >= _SAME_ROW_OVERLAP * min(one.height, other.height) and common > 0


def _stands_below(one: Box, other: Box) -> bool:
    common = min(one.right, other.right) - max(one.left, other.left)
    return common > _SIDE_BY_SIDE_OVERLAP * min(one.width, other.width)
