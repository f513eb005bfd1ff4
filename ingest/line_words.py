"""Cuts a line that was read into words with tight boxes: a label and its value, Han signs and digits, each doubtful digit for itself.

Evidence of a fact is the boxes of its words, and how sure it is their confidences; so a word holds only what belongs together and is about
equally sure. Not for rows (`rows`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ingest.grays import Gray
from ingest.line_signs import LINE_HEIGHT_PX, Sign
from ingest.normalise import folded, is_han
from ingest.text_boxes import TextBox
from ingest.values import Box, Word

_GAP = 0.6  # of the line's height: a wider space between two signs parts words
_SURE = 0.8
_MOST_HAN = 4  # in one word, so that a name in a sentence has a box of its own size
_PRINTED = 0.8  # of the box's height: the model's boxes are that much higher than what is printed
_LIGHTEST = 0.95  # of the pixels are not lighter
_INK = 0.5  # from the darkest to the lightest of the line
_OPENING = set("(《【[")
_PARTING = set(":;、。!?)》】]|")


def words_of(line: Gray, box: TextBox, signs: Sequence[Sign]) -> tuple[Word, ...]:
    """Return the words from left to right, boxes in pixels of the page, horizontal and centred where each stands; () for no signs."""
    if not signs:
        return ()
    edges = _edges(line, signs)
    words: list[Word] = []
    for start, end in _runs(signs, edges):
        text = folded("".join(sign.text for sign in signs[start:end]))
        if text:
            left, right = edges[start][0], edges[end - 1][1]
            words.append(Word(text, _placed(box, left, right), _confidence(signs[start:end])))
    return tuple(words)


def whole_word(box: TextBox, signs: Sequence[Sign]) -> Word:
    """Return the signs, at least one, as one word in all of the box: for signs that stand below one another."""
    half_width, half_height = box.width / 2, box.height / 2
    place = Box(
        box.middle_x - half_width, box.middle_y - half_height, box.middle_x + half_width, box.middle_y + half_height
    )
    return Word(folded("".join(sign.text for sign in signs)), place, _confidence(signs))


def _confidence(signs: Sequence[Sign]) -> float:
    """Return how sure the least sure digit is; without digits, how sure the letters are on the average."""
    digits = [sign.confidence for sign in signs if sign.text.isdigit()]
    if digits:
        return min(digits)
    letters = [sign.confidence for sign in signs if sign.text.isalnum()] or [sign.confidence for sign in signs]
    return sum(letters) / len(letters)


def _runs(signs: Sequence[Sign], edges: Sequence[tuple[float, float]]) -> Iterator[tuple[int, int]]:
    """Yield the words' first sign and the one after their last, blanks left out."""
    start = 0
    for index in range(1, len(signs) + 1):
        if index == len(signs) or _parts(signs, edges, start, index):
            if any(sign.text != " " for sign in signs[start:index]):
                yield start + (signs[start].text == " "), index
            start = index


def _parts(signs: Sequence[Sign], edges: Sequence[tuple[float, float]], start: int, index: int) -> bool:
    """Return whether a word that begins at `start` ends before `index`."""
    before, after = signs[index - 1], signs[index]
    if before.text == " " or after.text == " ":
        return True
    if edges[index][0] - edges[index - 1][1] > _GAP * LINE_HEIGHT_PX:
        return True
    if before.text in _PARTING or after.text in _OPENING:
        return True
    before_han, after_han = is_han(before.text[-1]), is_han(after.text[0])
    if before_han and after_han:
        return index - start >= _MOST_HAN or (before.confidence < _SURE) != (after.confidence < _SURE)
    if before_han != after_han:
        return before.text.isalnum() and after.text.isalnum()
    if before.text.isdigit() or after.text.isdigit():
        return (before.confidence < _SURE) or (after.confidence < _SURE)
    return False


def _edges(line: Gray, signs: Sequence[Sign]) -> list[tuple[float, float]]:
    """Return where each sign's ink begins and ends, in pixels of the line.

    Between two signs the border is where least ink stands between their middles; a sign without ink of its own keeps its steps.
    """
    width = line.shape[1]
    ink = _ink(line)
    middles = [(sign.left + sign.right) / 2 * width for sign in signs]
    borders = [0, *(_border(ink, one, other) for one, other in pairwise(middles)), width]
    edges: list[tuple[float, float]] = []
    for sign, (first, last) in zip(signs, pairwise(borders), strict=True):
        begin = next((x for x in range(first, last) if ink[x]), None)
        if sign.text == " " or begin is None:
            edges.append((sign.left * width, sign.right * width))
        else:
            end = next(x for x in range(last, begin, -1) if ink[x - 1])
            edges.append((float(begin), float(end)))
    return edges


def _ink(line: Gray) -> list[int]:
    """Return how much ink stands in each column, without the rules above and below the line."""
    margin = LINE_HEIGHT_PX // 6
    middle = line[margin:-margin]
    counts = np.cumsum(np.bincount(middle.ravel(), minlength=256))
    lightest = int(np.searchsorted(counts, _LIGHTEST * counts[-1]))
    level = (1 - _INK) * float(middle.min()) + _INK * lightest
    return [int(count) for count in np.count_nonzero(middle < level, axis=0)]


def _border(ink: Sequence[int], one: float, other: float) -> int:
    """Return the middle of the widest stretch with the least ink between two places, of the first where several are as wide."""
    first, last = int(one), max(math.ceil(other), int(one) + 1)
    between = ink[first:last]
    least = min(between)
    widest, at, begin = 0, first, 0
    for index, amount in enumerate((*between, least + 1)):
        if amount == least:
            continue
        if index - begin > widest:
            widest = index - begin
            at = first + begin + widest // 2
        begin = index + 1
    return at


def _placed(box: TextBox, left: float, right: float) -> Box:
    """Return the part of the line's box between two places of the cut-out line."""
    scale = max(box.height, 1.0) / LINE_HEIGHT_PX
    along = (left + right) / 2 * scale - box.width / 2
    middle_x = box.middle_x + along * math.cos(math.radians(box.degrees))
    middle_y = box.middle_y + along * math.sin(math.radians(box.degrees))
    half_width, half_height = (right - left) / 2 * scale, box.height * _PRINTED / 2
    return Box(middle_x - half_width, middle_y - half_height, middle_x + half_width, middle_y + half_height)
