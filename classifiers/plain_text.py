"""Pages as bare text, and a record from such text, for kept texts whose pages are no longer at hand: each line a row of the page.

Cells are kept apart by tabs, so that the text still says what stands beside and below what (`label_lessons`). Not for evidence:
boxes are made up, so that whatever asks for rows and cells finds them. What is lost is the size of the print, and the places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from classifiers.layout import rows_of
from classifiers.values import RecordText
from ingest.normalise import folded
from ingest.values import Box, Line, PageText, TextSource, Word

_SIGN_PX, _LINE_PX, _HEIGHT_PX = 20.0, 60.0, 40.0
_CELL_PX = 2.5 * _HEIGHT_PX
_CELLS = re.compile(r"\t|\s{2,}")


def text_with_cells(pages: Iterable[PageText]) -> str:
    """Return the rows of the pages, one a line, a tab where the space between two words may be a cell's edge."""
    return "\n".join(row.text for page in pages for row in rows_of(page, page.page_number))


def record_of_text(text: str) -> RecordText:
    """Return a record of one page with these lines; two blanks or a tab end a cell."""
    lines = [_line(line, index * _LINE_PX) for index, line in enumerate(filter(folded, text.splitlines()), 1)]
    page = PageText(
        page_number=1,
        width_px=2480,
        height_px=max(3508, round((len(lines) + 2) * _LINE_PX)),
        dpi=300.0,
        rotation_cw=0,
        skew_degrees=0.0,
        is_blank=not lines,
        source=TextSource.OWN if lines else TextSource.NONE,
        lines=tuple(lines),
        barcodes=(),
    )
    return RecordText((page,))


def _line(text: str, top: float) -> Line:
    words: list[Word] = []
    left = 100.0
    for cell in _CELLS.split(text.strip()):
        for piece in folded(cell).split():
            right = left + sum(_SIGN_PX * (2 if ord(sign) > 0x2E7F else 1) for sign in piece)
            words.append(Word(piece, Box(left, top, right, top + _HEIGHT_PX), 1.0))
            left = right + 0.3 * _HEIGHT_PX
        left += _CELL_PX
    return Line(folded(text), tuple(words), Box.around([word.box for word in words]))
