"""Builds the RecordText of a form from plain strings: each line a printed line, two blanks or a tab a cell's edge."""

from __future__ import annotations

import re
from dataclasses import replace

from classifiers.values import RecordText
from ingest.normalise import folded
from ingest.values import Box, Line, PageText, TextSource, Word

SIGN_PX = 20.0
LINE_PX = 60.0
HEIGHT_PX = 40.0


def word_width(text: str) -> float:
    """Return the width of a printed word: a Han sign is twice as wide as a letter."""
    return sum(2 * SIGN_PX if ord(sign) > 0x2E7F else SIGN_PX for sign in text)


def line_of(text: str, top: float, left: float = 200.0, height: float = HEIGHT_PX, confidence: float = 0.95) -> Line:
    """Return a line whose words are split at blanks; cells stand 100 pixels apart."""
    words: list[Word] = []
    at = left
    scale = height / HEIGHT_PX
    for cell in re.split(r"\t|\s{2,}", text.strip()):
        for piece in folded(cell).split(" "):
            if not piece:
                continue
            width = word_width(piece) * scale
            words.append(Word(piece, Box(at, top, at + width, top + height), confidence))
            at += width + 0.3 * height
        at += 2.5 * height
    return Line(folded(text), tuple(words), Box.around([word.box for word in words]))


def page_of(text: str, title_height: float = HEIGHT_PX, confidence: float = 0.95, title_line: int = 1) -> PageText:
    """Return a page of these lines; the line with index `title_line` may be printed larger."""
    lines: list[Line] = []
    for index, content in enumerate(line for line in text.splitlines() if folded(line)):
        height = title_height if index == title_line else HEIGHT_PX
        lines.append(line_of(content, 100.0 + LINE_PX * index, height=height, confidence=confidence))
    return PageText(
        page_number=1,
        width_px=2480,
        height_px=3508,
        dpi=300.0,
        rotation_cw=0,
        skew_degrees=0.0,
        is_blank=not lines,
        source=TextSource.RECOGNISED if lines else TextSource.NONE,
        lines=tuple(lines),
        barcodes=(),
    )


def record_of(*pages: str, title_height: float = HEIGHT_PX, confidence: float = 0.95) -> RecordText:
    """Return a record of these pages."""
    return RecordText(tuple(page_of(page, title_height, confidence) for page in pages))


def placed(*cells: tuple[str, float, float], height: float = HEIGHT_PX, confidence: float = 0.95) -> RecordText:
    """Return a record of one page with each text at its left and at the middle of its height, in pixels."""
    lines = [line_of(text, middle - height / 2, left, height, confidence) for text, left, middle in cells]
    page = page_of("")
    return RecordText((replace(page, is_blank=False, source=TextSource.RECOGNISED, lines=tuple(lines)),))
