"""Reads one decoded page: codes, blank or not, which way up, prepared, recognised, mapped back to the page as displayed.

Runs inside a limited child. Not for opening files (`pages`) nor for several pages at once (`reader`).
"""

from __future__ import annotations

import numpy as np

from ingest.decoded import DecodedPage
from ingest.interfaces import IRecogniser
from ingest.prepare import Gray, Prepared, in_frame, prepared, upright_frame
from ingest.rows import in_rows
from ingest.sheets import barcodes_of
from ingest.values import Box, Line, PageText, ReadingOptions, TextSource, Word


def read_page(decoded: DecodedPage, recogniser: IRecogniser, options: ReadingOptions) -> PageText:
    """Return the page as read; boxes in the displayed upright frame."""
    frame, dpi = upright_frame(decoded, 0)
    codes = barcodes_of(frame)
    if decoded.own_lines is not None:
        return _page(decoded, frame, dpi, 0, 0.0, decoded.own_lines, TextSource.OWN, codes)
    ready = prepared(frame, dpi, is_bilevel=decoded.pixels.mode == "1")
    lines = in_frame_lines(recogniser.recognise(ready.image(), dpi, options.languages), ready)
    return _page(decoded, frame, dpi, 0, ready.skew_degrees, lines, TextSource.RECOGNISED, codes)


def _page(decoded, frame, dpi, rotation, skew, lines, source, codes):
    height, width = frame.shape
    return PageText(
        decoded.page_number, width, height, dpi, rotation, skew, source is TextSource.NONE, source, lines, codes
    )


def in_frame_lines(lines: tuple[Line, ...], ready: Prepared) -> tuple[Line, ...]:
    """Return the lines with their boxes laid horizontally in the displayed frame."""
    return tuple(_placed(line, ready) for line in lines)


def _placed(line: Line, ready: Prepared) -> Line:
    """Lay the words of a line horizontally, centred on the line's tilted place."""
    box = in_frame(line.box, ready.to_frame)
    stretch = box.width / line.box.width if line.box.width else 1.0
    words = tuple(
        Word(
            word.text,
            Box(
                box.left + (word.box.left - line.box.left) * stretch,
                box.top + (word.box.top - line.box.top),
                box.left + (word.box.right - line.box.left) * stretch,
                box.top + (word.box.bottom - line.box.top),
            ),
            word.confidence,
        )
        for word in line.words
    )
    return Line(line.text, words, box)
